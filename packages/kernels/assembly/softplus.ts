import { abs, exp, log1p as log1pOf, splat } from './_lanes';
import { copyPart, END, storePart } from './_vector';

const LOG1P = 0, SOFTPLUS = 1, LOG_SIGMOID = 2;

/** out = f(x) for `n` float32 (op) or float64 (op + 3) numbers. */
export function softplus(op: i32, x: usize, out: usize, n: usize): void {
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
    case 0: loop<f32>(LOG1P, x, out, bytes); break;
    case 1: loop<f32>(SOFTPLUS, x, out, bytes); break;
    case 2: loop<f32>(LOG_SIGMOID, x, out, bytes); break;
    case 3: loop<f64>(LOG1P, x, out, bytes); break;
    case 4: loop<f64>(SOFTPLUS, x, out, bytes); break;
    case 5: loop<f64>(LOG_SIGMOID, x, out, bytes); break;
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, x: usize, out: usize, bytes: usize): void {
  const short = sizeof<T>() == 4;
  for (const end = x + bytes; x < end; ) {
    const a = short ? f64x2.promote_low_f32x4(v128.load64_zero(x)) : v128.load(x);
    let z: v128;
    if (op == LOG1P) z = short ? short1p(a) : long1p(a);
    else {
      const e = exp(f64x2.neg(abs(a)), short);
      const rest = short ? short1p(e) : long1p(e);
      if (op == SOFTPLUS) z = f64x2.add(f64x2.pmax(a, splat(0)), rest);
      else z = f64x2.neg(f64x2.add(f64x2.pmax(f64x2.neg(a), splat(0)), rest));
    }
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

// Called, not written out in each loop: that would be most of the module.
function short1p(x: v128): v128 {
  return log1pOf(x, true);
}

function long1p(x: v128): v128 {
  return log1pOf(x, false);
}
