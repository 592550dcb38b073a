import { copyPart, END, storePart } from './_vector';

const ABS = 0, SIGN = 1, SQRT = 2, RELU = 3, FLOOR = 4, CEIL = 5, ROUND = 6, TRUNC = 7, LEAKY = 8, BACKWARD = 9;
const RSQRT = 10, TANH_BACKWARD = 11, SIGMOID_BACKWARD = 12;

/** out = f(x) or f(x, y), for float32 (op) or float64 (op + 13); `c` is a slope. */
export function unary(op: i32, x: usize, y: usize, out: usize, bytes: usize, c: f64): void {
  const whole = bytes & ~15, rest = bytes & 15;
  vectors(op, x, y, out, whole, c);
  if (rest == 0) return;
  copyPart(END, x + whole, rest);
  copyPart(END + 16, y + whole, rest);
  vectors(op, END, END + 16, END + 32, 16, c);
  storePart(out + whole, END + 32, rest);
}

function vectors(op: i32, x: usize, y: usize, out: usize, bytes: usize, c: f64): void {
  switch (op) {
    case 0: loop<f32>(ABS, x, y, out, bytes, c); break;
    case 1: loop<f32>(SIGN, x, y, out, bytes, c); break;
    case 2: loop<f32>(SQRT, x, y, out, bytes, c); break;
    case 3: loop<f32>(RELU, x, y, out, bytes, c); break;
    case 4: loop<f32>(FLOOR, x, y, out, bytes, c); break;
    case 5: loop<f32>(CEIL, x, y, out, bytes, c); break;
    case 6: loop<f32>(ROUND, x, y, out, bytes, c); break;
    case 7: loop<f32>(TRUNC, x, y, out, bytes, c); break;
    case 8: loop<f32>(LEAKY, x, y, out, bytes, c); break;
    case 9: loop<f32>(BACKWARD, x, y, out, bytes, c); break;
    case 10: loop<f32>(RSQRT, x, y, out, bytes, c); break;
    case 11: loop<f32>(TANH_BACKWARD, x, y, out, bytes, c); break;
    case 12: loop<f32>(SIGMOID_BACKWARD, x, y, out, bytes, c); break;
    case 13: loop<f64>(ABS, x, y, out, bytes, c); break;
    case 14: loop<f64>(SIGN, x, y, out, bytes, c); break;
    case 15: loop<f64>(SQRT, x, y, out, bytes, c); break;
    case 16: loop<f64>(RELU, x, y, out, bytes, c); break;
    case 17: loop<f64>(FLOOR, x, y, out, bytes, c); break;
    case 18: loop<f64>(CEIL, x, y, out, bytes, c); break;
    case 19: loop<f64>(ROUND, x, y, out, bytes, c); break;
    case 20: loop<f64>(TRUNC, x, y, out, bytes, c); break;
    case 21: loop<f64>(LEAKY, x, y, out, bytes, c); break;
    case 22: loop<f64>(BACKWARD, x, y, out, bytes, c); break;
    case 23: loop<f64>(RSQRT, x, y, out, bytes, c); break;
    case 24: loop<f64>(TANH_BACKWARD, x, y, out, bytes, c); break;
    case 25: loop<f64>(SIGMOID_BACKWARD, x, y, out, bytes, c); break;
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, x: usize, y: usize, out: usize, bytes: usize, c: f64): void {
  const zero = i32x4.splat(0), one = v128.splat<T>(<T>1), factor = v128.splat<T>(<T>c);
  for (const end = out + bytes; out < end; out += 16) {
    const a = v128.load(x);
    let z: v128;
    if (op == ABS) z = v128.abs<T>(a);
    else if (op == SIGN) {
      z = v128.sub<T>(v128.and(v128.gt<T>(a, zero), one), v128.and(v128.lt<T>(a, zero), one));
      z = v128.bitselect(z, a, v128.eq<T>(a, a));
    } else if (op == SQRT) z = v128.sqrt<T>(a);
    else if (op == RELU) z = v128.pmax<T>(a, zero);
    else if (op == FLOOR) z = v128.floor<T>(a);
    else if (op == CEIL) z = v128.ceil<T>(a);
    else if (op == ROUND) z = v128.nearest<T>(a);
    else if (op == TRUNC) z = v128.trunc<T>(a);
    else if (op == LEAKY) z = v128.bitselect(a, v128.mul<T>(a, factor), v128.gt<T>(a, zero));
    else if (op == BACKWARD) z = v128.and(v128.load(y), v128.gt<T>(a, zero));
    else if (op == RSQRT) z = v128.div<T>(one, v128.sqrt<T>(a));
    else if (op == TANH_BACKWARD) z = v128.mul<T>(v128.load(y), v128.sub<T>(one, v128.mul<T>(a, a)));
    else z = v128.mul<T>(v128.load(y), v128.mul<T>(a, v128.sub<T>(one, a)));
    v128.store(out, z);
    x += 16;
    y += 16;
  }
}
