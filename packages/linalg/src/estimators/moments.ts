import { DataError, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import type { Matrix, SparseRows } from '@maru-ml/tensor';
import { workspace } from '../dense/workspace.ts';
import { shiftRows } from './linear-map.ts';

/** The means of the columns of x [n, d], summed in float64. O(n d). */
export function* columnMeans({ data, rows, columns: d }: Matrix): Steps<Float64Array> {
  const means = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    const start = i * d;
    for (let j = 0; j < d; j++) means[j]! += data[start + j]!;
    if (pauses(i, d)) yield;
  }
  for (let j = 0; j < d; j++) means[j]! /= rows;
  return means;
}

/** The mean squares of the columns' deviations from `means` (ddof 0) [d]. O(n d). */
export function* columnVariances({ data, rows, columns: d }: Matrix, means: Float64Array): Steps<Float64Array> {
  const variances = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    const start = i * d;
    for (let j = 0; j < d; j++) {
      const deviation = data[start + j]! - means[j]!;
      variances[j]! += deviation * deviation;
    }
    if (pauses(i, d)) yield;
  }
  for (let j = 0; j < d; j++) variances[j]! /= rows;
  return variances;
}

/**
 * The scatter matrix Σᵢ (xᵢ - m)(xᵢ - m)ᵀ [d, d] of rows [n, d], in float64. Rows are shifted a block at a time, so x is never
 * copied, and the mean is taken off before anything is squared, so that numbers far from 0 lose no digits. Only blocks
 * of columns on and above the diagonal are multiplied. O(n d²) time, O(d²) memory.
 */
export function* scatter({ data, rows, columns: d }: Matrix, means: Float64Array): Steps<Float64Array> {
  const out = new Float64Array(d * d);
  const most = Math.max(32, Math.min(rows, 1024, Math.floor(2 ** 19 / d), Math.floor(2 ** 25 / (d * d))));
  const width = d <= 2 * PANEL ? d : PANEL;
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from);
    workspace([count * d, width * width], (block, products) => {
      shiftRows(data, from, count, d, means, block);
      for (let p = 0; p < d; p += width) {
        for (let q = p; q < d; q += width) {
          const [m, n] = [Math.min(width, d - p), Math.min(width, d - q)];
          const options = { m, n, k: count, transA: true, ldA: d, ldB: d };
          matmul(block.subarray(p), block.subarray(q), products, options);
          for (let i = 0; i < m; i++) {
            const at = (p + i) * d + q;
            for (let j = 0; j < n; j++) out[at + j]! += products[i * n + j]!;
          }
        }
      }
    });
    yield;
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) out[i * d + j] = out[j * d + i]!;
  return out;
}

/** The variances (ddof 0) of the columns of sparse rows [d], whose zeros count. */
export function sparseVariances({ data, indices, shape: [n, d] }: SparseRows): Float64Array {
  const means = new Float64Array(d);
  const held = new Float64Array(d);
  for (let at = 0; at < data.length; at++) {
    means[indices[at]!]! += data[at]! / n;
    held[indices[at]!]! += 1;
  }
  const variances = means.map((mean, j) => ((n - held[j]!) / n) * mean * mean);
  for (let at = 0; at < data.length; at++) {
    const deviation = data[at]! - means[indices[at]!]!;
    variances[indices[at]!]! += (deviation * deviation) / n;
  }
  return variances;
}

/**
 * Throws unless squared deviations from the columns' means can be computed with: neither too large, nor lost where rows differ.
 * @param squares their sum
 */
export function checkDeviations(owner: string, squares: number, data: Float32Array | Float64Array, d: number): void {
  checkRange(owner, squares, () => rowsDiffer(data, d));
}

/** The same for the squares of the numbers themselves. */
export function checkSquares(owner: string, squares: number, data: Float32Array | Float64Array): void {
  checkRange(owner, squares, () => data.some((value) => value !== 0));
}

function checkRange(owner: string, squares: number, isMore: () => boolean): void {
  if (!(squares < Number.POSITIVE_INFINITY)) {
    throw new DataError(`${owner}: squares of the numbers in x overflow; divide x by a constant first`);
  }
  // Smaller squares have lost digits, down to all of them.
  if (squares < 2 ** -960 && isMore()) {
    throw new DataError(`${owner}: squares of the numbers in x vanish; multiply x by a constant first`);
  }
}

/** Whether any row differs from the first. */
function rowsDiffer(data: Float32Array | Float64Array, d: number): boolean {
  for (let at = d; at < data.length; at++) if (data[at] !== data[at % d]) return true;
  return false;
}

/** Whether to pause after row i: every millisecond, or more before loops are compiled. */
function pauses(i: number, d: number): boolean {
  return (i + 1) % Math.ceil(2 ** 20 / d) === 0;
}

/** Columns that are multiplied with each other at a time. */
const PANEL = 128;
