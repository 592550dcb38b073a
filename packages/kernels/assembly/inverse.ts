import { abs, add, choose, div, mul, splat, step, sub, withSign } from './_lanes';
import { copyPart, END, storePart } from './_vector';

const ASIN = 0, ACOS = 1, ATAN = 2;

const HALF_PI: f64 = 1.5707963267948966, HALF_PI_LOW: f64 = 6.123233995736766e-17;

/** out = f(x) for `n` float32 (op) or float64 (op + 3) numbers. */
export function inverse(op: i32, x: usize, out: usize, n: usize): void {
  const size: usize = op < 3 ? 4 : 8;
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
    case 0: loop<f32>(ASIN, x, out, bytes); break;
    case 1: loop<f32>(ACOS, x, out, bytes); break;
    case 2: loop<f32>(ATAN, x, out, bytes); break;
    case 3: loop<f64>(ASIN, x, out, bytes); break;
    case 4: loop<f64>(ACOS, x, out, bytes); break;
    case 5: loop<f64>(ATAN, x, out, bytes); break;
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, x: usize, out: usize, bytes: usize): void {
  const short = sizeof<T>() == 4;
  for (const end = x + bytes; x < end; ) {
    const a = short ? f64x2.promote_low_f32x4(v128.load64_zero(x)) : v128.load(x);
    const z = op == ATAN ? atan(a, short) : arc(op, a, short);
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

/** atan f for f = a, (a - 1) / (a + 1) or -1 / a, to which 0, π/4 or π/2 is added. */
// @ts-ignore: decorator
@inline
function atan(x: v128, short: bool): v128 {
  const a = abs(x), one = splat(1);
  const middle = f64x2.gt(a, splat(0.4142135623730951)), far = f64x2.gt(a, splat(2.414213562373095));
  const above = choose(far, splat(-1), choose(middle, sub(a, one), a));
  const below = choose(far, a, choose(middle, add(a, one), one));
  const f = div(above, below);
  const z = mul(f, f);
  let p: v128;
  if (short) {
    p = step(splat(-0.06081157404375626), z, 0.10595140339180184);
    p = step(p, z, -0.14243738861263638);
    p = step(p, z, 0.1999848400592081);
    p = step(p, z, -0.33333315423712445);
  } else {
    p = step(splat(-0.01790735069424738), z, 0.038064959771633246);
    p = step(p, z, -0.05039330957357858);
    p = step(p, z, 0.058478974061071276);
    p = step(p, z, -0.06663105455670917);
    p = step(p, z, 0.07692060361650699);
    p = step(p, z, -0.09090897767068495);
    p = step(p, z, 0.11111110783814299);
    p = step(p, z, -0.14285714280204034);
    p = step(p, z, 0.19999999999953663);
    p = step(p, z, -0.333333333333332);
  }
  const steps = v128.and(choose(far, one, splat(0.5)), middle);
  const low = add(mul(mul(f, z), p), mul(steps, splat(HALF_PI_LOW)));
  return withSign(add(mul(steps, splat(HALF_PI)), add(f, low)), x);
}

/** The arc sine w of s = |x| up to 1/2, and of s = √((1 - |x|) / 2) above, where asin |x| = π/2 - 2 w. */
// @ts-ignore: decorator
@inline
function arc(op: i32, x: v128, short: bool): v128 {
  const a = abs(x);
  const far = f64x2.gt(a, splat(0.5)), negative = f64x2.lt(x, splat(0));
  const rest = mul(splat(0.5), sub(splat(1), a));
  const z = choose(far, rest, mul(a, a));
  const s = choose(far, f64x2.sqrt(rest), a);
  let p: v128;
  if (short) {
    p = step(splat(0.0375781726168394), z, 0.014393795220286157);
    p = step(p, z, 0.03181982163350157);
    p = step(p, z, 0.04451547082634179);
    p = step(p, z, 0.07500512133117654);
    p = step(p, z, 0.16666659852919455);
  } else {
    p = step(splat(0.0327022883559211), z, -0.021116942913347665);
    p = step(p, z, 0.021790822532616785);
    p = step(p, z, 0.0036721047779048914);
    p = step(p, z, 0.010789344943524334);
    p = step(p, z, 0.011397288275745817);
    p = step(p, z, 0.01398101919387626);
    p = step(p, z, 0.017351595438006292);
    p = step(p, z, 0.02237221590981503);
    p = step(p, z, 0.030381942675122054);
    p = step(p, z, 0.04464285717528984);
    p = step(p, z, 0.07499999999970094);
    p = step(p, z, 0.16666666666666763);
  }
  const t = mul(mul(s, z), p), w = add(s, t);
  if (op == ASIN) {
    // The difference comes first: it is exact where the result is small.
    const first = sub(splat(HALF_PI), mul(splat(2), s));
    return withSign(choose(far, sub(first, sub(mul(splat(2), t), splat(HALF_PI_LOW))), w), x);
  }
  const near = sub(splat(HALF_PI), sub(withSign(w, x), splat(HALF_PI_LOW)));
  const twice = mul(splat(2), w), back = sub(splat(2 * HALF_PI), sub(twice, splat(2 * HALF_PI_LOW)));
  return choose(far, choose(negative, back, twice), near);
}
