import { checkBoolean, checkKnown, checkNumber, DataError, ShapeError, show } from '@maru-ml/base';
import type { Label, MatrixLike } from '@maru-ml/tensor';
import {
  codesOf,
  finite,
  numberList,
  positiveLabel,
  sameLength,
  type WeightOptions,
  weightedMean,
  weightsOf,
} from './door.ts';
import { isList, type Scores, scoresOf } from './scores.ts';

// Losses of predicted probabilities and of scores that are distances from a boundary.

export interface LogLossOptions<L extends Label = Label> extends WeightOptions {
  /** The labels of the columns, ascending: where some do not occur in `yTrue`; those that occur. */
  labels?: readonly L[];
  /** The mean over the rows; false: the sum; true. */
  normalize?: boolean;
  /** Probabilities are taken to be at least this, and at most 1 minus it; 0 lets a certain error cost infinity; 2⁻⁵². */
  eps?: number;
}

/**
 * The log loss, or cross entropy: the mean of -log of the probability that was given to the true class. O(n).
 *
 * @param yTrue the true labels [n]
 * @param yProba probabilities [n, k], columns in ascending order of the labels, rows adding up to 1; for two labels also those of
 * the second [n]
 * @throws DataError for what are no probabilities and for a single label, ShapeError for another number of columns
 */
export function logLoss<L extends Label>(
  yTrue: ArrayLike<L>,
  yProba: ArrayLike<number> | MatrixLike,
  options: LogLossOptions<L> = {},
): number {
  const owner = 'logLoss';
  checkKnown(owner, options, ['sampleWeight', 'labels', 'normalize', 'eps']);
  const eps = checkNumber(owner, 'eps', options.eps ?? Number.EPSILON, { min: 0, below: 0.5 });
  const normalize = checkBoolean(owner, 'normalize', options.normalize ?? true);
  const scores = probabilitiesOf(owner, yTrue, yProba, options.labels);
  const { codes, columns } = scores;
  const weights = weightsOf(owner, options.sampleWeight, codes.length, 'yTrue');
  const clip = (p: number) => Math.min(Math.max(p, eps), 1 - eps);
  let [sum, total] = [0, 0];
  for (let i = 0; i < codes.length; i++) {
    let [own, all] = [0, 1];
    if (columns === 1) {
      const p = clip(scores.scores[i]!);
      own = codes[i] === 1 ? p : 1 - p;
    } else {
      own = clip(scores.scores[i * columns + codes[i]!]!);
      // What clipping adds is taken off again; and rows of rounded probabilities add up to 1.
      all = 0;
      for (let c = 0; c < columns; c++) all += clip(scores.scores[i * columns + c]!);
    }
    const weight = weights === null ? 1 : weights[i]!;
    total += weight;
    if (weight > 0) sum -= weight * Math.log(own / all);
  }
  return normalize ? sum / total : sum;
}

export interface BrierOptions<L extends Label = Label> extends WeightOptions {
  /** The label that probabilities in a list are of; true, or 1. */
  posLabel?: L;
  /** The labels of the columns of a table, ascending; those that occur. */
  labels?: readonly L[];
}

/**
 * The Brier score: the mean squared distance of probabilities from what came, 0 or 1. For two labels it is Σ (pᵢ - yᵢ)² / n, from
 * 0 to 1; for more labels the squares of all columns are added, from 0 to 2. O(n k).
 *
 * @param yTrue the true labels [n]
 * @param yProba probabilities of `posLabel` [n], or of all labels [n, k]
 * @throws DataError for what are no probabilities
 *
 * G. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
 */
export function brierScoreLoss<L extends Label>(
  yTrue: ArrayLike<L>,
  yProba: ArrayLike<number> | MatrixLike,
  options: BrierOptions<L> = {},
): number {
  const owner = 'brierScoreLoss';
  checkKnown(owner, options, ['sampleWeight', 'posLabel', 'labels']);
  if (isList(yProba)) {
    const { classes, codes } = codesOf(owner, 'yTrue', yTrue, undefined);
    const proba = numberList(owner, 'yProba', yProba);
    sameLength(owner, 'yTrue', codes, 'yProba', proba);
    checkRange(owner, proba, (at) => `${at}`);
    if (classes.length > 2) {
      throw new ShapeError(
        `${owner}: yProba must be a table [n, ${classes.length}], as there are ${classes.length} labels, got a list of numbers`,
      );
    }
    const positive = classes.indexOf(positiveLabel(owner, options.posLabel, classes));
    const squares = proba.map((p, i) => (p - Number(codes[i] === positive)) ** 2);
    return weightedMean(squares, weightsOf(owner, options.sampleWeight, codes.length, 'yTrue'));
  }
  const { codes, columns, scores } = probabilitiesOf(owner, yTrue, yProba, options.labels);
  const weights = weightsOf(owner, options.sampleWeight, codes.length, 'yTrue');
  const squares = Float64Array.from(codes, (code, i) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += (scores[i * columns + c]! - Number(c === code)) ** 2;
    // Of two labels both columns are off by the same.
    return columns === 2 ? sum / 2 : sum;
  });
  return weightedMean(squares, weights);
}

export interface HingeOptions<L extends Label = Label> extends WeightOptions {
  /** The labels of the columns, ascending: where some do not occur in `yTrue`; those that occur. */
  labels?: readonly L[];
}

/**
 * The hinge loss: the mean of max(0, 1 - margin). For two labels the margin is the score, with its sign turned for the first; for
 * more, the score of the true class minus the best other one. O(n k).
 *
 * @param yTrue the true labels [n]
 * @param predDecision what `decisionFunction` gives: [n] for two labels, [n, k] for more
 */
export function hingeLoss<L extends Label>(
  yTrue: ArrayLike<L>,
  predDecision: ArrayLike<number> | MatrixLike,
  options: HingeOptions<L> = {},
): number {
  const owner = 'hingeLoss';
  checkKnown(owner, options, ['sampleWeight', 'labels']);
  const { codes, columns, scores } = scoresOf(owner, yTrue, predDecision, options.labels, 'predDecision');
  const weights = weightsOf(owner, options.sampleWeight, codes.length, 'yTrue');
  const losses = Float64Array.from(codes, (code, i) => {
    if (columns === 1) return Math.max(0, 1 - (code === 1 ? scores[i]! : -scores[i]!));
    let other = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < columns; c++) if (c !== code) other = Math.max(other, scores[i * columns + c]!);
    return Math.max(0, 1 - (scores[i * columns + code]! - other));
  });
  return finite(owner, weightedMean(losses, weights));
}

/** Scores that are probabilities. */
export function probabilitiesOf<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yProba: ArrayLike<number> | MatrixLike,
  labels: readonly L[] | undefined,
  name = 'yProba',
): Scores<L> {
  const found = scoresOf(owner, yTrue, yProba, labels, name);
  const { scores, columns } = found;
  checkRange(owner, scores, (at) => (columns === 1 ? `${at}` : `${Math.floor(at / columns)}, ${at % columns}`), name);
  if (columns > 1) checkSums(owner, scores, columns);
  return found;
}

function checkRange(owner: string, proba: Float64Array, place: (at: number) => string, name = 'yProba'): void {
  const bad = proba.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad < 0) return;
  throw new DataError(`${owner}: ${name}[${place(bad)}] must be a probability from 0 to 1, got ${show(proba[bad])}`);
}

/** Rows must add up to 1 within what float32 leaves. */
function checkSums(owner: string, proba: Float64Array, columns: number): void {
  for (let from = 0; from < proba.length; from += columns) {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += proba[from + c]!;
    if (Math.abs(sum - 1) <= 1e-5) continue;
    throw new DataError(
      `${owner}: the probabilities of row ${from / columns} must add up to 1, got ${Number(sum.toPrecision(6))}`,
    );
  }
}
