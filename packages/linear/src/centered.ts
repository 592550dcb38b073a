import { DataError, type Steps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';

/** Rows with the means of the columns taken off, each times the square root of its weight: what least squares work on. */
export interface Centered {
  /** [n, d]; [d, n] where columns are wanted. */
  readonly x: Float64Array;
  /** [n] */
  readonly y: Float64Array;
  readonly n: number;
  readonly d: number;
  /** The means that were taken off [d]; 0 without an intercept. */
  readonly means: Float64Array;
  readonly yMean: number;
}

/** How many rows to work on between two pauses, if each takes `operations`: a few milliseconds' worth. */
export function rowsAtOnce(operations: number): number {
  return Math.max(1, Math.floor(2 ** 21 / operations));
}

/**
 * Centers x [n, d] and y [n] (if there is to be an intercept) and scales the rows by √w. One copy of x in float64. O(n d).
 *
 * @param byColumn lay x out column by column
 * @throws DataError if squares of the numbers would overflow
 */
export function* center(
  owner: string,
  { data, rows: n, columns: d }: Matrix,
  y: Float64Array,
  weights: Float64Array | null,
  fitIntercept: boolean,
  byColumn: boolean,
): Steps<Centered> {
  const means = fitIntercept ? yield* columnMeans({ data, rows: n, columns: d }, weights) : new Float64Array(d);
  const yMean = fitIntercept ? weightedMean(y, weights) : 0;
  const x = new Float64Array(n * d);
  const targets = new Float64Array(n);
  const most = rowsAtOnce(4 * d);
  let largest = 0;
  for (let from = 0; from < n; from += most) {
    for (let i = from; i < Math.min(n, from + most); i++) {
      const root = weights === null ? 1 : Math.sqrt(weights[i]!);
      targets[i] = (y[i]! - yMean) * root;
      for (let j = 0; j < d; j++) {
        const value = (data[i * d + j]! - means[j]!) * root;
        const size = Math.abs(value);
        // NaN, from means that overflow, counts as too large.
        if (!(size <= largest)) largest = size >= 0 ? size : Number.POSITIVE_INFINITY;
        x[byColumn ? j * n + i : i * d + j] = value;
      }
    }
    yield;
  }
  checkSize(owner, 'x', largest);
  checkSize(owner, 'y', largestSize(targets));
  return { x, y: targets, n, d, means, yMean };
}

/** Throws if the squares of numbers up to `largest` overflow. */
export function checkSize(owner: string, name: string, largest: number): void {
  if (largest <= 1e150) return;
  throw new DataError(`${owner}: squares of the numbers in ${name} overflow; divide ${name} by a constant first`);
}

/** The largest absolute value; 0 of nothing. */
export function largestSize(values: Float32Array | Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}

/** The weighted means of the columns [d], each corrected by the mean of what it leaves. O(n d). */
export function* columnMeans({ data, rows: n, columns: d }: Matrix, weights: Float64Array | null): Steps<Float64Array> {
  const total = weights === null ? n : sumOf(weights);
  const means = new Float64Array(d);
  const sums = new Float64Array(d);
  const most = rowsAtOnce(4 * d);
  for (let turn = 0; turn < 2; turn++) {
    sums.fill(0);
    for (let from = 0; from < n; from += most) {
      for (let i = from; i < Math.min(n, from + most); i++) {
        const weight = weights === null ? 1 : weights[i]!;
        for (let j = 0; j < d; j++) sums[j]! += weight * (data[i * d + j]! - means[j]!);
      }
      yield;
    }
    for (let j = 0; j < d; j++) means[j]! += sums[j]! / total;
  }
  return means;
}

export function weightedMean(y: Float64Array, weights: Float64Array | null): number {
  const total = weights === null ? y.length : sumOf(weights);
  let mean = 0;
  for (let turn = 0; turn < 2; turn++) {
    let sum = 0;
    for (let i = 0; i < y.length; i++) sum += (weights === null ? 1 : weights[i]!) * (y[i]! - mean);
    mean += sum / total;
  }
  return mean;
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
