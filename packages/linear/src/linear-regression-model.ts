import { readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  savedCount,
  savedNumber,
} from '@maru-ml/tensor';
import { LinearPredictor } from './linear-predictor.ts';
import { describeLine } from './text.ts';

/** What a fit found out. */
export interface LinearRegressionFit {
  coef: Float64Array;
  intercept: number;
  rank: number;
  singular: Float64Array;
}

/** The line that `LinearRegression` found. It is made by `fit` or `fromJSON` and does not change. */
export interface LinearRegressionModel extends FittedLinearRegression {}

export class FittedLinearRegression implements RegressorModel {
  /** The coefficients w [d]. */
  readonly coef: Float64Array;
  /** b; 0 without `fitIntercept`. */
  readonly intercept: number;
  /** The rank of the (centered, weighted) columns: below d, other coefficients would fit as well, and these are the shortest. */
  readonly rank: number;
  /** The singular values of those columns, descending [min(n, d)]. */
  readonly singular: Float64Array;
  readonly nFeaturesIn: number;
  readonly #predictor: LinearPredictor;

  /** @internal */
  constructor({ coef, intercept, rank, singular }: LinearRegressionFit) {
    this.coef = coef;
    this.intercept = intercept;
    this.rank = rank;
    this.singular = singular;
    this.nFeaturesIn = coef.length;
    this.#predictor = new LinearPredictor('LinearRegression', coef, intercept, false);
    readable(this);
    Object.freeze(this);
  }

  /**
   * ŷ [m] of the rows of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): Float64Array {
    return this.#predictor.predict(x);
  }

  /** ŷ of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#predictor.predictOne(row);
  }

  /** R² of the predictions for `x` [m, d], given the true `y` [m]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    return this.#predictor.score(x, y, options);
  }

  toJSON(): object {
    const { intercept, rank, singular } = this;
    const coef = encodeArray(this.#predictor.coef);
    return { type: 'LinearRegressionModel', version: 1, coef, intercept, rank, singular: encodeArray(singular) };
  }

  toString(): string {
    const rank = this.rank === this.nFeaturesIn ? '' : `, rank ${this.rank}: one of many lines that fit as well`;
    return `${describeLine('LinearRegression', this.#predictor)}${rank}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const LinearRegressionModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): LinearRegressionModel {
    const owner = 'LinearRegressionModel.fromJSON';
    const fields = checkSaved('LinearRegressionModel', 1, json);
    return new FittedLinearRegression({
      coef: decodeArray(owner, 'coef', fields.coef, { dtype: 'float64', shape: [-1], finite: true }),
      intercept: savedNumber(owner, fields, 'intercept'),
      rank: savedCount(owner, fields, 'rank'),
      singular: decodeArray(owner, 'singular', fields.singular, { dtype: 'float64', shape: [-1] }),
    });
  },
};
