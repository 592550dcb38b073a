import { checkInteger, DataError, OptionError, type Steps, show, sortStepsBy } from '@maru-ml/base';
import { type Counted, TERMS } from './counting.ts';

/** Options about which terms are kept. */
export interface VocabularyOptions {
  /** Keep terms that stand in at least so many texts: a number, or a share of the texts below 1; 1. */
  minDf?: number;
  /** Keep terms that stand in at most so many texts: a share of the texts up to 1, or a number above; 1. */
  maxDf?: number;
  /** Keep the most frequent terms only, of equally frequent ones the first by their characters; null: all. */
  maxFeatures?: number | null;
  /** The terms, in the order of the columns, instead of those of the texts; null. */
  vocabulary?: readonly string[] | null;
}

export type VocabularySettings = Readonly<Required<VocabularyOptions>>;

export const VOCABULARY_OPTIONS: readonly string[] = ['minDf', 'maxDf', 'maxFeatures', 'vocabulary'];

export function checkVocabulary(owner: string, options: VocabularyOptions): VocabularySettings {
  const { minDf = 1, maxDf = 1, maxFeatures = null, vocabulary = null } = options;
  for (const [name, value] of Object.entries({ minDf, maxDf })) {
    if (typeof value === 'number' && value >= 0 && (value <= 1 || Number.isInteger(value))) continue;
    throw new OptionError(
      `${owner}: ${name} must be a share from 0 to 1 or an integer number of texts, got ${show(value)}`,
    );
  }
  if (maxFeatures !== null) checkInteger(owner, 'maxFeatures', maxFeatures, { min: 1 });
  return { minDf, maxDf, maxFeatures, vocabulary: vocabulary === null ? null : checkTerms(owner, vocabulary) };
}

/** Different terms. @throws OptionError */
export function checkTerms(owner: string, vocabulary: unknown): readonly string[] {
  if (!Array.isArray(vocabulary) || vocabulary.length === 0 || !vocabulary.every((term) => typeof term === 'string')) {
    throw new OptionError(`${owner}: vocabulary must be an array of terms, got ${show(vocabulary)}`);
  }
  const seen = new Set<string>();
  for (const term of vocabulary) {
    if (seen.has(term))
      throw new OptionError(`${owner}: vocabulary must hold different terms, got ${show(term)} twice`);
    seen.add(term);
  }
  return Object.freeze([...vocabulary]);
}

/** A number of texts: minDf 1 and maxDf 1 differ, as one text and all of them. */
function textsOf(bound: number, texts: number, atMost: boolean): number {
  if (bound > 1 || (bound === 1 && !atMost) || bound === 0) return bound;
  return bound * texts;
}

/**
 * Chooses the terms that are kept. It pauses while it counts and sorts.
 *
 * @param size how many numbers there are, @param textOf the text of a term, by its number
 * @returns the columns' terms in the order of their characters, and for each number its column or -1
 * @throws DataError if none is left
 */
export function* chooseTerms(
  owner: string,
  size: number,
  textOf: (term: number) => string,
  { indices, counts, indptr }: Counted,
  { minDf, maxDf, maxFeatures }: VocabularySettings,
): Steps<{ featureNames: string[]; columnOf: Int32Array }> {
  if (indices.length === 0) {
    throw new DataError(`${owner}: no text holds a term; are they empty, or do stopWords take all words out?`);
  }
  const n = indptr.length - 1;
  const inTexts = new Int32Array(size);
  const inAll = new Int32Array(size);
  for (let at = 0; at < indices.length; at++) {
    inTexts[indices[at]!]!++;
    inAll[indices[at]!]! += counts[at]!;
    if (at % TERMS === TERMS - 1) yield;
  }
  const [least, most] = [textsOf(minDf, n, false), textsOf(maxDf, n, true)];
  if (least > n) throw new OptionError(`${owner}: minDf is ${minDf} texts, but there are only ${n}`);
  if (most < least) {
    throw new OptionError(
      `${owner}: maxDf must not be fewer texts than minDf, got ${maxDf} and ${minDf} of ${n} texts`,
    );
  }
  const enough: number[] = [];
  const texts: string[] = [];
  for (let term = 0; term < size; term++) {
    if (term % TERMS === TERMS - 1) yield;
    // Some numbers are only of beginnings of terms.
    if (inTexts[term]! < Math.max(least, 1) || inTexts[term]! > most) continue;
    enough.push(term);
    texts.push(textOf(term));
  }
  let kept = yield* sortStepsBy(
    Int32Array.from(enough, (_, at) => at),
    (a, b) => compareTerms(texts[a]!, texts[b]!),
  );
  if (maxFeatures !== null && kept.length > maxFeatures) {
    // Of equally frequent terms the first come first, as sorting leaves them in their order.
    const total = (place: number) => inAll[enough[kept[place]!]!]!;
    const places = yield* sortStepsBy(
      Int32Array.from(kept, (_, at) => at),
      (a, b) => total(b) - total(a),
    );
    const best = places.slice(0, maxFeatures).sort();
    kept = best.map((place) => kept[place]!);
  }
  if (kept.length === 0) {
    throw new DataError(`${owner}: no term is left; lower minDf or raise maxDf, which are ${minDf} and ${maxDf}`);
  }
  const columnOf = new Int32Array(size).fill(-1);
  for (let column = 0; column < kept.length; column++) columnOf[enough[kept[column]!]!] = column;
  return { featureNames: Array.from(kept, (at) => texts[at]!), columnOf };
}

/** The order of Unicode's code points, which differs from that of UTF-16 where there are surrogates. */
function compareTerms(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    // Surrogates stand for what comes after all others.
    const [xLate, yLate] = [(x & 0xf800) === 0xd800, (y & 0xf800) === 0xd800];
    return xLate === yLate ? x - y : xLate ? 1 : -1;
  }
  return a.length - b.length;
}
