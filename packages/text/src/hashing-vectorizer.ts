import { checkBoolean, checkInteger, checkKnown, readable, runSteps, type Steps, show } from '@maru-ml/base';
import type { SparseRows } from '@maru-ml/tensor';
import {
  ANALYZER_OPTIONS,
  type Analyzer,
  type AnalyzerOptions,
  type AnalyzerSettings,
  checkAnalyzer,
  checkTexts,
  makeAnalyzer,
  type Tokenizers,
} from './analyzer.ts';
import { countTerms, TERMS, toSparseRows } from './counting.ts';
import { murmurHash } from './murmur-hash.ts';
import { checkNorm, normalizeRows } from './tfidf.ts';

export interface HashingVectorizerOptions extends AnalyzerOptions {
  /** The number of columns d; 2²⁰. */
  nFeatures?: number;
  /** Count 1 however often a term stands in a text; false. */
  binary?: boolean;
  /** Divide each row by its Euclidean length ('l2') or the sum of its sizes ('l1'), or not (null); 'l2'. */
  norm?: 'l1' | 'l2' | null;
  /** Half of the terms count negative, so that those of one column cancel rather than add up; true. */
  alternateSign?: boolean;
}

/** The options with their defaults. */
export type HashingVectorizerSettings = AnalyzerSettings &
  Readonly<{ nFeatures: number; binary: boolean; norm: 'l1' | 'l2' | null; alternateSign: boolean }>;

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
  readonly #analyze: Analyzer;

  /**
   * @param tokenizers functions that take a text apart, by the names that `tokenizer` may have
   * @throws OptionError for options that have no meaning
   */
  constructor(options: HashingVectorizerOptions = {}, tokenizers: Tokenizers = {}) {
    checkKnown(OWNER, options, [...ANALYZER_OPTIONS, 'nFeatures', 'binary', 'norm', 'alternateSign']);
    const { nFeatures = 2 ** 20, binary = false, norm = 'l2', alternateSign = true } = options;
    this.options = Object.freeze({
      ...checkAnalyzer(OWNER, options, tokenizers),
      nFeatures: checkInteger(OWNER, 'nFeatures', nFeatures, { min: 1, max: 2 ** 31 - 1 }),
      binary: checkBoolean(OWNER, 'binary', binary),
      norm: checkNorm(OWNER, norm),
      alternateSign: checkBoolean(OWNER, 'alternateSign', alternateSign),
    });
    this.nFeaturesOut = nFeatures;
    this.#analyze = makeAnalyzer(OWNER, this.options, tokenizers);
    readable(this);
  }

  /** The counts of the terms in texts [m, d], as sparse rows of float64. @throws OptionError, DataError if they are no texts */
  transform(texts: readonly string[]): SparseRows {
    return runSteps(this.#steps(texts));
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `HashingVectorizer { ${options.join(', ')} }`;
  }

  *#steps(texts: readonly string[]): Steps<SparseRows> {
    checkTexts(OWNER, texts);
    const { nFeatures, binary, norm, alternateSign } = this.options;
    // Terms are told apart first, since their hashes are dear; then those of a column are added up.
    const places = new Map<string, number>();
    const counted = yield* countTerms(texts, this.#analyze, (term) => {
      let place = places.get(term);
      if (place === undefined) {
        place = places.size;
        places.set(term, place);
      }
      return place;
    });
    const hashes = Int32Array.from(places.keys(), murmurHash);
    const columns = Int32Array.from(hashes, (hash) => columnOf(hash, nFeatures));
    yield;
    const x = yield* summed(counted, columns, nFeatures, (place) => (alternateSign && hashes[place]! < 0 ? -1 : 1));
    if (binary) x.data.fill(1);
    yield* normalizeRows(x, norm);
    return x;
  }
}

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
