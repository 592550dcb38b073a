import { checkKnown, checkNumber, DataError, OptionError, readable, show } from '@maru-ml/base';
import type { DataColumns } from '../design.ts';
import { readColumns } from './columns.ts';
import { isConstant, kurtosisOf, momentsOf, skewOf } from './moments.ts';

export interface DescribeOptions {
  /** Which quantiles are told; [.25, .5, .75]. */
  percentiles?: readonly number[];
}

/** What there is to tell of a column of numbers. What too few numbers or constant ones do not have is NaN. */
export interface NumericSummary {
  /** How many are not missing. */
  readonly count: number;
  readonly missing: number;
  readonly mean: number;
  /** The standard deviation, with the divisor n - 1. */
  readonly std: number;
  readonly min: number;
  /** By name, such as '25%', interpolated between neighbors. */
  readonly quantiles: Readonly<Record<string, number>>;
  readonly max: number;
  /** Corrected for bias, as in pandas, R's e1071 (type 2) and SAS. */
  readonly skew: number;
  /** Less 3, corrected for bias. */
  readonly kurtosis: number;
}

/** What there is to tell of a column of strings or booleans. */
export interface CategoricalSummary {
  readonly count: number;
  readonly missing: number;
  /** How many different values there are. */
  readonly unique: number;
  /** The most frequent value; of several the one that comes first. Null if all are missing. */
  readonly top: string | boolean | null;
  /** How often that is. */
  readonly freq: number;
}

/** A table of summaries. */
export interface Description {
  readonly rows: number;
  /** By the names of columns of numbers. */
  readonly numeric: Readonly<Record<string, NumericSummary>>;
  /** By the names of columns of strings and booleans. */
  readonly categorical: Readonly<Record<string, CategoricalSummary>>;
  toString(): string;
  toJSON(): object;
}

/**
 * A first look at a table: a summary of each column, without its missing values (NaN, null). O(n log n) for each.
 *
 * @throws ShapeError for columns of different lengths; DataError for infinite numbers; OptionError
 *
 * @example
 * ```ts
 * import { describe } from '@maru-ml/stats';
 *
 * console.log(describe({ height: Float64Array.of(1.5, 1.7, NaN, 1.9, 1.7), group: ['a', 'b', 'a', 'a', null] }));
 * //             height
 * // count            4
 * // missing          1
 * // mean           1.7
 * // std       0.163299
 * // min            1.5
 * // 25%           1.65
 * // 50%            1.7
 * // 75%           1.75
 * // max            1.9
 * // skew             0
 * // kurtosis       1.5
 * //
 * //          group
 * // count        4
 * // missing      1
 * // unique       2
 * // top          a
 * // freq         3
 * ```
 */
export function describe(columns: DataColumns, options: DescribeOptions = {}): Description {
  const owner = 'describe';
  checkKnown(owner, options, ['percentiles']);
  const { percentiles = [0.25, 0.5, 0.75] } = options;
  if (!Array.isArray(percentiles)) {
    throw new OptionError(`${owner}: percentiles must be an array of numbers, got ${show(percentiles)}`);
  }
  percentiles.forEach((q, i) => void checkNumber(owner, `percentiles[${i}]`, q, { min: 0, max: 1 }));
  const { rows, columns: read } = readColumns(owner, columns);
  const numeric: Record<string, NumericSummary> = {};
  const categorical: Record<string, CategoricalSummary> = {};
  for (const [name, column] of read) {
    if (column instanceof Float64Array) numeric[name] = numericSummary(owner, name, column, percentiles);
    else categorical[name] = categoricalSummary(column);
  }
  return new DescriptionTable(rows, numeric, categorical);
}

/** The quantile of ascending numbers, interpolated between neighbors; NaN if there are none. */
export function quantileOf(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const [a, b] = [sorted[low] ?? Number.NaN, sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN];
  return a === b ? a : a + (at - low) * (b - a);
}

function numericSummary(
  owner: string,
  name: string,
  column: Float64Array,
  percentiles: readonly number[],
): NumericSummary {
  const bad = column.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (bad >= 0)
    throw new DataError(`${owner}: row ${bad} of column ${show(name)} is ${column[bad]}; all numbers must be finite`);
  const x = column.filter((value) => !Number.isNaN(value)).sort();
  const moments = momentsOf(x);
  const { n, mean, m2 } = moments;
  const varies = n > 0 && !isConstant(n, mean, m2);
  return Object.freeze({
    count: n,
    missing: column.length - n,
    mean,
    std: n > 1 ? Math.sqrt(m2 / (n - 1)) : Number.NaN,
    min: x[0] ?? Number.NaN,
    quantiles: Object.freeze(Object.fromEntries(percentiles.map((q) => [percentName(q), quantileOf(x, q)]))),
    max: x[n - 1] ?? Number.NaN,
    skew: varies && n > 2 ? skewOf(owner, moments, false) : Number.NaN,
    kurtosis: varies && n > 3 ? kurtosisOf(owner, moments, false) : Number.NaN,
  });
}

function percentName(q: number): string {
  return `${Number((100 * q).toPrecision(12))}%`;
}

function categoricalSummary(column: readonly (string | boolean | null)[]): CategoricalSummary {
  const counts = new Map<string | boolean, number>();
  let count = 0;
  for (const value of column) {
    if (value === null) continue;
    count++;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let [top, freq]: [string | boolean | null, number] = [null, 0];
  for (const [value, times] of counts) if (times > freq) [top, freq] = [value, times];
  return Object.freeze({ count, missing: column.length - count, unique: counts.size, top, freq });
}

class DescriptionTable implements Description {
  readonly rows;
  readonly numeric;
  readonly categorical;

  constructor(rows: number, numeric: Record<string, NumericSummary>, categorical: Record<string, CategoricalSummary>) {
    this.rows = rows;
    this.numeric = Object.freeze(numeric);
    this.categorical = Object.freeze(categorical);
    readable(this);
    Object.freeze(this);
  }

  toString(): string {
    const numbers = Object.entries(this.numeric).map(([name, { quantiles, ...rest }]) => {
      const { count, missing, mean, std, min, max, skew, kurtosis } = rest;
      return [name, { count, missing, mean, std, min, ...quantiles, max, skew, kurtosis }] as const;
    });
    const tables = [numbers, Object.entries(this.categorical)].filter((table) => table.length > 0);
    return tables.map(textTable).join('\n\n');
  }

  /** The same with null for what a column does not have. */
  toJSON(): object {
    const { rows, numeric, categorical } = this;
    return { rows, numeric, categorical };
  }
}

/** A column for each name and a row for each statistic. */
function textTable(columns: readonly (readonly [string, object])[]): string {
  const stats = Object.keys(columns[0]![1]);
  const head = Math.max(...stats.map((stat) => stat.length));
  const blocks = columns.map(([name, summary]) => {
    const cells = [name, ...Object.values(summary).map(cell)];
    const width = Math.max(...cells.map((text) => text.length));
    return cells.map((text) => text.padStart(width));
  });
  return ['', ...stats].map((stat, i) => [stat.padEnd(head), ...blocks.map((block) => block[i])].join('  ')).join('\n');
}

function cell(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}
