import { checkSampleWeight, type FitOptions } from '@maru-ml/base';
import { type MatrixLike, rSquaredOf, toMatrix, toTargets } from '@maru-ml/tensor';
import { checkNumbers, type NumberCriterion, numberCriterion } from '@maru-ml/tree/grow';
import {
  FittedForestRegressor,
  type ForestRegressorModel,
  type ForestRegressorName,
} from '../forest-regressor-model.ts';
import { type ForestRows, outOfBag } from './fit.ts';
import type { ForestKind, ForestSettings } from './options.ts';

/** The options of forests of numbers with their defaults. */
export type ForestRegressorSettings = ForestSettings & Readonly<{ criterion: NumberCriterion }>;

/** What a forest of numbers learns from. */
export function rowsOfNumbers(
  kind: ForestKind<ForestRegressorName>,
  { criterion, oobScore, nEstimators: wanted }: ForestRegressorSettings,
  input: MatrixLike,
  y: ArrayLike<number>,
  { sampleWeight }: FitOptions,
): ForestRows<ForestRegressorModel> {
  const { owner } = kind;
  const x = toMatrix(owner, input, { allowMissing: true });
  const targets = toTargets(owner, y, x.rows);
  const weights = checkSampleWeight(owner, sampleWeight, x.rows);
  checkNumbers(owner, criterion, targets, weights);
  return {
    x,
    target: { kind: 'numbers', y: targets, criterion },
    criterionFor: (drawn) => numberCriterion(criterion, targets, drawn),
    weights,
    *modelOf(grown) {
      const fit = { trees: grown.trees, columns: x.columns, wanted };
      if (!oobScore) return new FittedForestRegressor(owner, { ...fit, oobPrediction: null, oobScore: null });
      const { means, rows, weights: own } = yield* outOfBag(kind, grown, x, weights);
      const at = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
      const score = rSquaredOf(at(means), at(targets), own);
      return new FittedForestRegressor(owner, { ...fit, oobPrediction: means, oobScore: score });
    },
  };
}
