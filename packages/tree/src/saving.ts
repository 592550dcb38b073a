import { DataError } from '@maru-ml/base';
import { savedNumber } from '@maru-ml/tensor';

/** The number of columns of a model's JSON form. @throws DataError if it is no whole number ≥ 1 */
export function savedColumns(owner: string, fields: Record<string, unknown>): number {
  const columns = savedNumber(owner, fields, 'nFeaturesIn');
  if (Number.isInteger(columns) && columns >= 1) return columns;
  throw new DataError(`${owner}: nFeaturesIn must be an integer ≥ 1, got ${columns}`);
}
