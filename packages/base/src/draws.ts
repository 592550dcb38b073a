import { OptionError } from './errors.ts';
import { checkInteger, show } from './options.ts';
import type { RandomStream } from './stream.ts';

// What is drawn from a stream besides numbers and integers.

/** A normal deviate, by Marsaglia's polar method (which makes two at a time and keeps the second for the next call). */
export function drawNormal(random: RandomStream, mean = 0, std = 1): number {
  const { state } = random;
  if (state.spare !== null) {
    const { spare } = state;
    state.spare = null;
    return mean + std * spare;
  }
  for (;;) {
    const u = 2 * random.uniform() - 1;
    const v = 2 * random.uniform() - 1;
    const s = u * u + v * v;
    if (s >= 1 || s === 0) continue;
    const scale = Math.sqrt((-2 * logarithm(s)) / s);
    state.spare = v * scale;
    return mean + std * u * scale;
  }
}

/** Shuffles an array in place and returns it. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(random: RandomStream, array: T): T {
  return shuffleFirst(random, array, array.length - 1);
}

/** The numbers 0 to n - 1 in random order. */
export function permutation(random: RandomStream, n: number): Int32Array {
  return shuffle(random, range('Random.permutation', n));
}

/**
 * `k` different numbers from 0 to n - 1, in random order.
 * @throws OptionError unless 0 ≤ k ≤ n
 */
export function choose(random: RandomStream, n: number, k: number): Int32Array {
  const order = range('Random.choose', n);
  return shuffleFirst(random, order, checkInteger('Random.choose', 'k', k, { min: 0, max: n })).slice(0, k);
}

/**
 * The index of a weight, drawn with probability proportional to it.
 * @throws OptionError if a weight is negative or NaN, or their sum is 0 or infinite
 */
export function drawWeighted(random: RandomStream, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0)) throw new OptionError(`Random.weighted: weights[${i}] must be ≥ 0, got ${show(weight)}`);
    total += weight;
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
    throw new OptionError(`Random.weighted: the weights must have a positive finite sum, got ${total}`);
  }
  let rest = random.uniform() * total;
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

/** The natural logarithm of x from (0, 1), within 1e-15 relative: engines' own `Math.log` may differ in the last bits. */
function logarithm(x: number): number {
  let mantissa = x;
  let halvings = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    halvings++;
  }
  // ln m = 2 artanh(f) = 2 (f + f³/3 + f⁵/5 + ...) with |f| ≤ .172
  const f = (mantissa - 1) / (mantissa + 1);
  const f2 = f * f;
  let series = 0;
  for (let k = 21; k > 1; k -= 2) series = f2 * (1 / k + series);
  return 2 * (f + f * series) - halvings * Math.LN2;
}

function range(owner: string, n: number): Int32Array {
  const numbers = new Int32Array(checkInteger(owner, 'n', n, { min: 0, max: 2 ** 31 - 1 }));
  for (let i = 0; i < n; i++) numbers[i] = i;
  return numbers;
}

/** Puts random members at the places 0 to count - 1, each drawn from those that are left (Fisher-Yates). */
function shuffleFirst<T extends { length: number; [index: number]: unknown }>(
  random: RandomStream,
  array: T,
  count: number,
): T {
  const n = array.length;
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(n - i);
    const swapped = array[i];
    array[i] = array[j];
    array[j] = swapped;
  }
  return array;
}
