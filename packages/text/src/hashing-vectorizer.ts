import {
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import type { SparseRows } from '@maru-ml/tensor';
import { checkTexts, type Tokenizers } from './analyzer.ts';
import { checkHashing, type HashingVectorizerOptions, type HashingVectorizerSettings } from './hashing-options.ts';
import { FittedHashingVectorizer, type HashingVectorizerModel } from './hashing-vectorizer-model.ts';

/**
 * Counts the terms of texts in columns that their hashes choose: nothing is learned or kept, so that texts without end can be read, at the price that
 * terms may share a column and cannot be told from it. Column and sign of a term come from MurmurHash3 of its UTF-8 bytes. Options, defaults and numbers
 * are those of scikit-learn. O(characters).
 *
 * K. Weinberger et al., "Feature hashing for large scale multitask learning", ICML (2009).
 *
 * @example
 * ```ts
 * import { HashingVectorizer } from '@maru-ml/text';
 *
 * const x = new HashingVectorizer({ nFeatures: 16 }).transform(['to be or not to be']);
 * console.log(x.shape, x.indices); // [ 1, 16 ] Int32Array(4) [ 4, 7, 11, 14 ]
 * ```
 */
export class HashingVectorizer {
  readonly options: HashingVectorizerSettings;
  /** The number of columns d. */
  readonly nFeaturesOut: number;
  readonly #model: HashingVectorizerModel;

  /**
   * @param tokenizers functions that take a text apart, by the names that `tokenizer` may have
   * @throws OptionError for options that have no meaning
   */
  constructor(options: HashingVectorizerOptions = {}, tokenizers: Tokenizers = {}) {
    this.options = checkHashing(OWNER, options, tokenizers);
    this.nFeaturesOut = this.options.nFeatures;
    this.#model = new FittedHashingVectorizer(this.options, tokenizers);
    readable(this);
  }

  /** A model, as pipelines take one; it learns nothing of the texts. @throws OptionError, DataError if they are no texts */
  fit(texts: readonly string[], options: { onProgress?: OnProgress } = {}): HashingVectorizerModel {
    return runSteps(this.#steps(texts, options, ['onProgress']));
  }

  /** The same as a promise. Aborting rejects with the signal's reason. */
  async fitAsync(
    texts: readonly string[],
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<HashingVectorizerModel> {
    return runStepsAsync(this.#steps(texts, options, ['onProgress', 'signal']), options);
  }

  /** The counts of the terms in texts [m, d], as sparse rows of float64. @throws OptionError, DataError if they are no texts */
  transform(texts: readonly string[]): SparseRows {
    return this.#model.transform(texts);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `HashingVectorizer { ${options.join(', ')} }`;
  }

  // biome-ignore lint/correctness/useYield: there is nothing to wait for
  *#steps(texts: readonly string[], options: object, known: readonly string[]): Steps<HashingVectorizerModel> {
    checkKnown(OWNER, options, known);
    checkTexts(OWNER, texts);
    return this.#model;
  }
}

const OWNER = 'HashingVectorizer';
