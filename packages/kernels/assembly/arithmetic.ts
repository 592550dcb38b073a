import { copyPart, END, repeat, storePart } from './_vector';

const ADD = 0, SUB = 1, MUL = 2, DIV = 3, MAX = 4, MIN = 5, AXPY = 6;

/**
 * out = a (op) b, or out + a b, for float32 (op) or float64 (op + 7). Sizes are in bytes: the shorter operand repeats until
 * `bytes`.
 */
export function binary(op: i32, a: usize, b: usize, out: usize, bytes: usize, aBytes: usize, bBytes: usize): void {
  let period = min(aBytes, bBytes);
  if (period < bytes && period <= 240) {
    // A short period is written out to a longer one, so that loops are long.
    if (aBytes < bBytes) a = repeat(a, period);
    else b = repeat(b, period);
    period *= 480 / period; // as many bytes as `repeat` writes
  }
  const aStep: usize = aBytes < bBytes ? <usize>0 : period, bStep: usize = bBytes < aBytes ? <usize>0 : period;
  for (let at: usize = 0; at < bytes; at += period) {
    row(op, a, b, out, min(period, bytes - at));
    a += aStep;
    b += bStep;
    out += period;
  }
}

function row(op: i32, a: usize, b: usize, out: usize, bytes: usize): void {
  const whole = bytes & ~15, rest = bytes & 15;
  vectors(op, a, b, out, whole);
  if (rest == 0) return;
  copyPart(END, a + whole, rest);
  copyPart(END + 16, b + whole, rest);
  copyPart(END + 32, out + whole, rest);
  vectors(op, END, END + 16, END + 32, 16);
  storePart(out + whole, END + 32, rest);
}

function vectors(op: i32, a: usize, b: usize, out: usize, bytes: usize): void {
  switch (op) {
    case 0: loop<f32>(ADD, a, b, out, bytes); break;
    case 1: loop<f32>(SUB, a, b, out, bytes); break;
    case 2: loop<f32>(MUL, a, b, out, bytes); break;
    case 3: loop<f32>(DIV, a, b, out, bytes); break;
    case 4: loop<f32>(MAX, a, b, out, bytes); break;
    case 5: loop<f32>(MIN, a, b, out, bytes); break;
    case 6: loop<f32>(AXPY, a, b, out, bytes); break;
    case 7: loop<f64>(ADD, a, b, out, bytes); break;
    case 8: loop<f64>(SUB, a, b, out, bytes); break;
    case 9: loop<f64>(MUL, a, b, out, bytes); break;
    case 10: loop<f64>(DIV, a, b, out, bytes); break;
    case 11: loop<f64>(MAX, a, b, out, bytes); break;
    case 12: loop<f64>(MIN, a, b, out, bytes); break;
    case 13: loop<f64>(AXPY, a, b, out, bytes); break;
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, a: usize, b: usize, out: usize, bytes: usize): void {
  for (const end = out + bytes; out < end; out += 16) {
    const x = v128.load(a), y = v128.load(b);
    let z: v128;
    if (op == ADD) z = v128.add<T>(x, y);
    else if (op == SUB) z = v128.sub<T>(x, y);
    else if (op == MUL) z = v128.mul<T>(x, y);
    else if (op == DIV) z = v128.div<T>(x, y);
    else if (op == MAX) z = v128.max<T>(x, y);
    else if (op == MIN) z = v128.min<T>(x, y);
    else z = v128.add<T>(v128.load(out), v128.mul<T>(x, y));
    v128.store(out, z);
    a += 16;
    b += 16;
  }
}
