import { checkKnown, checkOneOf, type FitOptions, readable } from '@maru-ml/base';
import type { MatrixLike, Regressor } from '@maru-ml/tensor';
import { BestSplitter, type NumberCriterion } from '@maru-ml/tree/grow';
import { fitForest, fitForestAsync } from './forest/fit.ts';
import { type ForestRegressorSettings, rowsOfNumbers } from './forest/numbers.ts';
import {
  checkForestOptions,
  type ForestFitAsyncOptions,
  type ForestKind,
  type ForestOptions,
} from './forest/options.ts';
import type { ForestRegressorModel } from './forest-regressor-model.ts';
import { describeEstimator } from './text.ts';

/** The options of `ForestOptions`, of which `maxFeatures` is null (all columns) and `bootstrap` true if it is not given. */
export interface RandomForestRegressorOptions extends ForestOptions {
  /** What a leaf minimizes: squared errors, the same with Friedman's gain, absolute errors or the deviance of Poisson counts; 'squaredError'. */
  criterion?: NumberCriterion;
}

/** The options with their defaults. */
export type RandomForestRegressorSettings = ForestRegressorSettings;

const KIND: ForestKind<'RandomForestRegressor'> = {
  owner: 'RandomForestRegressor',
  splitter: 'best',
  Splitter: BestSplitter,
  bootstrap: true,
  maxFeatures: null,
};

/**
 * A random forest of numbers: many trees, each grown without limits from rows that are drawn with replacement; the prediction is the mean of the
 * trees'. A tree has its own generator, forked from the seed in order, so that the forest is the same for any number of workers.
 *
 * Cost: O(trees · d' n log n) for d' columns in each node. Options are those of scikit-learn, but that shares are numbers below 1 (`maxFeatures: 1` is one
 * column), `workers` belongs to `fitAsync`, and there is no `warmStart`.
 *
 * L. Breiman, "Random forests", Machine Learning 45 (2001).
 */
export class RandomForestRegressor implements Regressor {
  readonly options: RandomForestRegressorSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: RandomForestRegressorOptions = {}) {
    const shared = checkForestOptions(KIND, options, ['criterion']);
    const { criterion = 'squaredError' } = options;
    checkOneOf(KIND.owner, 'criterion', criterion, ['squaredError', 'friedmanMse', 'absoluteError', 'poisson']);
    this.options = Object.freeze({ criterion, ...shared });
    readable(this);
  }

  /**
   * Grows the trees from `x` [n, d], where NaN is a missing value, and the numbers `y` [n].
   * @throws DataError for infinite numbers, ShapeError for lengths and columns that do not fit
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): ForestRegressorModel {
    checkKnown(KIND.owner, options, ['sampleWeight', 'onProgress']);
    return fitForest(KIND, this.options, rowsOfNumbers(KIND, this.options, x, y, options), options);
  }

  /**
   * The same without holding the thread for more than 50 ms, or by `workers` threads. Aborting rejects with the signal's reason, and a
   * worker that dies with a `TaskError`.
   */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: ForestFitAsyncOptions = {},
  ): Promise<ForestRegressorModel> {
    return fitForestAsync(KIND, this.options, () => rowsOfNumbers(KIND, this.options, x, y, options), options);
  }

  toString(): string {
    return describeEstimator('RandomForestRegressor', this.options);
  }
}
