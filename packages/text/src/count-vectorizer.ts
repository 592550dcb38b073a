import {
  checkBoolean,
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
import {
  ANALYZER_OPTIONS,
  type AnalyzerOptions,
  type AnalyzerSettings,
  checkAnalyzer,
  checkTexts,
  makeAnalyzer,
  type Tokenizers,
} from './analyzer.ts';
import { type CountVectorizerModel, FittedCountVectorizer } from './count-vectorizer-model.ts';
import { countTerms, toSparseRows } from './counting.ts';
import { Terms } from './terms.ts';
import {
  checkVocabulary,
  chooseTerms,
  VOCABULARY_OPTIONS,
  type VocabularyOptions,
  type VocabularySettings,
} from './vocabulary.ts';

export interface CountVectorizerOptions extends AnalyzerOptions, VocabularyOptions {
  /** Count 1 however often a term stands in a text; false. */
  binary?: boolean;
}

/** The options with their defaults. */
export type CountVectorizerSettings = AnalyzerSettings & VocabularySettings & Readonly<{ binary: boolean }>;

/**
 * Counts the terms of texts: x_ij is how often term j stands in text i. Terms are words, runs of words (n-grams) or of characters. The columns are
 * the terms of the texts that it was fitted to, in the order of their characters; rows are sparse. Options, defaults and numbers are those of
 * scikit-learn, but that functions are handed over by name, so that models survive JSON: `new CountVectorizer({ tokenizer: 'mine' }, { mine })`.
 * O(characters), and O(v log v) for v terms.
 *
 * G. Salton and M. McGill, "Introduction to modern information retrieval", McGraw-Hill (1983).
 *
 * @example
 * ```ts
 * import { CountVectorizer } from '@maru-ml/text';
 * import { toDense } from '@maru-ml/tensor';
 *
 * const { model, x } = new CountVectorizer().fitTransform(['to be or not to be', 'not now']);
 * console.log(model.featureNames); // [ 'be', 'not', 'now', 'or', 'to' ]
 * console.log(toDense(x).toArray()); // [ [ 2, 1, 0, 1, 2 ], [ 0, 1, 1, 0, 0 ] ]
 * ```
 */
export class CountVectorizer {
  readonly options: CountVectorizerSettings;
  readonly #tokenizers: Tokenizers;

  /**
   * @param tokenizers functions that take a text apart, by the names that `tokenizer` may have
   * @throws OptionError for options that have no meaning
   */
  constructor(options: CountVectorizerOptions = {}, tokenizers: Tokenizers = {}) {
    checkKnown(OWNER, options, [...ANALYZER_OPTIONS, ...VOCABULARY_OPTIONS, 'binary']);
    this.options = Object.freeze({
      ...checkAnalyzer(OWNER, options, tokenizers),
      ...checkVocabulary(OWNER, options),
      binary: checkBoolean(OWNER, 'binary', options.binary ?? false),
    });
    this.#tokenizers = tokenizers;
    readable(this);
  }

  /**
   * Learns the terms of texts [n].
   * @throws OptionError, DataError if the texts are no texts or no term is left
   */
  fit(texts: readonly string[], options: { onProgress?: OnProgress } = {}): CountVectorizerModel {
    checkKnown(OWNER, options, ['onProgress']);
    return runSteps(this.steps(OWNER, texts)).model;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    texts: readonly string[],
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<CountVectorizerModel> {
    checkKnown(OWNER, options, ['onProgress', 'signal']);
    return (await runStepsAsync(this.steps(OWNER, texts), options)).model;
  }

  /** `fit` and the model's `transform` of the same texts, which are taken apart once. Errors as for `fit`. */
  fitTransform(texts: readonly string[]): { model: CountVectorizerModel; x: SparseRows } {
    return runSteps(this.steps(OWNER, texts));
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `CountVectorizer { ${options.join(', ')} }`;
  }

  /** @internal */
  *steps(owner: string, texts: readonly string[]): Steps<{ model: CountVectorizerModel; x: SparseRows }> {
    checkTexts(owner, texts);
    const { vocabulary, binary } = this.options;
    const analyzer = makeAnalyzer(owner, this.options, this.#tokenizers);
    const made = (featureNames: readonly string[]) =>
      new FittedCountVectorizer(featureNames, this.options, this.#tokenizers);
    if (vocabulary !== null) {
      const model = made(vocabulary);
      return { model, x: yield* model.steps(texts) };
    }
    const terms = new Terms();
    const counted = yield* countTerms(texts, analyzer, terms, true);
    const textOf = (term: number) => terms.text(term, analyzer.separator);
    const { featureNames, columnOf } = yield* chooseTerms(owner, terms.size, textOf, counted, this.options);
    yield;
    const x = yield* toSparseRows(
      counted,
      featureNames.length,
      (place) => columnOf[place]!,
      (count) => (binary ? 1 : count),
    );
    return { model: made(featureNames), x };
  }
}

const OWNER = 'CountVectorizer';
