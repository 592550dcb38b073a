import { checkKnown, checkSampleWeight, readable } from '@maru-ml/base';
import { exp } from '@maru-ml/kernels/scalar';
import {
  checkSaved,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  savedString,
  toTargets,
} from '@maru-ml/tensor';
import type { HistFit } from './hist/fit.ts';
import { RawPredictor } from './hist/raw-predictor.ts';
import { fitToJSON, savedFit } from './hist/saved.ts';
import { counted } from './text.ts';

const OWNER = 'HistGradientBoostingRegressor';

/** The trees that `HistGradientBoostingRegressor` added up. It is made by `fit` or `fromJSON` and does not change. */
export interface HistGradientBoostingRegressorModel extends FittedHistGradientBoostingRegressor {}

export class FittedHistGradientBoostingRegressor implements RegressorModel, IterativeModel {
  /** Rounds, which are trees. */
  readonly nIter: number;
  /** Whether it stopped since the loss no longer fell (`earlyStopping`). */
  readonly converged: boolean;
  /** The mean loss on the rows that were fitted, before the first round and after each; empty without early stopping. */
  readonly trainScore: Float64Array;
  /** The same on the rows that were held out; empty if there were none. */
  readonly validationScore: Float64Array;
  readonly nFeaturesIn: number;
  readonly #predictor: RawPredictor;
  readonly #fit: HistFit;
  readonly #link: 'identity' | 'log';

  /** @internal */
  constructor(fit: HistFit, link: 'identity' | 'log') {
    this.nIter = fit.nIter;
    this.converged = fit.converged;
    this.trainScore = fit.trainScore.slice();
    this.validationScore = fit.validationScore.slice();
    this.nFeaturesIn = fit.columns;
    this.#predictor = new RawPredictor(OWNER, fit);
    this.#fit = fit;
    this.#link = link;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The prediction for each row of `x` [m, d]; NaN is a missing value.
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers
   */
  predict(x: MatrixLike): Float64Array {
    return this.#linked(this.#predictor.of(x).raw);
  }

  /** The prediction for one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    const raw = this.#predictor.one(row)[0]!;
    return this.#link === 'log' ? exp(raw) : raw;
  }

  /** The predictions after each round, each an array [m] of its own. Errors as for `predict`. */
  *stagedPredict(x: MatrixLike): Generator<Float64Array> {
    for (const { raw } of this.#predictor.staged(x)) yield this.#linked(raw.slice());
  }

  /** R² of the predictions for `x` [m, d] of `y` [m]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight(OWNER, options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets(OWNER, y, predicted.length), weights);
  }

  toJSON(): object {
    return { type: 'HistGradientBoostingRegressorModel', version: 1, link: this.#link, ...fitToJSON(this.#fit) };
  }

  toString(): string {
    const end = this.converged ? ', stopped early' : '';
    return `HistGradientBoostingRegressorModel: ${counted(this.nIter, 'tree')} on ${counted(this.nFeaturesIn, 'column')}${end}`;
  }

  #linked(raw: Float64Array): Float64Array {
    if (this.#link === 'log') for (let i = 0; i < raw.length; i++) raw[i] = exp(raw[i]!);
    return raw;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const HistGradientBoostingRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): HistGradientBoostingRegressorModel {
    const owner = 'HistGradientBoostingRegressorModel.fromJSON';
    const fields = checkSaved('HistGradientBoostingRegressorModel', 1, json);
    const link = savedString(owner, fields, 'link', ['identity', 'log'] as const);
    return new FittedHistGradientBoostingRegressor(savedFit(owner, fields, 1), link);
  },
};
