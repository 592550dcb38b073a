import { DataError, type Progress, type RandomStream, type Steps, shuffle } from '@maru-ml/base';
import { rowProduct } from '@maru-ml/kernels/kernel-functions';
import { isSparse, type Matrix, type SparseRows } from '@maru-ml/tensor';

/** The problem that both linear machines are: see `descend`. */
export interface LinearProblem {
  rows: Matrix | SparseRows;
  /** What stands in a column more, for the intercept; 0 for none. */
  constant: number;
  /** p [n]. */
  linear: Float64Array;
  /** l and u [n]: l ≤ 0 ≤ u; both 0 for rows that do not count. */
  lower: Float64Array;
  upper: Float64Array;
  /** D [n]. */
  ridge: Float64Array;
  /** ε of the term ε Σ |βᵢ|. */
  epsilon: number;
}

export interface DescentSettings {
  /** Whose errors these are. */
  owner: string;
  tol: number;
  maxIter: number;
  random: RandomStream;
  /** What is told of a pass over the rows. */
  tell: (violation: number) => Progress;
}

export interface LinearSolution {
  /** [d], without the constant's. */
  coef: Float64Array;
  intercept: number;
  nIter: number;
  converged: boolean;
  /** Whether it ended because it was told to. */
  stopped: boolean;
}

/** Multiplications between two pauses: some milliseconds' worth. */
const PAUSE = 2 ** 20;

/**
 * Minimizes, by dual coordinate descent,
 *
 *   ½ ‖Σᵢ βᵢ xᵢ‖² + ½ Σ Dᵢ βᵢ² + pᵀβ + ε Σ |βᵢ|   subject to   lᵢ ≤ βᵢ ≤ uᵢ,
 *
 * and keeps w = Σ βᵢ xᵢ at hand, so that the exact minimum over one coordinate costs O(d). A pass takes the rows in random order;
 * those at a bound that pull away from all others stay out of it until the rest has converged. It ends when no coordinate's
 * derivative violates the optimality conditions by more than `tol`.
 *
 * C.-J. Hsieh, K.-W. Chang, C.-J. Lin, S. Keerthi and S. Sundararajan, "A dual coordinate descent method for large-scale linear
 * SVM", ICML (2008).
 * C.-H. Ho and C.-J. Lin, "Large-scale linear support vector regression", JMLR 13 (2012).
 */
export function* descend(problem: LinearProblem, settings: DescentSettings): Steps<LinearSolution> {
  const { linear, lower, upper, ridge, epsilon, constant } = problem;
  const { owner, tol, maxIter, random, tell } = settings;
  const rows = rowsOf(problem);
  const { d } = rows;
  const n = linear.length;
  const beta = new Float64Array(n);
  const w = new Float64Array(d + 1);
  const squares = new Float64Array(n);
  const counts = (i: number) => upper[i]! > lower[i]!;
  const most = Math.max(1, Math.floor(PAUSE / d));
  for (let i = 0; i < n; i++) {
    squares[i] = rows.square(i) + constant * constant + ridge[i]!;
    if (counts(i) && squares[i]! - squares[i]! !== 0) {
      throw new DataError(`${owner}: ‖x[${i}]‖² overflows; scale the columns of x first (see StandardScaler)`);
    }
    if (i % most === 0) yield;
  }

  const all = Int32Array.from(linear, (_, i) => i).filter(counts);
  let order = all;
  let threshold = Number.POSITIVE_INFINITY;
  let [nIter, converged, stopped] = [0, false, false];
  while (!converged && !stopped && nIter < maxIter) {
    if (order === all) order = all.slice();
    shuffle(random, order);
    let [violation, kept, work] = [0, 0, 0];
    for (let at = 0; at < order.length; at++) {
      const i = order[at]!;
      const old = beta[i]!;
      const slope = rows.dot(i, w) + constant * w[d]! + ridge[i]! * old + linear[i]!;
      // How fast the objective falls as βᵢ goes up, and as it goes down.
      const rise = old >= upper[i]! ? Number.NEGATIVE_INFINITY : -(slope + (old >= 0 ? epsilon : -epsilon));
      const fall = old <= lower[i]! ? Number.NEGATIVE_INFINITY : slope + (old > 0 ? epsilon : -epsilon);
      const fastest = Math.max(rise, fall);
      if (fastest < -threshold) continue;
      order[kept++] = i;
      if (fastest > violation) violation = fastest;
      if (!(fastest > 0)) continue;
      const curvature = squares[i]! > 0 ? squares[i]! : Number.MIN_VALUE;
      const middle = old - slope / curvature;
      // Finite, so that a row of zeros, whose middle is infinite, goes on to its bound.
      const margin = Math.min(epsilon / curvature, Number.MAX_VALUE);
      const shrunk = middle > margin ? middle - margin : middle < -margin ? middle + margin : 0;
      const next = Math.min(Math.max(shrunk, lower[i]!), upper[i]!);
      const change = next - old;
      if (change === 0) continue;
      beta[i] = next;
      rows.add(i, change, w);
      w[d]! += constant * change;
      work += d;
      if (work > PAUSE) {
        work = 0;
        yield;
      }
    }
    const isWhole = order.length === all.length;
    order = order.subarray(0, kept);
    nIter++;
    stopped = (yield tell(violation)) === false;
    if (violation <= tol) {
      // What was left out has the last word.
      converged = (isWhole && kept === all.length) || (yield* violationOfAll()) <= tol;
      order = all;
      threshold = Number.POSITIVE_INFINITY;
    } else threshold = violation;
  }
  if (!w.every(Number.isFinite)) {
    throw new DataError(`${owner}: the coefficients overflow; scale the columns of x first (see StandardScaler)`);
  }
  return { coef: w.slice(0, d), intercept: constant * w[d]!, nIter, converged: converged && !stopped, stopped };

  function* violationOfAll(): Steps<number> {
    let violation = 0;
    for (const [at, i] of all.entries()) {
      if (at % most === 0) yield;
      const b = beta[i]!;
      const slope = rows.dot(i, w) + constant * w[d]! + ridge[i]! * b + linear[i]!;
      if (b < upper[i]!) violation = Math.max(violation, -(slope + (b >= 0 ? epsilon : -epsilon)));
      if (b > lower[i]!) violation = Math.max(violation, slope + (b > 0 ? epsilon : -epsilon));
    }
    return violation;
  }
}

/** Rows x_i, dense or sparse: x_i · w, w += c x_i, and ‖x_i‖². */
interface Vectors {
  d: number;
  dot(i: number, w: Float64Array): number;
  add(i: number, c: number, w: Float64Array): void;
  square(i: number): number;
}

function rowsOf({ rows }: LinearProblem): Vectors {
  return isSparse(rows) ? sparseVectors(rows) : denseVectors(rows);
}

function denseVectors({ data, columns: d }: Matrix): Vectors {
  const x = data instanceof Float64Array ? data : Float64Array.from(data);
  return {
    d,
    dot: (i, w) => rowProduct(w, 0, x, i * d, d),
    add(i, c, w) {
      const at = i * d;
      for (let l = 0; l < d; l++) w[l]! += c * x[at + l]!;
    },
    square: (i) => rowProduct(x, i * d, x, i * d, d),
  };
}

function sparseVectors({ data, indices, indptr, shape }: SparseRows): Vectors {
  return {
    d: shape[1],
    dot(i, w) {
      let sum = 0;
      for (let at = indptr[i]!; at < indptr[i + 1]!; at++) sum += data[at]! * w[indices[at]!]!;
      return sum;
    },
    add(i, c, w) {
      for (let at = indptr[i]!; at < indptr[i + 1]!; at++) w[indices[at]!]! += c * data[at]!;
    },
    square(i) {
      let sum = 0;
      for (let at = indptr[i]!; at < indptr[i + 1]!; at++) sum += data[at]! * data[at]!;
      return sum;
    },
  };
}
