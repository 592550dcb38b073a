import { checkFinite, checkSize, type Matrix, type MatrixLike, type MatrixOptions, toMatrix } from './matrix.ts';
import { checkParts, isSparse, type SparseRows } from './sparse.ts';

/**
 * `toMatrix` for estimators that also take sparse rows: those are checked in the same way and come back as they are, float64
 * or float32. `isSparse` tells which came.
 *
 * @throws ShapeError, DataError, OptionError as `toMatrix`, for sparse rows too
 */
export function toRows(owner: string, x: MatrixLike | SparseRows, options: MatrixOptions = {}): Matrix | SparseRows {
  if (!isSparse(x)) return toMatrix(owner, x, options);
  const { name = 'x', allowMissing = false, unchecked = false } = options;
  checkParts(owner, x);
  const { data, indices, indptr, shape } = x;
  checkSize(owner, ...shape, options);
  if (unchecked) return x;
  const place = (at: number) => {
    let row = 0;
    while (indptr[row + 1]! <= at) row++;
    return [row, indices[at]!];
  };
  checkFinite(owner, name, data, place, allowMissing);
  return x;
}
