import { checkKnown, type FitAsyncOptions, type FitOptions, readable, runSteps, runStepsAsync } from '@maru-ml/base';
import type { MatrixLike, Regressor, SparseRows } from '@maru-ml/tensor';
import { checkElasticNet, type ElasticNetOptions, type ElasticNetSettings } from './elastic-net.ts';
import { fitElasticNet } from './elastic-net-fit.ts';
import { type ElasticNetModel, FittedElasticNet } from './elastic-net-model.ts';
import { describeEstimator } from './text.ts';

/** The options of `ElasticNet` but for `l1Ratio`. */
export type LassoOptions = Omit<ElasticNetOptions, 'l1Ratio'>;

/** The options with their defaults. */
export type LassoSettings = Omit<ElasticNetSettings, 'l1Ratio'>;

/**
 * Lasso: the line ŷ = x w + b with few coefficients that are not 0, which minimizes
 *
 *   1/(2n) Σᵢ (yᵢ - xᵢ w - b)² + α ‖w‖₁,
 *
 * the elastic net with ρ = 1; see `ElasticNet` for the method, its cost and where its defaults differ from scikit-learn's.
 *
 * R. Tibshirani, "Regression shrinkage and selection via the lasso", Journal of the Royal Statistical Society B 58 (1996).
 */
export class Lasso implements Regressor<MatrixLike | SparseRows> {
  readonly options: LassoSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: LassoOptions = {}) {
    const { l1Ratio: _, ...settings } = checkElasticNet('Lasso', options, false);
    this.options = Object.freeze(settings);
    readable(this);
  }

  /**
   * Fits the line to `x` [n, d], dense or sparse, and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): ElasticNetModel {
    checkKnown('Lasso', options, ['sampleWeight', 'onProgress']);
    const steps = fitElasticNet('Lasso', { ...this.options, l1Ratio: 1 }, x, y, options.sampleWeight);
    return new FittedElasticNet('Lasso', runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<ElasticNetModel> {
    checkKnown('Lasso', options, ['sampleWeight', 'onProgress', 'signal']);
    const steps = fitElasticNet('Lasso', { ...this.options, l1Ratio: 1 }, x, y, options.sampleWeight);
    return new FittedElasticNet('Lasso', await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('Lasso', this.options);
  }
}
