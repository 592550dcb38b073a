import { DataError, list } from '@maru-ml/base';

/**
 * Tells from the steps of a fit that the likelihood has no maximum: while it hardly grows any more, the linear predictors of some rows go
 * on moving by steps that do not shrink. In a fit with a maximum both end together, as its steps shrink ever faster.
 */
export class Drift {
  #before = Number.POSITIVE_INFINITY;
  #count = 0;

  /**
   * Whether the likelihood has no maximum, after one more step.
   * @param gain what the step has won of the logarithm of the likelihood, @param level its size, @param shift the largest move of a
   *   linear predictor
   */
  step(gain: number, level: number, shift: number): boolean {
    const idle = Math.abs(gain) <= 1e-8 * (Math.abs(level) + 0.1);
    this.#count = idle && shift > LEAST_SHIFT && shift > 0.5 * this.#before ? this.#count + 1 : 0;
    this.#before = shift;
    return this.#count >= 3;
  }

  /** Whether a next step is to be taken although the fit may stop: something still moves. */
  isSuspicious(shift: number): boolean {
    return shift > LEAST_SHIFT;
  }
}

/**
 * A step of a linear predictor that a fit no longer takes where the likelihood has converged. Where it has no maximum, the steps at that
 * point are 1 for the links 'logit' and 'log', .2 for 'probit' and .05 for 'cloglog'.
 */
const LEAST_SHIFT = 0.02;

/** The largest move between linear predictors before a step and after it. */
export function largestMove(before: Float64Array, after: Float64Array): number {
  let most = 0;
  for (let i = 0; i < after.length; i++) most = Math.max(most, Math.abs(after[i]! - before[i]!));
  return most;
}

/** The error of classes, or zeros, that columns separate. @param growing the names of the coefficients that grow without end */
export function separated(owner: string, complete: boolean, growing: readonly string[], remedy: string): DataError {
  const what = complete
    ? 'the columns separate the classes completely'
    : `the columns separate some rows from all others, and the ${growing.length === 1 ? 'coefficient' : 'coefficients'} of ${list(growing, 'and')} would grow without end`;
  return new DataError(`${owner}: ${what}, so that the likelihood has no maximum; ${remedy}`);
}

/** The names of the coefficients whose last steps [k] make the most of the moves of the linear predictors. */
export function growingNames(
  x: Float64Array,
  rows: number,
  steps: Float64Array,
  names: readonly string[],
): readonly string[] {
  const k = names.length;
  const sizes = new Float64Array(k);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < k; j++) sizes[j] = Math.max(sizes[j]!, Math.abs(x[i * k + j]! * steps[j]!));
  }
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  return names.filter((_, j) => sizes[j]! > 0.05 * most);
}

/** Whether scores [n] of ones and zeros lie apart: at any threshold, or on both sides of 0. @param weights rows of weight 0 do not count */
export function separates(
  scores: Float64Array,
  y: Float64Array,
  weights: Float64Array | null,
  anywhere: boolean,
): boolean {
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  let size = 0;
  for (let i = 0; i < y.length; i++) {
    if (weights !== null && weights[i] === 0) continue;
    if (y[i] !== 0 && y[i] !== 1) return false;
    size = Math.max(size, Math.abs(scores[i]!));
    if (y[i] === 0) highest = Math.max(highest, scores[i]!);
    else lowest = Math.min(lowest, scores[i]!);
  }
  const margin = 1e-10 * size;
  return lowest - highest > margin && (anywhere || (lowest > margin && highest < -margin));
}
