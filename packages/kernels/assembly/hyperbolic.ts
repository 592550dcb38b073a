import { abs, add, atMost, div, exp1, exponent, grown, scale, splat, sub, withSign } from './_lanes';
import { copyPart, END, storePart } from './_vector';

const SINH = 0, COSH = 1;

/** out = f(x) for `n` float32 (op) or float64 (op + 2) numbers. */
export function hyperbolic(op: i32, x: usize, out: usize, n: usize): void {
  const size: usize = op < 2 ? 4 : 8;
  const bytes = n * size, vector = size * 2;
  const rest = bytes & (vector - 1), whole = bytes - rest;
  vectors(op, x, out, whole);
  if (rest == 0) return;
  copyPart(END, x + whole, rest);
  vectors(op, END, END + 16, vector);
  storePart(out + whole, END + 16, rest);
}

function vectors(op: i32, x: usize, out: usize, bytes: usize): void {
  switch (op) {
    case 0: loop<f32>(SINH, x, out, bytes); break;
    case 1: loop<f32>(COSH, x, out, bytes); break;
    case 2: loop<f64>(SINH, x, out, bytes); break;
    case 3: loop<f64>(COSH, x, out, bytes); break;
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, x: usize, out: usize, bytes: usize): void {
  const short = sizeof<T>() == 4;
  for (const end = x + bytes; x < end; ) {
    const a = short ? f64x2.promote_low_f32x4(v128.load64_zero(x)) : v128.load(x);
    const z = op == SINH ? sinh(a, short) : cosh(a, short);
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

/** sinh |x| = (t + t / (t + 1)) / 2 with t = e^|x| - 1 = 2ⁿ s. */
// @ts-ignore: decorator
@inline
function sinh(x: v128, short: bool): v128 {
  const c = atMost(abs(x), short ? 110.0 : 711.0);
  const n = exponent(c);
  const s = exp1(c, n, short);
  const t = scale(s, n, short);
  return withSign(scale(add(s, div(s, add(t, splat(1)))), sub(n, splat(1)), short), x);
}

/** cosh x = h + 1 / (4 h) with h = e^|x| / 2. */
// @ts-ignore: decorator
@inline
function cosh(x: v128, short: bool): v128 {
  const c = atMost(abs(x), short ? 110.0 : 711.0);
  const n = exponent(c);
  const h = scale(grown(c, n, short), sub(n, splat(1)), short);
  return add(h, div(splat(0.25), h));
}
