import { DataError } from '@maru-ml/base';
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
  if (criterion === 'poisson') checkCounts(owner, y, weights);
  checkSpread(owner, y);
}

function checkCounts(owner: string, y: Float64Array, weights: Float64Array | null): void {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    if (y[i]! < 0) throw new DataError(`${owner}: y[${i}] must be ≥ 0 for criterion 'poisson', got ${y[i]}`);
    sum += y[i]! * (weights === null ? 1 : weights[i]!);
  }
  if (sum === 0) {
    throw new DataError(`${owner}: y must not be all 0 for criterion 'poisson', where rows weigh something`);
  }
}

/**
 * Checks that the squares of deviations neither overflow nor vanish.
 * @throws DataError
 */
export function checkSpread(owner: string, y: Float64Array): void {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of y) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (high > LARGEST || low < -LARGEST) {
    throw new DataError(`${owner}: squares of the numbers in y overflow; divide y by a constant first`);
  }
  if (high > low && high - low < 1 / LARGEST) {
    throw new DataError(`${owner}: squares of the differences in y vanish; multiply y by a constant first`);
  }
}

/** Squares of it, times weights, are far from overflow. */
const LARGEST = 1e100;
