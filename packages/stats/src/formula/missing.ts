import { DataError, list, show } from '@maru-ml/base';
import type { FactorValues } from './compile.ts';
import type { Scope } from './evaluate.ts';
import { columnsIn } from './expression.ts';
import type { Factor } from './parse.ts';

type Evaluated = readonly (readonly [Factor, FactorValues])[];

/**
 * 1 for each row in which a value is missing, else 0.
 * @throws DataError for a value that is NaN or infinite although nothing is missing, such as the logarithm of 0
 */
export function missingRows(scope: Scope, factors: Evaluated): Uint8Array {
  const gaps = new Uint8Array(scope.rows);
  for (const [factor, { data }] of factors) {
    for (let at = 0; at < data.length; at++) {
      const value = data[at]!;
      if (value - value === 0) continue;
      const row = at % scope.rows;
      if (!Number.isNaN(value) || lacks(scope, factor, row) === undefined) throw noValue(scope, factor, row, value);
      gaps[row] = 1;
    }
  }
  return gaps;
}

/** Names the first value that is missing in a row. */
export function missingError(scope: Scope, factors: Evaluated, row: number): DataError {
  const column = factors.map(([factor]) => lacks(scope, factor, row)).find((name) => name !== undefined);
  return new DataError(
    `${scope.source.owner}: ${column} is missing in row ${row}; impute or drop missing values first (see SimpleImputer)`,
  );
}

/** The first column that a factor reads and that is missing in a row. */
function lacks({ data }: Scope, { expression }: Factor, row: number): string | undefined {
  return columnsIn(expression).find((name) => {
    const value: unknown = data[name]?.[row];
    return value === null || Number.isNaN(value);
  });
}

function noValue({ source, data }: Scope, { expression, name }: Factor, row: number, value: number): DataError {
  const columns = [...new Set(columnsIn(expression))].filter((column) => column !== name);
  const where = columns.slice(0, 3).map((column) => `${column} is ${show(data[column]![row])}`);
  return new DataError(
    `${source.owner}: ${name} is ${value} in row ${row}${where.length === 0 ? '' : `, where ${list(where, 'and')}`}`,
  );
}
