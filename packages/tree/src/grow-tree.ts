import { type RandomStream, runSteps } from '@maru-ml/base';
import { categoryOrderOf } from './category-order.ts';
import { classCriterion } from './class-criterion.ts';
import type { ClassCriterion, NumberCriterion } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import type { TreeData } from './data.ts';
import { type GrowOptions, growSteps } from './grower.ts';
import { numberCriterion } from './number-criterion.ts';
import { splitterNamed } from './splitter-named.ts';
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
 * Grows a tree on the calling thread, without limits but for those given. Nothing is checked.
 *
 * @param weights [n], 0 for rows that are left out; null: 1 each
 * @param random columns and thresholds are drawn from it; nothing is drawn where all columns and thresholds are tried
 */
export function growTree(
  data: TreeData,
  target: TreeTarget,
  { splitter = 'best', ...options }: Partial<GrowOptions> & { splitter?: 'best' | 'random' },
  weights: Float64Array | null,
  random: RandomStream,
): Tree {
  const all = { ...NO_LIMITS, maxFeatures: data.columns, ...options };
  const criterion = criterionOf(target, weights);
  const Splitter = splitterNamed(splitter);
  return runSteps(
    growSteps(new Splitter(data, criterion, all, weights, random, categoryOrderOf(data, criterion)), criterion, all),
  );
}

const NO_LIMITS: Omit<GrowOptions, 'maxFeatures'> = {
  maxDepth: Number.POSITIVE_INFINITY,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  minWeightLeaf: 0,
  maxLeafNodes: Number.POSITIVE_INFINITY,
  minImpurityDecrease: 0,
};

/** The criterion of a target. Who knows whether it is classes or numbers brings fewer criteria along by `classCriterion` or `numberCriterion`. */
export function criterionOf(target: TreeTarget, weights: Float64Array | null): Criterion {
  return target.kind === 'classes'
    ? classCriterion(target.criterion, target.codes, target.k, weights)
    : numberCriterion(target.criterion, target.y, weights);
}
