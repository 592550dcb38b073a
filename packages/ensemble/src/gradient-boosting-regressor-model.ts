import { checkKnown, checkSampleWeight, readable } from '@maru-ml/base';
import {
  checkSaved,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  toTargets,
} from '@maru-ml/tensor';
import type { GradientFit } from './gradient/fit.ts';
import { GradientPredictor, savedGradientFit } from './gradient/predictor.ts';
import { counted } from './text.ts';

const OWNER = 'GradientBoostingRegressor';

/** The trees that `GradientBoostingRegressor` added up. It is made by `fit` or `fromJSON` and does not change. */
export interface GradientBoostingRegressorModel extends FittedGradientBoostingRegressor {}

export class FittedGradientBoostingRegressor implements RegressorModel, IterativeModel {
  /** Rounds, which are trees. */
  readonly nIter: number;
  /** Whether it stopped since rows that were held out no longer gained (`nIterNoChange`). */
  readonly converged: boolean;
  /** The mean loss of the rows that were drawn, after each round. */
  readonly trainScore: Float64Array;
  /** By how much each round lowered the mean loss of the rows that were not drawn (`subsample`); empty if all are. */
  readonly oobImprovement: Float64Array;
  /** How much each column lowered the impurity in the trees, adding up to 1 [d]; all 0 if all trees are single leaves. */
  readonly featureImportances: Float64Array;
  readonly nFeaturesIn: number;
  readonly #predictor: GradientPredictor;

  /** @internal */
  constructor(fit: GradientFit) {
    this.nIter = fit.trees.length;
    this.converged = fit.converged;
    this.trainScore = fit.trainScore.slice();
    this.oobImprovement = fit.oobImprovement.slice();
    this.nFeaturesIn = fit.columns;
    this.#predictor = new GradientPredictor(OWNER, fit);
    this.featureImportances = this.#predictor.importances();
    readable(this);
    Object.freeze(this);
  }

  /**
   * The prediction for each row of `x` [m, d]; NaN is a missing value.
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers
   */
  predict(x: MatrixLike): Float64Array {
    return this.#predictor.of(x).raw;
  }

  /** The prediction for one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#predictor.one(row)[0]!;
  }

  /** The predictions after each round, each an array [m] of its own. Errors as for `predict`. */
  *stagedPredict(x: MatrixLike): Generator<Float64Array> {
    for (const { raw } of this.#predictor.staged(x)) yield raw;
  }

  /** R² of the predictions for `x` [m, d] of `y` [m]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight(OWNER, options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets(OWNER, y, predicted.length), weights);
  }

  toJSON(): object {
    return { type: 'GradientBoostingRegressorModel', version: 1, ...this.#predictor.toJSON() };
  }

  toString(): string {
    const end = this.converged ? ', stopped early' : '';
    return `GradientBoostingRegressorModel: ${counted(this.nIter, 'tree')} on ${counted(this.nFeaturesIn, 'column')}${end}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const GradientBoostingRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): GradientBoostingRegressorModel {
    const owner = 'GradientBoostingRegressorModel.fromJSON';
    return new FittedGradientBoostingRegressor(
      savedGradientFit(owner, checkSaved('GradientBoostingRegressorModel', 1, json), 1),
    );
  },
};
