import { abs, add, atLeast, atMost, choose, div, exp, exp1, exp32, exp32Usual, exponent, grown, lost, mul, power2, scale, splat, sub, withSign } from './_lanes';
import { copyPart, END, storePart } from './_vector';

const EXP = 0, EXPM1 = 1, SIGMOID = 2, TANH = 3, SILU = 4;

/** out = f(x) for `n` float32 (op) or float64 (op + 5) numbers. */
export function exponential(op: i32, x: usize, out: usize, n: usize): void {
  const size: usize = op < 5 ? 4 : 8;
  // Two lanes at a time; float32's own exp takes four.
  const bytes = n * size, vector: usize = op == 0 ? 16 : size * 2;
  const rest = bytes & (vector - 1), whole = bytes - rest;
  vectors(op, x, out, whole);
  if (rest == 0) return;
  copyPart(END, x + whole, rest);
  vectors(op, END, END + 16, vector);
  storePart(out + whole, END + 16, rest);
}

function vectors(op: i32, x: usize, out: usize, bytes: usize): void {
  switch (op) {
    case 0: four(x, out, bytes); break;
    case 1: loop<f32>(EXPM1, x, out, bytes); break;
    case 2: loop<f32>(SIGMOID, x, out, bytes); break;
    case 3: loop<f32>(TANH, x, out, bytes); break;
    case 4: loop<f32>(SILU, x, out, bytes); break;
    case 5: loop<f64>(EXP, x, out, bytes); break;
    case 6: loop<f64>(EXPM1, x, out, bytes); break;
    case 7: loop<f64>(SIGMOID, x, out, bytes); break;
    case 8: loop<f64>(TANH, x, out, bytes); break;
    case 9: loop<f64>(SILU, x, out, bytes); break;
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, x: usize, out: usize, bytes: usize): void {
  const short = sizeof<T>() == 4;
  for (const end = x + bytes; x < end; ) {
    const a = short ? f64x2.promote_low_f32x4(v128.load64_zero(x)) : v128.load(x);
    let z: v128;
    if (op == EXP) z = exp(a, short);
    else if (op == EXPM1) z = expm1(a, short);
    else if (op == SIGMOID) z = sigmoid(a, short);
    else if (op == TANH) z = tanh(a, short);
    else z = silu(a, short);
    if (short) {
      v128.store64_lane(out, f32x4.demote_f64x2_zero(z), 0);
      x += 8;
      out += 8;
    } else {
      v128.store(out, z);
      x += 16;
      out += 16;
    }
  }
}

// @ts-ignore: decorator
@inline
function expm1(x: v128, short: bool): v128 {
  const c = atMost(atLeast(x, -40), short ? 110.0 : 711.0);
  const n = exponent(c);
  return withSign(scale(exp1(c, n, short), n, short), x);
}

/** 1 / (1 + e) for x ≥ 0 and e / (1 + e) below, with e = e^-|x|. */
// @ts-ignore: decorator
@inline
function sigmoid(x: v128, short: bool): v128 {
  const e = exp(f64x2.neg(abs(x)), short);
  return div(choose(f64x2.lt(x, splat(0)), e, splat(1)), add(splat(1), e));
}

/** x / (1 + e) for x ≥ 0 and x e / (1 + e) below, with e = e^-|x|. */
// @ts-ignore: decorator
@inline
function silu(x: v128, short: bool): v128 {
  // From here down the result is -0.
  const low = short ? -120.0 : -760.0;
  const c = atLeast(x, low);
  const negative = f64x2.lt(c, splat(0));
  const a = atLeast(f64x2.neg(abs(c)), low);
  const n = exponent(a);
  const m = grown(a, n, short);
  // The product comes before the scaling, which may leave only some digits.
  const e = scale(m, n, short), d = add(splat(1), e);
  const product = mul(c, m);
  const y = div(choose(negative, scale(product, n, short), c), d);
  if (short) return y;
  // What the sum and the product lost is brought in.
  const left = v128.and(scale(lost(c, m, product), n, short), negative);
  const better = add(y, div(sub(left, mul(y, sub(e, sub(d, splat(1))))), d));
  return withSign(choose(f64x2.lt(c, splat(100)), better, y), x);
}

/** tanh |x| = t / (t + 2) with t = e^(2 |x|) - 1. */
// @ts-ignore: decorator
@inline
function tanh(x: v128, short: bool): v128 {
  const c = atMost(mul(abs(x), splat(2)), 44);
  const n = exponent(c);
  const t = mul(exp1(c, n, short), power2(n));
  const d = add(t, splat(2));
  let y = div(t, d);
  if (!short) {
    // What the sum d lost is brought in where it counts: 1 / d is (1 - y) / 2.
    const lost = v128.and(sub(t, sub(d, splat(2))), f64x2.lt(t, splat(2)));
    y = sub(y, mul(mul(y, lost), mul(splat(0.5), sub(splat(1), y))));
  }
  return withSign(y, x);
}

/** Two vectors of four lanes at a time, by the short way where all lanes allow it. */
function four(x: usize, out: usize, bytes: usize): void {
  const end = x + bytes;
  for (; x + 16 < end; x += 32) {
    const a = v128.load(x), b = v128.load(x, 16);
    if (i32x4.all_true(v128.and(usual(a), usual(b)))) {
      v128.store(out, exp32Usual(a));
      v128.store(out, exp32Usual(b), 16);
    } else {
      v128.store(out, exp32(a));
      v128.store(out, exp32(b), 16);
    }
    out += 32;
  }
  if (x < end) v128.store(out, exp32(v128.load(x)));
}

// @ts-ignore: decorator
@inline
function usual(x: v128): v128 {
  return f32x4.le(f32x4.abs(x), f32x4.splat(86));
}
