import { ShapeError } from '@maru-ml/base';
import {
  isSparse,
  type Matrix,
  type MatrixLike,
  type MatrixOptions,
  type SparseRows,
  toMatrix,
  toRows,
} from '@maru-ml/tensor';

/**
 * Checks rows that are to go the way back: they have the columns that a model makes.
 * @throws ShapeError, DataError, OptionError as `toRows`
 */
export function toMade(
  owner: string,
  x: MatrixLike | SparseRows,
  columns: number,
  allowMissing = false,
): Matrix | SparseRows {
  const rows = toRows(owner, x, { keepFloat32: true, allowMissing });
  checkMade(owner, isSparse(rows) ? rows.shape[1] : rows.columns, columns);
  return rows;
}

/** The same for dense rows. */
export function toMadeMatrix(
  owner: string,
  x: MatrixLike,
  columns: number,
  options: Omit<MatrixOptions, 'columns'> = {},
): Matrix {
  const matrix = toMatrix(owner, x, options);
  checkMade(owner, matrix.columns, columns);
  return matrix;
}

function checkMade(owner: string, came: number, columns: number): void {
  if (came === columns) return;
  throw new ShapeError(`${owner}: x has ${came} ${came === 1 ? 'column' : 'columns'}, but the model makes ${columns}`);
}

/** Row i with its zeros, into `out`. */
export function readRow(x: Matrix | SparseRows, i: number, out: Float64Array): void {
  if (!isSparse(x)) {
    out.set(x.data.subarray(i * x.columns, (i + 1) * x.columns));
    return;
  }
  out.fill(0);
  for (let at = x.indptr[i]!; at < x.indptr[i + 1]!; at++) out[x.indices[at]!] = x.data[at]!;
}
