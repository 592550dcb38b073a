import { checkBoolean, checkKnown, DataError, ShapeError } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { codesOf, numberList, positiveLabel, sameLength, type WeightOptions, weightsOf } from './door.ts';
import { argsort } from './order.ts';

// What a threshold on scores finds and what it takes wrongly, for all thresholds. Each curve costs a sort of the scores.

export interface CurveOptions<L extends Label = Label> extends WeightOptions {
  /** The label whose rows should have high scores; true, or 1. */
  posLabel?: L;
}

export interface RocCurveOptions<L extends Label = Label> extends CurveOptions<L> {
  /** Leave out points on straight lines between others, which change no drawing and no area; true. */
  dropIntermediate?: boolean;
}

export interface RocCurve {
  /** False positive rates, ascending from 0 to 1. */
  readonly fpr: Float64Array;
  /** True positive rates, ascending from 0 to 1. */
  readonly tpr: Float64Array;
  /** The scores from which on rows are taken for positive, descending; the first is Infinity: none are. */
  readonly thresholds: Float64Array;
}

/**
 * The receiver operating characteristic: true against false positive rates for all thresholds. O(n) for many rows, by a radix sort.
 *
 * @param yTrue the true labels [n], of two classes
 * @param yScore the higher, the more probably positive [n]: probabilities or any other scores
 * @throws DataError if only one class occurs, OptionError where it is not clear which label is positive
 */
export function rocCurve<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number>,
  options: RocCurveOptions<L> = {},
): RocCurve {
  const owner = 'rocCurve';
  checkKnown(owner, options, ['sampleWeight', 'posLabel', 'dropIntermediate']);
  const drop = checkBoolean(owner, 'dropIntermediate', options.dropIntermediate ?? true);
  const steps = stepsFor(owner, yTrue, yScore, options, 'both');
  const kept = drop ? corners(steps) : steps;
  const [fpr, tpr] = [withFirst(0, kept.fps), withFirst(0, kept.tps)];
  scale(fpr, kept.fps[kept.fps.length - 1]!);
  scale(tpr, kept.tps[kept.tps.length - 1]!);
  return { fpr, tpr, thresholds: withFirst(Number.POSITIVE_INFINITY, kept.thresholds) };
}

export interface PrecisionRecallCurve {
  /** For each threshold the share of rows at or above it that are positive; then a 1. */
  readonly precision: Float64Array;
  /** For each threshold the share of positive rows at or above it, descending; then a 0. */
  readonly recall: Float64Array;
  /** The different scores, ascending: one fewer than points. */
  readonly thresholds: Float64Array;
}

/**
 * Precision against recall for all thresholds. Otherwise as `rocCurve`; it needs positive rows, but no negative ones.
 * @throws DataError if there are no positive rows
 */
export function precisionRecallCurve<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number>,
  options: CurveOptions<L> = {},
): PrecisionRecallCurve {
  const owner = 'precisionRecallCurve';
  checkKnown(owner, options, ['sampleWeight', 'posLabel']);
  return precisionRecallOf(stepsFor(owner, yTrue, yScore, options, 'positive'));
}

/** The same from steps. */
export function precisionRecallOf({ tps, fps, thresholds }: Steps): PrecisionRecallCurve {
  const n = tps.length;
  const precision = new Float64Array(n + 1);
  const recall = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const at = n - 1 - i;
    const taken = tps[i]! + fps[i]!;
    precision[at] = taken === 0 ? 0 : tps[i]! / taken;
    recall[at] = tps[i]! / tps[n - 1]!;
  }
  precision[n] = 1;
  return { precision, recall, thresholds: thresholds.slice().reverse() };
}

export interface DetCurve {
  /** False positive rates, descending. */
  readonly fpr: Float64Array;
  /** False negative rates, ascending. */
  readonly fnr: Float64Array;
  /** The thresholds, ascending. */
  readonly thresholds: Float64Array;
}

/** The detection error tradeoff: false negative against false positive rates for all thresholds that trade one for the other. As `rocCurve`. */
export function detCurve<L extends Label>(
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number>,
  options: CurveOptions<L> = {},
): DetCurve {
  const owner = 'detCurve';
  checkKnown(owner, options, ['sampleWeight', 'posLabel']);
  const { fps, tps, thresholds } = stepsFor(owner, yTrue, yScore, options, 'both');
  const n = fps.length;
  // From the last point without a further false positive to the first without a false negative.
  const from = fps.lastIndexOf(fps[0]!);
  const to = tps.indexOf(tps[n - 1]!) + 1;
  const [negative, positive] = [fps[n - 1]!, tps[n - 1]!];
  return {
    fpr: fps
      .subarray(from, to)
      .map((value) => value / negative)
      .reverse(),
    fnr: tps
      .subarray(from, to)
      .map((value) => (positive - value) / positive)
      .reverse(),
    thresholds: thresholds.slice(from, to).reverse(),
  };
}

/**
 * The area under a curve by the trapezoid rule: the Riemann sum of Δx · the mean height.
 *
 * @param x [n ≥ 2], all ascending or all descending @param y [n]
 * @throws DataError where x turns back or has fewer than two points
 */
export function auc(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const xs = numberList('auc', 'x', x);
  const ys = numberList('auc', 'y', y);
  if (xs.length !== ys.length) throw new ShapeError(`auc: x has length ${xs.length}, but y has length ${ys.length}`);
  if (xs.length < 2) throw new DataError('auc: a curve must have at least two points, got one');
  let [area, direction] = [0, 0];
  for (let i = 1; i < xs.length; i++) {
    const step = xs[i]! - xs[i - 1]!;
    if (step !== 0 && direction === 0) direction = Math.sign(step);
    if (step * direction < 0)
      throw new DataError(`auc: x must ascend or descend throughout, but turns back at x[${i}]`);
    area += (step * (ys[i]! + ys[i - 1]!)) / 2;
  }
  return direction * area + 0;
}

/** The weights at or above each different score, scores descending. */
export interface Steps {
  /** False positives. */
  readonly fps: Float64Array;
  /** True positives. */
  readonly tps: Float64Array;
  readonly thresholds: Float64Array;
}

/**
 * Counts what lies at or above each different score. Rows that weigh nothing are left out.
 * @param positive the code of the positive rows
 */
export function countSteps(
  codes: Int32Array,
  positive: number,
  scores: Float64Array,
  weights: Float64Array | null,
): Steps {
  if (weights === null) return countUnweighted(codes, positive, scores);
  const order = argsort(scores);
  const n = order.length;
  const [fps, tps, thresholds] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  let [fp, tp, steps] = [0, 0, 0];
  for (let at = n - 1; at >= 0; at--) {
    const i = order[at]!;
    const weight = weights[i]!;
    if (weight === 0) continue;
    const score = scores[i]! + 0;
    if (steps > 0 && thresholds[steps - 1] !== score) steps++;
    if (steps === 0) steps = 1;
    if (codes[i] === positive) tp += weight;
    else fp += weight;
    fps[steps - 1] = fp;
    tps[steps - 1] = tp;
    thresholds[steps - 1] = score;
  }
  return { fps: fps.slice(0, steps), tps: tps.slice(0, steps), thresholds: thresholds.slice(0, steps) };
}

/** Without weights only the scores need sorting: those of positive and of negative rows apart, which are then merged. */
function countUnweighted(codes: Int32Array, positive: number, scores: Float64Array): Steps {
  let count = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] === positive) count++;
  const n = scores.length;
  const [high, low] = [new Float64Array(count), new Float64Array(n - count)];
  for (let i = 0, h = 0, l = 0; i < n; i++) {
    if (codes[i] === positive) high[h++] = scores[i]! + 0;
    else low[l++] = scores[i]! + 0;
  }
  high.sort();
  low.sort();
  const [fps, tps, thresholds] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  let [h, l, steps] = [high.length - 1, low.length - 1, 0];
  while (h >= 0 || l >= 0) {
    const score = h < 0 ? low[l]! : l < 0 ? high[h]! : Math.max(high[h]!, low[l]!);
    while (h >= 0 && high[h] === score) h--;
    while (l >= 0 && low[l] === score) l--;
    thresholds[steps] = score;
    tps[steps] = high.length - 1 - h;
    fps[steps++] = low.length - 1 - l;
  }
  return { fps: fps.slice(0, steps), tps: tps.slice(0, steps), thresholds: thresholds.slice(0, steps) };
}

function stepsFor<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number>,
  { sampleWeight, posLabel }: CurveOptions<L>,
  needs: 'both' | 'positive',
): Steps {
  const { classes, codes } = codesOf(owner, 'yTrue', yTrue, undefined);
  const scores = numberList(owner, 'yScore', yScore);
  sameLength(owner, 'yTrue', codes, 'yScore', scores);
  if (classes.length > 2) {
    throw new DataError(
      `${owner}: yTrue must hold two labels, got ${classes.length}; compare one class with the others`,
    );
  }
  const positive = classes.indexOf(positiveLabel(owner, posLabel, classes));
  const steps = countSteps(codes, positive, scores, weightsOf(owner, sampleWeight, codes.length, 'yTrue'));
  if (steps.tps[steps.tps.length - 1] === 0) {
    throw new DataError(`${owner}: yTrue has no positive rows, so the curve is not defined`);
  }
  if (needs === 'both' && steps.fps[steps.fps.length - 1] === 0) {
    throw new DataError(`${owner}: yTrue has no negative rows, so the curve is not defined`);
  }
  return steps;
}

/** The first and last point and those in which the curve bends. */
function corners({ fps, tps, thresholds }: Steps): Steps {
  const n = fps.length;
  const kept = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const inside = i > 0 && i < n - 1;
    const straight =
      inside &&
      fps[i + 1]! - fps[i]! - (fps[i]! - fps[i - 1]!) === 0 &&
      tps[i + 1]! - tps[i]! - (tps[i]! - tps[i - 1]!) === 0;
    if (!straight) kept[count++] = i;
  }
  const only = (values: Float64Array) => {
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = values[kept[i]!]!;
    return out;
  };
  return { fps: only(fps), tps: only(tps), thresholds: only(thresholds) };
}

function withFirst(first: number, values: Float64Array): Float64Array {
  const out = new Float64Array(values.length + 1);
  out[0] = first;
  out.set(values, 1);
  return out;
}

function scale(values: Float64Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i]! /= by;
}
