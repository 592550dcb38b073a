import { readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  savedNumber,
} from '@maru-ml/tensor';
import { LinearPredictor } from './linear-predictor.ts';
import { describeLine, short } from './text.ts';

/** What a fit found out. */
export interface RidgeCVFit {
  coef: Float64Array;
  intercept: number;
  alpha: number;
  alphas: Float64Array;
  errors: Float64Array;
}

/** The line that `RidgeCV` chose, and how. It is made by `fit` or `fromJSON` and does not change. */
export interface RidgeCVModel extends FittedRidgeCV {}

export class FittedRidgeCV implements RegressorModel {
  /** The coefficients w [d]. */
  readonly coef: Float64Array;
  /** b; 0 without `fitIntercept`. */
  readonly intercept: number;
  /** α, the one with the smallest error. */
  readonly alpha: number;
  /** All α that were tried [nAlphas]. */
  readonly alphas: Float64Array;
  /** Their mean squared errors on the row left out [nAlphas]. */
  readonly errors: Float64Array;
  /** The smallest of them, negated: the higher, the better. */
  readonly bestScore: number;
  readonly nFeaturesIn: number;
  readonly #predictor: LinearPredictor;

  /** @internal */
  constructor({ coef, intercept, alpha, alphas, errors }: RidgeCVFit) {
    this.coef = coef;
    this.intercept = intercept;
    this.alpha = alpha;
    this.alphas = alphas;
    this.errors = errors;
    this.bestScore = -errors.reduce((least, error) => Math.min(least, error));
    this.nFeaturesIn = coef.length;
    this.#predictor = new LinearPredictor('RidgeCV', coef, intercept, false);
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
    const { intercept, alpha, alphas, errors } = this;
    const arrays = {
      coef: encodeArray(this.#predictor.coef),
      alphas: encodeArray(alphas),
      errors: encodeArray(errors),
    };
    return { type: 'RidgeCVModel', version: 1, intercept, alpha, ...arrays };
  }

  toString(): string {
    return `${describeLine('RidgeCV', this.#predictor)}, alpha ${short(this.alpha)} of ${this.alphas.length}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const RidgeCVModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): RidgeCVModel {
    const owner = 'RidgeCVModel.fromJSON';
    const fields = checkSaved('RidgeCVModel', 1, json);
    // The errors of huge targets overflow.
    const floats = (name: string, shape: number[], finite = true) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite });
    const alphas = floats('alphas', [-1]);
    return new FittedRidgeCV({
      coef: floats('coef', [-1]),
      intercept: savedNumber(owner, fields, 'intercept'),
      alpha: savedNumber(owner, fields, 'alpha'),
      alphas,
      errors: floats('errors', [alphas.length], false),
    });
  },
};
