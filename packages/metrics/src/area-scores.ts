import { checkKnown, checkNumber, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import type { Label, MatrixLike } from '@maru-ml/tensor';
import { countSteps, precisionRecallOf, type Steps } from './curves.ts';
import { checkAverage, codesOf, numberList, positiveLabel, sameLength, type WeightOptions, weightsOf } from './door.ts';
import { probabilitiesOf } from './probability-losses.ts';
import { isList, type Scores, scoresOf } from './scores.ts';

// Areas under curves as scores.

export interface RocAucOptions<L extends Label = Label> extends WeightOptions {
  /** For more than two labels: each class against the rest, or each pair of classes; 'ovr'. */
  multiClass?: 'ovr' | 'ovo';
  /** For more than two labels: the mean, the mean by support, or ('ovr' only) of all decisions together, or each (null); 'macro'. */
  average?: 'macro' | 'weighted' | 'micro' | null;
  /** Two labels: the area up to this false positive rate, standardized so that guessing gives 0.5; 1: all of it. */
  maxFpr?: number;
  /** The labels of the columns of `yScore`, ascending: where some do not occur in `yTrue`; those that occur. */
  labels?: readonly L[];
}

/**
 * The area under the ROC curve: the probability that a random positive row has a higher score than a random negative one. For two
 * labels, positive is the second in ascending order, as in the columns of `predictProba`. O(k n) for k classes, 'ovo' O(k² n).
 *
 * @param yTrue the true labels [n]
 * @param yScore for two labels the scores of the second [n], or probabilities of both [n, 2]; for k > 2 probabilities [n, k]
 * @throws DataError if only one class occurs (for 'ovr': if any class does not occur), or if k > 2 and rows do not add up to 1
 *
 * J. Hanley and B. McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", Radiology 143 (1982).
 * D. Hand and R. Till, "A simple generalisation of the area under the ROC curve for multiple class classification problems", Machine
 * Learning 45 (2001): 'ovo'.
 */
export function rocAucScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  options: RocAucOptions<L> & { average: null },
): Float64Array;
export function rocAucScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  options?: RocAucOptions<L>,
): number;
export function rocAucScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  options: RocAucOptions<L> = {},
): number | Float64Array {
  const owner = 'rocAucScore';
  checkKnown(owner, options, ['sampleWeight', 'multiClass', 'average', 'maxFpr', 'labels']);
  const { multiClass = 'ovr', average = 'macro', maxFpr = 1, labels, sampleWeight } = options;
  checkOneOf(owner, 'multiClass', multiClass, ['ovr', 'ovo']);
  checkAverage(owner, average, ['macro', 'weighted', 'micro']);
  checkNumber(owner, 'maxFpr', maxFpr, { above: 0, max: 1 });
  oneClass(owner, yTrue);
  const scores = scoresOf(owner, yTrue, yScore, labels);
  const weights = weightsOf(owner, sampleWeight, scores.codes.length, 'yTrue');
  if (scores.classes.length === 2) {
    const second = scores.columns === 1 ? scores.scores : columnOf(scores, 1);
    const area = areaOf(owner, scores, 1, second, weights, maxFpr);
    return average === null ? Float64Array.of(area) : area;
  }
  if (maxFpr !== 1) throw new OptionError(`${owner}: maxFpr is for two labels, but there are ${scores.classes.length}`);
  probabilitiesOf(owner, yTrue, yScore, labels, 'yScore');
  if (multiClass === 'ovr') {
    return overClasses(
      scores,
      average,
      weights,
      (c, column) => areaOf(owner, scores, c, column, weights, 1),
      microArea,
    );
  }
  if (average !== 'macro' && average !== 'weighted') {
    throw new OptionError(`${owner}: average must be 'macro' or 'weighted' for multiClass 'ovo', got ${show(average)}`);
  }
  if (weights !== null) throw new OptionError(`${owner}: multiClass 'ovo' takes no sampleWeight; use 'ovr'`);
  return overPairs(scores, average);
}

export interface AveragePrecisionOptions<L extends Label = Label> extends WeightOptions {
  /** The label that scores in a list are of; true, or 1. */
  posLabel?: L;
  /** For a table of scores: the mean over the classes, the mean by support, of all decisions together, or each (null); 'macro'. */
  average?: 'macro' | 'weighted' | 'micro' | null;
  /** The labels of the columns of a table, ascending; those that occur. */
  labels?: readonly L[];
}

/**
 * The average precision Σ (Rₜ - Rₜ₋₁) Pₜ over the thresholds t: the area under the precision-recall curve as steps, without the
 * optimism of straight lines. For more than two labels each is compared with the rest. O(k n).
 *
 * @param yTrue the true labels [n]
 * @param yScore the scores of `posLabel` [n], or of all k labels [n, k]; of two, only the column of `posLabel` counts
 * @throws DataError if there are no positive rows
 */
export function averagePrecisionScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  options: AveragePrecisionOptions<L> & { average: null },
): Float64Array;
export function averagePrecisionScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  options?: AveragePrecisionOptions<L>,
): number;
export function averagePrecisionScore<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  options: AveragePrecisionOptions<L> = {},
): number | Float64Array {
  const owner = 'averagePrecisionScore';
  checkKnown(owner, options, ['sampleWeight', 'posLabel', 'average', 'labels']);
  const { average = 'macro', posLabel, labels, sampleWeight } = options;
  checkAverage(owner, average, ['macro', 'weighted', 'micro']);
  if (isList(yScore)) {
    const { classes, codes } = codesOf(owner, 'yTrue', yTrue, undefined);
    const scores = numberList(owner, 'yScore', yScore);
    sameLength(owner, 'yTrue', codes, 'yScore', scores);
    if (classes.length > 2) {
      throw new DataError(
        `${owner}: there are ${classes.length} labels, so yScore must be a table [n, ${classes.length}]`,
      );
    }
    const positive = classes.indexOf(positiveLabel(owner, posLabel, classes));
    const weights = weightsOf(owner, sampleWeight, codes.length, 'yTrue');
    const precision = averagePrecision(owner, 'positive', countSteps(codes, positive, scores, weights));
    return average === null ? Float64Array.of(precision) : precision;
  }
  const scores = scoresOf(owner, yTrue, yScore, labels);
  if (scores.classes.length === 2) {
    const positive = scores.columns === 1 ? 0 : scores.classes.indexOf(positiveLabel(owner, posLabel, scores.classes));
    return averagePrecisionScore(yTrue, columnOf(scores, positive), {
      average: average as 'macro',
      posLabel,
      sampleWeight,
    });
  }
  const weights = weightsOf(owner, sampleWeight, scores.codes.length, 'yTrue');
  const ofSteps = (steps: Steps, c: number) => averagePrecision(owner, show(scores.classes[c]), steps);
  const ofClass = (c: number, column: Float64Array) => ofSteps(countSteps(scores.codes, c, column, weights), c);
  return overClasses(scores, average, weights, ofClass, (steps) => ofSteps(steps, 0));
}

/** One score for each class against the rest, or their average. */
function overClasses(
  scores: Scores,
  average: 'macro' | 'weighted' | 'micro' | null,
  weights: Float64Array | null,
  scoreOf: (c: number, column: Float64Array) => number,
  scoreOfSteps: (steps: Steps) => number,
): number | Float64Array {
  const k = scores.classes.length;
  if (average === 'micro') {
    // Every row and class is a decision: whether the row is of the class.
    const decisions = Int32Array.from(scores.scores, (_, at) => Number(at % k === scores.codes[Math.floor(at / k)]));
    const repeated = weights === null ? null : scores.scores.map((_, at) => weights[Math.floor(at / k)]!);
    return scoreOfSteps(countSteps(decisions, 1, scores.scores, repeated));
  }
  const each = Float64Array.from({ length: k }, (_, c) => scoreOf(c, columnOf(scores, c)));
  if (average === null) return each;
  const support = new Float64Array(k).fill(average === 'macro' ? 1 : 0);
  if (average === 'weighted')
    for (const [i, c] of scores.codes.entries()) support[c]! += weights === null ? 1 : weights[i]!;
  let [sum, total] = [0, 0];
  for (let c = 0; c < k; c++) {
    sum += support[c]! * each[c]!;
    total += support[c]!;
  }
  return sum / total;
}

/** The mean over the pairs of classes of how well each is told from the other. */
function overPairs(scores: Scores, average: 'macro' | 'weighted'): number {
  const k = scores.classes.length;
  const members = Array.from({ length: k }, (_, c) => {
    return Int32Array.from(scores.codes.keys()).filter((i) => scores.codes[i] === c);
  });
  let [sum, total] = [0, 0];
  for (let a = 0; a < k; a++) {
    for (let b = a + 1; b < k; b++) {
      const [first, second] = [members[a]!, members[b]!];
      // A label that does not occur makes no pair.
      if (first.length * second.length === 0) continue;
      const codes = new Int32Array(first.length + second.length).fill(0, 0, first.length).fill(1, first.length);
      const rows = Int32Array.from([...first, ...second]);
      const column = (c: number) => Float64Array.from(rows, (i) => scores.scores[i * k + c]!);
      const area =
        (microArea(countSteps(codes, 0, column(a), null)) + microArea(countSteps(codes, 1, column(b), null))) / 2;
      const weight = average === 'weighted' ? rows.length : 1;
      sum += weight * area;
      total += weight;
    }
  }
  return sum / total;
}

function columnOf({ scores, columns, codes }: Scores, c: number): Float64Array {
  const column = new Float64Array(codes.length);
  for (let i = 0; i < column.length; i++) column[i] = scores[i * columns + c]!;
  return column;
}

/** The area for one class against the others. */
function areaOf(
  owner: string,
  { classes, codes }: Scores,
  c: number,
  scores: Float64Array,
  weights: Float64Array | null,
  maxFpr: number,
): number {
  const steps = countSteps(codes, c, scores, weights);
  const last = steps.tps.length - 1;
  if (steps.tps[last] === 0) {
    throw new DataError(`${owner}: no row is of the class ${show(classes[c])}, so its curve is not defined`);
  }
  if (steps.fps[last] === 0) {
    throw new DataError(`${owner}: all rows are of the class ${show(classes[c])}, so its curve is not defined`);
  }
  if (maxFpr === 1) return microArea(steps);
  const part = areaUpTo(steps, maxFpr);
  const guessed = (maxFpr * maxFpr) / 2;
  return (1 + (part - guessed) / (maxFpr - guessed)) / 2;
}

/** The area under all of the curve, by trapezoids. */
function microArea({ fps, tps }: Steps): number {
  let [area, fp, tp] = [0, 0, 0];
  for (let i = 0; i < fps.length; i++) {
    area += ((fps[i]! - fp) * (tps[i]! + tp)) / 2;
    fp = fps[i]!;
    tp = tps[i]!;
  }
  return area / fp / tp;
}

/** The area up to a false positive rate, with a point on the curve there. */
function areaUpTo({ fps, tps }: Steps, maxFpr: number): number {
  const last = fps.length - 1;
  const end = maxFpr * fps[last]!;
  let [area, fp, tp] = [0, 0, 0];
  for (let i = 0; i <= last; i++) {
    if (fps[i]! > end) {
      const there = tp + ((tps[i]! - tp) * (end - fp)) / (fps[i]! - fp);
      area += ((end - fp) * (there + tp)) / 2;
      break;
    }
    area += ((fps[i]! - fp) * (tps[i]! + tp)) / 2;
    fp = fps[i]!;
    tp = tps[i]!;
  }
  return area / fps[last]! / tps[last]!;
}

function averagePrecision(owner: string, which: string, steps: Steps): number {
  if (steps.tps[steps.tps.length - 1] === 0) {
    const subject = which === 'positive' ? 'yTrue has no positive rows' : `no row is of the class ${which}`;
    throw new DataError(`${owner}: ${subject}, so the precision is not defined`);
  }
  const { precision, recall } = precisionRecallOf(steps);
  let sum = 0;
  for (let i = 0; i + 1 < recall.length; i++) sum += (recall[i]! - recall[i + 1]!) * precision[i]!;
  return sum;
}

function oneClass(owner: string, yTrue: ArrayLike<Label>): void {
  const { classes } = codesOf(owner, 'yTrue', yTrue, undefined);
  if (classes.length > 1) return;
  throw new DataError(`${owner}: yTrue holds only the label ${show(classes[0])}, so there is no curve`);
}
