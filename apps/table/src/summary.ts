import type { ColumnKind } from '@maru-ml/datasets';
import type { Columns } from '@maru-ml/tensor';

/** What can be said of a column before anything is fitted. */
export interface Summary {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number;
  /** Of numbers: the smallest, mean, middle and largest; null if there are none. */
  readonly numbers: {
    readonly min: number;
    readonly mean: number;
    readonly median: number;
    readonly max: number;
  } | null;
  /** The commonest values with their counts, the commonest first; of numbers too. */
  readonly common: readonly (readonly [value: string, count: number])[];
  /** How many values fall into each of up to 12 equal parts of the range, or are each of the commonest. */
  readonly bins: readonly number[];
  /** Whether all values are whole numbers. */
  readonly whole: boolean;
}

const BINS = 12;

/** The columns of a table, one after the other. */
export function summarize(columns: Columns): Summary[] {
  return Object.entries(columns).map(([name, values]) => {
    const present = Array.from<unknown>(values).filter((value) => value !== null && !Number.isNaN(value));
    const counts = new Map<unknown, number>();
    for (const value of present) counts.set(value, (counts.get(value) ?? 0) + 1);
    const common = [...counts].sort(([, a], [, b]) => b - a).map(([value, count]) => [String(value), count] as const);
    const kind = kindOf(values);
    const numbers = kind === 'number' ? Float64Array.from(present as number[]).sort() : null;
    return {
      name,
      kind,
      rows: values.length,
      missing: values.length - present.length,
      distinct: counts.size,
      numbers: numbers === null || numbers.length === 0 ? null : figuresOf(numbers),
      common: common.slice(0, 100),
      bins: numbers === null ? common.slice(0, BINS).map(([, count]) => count) : binsOf(numbers),
      whole: numbers?.every((value) => Number.isInteger(value)) ?? false,
    };
  });
}

function kindOf(values: Columns[string]): ColumnKind {
  if (values instanceof Float64Array) return 'number';
  return typeof values.find((value) => value !== null) === 'boolean' ? 'boolean' : 'string';
}

function figuresOf(sorted: Float64Array): NonNullable<Summary['numbers']> {
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { min: sorted[0]!, mean, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
}

function binsOf(sorted: Float64Array): number[] {
  const bins = new Array<number>(BINS).fill(0);
  const [min, range] = [sorted[0]!, sorted.at(-1)! - sorted[0]!];
  for (const value of sorted)
    bins[range > 0 && range < Infinity ? Math.min(BINS - 1, Math.floor((BINS * (value - min)) / range)) : 0]! += 1;
  return bins;
}

/** What a target asks for: one of some classes, or a number. */
export type Task = 'classes' | 'number';

/** The tasks that make sense for a target, the likeliest first. */
export function tasksFor({ kind, distinct, whole }: Summary): Task[] {
  if (kind !== 'number') return ['classes'];
  if (whole && distinct <= 10) return ['classes', 'number'];
  return distinct <= 50 ? ['number', 'classes'] : ['number'];
}

/** Whether a column can teach a model nothing: it never changes, or names its rows, such as a ticket. */
export function isIdle({ kind, rows, distinct }: Summary): boolean {
  return distinct < 2 || (kind === 'string' && distinct > 20 && distinct > rows / 2);
}
