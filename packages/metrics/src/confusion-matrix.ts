import { checkKnown, checkOneOf, DataError, OptionError, readable, show } from '@maru-ml/base';
import { type Label, Table } from '@maru-ml/tensor';
import { type CodePairs, codePairs, positiveLabel, type WeightOptions, weightsOf } from './door.ts';

export interface ConfusionMatrixOptions<L extends Label = Label> extends WeightOptions {
  /** The labels of rows and columns, in this order; rows of other labels are left out; all that occur, ascending. */
  labels?: readonly L[];
  /** Divide by the sums of the rows ('true'), of the columns ('pred') or of all ('all'); where a sum is 0, so is the share; null. */
  normalize?: 'true' | 'pred' | 'all' | null;
}

/** What of a class was found and what was taken for it. */
export interface ClassRates {
  /** True positives: weight of rows of the class that were found. */
  tp: number;
  /** False positives: of rows of other classes that were taken for it. */
  fp: number;
  /** False negatives: of rows of the class that were missed. */
  fn: number;
  /** True negatives: of rows of other classes that were not taken for it. */
  tn: number;
}

/** How often rows of each class (down) were predicted as each class (across). */
export class ConfusionMatrix<L extends Label = Label> {
  /** The labels of rows and columns [k]. */
  readonly labels: readonly L[];
  /** Counts, weights or shares [k, k]: row i, column j is class i predicted as class j. */
  readonly matrix: Table;

  /** @internal */
  constructor(labels: readonly L[], matrix: Float64Array) {
    this.labels = Object.freeze([...labels]);
    this.matrix = new Table(matrix, labels.length, labels.length);
    readable(this);
  }

  /** The weight of class `actual` predicted as class `predicted`. @throws OptionError for a label that is not among `labels` */
  at(actual: L, predicted: L): number {
    return this.matrix.data[this.#place(actual) * this.labels.length + this.#place(predicted)]!;
  }

  /** What was found of the class and what was taken for it. @throws OptionError for a label that is not among `labels` */
  rates(label: L): ClassRates {
    const { data } = this.matrix;
    const k = this.labels.length;
    const c = this.#place(label);
    const tp = data[c * k + c]!;
    let [rowSum, columnSum, total] = [0, 0, 0];
    for (let j = 0; j < k; j++) {
      rowSum += data[c * k + j]!;
      columnSum += data[j * k + c]!;
    }
    for (const value of data) total += value;
    return { tp, fp: columnSum - tp, fn: rowSum - tp, tn: total - rowSum - columnSum + tp };
  }

  toArray(): number[][] {
    return this.matrix.toArray();
  }

  toJSON(): { labels: readonly L[]; matrix: number[][] } {
    return { labels: this.labels, matrix: this.toArray() };
  }

  /** A table with the labels: true ones down, predicted ones across. */
  toString(): string {
    const names = this.labels.map(String);
    const rows = this.toArray().map((row) => row.map((value) => String(Number(value.toPrecision(6)))));
    const head = ['', ...names];
    const lines = [head, ...rows.map((row, i) => [names[i]!, ...row])];
    const widths = head.map((_, j) => Math.max(...lines.map((line) => length(line[j]!))));
    const text = lines.map((line) => line.map((cell, j) => ' '.repeat(widths[j]! - length(cell)) + cell).join('  '));
    return ['ConfusionMatrix: true labels down, predicted across', ...text].join('\n');
  }

  #place(label: L): number {
    const place = this.labels.indexOf(label);
    if (place >= 0) return place;
    throw new OptionError(`ConfusionMatrix: ${show(label)} is not among the labels ${show([...this.labels])}`);
  }
}

/**
 * The confusion matrix: element [i, j] is the number (or weight) of rows of class i that were predicted as class j. O(n + k²).
 *
 * @param yTrue the true labels [n]: strings, integers or booleans
 * @param yPred the predicted ones [n]
 * @throws OptionError, ShapeError, DataError for what are no labels; DataError if none of `labels` occurs in `yTrue`
 */
export function confusionMatrix<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: ConfusionMatrixOptions<L> = {},
): ConfusionMatrix<L> {
  const owner = 'confusionMatrix';
  checkKnown(owner, options, ['sampleWeight', 'labels', 'normalize']);
  const { labels, normalize = null, sampleWeight } = options;
  if (normalize !== null) checkOneOf(owner, 'normalize', normalize, ['true', 'pred', 'all']);
  const pairs = codePairs(owner, yTrue, yPred, labels);
  if (!pairs.yTrue.some((code) => code >= 0)) throw new DataError(`${owner}: none of the labels occurs in yTrue`);
  const matrix = countPairs(pairs, weightsOf(owner, sampleWeight, yTrue.length, 'yTrue'));
  if (normalize !== null) toShares(matrix, pairs.classes.length, normalize);
  return new ConfusionMatrix(pairs.classes, matrix);
}

export interface RateOptions<L extends Label = Label> extends WeightOptions {
  /** The label that counts as positive, against all others; true, or 1. */
  posLabel?: L;
}

/** Sensitivity, recall: TP / (TP + FN), the share of positive rows that were found. @throws DataError if there are none */
export function truePositiveRate<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: RateOptions<L> = {},
): number {
  const { tp, fn } = ratesOf('truePositiveRate', yTrue, yPred, options);
  return rate('truePositiveRate', 'positive', tp, tp + fn);
}

/** Specificity: TN / (TN + FP), the share of negative rows that were not taken for positive. @throws DataError if there are none */
export function trueNegativeRate<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: RateOptions<L> = {},
): number {
  const { tn, fp } = ratesOf('trueNegativeRate', yTrue, yPred, options);
  return rate('trueNegativeRate', 'negative', tn, tn + fp);
}

/** False alarms: FP / (FP + TN) = 1 - specificity. @throws DataError if there are no negative rows */
export function falsePositiveRate<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: RateOptions<L> = {},
): number {
  const { tn, fp } = ratesOf('falsePositiveRate', yTrue, yPred, options);
  return rate('falsePositiveRate', 'negative', fp, tn + fp);
}

/** Misses: FN / (FN + TP) = 1 - sensitivity. @throws DataError if there are no positive rows */
export function falseNegativeRate<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: RateOptions<L> = {},
): number {
  const { tp, fn } = ratesOf('falseNegativeRate', yTrue, yPred, options);
  return rate('falseNegativeRate', 'positive', fn, tp + fn);
}

/** The weights of pairs of classes [k, k]; rows with a code of -1 are left out. */
export function countPairs({ classes, yTrue, yPred }: CodePairs, weights: Float64Array | null): Float64Array {
  const k = classes.length;
  const matrix = new Float64Array(k * k);
  for (let i = 0; i < yTrue.length; i++) {
    const actual = yTrue[i]!;
    const predicted = yPred[i]!;
    if (actual < 0 || predicted < 0) continue;
    matrix[actual * k + predicted]! += weights === null ? 1 : weights[i]!;
  }
  return matrix;
}

function toShares(matrix: Float64Array, k: number, normalize: 'true' | 'pred' | 'all'): void {
  const group = (at: number) => (normalize === 'all' ? 0 : normalize === 'true' ? Math.floor(at / k) : at % k);
  const sums = new Float64Array(k);
  for (let at = 0; at < matrix.length; at++) sums[group(at)]! += matrix[at]!;
  for (let at = 0; at < matrix.length; at++) {
    const sum = sums[group(at)]!;
    matrix[at] = sum === 0 ? 0 : matrix[at]! / sum;
  }
}

function ratesOf<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: RateOptions<L>,
): ClassRates {
  checkKnown(owner, options, ['sampleWeight', 'posLabel']);
  const pairs = codePairs(owner, yTrue, yPred);
  const positive = pairs.classes.indexOf(positiveLabel(owner, options.posLabel, pairs.classes));
  const weights = weightsOf(owner, options.sampleWeight, yTrue.length, 'yTrue');
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const found = pairs.yPred[i] === positive;
    const is = pairs.yTrue[i] === positive;
    if (is && found) tp += weight;
    else if (is) fn += weight;
    else if (found) fp += weight;
    else tn += weight;
  }
  return { tp, fp, fn, tn };
}

function rate(owner: string, kind: string, part: number, whole: number): number {
  if (whole > 0) return part / whole;
  throw new DataError(`${owner}: yTrue has no ${kind} rows, so the rate is not defined`);
}

/** Characters, not the two halves of some. */
function length(text: string): number {
  return [...text].length;
}
