import { checkKnown, checkSampleWeight, readable } from '@maru-ml/base';
import {
  checkSaved,
  encodeArray,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  savedColumns,
  savedCount,
  savedNumber,
  savedString,
  toTargets,
} from '@maru-ml/tensor';
import { copyTree, type Tree } from '@maru-ml/tree/grow';
import { TreeAverage } from './forest/average.ts';
import { savedForest, savedOob } from './forest-classifier-model.ts';
import { counted } from './text.ts';

/** The estimators whose model this is. */
export type ForestRegressorName = 'RandomForestRegressor' | 'ExtraTreesRegressor';

/** What a fit found out. */
export interface ForestRegressorFit {
  trees: readonly Tree[];
  columns: number;
  /** How many trees there were to be. */
  wanted: number;
  /** [n]; null without `oobScore`. */
  oobPrediction: Float64Array | null;
  oobScore: number | null;
}

/** The trees of a `RandomForestRegressor` or `ExtraTreesRegressor`. It is made by `fit` or `fromJSON` and does not change. */
export interface ForestRegressorModel extends FittedForestRegressor {}

export class FittedForestRegressor implements RegressorModel, IterativeModel {
  /** Which estimator made it. */
  readonly estimator: ForestRegressorName;
  /** The trees that were grown. */
  readonly nIter: number;
  /** Whether all trees were grown that were wanted. */
  readonly converged: boolean;
  /** How much each column lowered the impurity, adding up to 1 [d]; all 0 if all trees are single leaves. */
  readonly featureImportances: Float64Array;
  /** The predictions for the rows of the fit by the trees for which they were not drawn [n], NaN for rows that were drawn for all; null without `oobScore`. */
  readonly oobPrediction: Float64Array | null;
  /** R² of these, of the rows that have one; null without `oobScore`. */
  readonly oobScore: number | null;
  readonly nFeaturesIn: number;
  readonly #average: TreeAverage;
  readonly #fit: ForestRegressorFit;

  /** @internal */
  constructor(estimator: ForestRegressorName, fit: ForestRegressorFit) {
    this.estimator = estimator;
    this.nIter = fit.trees.length;
    this.converged = fit.trees.length === fit.wanted;
    this.#average = new TreeAverage(estimator, fit.trees, fit.columns);
    this.featureImportances = this.#average.importances();
    this.oobPrediction = fit.oobPrediction?.slice() ?? null;
    this.oobScore = fit.oobScore;
    this.nFeaturesIn = fit.columns;
    this.#fit = fit;
    readable(this);
    Object.freeze(this);
  }

  /** The trees as flat arrays, copied; `value` holds what nodes predict [nodes, 1]. */
  get trees(): readonly Tree[] {
    return this.#fit.trees.map(copyTree);
  }

  /**
   * The prediction for each row of `x` [m, d]: the mean of the trees'; NaN is a missing value.
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers
   */
  predict(x: MatrixLike): Float64Array {
    return this.#average.of(this.#average.matrix(x));
  }

  /** The prediction for one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#average.one(row)[0]!;
  }

  /** The leaf of each row in each tree [m, trees]. Errors as for `predict`. */
  apply(x: MatrixLike): Int32Array {
    return this.#average.apply(this.#average.matrix(x));
  }

  /** R² of the predictions for `x` [m, d] of `y` [m]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown(this.estimator, options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight(this.estimator, options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets(this.estimator, y, predicted.length), weights);
  }

  toJSON(): object {
    const { trees, columns, wanted, oobPrediction: oob, oobScore } = this.#fit;
    const head = { type: 'ForestRegressorModel', version: 1, estimator: this.estimator, columns, wanted };
    const out = { oobPrediction: oob === null ? null : encodeArray(oob), oobScore };
    return { ...head, ...out, trees: trees.map((tree) => tree.encode()) };
  }

  toString(): string {
    const oob = this.oobScore === null ? '' : `, out-of-bag score ${Number(this.oobScore.toPrecision(4))}`;
    return `${this.estimator}Model: ${counted(this.nIter, 'tree')}, ${counted(this.nFeaturesIn, 'column')}${oob}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const ForestRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): ForestRegressorModel {
    const owner = 'ForestRegressorModel.fromJSON';
    const fields = checkSaved('ForestRegressorModel', 1, json);
    const estimator = savedString(owner, fields, 'estimator', [
      'RandomForestRegressor',
      'ExtraTreesRegressor',
    ] as const);
    const columns = savedColumns(owner, fields, 'columns');
    const wanted = savedCount(owner, fields, 'wanted');
    const trees = savedForest(owner, fields.trees, columns, 1);
    const oobPrediction = savedOob(owner, 'oobPrediction', fields.oobPrediction);
    const oobScore = fields.oobScore === null ? null : savedNumber(owner, fields, 'oobScore');
    return new FittedForestRegressor(estimator, { trees, columns, wanted, oobPrediction, oobScore });
  },
};
