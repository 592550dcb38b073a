import { abs, add, atMost, choose, div, exp, mul, splat, step, sub, withSign } from './_lanes';
import { copyPart, END, storePart } from './_vector';

const ERF = 0, ERFC = 1, GELU = 2;

/** out = f(x) for `n` float32 numbers. */
export function errorFunction(op: i32, x: usize, out: usize, n: usize): void {
  const bytes = n << 2, rest = bytes & 7, whole = bytes - rest;
  vectors(op, x, out, whole);
  if (rest == 0) return;
  copyPart(END, x + whole, rest);
  vectors(op, END, END + 16, 8);
  storePart(out + whole, END + 16, rest);
}

function vectors(op: i32, x: usize, out: usize, bytes: usize): void {
  switch (op) {
    case 0: loop(ERF, x, out, bytes); break;
    case 1: loop(ERFC, x, out, bytes); break;
    case 2: loop(GELU, x, out, bytes); break;
  }
}

// @ts-ignore: decorator
@inline
function loop(op: i32, x: usize, out: usize, bytes: usize): void {
  for (const end = x + bytes; x < end; x += 8) {
    const a = f64x2.promote_low_f32x4(v128.load64_zero(x));
    let z: v128;
    if (op == ERF) z = erf(a);
    else if (op == ERFC) z = erfc(a);
    else z = gelu(a);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(z), 0);
    out += 8;
  }
}

// @ts-ignore: decorator
@inline
function erf(x: v128): v128 {
  const a = abs(x);
  const far = withSign(sub(splat(1), tail(a, mul(a, a))), x);
  return choose(f64x2.lt(a, splat(1)), add(x, mul(x, excess(x))), far);
}

// @ts-ignore: decorator
@inline
function erfc(x: v128): v128 {
  const a = abs(x), t = tail(a, mul(a, a));
  const far = choose(f64x2.lt(x, splat(0)), sub(splat(2), t), t);
  return choose(f64x2.lt(a, splat(1)), sub(sub(splat(1), x), mul(x, excess(x))), far);
}

/** x Φ(x): max(x, 0) - |x| Φ(-|x|), and near zero x / 2 (1 + erf(x / √2)). */
// @ts-ignore: decorator
@inline
function gelu(x: v128): v128 {
  const a = abs(x), w = mul(x, splat(0.7071067811865476)), half = mul(splat(0.5), x);
  const e = mul(mul(splat(0.5), atMost(a, 20)), tail(abs(w), mul(splat(0.5), mul(a, a))));
  const far = sub(f64x2.pmax(x, splat(0)), e);
  const near = mul(half, add(add(splat(1), w), mul(w, excess(w))));
  return choose(f64x2.lt(abs(w), splat(1)), near, far);
}

/** erf(x) / x - 1 for |x| < 1. */
// @ts-ignore: decorator
@inline
function excess(x: v128): v128 {
  const z = mul(x, x);
  let p = step(splat(7.85054015301767e-5), z, -0.0008009270040071061);
  p = step(p, z, 0.005188231953302423);
  p = step(p, z, -0.026853766518913056);
  p = step(p, z, 0.11283584182571106);
  p = step(p, z, -0.37612625749773404);
  return step(p, z, 0.1283791657174952);
}

/** erfc(a) for a ≥ 1, where the square of a is known. */
// @ts-ignore: decorator
@inline
function tail(a: v128, square: v128): v128 {
  // Beyond 12 the exponential is 0.
  const c = atMost(a, 12);
  const t = div(sub(c, splat(1.5)), add(c, splat(1.5)));
  let p = step(splat(-0.0008649497825119716), t, 0.0011986483677924342);
  p = step(p, t, 0.002831712446750382);
  p = step(p, t, -0.00046838885994229356);
  p = step(p, t, -0.01862237024315351);
  p = step(p, t, -0.009284340364552661);
  p = step(p, t, 0.19449043493604362);
  p = step(p, t, -0.4908687501656089);
  p = step(p, t, 0.3215854170785272);
  return mul(exp(f64x2.neg(square), true), p);
}
