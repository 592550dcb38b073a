import { Absolute } from './absolute.ts';
import type { NumberCriterion } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import { Poisson } from './poisson.ts';
import { Squares } from './squares.ts';

/** The criterion of numbers by its name, for targets `y` [n]. */
export function numberCriterion(name: NumberCriterion, y: Float64Array, weights: Float64Array | null): Criterion {
  if (name === 'absoluteError') return new Absolute(y, weights);
  if (name === 'poisson') return new Poisson(y, weights);
  return new Squares(y, weights, name === 'squaredError');
}
