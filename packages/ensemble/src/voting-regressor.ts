import {
  checkKnown,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  readable,
  runFits,
  runFitsAsync,
} from '@maru-ml/base';
import { type MatrixLike, type Regressor, type RegressorModel, toMatrix, toTargets } from '@maru-ml/tensor';
import { checkEstimators, type Named } from './members/members.ts';
import { checkWeights, fitAll } from './members/voting.ts';
import { describeEstimator } from './text.ts';
import { FittedVotingRegressor, type VotingRegressorModel } from './voting-regressor-model.ts';

export interface VotingRegressorOptions {
  /** How much each estimator counts, in their order; null, alike. */
  weights?: readonly number[] | null;
}

/** The options with their defaults. */
export type VotingRegressorSettings = Readonly<Required<VotingRegressorOptions>>;

const OWNER = 'VotingRegressor';

/**
 * The mean of the predictions of different regressors, which may be weighted. For models that err in different ways.
 *
 * Names and options are those of scikit-learn; estimators come as an object.
 *
 * L. I. Kuncheva, "Combining Pattern Classifiers", Wiley (2004).
 */
export class VotingRegressor implements Regressor {
  readonly estimators: Named<Regressor>;
  readonly options: VotingRegressorSettings;

  /**
   * @param estimators regressors by names of your choice
   * @throws OptionError for options that have no meaning
   */
  constructor(estimators: Named<Regressor>, options: VotingRegressorOptions = {}) {
    checkKnown(OWNER, options, ['weights']);
    const { weights = null } = options;
    this.estimators = checkEstimators(OWNER, estimators);
    this.options = Object.freeze({ weights: checkWeights(OWNER, weights, Object.keys(estimators).length) });
    readable(this);
  }

  /**
   * Fits all estimators from `x` [n, d] and the numbers `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: Omit<FitOptions, 'onProgress'> = {}): VotingRegressorModel {
    checkKnown(OWNER, options, ['sampleWeight']);
    return runFits(this.#plan(x, y, options.sampleWeight));
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: Omit<FitAsyncOptions, 'onProgress'> = {},
  ): Promise<VotingRegressorModel> {
    checkKnown(OWNER, options, ['sampleWeight', 'signal']);
    return runFitsAsync(this.#plan(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, { estimators: Object.keys(this.estimators), ...this.options });
  }

  *#plan(x: MatrixLike, y: ArrayLike<number>, sampleWeight: ArrayLike<number> | undefined): Fits<VotingRegressorModel> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    yield;
    const targets = toTargets(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    yield;
    const models = yield* fitAll<RegressorModel>(this.estimators, matrix, targets, weights);
    return new FittedVotingRegressor({ models, names: Object.keys(this.estimators), weights: this.options.weights });
  }
}
