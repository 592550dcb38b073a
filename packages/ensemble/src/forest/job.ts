import { type RandomState, type RandomStream, type Steps, streamAt } from '@maru-ml/base';
import {
  type Criterion,
  categoryOrderOf,
  type GrowOptions,
  growSteps,
  prune,
  type SplitterClass,
  type Tree,
  type TreeData,
  type TreeTarget,
} from '@maru-ml/tree/grow';

/** What the trees of a forest are grown from: all that a worker needs. */
export interface ForestJob {
  readonly data: TreeData;
  readonly target: TreeTarget;
  readonly splitter: 'best' | 'random';
  /** Its `minWeightLeaf` is a share of all weight. */
  readonly options: GrowOptions;
  /** The weights of rows [n]; null for 1 each. */
  readonly weights: Float64Array | null;
  /** How many rows are drawn for each tree, with replacement; null for all rows, once. */
  readonly drawn: number | null;
  readonly ccpAlpha: number;
}

/** Makes the criterion of a tree's target, for rows of these weights. */
export type CriterionFor = (weights: Float64Array | null) => Criterion;

/**
 * Grows a tree with a generator of its own, which draws the rows first.
 * @param criterionFor for the job's target; a forest of classes needs no criteria of numbers, nor the other way round
 * @param Splitter the job's one
 */
export function* growOne(
  job: ForestJob,
  state: RandomState,
  criterionFor: CriterionFor,
  Splitter: SplitterClass,
): Steps<Tree> {
  const random = streamAt(state);
  const weights = weightsOf(job, random);
  let total = job.data.rows;
  if (weights !== null) {
    total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]!;
  }
  const options = { ...job.options, minWeightLeaf: job.options.minWeightLeaf * total };
  const criterion = criterionFor(weights);
  const splitter = new Splitter(job.data, criterion, options, weights, random, categoryOrderOf(job.data, criterion));
  return prune(yield* growSteps(splitter, criterion, options), job.ccpAlpha);
}

/**
 * How often each row is drawn [n]. A draw of nothing but rows without weight, which would make no tree, is taken again.
 * @param random the tree's generator, at its start
 */
export function drawRows(rows: number, drawn: number, weights: Float64Array | null, random: RandomStream): Int32Array {
  for (;;) {
    const counts = new Int32Array(rows);
    let useful = weights === null;
    for (let i = 0; i < drawn; i++) {
      const row = random.integer(rows);
      counts[row]! += 1;
      useful ||= weights![row]! > 0;
    }
    if (useful) return counts;
  }
}

/** The weights of the rows in a tree: how often they are drawn, times their own. */
function weightsOf({ data: { rows }, weights, drawn }: ForestJob, random: RandomStream): Float64Array | null {
  if (drawn === null) return weights;
  const counted = new Float64Array(drawRows(rows, drawn, weights, random));
  if (weights !== null) for (let i = 0; i < rows; i++) counted[i]! *= weights[i]!;
  return counted;
}
