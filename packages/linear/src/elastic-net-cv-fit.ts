import { checkSampleWeight, DataError, OptionError, type Steps } from '@maru-ml/base';
import { isSparse, type Matrix, type MatrixLike, type SparseRows, toRows, toTargets } from '@maru-ml/tensor';
import { sumOf } from './centered.ts';
import type { ElasticNetCVSettings } from './elastic-net-cv.ts';
import type { CVCurve, ElasticNetCVFit } from './elastic-net-cv-model.ts';
import { descentSettings, interceptOf, type Problem, problemOf, relativeWeights } from './elastic-net-fit.ts';
import { alphaGrid, elasticNetPath } from './elastic-net-path.ts';
import { type Fold, foldsOf, selectNumbers, selectRows } from './folds.ts';
import { LinearPredictor } from './linear-predictor.ts';

/** Up to so many columns a path is faster with the Gram matrix than without. */
const PATH_COLUMNS = 1000;

interface Data {
  rows: Matrix | SparseRows;
  y: Float64Array;
  weights: Float64Array | null;
}

/**
 * The fit of `LassoCV` and `ElasticNetCV`: the path of each fold for each ρ, the errors along it, and the path of all rows
 * for the ρ that is best. Folds are its steps; stopped, it decides by those that are done.
 */
export function* fitElasticNetCV(
  owner: string,
  settings: ElasticNetCVSettings,
  x: MatrixLike | SparseRows,
  y: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): Steps<ElasticNetCVFit> {
  const rows = toRows(owner, x, { keepFloat32: true });
  const [n, d] = isSparse(rows) ? rows.shape : [rows.rows, rows.columns];
  const data = { rows, y: toTargets(owner, y, n), weights: checkSampleWeight(owner, sampleWeight, n) };
  const folds = foldsOf(owner, settings.cv, n);
  yield;
  const l1Ratios = typeof settings.l1Ratio === 'number' ? [settings.l1Ratio] : settings.l1Ratio;
  const grids = yield* gridsOf(owner, settings, l1Ratios, data);
  const errors = l1Ratios.map((): Float64Array[] => []);
  for (const [step, fold] of folds.entries()) {
    const curves = yield* foldCurves(owner, settings, data, fold, step, l1Ratios, grids);
    for (const [r, curve] of curves.entries()) errors[r]!.push(curve);
    const lowest = Math.min(...errors.map((curves) => curves.at(-1)!.reduce((least, e) => Math.min(least, e))));
    const goOn = yield { step: step + 1, total: folds.length, unit: 'fold', metrics: { mse: lowest } };
    if (goOn === false) break;
  }

  const shares = errors[0]!.map((_, f) =>
    data.weights === null ? 1 : sumOf(selectNumbers(data.weights, folds[f]!.test)),
  );
  const curves = l1Ratios.map((l1Ratio, r): CVCurve => ({ l1Ratio, alphas: grids[r]!, errors: errors[r]! }));
  const { curve, place } = bestOf(curves, shares);
  const whole = yield* problem(owner, settings, data);
  const path = yield* elasticNetPath(
    whole,
    curve.alphas,
    { ...settings, l1Ratio: curve.l1Ratio },
    descentSettings(settings),
  );
  const coef = path.coefs.slice(place * d, (place + 1) * d);
  return { curves, best: curves.indexOf(curve), place, coef, intercept: interceptOf(whole, coef), path };
}

// A problem holds a copy of its rows. These two let go of theirs when they are done.

/** The α of each ρ, from all rows. */
function* gridsOf(
  owner: string,
  settings: ElasticNetCVSettings,
  l1Ratios: readonly number[],
  data: Data,
): Steps<Float64Array[]> {
  const whole = yield* problem(owner, settings, data);
  const grids: Float64Array[] = [];
  for (const l1Ratio of l1Ratios) grids.push(yield* gridOf(owner, settings, l1Ratio, whole));
  return grids;
}

/** The errors of a fold along the path of each ρ. */
function* foldCurves(
  owner: string,
  settings: ElasticNetCVSettings,
  data: Data,
  fold: Fold,
  step: number,
  l1Ratios: readonly number[],
  grids: readonly Float64Array[],
): Steps<Float64Array[]> {
  if (data.weights !== null && sumOf(selectNumbers(data.weights, fold.train)) === 0) {
    throw new DataError(`${owner}: all rows that fold ${step} is fitted with weigh 0`);
  }
  const seen = selected(data, fold.train);
  yield;
  const train = yield* problem(owner, settings, seen);
  yield;
  const test = selected(data, fold.test);
  yield;
  const curves: Float64Array[] = [];
  for (const [r, l1Ratio] of l1Ratios.entries()) {
    const { coefs } = yield* elasticNetPath(train, grids[r]!, { ...settings, l1Ratio }, descentSettings(settings));
    const d = coefs.length / grids[r]!.length;
    const curve = new Float64Array(grids[r]!.length);
    for (let a = 0; a < curve.length; a++) {
      const w = coefs.subarray(a * d, (a + 1) * d);
      const predicted = new LinearPredictor(owner, w, interceptOf(train, w), true).predictRows(test.rows);
      curve[a] = meanSquare(predicted, test);
      yield;
    }
    curves.push(curve);
  }
  return curves;
}

function problem(owner: string, { fitIntercept }: ElasticNetCVSettings, { rows, y, weights }: Data) {
  return problemOf(owner, rows, y, relativeWeights(weights), fitIntercept, PATH_COLUMNS);
}

function selected({ rows, y, weights }: Data, places: Fold['test']): Data {
  return {
    rows: selectRows(rows, places),
    y: selectNumbers(y, places),
    weights: weights === null ? null : selectNumbers(weights, places),
  };
}

function* gridOf(
  owner: string,
  { alphas, eps, nAlphas }: ElasticNetCVSettings,
  l1Ratio: number,
  whole: Problem,
): Steps<Float64Array> {
  if (alphas !== null) return Float64Array.from(alphas).sort().reverse();
  if (l1Ratio > 0) return yield* alphaGrid(whole, l1Ratio, eps, nAlphas);
  throw new OptionError(`${owner}: l1Ratio 0 has no largest alpha to start from; give alphas`);
}

function meanSquare(predicted: Float64Array, { y, weights }: Data): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sum += weight * (y[i]! - predicted[i]!) ** 2;
    total += weight;
  }
  // Rows that weigh nothing say nothing.
  return total === 0 ? 0 : sum / total;
}

/** The curve and the place on it with the lowest error on average over the folds; the first of equals. */
function bestOf(curves: readonly CVCurve[], shares: readonly number[]): { curve: CVCurve; place: number } {
  const total = sumOf(shares);
  let best = { curve: curves[0]!, place: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (const curve of curves) {
    for (let place = 0; place < curve.alphas.length; place++) {
      let mean = 0;
      for (let f = 0; f < shares.length; f++) mean += (shares[f]! / total) * curve.errors[f]![place]!;
      if (mean >= least) continue;
      least = mean;
      best = { curve, place };
    }
  }
  return best;
}
