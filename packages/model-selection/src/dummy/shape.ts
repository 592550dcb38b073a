import { DataError, ShapeError } from '@maru-ml/base';
import { isSparse, type MatrixLike, type SparseRows, toMatrix } from '@maru-ml/tensor';

/** How many rows and columns there are: all that a baseline looks at. @param wanted columns that the model was fitted with */
export function shapeOf(
  owner: string,
  x: MatrixLike | SparseRows,
  wanted?: number,
): { readonly rows: number; readonly columns: number } {
  if (!isSparse(x)) return toMatrix(owner, x, { allowMissing: true, ...(wanted !== undefined && { columns: wanted }) });
  const [rows, columns] = x.shape;
  if (rows === 0 || columns === 0) {
    throw new DataError(`${owner}: x must have at least one row and one column, got shape [${rows}, ${columns}]`);
  }
  if (wanted !== undefined && columns !== wanted) {
    throw new ShapeError(
      `${owner}: x has ${columns} ${columns === 1 ? 'column' : 'columns'}, but the model was fitted with ${wanted}`,
    );
  }
  return { rows, columns };
}
