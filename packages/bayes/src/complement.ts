import { checkBoolean, checkKnown, readable, runSteps, runStepsAsync, type Steps, show } from '@maru-ml/base';
import type { Classifier, Label, MatrixLike, SparseRows } from '@maru-ml/tensor';
import { type Alpha, checkAlpha } from './alpha.ts';
import { type ComplementNBModel, FittedComplementNB, READER } from './complement-model.ts';
import { countFirst } from './count-fit.ts';
import { type BayesFitAsyncOptions, type BayesFitOptions, FIT_ASYNC_OPTIONS, FIT_OPTIONS } from './options.ts';
import { checkPriors, type PriorOptions, type PriorSettings } from './priors.ts';

export interface ComplementNBOptions extends PriorOptions {
  /** Added to each count, one number or one for each column [d], so that no probability is 0 (Laplace: 1, Lidstone: less); 1. */
  alpha?: number | ArrayLike<number>;
  /** Divide the weights of a class by their sum; false. */
  norm?: boolean;
}

/** The options with their defaults. */
export type ComplementNBSettings = Readonly<PriorSettings & { alpha: Alpha; norm: boolean }>;

/**
 * Naive Bayes for counts, by what the other classes hold, which suits classes of unequal size:
 *
 *   ĉ = arg max Σⱼ xⱼ w_cj,  w_cj = -log θ̃_cj,  θ̃_cj = (Ñ_cj + α) / (Ñ_c + Σ α),
 *
 * where Ñ_cj is how often column j was counted in all classes but c. The classes' shares count only if there is a single class. Options, defaults and
 * numbers are those of scikit-learn. O(numbers that are not 0), and O(k d) for the logarithms.
 *
 * J. Rennie, L. Shih, J. Teevan and D. Karger, "Tackling the poor assumptions of naive Bayes text classifiers", ICML (2003).
 */
export class ComplementNB implements Classifier<MatrixLike | SparseRows> {
  readonly options: ComplementNBSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: ComplementNBOptions = {}) {
    checkKnown('ComplementNB', options, ['alpha', 'fitPrior', 'classPrior', 'norm']);
    const { alpha = 1, norm = false } = options;
    this.options = Object.freeze({
      alpha: checkAlpha('ComplementNB', alpha),
      ...checkPriors('ComplementNB', options),
      norm: checkBoolean('ComplementNB', 'norm', norm),
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
  ): ComplementNBModel<L> {
    return runSteps(this.#steps(x, y, options, FIT_OPTIONS), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: BayesFitAsyncOptions<L> = {},
  ): Promise<ComplementNBModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, FIT_ASYNC_OPTIONS), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `ComplementNB { ${options.join(', ')} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: BayesFitOptions<L>,
    known: readonly string[],
  ): Steps<ComplementNBModel<L>> {
    const { alpha, fitPrior, classPrior, norm } = this.options;
    const { classes, counts } = yield* countFirst(READER, x, y, options, known);
    return new FittedComplementNB({ classes, counts, alpha, priors: { fitPrior, classPrior }, norm });
  }
}
