import { DataError, ShapeError } from '@maru-ml/base';
import { checkFinite, type Matrix, type MatrixLike, type MatrixOptions, toMatrix } from './matrix.ts';
import { showShape } from './shape.ts';
import { checkSparse, isSparse, type SparseRows } from './sparse.ts';

/**
 * `toMatrix` for estimators that also take sparse rows: those are checked in the same way and come back as they are, float64
 * or float32. `isSparse` tells which came.
 *
 * @throws ShapeError, DataError, OptionError as `toMatrix`, for sparse rows too
 */
export function toRows(owner: string, x: MatrixLike | SparseRows, options: MatrixOptions = {}): Matrix | SparseRows {
  if (!isSparse(x)) return toMatrix(owner, x, options);
  const { name = 'x', columns: wanted, allowMissing = false } = options;
  checkSparse(owner, x);
  const { data, indices, indptr, shape } = x;
  const [rows, columns] = shape;
  if (rows === 0 || columns === 0)
    throw new DataError(`${owner}: ${name} must have at least one row and one column, got shape ${showShape(shape)}`);
  if (wanted !== undefined && columns !== wanted) {
    const has = `${columns} ${columns === 1 ? 'column' : 'columns'}`;
    throw new ShapeError(`${owner}: ${name} has ${has}, but the model was fitted with ${wanted}`);
  }
  const place = (at: number) => {
    let row = 0;
    while (indptr[row + 1]! <= at) row++;
    return `${row}, ${indices[at]}`;
  };
  checkFinite(owner, name, data, place, allowMissing);
  return x;
}
