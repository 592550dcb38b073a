import { DataError, ShapeError, type Steps } from '@maru-ml/base';
import { isSparse, type Matrix, type SparseRows, selectSparseRows } from '@maru-ml/tensor';

/** Numbers that are worked on between two pauses: a few milliseconds' worth. */
export const PART: number = 2 ** 17;

/** Rows [., d] of numbers, one after the other or sparse. */
export type Vectors = Float64Array | SparseRows;

/** Copies checked rows [n, d]; -0 becomes 0, so that equal rows give models of the same bits. */
export function* copied(rows: Matrix | SparseRows): Steps<{ x: Vectors; n: number; d: number }> {
  const { data } = rows;
  const out = new Float64Array(data.length);
  for (let from = 0; from < out.length; from += PART) {
    const to = Math.min(out.length, from + PART);
    for (let i = from; i < to; i++) out[i] = data[i]! + 0;
    yield;
  }
  if (!isSparse(rows)) return { x: out, n: rows.rows, d: rows.columns };
  const [n, d] = rows.shape;
  return { x: { data: out, indices: rows.indices.slice(), indptr: rows.indptr.slice(), shape: [n, d] }, n, d };
}

/** The rows of x [., d] at some places, in their order. */
export function vectorsOf(x: Vectors, d: number, places: ArrayLike<number>): Vectors {
  if (isSparse(x)) return selectSparseRows(x, places);
  const out = new Float64Array(places.length * d);
  for (let s = 0; s < places.length; s++) out.set(x.subarray(places[s]! * d, (places[s]! + 1) * d), s * d);
  return out;
}

/** Adds c times row i of x [., d] to the numbers of `out` [d] from `at` on. */
export function addRow(x: Vectors, i: number, d: number, c: number, out: Float64Array, at: number): void {
  if (isSparse(x)) {
    const { data, indices, indptr } = x;
    for (let k = indptr[i]!; k < indptr[i + 1]!; k++) out[at + indices[k]!]! += c * data[k]!;
  } else for (let l = 0; l < d; l++) out[at + l]! += c * x[i * d + l]!;
}

/** Checks a table of kernel values [n, d]. @throws ShapeError if it is not square, DataError if it is not symmetric */
export function* checkGram(owner: string, x: Float64Array, n: number, d: number): Steps<void> {
  if (n !== d) throw new ShapeError(`${owner}: with kernel 'precomputed', x must be [n, n], got [${n}, ${d}]`);
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  for (let i = 0; i < n; i++) {
    if (i % 64 === 0) yield;
    for (let j = 0; j < i; j++) {
      const [a, b] = [x[i * n + j]!, x[j * n + i]!];
      if (Math.abs(a - b) <= 1e-8 * largest) continue;
      throw new DataError(
        `${owner}: with kernel 'precomputed', x must be symmetric, but x[${i}, ${j}] is ${a} and x[${j}, ${i}] is ${b}`,
      );
    }
  }
}

/** The places of the rows that weigh something, of n. */
export function positivePlaces(weights: Float64Array | null, n: number): Int32Array {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return weights === null ? all : all.filter((i) => weights[i]! > 0);
}
