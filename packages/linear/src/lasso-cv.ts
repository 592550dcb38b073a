import { checkKnown, type FitAsyncOptions, type FitOptions, readable, runSteps, runStepsAsync } from '@maru-ml/base';
import type { MatrixLike, Regressor, SparseRows } from '@maru-ml/tensor';
import { checkElasticNetCV, type ElasticNetCVOptions, type ElasticNetCVSettings } from './elastic-net-cv.ts';
import { fitElasticNetCV } from './elastic-net-cv-fit.ts';
import { type ElasticNetCVModel, FittedElasticNetCV } from './elastic-net-cv-model.ts';
import { describeEstimator } from './text.ts';

/** The options of `ElasticNetCV` but for `l1Ratio`. */
export type LassoCVOptions = Omit<ElasticNetCVOptions, 'l1Ratio'>;

/** The options with their defaults. */
export type LassoCVSettings = Omit<ElasticNetCVSettings, 'l1Ratio'>;

/**
 * Lasso with α chosen by cross-validation: `ElasticNetCV` with ρ = 1. The objective is that of `Lasso`.
 *
 * R. Tibshirani, "Regression shrinkage and selection via the lasso", Journal of the Royal Statistical Society B 58 (1996).
 */
export class LassoCV implements Regressor<MatrixLike | SparseRows> {
  readonly options: LassoCVSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: LassoCVOptions = {}) {
    const { l1Ratio: _, ...settings } = checkElasticNetCV('LassoCV', options, false);
    this.options = Object.freeze(settings);
    readable(this);
  }

  /**
   * Chooses and fits the line to `x` [n, d], dense or sparse, and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit, OptionError
   *   for fewer rows than folds
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): ElasticNetCVModel {
    checkKnown('LassoCV', options, ['sampleWeight', 'onProgress']);
    const steps = fitElasticNetCV('LassoCV', { ...this.options, l1Ratio: 1 }, x, y, options.sampleWeight);
    return new FittedElasticNetCV('LassoCV', runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<ElasticNetCVModel> {
    checkKnown('LassoCV', options, ['sampleWeight', 'onProgress', 'signal']);
    const steps = fitElasticNetCV('LassoCV', { ...this.options, l1Ratio: 1 }, x, y, options.sampleWeight);
    return new FittedElasticNetCV('LassoCV', await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('LassoCV', this.options);
  }
}
