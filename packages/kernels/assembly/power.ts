import { abs, add, atLeast, atMost, choose, exp, log, mul, splat } from './_lanes';
import { copyPart, END, repeat, storePart } from './_vector';

/** out = aᵇ for float32. Sizes are in bytes: the shorter operand repeats until `bytes`. */
export function pow(a: usize, b: usize, out: usize, bytes: usize, aBytes: usize, bBytes: usize): void {
  let period = min(aBytes, bBytes);
  if (period < bytes && period <= 240) {
    if (aBytes < bBytes) a = repeat(a, period);
    else b = repeat(b, period);
    period *= 480 / period; // as many bytes as `repeat` writes
  }
  const aStep: usize = aBytes < bBytes ? <usize>0 : period, bStep: usize = bBytes < aBytes ? <usize>0 : period;
  for (let at: usize = 0; at < bytes; at += period) {
    const size = min(period, bytes - at), rest = size & 7, whole = size - rest;
    vectors(a, b, out, whole);
    if (rest != 0) {
      copyPart(END, a + whole, rest);
      copyPart(END + 16, b + whole, rest);
      vectors(END, END + 16, END + 32, 8);
      storePart(out + whole, END + 32, rest);
    }
    a += aStep;
    b += bStep;
    out += period;
  }
}

function vectors(a: usize, b: usize, out: usize, bytes: usize): void {
  for (const end = a + bytes; a < end; a += 8) {
    const z = power(f64x2.promote_low_f32x4(v128.load64_zero(a)), f64x2.promote_low_f32x4(v128.load64_zero(b)));
    v128.store64_lane(out, f32x4.demote_f64x2_zero(z), 0);
    b += 8;
    out += 8;
  }
}

// @ts-ignore: decorator
@inline
function power(x: v128, y: v128): v128 {
  const a = abs(x), one = splat(1), zero = splat(0);
  // Beyond 1e20 every power but that of 1 is 0 or infinite.
  const e = atMost(atLeast(y, -1e20), 1e20);
  let z = exp(mul(e, log(a, zero, false)), true);
  // A negative base gives the sign of an odd power, and NaN to a fraction.
  const integer = f64x2.eq(f64x2.trunc(y), y), half = mul(y, splat(0.5));
  const odd = v128.andnot(integer, f64x2.eq(f64x2.trunc(half), half));
  z = v128.xor(z, v128.and(v128.and(odd, x), splat(-0.0)));
  const fraction = v128.andnot(v128.and(f64x2.lt(x, zero), f64x2.lt(a, splat(Infinity))), integer);
  z = v128.or(z, fraction);
  // NaN comes through, but for x⁰ and 1ʸ.
  const sum = add(x, y);
  z = choose(v128.or(f64x2.ne(x, x), f64x2.ne(y, y)), sum, z);
  return choose(v128.or(f64x2.eq(y, zero), f64x2.eq(x, one)), one, z);
}
