/**
 * Sums, products and extrema along the middle axis of [outer, n, inner]. Sums and products are taken in float64, along
 * contiguous numbers in eight lanes that are joined in one order: (0+4 + 2+6) + (1+5 + 3+7), then the rest one by one.
 */

export const SUM = 0, PROD = 1, MAX = 2, MIN = 3;

/** The scratch space, where columns are accumulated; so many at a time. */
export const WORK: usize = 1024, COLUMNS: usize = 2048;

/** Two numbers as float64 lanes. */
// @ts-ignore: decorator
@inline
export function pair<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

// @ts-ignore: decorator
@inline
export function lanes(op: i32, a: v128, b: v128): v128 {
  if (op == SUM) return f64x2.add(a, b);
  if (op == PROD) return f64x2.mul(a, b);
  return op == MAX ? f64x2.max(a, b) : f64x2.min(a, b);
}

// @ts-ignore: decorator
@inline
export function one(op: i32, a: f64, b: f64): f64 {
  if (op == SUM) return a + b;
  if (op == PROD) return a * b;
  return op == MAX ? max(a, b) : min(a, b);
}

// @ts-ignore: decorator
@inline
export function identity(op: i32): f64 {
  if (op == SUM) return 0;
  if (op == PROD) return 1;
  return op == MAX ? -Infinity : Infinity;
}

// @ts-ignore: decorator
@inline
export function total<T>(op: i32, x: usize, n: usize): f64 {
  const step = 2 * sizeof<T>();
  let a = f64x2.splat(identity(op)), b = a, c = a, d = a;
  const end = x + n * sizeof<T>(), whole = x + (n & ~7) * sizeof<T>();
  for (; x < whole; x += 4 * step) {
    a = lanes(op, a, pair<T>(x));
    b = lanes(op, b, pair<T>(x + step));
    c = lanes(op, c, pair<T>(x + 2 * step));
    d = lanes(op, d, pair<T>(x + 3 * step));
  }
  const joined = lanes(op, lanes(op, a, c), lanes(op, b, d));
  let result = one(op, f64x2.extract_lane(joined, 0), f64x2.extract_lane(joined, 1));
  for (; x < end; x += sizeof<T>()) result = one(op, result, <f64>load<T>(x));
  return result;
}

/** Accumulates `count` columns of `n` rows of `inner` numbers in the scratch space, row by row. */
// @ts-ignore: decorator
@inline
export function columns<T>(op: i32, x: usize, n: usize, inner: usize, count: usize): void {
  const even = WORK + ((count & ~1) << 3);
  for (let at = WORK; at < WORK + (count << 3); at += 8) store<f64>(at, identity(op));
  for (let i: usize = 0; i < n; i++) {
    let from = x + i * inner * sizeof<T>();
    for (let at = WORK; at < even; at += 16) {
      v128.store(at, lanes(op, v128.load(at), pair<T>(from)));
      from += 2 * sizeof<T>();
    }
    if (count & 1) store<f64>(even, one(op, load<f64>(even), <f64>load<T>(from)));
  }
}

/** out [outer, inner]. */
// @ts-ignore: decorator
@inline
export function each<T>(op: i32, x: usize, out: usize, outer: usize, n: usize, inner: usize): void {
  const size = n * inner * sizeof<T>();
  for (let o: usize = 0; o < outer; o++) {
    if (inner == 1) {
      store<T>(out, op == SUM || op == PROD ? <T>total<T>(op, x, n) : extremum<T>(op, x, n));
      out += sizeof<T>();
    } else {
      for (let j: usize = 0; j < inner; j += COLUMNS) {
        const count = min(COLUMNS, inner - j);
        columns<T>(op, x + j * sizeof<T>(), n, inner, count);
        for (let k: usize = 0; k < count; k++) {
          store<T>(out, <T>load<f64>(WORK + (k << 3)));
          out += sizeof<T>();
        }
      }
    }
    x += size;
  }
}

// @ts-ignore: decorator
@inline
export function extremum<T>(op: i32, x: usize, n: usize): T {
  let a = v128.splat<T>(<T>identity(op)), b = a, c = a, d = a;
  const end = x + n * sizeof<T>(), whole = x + ((n * sizeof<T>()) & ~63);
  for (; x < whole; x += 64) {
    a = extreme<T>(op, a, v128.load(x));
    b = extreme<T>(op, b, v128.load(x, 16));
    c = extreme<T>(op, c, v128.load(x, 32));
    d = extreme<T>(op, d, v128.load(x, 48));
  }
  a = extreme<T>(op, extreme<T>(op, a, b), extreme<T>(op, c, d));
  let result = one(op, <f64>v128.extract_lane<T>(a, 0), <f64>v128.extract_lane<T>(a, 1));
  if (sizeof<T>() == 4) {
    const other = one(op, <f64>f32x4.extract_lane(a, 2), <f64>f32x4.extract_lane(a, 3));
    result = one(op, result, other);
  }
  for (; x < end; x += sizeof<T>()) result = one(op, result, <f64>load<T>(x));
  return <T>result;
}

// @ts-ignore: decorator
@inline
export function extreme<T>(op: i32, a: v128, b: v128): v128 {
  return op == MAX ? v128.max<T>(a, b) : v128.min<T>(a, b);
}

/** Σ x y, in the lanes of a sum. */
// @ts-ignore: decorator
@inline
export function products<T>(x: usize, y: usize, n: usize): f64 {
  const step = 2 * sizeof<T>();
  let a = f64x2.splat(0), b = a, c = a, d = a;
  const end = x + n * sizeof<T>(), whole = x + (n & ~7) * sizeof<T>();
  for (; x < whole; x += 4 * step) {
    a = f64x2.add(a, f64x2.mul(pair<T>(x), pair<T>(y)));
    b = f64x2.add(b, f64x2.mul(pair<T>(x + step), pair<T>(y + step)));
    c = f64x2.add(c, f64x2.mul(pair<T>(x + 2 * step), pair<T>(y + 2 * step)));
    d = f64x2.add(d, f64x2.mul(pair<T>(x + 3 * step), pair<T>(y + 3 * step)));
    y += 4 * step;
  }
  const joined = f64x2.add(f64x2.add(a, c), f64x2.add(b, d));
  let result = f64x2.extract_lane(joined, 0) + f64x2.extract_lane(joined, 1);
  for (; x < end; x += sizeof<T>()) {
    result += <f64>load<T>(x) * <f64>load<T>(y);
    y += sizeof<T>();
  }
  return result;
}
