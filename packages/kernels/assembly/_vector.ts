/**
 * What all kernels share. The memory's first kilobyte belongs to whichever kernel runs: [64, 256) takes the parts of
 * vectors at the ends of arrays, [512, 1024) an operand that repeats.
 */

/** Where the ends of up to twelve arrays are put, 16 bytes each. */
export const END: usize = 64;

/** Where a repeating operand is written out. */
export const REPEATED: usize = 512;

/** The first `bytes` (a multiple of 4, under 16) bytes at `at`, padded with zeros, to `to`. */
export function copyPart(to: usize, at: usize, bytes: usize): void {
  let x = i32x4.splat(0);
  if (bytes & 8) {
    x = v128.load64_zero(at);
    if (bytes & 4) x = v128.load32_lane(at, x, 2, 8);
  } else if (bytes & 4) x = v128.load32_zero(at);
  v128.store(to, x);
}

/** The first `bytes` (a multiple of 4, under 16) bytes of the vector at `from` to `at`. */
export function storePart(at: usize, from: usize, bytes: usize): void {
  const x = v128.load(from);
  if (bytes & 8) {
    v128.store64_lane(at, x, 0);
    if (bytes & 4) v128.store32_lane(at, x, 2, 8);
  } else if (bytes & 4) v128.store32_lane(at, x, 0);
}

/** Writes the `period` bytes at `at` out again and again, to 480 bytes at least. */
export function repeat(at: usize, period: usize): usize {
  let have: usize = 0;
  for (; have < period; have += 4) store<u32>(REPEATED + have, load<u32>(at + have));
  // Until a whole vector lies behind: the next one is loaded from a multiple of the period ago, but at least from 16 bytes.
  for (; have < 24; have += 4) store<u32>(REPEATED + have, load<u32>(REPEATED + have - period));
  const back = have - have % period;
  for (; have < 480; have += 16) v128.store(REPEATED + have, v128.load(REPEATED + have - back));
  return REPEATED;
}

/** The sum of four lanes. */
// @ts-ignore: decorator
@inline
export function joined(s: v128, t: v128): f64 {
  const u = f64x2.add(s, t);
  return f64x2.extract_lane(u, 0) + f64x2.extract_lane(u, 1);
}
