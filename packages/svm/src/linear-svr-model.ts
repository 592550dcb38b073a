import { checkKnown, checkSampleWeight, counted, readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
  savedCount,
  savedNumber,
  toTargets,
} from '@maru-ml/tensor';
import { LinearScores } from './linear-scores.ts';
import { describeEnd } from './text.ts';

/** What a fit found out. */
export interface LinearSvrFit {
  /** [d]. */
  coef: Float64Array;
  intercept: number;
  nIter: number;
  converged: boolean;
}

/** The line that `LinearSVR` found. It is made by `fit` or `fromJSON` and does not change. */
export interface LinearSVRModel extends FittedLinearSVR {}

export class FittedLinearSVR implements RegressorModel<MatrixLike | SparseRows>, IterativeModel {
  /** The coefficients w [d]. */
  readonly coef: Float64Array;
  /** b; 0 without `fitIntercept`. */
  readonly intercept: number;
  /** Passes over the rows. */
  readonly nIter: number;
  /** Whether it came within `tol`. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly #scores: LinearScores;

  /** @internal */
  constructor({ coef, intercept, nIter, converged }: LinearSvrFit) {
    this.coef = coef.slice();
    this.intercept = intercept;
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = coef.length;
    this.#scores = new LinearScores('LinearSVR', coef, Float64Array.of(intercept));
    readable(this);
    Object.freeze(this);
  }

  /**
   * x w + b of each row of `x` [m, d], dense or sparse.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike | SparseRows): Float64Array {
    return this.#scores.score(x);
  }

  /** The prediction for one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#scores.scoreOne(row)[0]!;
  }

  /** R² of the rows of `x` [m, d] and the numbers `y` [m]. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown('LinearSVR', options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight('LinearSVR', options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets('LinearSVR', y, predicted.length), weights);
  }

  toJSON(): object {
    const { intercept, nIter, converged } = this;
    return {
      type: 'LinearSVRModel',
      version: 1,
      coef: encodeArray(this.#scores.coef),
      intercept,
      nIter,
      converged,
    };
  }

  toString(): string {
    return `LinearSVRModel: ${counted(this.nFeaturesIn, 'column')}, ${describeEnd(this)}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const LinearSVRModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): LinearSVRModel {
    const owner = 'LinearSVRModel.fromJSON';
    const fields = checkSaved('LinearSVRModel', 1, json);
    return new FittedLinearSVR({
      coef: decodeArray(owner, 'coef', fields.coef, { dtype: 'float64', shape: [-1], finite: true }),
      intercept: savedNumber(owner, fields, 'intercept'),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
    });
  },
};
