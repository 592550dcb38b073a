import type { ClassCriterion } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import { Entropy } from './entropy.ts';
import { Gini } from './gini.ts';

/** The criterion of classes by its name, for classes `codes` [n] from 0 to k - 1. */
export function classCriterion(
  name: ClassCriterion,
  codes: Int32Array,
  k: number,
  weights: Float64Array | null,
): Criterion {
  return name === 'gini' ? new Gini(codes, k, weights) : new Entropy(codes, k, weights);
}
