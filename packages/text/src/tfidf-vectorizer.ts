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
import { ANALYZER_OPTIONS, checkAnalyzer, type Tokenizers } from './analyzer.ts';
import { CountVectorizer, type CountVectorizerOptions, type CountVectorizerSettings } from './count-vectorizer.ts';
import { checkWeights, idfOf, TFIDF_OPTIONS, type TfidfWeightSettings, type TfidfWeights, weigh } from './tfidf.ts';
import { FittedTfidfVectorizer, type TfidfVectorizerModel } from './tfidf-vectorizer-model.ts';
import { checkVocabulary, VOCABULARY_OPTIONS } from './vocabulary.ts';

export interface TfidfVectorizerOptions extends CountVectorizerOptions, TfidfWeights {}

/** The options with their defaults. */
export type TfidfVectorizerSettings = CountVectorizerSettings & TfidfWeightSettings;

/**
 * Weighs the terms of texts by how often they stand in a text and how few texts they stand in:
 *
 *   x_ij = tf_ij (ln((1 + n) / (1 + df_j)) + 1), each row divided by its length,
 *
 * where tf_ij is the count of `CountVectorizer` and df_j the number of the n texts that hold term j. Options, defaults and numbers are those of
 * scikit-learn. O(characters), and O(v log v) for v terms.
 *
 * K. Spärck Jones, "A statistical interpretation of term specificity and its application in retrieval", Journal of Documentation (1972).
 */
export class TfidfVectorizer {
  readonly options: TfidfVectorizerSettings;
  readonly #counter: CountVectorizer;
  readonly #tokenizers: Tokenizers;

  /**
   * @param tokenizers functions that take a text apart, by the names that `tokenizer` may have
   * @throws OptionError for options that have no meaning
   */
  constructor(options: TfidfVectorizerOptions = {}, tokenizers: Tokenizers = {}) {
    const counts = [...ANALYZER_OPTIONS, ...VOCABULARY_OPTIONS, 'binary'];
    checkKnown(OWNER, options, [...counts, ...TFIDF_OPTIONS]);
    // For errors in this estimator's name.
    checkAnalyzer(OWNER, options, tokenizers);
    checkVocabulary(OWNER, options);
    const own = Object.entries(options).filter(([name]) => counts.includes(name));
    this.#counter = new CountVectorizer(Object.fromEntries(own), tokenizers);
    this.options = Object.freeze({ ...this.#counter.options, ...checkWeights(OWNER, options) });
    this.#tokenizers = tokenizers;
    readable(this);
  }

  /**
   * Learns the terms of texts [n] and how rare they are.
   * @throws OptionError, DataError if the texts are no texts or no term is left
   */
  fit(texts: readonly string[], options: { onProgress?: OnProgress } = {}): TfidfVectorizerModel {
    return runSteps(this.#steps(texts, options, ['onProgress'])).model;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    texts: readonly string[],
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<TfidfVectorizerModel> {
    return (await runStepsAsync(this.#steps(texts, options, ['onProgress', 'signal']), options)).model;
  }

  /** `fit` and the model's `transform` of the same texts, which are taken apart once. Errors as for `fit`. */
  fitTransform(texts: readonly string[]): { model: TfidfVectorizerModel; x: SparseRows } {
    return runSteps(this.#steps(texts, {}, []));
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `TfidfVectorizer { ${options.join(', ')} }`;
  }

  *#steps(
    texts: readonly string[],
    options: object,
    known: readonly string[],
  ): Steps<{ model: TfidfVectorizerModel; x: SparseRows }> {
    checkKnown(OWNER, options, known);
    const { model: counts, x } = yield* this.#counter.steps(OWNER, texts);
    const { useIdf, smoothIdf } = this.options;
    const idf = useIdf ? yield* idfOf(x, smoothIdf, counts.featureNames) : null;
    yield;
    const model = new FittedTfidfVectorizer(counts, idf, this.options, this.#tokenizers);
    return { model, x: yield* weigh(x, idf, this.options) };
  }
}

const OWNER = 'TfidfVectorizer';
