import { DataError, ShapeError } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { isSparse, type MatrixLike, type SparseRows, Table, toRows } from '@maru-ml/tensor';
import { finiteTable, type Pair, pairOf } from './pair.ts';

/**
 * The cosines of the angles between the rows of x and of y: a·b / (‖a‖ ‖b‖), 0 for a row of zeros. Both may be sparse rows, such as
 * counts of words. O(n m d), or for sparse rows O(n · elements of y).
 *
 * @param x [n, d] @param y [m, d]; x if left out
 * @returns [n, m]
 * @throws ShapeError where columns differ, DataError for numbers that are not finite
 */
export function cosineSimilarity(x: MatrixLike | SparseRows, y?: MatrixLike | SparseRows | null): Table {
  const owner = 'cosineSimilarity';
  if (isSparse(x) || (y !== undefined && y !== null && isSparse(y))) return sparseCosines(owner, x, y ?? x);
  const pair = pairOf(owner, x, y);
  const out = new Float64Array(pair.n * pair.m);
  cosineOf(owner, pair, false)(0, pair.n, out);
  return new Table(out, pair.n, pair.m);
}

/** 1 - the cosines of `cosineSimilarity`, from 0 to 2. */
export function cosineDistances(x: MatrixLike | SparseRows, y?: MatrixLike | SparseRows | null): Table {
  const { data, shape } = cosineSimilarity(x, y);
  const out = Float64Array.from(data, (cosine) => Math.min(Math.max(1 - cosine, 0), 2));
  if (y === undefined || y === null) for (let i = 0; i < shape[0]; i++) out[i * shape[1] + i] = 0;
  return new Table(out, ...shape);
}

/** The products a·b of the rows of x and of y [n, m]. O(n m d). @throws as `cosineSimilarity` */
export function linearKernel(x: MatrixLike, y?: MatrixLike | null): Table {
  const pair = pairOf('linearKernel', x, y);
  return finiteTable('linearKernel', products(pair), pair.n, pair.m, OVERFLOW);
}

/** What is said of products that overflow. */
export const OVERFLOW = 'products overflow; divide x by a constant first';

/** a·b of all pairs of rows [n, m]. */
export function products({ x, y, n, m, d }: Pair): Float64Array {
  const out = new Float64Array(n * m);
  matmul(x, y, out, { m: n, n: m, k: d, transB: true });
  return out;
}

/** Computes cosines of some rows of x with all of y, less their means if `centered`. */
export function cosineOf(
  owner: string,
  { x, y, m, d, same }: Pair,
  centered: boolean,
): (from: number, to: number, out: Float64Array) => void {
  const a = directions(owner, 'x', x, d, centered);
  const b = same ? a : directions(owner, 'y', y, d, centered);
  return (from, to, out) => {
    matmul(a.subarray(from * d, to * d), b, out, { m: to - from, n: m, k: d, transB: true });
  };
}

/** The rows with length 1; rows of zeros stay. */
function directions(owner: string, name: string, rows: Float64Array, d: number, centered: boolean): Float64Array {
  const out = Float64Array.from(rows);
  for (let from = 0; from < out.length; from += d) {
    const row = out.subarray(from, from + d);
    if (centered) {
      if (row.every((value) => value === row[0])) {
        throw new DataError(`${owner}: ${name}[${from / d}] is constant, so it has no correlation with others`);
      }
      // Each divided first, so that the sum does not overflow.
      let mean = 0;
      for (const value of row) mean += value / d;
      for (let j = 0; j < d; j++) row[j]! -= mean;
    }
    normalize(row);
  }
  return out;
}

/** Divides by the length, which is measured after dividing by the largest, so that squares neither overflow nor vanish. */
function normalize(row: Float64Array): void {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return;
  let square = 0;
  for (let j = 0; j < row.length; j++) {
    const part = row[j]! / largest;
    square += part * part;
    row[j] = part;
  }
  const length = Math.sqrt(square);
  for (let j = 0; j < row.length; j++) row[j]! /= length;
}

function sparseCosines(owner: string, x: MatrixLike | SparseRows, y: MatrixLike | SparseRows): Table {
  const a = unitRows(owner, 'x', x);
  const b = x === y ? a : unitRows(owner, 'y', y);
  const [n, d] = a.shape;
  const [m, columns] = b.shape;
  if (d !== columns) {
    throw new ShapeError(`${owner}: x has ${d} columns, but y has ${columns}; rows must be equally long`);
  }
  const out = new Float64Array(n * m);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let at = a.indptr[i]!; at < a.indptr[i + 1]!; at++) row[a.indices[at]!] = a.data[at]!;
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let at = b.indptr[j]!; at < b.indptr[j + 1]!; at++) sum += row[b.indices[at]!]! * b.data[at]!;
      out[i * m + j] = sum;
    }
    for (let at = a.indptr[i]!; at < a.indptr[i + 1]!; at++) row[a.indices[at]!] = 0;
  }
  return new Table(out, n, m);
}

/** Rows of length 1 as sparse rows. */
function unitRows(owner: string, name: string, x: MatrixLike | SparseRows): SparseRows {
  const rows = toRows(owner, x, { name });
  const { data, indices, indptr, shape } = isSparse(rows) ? rows : held(rows.data, rows.rows, rows.columns);
  const unit = Float64Array.from(data);
  for (let i = 0; i < shape[0]; i++) normalize(unit.subarray(indptr[i]!, indptr[i + 1]!));
  return { data: unit, indices, indptr, shape };
}

/** Dense rows with all their elements held. */
function held(data: Float64Array | Float32Array, rows: number, columns: number): SparseRows {
  const indices = Int32Array.from(data, (_, at) => at % columns);
  const indptr = Int32Array.from({ length: rows + 1 }, (_, i) => i * columns);
  return { data, indices, indptr, shape: [rows, columns] };
}
