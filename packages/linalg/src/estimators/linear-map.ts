import { DataError } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { isSparse, type Matrix, type SparseRows, Table } from '@maru-ml/tensor';
import { workspace } from '../dense/workspace.ts';

type FloatArray = Float32Array | Float64Array;

/** y = (x - shift) Wᵀ + bias: what most of this folder's models do with a row. */
export interface LinearMap {
  /** Who speaks in errors. */
  readonly owner: string;
  /** How errors call the rows; 'x'. */
  readonly input?: string;
  /** W [k, d]. */
  readonly weights: Float64Array;
  /** [d]; null for none. */
  readonly shift: Float64Array | null;
  /** [k]; null for none. */
  readonly bias: Float64Array | null;
}

/**
 * The images of rows [n, d], as a table [n, k] of the rows' own type. Rows are widened to float64 and shifted a block at a time,
 * so that nothing is copied as a whole; each sum runs in order, as in `mapRow`. Cost O(n d k).
 *
 * @throws DataError that names the first row whose image is not finite
 */
export function mapRows(map: LinearMap, x: Matrix | SparseRows): Table {
  if (isSparse(x)) return mapSparseRows(map, x);
  const { weights, shift, bias } = map;
  const { data, rows, columns: d } = x;
  const k = weights.length / d;
  const out = floats(data, rows * k);
  const most = blockOf(rows, d);
  workspace([most * d, k * d, most * k], (block, w, images) => {
    w.set(weights);
    for (let from = 0; from < rows; from += most) {
      const count = Math.min(most, rows - from);
      shiftRows(data, from, count, d, shift, block);
      matmul(block, w, images, { m: count, n: k, k: d, transB: true });
      for (let i = 0, at = 0; i < count; i++) {
        const to = (from + i) * k;
        for (let c = 0; c < k; c++, at++) {
          out[to + c] = bias === null ? images[at]! : images[at]! + bias[c]!;
          if (!(Math.abs(out[to + c]!) < Number.POSITIVE_INFINITY))
            throw tooLarge(map.owner, `${map.input ?? 'x'}[${from + i}]`);
        }
      }
    }
  });
  return new Table(out, rows, k);
}

/** The image of one row [d] in `out` [k], without allocating. @throws DataError if it is not finite */
export function mapRow<O extends FloatArray>(map: LinearMap, row: Float64Array, out: O): O {
  const { weights, shift, bias } = map;
  const d = row.length;
  for (let c = 0; c < out.length; c++) {
    let sum = 0;
    for (let j = 0; j < d; j++) {
      sum += (shift === null ? row[j]! : row[j]! - shift[j]!) * weights[c * d + j]!;
    }
    out[c] = bias === null ? sum : sum + bias[c]!;
    if (!(Math.abs(out[c]!) < Number.POSITIVE_INFINITY)) throw tooLarge(map.owner, 'the row');
  }
  return out;
}

/** Rows as float64, less `shift`, in `out` [count, d] from place `at` on. */
export function shiftRows(
  data: FloatArray,
  from: number,
  count: number,
  d: number,
  shift: Float64Array | null,
  out: Float64Array,
  at = 0,
): void {
  const start = from * d;
  if (shift === null) {
    out.set(data.subarray(start, start + count * d), at);
    return;
  }
  for (let i = 0, p = 0; i < count; i++) {
    for (let j = 0; j < d; j++, p++) out[at + p] = data[start + p]! - shift[j]!;
  }
}

/** An array of the type of `like`. */
export function floats(like: FloatArray, length: number): FloatArray {
  return like instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

/** Rows [n, d] in a block: of 1 MB, enough for products to be fast, or of a small table a small part. */
export function blockOf(n: number, d: number): number {
  return Math.max(1, Math.min(n, Math.floor(Math.min(2 ** 17, Math.max(2 ** 13, (n * d) / 12)) / d)));
}

function mapSparseRows({ owner, weights, shift, bias }: LinearMap, x: SparseRows): Table {
  const [rows, d] = x.shape;
  const k = weights.length / d;
  const out = floats(x.data, rows * k);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let at = x.indptr[i]!; at < x.indptr[i + 1]!; at++) sum += x.data[at]! * weights[c * d + x.indices[at]!]!;
      if (shift !== null) for (let j = 0; j < d; j++) sum -= shift[j]! * weights[c * d + j]!;
      out[i * k + c] = bias === null ? sum : sum + bias[c]!;
      if (!(Math.abs(out[i * k + c]!) < Number.POSITIVE_INFINITY)) throw tooLarge(owner, `x[${i}]`);
    }
  }
  return new Table(out, rows, k);
}

function tooLarge(owner: string, place: string): DataError {
  return new DataError(`${owner}: ${place} holds numbers so large that what the model makes of it overflows`);
}
