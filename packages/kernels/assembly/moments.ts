import { columns, COLUMNS, pair, SUM, total, WORK } from './_reduce';

/** The mean along the middle axis of [outer, n, inner] and the mean squared distance from it, each [outer, inner]. */
export function meanVariance(x: usize, mean: usize, variance: usize, outer: usize, n: usize, inner: usize, wide: i32): void {
  if (wide) moments<f64>(x, mean, variance, outer, n, inner);
  else moments<f32>(x, mean, variance, outer, n, inner);
}

// @ts-ignore: decorator
@inline
function moments<T>(x: usize, mean: usize, variance: usize, outer: usize, n: usize, inner: usize): void {
  for (let o: usize = 0; o < outer; o++) {
    if (inner == 1) {
      const m = total<T>(SUM, x, n) / <f64>n;
      store<T>(mean, <T>m);
      store<T>(variance, <T>(squares<T>(x, n, m) / <f64>n));
      mean += sizeof<T>();
      variance += sizeof<T>();
    } else {
      for (let j: usize = 0; j < inner; j += COLUMNS) {
        const count = min(COLUMNS, inner - j);
        columns<T>(SUM, x + j * sizeof<T>(), n, inner, count);
        columnSquares<T>(x + j * sizeof<T>(), n, inner, count);
        for (let k: usize = 0; k < count; k++) {
          store<T>(mean, <T>load<f64>(WORK + (k << 3)));
          store<T>(variance, <T>(load<f64>(WORK + (COLUMNS + k << 3)) / <f64>n));
          mean += sizeof<T>();
          variance += sizeof<T>();
        }
      }
    }
    x += n * inner * sizeof<T>();
  }
}

/** Σ (x - m)². */
// @ts-ignore: decorator
@inline
function squares<T>(x: usize, n: usize, m: f64): f64 {
  const step = 2 * sizeof<T>();
  const means = f64x2.splat(m);
  let a = f64x2.splat(0), b = a, c = a, d = a;
  const end = x + n * sizeof<T>(), whole = x + (n & ~7) * sizeof<T>();
  for (; x < whole; x += 4 * step) {
    a = f64x2.add(a, square(f64x2.sub(pair<T>(x), means)));
    b = f64x2.add(b, square(f64x2.sub(pair<T>(x + step), means)));
    c = f64x2.add(c, square(f64x2.sub(pair<T>(x + 2 * step), means)));
    d = f64x2.add(d, square(f64x2.sub(pair<T>(x + 3 * step), means)));
  }
  const joined = f64x2.add(f64x2.add(a, c), f64x2.add(b, d));
  let result = f64x2.extract_lane(joined, 0) + f64x2.extract_lane(joined, 1);
  for (; x < end; x += sizeof<T>()) {
    const e = <f64>load<T>(x) - m;
    result += e * e;
  }
  return result;
}

// @ts-ignore: decorator
@inline
function square(x: v128): v128 {
  return f64x2.mul(x, x);
}

/** Turns the sums in the scratch space into means and puts Σ (x - mean)² behind them. */
// @ts-ignore: decorator
@inline
function columnSquares<T>(x: usize, n: usize, inner: usize, count: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const at = WORK + (k << 3);
    store<f64>(at, load<f64>(at) / <f64>n);
    store<f64>(at + (COLUMNS << 3), 0);
  }
  for (let i: usize = 0; i < n; i++) {
    let from = x + i * inner * sizeof<T>();
    for (let at = WORK; at < WORK + (count << 3); at += 8) {
      const e = <f64>load<T>(from) - load<f64>(at);
      store<f64>(at + (COLUMNS << 3), load<f64>(at + (COLUMNS << 3)) + e * e);
      from += sizeof<T>();
    }
  }
}
