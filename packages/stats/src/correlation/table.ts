import { checkKnown, checkOneOf, DataError, readable, show } from '@maru-ml/base';
import { Table } from '@maru-ml/tensor';
import { readColumns } from '../descriptive/columns.ts';
import type { DataColumns } from '../design.ts';
import { ranksOf } from '../hypothesis/rank.ts';
import type { NanPolicy } from '../hypothesis/sample.ts';
import { kendalltau } from './kendall.ts';
import { correlationProbability, cosine, directionOf } from './pearson.ts';

export interface CorrelationTableOptions {
  /** Which correlation; 'pearson'. */
  method?: 'pearson' | 'spearman' | 'kendall';
  /** What becomes of NaN: an error, or pairs are left out of the correlations of their two columns; 'raise'. */
  nanPolicy?: NanPolicy;
}

/** The correlations of all pairs of columns. */
export interface CorrelationTable {
  readonly method: 'pearson' | 'spearman' | 'kendall';
  /** The names of the columns [k]. */
  readonly names: readonly string[];
  /** The correlations [k, k]. */
  readonly correlations: Table;
  /** Two-sided p-values [k, k]; 0 on the diagonal. */
  readonly pvalues: Table;
  /** How many pairs there were [k, k]. */
  readonly counts: Table;
  /** The lower half of the table, with stars for p < .05, .01 and .001. */
  toString(): string;
  toJSON(): object;
}

/**
 * The correlations of all pairs of numeric columns, with p-values, as `pearsonr`, `spearmanr` and `kendalltau` give them. Many p-values
 * need a correction: see `multipletests`. O(k² n), Kendall's O(k² n log n).
 *
 * @throws DataError for NaN (unless omitted), columns that hold no numbers, constant ones, or fewer than 2 pairs; ShapeError; OptionError
 *
 * @example
 * ```ts
 * import { correlationTable } from '@maru-ml/stats';
 *
 * const table = correlationTable({
 *   length: Float64Array.of(1, 2, 3, 4, 5),
 *   width: Float64Array.of(2, 1, 4, 3, 5),
 * });
 * console.log(table);
 * // Pearson's correlations of 5 rows (* p < .05, ** p < .01, *** p < .001)
 * //         length  width
 * // length  1.000
 * // width   0.800   1.000
 * ```
 */
export function correlationTable(columns: DataColumns, options: CorrelationTableOptions = {}): CorrelationTable {
  const owner = 'correlationTable';
  checkKnown(owner, options, ['method', 'nanPolicy']);
  const { method = 'pearson', nanPolicy = 'raise' } = options;
  checkOneOf(owner, 'method', method, ['pearson', 'spearman', 'kendall']);
  checkOneOf(owner, 'nanPolicy', nanPolicy, ['raise', 'omit']);
  const [names, values] = numericColumns(owner, columns, nanPolicy === 'omit');
  const k = names.length;
  const [correlations, pvalues, counts] = [new Float64Array(k * k), new Float64Array(k * k), new Float64Array(k * k)];
  // Without missing values a column is ranked and scaled once.
  const whole = method !== 'kendall' && values.every((column) => !column.some(Number.isNaN));
  const prepare = (name: string, column: Float64Array) =>
    directionOf(owner, `column ${show(name)}`, method === 'spearman' ? ranksOf(column).ranks : column);
  const directions = whole ? values.map((column, i) => prepare(names[i]!, column)) : [];
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) {
      let [r, p, n] = [0, 0, values[i]!.length];
      if (whole) r = cosine(directions[i]!, directions[j]!);
      else {
        const there = (_: number, row: number) => !Number.isNaN(values[i]![row]! + values[j]![row]!);
        const [a, b] = [values[i]!.filter(there), values[j]!.filter(there)];
        n = a.length;
        if (n < 2)
          throw new DataError(
            `${owner}: columns ${show(names[i])} and ${show(names[j])} share ${n} rows, but 2 are needed`,
          );
        if (method === 'kendall') ({ statistic: r, pvalue: p } = kendall(owner, names[i]!, names[j]!, a, b));
        else r = cosine(prepare(names[i]!, a), prepare(names[j]!, b));
      }
      if (method !== 'kendall') p = correlationProbability(r, n, 'two-sided');
      for (const at of [i * k + j, j * k + i]) {
        correlations[at] = r;
        pvalues[at] = p;
        counts[at] = n;
      }
    }
    correlations[i * k + i] = 1;
    counts[i * k + i] = values[i]!.filter((value) => !Number.isNaN(value)).length;
  }
  return new Correlations(
    method,
    names,
    new Table(correlations, k, k),
    new Table(pvalues, k, k),
    new Table(counts, k, k),
  );
}

class Correlations implements CorrelationTable {
  readonly method;
  readonly names;
  readonly correlations;
  readonly pvalues;
  readonly counts;

  constructor(
    method: CorrelationTable['method'],
    names: readonly string[],
    correlations: Table,
    pvalues: Table,
    counts: Table,
  ) {
    this.method = method;
    this.names = Object.freeze([...names]);
    this.correlations = correlations;
    this.pvalues = pvalues;
    this.counts = counts;
    readable(this);
    Object.freeze(this);
  }

  toString(): string {
    const title = { pearson: "Pearson's", spearman: "Spearman's", kendall: "Kendall's" }[this.method];
    const [r, p, n] = [this.correlations.toArray(), this.pvalues.toArray(), this.counts.data];
    const most = Array.from(n).reduce((a, b) => Math.max(a, b), 0);
    const cells = r.map((row, i) =>
      row.slice(0, i + 1).map((value, j) => value.toFixed(3) + (i === j ? '' : starsOf(p[i]![j]!))),
    );
    const rows = [['', ...this.names], ...cells.map((row, i) => [this.names[i]!, ...row])];
    const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]?.length ?? 0)));
    const lines = rows.map((row) =>
      row
        .map((cell, j) => cell.padEnd(widths[j]!))
        .join('  ')
        .trimEnd(),
    );
    const head = `${title} correlations of ${most} rows (* p < .05, ** p < .01, *** p < .001)`;
    return [head, ...lines].join('\n');
  }

  toJSON(): object {
    const { method, names, correlations, pvalues, counts } = this;
    return { method, names, correlations, pvalues, counts };
  }
}

function starsOf(p: number): string {
  return p < 0.001 ? '***' : p < 0.01 ? '**' : p < 0.05 ? '*' : '';
}

function kendall(
  owner: string,
  first: string,
  second: string,
  x: Float64Array,
  y: Float64Array,
): { statistic: number; pvalue: number } {
  for (const [name, column] of [
    [first, x],
    [second, y],
  ] as const)
    directionOf(owner, `column ${show(name)}`, column);
  return kendalltau(x, y);
}

/** The columns, which must all hold numbers. */
function numericColumns(owner: string, columns: DataColumns, allowMissing: boolean): [string[], Float64Array[]] {
  const { columns: read } = readColumns(owner, columns);
  const names = read.map(([name]) => name);
  if (names.length < 2) throw new DataError(`${owner}: columns must be at least 2, got ${names.length}`);
  const values = read.map(([name, column]) => {
    if (!(column instanceof Float64Array)) {
      throw new DataError(`${owner}: column ${show(name)} holds no numbers; leave it out`);
    }
    for (const [i, value] of column.entries()) {
      if (Number.isFinite(value) || (allowMissing && Number.isNaN(value))) continue;
      const remedy = Number.isNaN(value) ? "; impute or drop missing values first, or use nanPolicy: 'omit'" : '';
      throw new DataError(`${owner}: row ${i} of column ${show(name)} is ${value}${remedy}`);
    }
    return column;
  });
  return [names, values];
}
