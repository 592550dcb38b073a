import { DataError, type Progress, type Steps } from '@maru-ml/base';
import { exchange, type KernelRows } from './kernel-rows.ts';
import { RowCache } from './row-cache.ts';

/** The problem that all machines with kernels are: see `solve`, which changes the order of its arrays. */
export interface DualProblem {
  /** The rows of K; the solver changes their order. */
  kernel: KernelRows;
  /** p [n]. */
  linear: Float64Array;
  /** l and u [n]: l ≤ 0 ≤ u. */
  lower: Float64Array;
  upper: Float64Array;
  /** ε of the term ε Σ |βᵢ|. */
  epsilon: number;
  /** Where β starts [n], within the bounds; its sum does not change. */
  start: Float64Array;
}

export interface SolverSettings {
  /** Whose errors these are. */
  owner: string;
  /** Stop when the optimality conditions are violated by less. */
  tol: number;
  /** The most iterations; -1 for as many as it takes. */
  maxIter: number;
  /** Whether to leave rows out that are likely to stay at their bounds. */
  shrinking: boolean;
  /** The most megabytes of rows of K that are kept. */
  cacheSize: number;
  /** What is told of an iteration. */
  tell: (violation: number) => Progress;
}

export interface DualSolution {
  /** β [n]. */
  beta: Float64Array;
  /** b, the multiplier of Σ β: the machine's answer is Σ βᵢ k(xᵢ, x) + b. */
  bias: number;
  /** ½ βᵀKβ + pᵀβ + ε Σ |βᵢ|. */
  objective: number;
  /** ‖w‖² = βᵀKβ. */
  squaredNorm: number;
  nIter: number;
  converged: boolean;
  /** Whether it ended because it was told to. */
  stopped: boolean;
}

/** Stands for a curvature that is not positive. */
const TAU = 1e-12;

/**
 * Minimizes, by sequential minimal optimization,
 *
 *   ½ βᵀKβ + pᵀβ + ε Σ |βᵢ|   subject to   Σ βᵢ = Σ startᵢ,   lᵢ ≤ βᵢ ≤ uᵢ.
 *
 * An iteration moves two coordinates, βᵢ up and βⱼ down by as much. i is the one whose move up lowers the objective fastest, j the
 * one with which the two together gain most, judged by second derivatives. It ends when no two violate the optimality conditions
 * by `tol`. Coordinates at a bound that nothing pulls away are left out (shrunk), and looked at again before it ends.
 *
 * That is LIBSVM's method in terms of signed coefficients β = y α. Where ε > 0, the kink of |β| at 0 counts as a bound, so
 * that one coordinate stands for both multipliers α and α* of regression. An iteration costs O(n), and O(n d) for each row of K
 * that is not at hand.
 *
 * J. Platt, "Fast training of support vector machines using sequential minimal optimization", Advances in Kernel Methods (1999).
 * R.-E. Fan, P.-H. Chen and C.-J. Lin, "Working set selection using second order information for training support vector
 * machines", JMLR 6 (2005).
 * C.-C. Chang and C.-J. Lin, "LIBSVM: a library for support vector machines", ACM TIST 2 (2011).
 */
export function* solve(problem: DualProblem, settings: SolverSettings): Steps<DualSolution> {
  const solver = new Solver(problem, settings);
  const n = problem.linear.length;
  const { tol, tell, shrinking } = settings;
  const most = settings.maxIter < 0 ? Math.max(1e7, 100 * n) : settings.maxIter;
  const interval = Math.min(n, 1000);
  let [nIter, untilShrinking] = [0, interval];
  let [converged, stopped] = [false, false];
  yield* solver.gradientFrom(0);
  solver.select();
  for (;;) {
    if (solver.violation < tol) {
      if (!solver.isShrunk) {
        converged = true;
        break;
      }
      yield* solver.unshrink();
      untilShrinking = 1;
      continue;
    }
    if (nIter === most) break;
    if (shrinking && --untilShrinking === 0) {
      untilShrinking = interval;
      yield* solver.shrink();
      if (solver.violation < tol) continue;
    }
    const moved = solver.step();
    nIter++;
    stopped = (yield tell(solver.violation)) === false;
    if (stopped || !moved) break;
  }
  if (solver.isShrunk) yield* solver.unshrink();
  const solution = solver.solution();
  if (!Number.isFinite(solution.objective) || !Number.isFinite(solution.bias)) {
    throw new DataError(
      `${settings.owner}: the dual objective overflows; scale the numbers first (see StandardScaler)`,
    );
  }
  return { ...solution, nIter, converged, stopped };
}

/** The state of the iteration. The first `active` of all coordinates are in play; arrays are in that order. */
class Solver {
  /** max and max of how fast the objective falls as a coordinate goes up, and as one goes down, summed up: 0 at the optimum. */
  violation = 0;
  readonly #n: number;
  #active: number;
  #hasUnshrunk = false;
  readonly #kernel: KernelRows;
  readonly #cache: RowCache;
  readonly #tol: number;
  readonly #epsilon: number;
  /** The place that each coordinate had at first [n]. */
  readonly #order: Int32Array;
  readonly #beta: Float64Array;
  /** F = Kβ + p [n]. */
  readonly #gradient: Float64Array;
  readonly #linear: Float64Array;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #diagonal: Float64Array;
  /**
   * What ε |β| adds to F as β goes up [n], ∞ where it cannot; and as it goes down, -∞ where it cannot. So -(F + #up) is how fast
   * the objective falls upward, and F + #down how fast it does downward.
   */
  readonly #up: Float64Array;
  readonly #down: Float64Array;
  /** All of the above, whose elements change places together. */
  readonly #arrays: readonly (Float64Array | Int32Array)[];
  /** The coordinate that falls fastest upward, how fast, and how fast the best falls downward. */
  #first = 0;
  #fastestUp = 0;
  #fastestDown = 0;

  constructor({ kernel, linear, lower, upper, epsilon, start }: DualProblem, { tol, cacheSize }: SolverSettings) {
    const n = linear.length;
    this.#n = n;
    this.#active = n;
    this.#kernel = kernel;
    this.#cache = new RowCache(kernel, cacheSize * 2 ** 20);
    this.#tol = tol;
    this.#epsilon = epsilon;
    this.#order = Int32Array.from({ length: n }, (_, i) => i);
    this.#beta = start;
    this.#linear = linear;
    this.#lower = lower;
    this.#upper = upper;
    this.#diagonal = kernel.diagonal;
    this.#gradient = new Float64Array(n);
    this.#up = new Float64Array(n);
    this.#down = new Float64Array(n);
    this.#arrays = [this.#order, start, this.#gradient, linear, lower, upper, this.#diagonal, this.#up, this.#down];
    for (let i = 0; i < n; i++) this.#setSlopes(i);
  }

  get isShrunk(): boolean {
    return this.#active < this.#n;
  }

  /** F from the definition, for the coordinates from `from` on. */
  *gradientFrom(from: number): Steps<void> {
    const n = this.#n;
    const gradient = this.#gradient;
    for (let k = from; k < n; k++) gradient[k] = this.#linear[k]!;
    for (let j = 0; j < n; j++) {
      const b = this.#beta[j]!;
      if (b === 0) continue;
      const row = this.#cache.row(j, n);
      for (let k = from; k < n; k++) gradient[k]! += b * row[k]!;
      yield;
    }
  }

  /** Takes all coordinates into play again. */
  *unshrink(): Steps<void> {
    yield* this.gradientFrom(this.#active);
    this.#active = this.#n;
    this.select();
  }

  /** Finds the coordinate to move up, and how far from optimal all is: a move by nothing. */
  select(): void {
    this.#move(0, this.#diagonal, 0, this.#diagonal);
  }

  /** One iteration; tells whether anything moved. */
  step(): boolean {
    const i = this.#first;
    const rowI = this.#cache.row(i, this.#active);
    const j = this.#second(rowI, i);
    if (j < 0) return false;
    const [beta, epsilon] = [this.#beta, this.#epsilon];
    const slope = this.#fastestUp + this.#gradient[j]! + this.#down[j]!;
    const curvature = this.#diagonal[i]! + this.#diagonal[j]! - 2 * rowI[j]!;
    const [oldI, oldJ] = [beta[i]!, beta[j]!];
    const endI = epsilon > 0 && oldI < 0 ? 0 : this.#upper[i]!;
    const endJ = epsilon > 0 && oldJ > 0 ? 0 : this.#lower[j]!;
    const wanted = slope / (curvature > 0 ? curvature : TAU);
    const length = Math.min(wanted, endI - oldI, oldJ - endJ);
    // Whoever reaches the end lies at it to the last bit.
    beta[i] = length === endI - oldI ? endI : Math.min(oldI + length, endI);
    beta[j] = length === oldJ - endJ ? endJ : Math.max(oldJ - length, endJ);
    this.#setSlopes(i);
    this.#setSlopes(j);
    this.#move(beta[i]! - oldI, rowI, beta[j]! - oldJ, this.#cache.row(j, this.#active));
    return beta[i] !== oldI || beta[j] !== oldJ;
  }

  /** Leaves coordinates out that are at a bound and would be chosen neither to go up nor down. */
  *shrink(): Steps<void> {
    if (!this.#hasUnshrunk && this.violation <= 10 * this.#tol) {
      this.#hasUnshrunk = true;
      yield* this.unshrink();
    }
    const pairs: [number, number][] = [];
    let active = this.#active;
    for (let i = 0; i < active; i++) {
      if (!this.#isIdle(i)) continue;
      active--;
      while (active > i && this.#isIdle(active)) active--;
      if (active > i) pairs.push([i, active]);
    }
    this.#active = active;
    for (const [i, j] of pairs) this.#exchange(i, j);
    yield* this.#cache.swap(pairs);
    this.select();
  }

  solution(): Pick<DualSolution, 'beta' | 'bias' | 'objective' | 'squaredNorm'> {
    const n = this.#n;
    const beta = new Float64Array(n);
    let [objective, squaredNorm] = [0, 0];
    for (let k = 0; k < n; k++) {
      const b = this.#beta[k]!;
      beta[this.#order[k]!] = b;
      if (b === 0) continue;
      const kb = b * (this.#gradient[k]! - this.#linear[k]!);
      squaredNorm += kb;
      objective += kb / 2 + b * this.#linear[k]! + this.#epsilon * Math.abs(b);
    }
    return { beta, bias: this.#bias(), objective, squaredNorm };
  }

  /** The mean of what the free coordinates want it to be; without any, the middle of what all allow. */
  #bias(): number {
    let [sum, free] = [0, 0];
    for (let k = 0; k < this.#n; k++) {
      // The two slopes are equal unless there is a bound or the kink.
      if (this.#up[k] !== this.#down[k]) continue;
      sum -= this.#gradient[k]! + this.#up[k]!;
      free++;
    }
    if (free > 0) return sum / free;
    const [most, least] = [this.#fastestUp, -this.#fastestDown];
    if (most === Number.NEGATIVE_INFINITY) return least;
    return least === Number.POSITIVE_INFINITY ? most : (most + least) / 2;
  }

  /** The coordinate that gains most when it goes down as `first` goes up. */
  #second(row: Float64Array, first: number): number {
    const [gradient, down, diagonal, active] = [this.#gradient, this.#down, this.#diagonal, this.#active];
    const fastest = this.#fastestUp;
    const own = diagonal[first]!;
    let best = Number.NEGATIVE_INFINITY;
    let second = -1;
    for (let k = 0; k < active; k++) {
      const slope = fastest + (gradient[k]! + down[k]!);
      if (!(slope > 0)) continue;
      const curvature = own + diagonal[k]! - 2 * row[k]!;
      const gain = (slope * slope) / (curvature > 0 ? curvature : TAU);
      if (gain > best) {
        best = gain;
        second = k;
      }
    }
    return second;
  }

  /** Brings F up to date after two moves, and selects on the way. */
  #move(a: number, rowI: Float64Array, b: number, rowJ: Float64Array): void {
    const [gradient, up, down, active] = [this.#gradient, this.#up, this.#down, this.#active];
    let first = -1;
    let fastestUp = Number.NEGATIVE_INFINITY;
    let fastestDown = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < active; k++) {
      const f = gradient[k]! + (a * rowI[k]! + b * rowJ[k]!);
      gradient[k] = f;
      const rise = -(f + up[k]!);
      const fall = f + down[k]!;
      if (rise > fastestUp) {
        fastestUp = rise;
        first = k;
      }
      if (fall > fastestDown) fastestDown = fall;
    }
    this.#first = first;
    this.#fastestUp = fastestUp;
    this.#fastestDown = fastestDown;
    this.violation = fastestUp + fastestDown;
  }

  #setSlopes(k: number): void {
    const b = this.#beta[k]!;
    const epsilon = this.#epsilon;
    this.#up[k] = b >= this.#upper[k]! ? Number.POSITIVE_INFINITY : b >= 0 ? epsilon : -epsilon;
    this.#down[k] = b <= this.#lower[k]! ? Number.NEGATIVE_INFINITY : b > 0 ? epsilon : -epsilon;
  }

  #isIdle(k: number): boolean {
    const f = this.#gradient[k]!;
    return -(f + this.#up[k]!) < -this.#fastestDown && f + this.#down[k]! < -this.#fastestUp;
  }

  #exchange(i: number, j: number): void {
    for (const array of this.#arrays) exchange(array, i, j);
    this.#kernel.swap(i, j);
  }
}
