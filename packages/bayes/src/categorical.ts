import {
  checkKnown,
  checkSampleWeight,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import { type Classifier, type Label, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { type Alpha, checkAlpha } from './alpha.ts';
import { type CategoricalNBModel, FittedCategoricalNB } from './categorical-model.ts';
import { countCategories, noCategories } from './category-counts.ts';
import { type BayesFitAsyncOptions, type BayesFitOptions, FIT_ASYNC_OPTIONS, FIT_OPTIONS } from './options.ts';
import { checkPriors, labelsOfBatch, type PriorOptions, type PriorSettings } from './priors.ts';

export interface CategoricalNBOptions extends PriorOptions {
  /** Added to each count, so that no probability is 0 (Laplace: 1, Lidstone: less); 1. */
  alpha?: number;
  /** Each column has at least so many categories, one number or one for each column [d]; null: as many as occur. */
  minCategories?: number | ArrayLike<number> | null;
}

/** The options with their defaults. */
export type CategoricalNBSettings = Readonly<PriorSettings & { alpha: number; minCategories: Alpha | null }>;

/**
 * Naive Bayes for columns of categories, numbered from 0:
 *
 *   p(c | x) ∝ p(c) Πⱼ θ_cj(xⱼ),  θ_cj(t) = (N_cj(t) + α) / (N_c + α T_j),
 *
 * where N_cj(t) is the number of rows of class c with category t in column j, and T_j the number of categories. Options, defaults and numbers are
 * those of scikit-learn. Text is numbered by an `OrdinalEncoder`. O(n d).
 */
export class CategoricalNB implements Classifier {
  readonly options: CategoricalNBSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: CategoricalNBOptions = {}) {
    checkKnown('CategoricalNB', options, ['alpha', 'fitPrior', 'classPrior', 'minCategories']);
    const { alpha = 1, minCategories = null } = options;
    const checked = checkAlpha('CategoricalNB', alpha);
    if (typeof checked !== 'number') {
      throw new OptionError(`CategoricalNB: alpha must be a number ≥ 0, got ${show(alpha)}`);
    }
    this.options = Object.freeze({
      alpha: checked,
      ...checkPriors('CategoricalNB', options),
      minCategories: checkMinCategories(minCategories),
    });
    readable(this);
  }

  /**
   * Counts the categories of each class.
   *
   * @param x [n, d], integers ≥ 0, @param y a label for each row [n]
   * @throws DataError if x holds what is no category, ShapeError, OptionError
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: BayesFitOptions<L> = {}): CategoricalNBModel<L> {
    return runSteps(this.#steps(x, y, options, FIT_OPTIONS), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: BayesFitAsyncOptions<L> = {},
  ): Promise<CategoricalNBModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, FIT_ASYNC_OPTIONS), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `CategoricalNB { ${options.join(', ')} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: BayesFitOptions<L>,
    known: readonly string[],
  ): Steps<CategoricalNBModel<L>> {
    checkKnown('CategoricalNB', options, known);
    const matrix = toMatrix('CategoricalNB', x);
    yield;
    const { classes, codes } = labelsOfBatch('CategoricalNB', y, matrix.rows, options.classes);
    const weights = checkSampleWeight('CategoricalNB', options.sampleWeight, matrix.rows);
    yield;
    const { alpha, fitPrior, classPrior, minCategories } = this.options;
    const empty = noCategories(classes.length, matrix.columns, minCategories);
    const counts = yield* countCategories(empty, matrix, codes, weights);
    return new FittedCategoricalNB({ classes, counts, alpha, priors: { fitPrior, classPrior } });
  }
}

function checkMinCategories(given: unknown): Alpha | null {
  if (given === null) return null;
  const good = (value: unknown) => Number.isInteger(value) && (value as number) >= 1;
  if (good(given)) return given as number;
  if (typeof given === 'object') {
    const list = Array.from(given as ArrayLike<number>);
    if (list.length > 0 && list.every(good)) return Object.freeze(list);
  }
  throw new OptionError(
    `CategoricalNB: minCategories must be an integer ≥ 1, one for each column, or null, got ${show(given)}`,
  );
}
