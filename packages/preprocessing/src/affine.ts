import { DataError } from '@maru-ml/base';
import { type Matrix, type SparseRows, Table } from '@maru-ml/tensor';

type FloatArray = Float32Array | Float64Array;

/** A map of columns: z = factor (x - shift) / scale + offset, with a shift and a scale for each column and range = [factor, offset]. */
export interface Affine {
  /** [d] */
  readonly shift: Float64Array;
  /** [d], never 0 */
  readonly scale: Float64Array;
  /** null for a factor of 1 and an offset of 0 */
  readonly range: Float64Array | null;
}

/** (x - shift) / scale; a missing shift is 0 and a missing scale is 1, which change no bit. */
export function affine(d: number, shift: Float64Array | null, scale: Float64Array | null): Affine {
  return {
    shift: shift?.slice() ?? new Float64Array(d),
    scale: scale?.slice() ?? new Float64Array(d).fill(1),
    range: null,
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
  { shift, scale, range }: Affine,
  i: number,
): void {
  const limit = out instanceof Float32Array ? LARGEST_FLOAT32 : Number.POSITIVE_INFINITY;
  let flawed = false;
  // Two loops since most maps have no factor, and their numbers go through this one by one.
  if (range === null) {
    for (let j = 0; j < shift.length; j++) {
      const z = (data[at + j]! - shift[j]!) / scale[j]!;
      out[to + j] = z;
      if (!(Math.abs(z) < limit)) flawed = true;
    }
  } else {
    for (let j = 0; j < shift.length; j++) {
      const z = ((data[at + j]! - shift[j]!) / scale[j]!) * range[0]! + range[1]!;
      out[to + j] = z;
      if (!(Math.abs(z) < limit)) flawed = true;
    }
  }
  if (flawed) checkRow(owner, data, at, out, to, shift.length, i);
}

/** From here on numbers round to infinity in float32. */
const LARGEST_FLOAT32 = 2 ** 128 - 2 ** 103;

/** Throws a `DataError` for the first result that is not finite, but for those of NaN. */
function checkRow(
  owner: string,
  data: FloatArray,
  at: number,
  out: FloatArray,
  to: number,
  d: number,
  i: number,
): void {
  for (let j = 0; j < d; j++) {
    if (!Number.isFinite(out[to + j]!) && !Number.isNaN(data[at + j]!)) throw overflows(owner, i, j);
  }
}

/** The way back: x = scale (z - offset) / factor + shift. */
export function unmapRows(owner: string, { data, rows, columns }: Matrix, map: Affine): Table {
  const { shift, scale, range } = map;
  const [factor, offset] = range === null ? [1, 0] : [range[0]!, range[1]!];
  const out = arrayLike(data, data.length);
  const limit = out instanceof Float32Array ? LARGEST_FLOAT32 : Number.POSITIVE_INFINITY;
  for (let i = 0, at = 0; i < rows; i++) {
    let flawed = false;
    for (let j = 0; j < columns; j++, at++) {
      const x = ((data[at]! - offset) / factor) * scale[j]! + shift[j]!;
      out[at] = x;
      if (!(Math.abs(x) < limit)) flawed = true;
    }
    if (flawed) checkRow(owner, data, at - columns, out, at - columns, columns, i);
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
