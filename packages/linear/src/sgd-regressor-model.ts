import {
  checkKnown,
  checkSampleWeight,
  counted,
  type FitAsyncOptions,
  type FitOptions,
  type RandomState,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  streamAt,
} from '@maru-ml/base';
import {
  checkSaved,
  type IterativeModel,
  isSparse,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
  savedCount,
  toRows,
  toTargets,
} from '@maru-ml/tensor';
import { LinearPredictor } from './linear-predictor.ts';
import type { SgdState } from './sgd.ts';
import { savedOptions } from './sgd-options.ts';
import { checkSGDRegressor, descendTo, type SGDRegressorSettings } from './sgd-regressor.ts';
import { answerOf, copyState, savedRandom, savedState, stateToJSON } from './sgd-state.ts';
import { describeLine } from './text.ts';

/** What a fit found out, and what the next one goes on from. */
export interface SgdRegressorFit {
  settings: SGDRegressorSettings;
  state: SgdState;
  nIter: number;
  converged: boolean;
  random: RandomState;
}

/** The line that `SGDRegressor` found. It is made by `fit`, `update` or `fromJSON` and does not change. */
export interface SGDRegressorModel extends FittedSGDRegressor {}

export class FittedSGDRegressor implements RegressorModel<MatrixLike | SparseRows>, IterativeModel {
  /** The coefficients w [d]. */
  readonly coef: Float64Array;
  /** b; 0 without `fitIntercept`. */
  readonly intercept: number;
  /** Epochs. */
  readonly nIter: number;
  /** Whether it stopped because nothing was gained any more. */
  readonly converged: boolean;
  /** Rows seen, and 1: η goes on from here in `update`. */
  readonly t: number;
  readonly nFeaturesIn: number;
  readonly #predictor: LinearPredictor;
  readonly #fit: SgdRegressorFit;

  /** @internal */
  constructor(fit: SgdRegressorFit) {
    const { settings, state, nIter, converged } = fit;
    const { coef, intercept } = answerOf(state, Number(settings.average));
    this.coef = coef.slice();
    this.intercept = intercept[0]!;
    this.nIter = nIter;
    this.converged = converged;
    this.t = state.t;
    this.nFeaturesIn = coef.length;
    this.#predictor = new LinearPredictor('SGDRegressor', coef, intercept[0]!, true);
    this.#fit = fit;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The model after one epoch more, over other rows: what scikit-learn calls `partial_fit`. This one does not change.
   * @throws as `fit`, and ShapeError if x has other columns
   */
  update(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): SGDRegressorModel {
    checkKnown('SGDRegressor', options, ['sampleWeight', 'onProgress']);
    return new FittedSGDRegressor(runSteps(updated(this.#fit, x, y, options.sampleWeight), options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async updateAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<SGDRegressorModel> {
    checkKnown('SGDRegressor', options, ['sampleWeight', 'onProgress', 'signal']);
    return new FittedSGDRegressor(await runStepsAsync(updated(this.#fit, x, y, options.sampleWeight), options));
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
    const { settings, state, nIter, converged, random } = this.#fit;
    const { seed: _, ...options } = settings;
    return {
      type: 'SGDRegressorModel',
      version: 1,
      options,
      state: stateToJSON(state),
      nIter,
      converged,
      random,
    };
  }

  toString(): string {
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nIter, 'epoch')}`;
    return `${describeLine('SGDRegressor', this.#predictor)}, ${end}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const SGDRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError or OptionError if it is none */
  fromJSON(json: unknown): SGDRegressorModel {
    const owner = 'SGDRegressorModel.fromJSON';
    const fields = checkSaved('SGDRegressorModel', 1, json);
    return new FittedSGDRegressor({
      settings: savedOptions(owner, fields, (saved) => checkSGDRegressor(saved)),
      state: savedState(owner, fields.state, 1),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
      random: savedRandom(owner, fields.random),
    });
  },
};

/** One epoch more, over other rows. */
function* updated(
  fit: SgdRegressorFit,
  x: MatrixLike | SparseRows,
  y: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): Steps<SgdRegressorFit> {
  const owner = 'SGDRegressor';
  const rows = toRows(owner, x, { keepFloat32: true, columns: fit.state.coef.length });
  const n = isSparse(rows) ? rows.shape[0] : rows.rows;
  const targets = toTargets(owner, y, n);
  const weights = checkSampleWeight(owner, sampleWeight, n);
  const state = copyState(fit.state);
  const random = streamAt(fit.random);
  const settings = { ...fit.settings, maxIter: 1, tol: null, earlyStopping: false };
  yield;
  yield* descendTo(settings, rows, targets, weights, { ...state }, random);
  state.t += n;
  return { ...fit, state, nIter: 1, converged: false, random: random.state };
}
