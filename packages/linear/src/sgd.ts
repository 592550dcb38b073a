import { DataError, permutation, type RandomStream, type Steps } from '@maru-ml/base';
import { exp, log } from '@maru-ml/kernels/scalar';
import type { Matrix, SparseRows } from '@maru-ml/tensor';
import { rowsAtOnce } from './centered.ts';
import type { JointLoss } from './sgd-losses.ts';
import { SgdWeights } from './sgd-weights.ts';

/** How the step η grows and shrinks with the number t of rows seen. */
export type LearningRate = 'optimal' | 'constant' | 'invscaling' | 'adaptive';

/** What stochastic gradient descent needs to know. */
export interface SgdSettings {
  penalty: 'l2' | 'l1' | 'elasticnet' | null;
  alpha: number;
  l1Ratio: number;
  fitIntercept: boolean;
  maxIter: number;
  tol: number | null;
  shuffle: boolean;
  learningRate: LearningRate;
  eta0: number;
  powerT: number;
  nIterNoChange: number;
  /** The row from which on w is averaged; 0 for never. */
  average: number;
}

/** What it goes on from: the coefficients of k scores. */
export interface SgdState {
  /** [k, d] and [k]. */
  coef: Float64Array;
  intercept: Float64Array;
  /** Their averages; null if none are taken. */
  averageCoef: Float64Array | null;
  averageIntercept: Float64Array | null;
  /** Rows seen, and 1. */
  t: number;
}

/** The data of a fit. */
export interface SgdData {
  rows: Matrix | SparseRows;
  /** What the loss takes as the truth [n]. */
  truth: Float64Array;
  /** [n] */
  weights: Float64Array;
  /** The rows to learn from. */
  places: Int32Array;
  /** What the rows that are held out say of coefficients, the higher, the better; null if none are. */
  validate: ((coef: Float64Array, intercept: Float64Array) => number) | null;
  /** How large a slope of the loss is at first, for 'optimal'. */
  typicalSlope: (score: number) => number;
}

export interface SgdResult {
  nIter: number;
  converged: boolean;
}

/**
 * Stochastic gradient descent: for each row in turn, w and b take a step of length η against the slope of
 *
 *   sᵢ ℓ(xᵢ w + b, yᵢ) + α (½ (1 - ρ) ‖w‖² + ρ ‖w‖₁),
 *
 * step for step as scikit-learn does but for the order of the rows. Epochs are its steps. O(elements held in the row) a row.
 *
 * L. Bottou, "Large-scale machine learning with stochastic gradient descent", COMPSTAT (2010).
 *
 * @param state is changed in place
 * @throws DataError if numbers overflow
 */
export function* sgd(
  owner: string,
  { rows, truth, weights, places, validate, typicalSlope }: SgdData,
  loss: JointLoss,
  settings: SgdSettings,
  state: SgdState,
  random: RandomStream | null,
): Steps<SgdResult> {
  const { penalty, alpha, fitIntercept, maxIter, tol, learningRate, average, nIterNoChange } = settings;
  const k = state.intercept.length;
  const d = state.coef.length / k;
  const l1Ratio = penalty === 'l1' ? 1 : penalty === 'elasticnet' ? settings.l1Ratio : 0;
  const part = (all: Float64Array, c: number) => all.subarray(c * d, (c + 1) * d);
  const all = Array.from(
    { length: k },
    (_, c) => new SgdWeights(part(state.coef, c), state.averageCoef && part(state.averageCoef, c)),
  );
  const { intercept } = state;
  const [scores, slopes] = [new Float64Array(k), new Float64Array(k)];
  const rate = learningRates(settings, typicalSlope);
  // Beside its products a row costs as much as some hundreds of them: it is drawn from anywhere, and its loss is evaluated.
  const most = rowsAtOnce(k * (d + 400));
  const n = places.length;
  let eta = settings.eta0;
  let [bestLoss, bestScore, withoutGain] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];

  for (let nIter = 1; ; nIter++) {
    const order = random === null ? null : permutation(random, n);
    yield;
    let [sum, diverges] = [0, false];
    for (let step = 0; step < n; step++) {
      const i = places[order === null ? step : order[step]!]!;
      for (let c = 0; c < k; c++) scores[c] = all[c]!.score(rows, i) + intercept[c]!;
      if (learningRate === 'optimal' || learningRate === 'invscaling') eta = rate(state.t);
      sum += loss.evaluate(scores, truth[i]!, slopes);
      for (let c = 0; c < k; c++) {
        const w = all[c]!;
        const slope = Math.max(-LARGEST_SLOPE, Math.min(LARGEST_SLOPE, slopes[c]!));
        diverges ||= slope !== slopes[c]!;
        const update = -eta * slope * weights[i]!;
        if (penalty === 'l2' || penalty === 'elasticnet') w.shrink(Math.max(0, 1 - (1 - l1Ratio) * eta * alpha));
        if (update !== 0) w.add(rows, i, update);
        if (fitIntercept) intercept[c]! += update;
        if (average > 0 && average <= state.t) {
          const count = state.t - average + 1;
          w.takeIntoAverage(count);
          state.averageIntercept![c]! += (intercept[c]! - state.averageIntercept![c]!) / count;
        }
        if (penalty === 'l1' || penalty === 'elasticnet') w.penalize(rows, i, l1Ratio * eta * alpha);
      }
      state.t++;
      if (step % most === most - 1) yield;
    }
    for (const w of all) w.settle();
    if (diverges || !intercept.every(Number.isFinite) || !all.every((w) => w.isFinite())) {
      throw new DataError(
        `${owner}: its steps lead away from any solution in epoch ${nIter}; scale the columns of x first (see StandardScaler), or take a smaller eta0`,
      );
    }

    const metrics: Record<string, number> = { loss: sum / n };
    if (validate !== null) {
      const score = validate(state.coef, intercept);
      metrics.validationScore = score;
      withoutGain = tol !== null && score < bestScore + tol ? withoutGain + 1 : 0;
      bestScore = Math.max(bestScore, score);
    } else {
      withoutGain = tol !== null && sum > bestLoss - tol * n ? withoutGain + 1 : 0;
      bestLoss = Math.min(bestLoss, sum);
    }
    const goOn = yield { step: nIter, total: maxIter, unit: 'epoch', metrics };
    if (withoutGain >= nIterNoChange) {
      if (learningRate !== 'adaptive' || eta <= 1e-6) return { nIter, converged: true };
      eta /= 5;
      withoutGain = 0;
    }
    if (goOn === false || nIter === maxIter) return { nIter, converged: false };
  }
}

/** Where a slope is as steep the steps have led far away; it is cut off until the end of the epoch. */
const LARGEST_SLOPE = 1e12;

/** η of the row t, for schedules that follow it. */
function learningRates(
  { learningRate, alpha, eta0, powerT }: SgdSettings,
  typicalSlope: (score: number) => number,
): (t: number) => number {
  if (learningRate === 'optimal') {
    // Léon Bottou's heuristic: the first step is as large as w is expected to become.
    const typical = Math.sqrt(1 / Math.sqrt(alpha));
    const first = typical / Math.max(1, typicalSlope(-typical));
    const start = 1 / (first * alpha);
    return (t) => 1 / (alpha * (start + t - 1));
  }
  return (t) => eta0 / exp(powerT * log(t));
}
