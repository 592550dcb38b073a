import { DataError, type Steps } from '@maru-ml/base';
import { isSparse, type Matrix, type SparseRows } from '@maru-ml/tensor';
import { checkColumn, rowsAtOnce } from './affine.ts';

/** What is known of columns after some rows: [d] each. NaN is left out. */
export interface Moments {
  /** The (weighted) number of values. */
  readonly counts: Float64Array;
  readonly mean: Float64Array;
  /** Σ w (x - mean)² / counts */
  readonly var: Float64Array;
}

/**
 * The mean and variance of each column, in two passes and float64: deviations are taken from the mean of the first pass and
 * corrected by what rounding left in it. Columns without any value get 0, as all variances do that are not wanted. O(n d).
 *
 * T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance", The American Statistician 37 (1983).
 */
export function* columnMoments(
  owner: string,
  x: Matrix | SparseRows,
  weights: Float64Array | null,
  withVariance = true,
): Steps<Moments> {
  const d = isSparse(x) ? x.shape[1] : x.columns;
  const [counts, mean] = [new Float64Array(d), new Float64Array(d)];
  if (!isSparse(x)) yield* inParts(x, (from, to) => addRows(x, from, to, weights, mean));
  // Complete rows need no look at every value; a sum that is not finite tells that they are not complete, or too large.
  const complete = !isSparse(x) && mean.every(Number.isFinite);
  if (complete) counts.fill(weights === null ? x.rows : weights.reduce((sum, weight) => sum + weight, 0));
  else {
    mean.fill(0);
    yield* inParts(x, (from, to) => addValues(x, from, to, weights, counts, mean));
  }
  for (let j = 0; j < d; j++) {
    if (counts[j]! > 0) mean[j]! /= counts[j]!;
    checkColumn(owner, 'mean', mean[j]!, j);
  }
  const [left, variance] = [new Float64Array(d), new Float64Array(d)];
  if (!withVariance) return { counts, mean, var: variance };
  const seen = new Float64Array(d);
  yield* inParts(x, (from, to) =>
    complete
      ? addRowDeviations(x as Matrix, from, to, weights, mean, left, variance)
      : addDeviations(x, from, to, weights, mean, seen, left, variance),
  );
  for (let j = 0; j < d; j++) {
    // What sparse rows do not hold are zeros.
    const zeros = isSparse(x) ? counts[j]! - seen[j]! : 0;
    left[j]! -= zeros * mean[j]!;
    variance[j]! += zeros * mean[j]! * mean[j]!;
    if (counts[j]! > 0) variance[j] = Math.max(0, (variance[j]! - left[j]! ** 2 / counts[j]!) / counts[j]!);
    checkColumn(owner, 'variance', variance[j]!, j);
    if (variance[j]! < TINY && counts[j]! > 0 && (!isSparse(x) || seen[j]! > 0) && differs(x, weights, j))
      throw vanishes(owner, j);
  }
  return { counts, mean, var: variance };
}

/** Below this squares have lost digits, down to all of them. */
const TINY = 2 ** -970;

/** Whether column j has different values in rows that weigh something. */
function differs(x: Matrix | SparseRows, weights: Float64Array | null, j: number): boolean {
  let first = Number.NaN;
  const [n, d] = isSparse(x) ? x.shape : [x.rows, x.columns];
  for (let i = 0; i < n; i++) {
    if (weights !== null && weights[i] === 0) continue;
    let value = 0;
    if (!isSparse(x)) value = x.data[i * d + j]!;
    else for (let at = x.indptr[i]!; at < x.indptr[i + 1]!; at++) if (x.indices[at] === j) value = x.data[at]!;
    if (Number.isNaN(value)) continue;
    if (Number.isNaN(first)) first = value;
    else if (value !== first) return true;
  }
  return false;
}

function vanishes(owner: string, j: number): DataError {
  return new DataError(
    `${owner}: the variance of column ${j} vanishes, since its numbers are so small; multiply the column by a constant first`,
  );
}

/** The moments of the rows of both. */
export function joinMoments(owner: string, a: Moments, b: Moments, withVariance = true): Moments {
  const counts = a.counts.map((count, j) => count + b.counts[j]!);
  const mean = new Float64Array(counts.length);
  const variance = new Float64Array(counts.length);
  for (let j = 0; j < counts.length; j++) {
    if (counts[j] === 0) continue;
    const share = b.counts[j]! / counts[j]!;
    const distance = b.mean[j]! - a.mean[j]!;
    mean[j] = a.mean[j]! + share * distance;
    if (!withVariance) continue;
    variance[j] = (1 - share) * (a.var[j]! + share * distance * distance) + share * b.var[j]!;
    checkColumn(owner, 'variance', variance[j]!, j);
    if (variance[j]! < TINY && distance !== 0 && share > 0 && share < 1) throw vanishes(owner, j);
  }
  return { counts, mean, var: variance };
}

/** Throws a `DataError` that names the first column without a value. */
export function checkCounts(owner: string, counts: Float64Array): void {
  const j = counts.indexOf(0);
  if (j === -1) return;
  throw new DataError(
    `${owner}: column ${j} of x has no value that counts; drop it or impute it first (see SimpleImputer)`,
  );
}

/**
 * Whether a variance is nothing but rounding, as scikit-learn judges it:
 * var ≤ n ε var + (n mean ε)², what the two passes can be off by.
 */
export function isConstant(variance: number, mean: number, n: number): boolean {
  const unit = 2 ** -52;
  return variance <= n * unit * variance + (n * mean * unit) ** 2;
}

/** Calls `run` for some rows at a time, with a pause after each. */
function* inParts(x: Matrix | SparseRows, run: (from: number, to: number) => void): Steps<void> {
  const [n, d] = isSparse(x) ? x.shape : [x.rows, x.columns];
  const most = rowsAtOnce(d);
  for (let from = 0; from < n; from += most) {
    run(from, Math.min(n, from + most));
    yield;
  }
}

/** Adds the weighted values of complete rows to `sums`. */
function addRows(
  { data, columns: d }: Matrix,
  from: number,
  to: number,
  weights: Float64Array | null,
  sums: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    for (let j = 0, at = i * d; j < d; j++, at++) sums[j]! += weight * data[at]!;
  }
}

/** Adds the weighted deviations of complete rows to `left` and those squared to `squares`. */
function addRowDeviations(
  { data, columns: d }: Matrix,
  from: number,
  to: number,
  weights: Float64Array | null,
  mean: Float64Array,
  left: Float64Array,
  squares: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    for (let j = 0, at = i * d; j < d; j++, at++) {
      const deviation = data[at]! - mean[j]!;
      left[j]! += weight * deviation;
      squares[j]! += weight * deviation * deviation;
    }
  }
}

/** Adds the weights of the rows' values to `counts` and the weighted values to `sums`. */
function addValues(
  x: Matrix | SparseRows,
  from: number,
  to: number,
  weights: Float64Array | null,
  counts: Float64Array,
  sums: Float64Array,
): void {
  const d = counts.length;
  for (let i = from; i < to; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    if (isSparse(x)) {
      for (let j = 0; j < d; j++) counts[j]! += weight;
      for (let at = x.indptr[i]!; at < x.indptr[i + 1]!; at++) {
        const value = x.data[at]!;
        if (!Number.isNaN(value)) sums[x.indices[at]!]! += weight * value;
        else counts[x.indices[at]!]! -= weight;
      }
      continue;
    }
    for (let j = 0, at = i * d; j < d; j++, at++) {
      const value = x.data[at]!;
      if (Number.isNaN(value)) continue;
      counts[j]! += weight;
      sums[j]! += weight * value;
    }
  }
}

/** Adds the weights of the values that are held to `seen`, their deviations to `left` and those squared to `squares`. */
function addDeviations(
  x: Matrix | SparseRows,
  from: number,
  to: number,
  weights: Float64Array | null,
  mean: Float64Array,
  seen: Float64Array,
  left: Float64Array,
  squares: Float64Array,
): void {
  const d = mean.length;
  const indices = isSparse(x) ? x.indices : null;
  for (let i = from; i < to; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const end = isSparse(x) ? x.indptr[i + 1]! : (i + 1) * d;
    let j = 0;
    for (let at = isSparse(x) ? x.indptr[i]! : i * d; at < end; at++, j++) {
      const value = x.data[at]!;
      if (Number.isNaN(value)) continue;
      const column = indices === null ? j : indices[at]!;
      const deviation = value - mean[column]!;
      seen[column]! += weight;
      left[column]! += weight * deviation;
      squares[column]! += weight * deviation * deviation;
    }
  }
}
