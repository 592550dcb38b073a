import { abs, add, choose, div, mul, splat, step, sub } from './_lanes';
import { copyPart, END, storePart } from './_vector';

const SIN = 0, COS = 1, TAN = 2;

/** The largest |x| that is reduced here: n π/2 has to be exact for the first parts of π/2. */
const LIMIT: f64 = 1e6;

/**
 * out = f(x) for `n` float32 (op) or float64 (op + 3) numbers. Stops before a pair with a number beyond the limit and
 * returns how many numbers are done.
 */
export function trigonometric(op: i32, x: usize, out: usize, n: usize): usize {
  const size: usize = op < 3 ? 4 : 8;
  const bytes = n * size, vector = size * 2;
  const rest = bytes & (vector - 1), whole = bytes - rest;
  const done = vectors(op, x, out, whole);
  if (done < whole || rest == 0) return done / size;
  copyPart(END, x + whole, rest);
  if (vectors(op, END, END + 16, vector) == 0) return done / size;
  storePart(out + whole, END + 16, rest);
  return n;
}

function vectors(op: i32, x: usize, out: usize, bytes: usize): usize {
  switch (op) {
    case 0: return loop<f32>(SIN, x, out, bytes);
    case 1: return loop<f32>(COS, x, out, bytes);
    case 2: return loop<f32>(TAN, x, out, bytes);
    case 3: return loop<f64>(SIN, x, out, bytes);
    case 4: return loop<f64>(COS, x, out, bytes);
    default: return loop<f64>(TAN, x, out, bytes);
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, x: usize, out: usize, bytes: usize): usize {
  const short = sizeof<T>() == 4;
  let at: usize = 0;
  while (at < bytes) {
    const a = short ? f64x2.promote_low_f32x4(v128.load64_zero(x + at)) : v128.load(x + at);
    if (v128.any_true(f64x2.gt(abs(a), splat(LIMIT)))) break;
    const z = circular(op, a, short);
    if (short) {
      v128.store64_lane(out + at, f32x4.demote_f64x2_zero(z), 0);
      at += 8;
    } else {
      v128.store(out + at, z);
      at += 16;
    }
  }
  return at;
}

// @ts-ignore: decorator
@inline
function circular(op: i32, x: v128, short: bool): v128 {
  const n = f64x2.nearest(mul(x, splat(0.6366197723675814)));
  const quadrant = add(n, splat(6755399441055744.0));
  let y = sub(x, mul(n, splat(1.5707963267341256)));
  let sine: v128, cosine: v128;
  if (short) {
    y = sub(y, mul(n, splat(6.077100506506192e-11)));
    const z = mul(y, y);
    const s = step(step(splat(-0.0001951697773719778), z, 0.008332175848468005), z, -0.1666665490866859);
    const c = step(step(splat(2.44380910390945e-5), z, -0.001388736448598813), z, 0.04166664680719482);
    sine = add(y, mul(mul(y, z), s));
    cosine = add(sub(splat(1), mul(splat(0.5), z)), mul(mul(z, z), c));
  } else {
    // π/2 in parts of 33 bits; what each difference loses goes into t, so that y + t is x - n π/2 to 100 bits or more.
    const w = mul(n, splat(6.077100506303966e-11));
    const r = sub(y, w);
    const b = sub(r, y);
    const lost = sub(sub(y, sub(r, b)), add(w, b));
    const v = sub(lost, mul(n, splat(2.0222662487111665e-21)));
    y = add(r, v);
    const t = sub(add(sub(r, y), v), mul(n, splat(8.4784276603689e-32)));
    const z = mul(y, y);
    let s = step(splat(1.5896666467965275e-10), z, -2.5050755960605853e-8);
    s = step(s, z, 2.7557313678659714e-6);
    s = step(s, z, -0.00019841269829771145);
    s = step(s, z, 0.00833333333332237);
    const cube = mul(z, y);
    const correction = sub(mul(z, sub(mul(splat(0.5), t), mul(cube, s))), t);
    sine = sub(y, sub(correction, mul(cube, splat(-0.16666666666666632))));
    let c = step(splat(-1.1359559388885938e-11), z, 2.087572162483427e-9);
    c = step(c, z, -2.755731434066753e-7);
    c = step(c, z, 2.480158728944351e-5);
    c = step(c, z, -0.0013888888888874064);
    c = step(c, z, 0.0416666666666666);
    const half = mul(splat(0.5), z);
    const first = sub(splat(1), half);
    cosine = add(first, add(sub(sub(splat(1), first), half), sub(mul(mul(z, z), c), mul(y, t))));
  }
  const zero = f64x2.eq(x, splat(0));
  if (op == TAN) {
    const odd = isOdd(quadrant);
    const tangent = div(choose(odd, f64x2.neg(cosine), sine), choose(odd, sine, cosine));
    return choose(zero, x, tangent);
  }
  const q = op == COS ? i64x2.add(quadrant, i64x2.splat(1)) : quadrant;
  const value = choose(isOdd(q), cosine, sine);
  const signed = v128.xor(value, i64x2.shl(v128.and(q, i64x2.splat(2)), 62));
  return op == COS ? signed : choose(zero, x, signed);
}

/** Whether the integer in the lowest bits is odd, as a mask. */
// @ts-ignore: decorator
@inline
function isOdd(q: v128): v128 {
  return i64x2.eq(v128.and(q, i64x2.splat(1)), i64x2.splat(1));
}
