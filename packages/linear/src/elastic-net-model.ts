import { counted, readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
  savedCount,
  savedNumber,
  savedString,
} from '@maru-ml/tensor';
import { LinearPredictor } from './linear-predictor.ts';
import { describeLine } from './text.ts';

/** What a fit found out. */
export interface ElasticNetFit {
  coef: Float64Array;
  intercept: number;
  /** Of the objective as it stands in the docstrings, with its 1 / (2 n). */
  dualGap: number;
  nIter: number;
  converged: boolean;
}

/** The estimators whose model this is. */
export type ElasticNetName = 'Lasso' | 'ElasticNet';

/** A line that `Lasso` or `ElasticNet` found. It is made by `fit` or `fromJSON` and does not change. */
export interface ElasticNetModel extends FittedElasticNet {}

export class FittedElasticNet implements RegressorModel<MatrixLike | SparseRows>, IterativeModel {
  /** Which estimator made it. */
  readonly estimator: ElasticNetName;
  /** The coefficients w [d]. */
  readonly coef: Float64Array;
  /** b; 0 without `fitIntercept`. */
  readonly intercept: number;
  /** The objective is at most this far above its minimum. */
  readonly dualGap: number;
  /** Sweeps over the columns. */
  readonly nIter: number;
  /** Whether the duality gap came within `tol`. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly #predictor: LinearPredictor;

  /** @internal */
  constructor(estimator: ElasticNetName, { coef, intercept, dualGap, nIter, converged }: ElasticNetFit) {
    this.estimator = estimator;
    this.coef = coef;
    this.intercept = intercept;
    this.dualGap = dualGap;
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = coef.length;
    this.#predictor = new LinearPredictor(estimator, coef, intercept, true);
    readable(this);
    Object.freeze(this);
  }

  /**
   * ŷ [m] of the rows of `x` [m, d], dense or sparse.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike | SparseRows): Float64Array {
    return this.#predictor.predict(x);
  }

  /** ŷ of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#predictor.predictOne(row);
  }

  /** R² of the predictions for `x` [m, d], given the true `y` [m]. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    return this.#predictor.score(x, y, options);
  }

  toJSON(): object {
    const { estimator, intercept, dualGap, nIter, converged } = this;
    const coef = encodeArray(this.#predictor.coef);
    return { type: 'ElasticNetModel', version: 1, estimator, coef, intercept, dualGap, nIter, converged };
  }

  toString(): string {
    const used = this.#predictor.coef.filter((value) => value !== 0).length;
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nIter, 'sweep')}`;
    return `${describeLine(this.estimator, this.#predictor)}, ${used} not 0, ${end}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const ElasticNetModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): ElasticNetModel {
    const owner = 'ElasticNetModel.fromJSON';
    const fields = checkSaved('ElasticNetModel', 1, json);
    return new FittedElasticNet(savedString(owner, fields, 'estimator', ['Lasso', 'ElasticNet']), {
      coef: decodeArray(owner, 'coef', fields.coef, { dtype: 'float64', shape: [-1], finite: true }),
      intercept: savedNumber(owner, fields, 'intercept'),
      dualGap: savedNumber(owner, fields, 'dualGap'),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
    });
  },
};
