import {
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import { type MatrixLike, type Regressor, toMatrix, toTargets } from '@maru-ml/tensor';
import { boost } from './hist/fit.ts';
import { gammaLoss, type HistLoss, poissonLoss, quantileLoss, squaredError } from './hist/losses.ts';
import { checkOptions, type HistGradientBoostingOptions, type HistGradientBoostingSettings } from './hist/options.ts';
import {
  FittedHistGradientBoostingRegressor,
  type HistGradientBoostingRegressorModel,
} from './hist-gradient-boosting-regressor-model.ts';
import { describeEstimator } from './text.ts';

export interface HistGradientBoostingRegressorOptions extends HistGradientBoostingOptions {
  /** What is minimized: ½ (y - F)², |y - F|, the losses of Poisson and gamma numbers, whose mean is e^F, or that of a quantile; 'squaredError'. */
  loss?: 'squaredError' | 'absoluteError' | 'gamma' | 'poisson' | 'quantile';
  /** The quantile, from 0 to 1, for the loss 'quantile', which needs it; null. */
  quantile?: number | null;
}

/** The options with their defaults. */
export type HistGradientBoostingRegressorSettings = HistGradientBoostingSettings &
  Readonly<{ loss: NonNullable<HistGradientBoostingRegressorOptions['loss']>; quantile: number | null }>;

const OWNER = 'HistGradientBoostingRegressor';

/**
 * Gradient boosting of regression trees on binned columns: F(x) = F₀ + η Σₜ fₜ(x), where each tree fₜ is a Newton step on
 *
 *   Σᵢ wᵢ ℓ(yᵢ, F(xᵢ)) + ½ λ Σ (value of a leaf)².
 *
 * A column's values are put into at most 255 bins (quantiles) once; then a node's best split is found from sums of first and
 * second derivatives by bin, and trees grow by the leaf that gains most (`maxLeafNodes`). Missing values have a bin of their own, and go to
 * the side where they help. Categories are ordered by their derivatives in each node. The right choice from some thousand rows on, and one
 * of the best for tables of any size.
 *
 * Cost: O(n d) for each level of a tree. Options, bins and trees are those of scikit-learn; gains are always measured by the loss, and
 * there is no `warmStart`: models do not change, and a fit of more rounds with the same seed begins with the same trees.
 *
 * G. Ke, Q. Meng, T. Finley and others, "LightGBM: a highly efficient gradient boosting decision tree", NeurIPS (2017).
 * J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001).
 */
export class HistGradientBoostingRegressor implements Regressor {
  readonly options: HistGradientBoostingRegressorSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: HistGradientBoostingRegressorOptions = {}) {
    const shared = checkOptions(OWNER, options, ['loss', 'quantile']);
    const { loss = 'squaredError', quantile = null } = options;
    checkOneOf(OWNER, 'loss', loss, ['squaredError', 'absoluteError', 'gamma', 'poisson', 'quantile']);
    if (quantile !== null) checkNumber(OWNER, 'quantile', quantile, { min: 0, max: 1 });
    if (loss === 'quantile' && quantile === null)
      throw new OptionError(`${OWNER}: the loss 'quantile' needs a quantile`);
    this.options = Object.freeze({ loss, quantile, ...shared });
    readable(this);
  }

  /**
   * Fits trees to `x` [n, d], where NaN is a missing value, and the numbers `y` [n].
   * @throws DataError for infinite numbers or a y that the loss has no meaning for, ShapeError for lengths that do not fit,
   *   OptionError for columns that there are not
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): HistGradientBoostingRegressorModel {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<HistGradientBoostingRegressorModel> {
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
  ): Steps<HistGradientBoostingRegressorModel> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true, keepFloat32: true });
    yield;
    const targets = targetsOf(y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    const loss = lossOf(this.options);
    const fit = yield* boost(OWNER, this.options, loss, { x: matrix, y: targets, weights }, false);
    return new FittedHistGradientBoostingRegressor(fit, loss.link === 'log' ? 'log' : 'identity');
  }
}

/** The numbers to fit: the caller's own where they can be read as they are, as x is. */
function targetsOf(y: ArrayLike<number>, rows: number): Float64Array {
  const checked = toTargets(OWNER, y, rows);
  return y instanceof Float64Array ? y : checked;
}

function lossOf({ loss, quantile }: HistGradientBoostingRegressorSettings): HistLoss {
  if (loss === 'absoluteError') return quantileLoss(0.5, 2);
  if (loss === 'quantile') return quantileLoss(quantile!);
  if (loss === 'poisson') return poissonLoss(OWNER);
  if (loss === 'gamma') return gammaLoss(OWNER);
  return squaredError(OWNER);
}
