import { DataError } from './errors.ts';
import { checkInteger, refused } from './options.ts';
import { shared, sharedSlots } from './shared.ts';

/** The whole state of a generator: plain data that survives JSON. */
export interface RandomState {
  /** The four 32-bit words of xoshiro128**. */
  words: [number, number, number, number];
  /** What children are derived from, as 16 hexadecimal digits; it stays as numbers are drawn. */
  root: string;
  /** How many children there were. */
  forks: number;
  /** The second normal deviate of a pair, waiting to be handed out. */
  spare: number | null;
}

/** What everything random takes: a seed or a generator. */
export type Seed = number | RandomStream;

/**
 * A seeded stream of random numbers: xoshiro128** (period 2¹²⁸ - 1), its state filled by SplitMix64.
 * The same seed gives the same numbers on every machine: only arithmetic is used that all engines do alike.
 *
 * It has what most algorithms draw; `Random` adds the rest as methods, and `choose`, `permutation` and their kin draw from either, so that a
 * bundle holds only what it uses.
 *
 * Sources: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021);
 * G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA (2014).
 */
export class RandomStream {
  readonly state: RandomState;

  /**
   * @param seed an integer from 0 to 2⁵³ - 1
   * @throws OptionError for any other seed
   */
  constructor(seed: number) {
    if (!isSeedNumber(seed)) {
      throw refused('Random', 'seed', SEEDS, seed);
    }
    this.state = seeded(BigInt(seed));
  }

  /** The next 32 random bits, as an unsigned integer. */
  uint32(): number {
    const words = this.state.words;
    const a = words[0];
    const b = words[1];
    const c = words[2] ^ a;
    const d = words[3] ^ b;
    words[0] = a ^ d;
    words[1] = b ^ c;
    words[2] = c ^ (b << 9);
    words[3] = (d << 11) | (d >>> 21);
    const e = Math.imul(b, 5);
    return Math.imul((e << 7) | (e >>> 25), 9) >>> 0;
  }

  /** A number from [low, high), of 53 random bits; [0, 1) without arguments. Rounding can give `high` where low ≠ 0. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
    return low + unit * (high - low);
  }

  /**
   * An integer from [0, n), each equally likely (what is left over of the 2³² draws is rejected).
   * @throws OptionError if n is not an integer from 1 to 2³²
   */
  integer(n: number): number {
    if (n !== n >>> 0 || n === 0) checkInteger('Random.integer', 'n', n, { min: 1, max: 2 ** 32 });
    for (;;) {
      const bits = this.uint32();
      const result = bits % n;
      // Keeps the draws that lie in a whole run of n.
      if (bits - result <= 2 ** 32 - n) return result;
    }
  }

  /** The next child stream: it depends on the seed and on how many children there were, not on how many numbers were drawn. */
  fork(): RandomStream {
    return withState(new RandomStream(0), childOf(this.state));
  }
}

/**
 * The generator for a `seed` option. A number gives its stream and a generator itself; without a seed the next child of the
 * default stream is taken, so that runs repeat and no two callers get the same numbers.
 */
export function streamFrom(seed: Seed | undefined): RandomStream {
  if (seed === undefined) return defaultRandom().fork();
  const checked = checkSeed('randomFrom', seed);
  return typeof checked === 'number' ? new RandomStream(checked) : checked;
}

/**
 * A generator that goes on where the one with `state` stood. It is no method, so that who never restores one does not carry it.
 * @throws DataError if that is no state of a generator
 */
export function streamFromState(state: RandomState): RandomStream {
  if (!isState(state)) throw new DataError('randomFromState: this is not the state of a generator');
  const { words, root, forks, spare } = state;
  return streamAt({ words: [words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0], root, forks, spare });
}

/** The same for what is known to be a state. */
export function streamAt(state: RandomState): RandomStream {
  return withState(new RandomStream(0), { ...state, words: [...state.words] });
}

/** Starts the default stream anew (it is seeded 0 to begin with). */
export function setSeed(seed: number): void {
  replaceDefaultRandom(new RandomStream(seed));
}

/** The default stream itself: its state can be saved and put back, so that a run is repeated from there. */
export function defaultRandom(): RandomStream {
  return shared('random', () => new RandomStream(0));
}

/** Puts `random` in the place of the default stream, and returns what was there. */
export function replaceDefaultRandom(random: RandomStream): RandomStream {
  const before = defaultRandom();
  sharedSlots().set('random', random);
  return before;
}

/** Returns `seed` if a generator can be made of it or it is one, else throws an `OptionError`. */
export function checkSeed(owner: string, seed: unknown): Seed {
  if (isSeedNumber(seed)) return seed;
  // Not instanceof: the generator may come from another copy of this package.
  if (typeof Object(seed).fork === 'function') return seed as RandomStream;
  throw refused(owner, 'seed', `${SEEDS} or a Random`, seed);
}

/** The generator, with this for its state. */
export function withState<R extends RandomStream>(random: R, state: RandomState): R {
  return Object.assign(random, { state });
}

/** The state of a generator's next child. */
export function childOf(state: RandomState): RandomState {
  state.forks++;
  return seeded(nth(BigInt(`0x${state.root}`), state.forks));
}

const SEEDS = 'an integer from 0 to 2^53 - 1';

function isSeedNumber(seed: unknown): seed is number {
  return Number.isSafeInteger(seed) && (seed as number) >= 0;
}

/** What SplitMix64 gives from `seed` on: four words of state, then the root of the children. */
function seeded(seed: bigint): RandomState {
  return {
    // By Array.from, whose lists of numbers are faster than those of [...].
    words: Array.from(new Int32Array(BigUint64Array.of(nth(seed, 1), nth(seed, 2)).buffer)) as RandomState['words'],
    root: nth(seed, 3).toString(16).padStart(16, '0'),
    forks: 0,
    spare: null,
  };
}

/** The n-th number of SplitMix64. */
function nth(seed: bigint, n: number): bigint {
  let z = BigInt.asUintN(64, seed + BigInt(n) * 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

function isState(value: unknown): boolean {
  const { words, root, forks, spare } = Object(value) as Partial<RandomState>;
  return (
    Array.isArray(words) &&
    words.length === 4 &&
    words.every(Number.isInteger) &&
    words.some((word) => word !== 0) &&
    typeof root === 'string' &&
    /^[0-9a-f]{16}$/.test(root) &&
    Number.isSafeInteger(forks) &&
    (spare === null || typeof spare === 'number')
  );
}
