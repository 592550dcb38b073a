import { counted, DataError, readable, runSteps } from '@maru-ml/base';
import { asSaved, checkSaved, decodeArray, encodeArray, type SparseRows } from '@maru-ml/tensor';
import { type Analyzer, checkTexts, makeAnalyzer, type Tokenizers, termsOf } from './analyzer.ts';
import {
  type CountVectorizerModel,
  FittedCountVectorizer,
  type LoadOptions,
  shown,
  termsInRows,
} from './count-vectorizer-model.ts';
import { savedSettings, savedTerms } from './saved.ts';
import { checkWeights, weigh } from './tfidf.ts';
import type { TfidfVectorizerSettings } from './tfidf-vectorizer.ts';

/** Terms with their columns and weights. It is made by `fit` or `fromJSON` and does not change. */
export interface TfidfVectorizerModel extends FittedTfidfVectorizer {}

export class FittedTfidfVectorizer {
  /** The terms of the columns [d]. */
  readonly featureNames: readonly string[];
  /** The weight of each term by how few texts hold it [d]; null without `useIdf`. */
  readonly idf: Float64Array | null;
  /** A row is one text. */
  readonly nFeaturesIn = 1;
  /** The number of terms d. */
  readonly nFeaturesOut: number;
  readonly options: TfidfVectorizerSettings;

  readonly #counts: CountVectorizerModel;
  readonly #idf: Float64Array | null;
  readonly #analyzer: Analyzer;

  /** @internal */
  constructor(
    counts: CountVectorizerModel,
    idf: Float64Array | null,
    options: TfidfVectorizerSettings,
    tokenizers: Tokenizers,
  ) {
    this.featureNames = counts.featureNames;
    this.idf = idf?.slice() ?? null;
    this.nFeaturesOut = counts.nFeaturesOut;
    this.options = options;
    this.#counts = counts;
    this.#idf = idf;
    this.#analyzer = makeAnalyzer('TfidfVectorizer', options, tokenizers);
    readable(this);
    Object.freeze(this);
  }

  /** The column of each term. */
  get vocabulary(): ReadonlyMap<string, number> {
    return this.#counts.vocabulary;
  }

  /** The weights of the known terms in texts [m, d], as sparse rows of float64. @throws OptionError, DataError if they are no texts */
  transform(texts: readonly string[]): SparseRows {
    checkTexts('TfidfVectorizer', texts);
    return runSteps(weigh(this.#counts.transform(texts), this.#idf, this.options));
  }

  /** The terms of a text in their order, known or not: what `transform` would count. */
  terms(text: string): string[] {
    return termsOf(this.#analyzer, checkTexts('TfidfVectorizer', [text])[0]!);
  }

  /** The terms that stand in each row of weights [m, d]. @throws OptionError, ShapeError, DataError if they are no such sparse rows */
  inverseTransform(x: SparseRows): string[][] {
    return termsInRows('TfidfVectorizer', x, this.featureNames);
  }

  toJSON(): object {
    return {
      ...{ type: 'TfidfVectorizerModel', version: 1, options: this.options, featureNames: this.featureNames },
      idf: this.#idf === null ? null : encodeArray(this.#idf),
    };
  }

  toString(): string {
    return `TfidfVectorizerModel: ${counted(this.nFeaturesOut, 'term')}, ${shown(this.featureNames)}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const TfidfVectorizerModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.functions the user's tokenizers by name, if one was used
   * @throws DataError if it is none, OptionError if its tokenizer is missing
   */
  fromJSON(json: unknown, { functions = {} }: LoadOptions = {}): TfidfVectorizerModel {
    const owner = 'TfidfVectorizerModel.fromJSON';
    const fields = checkSaved('TfidfVectorizerModel', 1, json);
    const { norm, useIdf, smoothIdf, sublinearTf, ...rest } = Object(fields.options) as TfidfVectorizerSettings;
    const settings = savedSettings(owner, { ...fields, options: rest }, functions);
    const weights = asSaved(owner, () => checkWeights(owner, { norm, useIdf, smoothIdf, sublinearTf }));
    const options = Object.freeze({ ...settings, ...weights });
    const terms = savedTerms(owner, fields);
    if (options.useIdf === (fields.idf === null)) {
      throw new DataError(`${owner}: idf must be there if useIdf is true, and else null`);
    }
    const idf = options.useIdf
      ? decodeArray(owner, 'idf', fields.idf, { dtype: 'float64', shape: [terms.length], finite: true })
      : null;
    return new FittedTfidfVectorizer(new FittedCountVectorizer(terms, settings, functions), idf, options, functions);
  },
};
