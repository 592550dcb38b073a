import { checkKnown, checkNumber, readable, runSteps, runStepsAsync, type Steps, show } from '@maru-ml/base';
import type { Classifier, Label, MatrixLike, SparseRows } from '@maru-ml/tensor';
import { type Alpha, checkAlpha } from './alpha.ts';
import { type BernoulliNBModel, FittedBernoulliNB, readerOf } from './bernoulli-model.ts';
import { countFirst } from './count-fit.ts';
import { type BayesFitAsyncOptions, type BayesFitOptions, FIT_ASYNC_OPTIONS, FIT_OPTIONS } from './options.ts';
import { checkPriors, type PriorOptions, type PriorSettings } from './priors.ts';

export interface BernoulliNBOptions extends PriorOptions {
  /** Added to each count, one number or one for each column [d], so that no probability is 0 (Laplace: 1, Lidstone: less); 1. */
  alpha?: number | ArrayLike<number>;
  /** Numbers above it count as there; null: x holds 0 and 1 only; 0. */
  binarize?: number | null;
}

/** The options with their defaults. */
export type BernoulliNBSettings = Readonly<PriorSettings & { alpha: Alpha; binarize: number | null }>;

/**
 * Naive Bayes for columns that are there or not:
 *
 *   p(c | x) ∝ p(c) Πⱼ θ_cj^xⱼ (1 - θ_cj)^(1 - xⱼ),  θ_cj = (N_cj + α) / (N_c + 2 α),
 *
 * where N_cj is the number of rows of class c that have column j and N_c that of all its rows. Unlike `MultinomialNB` it also counts what is missing.
 * Options, defaults and numbers are those of scikit-learn. O(numbers that are not 0), and O(k d) for the logarithms.
 *
 * A. McCallum and K. Nigam, "A comparison of event models for naive Bayes text classification", AAAI workshop (1998).
 */
export class BernoulliNB implements Classifier<MatrixLike | SparseRows> {
  readonly options: BernoulliNBSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: BernoulliNBOptions = {}) {
    checkKnown('BernoulliNB', options, ['alpha', 'fitPrior', 'classPrior', 'binarize']);
    const { alpha = 1, binarize = 0 } = options;
    if (binarize !== null) checkNumber('BernoulliNB', 'binarize', binarize);
    this.options = Object.freeze({
      alpha: checkAlpha('BernoulliNB', alpha),
      ...checkPriors('BernoulliNB', options),
      binarize,
    });
    readable(this);
  }

  /**
   * Counts the columns of each class.
   *
   * @param x [n, d], dense or sparse, @param y a label for each row [n]
   * @throws DataError if x holds numbers that cannot be counted, ShapeError, OptionError
   */
  fit<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: BayesFitOptions<L> = {},
  ): BernoulliNBModel<L> {
    return runSteps(this.#steps(x, y, options, FIT_OPTIONS), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: BayesFitAsyncOptions<L> = {},
  ): Promise<BernoulliNBModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, FIT_ASYNC_OPTIONS), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `BernoulliNB { ${options.join(', ')} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: BayesFitOptions<L>,
    known: readonly string[],
  ): Steps<BernoulliNBModel<L>> {
    const { alpha, fitPrior, classPrior, binarize } = this.options;
    const { classes, counts } = yield* countFirst(readerOf(this.options), x, y, options, known);
    return new FittedBernoulliNB({ classes, counts, alpha, priors: { fitPrior, classPrior }, binarize });
  }
}
