import { abs, add, atLeast, atMost, choose, div, exp, exponent, log, lost, mul, reducedSum, scale, splat, step, sub } from './_lanes';
import { copyPart, END, repeat, storePart } from './_vector';

/** out = aᵇ for float32 or (wide) float64. Sizes are in bytes: the shorter operand repeats until `bytes`. */
export function pow(wide: i32, a: usize, b: usize, out: usize, bytes: usize, aBytes: usize, bBytes: usize): void {
  let period = min(aBytes, bBytes);
  if (period < bytes && period <= 240) {
    if (aBytes < bBytes) a = repeat(a, period);
    else b = repeat(b, period);
    period *= 480 / period; // as many bytes as `repeat` writes
  }
  const aStep: usize = aBytes < bBytes ? <usize>0 : period, bStep: usize = bBytes < aBytes ? <usize>0 : period;
  const vector: usize = wide ? 16 : 8;
  for (let at: usize = 0; at < bytes; at += period) {
    const size = min(period, bytes - at), rest = size & (vector - 1), whole = size - rest;
    vectors(wide, a, b, out, whole);
    if (rest != 0) {
      copyPart(END, a + whole, rest);
      copyPart(END + 16, b + whole, rest);
      vectors(wide, END, END + 16, END + 32, vector);
      storePart(out + whole, END + 32, rest);
    }
    a += aStep;
    b += bStep;
    out += period;
  }
}

function vectors(wide: i32, a: usize, b: usize, out: usize, bytes: usize): void {
  if (wide) {
    for (const end = a + bytes; a < end; a += 16) {
      v128.store(out, power(v128.load(a), v128.load(b), false));
      b += 16;
      out += 16;
    }
  } else {
    for (const end = a + bytes; a < end; a += 8) {
      const z = power(f64x2.promote_low_f32x4(v128.load64_zero(a)), f64x2.promote_low_f32x4(v128.load64_zero(b)), true);
      v128.store64_lane(out, f32x4.demote_f64x2_zero(z), 0);
      b += 8;
      out += 8;
    }
  }
}

// @ts-ignore: decorator
@inline
function power(x: v128, y: v128, short: bool): v128 {
  const a = abs(x), one = splat(1), zero = splat(0), infinity = splat(Infinity);
  // Beyond 1e20 every power but that of 1 is 0 or infinite.
  const e = atMost(atLeast(y, -1e20), 1e20);
  let z: v128;
  if (short) z = exp(mul(e, log(a, zero, false)), true);
  else {
    z = long(a, e);
    const down = f64x2.lt(y, zero);
    z = choose(f64x2.eq(a, zero), v128.and(down, infinity), z);
    z = choose(f64x2.eq(a, infinity), v128.andnot(infinity, down), z);
  }
  // A negative base gives the sign of an odd power, and NaN to a fraction.
  const integer = f64x2.eq(f64x2.trunc(y), y), half = mul(y, splat(0.5));
  const odd = v128.andnot(integer, f64x2.eq(f64x2.trunc(half), half));
  z = v128.xor(z, v128.and(v128.and(odd, x), splat(-0.0)));
  const fraction = v128.andnot(v128.and(f64x2.lt(x, zero), f64x2.lt(a, infinity)), integer);
  z = v128.or(z, fraction);
  // NaN comes through, but for x⁰ and 1ʸ.
  const sum = add(x, y);
  z = choose(v128.or(f64x2.ne(x, x), f64x2.ne(y, y)), sum, z);
  return choose(v128.or(f64x2.eq(y, zero), f64x2.eq(x, one)), one, z);
}

/** aᵇ for positive finite a: the logarithm as a sum H + L of 110 bits, times b, so that the exponential's argument is exact. */
// @ts-ignore: decorator
@inline
function long(a: v128, b: v128): v128 {
  const tiny = f64x2.lt(a, splat(2.2250738585072014e-308));
  const u = choose(tiny, mul(a, splat(18014398509481984.0)), a);
  const half = i64x2.splat(0x3fe6a09e00000000);
  const bits = i64x2.sub(u, half);
  const top = i32x4.shr_s(bits, 20);
  const k = add(f64x2.convert_low_i32x4_s(i32x4.shuffle(top, top, 1, 3, 5, 7)), v128.and(tiny, splat(-54)));
  const m = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), half);

  // s = f / d with f = m - 1 and d = m + 1; what is lost goes into the second of each pair.
  const f = sub(m, splat(1)), d = add(m, splat(1));
  const dLow = sub(m, sub(d, splat(1)));
  const s = div(f, d);
  const sd = mul(s, d);
  const sLow = div(sub(sub(sub(f, sd), lost(s, d, sd)), mul(s, dLow)), d);
  const z = mul(s, s);
  const zLow = add(lost(s, s, z), mul(splat(2), mul(s, sLow)));

  // log m = s (2 + z (2/3 + z W(z))).
  let w = step(splat(0.11990433245688999), z, 0.11674648230500476);
  w = step(w, z, 0.13336325796200066);
  w = step(w, z, 0.15384556653522094);
  w = step(w, z, 0.18181818873498937);
  w = step(w, z, 0.22222222217510534);
  w = step(w, z, 0.2857142857144522);
  w = step(w, z, 0.3999999999999998);
  const q = mul(z, w);
  const c = add(splat(0.6666666666666666), q);
  const cLow = add(sub(q, sub(c, splat(0.6666666666666666))), splat(3.700743415417188e-17));
  const p = mul(z, c);
  const pLow = add(lost(z, c, p), add(mul(z, cLow), mul(zLow, c)));
  const v = add(splat(2), p);
  const vLow = add(sub(p, sub(v, splat(2))), pLow);
  const l = mul(s, v);
  const lLow = add(lost(s, v, l), add(mul(s, vLow), mul(sLow, v)));
  const shift = mul(k, splat(0.6931471805598903));
  const H = add(shift, l);
  const L = add(sub(l, sub(H, shift)), add(lLow, mul(k, splat(5.497923018708371e-14))));

  const product = mul(b, H);
  const argument = atMost(atLeast(product, -750), 711);
  const rest = v128.and(add(lost(b, H, product), mul(b, L)), f64x2.eq(argument, product));
  const n = exponent(argument);
  return scale(reducedSum(argument, rest, n, true), n, false);
}
