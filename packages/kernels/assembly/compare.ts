import { copyPart, END, repeat } from './_vector';

const EQ = 0, NE = 1, LT = 2, LE = 3;

/**
 * out = a (op) b as bytes 0 and 1, for float32 (op) or float64 (op + 4). Sizes are in bytes: the shorter operand repeats
 * until `bytes`.
 */
export function compare(op: i32, a: usize, b: usize, out: usize, bytes: usize, aBytes: usize, bBytes: usize): void {
  let period = min(aBytes, bBytes);
  if (period < bytes && period <= 240) {
    if (aBytes < bBytes) a = repeat(a, period);
    else b = repeat(b, period);
    period *= 480 / period; // as many bytes as `repeat` writes
  }
  const aStep: usize = aBytes < bBytes ? <usize>0 : period, bStep: usize = bBytes < aBytes ? <usize>0 : period;
  const shift = op < 4 ? 2 : 3;
  for (let at: usize = 0; at < bytes; at += period) {
    const size = min(period, bytes - at), whole = size & ~15, rest = size & 15;
    vectors(op, a, b, out, whole);
    if (rest != 0) {
      copyPart(END, a + whole, rest);
      copyPart(END + 16, b + whole, rest);
      vectors(op, END, END + 16, END + 32, 16);
      for (let i: usize = 0; i < rest >> shift; i++) store<u8>(out + (whole >> shift) + i, load<u8>(END + 32 + i));
    }
    a += aStep;
    b += bStep;
    out += period >> shift;
  }
}

function vectors(op: i32, a: usize, b: usize, out: usize, bytes: usize): void {
  switch (op) {
    case 0: loop<f32>(EQ, a, b, out, bytes); break;
    case 1: loop<f32>(NE, a, b, out, bytes); break;
    case 2: loop<f32>(LT, a, b, out, bytes); break;
    case 3: loop<f32>(LE, a, b, out, bytes); break;
    case 4: loop<f64>(EQ, a, b, out, bytes); break;
    case 5: loop<f64>(NE, a, b, out, bytes); break;
    case 6: loop<f64>(LT, a, b, out, bytes); break;
    case 7: loop<f64>(LE, a, b, out, bytes); break;
  }
}

// @ts-ignore: decorator
@inline
function loop<T>(op: i32, a: usize, b: usize, out: usize, bytes: usize): void {
  for (const end = a + bytes; a < end; a += 16) {
    const x = v128.load(a), y = v128.load(b);
    let z: v128;
    if (op == EQ) z = v128.eq<T>(x, y);
    else if (op == NE) z = v128.ne<T>(x, y);
    else if (op == LT) z = v128.lt<T>(x, y);
    else z = v128.le<T>(x, y);
    // The lanes' bits, then one bit in each byte.
    if (sizeof<T>() == 4) {
      store<u32>(out, (i32x4.bitmask(z) * 0x204081) & 0x1010101);
      out += 4;
    } else {
      store<u16>(out, (i64x2.bitmask(z) * 0x81) & 0x101);
      out += 2;
    }
    b += 16;
  }
}

/** out = condition ? a : b for `n` numbers of 4 or 8 bytes; a step of 0 repeats the one number of an operand. */
export function where(condition: usize, a: usize, b: usize, out: usize, n: usize, wide: i32, aStep: usize, bStep: usize): void {
  if (wide) choose<u64>(condition, a, b, out, n, aStep, bStep);
  else choose<u32>(condition, a, b, out, n, aStep, bStep);
}

// @ts-ignore: decorator
@inline
function choose<T>(condition: usize, a: usize, b: usize, out: usize, n: usize, aStep: usize, bStep: usize): void {
  for (const end = condition + n; condition < end; condition++) {
    store<T>(out, select<T>(load<T>(a), load<T>(b), load<u8>(condition)));
    a += aStep;
    b += bStep;
    out += sizeof<T>();
  }
}
