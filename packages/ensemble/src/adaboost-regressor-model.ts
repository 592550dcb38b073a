import { readable } from '@maru-ml/base';
import {
  checkSaved,
  encodeArray,
  type IterativeModel,
  type Matrix,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  savedBoolean,
  savedColumns,
} from '@maru-ml/tensor';
import { savedByModel } from './members/adaboost.ts';
import { type LoadOptions, loadMembers, rowsOf } from './members/members.ts';
import { NumberAnswers } from './members/number-answers.ts';
import { quantileByWeight } from './quantile.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface AdaBoostRegressorFit {
  models: readonly RegressorModel[];
  estimatorWeights: Float64Array;
  estimatorErrors: Float64Array;
  nFeaturesIn: number;
  converged: boolean;
}

const OWNER = 'AdaBoostRegressor';

/** The regressors that `AdaBoostRegressor` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface AdaBoostRegressorModel extends FittedAdaBoostRegressor {}

export class FittedAdaBoostRegressor implements RegressorModel, IterativeModel {
  /** The fitted models. */
  readonly models: readonly RegressorModel[];
  /** How much each model counts, αₜ [models]. */
  readonly estimatorWeights: Float64Array;
  /** The weighted error of each model, εₜ [models]. */
  readonly estimatorErrors: Float64Array;
  /** The models that were fitted. */
  readonly nIter: number;
  /** Whether it ended early by itself. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly #fit: AdaBoostRegressorFit;
  readonly #answers: NumberAnswers;

  /** @internal */
  constructor(fit: AdaBoostRegressorFit) {
    const { models, estimatorWeights, estimatorErrors, nFeaturesIn, converged } = fit;
    this.models = Object.freeze([...models]);
    this.estimatorWeights = estimatorWeights.slice();
    this.estimatorErrors = estimatorErrors.slice();
    this.nIter = models.length;
    this.converged = converged;
    this.nFeaturesIn = nFeaturesIn;
    this.#fit = fit;
    const own = new Float64Array(models.length);
    const order = new Int32Array(models.length);
    const predictOne = (row: Float64Array) => {
      for (let t = 0; t < own.length; t++) own[t] = models[t]!.predictOne(row);
      return quantileByWeight(own, estimatorWeights, 0.5, order);
    };
    this.#answers = new NumberAnswers(OWNER, nFeaturesIn, (matrix) => this.#medians(matrix), predictOne);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The prediction of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers, or missing ones that a model refuses
   */
  predict(x: MatrixLike): Float64Array {
    return this.#answers.predict(x);
  }

  /** The prediction of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#answers.predictOne(row);
  }

  /** R² of the predictions for `x` [m, d] of `y` [m]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    return this.#answers.score(x, y, options);
  }

  toJSON(): object {
    const { models, estimatorWeights, estimatorErrors, nFeaturesIn, converged } = this.#fit;
    const head = { type: 'AdaBoostRegressorModel', version: 1, nFeaturesIn, converged };
    const found = { estimatorWeights: encodeArray(estimatorWeights), estimatorErrors: encodeArray(estimatorErrors) };
    return { ...head, ...found, models: models.map((model) => model.toJSON()) };
  }

  toString(): string {
    const end = this.converged ? ', ended early' : '';
    return `AdaBoostRegressorModel: ${counted(this.nIter, 'model')}, ${counted(this.nFeaturesIn, 'column')}${end}`;
  }

  /** The median of the models' predictions by their weights. */
  #medians(matrix: Matrix): Float64Array {
    const { models, estimatorWeights } = this.#fit;
    const predictions = models.map((model) => model.predict(rowsOf(matrix)));
    const own = new Float64Array(models.length);
    const order = new Int32Array(models.length);
    const medians = new Float64Array(matrix.rows);
    for (let i = 0; i < matrix.rows; i++) {
      for (let t = 0; t < own.length; t++) own[t] = predictions[t]![i]!;
      medians[i] = quantileByWeight(own, estimatorWeights, 0.5, order);
    }
    return medians;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const AdaBoostRegressorModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON(json: unknown, options?: LoadOptions): AdaBoostRegressorModel {
    const owner = 'AdaBoostRegressorModel.fromJSON';
    const fields = checkSaved('AdaBoostRegressorModel', 1, json);
    const nFeaturesIn = savedColumns(owner, fields);
    const models = loadMembers<RegressorModel>(owner, fields.models, () => nFeaturesIn, options);
    const estimatorWeights = savedByModel(owner, 'estimatorWeights', fields.estimatorWeights, models.length);
    const estimatorErrors = savedByModel(owner, 'estimatorErrors', fields.estimatorErrors, models.length);
    const converged = savedBoolean(owner, fields, 'converged');
    return new FittedAdaBoostRegressor({ models, estimatorWeights, estimatorErrors, nFeaturesIn, converged });
  },
};
