import {
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import { type MatrixLike, type Regressor, toMatrix, toTargets } from '@maru-ml/tensor';
import { checkSpread } from '@maru-ml/tree/grow';
import { boostGradients } from './gradient/fit.ts';
import { absoluteLoss, type GradientLoss, huberLoss, quantileLoss, squaredLoss } from './gradient/losses.ts';
import { checkOptions, type GradientBoostingOptions, type GradientBoostingSettings } from './gradient/options.ts';
import {
  FittedGradientBoostingRegressor,
  type GradientBoostingRegressorModel,
} from './gradient-boosting-regressor-model.ts';
import { describeEstimator } from './text.ts';

export interface GradientBoostingRegressorOptions extends GradientBoostingOptions {
  /** What is minimized: squared or absolute errors, squares up to a quantile of the errors and absolute beyond ('huber'), or the loss of a quantile; 'squaredError'. */
  loss?: 'squaredError' | 'absoluteError' | 'huber' | 'quantile';
  /** The quantile for 'huber' and 'quantile', between 0 and 1; 0.9. */
  alpha?: number;
}

/** The options with their defaults. */
export type GradientBoostingRegressorSettings = GradientBoostingSettings &
  Readonly<{ loss: NonNullable<GradientBoostingRegressorOptions['loss']>; alpha: number }>;

const OWNER = 'GradientBoostingRegressor';

/**
 * Gradient boosting of regression trees: F(x) = F₀ + η Σₜ fₜ(x), where each small tree fₜ is grown on the negative derivatives of the loss
 *
 *   Σᵢ wᵢ ℓ(yᵢ, F(xᵢ))
 *
 * by F, and its leaves then get the value that lowers the loss most. With `subsample` below 1 each round sees other rows (stochastic gradient
 * boosting). All thresholds of all columns are tried: for more than some thousand rows `HistGradientBoostingRegressor` is much faster.
 *
 * Cost: O(d n) for each level of a tree; columns are sorted once. Options are those of scikit-learn, but that shares are numbers below 1
 * (`maxFeatures: 1` is one column), missing values are accepted, and there is no `init` or `warmStart`. For columns of categories see
 * `HistGradientBoostingRegressor`.
 *
 * J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001).
 * J. H. Friedman, "Stochastic gradient boosting", Computational Statistics & Data Analysis 38 (2002).
 */
export class GradientBoostingRegressor implements Regressor {
  readonly options: GradientBoostingRegressorSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: GradientBoostingRegressorOptions = {}) {
    const shared = checkOptions(OWNER, options, ['loss', 'alpha']);
    const { loss = 'squaredError', alpha = 0.9 } = options;
    checkOneOf(OWNER, 'loss', loss, ['squaredError', 'absoluteError', 'huber', 'quantile']);
    checkNumber(OWNER, 'alpha', alpha, { above: 0, below: 1 });
    this.options = Object.freeze({ loss, alpha, ...shared });
    readable(this);
  }

  /**
   * Fits trees to `x` [n, d], where NaN is a missing value, and the numbers `y` [n].
   * @throws DataError for infinite numbers or numbers that are far too large, ShapeError for lengths that do not fit and columns
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): GradientBoostingRegressorModel {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<GradientBoostingRegressorModel> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, this.options);
  }

  *#steps(
    x: MatrixLike,
    y: ArrayLike<number>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Steps<GradientBoostingRegressorModel> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    const targets = toTargets(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    checkSpread(OWNER, targets);
    const rows = { x: matrix, y: targets, weights };
    return new FittedGradientBoostingRegressor(
      yield* boostGradients(OWNER, this.options, lossOf(this.options), rows, false),
    );
  }
}

function lossOf({ loss, alpha }: GradientBoostingRegressorSettings): GradientLoss {
  if (loss === 'absoluteError') return absoluteLoss();
  if (loss === 'huber') return huberLoss(alpha);
  if (loss === 'quantile') return quantileLoss(alpha);
  return squaredLoss();
}
