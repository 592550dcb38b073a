import { checkKnown, readable, runSteps, runStepsAsync, type Steps, show } from '@maru-ml/base';
import type { Classifier, Label, MatrixLike, SparseRows } from '@maru-ml/tensor';
import { type Alpha, checkAlpha } from './alpha.ts';
import { countFirst } from './count-fit.ts';
import { FittedMultinomialNB, type MultinomialNBModel, READER } from './multinomial-model.ts';
import { type BayesFitAsyncOptions, type BayesFitOptions, FIT_ASYNC_OPTIONS, FIT_OPTIONS } from './options.ts';
import { checkPriors, type PriorOptions, type PriorSettings } from './priors.ts';

export interface MultinomialNBOptions extends PriorOptions {
  /** Added to each count, one number or one for each column [d], so that no probability is 0 (Laplace: 1, Lidstone: less); 1. */
  alpha?: number | ArrayLike<number>;
}

/** The options with their defaults. */
export type MultinomialNBSettings = Readonly<PriorSettings & { alpha: Alpha }>;

/**
 * Naive Bayes for counts, such as those of words in a text:
 *
 *   p(c | x) ∝ p(c) Πⱼ θ_cj^xⱼ,  θ_cj = (N_cj + α) / (N_c + Σ α),
 *
 * where N_cj is how often column j was counted in class c and N_c the sum over columns. Works for tf-idf weights as well. Options, defaults and numbers
 * are those of scikit-learn (since 1.4 an α of 0 is taken as it is). O(numbers that are not 0), and O(k d) for the logarithms.
 *
 * C. Manning, P. Raghavan and H. Schütze, "Introduction to information retrieval", Cambridge (2008), chapter 13.
 */
export class MultinomialNB implements Classifier<MatrixLike | SparseRows> {
  readonly options: MultinomialNBSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: MultinomialNBOptions = {}) {
    checkKnown('MultinomialNB', options, ['alpha', 'fitPrior', 'classPrior']);
    const { alpha = 1 } = options;
    this.options = Object.freeze({
      alpha: checkAlpha('MultinomialNB', alpha),
      ...checkPriors('MultinomialNB', options),
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
  ): MultinomialNBModel<L> {
    return runSteps(this.#steps(x, y, options, FIT_OPTIONS), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: BayesFitAsyncOptions<L> = {},
  ): Promise<MultinomialNBModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, FIT_ASYNC_OPTIONS), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `MultinomialNB { ${options.join(', ')} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: BayesFitOptions<L>,
    known: readonly string[],
  ): Steps<MultinomialNBModel<L>> {
    const { alpha, fitPrior, classPrior } = this.options;
    const { classes, counts } = yield* countFirst(READER, x, y, options, known);
    return new FittedMultinomialNB({ classes, counts, alpha, priors: { fitPrior, classPrior } });
  }
}
