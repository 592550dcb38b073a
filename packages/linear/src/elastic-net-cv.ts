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
import { fitElasticNetCV } from './elastic-net-cv-fit.ts';
import { type ElasticNetCVModel, FittedElasticNetCV } from './elastic-net-cv-model.ts';
import { checkFolds, type Fold, type Folds } from './folds.ts';
import { numbers } from './option-numbers.ts';
import { describeEstimator } from './text.ts';

export interface ElasticNetCVOptions {
  /** The share ρ of the first penalty, or those to try; .5. */
  l1Ratio?: number | readonly number[];
  /** The smallest α as a share of the largest; 1e-3. */
  eps?: number;
  /** How many α to try; 100. */
  nAlphas?: number;
  /** The α to try, in place of a grid by `eps` and `nAlphas`; null. */
  alphas?: readonly number[] | null;
  /** Whether the line has an intercept b, which is not penalized; true. */
  fitIntercept?: boolean;
  /** Whether coefficients must not be negative; false. */
  positive?: boolean;
  /** The most sweeps over the columns for an α; 10,000. */
  maxIter?: number;
  /** Go on to the next α when the duality gap is at most this share of ‖y‖²; 1e-10. */
  tol?: number;
  /** The number of folds of consecutive rows, or the folds themselves as places of rows; 5. */
  cv?: Folds;
  /** Moves coefficients in turn, or drawn at random; 'cyclic'. */
  selection?: 'cyclic' | 'random';
  /** What 'random' draws with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type ElasticNetCVSettings = Readonly<
  Required<Omit<ElasticNetCVOptions, 'seed' | 'cv'>> & { cv: number | readonly Fold[]; seed: Seed | undefined }
>;

/**
 * Elastic net with α, and ρ if several are given, chosen by cross-validation: each is fitted to the rows of all folds but one and tried on
 * that one, and the smallest mean squared error on average wins. The objective and the method are those of `ElasticNet`; for each
 * fold the whole path of α is fitted from the largest down, each from the one before. The model has that path of all rows and
 * the errors of all folds. Options are those of scikit-learn, but for `tol` and `maxIter` (see `ElasticNet`).
 *
 * J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear models via coordinate descent",
 * Journal of Statistical Software 33 (2010).
 */
export class ElasticNetCV implements Regressor<MatrixLike | SparseRows> {
  readonly options: ElasticNetCVSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: ElasticNetCVOptions = {}) {
    this.options = checkElasticNetCV('ElasticNetCV', options, true);
    readable(this);
  }

  /**
   * Chooses and fits the line to `x` [n, d], dense or sparse, and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit, OptionError
   *   for fewer rows than folds
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): ElasticNetCVModel {
    checkKnown('ElasticNetCV', options, ['sampleWeight', 'onProgress']);
    const steps = fitElasticNetCV('ElasticNetCV', this.options, x, y, options.sampleWeight);
    return new FittedElasticNetCV('ElasticNetCV', runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<ElasticNetCVModel> {
    checkKnown('ElasticNetCV', options, ['sampleWeight', 'onProgress', 'signal']);
    const steps = fitElasticNetCV('ElasticNetCV', this.options, x, y, options.sampleWeight);
    return new FittedElasticNetCV('ElasticNetCV', await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('ElasticNetCV', this.options);
  }
}

const KNOWN = /* @__PURE__ */ 'l1Ratio eps nAlphas alphas fitIntercept positive maxIter tol cv selection seed'.split(
  ' ',
);

/** @param mixed whether `l1Ratio` is an option; else it is 1 */
export function checkElasticNetCV(owner: string, options: ElasticNetCVOptions, mixed: boolean): ElasticNetCVSettings {
  checkKnown(
    owner,
    options,
    KNOWN.filter((name) => mixed || name !== 'l1Ratio'),
  );
  const { l1Ratio = mixed ? 0.5 : 1, eps = 1e-3, nAlphas = 100, alphas = null, fitIntercept = true } = options;
  const { positive = false, maxIter = 10_000, tol = 1e-10, cv = 5, selection = 'cyclic', seed } = options;
  const ratios = typeof l1Ratio === 'number' ? l1Ratio : numbers(owner, 'l1Ratio', l1Ratio, { min: 0, max: 1 });
  if (typeof ratios === 'number') checkNumber(owner, 'l1Ratio', ratios, { min: 0, max: 1 });
  checkNumber(owner, 'eps', eps, { above: 0, below: 1 });
  checkInteger(owner, 'nAlphas', nAlphas, { min: 1 });
  const given = alphas === null ? null : numbers(owner, 'alphas', alphas, { above: 0 });
  checkBoolean(owner, 'fitIntercept', fitIntercept);
  checkBoolean(owner, 'positive', positive);
  checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  checkNumber(owner, 'tol', tol, { min: 0 });
  const folds = checkFolds(owner, cv);
  checkOneOf(owner, 'selection', selection, ['cyclic', 'random']);
  if (seed !== undefined) checkSeed(owner, seed);
  const rest = { fitIntercept, positive, maxIter, tol, cv: folds, selection, seed };
  return Object.freeze({ l1Ratio: ratios, eps, nAlphas, alphas: given, ...rest });
}
