import { checkKnown, checkNumber, checkOneOf, OptionError } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import {
  type CodePairs,
  checkAverage,
  codePairs,
  positiveLabel,
  type WeightOptions,
  weightedMean,
  weightsOf,
} from './door.ts';

/** How scores of classes become one: of the positive class, from the summed counts, their mean, or their mean by support. */
export type Average = 'binary' | 'micro' | 'macro' | 'weighted';

export interface PrecisionRecallOptions<L extends Label = Label> extends WeightOptions {
  /**
   * 'binary': the score of `posLabel`, of two labels; 'micro': from the counts of all classes together; 'macro': the mean of the
   * classes' scores; 'weighted': their mean by support; null: the score of each class; 'binary'.
   */
  average?: Average | null;
  /** The classes to score, in this order; all that occur, ascending. Not used by 'binary'. */
  labels?: readonly L[];
  /** The label that counts as positive for 'binary'; true, or 1. */
  posLabel?: L;
  /** What a score is whose denominator is 0; 0. */
  zeroDivision?: 0 | 1;
}

export interface FBetaOptions<L extends Label = Label> extends PrecisionRecallOptions<L> {
  /** β: recall counts β times as much as precision; 1. Infinity is allowed and gives the recall. */
  beta?: number;
}

/** The scores of each class. */
export interface ClassScores<L extends Label = Label> {
  /** The classes [k]. */
  readonly labels: readonly L[];
  /** TP / (TP + FP) [k]. */
  readonly precision: Float64Array;
  /** TP / (TP + FN) [k]. */
  readonly recall: Float64Array;
  /** (1 + β²) precision · recall / (β² precision + recall) [k]. */
  readonly fscore: Float64Array;
  /** The number (or weight) of rows of each class [k]. */
  readonly support: Float64Array;
}

/** One score of each kind. */
export interface AverageScores {
  readonly precision: number;
  readonly recall: number;
  readonly fscore: number;
}

type PerClass<O> = O & { average: null };

/**
 * TP / (TP + FP): the share of rows taken for the class that are of it. O(n).
 *
 * @param yTrue the true labels [n] @param yPred the predicted ones [n]
 * @returns a number, or with `average: null` one for each class [k]
 * @throws OptionError for more than two labels and 'binary', and as all scores of labels
 */
export function precisionScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PerClass<PrecisionRecallOptions<L>>,
): Float64Array;
export function precisionScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options?: PrecisionRecallOptions<L>,
): number;
export function precisionScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PrecisionRecallOptions<L> = {},
): number | Float64Array {
  return one('precisionScore', yTrue, yPred, options, OPTIONS).precision;
}

/** TP / (TP + FN): the share of rows of the class that were found. Otherwise as `precisionScore`. */
export function recallScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PerClass<PrecisionRecallOptions<L>>,
): Float64Array;
export function recallScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options?: PrecisionRecallOptions<L>,
): number;
export function recallScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PrecisionRecallOptions<L> = {},
): number | Float64Array {
  return one('recallScore', yTrue, yPred, options, OPTIONS).recall;
}

/** The harmonic mean of precision and recall. Otherwise as `precisionScore`. */
export function f1Score<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PerClass<PrecisionRecallOptions<L>>,
): Float64Array;
export function f1Score<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options?: PrecisionRecallOptions<L>,
): number;
export function f1Score<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PrecisionRecallOptions<L> = {},
): number | Float64Array {
  return one('f1Score', yTrue, yPred, options, OPTIONS).fscore;
}

/** F_β = (1 + β²) precision · recall / (β² precision + recall). Otherwise as `precisionScore`. */
export function fbetaScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PerClass<FBetaOptions<L>>,
): Float64Array;
export function fbetaScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options?: FBetaOptions<L>,
): number;
export function fbetaScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: FBetaOptions<L> = {},
): number | Float64Array {
  return one('fbetaScore', yTrue, yPred, options, [...OPTIONS, 'beta']).fscore;
}

/** The Jaccard index TP / (TP + FP + FN): what the two sets of rows share, over what either has. Otherwise as `precisionScore`. */
export function jaccardScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PerClass<PrecisionRecallOptions<L>>,
): Float64Array;
export function jaccardScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options?: PrecisionRecallOptions<L>,
): number;
export function jaccardScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: PrecisionRecallOptions<L> = {},
): number | Float64Array {
  const settings = check('jaccardScore', options, OPTIONS);
  const { counts: byClass } = countsOf('jaccardScore', yTrue, yPred, settings);
  const counts = settings.average === 'micro' ? summed(byClass) : byClass;
  const union = counts.predicted.map((value, c) => value + counts.actual[c]! - counts.right[c]!);
  const scores = divide(counts.right, union, settings.zeroDivision);
  if (settings.average === null) return scores;
  // Where no class has rows, all count the same, as in scikit-learn.
  const even = settings.average !== 'weighted' || counts.actual.every((support) => support === 0);
  return average(scores, even ? null : counts.actual);
}

/**
 * Precision, recall, F_β and support of each class, or their average. O(n).
 *
 * @returns with `average: null`, which is the default here, typed arrays by class; else numbers
 * @throws as `precisionScore`
 */
export function precisionRecallFscoreSupport<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: FBetaOptions<L> & { average: Average },
): AverageScores;
export function precisionRecallFscoreSupport<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options?: FBetaOptions<L>,
): ClassScores<L>;
export function precisionRecallFscoreSupport<L extends Label>(
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: FBetaOptions<L> = {},
): ClassScores<L> | AverageScores {
  const owner = 'precisionRecallFscoreSupport';
  const settings = check(owner, { average: null, ...options }, [...OPTIONS, 'beta']);
  const { counts, labels } = countsOf(owner, yTrue, yPred, settings);
  return settings.average === null ? { labels, ...scoresFrom(counts, settings) } : averageScores(counts, settings);
}

/** Weights of rows by class [k]: predicted right, predicted as it, being of it. */
export interface Counts {
  readonly right: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** How the scores are formed. */
export interface Division {
  average: Average | null;
  beta: number;
  zeroDivision: 0 | 1;
}

/** Counts the rows of each class; codes of -1 are of none. */
export function countClasses({ classes, yTrue, yPred }: CodePairs, weights: Float64Array | null): Counts {
  const [right, predicted, actual] = [0, 1, 2].map(() => new Float64Array(classes.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const t = yTrue[i]!;
    const p = yPred[i]!;
    if (t >= 0) actual[t]! += weight;
    if (p >= 0) predicted[p]! += weight;
    if (t >= 0 && t === p) right[t]! += weight;
  }
  return { right, predicted, actual };
}

/** Precision, recall, F_β and support of each class. */
export function scoresFrom(counts: Counts, { beta, zeroDivision }: Division): Omit<ClassScores, 'labels'> {
  const precision = divide(counts.right, counts.predicted, zeroDivision);
  const recall = divide(counts.right, counts.actual, zeroDivision);
  const fscore = precision.map((p, c) => fscoreOf(p, recall[c]!, beta));
  return { precision, recall, fscore, support: counts.actual };
}

/** Their average over the classes. */
export function averageScores(counts: Counts, division: Division): AverageScores {
  const { precision, recall, fscore } = scoresFrom(division.average === 'micro' ? summed(counts) : counts, division);
  const support = division.average === 'weighted' ? counts.actual : null;
  if (support?.every((value) => value === 0)) {
    // No class has rows: as if all were one class.
    const empty = counts.predicted.every((value) => value === 0);
    const other = empty ? division.zeroDivision : 0;
    return { precision: other, recall: division.zeroDivision, fscore: other };
  }
  const mean = (scores: Float64Array) => average(scores, support);
  return { precision: mean(precision), recall: mean(recall), fscore: mean(fscore) };
}

const OPTIONS = ['sampleWeight', 'average', 'labels', 'posLabel', 'zeroDivision'];

type Settings<L extends Label> = Division & Pick<FBetaOptions<L>, 'labels' | 'posLabel' | 'sampleWeight'>;

function check<L extends Label>(owner: string, options: FBetaOptions<L>, known: string[]): Settings<L> {
  checkKnown(owner, options, known);
  const { average: way = 'binary', beta = 1, zeroDivision = 0, labels, posLabel, sampleWeight } = options;
  return {
    average: checkAverage(owner, way, ['binary', 'micro', 'macro', 'weighted']),
    beta: checkNumber(owner, 'beta', beta, { min: 0, max: Number.POSITIVE_INFINITY }),
    zeroDivision: checkOneOf(owner, 'zeroDivision', zeroDivision, [0, 1]),
    labels,
    posLabel,
    sampleWeight,
  };
}

/** One kind of score: averaged or by class. */
function one<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  options: FBetaOptions<L>,
  known: string[],
): { precision: number | Float64Array; recall: number | Float64Array; fscore: number | Float64Array } {
  const settings = check(owner, options, known);
  const { counts } = countsOf(owner, yTrue, yPred, settings);
  return settings.average === null ? scoresFrom(counts, settings) : averageScores(counts, settings);
}

/** The counts of the classes that are asked for: one for 'binary'. */
function countsOf<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yPred: ArrayLike<L>,
  { average: way, labels, posLabel, sampleWeight }: Settings<L>,
): { counts: Counts; labels: readonly L[] } {
  const pairs = codePairs(owner, yTrue, yPred, way === 'binary' ? undefined : labels);
  const counts = countClasses(pairs, weightsOf(owner, sampleWeight, yTrue.length, 'yTrue'));
  if (way !== 'binary') return { counts, labels: pairs.classes };
  if (pairs.classes.length > 2) {
    throw new OptionError(
      `${owner}: average 'binary' is for two labels, but there are ${pairs.classes.length}; use 'macro', 'micro', 'weighted' or null`,
    );
  }
  const positive = positiveLabel(owner, posLabel, pairs.classes);
  const place = pairs.classes.indexOf(positive);
  const only = (values: Float64Array) => Float64Array.of(place < 0 ? 0 : values[place]!);
  const { right, predicted, actual } = counts;
  return { counts: { right: only(right), predicted: only(predicted), actual: only(actual) }, labels: [positive] };
}

/** The mean over the classes, by weight if there are weights. */
function average(scores: Float64Array, weights: Float64Array | null): number {
  return scores.length === 1 ? scores[0]! : weightedMean(scores, weights);
}

function summed({ right, predicted, actual }: Counts): Counts {
  const sum = (values: Float64Array) => Float64Array.of(values.reduce((total, value) => total + value, 0));
  return { right: sum(right), predicted: sum(predicted), actual: sum(actual) };
}

function divide(parts: Float64Array, wholes: Float64Array, zeroDivision: number): Float64Array {
  return parts.map((part, c) => (wholes[c] === 0 ? zeroDivision : part / wholes[c]!));
}

function fscoreOf(precision: number, recall: number, beta: number): number {
  if (beta === Number.POSITIVE_INFINITY) return recall;
  const square = beta * beta;
  const below = square * precision + recall;
  return below === 0 ? 0 : ((1 + square) * precision * recall) / below;
}
