import type { Steps } from '@maru-ml/base';

/** A key is taken apart into two halves of 28 bits, each into two digits of 14. */
const HALF = 2 ** 28;
const BITS = 14;
const DIGITS = 2 ** BITS;

/** Fewer places are sorted by the engine. */
const FEW = 2 ** 10;

/**
 * The places of whole numbers from 0 to 2⁵³ in ascending order, of equals the first first: sorting by 14 bits at a time,
 * which takes O(n) and can pause, unlike the engine's own.
 */
export function* sortedPlaces(keys: Float64Array): Steps<Int32Array> {
  const n = keys.length;
  let order = Int32Array.from(keys.keys());
  if (n < FEW) return order.sort((a, b) => keys[a]! - keys[b]! || a - b);
  let next = new Int32Array(n);
  const half = new Int32Array(n);
  for (const unit of [1, HALF]) {
    const highest = takeHalf(keys, unit, half);
    yield;
    for (let shift = 0; highest >> shift > 0 && shift <= BITS; shift += BITS) {
      sortByDigit(half, shift, order, next);
      [order, next] = [next, order];
      yield;
    }
  }
  return order;
}

/** Writes the 28 bits from `unit` on of each key and returns the highest. */
function takeHalf(keys: Float64Array, unit: number, half: Int32Array): number {
  let highest = 0;
  for (let i = 0; i < keys.length; i++) {
    const rest = Math.floor(keys[i]! / unit);
    half[i] = rest - Math.floor(rest / HALF) * HALF;
    highest = Math.max(highest, half[i]!);
  }
  return highest;
}

/** Sorts `order` by 14 bits of the keys into `next`; equals stay in their order. */
function sortByDigit(keys: Int32Array, shift: number, order: Int32Array, next: Int32Array): void {
  const starts = new Int32Array(DIGITS + 1);
  for (let i = 0; i < keys.length; i++) starts[((keys[i]! >> shift) & (DIGITS - 1)) + 1]!++;
  for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
  for (let at = 0; at < order.length; at++) {
    const i = order[at]!;
    const digit = (keys[i]! >> shift) & (DIGITS - 1);
    next[starts[digit]!++] = i;
  }
}
