import { DataError, ShapeError } from '@maru-ml/base';
import { standardize } from '@maru-ml/kernels/tensor';
import { allFinite, type Matrix, type MatrixLike, type SparseRows, Table, toMatrix } from '@maru-ml/tensor';

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

/**
 * The rows of `x` [n, d] mapped, into `into` [n d] or of float32 if they are. NaN stays.
 * @throws ShapeError for other columns or another length, DataError for infinite numbers and where a result overflows
 */
export function mapRows(owner: string, x: MatrixLike, map: Affine, into?: FloatArray): Table {
  const matrix = rowsFor(owner, x, map);
  const out = into ?? arrayLike(matrix.data, matrix.data.length);
  if (out.length !== matrix.data.length) {
    throw new ShapeError(`${owner}: out has length ${out.length}, but the rows make ${matrix.data.length} numbers`);
  }
  const { shift, scale, range } = map;
  const finite = range === null ? standardize(matrix.data, shift, scale, out) : mapNumbers(matrix.data, out, map);
  if (!finite) checkResults(owner, matrix, out);
  return new Table(out, matrix.rows, matrix.columns);
}

/** A row [d], whose numbers are checked already, mapped into `out` [d]. NaN stays. @throws DataError where a result overflows */
export function mapRow(owner: string, row: FloatArray, out: FloatArray, map: Affine): void {
  if (mapNumbers(row, out, map)) return;
  const flaw = firstFlaw(row, out);
  if (flaw >= 0) throw overflows(owner, -1, flaw);
}

/** The way back: x = scale (z - offset) / factor + shift. Errors as for `mapRows`. */
export function unmapRows(owner: string, z: MatrixLike, map: Affine): Table {
  const matrix = rowsFor(owner, z, map);
  const out = arrayLike(matrix.data, matrix.data.length);
  if (!unmapNumbers(matrix.data, out, map)) checkResults(owner, matrix, out);
  return new Table(out, matrix.rows, matrix.columns);
}

/** How rows come in: NaN is a missing value. */
const DOOR = { keepFloat32: true, allowMissing: true };

/** Rows whose infinite numbers are found by their results, which are infinite then or NaN, so that no pass is spent on them. */
function rowsFor(owner: string, x: MatrixLike, { shift }: Affine): Matrix {
  return toMatrix(owner, x, { ...DOOR, columns: shift.length, unchecked: true });
}

/** Maps rows into `out`; whether all results are finite: z - z is 0 then, else NaN, which stays in a sum. */
function mapNumbers(data: FloatArray, out: FloatArray, { shift, scale, range }: Affine): boolean {
  const d = shift.length;
  let flaws = 0;
  // Two loops since most maps have no factor.
  if (range === null) {
    for (let at = 0; at < data.length; ) {
      for (let j = 0; j < d; j++, at++) {
        const z = (data[at]! - shift[j]!) / scale[j]!;
        out[at] = z;
        flaws += z - z;
      }
    }
  } else {
    const factor = range[0]!;
    const offset = range[1]!;
    for (let at = 0; at < data.length; ) {
      for (let j = 0; j < d; j++, at++) {
        const z = ((data[at]! - shift[j]!) / scale[j]!) * factor + offset;
        out[at] = z;
        flaws += z - z;
      }
    }
  }
  return flaws === 0 && fitsIn(out);
}

function unmapNumbers(data: FloatArray, out: FloatArray, { shift, scale, range }: Affine): boolean {
  const d = shift.length;
  const factor = range === null ? 1 : range[0]!;
  const offset = range === null ? 0 : range[1]!;
  let flaws = 0;
  for (let at = 0; at < data.length; ) {
    for (let j = 0; j < d; j++, at++) {
      const x = ((data[at]! - offset) / factor) * scale[j]! + shift[j]!;
      out[at] = x;
      flaws += x - x;
    }
  }
  return flaws === 0 && fitsIn(out);
}

/** Whether no finite result has become infinite by rounding to float32. */
function fitsIn(out: FloatArray): boolean {
  return out instanceof Float64Array || allFinite(out);
}

/** Throws a `DataError` for the first infinite number, or where there is none for the first result that overflows. */
function checkResults(owner: string, { data, rows, columns }: Matrix, out: FloatArray): void {
  const flaw = firstFlaw(data, out);
  if (flaw < 0) return;
  toMatrix(owner, { data, shape: [rows, columns] }, DOOR);
  throw overflows(owner, Math.floor(flaw / columns), flaw % columns);
}

/** The place of the first result that is not finite, but for those of NaN; -1 if there is none. */
function firstFlaw(data: FloatArray, out: FloatArray): number {
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(out[at]!) && !Number.isNaN(data[at]!)) return at;
  }
  return -1;
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
