/**
 * Functions of two float64 lanes, from which the mathematical kernels are composed. `short` is known when compiling: it
 * chooses fewer terms for float32 numbers, which are computed in float64 lanes, so that only the last rounding counts.
 * The twins are in src/lanes.ts, line by line.
 */

// @ts-ignore: decorator
@inline
export function splat(c: f64): v128 {
  return f64x2.splat(c);
}

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

// @ts-ignore: decorator
@inline
export function div(a: v128, b: v128): v128 {
  return f64x2.div(a, b);
}

/** p x + c: a step of Horner's scheme. */
// @ts-ignore: decorator
@inline
export function step(p: v128, x: v128, c: f64): v128 {
  return add(mul(p, x), splat(c));
}

/** NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function atLeast(x: v128, low: f64): v128 {
  return f64x2.pmax(x, splat(low));
}

/** NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function atMost(x: v128, high: f64): v128 {
  return f64x2.pmin(x, splat(high));
}

// @ts-ignore: decorator
@inline
export function abs(x: v128): v128 {
  return f64x2.abs(x);
}

/** |z| with the sign of x. */
// @ts-ignore: decorator
@inline
export function withSign(z: v128, x: v128): v128 {
  return v128.bitselect(x, z, splat(-0.0));
}

/** condition ? a : b, by the bits of the condition. */
// @ts-ignore: decorator
@inline
export function choose(condition: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, condition);
}

/** 2ⁿ for an integer n from -1022 to 1023: adding 1.5 · 2⁵² + 1023 leaves the biased exponent in the lowest bits. */
// @ts-ignore: decorator
@inline
export function power2(n: v128): v128 {
  return i64x2.shl(add(n, splat(6755399441055744.0 + 1023.0)), 52);
}

/** z · 2ⁿ with one rounding, where 2ⁿ itself may be too large or too small for a float64. */
// @ts-ignore: decorator
@inline
export function scale(z: v128, n: v128, short: bool): v128 {
  if (short) return mul(z, power2(n));
  const half = f64x2.nearest(mul(n, splat(0.5)));
  return mul(mul(z, power2(half)), power2(sub(n, half)));
}

/** The n for which x - n ln 2 is smallest. */
// @ts-ignore: decorator
@inline
export function exponent(x: v128): v128 {
  return f64x2.nearest(mul(x, splat(1.4426950408889634)));
}

/** q = eʳ - 1 for r = x - n ln 2, |r| ≤ ln 2 / 2; so eˣ = 2ⁿ (1 + q). */
// @ts-ignore: decorator
@inline
export function reduced(x: v128, n: v128, short: bool): v128 {
  if (short) {
    const r = sub(x, mul(n, splat(0.6931471805599453)));
    const s = mul(r, r);
    const high = mul(s, splat(0.0013814598932353165));
    const middle = add(step(splat(0.008368716854804364), r, 0.041668388042261965), high);
    return add(r, mul(s, add(step(splat(0.16666520631913867), r, 0.4999999344778577), mul(s, middle))));
  }
  return reducedSum(x, splat(0), n, false);
}

/** q = eʳ - 1, or 1 + q if wanted, for r = x + rest - n ln 2, where the rest is small. */
// @ts-ignore: decorator
@inline
export function reducedSum(x: v128, rest: v128, n: v128, plusOne: bool): v128 {
  // ln 2 in two parts, of which the first has so few digits that n times it is exact.
  const high = sub(x, mul(n, splat(0.6931471805598903)));
  const low = sub(mul(n, splat(5.497923018708371e-14)), rest);
  const r = sub(high, low);
  let p = step(splat(2.082662767960954e-9), r, 2.5112036786738355e-8);
  p = step(p, r, 2.755758184657552e-7);
  p = step(p, r, 2.7557234862065596e-6);
  p = step(p, r, 2.4801586926634276e-5);
  p = step(p, r, 0.00019841269896383678);
  p = step(p, r, 0.0013888888889115629);
  p = step(p, r, 0.008333333333317034);
  p = step(p, r, 0.041666666666666095);
  p = step(p, r, 0.16666666666666682);
  p = step(p, r, 0.5);
  const u = sub(low, mul(mul(r, r), p)), q = sub(high, u);
  if (!plusOne) return q;
  // What both sums lost is brought in.
  const s = add(splat(1), q);
  return add(s, add(add(sub(splat(1), s), q), sub(sub(high, q), u)));
}

/** eˣ. */
// @ts-ignore: decorator
@inline
export function exp(x: v128, short: bool): v128 {
  const c = atMost(atLeast(x, short ? -110.0 : -750.0), short ? 110.0 : 711.0);
  const n = exponent(c);
  return scale(grown(c, n, short), n, short);
}

/** eˣ 2⁻ⁿ for n = `exponent(x)`. */
// @ts-ignore: decorator
@inline
export function grown(x: v128, n: v128, short: bool): v128 {
  return short ? add(splat(1), reduced(x, n, true)) : reducedSum(x, splat(0), n, true);
}

/** (eˣ - 1) 2⁻ⁿ for n = `exponent(x)`, -1000 < n. */
// @ts-ignore: decorator
@inline
export function exp1(x: v128, n: v128, short: bool): v128 {
  return add(reduced(x, n, short), sub(splat(1), power2(f64x2.neg(atMost(n, 200.0)))));
}

/** log(u) + c, where c is a small correction of u's rounding, relative to u. */
// @ts-ignore: decorator
@inline
export function log(x: v128, c: v128, short: bool): v128 {
  const positive = v128.and(f64x2.gt(x, splat(0)), f64x2.lt(x, splat(Infinity)));
  // x = 2ᵏ m with m from √½ to √2: the exponent is read after √½'s bits are taken off.
  let u = x;
  let bias = splat(0);
  if (!short) {
    const tiny = f64x2.lt(x, splat(2.2250738585072014e-308));
    u = choose(tiny, mul(x, splat(18014398509481984.0)), x);
    bias = v128.and(tiny, splat(-54));
  }
  const half = i64x2.splat(0x3fe6a09e00000000);
  const bits = i64x2.sub(u, half);
  const high = i32x4.shr_s(bits, 20);
  const k = add(f64x2.convert_low_i32x4_s(i32x4.shuffle(high, high, 1, 3, 5, 7)), bias);
  const m = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), half);
  const f = sub(m, splat(1));
  const s = div(f, add(splat(2), f));
  const z = mul(s, s);
  let p: v128;
  if (short) p = step(step(splat(0.2987307301486271), z, 0.3997749558651928), z, 0.6666677671703027);
  else {
    p = step(splat(0.147975074793537), z, 0.15313903264534778);
    p = step(p, z, 0.1818356973935439);
    p = step(p, z, 0.22222198475988741);
    p = step(p, z, 0.2857142874326274);
    p = step(p, z, 0.3999999999941109);
    p = step(p, z, 0.6666666666666735);
  }
  const halfSquare = mul(splat(0.5), mul(f, f));
  const low = add(mul(k, splat(5.497923018708371e-14)), c);
  const y = sub(
    mul(k, splat(0.6931471805598903)),
    sub(sub(halfSquare, add(mul(s, add(halfSquare, mul(z, p))), low)), f),
  );
  const negative = f64x2.lt(x, splat(0));
  const special = choose(f64x2.eq(x, splat(0)), splat(-Infinity), v128.or(x, negative));
  return choose(positive, y, special);
}

/** log(1 + x). */
// @ts-ignore: decorator
@inline
export function log1p(x: v128, short: bool): v128 {
  const u = add(splat(1), x);
  // What the sum lost, exactly; of an infinite u nothing is asked.
  const lost = choose(f64x2.gt(x, splat(1)), sub(splat(1), sub(u, x)), sub(x, sub(u, splat(1))));
  const y = log(u, div(lost, u), short);
  // log(1 + x) has the sign of x, that of zero included.
  return v128.or(y, v128.and(x, splat(-0.0)));
}

/** a b - p, where p is the rounded product: exact, from halves of the digits (Dekker). */
// @ts-ignore: decorator
@inline
export function lost(a: v128, b: v128, p: v128): v128 {
  const aHigh = upper(a), bHigh = upper(b);
  const aLow = sub(a, aHigh), bLow = sub(b, bHigh);
  return add(add(add(sub(mul(aHigh, bHigh), p), mul(aHigh, bLow)), mul(aLow, bHigh)), mul(aLow, bLow));
}

// @ts-ignore: decorator
@inline
function upper(a: v128): v128 {
  const c = mul(a, splat(134217729));
  return sub(c, sub(c, a));
}

// @ts-ignore: decorator
@inline
function single(c: f32): v128 {
  return f32x4.splat(c);
}

/** eˣ of four float32 lanes in float32, since it is what a softmax spends its time on. */
// @ts-ignore: decorator
@inline
export function exp32(x: v128): v128 {
  const c = f32x4.pmin(f32x4.pmax(x, single(-104)), single(89));
  const t = rounding32(c), p = grown32(c, t);
  // 2ⁿ in two factors, so that it may leave the range of normal numbers.
  const i = i32x4.sub(t, i32x4.splat(0x4b400000)), half = i32x4.shr_s(i, 1);
  const a = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const b = i32x4.shl(i32x4.add(i32x4.sub(i, half), i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(p, a), b);
}

/** The same where |x| ≤ 86, so that the result is a normal number: n is added to its exponent. */
// @ts-ignore: decorator
@inline
export function exp32Usual(x: v128): v128 {
  const t = rounding32(x);
  return i32x4.add(grown32(x, t), i32x4.shl(t, 23));
}

/** In the lowest bits the integer n nearest to x / ln 2: adding 1.5 · 2²³ rounds. */
// @ts-ignore: decorator
@inline
function rounding32(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, single(1.4426950216293335)), single(12582912));
}

/** e^(x - n ln 2). */
// @ts-ignore: decorator
@inline
function grown32(x: v128, t: v128): v128 {
  const n = f32x4.sub(t, single(12582912));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, single(0.693145751953125))), f32x4.mul(n, single(1.428606765330187e-6)));
  const s = f32x4.mul(r, r);
  const high = f32x4.add(f32x4.mul(single(0.008368716575205326), r), single(0.04166838899254799));
  const top = f32x4.add(high, f32x4.mul(single(0.001381459878757596), s));
  const low = f32x4.add(f32x4.mul(single(0.1666652113199234), r), single(0.4999999403953552));
  return f32x4.add(single(1), f32x4.add(r, f32x4.mul(s, f32x4.add(low, f32x4.mul(s, top)))));
}
