import {
  checkKnown,
  checkOneOf,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import { type Classifier, type Label, type MatrixLike, toLabels, toMatrix } from '@maru-ml/tensor';
import { boostGradients } from './gradient/fit.ts';
import { binomialLoss, exponentialLoss, multinomialLoss } from './gradient/losses.ts';
import { checkOptions, type GradientBoostingOptions, type GradientBoostingSettings } from './gradient/options.ts';
import {
  FittedGradientBoostingClassifier,
  type GradientBoostingClassifierModel,
} from './gradient-boosting-classifier-model.ts';
import { describeEstimator } from './text.ts';

export interface GradientBoostingClassifierOptions extends GradientBoostingOptions {
  /** What is minimized: -log of the probability of a row's class, or for two classes the exponential loss of AdaBoost; 'logLoss'. */
  loss?: 'logLoss' | 'exponential';
}

/** The options with their defaults. */
export type GradientBoostingClassifierSettings = GradientBoostingSettings &
  Readonly<{ loss: 'logLoss' | 'exponential' }>;

const OWNER = 'GradientBoostingClassifier';

/**
 * Gradient boosting of trees for classes: the probability of class c is softmax(F(x))_c, for two classes that of the second 1 / (1 + e^-F(x)), where
 * F(x) = F₀ + η Σₜ fₜ(x), each small tree fₜ is grown on the residuals, 1 or 0 less the probability, and its leaves get a Newton step on
 *
 *   Σᵢ wᵢ (-log of the probability of row i's class).
 *
 * Three classes or more have a tree each in every round. All thresholds of all columns are tried: for more than some thousand rows
 * `HistGradientBoostingClassifier` is much faster.
 *
 * Cost: O(d n) for each level of a tree; columns are sorted once. Options are those of scikit-learn, but that shares are numbers below 1
 * (`maxFeatures: 1` is one column), missing values are accepted, and there is no `init` or `warmStart`. For columns of categories see
 * `HistGradientBoostingClassifier`.
 *
 * J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001).
 * J. H. Friedman, "Stochastic gradient boosting", Computational Statistics & Data Analysis 38 (2002).
 */
export class GradientBoostingClassifier implements Classifier {
  readonly options: GradientBoostingClassifierSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: GradientBoostingClassifierOptions = {}) {
    const shared = checkOptions(OWNER, options, ['loss']);
    const { loss = 'logLoss' } = options;
    checkOneOf(OWNER, 'loss', loss, ['logLoss', 'exponential']);
    this.options = Object.freeze({ loss, ...shared });
    readable(this);
  }

  /**
   * Fits trees to `x` [n, d], where NaN is a missing value, and the labels `y` [n].
   * @throws DataError for infinite numbers or a single class, ShapeError for lengths and columns that do not fit,
   *   OptionError for the exponential loss of more than two classes
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): GradientBoostingClassifierModel<L> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<GradientBoostingClassifierModel<L>> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, this.options);
  }

  *#steps<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Steps<GradientBoostingClassifierModel<L>> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    const { classes, codes } = toLabels(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    const k = classes.length;
    if (k < 2) throw new DataError(`${OWNER}: y must have at least two classes, got only ${show(classes[0])}`);
    const { loss: wanted } = this.options;
    if (wanted === 'exponential' && k > 2)
      throw new OptionError(`${OWNER}: the exponential loss needs two classes, got ${k}`);
    const loss = wanted === 'exponential' ? exponentialLoss() : k === 2 ? binomialLoss() : multinomialLoss(k);
    const rows = { x: matrix, y: Float64Array.from(codes), weights };
    const fit = yield* boostGradients(OWNER, this.options, loss, rows, true);
    return new FittedGradientBoostingClassifier(classes, wanted, fit);
  }
}
