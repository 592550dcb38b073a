import { readable } from '@maru-ml/base';
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
export interface RidgeFit {
  coef: Float64Array;
  intercept: number;
  nIter: number;
  converged: boolean;
  solver: 'cholesky' | 'svd' | 'sparseCg';
}

/** The line that `Ridge` found. It is made by `fit` or `fromJSON` and does not change. */
export interface RidgeModel extends FittedRidge {}

export class FittedRidge implements RegressorModel<MatrixLike | SparseRows>, IterativeModel {
  /** The coefficients w [d]. */
  readonly coef: Float64Array;
  /** b; 0 without `fitIntercept`. */
  readonly intercept: number;
  /** Iterations of 'sparseCg'; 1 for the others. */
  readonly nIter: number;
  /** Whether 'sparseCg' came within `tol`; true for the others. */
  readonly converged: boolean;
  /** The solver that was used. */
  readonly solver: 'cholesky' | 'svd' | 'sparseCg';
  readonly nFeaturesIn: number;
  readonly #predictor: LinearPredictor;

  /** @internal */
  constructor({ coef, intercept, nIter, converged, solver }: RidgeFit) {
    this.coef = coef;
    this.intercept = intercept;
    this.nIter = nIter;
    this.converged = converged;
    this.solver = solver;
    this.nFeaturesIn = coef.length;
    this.#predictor = new LinearPredictor('Ridge', coef, intercept, true);
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
    const { intercept, nIter, converged, solver } = this;
    const coef = encodeArray(this.#predictor.coef);
    return { type: 'RidgeModel', version: 1, coef, intercept, nIter, converged, solver };
  }

  toString(): string {
    return `${describeLine('Ridge', this.#predictor)}, by ${this.solver}${this.converged ? '' : ', not converged'}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const RidgeModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): RidgeModel {
    const owner = 'RidgeModel.fromJSON';
    const fields = checkSaved('RidgeModel', 1, json);
    return new FittedRidge({
      coef: decodeArray(owner, 'coef', fields.coef, { dtype: 'float64', shape: [-1], finite: true }),
      intercept: savedNumber(owner, fields, 'intercept'),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
      solver: savedString(owner, fields, 'solver', ['cholesky', 'svd', 'sparseCg']),
    });
  },
};
