import { DataError, readable, runSteps, type Steps, show } from '@maru-ml/base';
import { asSaved, checkSaved, type SparseRows } from '@maru-ml/tensor';
import { type Analyzer, checkTexts, makeAnalyzer, type Tokenizers, tokenizerOf } from './analyzer.ts';
import type { LoadOptions } from './count-vectorizer-model.ts';
import { countTerms, TERMS, toSparseRows } from './counting.ts';
import { checkHashing, type HashingVectorizerSettings } from './hashing-options.ts';
import { murmurHash } from './murmur-hash.ts';
import { Terms } from './terms.ts';
import { normalizeRows } from './tfidf.ts';

/** Columns by hashes, which are the same for all texts. It is made by `fit` or `fromJSON` and does not change. */
export interface HashingVectorizerModel extends FittedHashingVectorizer {}

export class FittedHashingVectorizer {
  readonly options: HashingVectorizerSettings;
  /** A row is one text. */
  readonly nFeaturesIn = 1;
  /** The number of columns d. */
  readonly nFeaturesOut: number;
  readonly #analyzer: Analyzer;

  /** @internal */
  constructor(options: HashingVectorizerSettings, tokenizers: Tokenizers) {
    this.options = options;
    this.nFeaturesOut = options.nFeatures;
    this.#analyzer = makeAnalyzer(OWNER, options, tokenizers);
    readable(this);
    Object.freeze(this);
  }

  /** The counts of the terms in texts [m, d], as sparse rows of float64. @throws OptionError, DataError if they are no texts */
  transform(texts: readonly string[]): SparseRows {
    return runSteps(this.#steps(texts));
  }

  toJSON(): object {
    return { type: 'HashingVectorizerModel', version: 1, options: this.options };
  }

  toString(): string {
    return `HashingVectorizerModel: terms in ${this.nFeaturesOut} columns`;
  }

  *#steps(texts: readonly string[]): Steps<SparseRows> {
    checkTexts(OWNER, texts);
    const { nFeatures, binary, norm, alternateSign } = this.options;
    // Terms are told apart first, since their hashes are dear; then those of a column are added up.
    const terms = new Terms();
    const counted = yield* countTerms(texts, this.#analyzer, terms, true);
    const hashes = new Int32Array(terms.size);
    for (let term = 0; term < terms.size; term++) {
      hashes[term] = murmurHash(terms.text(term, this.#analyzer.separator));
      if (term % TERMS === TERMS - 1) yield;
    }
    const columns = Int32Array.from(hashes, (hash) => columnOf(hash, nFeatures));
    yield;
    const x = yield* summed(counted, columns, nFeatures, (place) => (alternateSign && hashes[place]! < 0 ? -1 : 1));
    if (binary) x.data.fill(1);
    yield* normalizeRows(x, norm);
    return x;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const HashingVectorizerModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.functions the user's tokenizers by name, if one was used
   * @throws DataError if it is none, OptionError if its tokenizer is missing
   */
  fromJSON(json: unknown, { functions = {} }: LoadOptions = {}): HashingVectorizerModel {
    const owner = 'HashingVectorizerModel.fromJSON';
    const { options } = checkSaved('HashingVectorizerModel', 1, json);
    if (typeof options !== 'object' || options === null) {
      throw new DataError(`${owner}: options must be an object, got ${show(options)}`);
    }
    const saved = options as HashingVectorizerSettings;
    // A name that is none of the tokenizers here may be one that was not handed over.
    tokenizerOf(owner, saved.tokenizer, functions);
    return new FittedHashingVectorizer(
      asSaved(owner, () => checkHashing(owner, saved, functions)),
      functions,
    );
  },
};

const OWNER = 'HashingVectorizer';

/** |hash| modulo d, as scikit-learn does it where |hash| is no 32-bit integer. */
function columnOf(hash: number, d: number): number {
  return hash === -(2 ** 31) ? (2 ** 31 - 1 - (d - 1)) % d : Math.abs(hash) % d;
}

/** Sparse rows in which the signed counts of terms of one column are added up. */
function* summed(
  { indices, counts, indptr }: { indices: Int32Array; counts: Int32Array; indptr: Int32Array },
  columns: Int32Array,
  d: number,
  signOf: (place: number) => number,
): Steps<SparseRows> {
  const signed = {
    indices: new Int32Array(indices.length),
    counts: new Int32Array(indices.length),
    indptr: indptr.slice(),
  };
  // In each row, the place of a column that was met.
  const seen = new Map<number, number>();
  let [to, paused] = [0, 0];
  for (let i = 0; i + 1 < indptr.length; i++) {
    seen.clear();
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      const column = columns[indices[at]!]!;
      const value = signOf(indices[at]!) * counts[at]!;
      const known = seen.get(column);
      if (known === undefined) {
        seen.set(column, to);
        signed.indices[to] = column;
        signed.counts[to++] = value;
      } else signed.counts[known]! += value;
    }
    signed.indptr[i + 1] = to;
    if (indptr[i + 1]! - paused < TERMS) continue;
    paused = indptr[i + 1]!;
    yield;
  }
  const held = {
    indices: signed.indices.subarray(0, to),
    counts: signed.counts.subarray(0, to),
    indptr: signed.indptr,
  };
  return yield* toSparseRows(
    held,
    d,
    (column) => column,
    (count) => count,
  );
}
