import type { RandomStream, Steps } from '@maru-ml/base';
import { rowsAtOnce } from './centered.ts';
import { l1Norm, squaredNorm } from './norms.ts';

/**
 * The columns of a least squares problem and its residual r = y - X w, as coordinate descent needs them. X and y are centered
 * and weighted already, or stand for such.
 */
export interface Residual {
  /** The number of columns. */
  readonly d: number;
  /** ‖xⱼ‖² [d]. */
  readonly squares: Float64Array;
  /** ‖y‖². */
  readonly ySquare: number;
  /** Operations of `correlation` or `move`, about. */
  readonly cost: number;
  /** Makes it the residual of w anew, so that no rounding adds up. */
  reset(w: Float64Array): void;
  /** xⱼᵀ r. */
  correlation(j: number): number;
  /** Takes `delta` xⱼ off the residual, after `delta` was added to wⱼ. */
  move(j: number, delta: number): void;
  /** Xᵀ r to `out` [d]; returns ‖r‖² and rᵀ y. */
  summary(w: Float64Array, out: Float64Array): Steps<{ square: number; dotY: number }>;
}

export interface Penalty {
  /** λ₁, > 0 unless λ₂ is. */
  l1: number;
  /** λ₂. */
  l2: number;
  /** Whether coefficients must not be negative. */
  positive: boolean;
}

export interface DescentSettings {
  /** Sweeps at most. */
  maxIter: number;
  /** The duality gap at which it stops, as a share of ‖y‖². */
  tol: number;
  /** Draws the coordinate of each move; null goes round. */
  random: RandomStream | null;
}

export interface Descent {
  /** The duality gap at the end: the objective is at most this far from its minimum. */
  gap: number;
  /** Sweeps. */
  nIter: number;
  converged: boolean;
}

/**
 * Minimizes ½ ‖y - X w‖² + λ₁ ‖w‖₁ + ½ λ₂ ‖w‖² over w [d], from the w that is given, by coordinate descent: each move sets a
 * coefficient to its optimum given the others. After a sweep over all columns it stays with those whose coefficient is not 0,
 * until they have settled (active set). The duality gap tells when to stop, and which columns can never come in: those are
 * left out for good (gap safe screening). A move costs what `correlation` and `move` do. It tells of every such round, and
 * pauses after every sweep.
 *
 * J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear models via coordinate descent",
 * Journal of Statistical Software 33 (2010).
 * E. Ndiaye, O. Fercoq, A. Gramfort and J. Salmon, "Gap safe screening rules for sparsity enforcing penalties", JMLR 18 (2017).
 */
export function* coordinateDescent(
  residual: Residual,
  w: Float64Array,
  penalty: Penalty,
  { maxIter, tol, random }: DescentSettings,
): Steps<Descent> {
  const { d, squares, ySquare } = residual;
  const correlations = new Float64Array(d);
  let left = Int32Array.from({ length: d }, (_, j) => j).filter((j) => squares[j]! > 0);
  residual.reset(w);
  let gap = yield* dualityGap(residual, w, penalty, correlations);
  let nIter = 0;
  for (let round = 1; ; round++) {
    if (gap <= tol * ySquare) return { gap, nIter, converged: true };
    if (nIter >= maxIter) return { gap, nIter, converged: false };
    left = screen(residual, w, penalty, correlations, gap, left);
    const first = yield* sweep(residual, w, penalty, left, random);
    nIter++;
    yield;
    const support = left.filter((j) => w[j] !== 0);
    // To settle is to move a hundred times less than the sweep over all did.
    for (let moved = first; moved > 0.01 * first && nIter < maxIter; nIter++) {
      moved = yield* sweep(residual, w, penalty, support, random);
      yield;
    }
    residual.reset(w);
    const before = gap;
    gap = yield* dualityGap(residual, w, penalty, correlations);
    const metrics = { gap, nonzero: support.length };
    const goOn = yield { step: round, total: maxIter, unit: 'round', metrics };
    if (goOn === false) return { gap, nIter, converged: gap <= tol * ySquare };
    // Where nothing moves any more, rounding is all that is left of the gap. Draws may have missed what moves.
    if (random === null && first === 0 && gap >= before) return { gap, nIter, converged: gap <= ROUNDING * ySquare };
  }
}

/** A gap of this share of ‖y‖² may be nothing but rounding. */
const ROUNDING = 1e-14;

/** Moves each of the columns once, and pauses on the way if that is long; returns the largest √(what a move lowers the objective by). */
function* sweep(
  residual: Residual,
  w: Float64Array,
  penalty: Penalty,
  columns: Int32Array,
  random: RandomStream | null,
): Steps<number> {
  const { squares } = residual;
  const { l1, l2, positive } = penalty;
  let largest = 0;
  const most = rowsAtOnce(residual.cost);
  for (let i = 0; i < columns.length; i++) {
    if (i % most === most - 1) yield;
    const j = columns[random === null ? i : random.integer(columns.length)]!;
    const square = squares[j]!;
    const old = w[j]!;
    const wanted = softThreshold(residual.correlation(j) + square * old, l1, positive) / (square + l2);
    if (wanted === old) continue;
    w[j] = wanted;
    residual.move(j, wanted - old);
    const change = Math.abs(wanted - old) * Math.sqrt(square + l2);
    if (change > largest) largest = change;
  }
  return largest;
}

/** The number nearer to 0 by `threshold`, and 0 if it would pass it. */
export function softThreshold(value: number, threshold: number, positive = false): number {
  if (value > threshold) return value - threshold;
  if (value < -threshold && !positive) return value + threshold;
  return 0;
}

/**
 * The objective at w less the dual objective at the residual, scaled into the feasible set; `correlations` becomes Xᵀ r - λ₂ w.
 * Without λ₁ the dual has no such point, and the bound of strong convexity stands for it: ‖gradient‖² / (2 λ₂).
 */
function* dualityGap(residual: Residual, w: Float64Array, penalty: Penalty, correlations: Float64Array): Steps<number> {
  const { l1, l2, positive } = penalty;
  const { square, dotY } = yield* residual.summary(w, correlations);
  let largest = 0;
  let gradient2 = 0;
  for (let j = 0; j < w.length; j++) {
    const value = correlations[j]! - l2 * w[j]!;
    correlations[j] = value;
    gradient2 += value * value;
    const size = positive ? value : Math.abs(value);
    if (size > largest) largest = size;
  }
  if (l1 === 0 && !positive) return gradient2 / (2 * l2);
  const scale = largest > l1 ? l1 / largest : 1;
  return 0.5 * (1 + scale * scale) * (square + l2 * squaredNorm(w)) + l1 * l1Norm(w) - scale * dotY;
}

/** The columns that may have a coefficient at the minimum; that of the others becomes 0. */
function screen(
  residual: Residual,
  w: Float64Array,
  { l1, l2, positive }: Penalty,
  correlations: Float64Array,
  gap: number,
  left: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  if (l1 === 0) return left;
  let largest = l1;
  for (let j = 0; j < w.length; j++) {
    const size = positive ? correlations[j]! : Math.abs(correlations[j]!);
    if (size > largest) largest = size;
  }
  const radius = Math.sqrt(2 * Math.max(gap, 0)) / l1;
  return left.filter((j) => {
    const size = positive ? correlations[j]! : Math.abs(correlations[j]!);
    if (size / largest + radius * Math.sqrt(residual.squares[j]! + l2) >= 1 - 1e-12) return true;
    if (w[j] !== 0) {
      residual.move(j, -w[j]!);
      w[j] = 0;
    }
    return false;
  });
}
