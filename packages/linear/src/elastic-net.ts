import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSeed,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Seed,
} from '@maru-ml/base';
import type { MatrixLike, Regressor, SparseRows } from '@maru-ml/tensor';
import { fitElasticNet } from './elastic-net-fit.ts';
import { type ElasticNetModel, FittedElasticNet } from './elastic-net-model.ts';
import { describeEstimator } from './text.ts';

export interface ElasticNetOptions {
  /** How much both penalties weigh together, α > 0; 1. */
  alpha?: number;
  /** The share ρ of the first penalty: 1 is the lasso, 0 a ridge; .5. */
  l1Ratio?: number;
  /** Whether the line has an intercept b, which is not penalized; true. */
  fitIntercept?: boolean;
  /** Whether coefficients must not be negative; false. */
  positive?: boolean;
  /** The most sweeps over the columns; 10,000. */
  maxIter?: number;
  /** Stop when the duality gap is at most this share of ‖y‖²; 1e-10. */
  tol?: number;
  /** Moves coefficients in turn, or drawn at random, which can be faster where columns are much alike; 'cyclic'. */
  selection?: 'cyclic' | 'random';
  /** What 'random' draws with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type ElasticNetSettings = Readonly<Required<Omit<ElasticNetOptions, 'seed'>> & { seed: Seed | undefined }>;

/**
 * Elastic net: the line ŷ = x w + b with few and small coefficients, which minimizes
 *
 *   1/(2n) Σᵢ (yᵢ - xᵢ w - b)² + α ρ ‖w‖₁ + ½ α (1 - ρ) ‖w‖²
 *
 * by coordinate descent with active sets, gap safe screening and the duality gap as its measure. Rows may have weights (scaled so
 * that they add up to n) and may be sparse. Options are those of scikit-learn, but `tol` is 1e-10 instead of 1e-4 and `maxIter`
 * 10,000 instead of 1000, since 1e-4 leaves only some three digits of the coefficients right. A sweep costs O(n d), or O(d²)
 * once the Gram matrix is there, which is made where d is small.
 *
 * H. Zou and T. Hastie, "Regularization and variable selection via the elastic net", Journal of the Royal Statistical Society B 67 (2005).
 * J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear models via coordinate descent",
 * Journal of Statistical Software 33 (2010).
 */
export class ElasticNet implements Regressor<MatrixLike | SparseRows> {
  readonly options: ElasticNetSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: ElasticNetOptions = {}) {
    this.options = checkElasticNet('ElasticNet', options, true);
    readable(this);
  }

  /**
   * Fits the line to `x` [n, d], dense or sparse, and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): ElasticNetModel {
    checkKnown('ElasticNet', options, ['sampleWeight', 'onProgress']);
    const steps = fitElasticNet('ElasticNet', this.options, x, y, options.sampleWeight);
    return new FittedElasticNet('ElasticNet', runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<ElasticNetModel> {
    checkKnown('ElasticNet', options, ['sampleWeight', 'onProgress', 'signal']);
    const steps = fitElasticNet('ElasticNet', this.options, x, y, options.sampleWeight);
    return new FittedElasticNet('ElasticNet', await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('ElasticNet', this.options);
  }
}

/** @param mixed whether `l1Ratio` is an option; else it is 1 */
export function checkElasticNet(owner: string, options: ElasticNetOptions, mixed: boolean): ElasticNetSettings {
  const known = ['alpha', 'l1Ratio', 'fitIntercept', 'positive', 'maxIter', 'tol', 'selection', 'seed'];
  checkKnown(
    owner,
    options,
    known.filter((name) => mixed || name !== 'l1Ratio'),
  );
  const { alpha = 1, l1Ratio = mixed ? 0.5 : 1, fitIntercept = true, positive = false, maxIter = 10_000 } = options;
  const { tol = 1e-10, selection = 'cyclic', seed } = options;
  checkNumber(owner, 'alpha', alpha, { above: 0 });
  checkNumber(owner, 'l1Ratio', l1Ratio, { min: 0, max: 1 });
  checkBoolean(owner, 'fitIntercept', fitIntercept);
  checkBoolean(owner, 'positive', positive);
  checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  checkNumber(owner, 'tol', tol, { min: 0 });
  checkOneOf(owner, 'selection', selection, ['cyclic', 'random']);
  if (seed !== undefined) checkSeed(owner, seed);
  return Object.freeze({ alpha, l1Ratio, fitIntercept, positive, maxIter, tol, selection, seed });
}
