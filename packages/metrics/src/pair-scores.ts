import type { Label } from '@maru-ml/tensor';
import { type Contingency, contingency } from './contingency.ts';

// How far a clustering agrees with classes, by pairs of rows: together or apart in both. The names of the clusters do not
// matter. All take two lists of labels [n], cost O(n), and throw an OptionError, ShapeError or DataError for what are none.

/** Pairs of rows, each counted in both orders. */
export interface PairConfusion {
  /** Together in both. */
  together: number;
  /** Together in the classes only. */
  split: number;
  /** Together in the clusters only. */
  merged: number;
  /** Apart in both. */
  apart: number;
}

/** Counts pairs of rows by whether they are together in classes and in clusters. */
export function pairConfusion(labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): PairConfusion {
  return pairsOf(contingency('pairConfusion', labelsTrue, labelsPred));
}

/** The Rand index: the share of pairs that are together in both or apart in both; 1 for a single row. */
export function randScore(labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): number {
  const { together, split, merged, apart } = pairsOf(contingency('randScore', labelsTrue, labelsPred));
  const total = together + split + merged + apart;
  return total === 0 ? 1 : (together + apart) / total;
}

/**
 * The Rand index adjusted for chance: 1 for equal partitions, 0 on the average for random ones, and below 0 for worse.
 *
 * L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2 (1985).
 */
export function adjustedRandScore(labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): number {
  const {
    together: tp,
    split: fn,
    merged: fp,
    apart: tn,
  } = pairsOf(contingency('adjustedRandScore', labelsTrue, labelsPred));
  if (fn === 0 && fp === 0) return 1;
  return (2 * (tp * tn - fn * fp)) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn));
}

/**
 * The Fowlkes-Mallows index: the geometric mean of the precision and recall of pairs; 0 where no pair is together in both.
 *
 * E. Fowlkes and C. Mallows, "A method for comparing two hierarchical clusterings", Journal of the American Statistical
 * Association 78 (1983).
 */
export function fowlkesMallowsScore(labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): number {
  const { together, split, merged } = pairsOf(contingency('fowlkesMallowsScore', labelsTrue, labelsPred));
  if (together === 0) return 0;
  return Math.sqrt(together / (together + merged)) * Math.sqrt(together / (together + split));
}

function pairsOf({ n, rows, columns, cells }: Contingency): PairConfusion {
  const squares = (counts: Float64Array) => counts.reduce((sum, count) => sum + count * count, 0);
  const both = cells.reduce((sum, { count }) => sum + count * count, 0);
  const [inClasses, inClusters] = [squares(rows), squares(columns)];
  return {
    together: both - n,
    split: inClasses - both,
    merged: inClusters - both,
    apart: n * n - inClasses - inClusters + both,
  };
}
