import {
  checkKnown,
  checkNumber,
  checkSampleWeight,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import { type Classifier, type Label, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { FittedGaussianNB, type GaussianNBModel } from './gaussian-model.ts';
import { type GaussianState, updateMoments } from './gaussian-moments.ts';
import { type BayesFitAsyncOptions, type BayesFitOptions, FIT_ASYNC_OPTIONS, FIT_OPTIONS } from './options.ts';
import { checkPriorLength, labelsOfBatch, readPrior } from './priors.ts';

export interface GaussianNBOptions {
  /** The shares of the classes [k] in ascending order of the labels, instead of those of the rows; null. */
  priors?: ArrayLike<number> | null;
  /** This share of the largest variance of a column is added to all variances, so that none is 0; 1e-9. */
  varSmoothing?: number;
}

/** The options with their defaults. */
export type GaussianNBSettings = Readonly<{ priors: readonly number[] | null; varSmoothing: number }>;

/**
 * Naive Bayes with normally distributed columns: the class c that maximizes
 *
 *   p(c | x) ∝ p(c) Πⱼ N(xⱼ; θ_cj, σ²_cj),
 *
 * with the means θ and variances σ² of the rows of each class. "Naive" is that columns are taken for independent within a class. Options,
 * defaults and numbers are those of scikit-learn. O(n d).
 *
 * T. Chan, G. Golub and R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", COMPSTAT (1982): how
 * further batches move means and variances.
 */
export class GaussianNB implements Classifier {
  readonly options: GaussianNBSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: GaussianNBOptions = {}) {
    checkKnown('GaussianNB', options, ['priors', 'varSmoothing']);
    const { priors = null, varSmoothing = 1e-9 } = options;
    checkNumber('GaussianNB', 'varSmoothing', varSmoothing, { min: 0 });
    this.options = Object.freeze({ priors: readPrior('GaussianNB', 'priors', priors), varSmoothing });
    readable(this);
  }

  /**
   * Learns the means and variances of the classes.
   *
   * @param x [n, d], @param y a label for each row [n]
   * @throws DataError if x holds missing, infinite or far too large numbers or varies nowhere, ShapeError, OptionError
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: BayesFitOptions<L> = {}): GaussianNBModel<L> {
    return runSteps(this.#steps(x, y, options, FIT_OPTIONS), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: BayesFitAsyncOptions<L> = {},
  ): Promise<GaussianNBModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, FIT_ASYNC_OPTIONS), options);
  }

  toString(): string {
    return `GaussianNB { priors: ${show(this.options.priors)}, varSmoothing: ${this.options.varSmoothing} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: BayesFitOptions<L>,
    known: readonly string[],
  ): Steps<GaussianNBModel<L>> {
    checkKnown('GaussianNB', options, known);
    const matrix = toMatrix('GaussianNB', x);
    yield;
    const { classes, codes } = labelsOfBatch('GaussianNB', y, matrix.rows, options.classes);
    const weights = checkSampleWeight('GaussianNB', options.sampleWeight, matrix.rows);
    yield;
    const { priors, varSmoothing } = this.options;
    if (priors !== null) checkPriorLength('GaussianNB', 'priors', priors, classes.length);
    const [k, d] = [classes.length, matrix.columns];
    const empty: GaussianState = {
      ...{ priors, varSmoothing, epsilon: 0, classCount: new Float64Array(k) },
      ...{ theta: new Float64Array(k * d), var: new Float64Array(k * d) },
      rows: { count: 0, mean: new Float64Array(d), squares: new Float64Array(d) },
    };
    return new FittedGaussianNB(classes, yield* updateMoments(empty, matrix, codes, weights));
  }
}
