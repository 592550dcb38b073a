import { OptionError } from './errors.ts';
import { show } from './options.ts';
import { shared } from './shared.ts';

/** The whole state of a generator: plain data that survives JSON. */
export interface RandomState {
  /** The four 32-bit words of xoshiro128**. */
  words: [number, number, number, number];
  /** What children are derived from; it stays as numbers are drawn. */
  root: number;
  /** How many children there were. */
  forks: number;
  /** The second normal deviate of a pair, waiting to be handed out. */
  spare: number | null;
}

/** What everything random takes: a seed or a generator. */
export type Seed = number | Random;

/**
 * A seeded stream of random numbers: xoshiro128** (period 2¹²⁸ - 1), its state filled by SplitMix32.
 * The same seed gives the same numbers on every machine.
 *
 * Source: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
 */
export class Random {
  readonly state: RandomState;

  /** @param seed an integer from 0 to 2⁵³ - 1 */
  constructor(seed: number) {
    if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0) {
      throw new OptionError(`Random: seed must be an integer from 0 to 2^53 - 1, got ${show(seed)}`);
    }
    this.state = seeded(seed >>> 0, Math.floor(seed / 2 ** 32));
  }

  /** A generator that goes on where the one with `state` stood. */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    Object.assign(random.state, { ...state, words: [...state.words] });
    return random;
  }

  /** The next 32 random bits, as an unsigned integer. */
  uint32(): number {
    const words = this.state.words;
    let [a, b, c, d] = words;
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    words[0] = a;
    words[1] = b;
    words[2] = c;
    words[3] = d;
    return result;
  }

  /** A number from [low, high), of 53 random bits; [0, 1) without arguments. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
    return low + unit * (high - low);
  }

  /** An integer from [0, n), each equally likely (rejection, so without bias). n from 1 to 2³². */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new OptionError(`Random.integer: n must be an integer from 1 to 2^32, got ${show(n)}`);
    }
    const limit = 2 ** 32 - (2 ** 32 % n);
    let bits = this.uint32();
    while (bits >= limit) bits = this.uint32();
    return bits % n;
  }

  /** A normal deviate (Marsaglia's polar method: only a logarithm and a square root, which all engines agree on). */
  normal(mean = 0, std = 1): number {
    if (this.state.spare !== null) {
      const spare = this.state.spare;
      this.state.spare = null;
      return mean + std * spare;
    }
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.state.spare = v * scale;
      return mean + std * u * scale;
    }
  }

  /** Shuffles an array in place (Fisher-Yates) and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(array: T): T {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const t = array[i];
      array[i] = array[j];
      array[j] = t;
    }
    return array;
  }

  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array {
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    return this.shuffle(order);
  }

  /** `k` different numbers from 0 to n - 1, in random order. */
  choose(n: number, k: number): Int32Array {
    if (k > n) throw new OptionError(`Random.choose: k must be at most n = ${n}, got ${k}`);
    const order = this.permutation(n);
    return order.slice(0, k);
  }

  /** The index of a weight, drawn with probability proportional to it. Weights must be ≥ 0 and not all 0. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]!;
    if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
      throw new OptionError(`Random.weighted: the weights must have a positive finite sum, got ${total}`);
    }
    let rest = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      last = i;
      rest -= weight;
      if (rest < 0) return i;
    }
    return last;
  }

  /** The next child stream: it depends on the seed and on how many children there were, not on how many numbers were drawn. */
  fork(): Random {
    this.state.forks++;
    const child = new Random(0);
    Object.assign(child.state, seeded(this.state.root, this.state.forks));
    return child;
  }
}

/**
 * The generator for a `seed` option. A number gives its stream and a `Random` itself; without a seed the next child of the
 * default stream is taken, so that runs repeat and no two callers get the same numbers.
 */
export function randomFrom(seed: Seed | undefined): Random {
  if (seed === undefined) return defaultStream().random.fork();
  return typeof seed === 'number' ? new Random(seed) : seed;
}

/** Starts the default stream anew (it is seeded 0 to begin with). */
export function setSeed(seed: number): void {
  defaultStream().random = new Random(seed);
}

function defaultStream(): { random: Random } {
  return shared('random', () => ({ random: new Random(0) }));
}

function seeded(low: number, high: number): RandomState {
  const mix = splitMix(low, high);
  const words: RandomState['words'] = [mix(), mix(), mix(), mix() | 1];
  return { words, root: mix(), forks: 0, spare: null };
}

/** SplitMix32: consecutive 32-bit outputs of a Weyl sequence, mixed as in MurmurHash3. */
function splitMix(low: number, high: number): () => number {
  let state = (low ^ Math.imul(high, 0x85ebca6b)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
