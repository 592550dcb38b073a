import {
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import type { Columns, MatrixLike } from '@maru-ml/tensor';
import { columnName, columnSetSteps } from './columns.ts';
import { FittedOneHotEncoder, type OneHotEncoderModel } from './one-hot-model.ts';
import { checkOneHotOptions, type OneHotEncoderOptions, type OneHotEncoderSettings } from './one-hot-options.ts';
import { printEstimator } from './print.ts';
import { learnVocabulary, sizeOf, type Vocabulary } from './vocabulary.ts';

/**
 * One-hot encoding: a column of 0 and 1 for each category of each column,
 *
 *   z = [x = c₁, x = c₂, …, x = c_k].
 *
 * It takes tables with named columns of strings, booleans or numbers, and matrices, whose different numbers are the categories.
 * NaN and null are a category of their own, the last. Categories are sorted: numbers by size, strings by their UTF-16 units. Rare
 * ones can share a column. Answers are sparse rows unless `sparseOutput` is false. Options and results are those of
 * scikit-learn. O(n log n) a column, then O(log k) a value.
 */
export class OneHotEncoder<const S extends boolean = true> {
  readonly options: OneHotEncoderSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: OneHotEncoderOptions<S> = {}) {
    this.options = checkOneHotOptions('OneHotEncoder', options);
    readable(this);
  }

  /**
   * Finds the categories of each column of `x`, a table with names or numbers [n, d].
   * @throws OptionError or DataError where given categories or dropped values do not fit the columns
   */
  fit(x: MatrixLike | Columns, options: { onProgress?: OnProgress } = {}): OneHotEncoderModel<S> {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | Columns,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<OneHotEncoderModel<S>> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator('OneHotEncoder', this.options);
  }

  *#steps(x: MatrixLike | Columns, options: object, known: string[]): Steps<OneHotEncoderModel<S>> {
    checkKnown('OneHotEncoder', options, known);
    const columns = yield* columnSetSteps('OneHotEncoder', x);
    yield;
    const { categories, handleUnknown, drop } = this.options;
    const refuse = handleUnknown === 'error' ? '' : null;
    const vocabulary = yield* learnVocabulary('OneHotEncoder', columns, categories, this.options, refuse);
    yield;
    return new FittedOneHotEncoder<S>(this.options, vocabulary, dropsOf(vocabulary, drop));
  }
}

/** Which group of each column is dropped; -1 for none. */
function dropsOf(vocabulary: Vocabulary, drop: OneHotEncoderSettings['drop']): Int32Array {
  const { categories, groups, names } = vocabulary;
  const d = categories.length;
  if (Array.isArray(drop) && drop.length !== d) {
    throw new OptionError(
      `OneHotEncoder: drop has ${drop.length} values, but x has ${d} ${d === 1 ? 'column' : 'columns'}`,
    );
  }
  return Int32Array.from(categories, (found, j) => {
    if (drop === null) return -1;
    if (drop === 'first') return 0;
    if (drop === 'ifBinary') return sizeOf(vocabulary, j) === 2 ? 0 : -1;
    const place = found.placeOf(drop[j]);
    if (place === -1) {
      throw new OptionError(
        `OneHotEncoder: drop[${j}] is ${show(drop[j])}, which is no category of ${columnName(names, j)}`,
      );
    }
    const group = groups[j] ?? null;
    if (group === null) return place;
    if (group[place] === sizeOf(vocabulary, j) - 1) {
      throw new OptionError(
        `OneHotEncoder: drop[${j}] is ${show(drop[j])}, which is put together with other rare categories of ${columnName(names, j)}; drop a frequent one`,
      );
    }
    return group[place]!;
  });
}
