import { checkKnown, checkOneOf, DataError } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { countPairs } from './confusion-matrix.ts';
import { codePairs, type WeightOptions, weightsOf } from './door.ts';

// How far two lists of labels agree beyond chance.

/**
 * The correlation of true and predicted labels (Matthews' coefficient, for more than two classes Gorodkin's R_K): 1 is perfect, 0
 * what guessing gives, and 0 too where either list holds a single label. It does not mind unequal classes. O(n + k²).
 *
 * @param yTrue the true labels [n] @param yPred the predicted ones [n]
 *
 * J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", Computational Biology and
 * Chemistry 28 (2004).
 */
export function matthewsCorrcoef<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: WeightOptions = {},
): number {
  const owner = 'matthewsCorrcoef';
  checkKnown(owner, options, ['sampleWeight']);
  const pairs = codePairs(owner, yTrue, yPred);
  const counts = countPairs(pairs, weightsOf(owner, options.sampleWeight, yTrue.length, 'yTrue'));
  const { rows, columns, total, diagonal } = marginsOf(counts, pairs.classes.length);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, c) => sum + value * b[c]!, 0);
  const both = diagonal * total - dot(rows, columns);
  const spread = (total ** 2 - dot(columns, columns)) * (total ** 2 - dot(rows, rows));
  return spread === 0 ? 0 : both / Math.sqrt(spread);
}

export interface KappaOptions<L extends Label = Label> extends WeightOptions {
  /** The classes to count, in this order; all that occur, ascending. */
  labels?: readonly L[];
  /** How bad it is to take class i for class j: |i - j| ('linear'), (i - j)² ('quadratic'), or always the same (null); null. */
  weights?: 'linear' | 'quadratic' | null;
}

/**
 * Cohen's kappa: the agreement of two who label the same rows, over what chance alone would give: (pₒ - pₑ) / (1 - pₑ).
 * 1 is perfect, 0 chance. O(n + k²).
 *
 * @param y1 the labels of one [n] @param y2 those of the other [n]
 * @throws DataError where both give all rows one and the same label, so that there is nothing beyond chance
 *
 * J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960).
 */
export function cohenKappaScore<L extends Label>(
  y1: ArrayLike<L>,
  y2: ArrayLike<L>,
  options: KappaOptions<L> = {},
): number {
  const owner = 'cohenKappaScore';
  checkKnown(owner, options, ['sampleWeight', 'labels', 'weights']);
  const { labels, weights = null, sampleWeight } = options;
  if (weights !== null) checkOneOf(owner, 'weights', weights, ['linear', 'quadratic']);
  const pairs = codePairs(owner, y1, y2, labels, ['y1', 'y2']);
  const k = pairs.classes.length;
  const counts = countPairs(pairs, weightsOf(owner, sampleWeight, y1.length, 'y1'));
  const { rows, columns, total } = marginsOf(counts, k);
  let [found, expected] = [0, 0];
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const apart = Math.abs(i - j);
      const weight = weights === 'linear' ? apart : weights === 'quadratic' ? apart * apart : Math.min(apart, 1);
      found += weight * counts[i * k + j]!;
      expected += (weight * rows[i]! * columns[j]!) / total;
    }
  }
  if (!(expected > 0)) {
    throw new DataError(`${owner}: chance alone gives full agreement, as both lists hold the same single label`);
  }
  return 1 - found / expected;
}

function marginsOf(
  counts: Float64Array,
  k: number,
): { rows: Float64Array; columns: Float64Array; total: number; diagonal: number } {
  const [rows, columns] = [new Float64Array(k), new Float64Array(k)];
  let [total, diagonal] = [0, 0];
  for (let i = 0; i < k; i++) {
    diagonal += counts[i * k + i]!;
    for (let j = 0; j < k; j++) {
      const count = counts[i * k + j]!;
      rows[i]! += count;
      columns[j]! += count;
      total += count;
    }
  }
  return { rows, columns, total, diagonal };
}
