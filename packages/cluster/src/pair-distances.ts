import { DataError, type Steps } from '@maru-ml/base';
import { squaredDistances } from '@maru-ml/kernels/distance';
import type { Matrix } from '@maru-ml/tensor';
import { rowsAtOnce } from './points.ts';
import { lowerSquares, lowerSums } from './row-distances.ts';

/** How distances are measured: √Σ(x - y)², Σ|x - y|, 1 - cos of the angle, or as they are given. */
export type PairMetric = 'euclidean' | 'manhattan' | 'cosine' | 'precomputed';

/** Measures distances between rows. */
export interface Ruler {
  n: number;
  /** The distances of rows `from` to `to` from rows `first` to the last, to `out` [to - from, n - first]. */
  measure(from: number, to: number, first: number, out: Float64Array): void;
  /** Lowers `nearest` [count] to the ranks of row i's distances from the rows `others` [count]: numbers in their order. */
  rank(i: number, others: Int32Array, count: number, nearest: Float64Array): void;
  /** The distance of a rank. */
  distance(rank: number): number;
  /** What a distance costs. */
  cost: number;
}

/** Rows that are measured at once. */
const ROWS = 32;

/** The most distances that are kept: 4 GB of them. */
const MOST = 2 ** 29;

/** @throws DataError for a row of zeros, which has no direction */
export function rulerOf(owner: string, matrix: Matrix<Float64Array>, metric: PairMetric): Ruler {
  const { data, rows: n, columns: d } = matrix;
  if (metric === 'precomputed') {
    return {
      n,
      cost: 1,
      measure(from, to, first, out) {
        for (let i = from; i < to; i++) out.set(data.subarray(i * n + first, (i + 1) * n), (i - from) * (n - first));
      },
      rank(i, others, count, nearest) {
        for (let at = 0; at < count; at++) nearest[at] = Math.min(nearest[at]!, data[i * n + others[at]!]!);
      },
      distance: (rank) => rank,
    };
  }
  if (metric === 'manhattan') {
    return {
      n,
      cost: d,
      measure: (from, to, first, out) => manhattan(matrix, from, to, first, out),
      rank: (i, others, count, nearest) => lowerSums(data, d, i, others, count, nearest),
      distance: (rank) => rank,
    };
  }
  // For rows u, v of length 1, 1 - u·v is ‖u - v‖² / 2, which loses no digits between near directions.
  const rows = metric === 'cosine' ? unitRows(owner, matrix) : data;
  return {
    n,
    cost: d,
    rank: (i, others, count, nearest) => lowerSquares(rows, d, i, others, count, nearest),
    distance: metric === 'cosine' ? (rank) => rank / 2 : Math.sqrt,
    measure(from, to, first, out) {
      const length = (to - from) * (n - first);
      squaredDistances(rows.subarray(from * d, to * d), rows.subarray(first * d), to - from, n - first, d, out);
      for (let at = 0; at < length; at++) out[at] = metric === 'cosine' ? out[at]! / 2 : Math.sqrt(out[at]!);
    },
  };
}

/**
 * The distances of all pairs of rows: those of row i from rows i + 1, i + 2, … stand after those of row i - 1 [n (n - 1) / 2].
 * @throws DataError if there are too many
 */
export function* pairDistances(owner: string, ruler: Ruler): Steps<Float64Array> {
  const { n, measure, cost } = ruler;
  const all = roomFor(owner, n);
  const block = new Float64Array(Math.min(ROWS, n) * n);
  const most = Math.min(ROWS, rowsAtOnce(n * cost));
  for (let from = 0, at = 0; from < n - 1; from += most) {
    const to = Math.min(from + most, n - 1);
    const width = n - from;
    measure(from, to, from, block.subarray(0, (to - from) * width));
    for (let i = 0; i < to - from; i++) {
      all.set(block.subarray(i * width + i + 1, (i + 1) * width), at);
      at += width - i - 1;
    }
    yield;
  }
  return all;
}

function roomFor(owner: string, n: number): Float64Array {
  const length = (n * (n - 1)) / 2;
  try {
    if (length <= MOST) return new Float64Array(length);
  } catch {
    // The system has less memory than the limit.
  }
  const size = (length * 8) / 1e9;
  throw new DataError(
    `${owner}: the distances of ${n} rows take ${size.toFixed(1)} GB, more than there is room for; take fewer rows, linkage 'single', or connectivity`,
  );
}

function manhattan(
  { data: x, rows: n, columns: d }: Matrix,
  from: number,
  to: number,
  first: number,
  out: Float64Array,
): void {
  for (let i = from, at = 0; i < to; i++) {
    for (let j = first; j < n; j++, at++) {
      let sum = 0;
      for (let l = 0; l < d; l++) sum += Math.abs(x[i * d + l]! - x[j * d + l]!);
      out[at] = sum;
    }
  }
}

function unitRows(owner: string, { data, rows: n, columns: d }: Matrix): Float64Array {
  const units = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const row = data.subarray(i * d, (i + 1) * d);
    let largest = 0;
    for (let j = 0; j < d; j++) largest = Math.max(largest, Math.abs(row[j]!));
    if (largest === 0) {
      throw new DataError(`${owner}: x[${i}] is all 0, which has no direction; drop it or take another metric`);
    }
    let squares = 0;
    for (let j = 0; j < d; j++) squares += (row[j]! / largest) ** 2;
    const norm = Math.sqrt(squares);
    for (let j = 0; j < d; j++) units[i * d + j] = row[j]! / largest / norm;
  }
  return units;
}
