import { DataError, readable, runSteps, type Steps, show } from '@maru-ml/base';
import { checkSaved, type SparseRows } from '@maru-ml/tensor';
import { type Analyzer, checkTexts, makeAnalyzer, type Tokenizers } from './analyzer.ts';
import type { CountVectorizerSettings } from './count-vectorizer.ts';
import { countTerms, toSparseRows } from './counting.ts';
import { savedSettings, savedTerms } from './saved.ts';

/** What a saved vectorizer needs again if its tokenizer was one of the user's functions. */
export interface LoadOptions {
  functions?: Tokenizers;
}

/** Terms with their columns. It is made by `fit` or `fromJSON` and does not change. */
export interface CountVectorizerModel extends FittedCountVectorizer {}

export class FittedCountVectorizer {
  /** The terms of the columns [d]. */
  readonly featureNames: readonly string[];
  /** The column of each term. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** A row is one text. */
  readonly nFeaturesIn = 1;
  /** The number of terms d. */
  readonly nFeaturesOut: number;
  readonly options: CountVectorizerSettings;

  readonly #columns: Map<string, number>;
  readonly #analyze: Analyzer;

  /** @internal */
  constructor(featureNames: readonly string[], options: CountVectorizerSettings, tokenizers: Tokenizers) {
    this.featureNames = Object.freeze([...featureNames]);
    this.#columns = new Map(featureNames.map((term, column) => [term, column]));
    this.vocabulary = new Map(this.#columns);
    this.nFeaturesOut = featureNames.length;
    this.options = options;
    this.#analyze = makeAnalyzer('CountVectorizer', options, tokenizers);
    readable(this);
    Object.freeze(this);
  }

  /** The counts of the known terms in texts [m, d], as sparse rows of float64. @throws OptionError, DataError if they are no texts */
  transform(texts: readonly string[]): SparseRows {
    return runSteps(this.steps(texts));
  }

  /** @internal */
  *steps(texts: readonly string[]): Steps<SparseRows> {
    checkTexts('CountVectorizer', texts);
    const counted = yield* countTerms(texts, this.#analyze, (term) => this.#columns.get(term) ?? -1);
    const { binary } = this.options;
    return yield* toSparseRows(
      counted,
      this.nFeaturesOut,
      (column) => column,
      (count) => (binary ? 1 : count),
    );
  }

  /** The terms of a text in their order, known or not: what `transform` would count. */
  terms(text: string): string[] {
    const found: string[] = [];
    this.#analyze(checkTexts('CountVectorizer', [text])[0]!, (term) => found.push(term));
    return found;
  }

  /** The terms that stand in each row of counts [m, d]. */
  inverseTransform({ indices, indptr }: SparseRows): string[][] {
    return Array.from({ length: indptr.length - 1 }, (_, i) =>
      Array.from(indices.subarray(indptr[i]!, indptr[i + 1]!), (column) => {
        const term = this.featureNames[column];
        if (term !== undefined) return term;
        throw new DataError(`CountVectorizer: x has column ${show(column)}, but the model made ${this.nFeaturesOut}`);
      }),
    );
  }

  toJSON(): object {
    return { type: 'CountVectorizerModel', version: 1, options: this.options, featureNames: this.featureNames };
  }

  toString(): string {
    return `CountVectorizerModel: ${this.nFeaturesOut} ${this.nFeaturesOut === 1 ? 'term' : 'terms'}, ${shown(this.featureNames)}`;
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

/** The first few terms. */
export function shown(terms: readonly string[]): string {
  const few = terms.slice(0, 4).map(show).join(', ');
  return terms.length > 4 ? `${few}, …` : few;
}
