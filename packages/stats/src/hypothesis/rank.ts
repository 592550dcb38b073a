import { checkKnown, checkOneOf } from '@maru-ml/base';
import { type NanPolicy, toSample } from './sample.ts';

export interface RankOptions {
  /** What equal numbers get: the mean, smallest or largest of their places, the place of their value, or one each in order; 'average'. */
  method?: 'average' | 'min' | 'max' | 'dense' | 'ordinal';
  /** What becomes of NaN; 'raise'. */
  nanPolicy?: NanPolicy;
}

/**
 * The ranks of numbers, 1 for the smallest [n]. O(n log n).
 *
 * @throws DataError for NaN or infinite numbers, OptionError
 */
export function rankdata(x: ArrayLike<number>, options: RankOptions = {}): Float64Array {
  checkKnown('rankdata', options, ['method', 'nanPolicy']);
  const { method = 'average', nanPolicy } = options;
  checkOneOf('rankdata', 'method', method, ['average', 'min', 'max', 'dense', 'ordinal']);
  const sample = toSample('rankdata', 'x', x, nanPolicy, 0);
  if (method === 'average') return ranksOf(sample).ranks;
  const ranks = new Float64Array(sample.length);
  let place = 0;
  forTies(sample, (order, from, to) => {
    place++;
    for (let k = from; k < to; k++) {
      ranks[order[k]!] = method === 'dense' ? place : method === 'min' ? from + 1 : method === 'max' ? to : k + 1;
    }
  });
  return ranks;
}

/** Mean ranks, and what ties add up to. */
export interface Ranks {
  /** The mean of the places of equal numbers, from 1 [n]. */
  readonly ranks: Float64Array;
  /** Σ (t³ - t) over groups of t equal numbers. */
  readonly ties: number;
}

/** The mean ranks of a checked sample. */
export function ranksOf(x: Float64Array): Ranks {
  const ranks = new Float64Array(x.length);
  let ties = 0;
  forTies(x, (order, from, to) => {
    const t = to - from;
    ties += t * t * t - t;
    for (let k = from; k < to; k++) ranks[order[k]!] = (from + 1 + to) / 2;
  });
  return { ranks, ties };
}

/** Calls `group` for each run of equal numbers: its places in the order of size are `from` to `to` - 1. Equal numbers keep their order. */
export function forTies(x: Float64Array, group: (order: Uint32Array, from: number, to: number) => void): void {
  const order = orderOf(x);
  for (let from = 0; from < x.length; ) {
    let to = from + 1;
    while (to < x.length && x[order[to]!] === x[order[from]!]) to++;
    group(order, from, to);
    from = to;
  }
}

/** The places of the numbers in ascending order; equal numbers keep theirs. */
export function orderOf(x: Float64Array): Uint32Array {
  return Uint32Array.from(x.keys()).sort((i, j) => x[i]! - x[j]! || i - j);
}
