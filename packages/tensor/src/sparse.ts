import { OptionError, ShapeError, show } from '@maru-ml/base';
import { fromTypedArray } from './ops/create.ts';
import { type Shape, showShape } from './shape.ts';
import { checkTensor, type Tensor, view } from './tensor.ts';

/**
 * A matrix of which only the elements that are not 0 are held, row by row (CSR): those of row i lie at `indptr[i]` to
 * `indptr[i + 1]` in `data`, their columns at the same places in `indices`, ascending. Plain data; treat it as constant.
 */
export interface SparseRows {
  readonly data: Float32Array | Float64Array;
  readonly indices: Int32Array;
  readonly indptr: Int32Array;
  readonly shape: readonly [rows: number, columns: number];
}

/** An element of a row: its column and value. */
export interface SparseElement {
  column: number;
  value: number;
}

/** Whether `value` has the form of sparse rows. */
export function isSparse(value: unknown): value is SparseRows {
  const parts = Object(value);
  return 'indptr' in parts && 'indices' in parts && 'data' in parts;
}

/**
 * Sparse rows of their parts, which are checked and not copied.
 * @throws ShapeError, OptionError where the parts do not describe a matrix
 */
export function sparseRows(
  data: Float32Array | Float64Array,
  indices: Int32Array,
  indptr: Int32Array,
  shape: readonly [number, number],
): SparseRows {
  const rows = { data, indices, indptr, shape };
  checkSparse('sparseRows', rows);
  return rows;
}

/** The elements of a dense matrix [n, d] that are not 0; NaN counts as one. float32 stays float32, all else becomes float64. */
export function toSparse(x: Tensor): SparseRows {
  checkTensor('toSparse', 'x', x);
  if (x.ndim !== 2) throw new ShapeError(`toSparse: x must have 2 axes [n, d], got shape ${showShape(x.shape)}`);
  const [rows, columns] = x.shape as [number, number];
  const values = view(x);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++;
  const data = x.dtype === 'float32' ? new Float32Array(count) : new Float64Array(count);
  const indices = new Int32Array(count);
  const indptr = new Int32Array(rows + 1);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j]!;
      if (value === 0) continue;
      data[at] = value;
      indices[at++] = j;
    }
    indptr[i + 1] = at;
  }
  return { data, indices, indptr, shape: [rows, columns] };
}

/**
 * Sparse rows of elements given by row, column and value, in any order; elements of the same place are added up.
 * @throws OptionError for a place outside the shape
 */
export function sparseFromElements(
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  values: ArrayLike<number>,
  shape: readonly [number, number],
): SparseRows {
  const owner = 'sparseFromElements';
  checkSize(owner, shape);
  const n = values.length;
  if (rows.length !== n || columns.length !== n) {
    throw new ShapeError(
      `${owner}: there are ${rows.length} rows, ${columns.length} columns and ${n} values; they must be as many`,
    );
  }
  for (let i = 0; i < n; i++) {
    if (isPlace(rows[i]!, shape[0]) && isPlace(columns[i]!, shape[1])) continue;
    const place = `[${show(rows[i])}, ${show(columns[i])}]`;
    throw new OptionError(`${owner}: element ${i} is at ${place}, outside the shape ${showShape(shape)}`);
  }
  // Two stable counting sorts, by column and then by row, put all in order.
  const byColumn = countingSort(
    columns,
    shape[1],
    Int32Array.from({ length: n }, (_, i) => i),
  );
  const order = countingSort(rows, shape[0], byColumn);
  const data = values instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
  const indices = new Int32Array(n);
  const indptr = new Int32Array(shape[0] + 1);
  let at = 0;
  for (let k = 0; k < n; k++) {
    const i = order[k]!;
    const before = order[k - 1];
    if (before !== undefined && rows[before] === rows[i] && columns[before] === columns[i]) {
      data[at - 1]! += values[i]!;
      continue;
    }
    data[at] = values[i]!;
    indices[at++] = columns[i]!;
    indptr[rows[i]! + 1]!++;
  }
  for (let i = 0; i < shape[0]; i++) indptr[i + 1]! += indptr[i]!;
  return { data: data.slice(0, at), indices: indices.slice(0, at), indptr, shape: [shape[0], shape[1]] };
}

/** The matrix with its zeros, of the dtype of the data. */
export function toDense(sparse: SparseRows): Tensor {
  checkSparse('toDense', sparse);
  const { data, indices, indptr, shape } = sparse;
  const [rows, columns] = shape;
  const out = data instanceof Float32Array ? new Float32Array(rows * columns) : new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = indptr[i]!; k < indptr[i + 1]!; k++) out[i * columns + indices[k]!] = data[k]!;
  }
  return fromTypedArray(out, shape);
}

/** The elements of a row that are held. */
export function* sparseRow({ data, indices, indptr, shape }: SparseRows, row: number): Generator<SparseElement> {
  if (!isPlace(row, shape[0]))
    throw new OptionError(`sparseRow: row ${show(row)} is outside the shape ${showShape(shape)}`);
  for (let k = indptr[row]!; k < indptr[row + 1]!; k++) yield { column: indices[k]!, value: data[k]! };
}

/** Some of the rows, in the given order; the numbers are copied. @throws OptionError for a row outside the matrix */
export function selectSparseRows(sparse: SparseRows, rows: ArrayLike<number>): SparseRows {
  const { data, indices, indptr, shape } = sparse;
  const starts = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!isPlace(row, shape[0])) {
      throw new OptionError(`selectSparseRows: rows[${i}] is ${show(row)}, outside the shape ${showShape(shape)}`);
    }
    starts[i + 1] = starts[i]! + indptr[row + 1]! - indptr[row]!;
  }
  const count = starts[rows.length]!;
  const outData = data instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const outIndices = new Int32Array(count);
  for (let i = 0; i < rows.length; i++) {
    const [from, to] = [indptr[rows[i]!]!, indptr[rows[i]! + 1]!];
    outData.set(data.subarray(from, to), starts[i]!);
    outIndices.set(indices.subarray(from, to), starts[i]!);
  }
  return { data: outData, indices: outIndices, indptr: starts, shape: [rows.length, shape[1]] };
}

/**
 * The product of sparse rows [n, d] and a dense matrix [d, k] or vector [d]: [n, k] or [n], float32 where both are. The sparse
 * matrix is constant: no gradient flows. Cost O(elements held · k).
 */
export function sparseMatmul(sparse: SparseRows, dense: Tensor): Tensor {
  checkSparse('sparseMatmul', sparse);
  checkTensor('sparseMatmul', 'dense', dense);
  const { data, indices, indptr, shape } = sparse;
  const [rows, inner] = shape;
  if (dense.ndim < 1 || dense.ndim > 2 || dense.shape[0] !== inner) {
    throw new ShapeError(
      `sparseMatmul: sparse is ${showShape(shape)} but dense is ${showShape(dense.shape)}; it must be [${inner}, k] or [${inner}]`,
    );
  }
  const k = dense.shape[1] ?? 1;
  const b = view(dense);
  const narrow = data instanceof Float32Array && dense.dtype === 'float32';
  const out = narrow ? new Float32Array(rows * k) : new Float64Array(rows * k);
  for (let i = 0; i < rows; i++) {
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      const value = data[at]!;
      const start = indices[at]! * k;
      for (let j = 0; j < k; j++) out[i * k + j]! += value * b[start + j]!;
    }
  }
  return fromTypedArray(out, [rows, ...dense.shape.slice(1)]);
}

/**
 * Throws unless the parts describe a matrix: for functions that take sparse rows from outside.
 * @throws ShapeError, OptionError that name the place
 */
export function checkSparse(owner: string, sparse: SparseRows): void {
  if (!isSparse(sparse))
    throw new OptionError(`${owner}: sparse must be { data, indices, indptr, shape }, got ${show(sparse)}`);
  checkParts(owner, sparse);
}

/** Throws unless what has the form of sparse rows is a matrix. */
export function checkParts(owner: string, sparse: SparseRows): void {
  const { data, indices, indptr, shape } = sparse;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new OptionError(`${owner}: data must be a Float32Array or Float64Array, got ${show(data)}`);
  }
  for (const [name, list] of [
    ['indices', indices],
    ['indptr', indptr],
  ] as const) {
    if (!(list instanceof Int32Array))
      throw new OptionError(`${owner}: ${name} must be an Int32Array, got ${show(list)}`);
  }
  checkSize(owner, shape);
  const [rows, columns] = shape;
  if (indices.length !== data.length) {
    throw new ShapeError(`${owner}: there are ${data.length} data but ${indices.length} indices`);
  }
  if (indptr.length !== rows + 1) {
    throw new ShapeError(`${owner}: indptr must have ${rows + 1} elements for ${rows} rows, got ${indptr.length}`);
  }
  if (indptr[0] !== 0 || indptr[rows] !== data.length) {
    throw new ShapeError(`${owner}: indptr must go from 0 to ${data.length}, got ${indptr[0]} to ${indptr[rows]}`);
  }
  for (let i = 0; i < rows; i++) {
    if (indptr[i + 1]! < indptr[i]!) throw new ShapeError(`${owner}: indptr must not descend, but does after row ${i}`);
    for (let k = indptr[i]!; k < indptr[i + 1]!; k++) {
      const before = k === indptr[i]! ? -1 : indices[k - 1]!;
      if (indices[k]! > before && indices[k]! < columns) continue;
      throw new OptionError(
        `${owner}: the columns of row ${i} must ascend from 0 to ${columns - 1}, but indices[${k}] is ${indices[k]}`,
      );
    }
  }
}

function checkSize(owner: string, shape: Shape): void {
  if (Array.isArray(shape) && shape.length === 2 && shape.every((n) => Number.isInteger(n) && n >= 0)) return;
  throw new ShapeError(`${owner}: shape must be two integers ≥ 0, got ${show(shape)}`);
}

function isPlace(i: number, n: number): boolean {
  return Number.isInteger(i) && i >= 0 && i < n;
}

/** Puts places in the order of their keys, equal ones as they come. */
function countingSort(keys: ArrayLike<number>, n: number, places: Int32Array): Int32Array {
  const starts = new Int32Array(n + 1);
  for (let i = 0; i < places.length; i++) starts[keys[i]! + 1]!++;
  for (let i = 0; i < n; i++) starts[i + 1]! += starts[i]!;
  const out = new Int32Array(places.length);
  for (let i = 0; i < places.length; i++) out[starts[keys[places[i]!]!]!++] = places[i]!;
  return out;
}
