import { choose, drawNormal, drawWeighted, permutation, shuffle } from './draws.ts';
import {
  childOf,
  type RandomState,
  RandomStream,
  type Seed,
  streamFrom,
  streamFromState,
  withState,
} from './stream.ts';

/** A seeded stream of random numbers with all that can be drawn from it as methods. */
export class Random extends RandomStream {
  /** A normal deviate, by Marsaglia's polar method (which makes two at a time and keeps the second for the next call). */
  normal(mean = 0, std = 1): number {
    return drawNormal(this, mean, std);
  }

  /** Shuffles an array in place and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(array: T): T {
    return shuffle(this, array);
  }

  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array {
    return permutation(this, n);
  }

  /**
   * `k` different numbers from 0 to n - 1, in random order.
   * @throws OptionError unless 0 ≤ k ≤ n
   */
  choose(n: number, k: number): Int32Array {
    return choose(this, n, k);
  }

  /**
   * The index of a weight, drawn with probability proportional to it.
   * @throws OptionError if a weight is negative or NaN, or their sum is 0 or infinite
   */
  weighted(weights: ArrayLike<number>): number {
    return drawWeighted(this, weights);
  }

  /** The next child stream: it depends on the seed and on how many children there were, not on how many numbers were drawn. */
  override fork(): Random {
    return withState(new Random(0), childOf(this.state));
  }
}

/** `streamFrom` with all methods: the same numbers, as both are of one state. */
export function randomFrom(seed: Seed | undefined): Random {
  return withMethods(streamFrom(seed));
}

/**
 * A generator that goes on where the one with `state` stood.
 * @throws DataError if that is no state of a generator
 */
export function randomFromState(state: RandomState): Random {
  return withMethods(streamFromState(state));
}

function withMethods(stream: RandomStream): Random {
  return stream instanceof Random ? stream : withState(new Random(0), stream.state);
}
