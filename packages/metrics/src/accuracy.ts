import { checkBoolean, checkInteger, checkKnown, DataError } from '@maru-ml/base';
import type { Label, MatrixLike } from '@maru-ml/tensor';
import { codePairs, type WeightOptions, weightsOf } from './door.ts';
import { scoresOf } from './scores.ts';

// The share of rows that are predicted right, in its variants. All take labels [n] of the caller's own type and throw an
// OptionError, ShapeError or DataError for what are none, for no rows and for lists of unequal length.

export interface AccuracyOptions extends WeightOptions {
  /** The share; false: the number (or weight) of the rows; true. */
  normalize?: boolean;
}

/** The share of rows whose label is predicted right. O(n). */
export function accuracyScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: AccuracyOptions = {},
): number {
  const { right, total, normalize } = count('accuracyScore', yTrue, yPred, options);
  return normalize ? right / total : right;
}

/** The share of rows whose label is predicted wrong: 1 - accuracy. O(n). */
export function zeroOneLoss<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: AccuracyOptions = {},
): number {
  const { right, total, normalize } = count('zeroOneLoss', yTrue, yPred, options);
  return normalize ? 1 - right / total : total - right;
}

/** The share of labels that differ; with one label a row, as here, the same as `zeroOneLoss`. O(n). */
export function hammingLoss<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: WeightOptions = {},
): number {
  checkKnown('hammingLoss', options, ['sampleWeight']);
  const { right, total } = count('hammingLoss', yTrue, yPred, options);
  return (total - right) / total;
}

export interface BalancedAccuracyOptions extends WeightOptions {
  /** Rescale so that guessing gives 0 and 1 stays 1; false. */
  adjusted?: boolean;
}

/**
 * The mean over the classes in `yTrue` of the share of their rows that is predicted right: the accuracy if all classes were
 * equally frequent, which does not reward always naming the largest. O(n).
 * @throws DataError if `adjusted` and there is only one class
 */
export function balancedAccuracyScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: BalancedAccuracyOptions = {},
): number {
  const owner = 'balancedAccuracyScore';
  checkKnown(owner, options, ['sampleWeight', 'adjusted']);
  const adjusted = checkBoolean(owner, 'adjusted', options.adjusted ?? false);
  const { classes, yTrue: truth, yPred: predicted } = codePairs(owner, yTrue, yPred);
  const weights = weightsOf(owner, options.sampleWeight, yTrue.length, 'yTrue');
  const [right, total] = [new Float64Array(classes.length), new Float64Array(classes.length)];
  for (let i = 0; i < truth.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    total[truth[i]!]! += weight;
    if (truth[i] === predicted[i]) right[truth[i]!]! += weight;
  }
  let [sum, k] = [0, 0];
  for (let c = 0; c < classes.length; c++) {
    if (total[c] === 0) continue;
    sum += right[c]! / total[c]!;
    k++;
  }
  if (!adjusted) return sum / k;
  if (k < 2) throw new DataError(`${owner}: yTrue has only one class, so there is no chance level to adjust for`);
  return (sum / k - 1 / k) / (1 - 1 / k);
}

export interface TopKOptions<L extends Label = Label> extends AccuracyOptions {
  /** How many of the best scored classes may be right; 2. */
  k?: number;
  /** The labels of the columns of `yScore`, ascending; those that occur in `yTrue`. */
  labels?: readonly L[];
}

/**
 * The share of rows whose label is among the k best scored. Of equal scores, the class further right is the better, as in
 * scikit-learn. O(n classes).
 *
 * @param yScore scores of the classes [n, classes], in ascending order of the labels; for two classes also the scores of the second [n],
 * where a score > 0.5 of numbers from 0 to 1, or else > 0, names the second
 */
export function topKAccuracyScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  options: TopKOptions<L> = {},
): number {
  const owner = 'topKAccuracyScore';
  checkKnown(owner, options, ['sampleWeight', 'normalize', 'k', 'labels']);
  const k = checkInteger(owner, 'k', options.k ?? 2, { min: 1 });
  const normalize = checkBoolean(owner, 'normalize', options.normalize ?? true);
  const { codes, scores, columns } = scoresOf(owner, yTrue, yScore, options.labels);
  const weights = weightsOf(owner, options.sampleWeight, yTrue.length, 'yTrue');
  const probable = columns === 1 && scores.every((score) => score >= 0 && score <= 1);
  let [sum, total] = [0, 0];
  for (let i = 0; i < codes.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    total += weight;
    const place = columns === 1 ? placeOfTwo(scores[i]!, codes[i]!, probable) : placeOf(scores, i, columns, codes[i]!);
    if (place < k) sum += weight;
  }
  return normalize ? sum / total : sum;
}

/** The same for two classes by the score of the second. */
function placeOfTwo(score: number, code: number, probable: boolean): number {
  return Number(score > (probable ? 0.5 : 0)) === code ? 0 : 1;
}

/** How many classes are scored better than the true one. */
function placeOf(scores: Float64Array, row: number, columns: number, code: number): number {
  const own = scores[row * columns + code]!;
  let better = 0;
  for (let c = 0; c < columns; c++) {
    const score = scores[row * columns + c]!;
    if (score > own || (score === own && c > code)) better++;
  }
  return better;
}

function count<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: AccuracyOptions,
): { right: number; total: number; normalize: boolean } {
  checkKnown(owner, options, ['sampleWeight', 'normalize']);
  const normalize = checkBoolean(owner, 'normalize', options.normalize ?? true);
  const pairs = codePairs(owner, yTrue, yPred);
  const weights = weightsOf(owner, options.sampleWeight, yTrue.length, 'yTrue');
  let [right, total] = [0, 0];
  for (let i = 0; i < pairs.yTrue.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    total += weight;
    if (pairs.yTrue[i] === pairs.yPred[i]) right += weight;
  }
  return { right, total, normalize };
}
