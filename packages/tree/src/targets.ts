import { DataError, show } from '@maru-ml/base';
import type { NumberCriterion } from './criteria.ts';

/**
 * Checks that the squares of deviations neither overflow nor vanish, and that counts are counts.
 * @throws DataError
 */
export function checkNumbers(
  owner: string,
  criterion: NumberCriterion,
  y: Float64Array,
  weights: Float64Array | null,
): void {
  let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (criterion !== 'poisson') continue;
    if (value < 0) throw new DataError(`${owner}: y[${i}] must be ≥ 0 for criterion 'poisson', got ${show(value)}`);
    sum += value * (weights === null ? 1 : weights[i]!);
  }
  if (criterion === 'poisson' && sum === 0) {
    throw new DataError(`${owner}: y must not be all 0 for criterion 'poisson', where rows weigh something`);
  }
  const spread = high - low;
  if (high > LARGEST || low < -LARGEST) {
    throw new DataError(`${owner}: squares of the numbers in y overflow; divide y by a constant first`);
  }
  if (spread > 0 && spread < 1 / LARGEST) {
    throw new DataError(`${owner}: squares of the differences in y vanish; multiply y by a constant first`);
  }
}

/** Squares of it, times weights, are far from overflow. */
const LARGEST = 1e100;
