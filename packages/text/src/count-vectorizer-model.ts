import { counted, DataError, readable, runSteps, type Steps, show } from '@maru-ml/base';
import { checkSaved, checkSparse, type SparseRows } from '@maru-ml/tensor';
import { type Analyzer, checkTexts, makeAnalyzer, type Tokenizers, termsOf } from './analyzer.ts';
import type { CountVectorizerSettings } from './count-vectorizer.ts';
import { countTerms, toSparseRows } from './counting.ts';
import { savedSettings, savedTerms } from './saved.ts';
import { numbered } from './terms.ts';

/** What a saved vectorizer needs again if its tokenizer was one of the user's functions. */
export interface LoadOptions {
  functions?: Tokenizers;
}

/** Terms with their columns. It is made by `fit` or `fromJSON` and does not change. */
export interface CountVectorizerModel extends FittedCountVectorizer {}

export class FittedCountVectorizer {
  /** The terms of the columns [d]. */
  readonly featureNames: readonly string[];
  /** A row is one text. */
  readonly nFeaturesIn = 1;
  /** The number of terms d. */
  readonly nFeaturesOut: number;
  readonly options: CountVectorizerSettings;

  // Made when something asks for them: there may be a million terms.
  #numbered: ReturnType<typeof numbered> | undefined;
  #vocabulary: Map<string, number> | undefined;
  readonly #analyzer: Analyzer;

  /** @internal */
  constructor(featureNames: readonly string[], options: CountVectorizerSettings, tokenizers: Tokenizers) {
    this.featureNames = Object.freeze([...featureNames]);
    this.nFeaturesOut = featureNames.length;
    this.options = options;
    this.#analyzer = makeAnalyzer('CountVectorizer', options, tokenizers);
    readable(this);
    Object.freeze(this);
  }

  /** The column of each term. */
  get vocabulary(): ReadonlyMap<string, number> {
    this.#vocabulary ??= new Map(this.featureNames.map((term, column) => [term, column]));
    return this.#vocabulary;
  }

  /** The counts of the known terms in texts [m, d], as sparse rows of float64. @throws OptionError, DataError if they are no texts */
  transform(texts: readonly string[]): SparseRows {
    return runSteps(this.steps(texts));
  }

  /** @internal */
  *steps(texts: readonly string[]): Steps<SparseRows> {
    checkTexts('CountVectorizer', texts);
    this.#numbered ??= numbered(this.featureNames, this.#analyzer);
    const { terms, placeOf } = this.#numbered;
    const found = yield* countTerms(texts, this.#analyzer, terms, false);
    const { binary } = this.options;
    return yield* toSparseRows(
      found,
      this.nFeaturesOut,
      (term) => placeOf[term]!,
      (count) => (binary ? 1 : count),
    );
  }

  /** The terms of a text in their order, known or not: what `transform` would count. */
  terms(text: string): string[] {
    return termsOf(this.#analyzer, checkTexts('CountVectorizer', [text])[0]!);
  }

  /** The terms that stand in each row of counts [m, d]. @throws OptionError, ShapeError, DataError if they are no such sparse rows */
  inverseTransform(x: SparseRows): string[][] {
    return termsInRows('CountVectorizer', x, this.featureNames);
  }

  toJSON(): object {
    return { type: 'CountVectorizerModel', version: 1, options: this.options, featureNames: this.featureNames };
  }

  toString(): string {
    return `CountVectorizerModel: ${counted(this.nFeaturesOut, 'term')}, ${shown(this.featureNames)}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const CountVectorizerModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.functions the user's tokenizers by name, if one was used
   * @throws DataError if it is none, OptionError if its tokenizer is missing
   */
  fromJSON(json: unknown, { functions = {} }: LoadOptions = {}): CountVectorizerModel {
    const owner = 'CountVectorizerModel.fromJSON';
    const fields = checkSaved('CountVectorizerModel', 1, json);
    const options = savedSettings(owner, fields, functions);
    return new FittedCountVectorizer(savedTerms(owner, fields), options, functions);
  },
};

/** The terms that stand in each row. */
export function termsInRows(owner: string, x: SparseRows, featureNames: readonly string[]): string[][] {
  checkSparse(owner, x);
  const { data, indices, indptr, shape } = x;
  if (shape[1] !== featureNames.length) {
    throw new DataError(`${owner}: x has ${counted(shape[1], 'column')}, but the model made ${featureNames.length}`);
  }
  return Array.from({ length: shape[0] }, (_, i) => {
    const terms: string[] = [];
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) if (data[at] !== 0) terms.push(featureNames[indices[at]!]!);
    return terms;
  });
}

/** The first few terms. */
export function shown(terms: readonly string[]): string {
  const few = terms.slice(0, 4).map(show).join(', ');
  return terms.length > 4 ? `${few}, …` : few;
}
