import { readable } from '@maru-ml/base';
import type { DataColumns } from '../design.ts';
import { readColumns } from './columns.ts';

/** How much of a column is missing. */
export interface MissingCount {
  readonly missing: number;
  /** `missing` / rows, from 0 to 1. */
  readonly share: number;
}

/** Rows that lack the same columns. */
export interface MissingPattern {
  /** The columns that are missing in these rows; none in complete rows. */
  readonly columns: readonly string[];
  readonly rows: number;
}

/** What is missing where. */
export interface MissingTable {
  readonly rows: number;
  /** Rows in which nothing is missing. */
  readonly completeRows: number;
  /** By the names of all columns. */
  readonly columns: Readonly<Record<string, MissingCount>>;
  /** Which columns are missing together, the most frequent first. */
  readonly patterns: readonly MissingPattern[];
  toString(): string;
}

/**
 * What is missing in a table: NaN in columns of numbers, null in those of strings. O(n k).
 *
 * @throws ShapeError for columns of different lengths; OptionError
 *
 * @example
 * ```ts
 * import { missingTable } from '@maru-ml/stats';
 *
 * console.log(missingTable({ age: Float64Array.of(31, NaN, 45, NaN), city: ['Ulm', null, 'Ulm', 'Bern'] }));
 * // 2 of 4 rows are complete
 * //   age   2  50.0%
 * //   city  1  25.0%
 * ```
 */
export function missingTable(columns: DataColumns): MissingTable {
  const { rows, columns: read } = readColumns('missingTable', columns);
  const names = read.map(([name]) => name);
  const counts = new Map(names.map((name) => [name, 0]));
  const patterns = new Map<string, { columns: string[]; rows: number }>();
  for (let i = 0; i < rows; i++) {
    const lacking = read.filter(([, column]) => column[i] === null || Number.isNaN(column[i])).map(([name]) => name);
    for (const name of lacking) counts.set(name, counts.get(name)! + 1);
    const key = JSON.stringify(lacking);
    const pattern = patterns.get(key) ?? { columns: lacking, rows: 0 };
    pattern.rows++;
    patterns.set(key, pattern);
  }
  const sorted = [...patterns.values()].sort((a, b) => b.rows - a.rows);
  const entries = [...counts].map(([name, missing]) => [name, { missing, share: rows === 0 ? 0 : missing / rows }]);
  return new Missing(rows, Object.fromEntries(entries), sorted);
}

class Missing implements MissingTable {
  readonly rows;
  readonly completeRows;
  readonly columns;
  readonly patterns;

  constructor(rows: number, columns: Record<string, MissingCount>, patterns: MissingPattern[]) {
    this.rows = rows;
    this.completeRows = patterns.find((pattern) => pattern.columns.length === 0)?.rows ?? 0;
    this.columns = Object.freeze(columns);
    this.patterns = Object.freeze(patterns);
    readable(this);
    Object.freeze(this);
  }

  toString(): string {
    const entries = Object.entries(this.columns);
    const width = Math.max(...entries.map(([name]) => name.length));
    const digits = Math.max(...entries.map(([, { missing }]) => String(missing).length));
    const lines = entries.map(([name, { missing, share }]) => {
      return `  ${name.padEnd(width)}  ${String(missing).padStart(digits)}  ${(100 * share).toFixed(1).padStart(4)}%`;
    });
    return [`${this.completeRows} of ${this.rows} rows are complete`, ...lines].join('\n');
  }
}
