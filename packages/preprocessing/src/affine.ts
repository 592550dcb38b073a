import { DataError } from '@maru-ml/base';
import { type Matrix, type SparseRows, Table } from '@maru-ml/tensor';

type FloatArray = Float32Array | Float64Array;

/** A map of columns: z = factor (x - shift) / scale + offset, with a shift and a scale for each column. */
export interface Affine {
  /** [d] */
  readonly shift: Float64Array;
  /** [d], never 0 */
  readonly scale: Float64Array;
  readonly factor: number;
  readonly offset: number;
}

/** (x - shift) / scale; a missing shift is 0 and a missing scale is 1, which change no bit. */
export function affine(d: number, shift: Float64Array | null, scale: Float64Array | null): Affine {
  return {
    shift: shift?.slice() ?? new Float64Array(d),
    scale: scale?.slice() ?? new Float64Array(d).fill(1),
    factor: 1,
    offset: 0,
  };
}

/** The rows mapped, of float32 if they are. NaN stays. @throws DataError where a result overflows */
export function mapRows(owner: string, { data, rows, columns }: Matrix, map: Affine): Table {
  const out = arrayLike(data, data.length);
  for (let i = 0; i < rows; i++) mapRow(owner, data, i * columns, out, i * columns, map, i);
  return new Table(out, rows, columns);
}

/** The row at place `at` mapped to `out` from place `to` on; `i` is its number for errors, -1 for a single row. */
export function mapRow(
  owner: string,
  data: FloatArray,
  at: number,
  out: FloatArray,
  to: number,
  { shift, scale, factor, offset }: Affine,
  i: number,
): void {
  for (let j = 0; j < shift.length; j++) {
    const x = data[at + j]!;
    out[to + j] = ((x - shift[j]!) / scale[j]!) * factor + offset;
    if (out[to + j]! - out[to + j]! !== 0 && !Number.isNaN(x)) throw overflows(owner, i, j);
  }
}

/** The way back: x = scale (z - offset) / factor + shift. */
export function unmapRows(owner: string, { data, rows, columns }: Matrix, map: Affine): Table {
  const { shift, scale, factor, offset } = map;
  const out = arrayLike(data, data.length);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const z = data[at]!;
      out[at] = ((z - offset) / factor) * scale[j]! + shift[j]!;
      if (out[at]! - out[at]! !== 0 && !Number.isNaN(z)) throw overflows(owner, i, j);
    }
  }
  return new Table(out, rows, columns);
}

/** Sparse rows whose columns are divided by `scale` or, on the way back, multiplied. */
export function scaleSparse(owner: string, x: SparseRows, scale: Float64Array, back = false): SparseRows {
  const { data, indices, indptr, shape } = x;
  const out = arrayLike(data, data.length);
  for (let i = 0; i < shape[0]; i++) {
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      const j = indices[at]!;
      out[at] = back ? data[at]! * scale[j]! : data[at]! / scale[j]!;
      if (out[at]! - out[at]! !== 0 && !Number.isNaN(data[at]!)) throw overflows(owner, i, j);
    }
  }
  return { data: out, indices: indices.slice(), indptr: indptr.slice(), shape: [shape[0], shape[1]] };
}

/** An error for a result that is not finite, at a row (-1: the single row) and a column. */
export function overflows(owner: string, i: number, j: number): DataError {
  const place = i === -1 ? `column ${j} of the row` : `x[${i}, ${j}]`;
  return new DataError(`${owner}: ${place} is too large, its result overflows; scale it down first`);
}

/**
 * Scales below `limit` become 1, so that a constant column stays constant.
 * @throws DataError for a scale that is not finite, which names the column and `what` it is
 */
export function usableScale(owner: string, what: string, scale: Float64Array, limit: number): Float64Array {
  return scale.map((value, j) => {
    checkColumn(owner, what, value, j);
    return value < limit ? 1 : value;
  });
}

/** Throws a `DataError` if a figure of column j has overflown. */
export function checkColumn(owner: string, what: string, value: number, j: number): void {
  if (Number.isFinite(value)) return;
  throw new DataError(`${owner}: the ${what} of column ${j} overflows; divide the column by a constant first`);
}

/** Ten units of rounding, below which scikit-learn takes a scale for 0. */
export function roundingOf(isFloat32: boolean): number {
  return 10 * (isFloat32 ? 2 ** -23 : 2 ** -52);
}

/** A new array of the same type. */
export function arrayLike(data: FloatArray, length: number): FloatArray {
  return data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

/** How many rows of `columns` numbers to work on between two pauses: a few milliseconds' worth. */
export function rowsAtOnce(columns: number): number {
  return Math.max(1, Math.floor(2 ** 21 / columns));
}
