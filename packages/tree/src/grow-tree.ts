import { type Random, runSteps, type Steps } from '@maru-ml/base';
import { classCriterion } from './class-criterion.ts';
import type { ClassCriterion, NumberCriterion } from './criteria.ts';
import type { TreeData } from './data.ts';
import { type GrowOptions, growSteps } from './grower.ts';
import { numberCriterion } from './number-criterion.ts';
import type { Criterion } from './search.ts';
import type { Tree } from './tree.ts';

/** What a tree is to tell. */
export type TreeTarget =
  | {
      readonly kind: 'classes';
      /** The class of each row [n], from 0 to k - 1. */
      readonly codes: Int32Array;
      readonly k: number;
      readonly criterion: ClassCriterion;
    }
  | {
      readonly kind: 'numbers';
      /** [n]; ≥ 0 and not all 0 for 'poisson'. */
      readonly y: Float64Array;
      readonly criterion: NumberCriterion;
    };

/**
 * Grows a tree on the calling thread. Nothing is checked.
 *
 * @param weights [n], 0 for rows that are left out; null: 1 each
 * @param random columns and thresholds are drawn from it; nothing is drawn where all columns and thresholds are tried
 */
export function growTree(
  data: TreeData,
  target: TreeTarget,
  options: GrowOptions,
  weights: Float64Array | null,
  random: Random,
): Tree {
  return runSteps(growTreeSteps(data, target, options, weights, random));
}

/** `growTree` in steps, which pause after some milliseconds of work. */
export function growTreeSteps(
  data: TreeData,
  target: TreeTarget,
  options: GrowOptions,
  weights: Float64Array | null,
  random: Random,
): Steps<Tree> {
  return growSteps(data, criterionOf(target, weights), options, weights, random);
}

/** The criterion of a target. Who knows whether it is classes or numbers brings fewer criteria along by `classCriterion` or `numberCriterion`. */
export function criterionOf(target: TreeTarget, weights: Float64Array | null): Criterion {
  return target.kind === 'classes'
    ? classCriterion(target.criterion, target.codes, target.k, weights)
    : numberCriterion(target.criterion, target.y, weights);
}
