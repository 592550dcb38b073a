import { DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import type { DataColumns } from '../design.ts';

/** A column in one of two forms: numbers (missing: NaN), or strings and booleans (missing: null). */
export type ReadColumn = Float64Array | readonly (string | boolean | null)[];

/** A checked table. */
export interface ReadTable {
  readonly rows: number;
  readonly columns: readonly (readonly [string, ReadColumn])[];
}

/**
 * Checks a table of named columns.
 * @throws OptionError for what is no table, ShapeError if lengths differ, DataError for columns of mixed values
 */
export function readColumns(owner: string, columns: DataColumns): ReadTable {
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) {
    throw new OptionError(`${owner}: columns must be an object of columns by name, got ${show(columns)}`);
  }
  const entries = Object.entries(columns).map(([name, column]) => [name, readColumn(owner, name, column)] as const);
  const [first] = entries;
  if (first === undefined) throw new DataError(`${owner}: columns must be at least 1, got 0`);
  for (const [name, { length }] of entries) {
    if (length === first[1].length) continue;
    throw new ShapeError(
      `${owner}: column ${show(first[0])} has ${first[1].length} rows, but ${show(name)} has ${length}`,
    );
  }
  return { rows: first[1].length, columns: entries };
}

function readColumn(owner: string, name: string, column: unknown): ReadColumn {
  if (ArrayBuffer.isView(column) && !(column instanceof DataView)) return Float64Array.from(column as Float64Array);
  if (!Array.isArray(column)) {
    throw new OptionError(
      `${owner}: column ${show(name)} must be an array of numbers, strings or booleans, got ${show(column)}`,
    );
  }
  const present = column.find((value) => value !== null);
  const type = typeof present;
  if (type !== 'number' && type !== 'string' && type !== 'boolean' && present !== undefined) {
    throw new DataError(`${owner}: column ${show(name)} must hold numbers, strings or booleans, got ${show(present)}`);
  }
  const other = column.findIndex((value) => value !== null && typeof value !== type);
  if (other >= 0) {
    throw new DataError(
      `${owner}: column ${show(name)} must hold values of one type, but row ${other} is ${show(column[other])}; missing ones are NaN or null`,
    );
  }
  return type === 'number' ? Float64Array.from(column, (value) => value ?? Number.NaN) : column;
}
