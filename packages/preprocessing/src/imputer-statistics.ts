import { type Steps, sortSteps } from '@maru-ml/base';
import { checkColumn } from './affine.ts';
import type { ColumnKind, ColumnValues } from './columns.ts';
import { isMissing } from './imputer-model.ts';
import { percentile } from './order.ts';
import type { SimpleImputerSettings } from './simple-imputer.ts';

/** What is filled in for missing values of a column, null if it is to be left out or never misses any; and how many are missing. */
export function* findStatistic(
  { strategy, missingValues, fillValue, keepEmptyFeatures }: SimpleImputerSettings,
  kind: ColumnKind,
  values: ColumnValues,
  j: number,
): Steps<{ statistic: number | string | null; missing: number }> {
  if (kind === 'boolean') return { statistic: null, missing: 0 };
  const present =
    kind === 'number'
      ? (values as Float64Array).filter((value) => !isMissing(value, missingValues))
      : (values as readonly (string | null)[]).filter((value) => !isMissing(value, missingValues));
  const missing = values.length - present.length;
  if (strategy === 'constant') {
    return { statistic: fillValue ?? (kind === 'number' ? 0 : 'missing_value'), missing };
  }
  if (present.length === 0) {
    const kept = kind === 'number' ? 0 : 'missing_value';
    return { statistic: keepEmptyFeatures ? kept : null, missing };
  }
  if (kind === 'string') return { statistic: mostFrequent((present as string[]).sort()), missing };
  const numbers = present as Float64Array;
  if (strategy === 'mean') return { statistic: meanOf(numbers, j), missing };
  const sorted = yield* sortSteps(numbers.map((value) => value + 0));
  const statistic = strategy === 'median' ? percentile(sorted, 50) : mostFrequent(sorted);
  checkColumn('SimpleImputer', 'median', statistic, j);
  return { statistic, missing };
}

function meanOf(values: Float64Array, j: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  checkColumn('SimpleImputer', 'mean', mean, j);
  return mean;
}

/** Of sorted values the one that comes most often, the first of several. */
function mostFrequent<T>(sorted: ArrayLike<T>): T {
  let [best, longest] = [sorted[0]!, 0];
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from <= longest) continue;
    best = sorted[from]!;
    longest = to - from;
  }
  return best;
}
