import { boston } from '@maru-ml/datasets/boston';

/** Boston's columns and the response by their names. */
export function bostonColumns(): Record<string, Float64Array> {
  const { x, y, featureNames } = boston();
  const [n, d] = x.shape;
  const columns = featureNames.map((name, j) => [name, Float64Array.from({ length: n }, (_, i) => x.data[i * d + j]!)]);
  return Object.fromEntries([...columns, ['MEDV', Float64Array.from(y)]]);
}

/** Some rows of a table. */
export function rowsOf(columns: Record<string, Float64Array>, rows: readonly number[]): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, Float64Array.from(rows, (row) => column[row]!)]),
  );
}

/** The formula of the source's second model: all columns standardized, but for the one that is 0 or 1. */
export const SCALED: string = `MEDV ~ ${'CRIM ZN INDUS NOX RM AGE DIS RAD TAX PTRATIO B LSTAT'
  .split(' ')
  .map((name) => `scale(${name})`)
  .join(' + ')} + CHAS`;
