import { exp, exp32, log } from './_lanes';
import { extremum, MAX } from './_reduce';
import { END } from './_vector';

const SOFTMAX = 0, LOG_SOFTMAX = 1, LOG_SUM_EXP = 2;

/** For float32 (op) or float64 (op + 3) rows of `n`: out [rows, n], or [rows] for the logarithm of the sum. */
export function softmax(op: i32, x: usize, out: usize, rows: usize, n: usize): void {
  switch (op) {
    case 0: each<f32>(SOFTMAX, x, out, rows, n); break;
    case 1: each<f32>(LOG_SOFTMAX, x, out, rows, n); break;
    case 2: each<f32>(LOG_SUM_EXP, x, out, rows, n); break;
    case 3: each<f64>(SOFTMAX, x, out, rows, n); break;
    case 4: each<f64>(LOG_SOFTMAX, x, out, rows, n); break;
    case 5: each<f64>(LOG_SUM_EXP, x, out, rows, n); break;
  }
}

// @ts-ignore: decorator
@inline
function each<T>(op: i32, x: usize, out: usize, rows: usize, n: usize): void {
  const size = n * sizeof<T>();
  for (let row: usize = 0; row < rows; row++) {
    const m = extremum<T>(MAX, x, n);
    const s = expSum<T>(x, m, n, op == SOFTMAX ? out : 0);
    if (op == SOFTMAX) {
      divide<T>(out, n, <T>s);
      out += size;
    } else {
      const logarithm = f64x2.extract_lane(logOf(f64x2.splat(s)), 0);
      if (op == LOG_SOFTMAX) {
        for (let i: usize = 0; i < size; i += sizeof<T>()) store<T>(out + i, <T>(<f64>load<T>(x + i) - <f64>m - logarithm));
        out += size;
      } else {
        // An infinite maximum is the answer, where the differences would be NaN.
        store<T>(out, abs<T>(m) == Infinity ? m : <T>(<f64>m + logarithm));
        out += sizeof<T>();
      }
    }
    x += size;
  }
}

function logOf(x: v128): v128 {
  return log(x, f64x2.splat(0), false);
}

/** Σ e^(x - m) in lanes by the number's place modulo those of a vector; the terms are kept at `out` if that is not 0. */
// @ts-ignore: decorator
@inline
function expSum<T>(x: usize, m: T, n: usize, out: usize): f64 {
  const maxima = v128.splat<T>(m);
  const end = x + n * sizeof<T>(), whole = end - ((n * sizeof<T>()) & 15);
  let a = f64x2.splat(0), b = a;
  for (; x < whole; x += 16) {
    const e = expOf<T>(v128.sub<T>(v128.load(x), maxima));
    if (out) {
      v128.store(out, e);
      out += 16;
    }
    a = f64x2.add(a, low<T>(e));
    if (sizeof<T>() == 4) b = f64x2.add(b, high(e));
  }
  if (x < end) {
    // What is missing of the last vector is -∞, which adds nothing.
    v128.store(END, v128.splat<T>(<T>-Infinity));
    const rest = end - x;
    for (let i: usize = 0; i < rest; i += sizeof<T>()) store<T>(END + i, load<T>(x + i));
    const e = expOf<T>(v128.sub<T>(v128.load(END), maxima));
    v128.store(END, e);
    if (out) for (let i: usize = 0; i < rest; i += sizeof<T>()) store<T>(out + i, load<T>(END + i));
    a = f64x2.add(a, low<T>(e));
    if (sizeof<T>() == 4) b = f64x2.add(b, high(e));
  }
  const joined = f64x2.add(a, b);
  return f64x2.extract_lane(joined, 0) + f64x2.extract_lane(joined, 1);
}

// @ts-ignore: decorator
@inline
function expOf<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? exp32(x) : exp(x, false);
}

// @ts-ignore: decorator
@inline
function low<T>(e: v128): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(e) : e;
}

// @ts-ignore: decorator
@inline
function high(e: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(e, e, 1, 1));
}

// @ts-ignore: decorator
@inline
function divide<T>(out: usize, n: usize, s: T): void {
  const sums = v128.splat<T>(s);
  const end = out + n * sizeof<T>(), whole = end - ((n * sizeof<T>()) & 15);
  for (; out < whole; out += 16) v128.store(out, v128.div<T>(v128.load(out), sums));
  for (; out < end; out += sizeof<T>()) store<T>(out, load<T>(out) / s);
}
