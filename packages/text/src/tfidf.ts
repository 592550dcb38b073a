import { checkBoolean, DataError, OptionError, type Steps, show } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import type { SparseRows } from '@maru-ml/tensor';
import { TERMS } from './counting.ts';

/** Options about the weights of counts. */
export interface TfidfWeights {
  /** Divide each row by its Euclidean length ('l2') or the sum of its sizes ('l1'), or not (null); 'l2'. */
  norm?: 'l1' | 'l2' | null;
  /** Multiply by how rare a term is; true. */
  useIdf?: boolean;
  /** Count as if one more text held every term once, so that no division is by 0; true. */
  smoothIdf?: boolean;
  /** Take 1 + ln(count) for a count; false. */
  sublinearTf?: boolean;
}

export type TfidfWeightSettings = Readonly<Required<TfidfWeights>>;

export const TFIDF_OPTIONS: readonly string[] = ['norm', 'useIdf', 'smoothIdf', 'sublinearTf'];

export function checkWeights(owner: string, options: TfidfWeights): TfidfWeightSettings {
  const { norm = 'l2', useIdf = true, smoothIdf = true, sublinearTf = false } = options;
  return {
    norm: checkNorm(owner, norm),
    useIdf: checkBoolean(owner, 'useIdf', useIdf),
    smoothIdf: checkBoolean(owner, 'smoothIdf', smoothIdf),
    sublinearTf: checkBoolean(owner, 'sublinearTf', sublinearTf),
  };
}

export function checkNorm(owner: string, norm: unknown): 'l1' | 'l2' | null {
  if (norm === 'l1' || norm === 'l2' || norm === null) return norm;
  throw new OptionError(`${owner}: norm must be 'l1', 'l2' or null, got ${show(norm)}`);
}

/**
 * idf_j = ln((n + s) / (df_j + s)) + 1, where df_j is the number of the n texts that hold term j and s is 1 with smoothing, else 0 [d].
 * @throws DataError without smoothing, if a given term is in no text
 */
export function* idfOf(
  { indices, shape: [n, d] }: SparseRows,
  smooth: boolean,
  terms: readonly string[],
): Steps<Float64Array> {
  const df = new Int32Array(d);
  for (let at = 0; at < indices.length; at++) {
    df[indices[at]!]!++;
    if (at % TERMS === TERMS - 1) yield;
  }
  const s = smooth ? 1 : 0;
  const missing = smooth ? -1 : df.indexOf(0);
  if (missing >= 0) {
    throw new DataError(
      `TfidfVectorizer: the term ${show(terms[missing])} stands in no text, so that its weight is infinite; use smoothIdf`,
    );
  }
  return Float64Array.from(df, (count) => log((n + s) / (count + s)) + 1);
}

/** Turns counts into weights, in place. */
export function* weigh(
  x: SparseRows,
  idf: Float64Array | null,
  { norm, sublinearTf }: TfidfWeightSettings,
): Steps<SparseRows> {
  const { data, indices } = x;
  for (let at = 0; at < data.length; at++) {
    const tf = sublinearTf ? 1 + log(data[at]!) : data[at]!;
    data[at] = idf === null ? tf : tf * idf[indices[at]!]!;
    if (at % TERMS === TERMS - 1) yield;
  }
  yield* normalizeRows(x, norm);
  return x;
}

/** Divides rows by their length, in place; empty ones stay. */
export function* normalizeRows({ data, indptr }: SparseRows, norm: 'l1' | 'l2' | null): Steps<void> {
  if (norm === null) return;
  let paused = 0;
  for (let i = 0; i + 1 < indptr.length; i++) {
    if (indptr[i]! - paused >= TERMS) {
      paused = indptr[i]!;
      yield;
    }
    let sum = 0;
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      sum += norm === 'l1' ? Math.abs(data[at]!) : data[at]! * data[at]!;
    }
    const length = norm === 'l1' ? sum : Math.sqrt(sum);
    if (length === 0) continue;
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) data[at]! /= length;
  }
}
