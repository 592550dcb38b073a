/**
 * Products of a float64 matrix, row by row in memory with `ld` numbers from one to the next, and a vector. A row's sum runs
 * in four lanes over whole fours, which are joined in one order, and then number by number; a column's sum runs over the
 * rows in order.
 */

import { joined } from './_vector';

/** out[i] (+)= Σ_j a[i, j] x[j]. */
export function rows(a: usize, x: usize, out: usize, m: i32, n: i32, ld: i32, accumulate: bool): void {
  const step: usize = <usize>ld << 3;
  const whole: usize = <usize>(n & ~3) << 3, length: usize = <usize>n << 3;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const a1 = a + step, a2 = a1 + step, a3 = a2 + step;
    let s0 = f64x2.splat(0), t0 = s0, s1 = s0, t1 = s0, s2 = s0, t2 = s0, s3 = s0, t3 = s0;
    for (let j: usize = 0; j < whole; j += 32) {
      const p = v128.load(x + j), q = v128.load(x + j, 16);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(a + j), p)), t0 = f64x2.add(t0, f64x2.mul(v128.load(a + j, 16), q));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(a1 + j), p)), t1 = f64x2.add(t1, f64x2.mul(v128.load(a1 + j, 16), q));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(a2 + j), p)), t2 = f64x2.add(t2, f64x2.mul(v128.load(a2 + j, 16), q));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(a3 + j), p)), t3 = f64x2.add(t3, f64x2.mul(v128.load(a3 + j, 16), q));
    }
    put(out, rest(joined(s0, t0), a, x, whole, length), accumulate);
    put(out + 8, rest(joined(s1, t1), a1, x, whole, length), accumulate);
    put(out + 16, rest(joined(s2, t2), a2, x, whole, length), accumulate);
    put(out + 24, rest(joined(s3, t3), a3, x, whole, length), accumulate);
    a = a3 + step;
    out += 32;
  }
  for (; i < m; i++) {
    let s0 = f64x2.splat(0), t0 = s0;
    for (let j: usize = 0; j < whole; j += 32) {
      s0 = f64x2.add(s0, f64x2.mul(v128.load(a + j), v128.load(x + j)));
      t0 = f64x2.add(t0, f64x2.mul(v128.load(a + j, 16), v128.load(x + j, 16)));
    }
    put(out, rest(joined(s0, t0), a, x, whole, length), accumulate);
    a += step;
    out += 8;
  }
}

/** out[j] += Σ_i a[i, j] x[i]. */
export function columns(a: usize, x: usize, out: usize, m: i32, n: i32, ld: i32): void {
  const step: usize = <usize>ld << 3;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    addRows(a, step, out, n, x);
    a += step << 2;
    x += 32;
  }
  const whole: usize = <usize>(n & ~1) << 3;
  for (; i < m; i++) {
    const p = v128.load64_splat(x);
    for (let j: usize = 0; j < whole; j += 16) {
      v128.store(out + j, f64x2.add(v128.load(out + j), f64x2.mul(v128.load(a + j), p)));
    }
    if (n & 1) store<f64>(out + whole, load<f64>(out + whole) + load<f64>(a + whole) * load<f64>(x));
    a += step;
    x += 8;
  }
}

/** out += x[0] a[0] + ... + x[3] a[3], for four rows. */
// @ts-ignore: decorator
@inline
function addRows(a: usize, step: usize, out: usize, n: i32, x: usize): void {
  const a1 = a + step, a2 = a1 + step, a3 = a2 + step;
  const x0 = v128.load64_splat(x), x1 = v128.load64_splat(x, 8);
  const x2 = v128.load64_splat(x, 16), x3 = v128.load64_splat(x, 24);
  const whole: usize = <usize>(n & ~3) << 3;
  let j: usize = 0;
  for (; j < whole; j += 32) {
    let y = f64x2.add(v128.load(out + j), f64x2.mul(v128.load(a + j), x0));
    let z = f64x2.add(v128.load(out + j, 16), f64x2.mul(v128.load(a + j, 16), x0));
    y = f64x2.add(y, f64x2.mul(v128.load(a1 + j), x1)), z = f64x2.add(z, f64x2.mul(v128.load(a1 + j, 16), x1));
    y = f64x2.add(y, f64x2.mul(v128.load(a2 + j), x2)), z = f64x2.add(z, f64x2.mul(v128.load(a2 + j, 16), x2));
    y = f64x2.add(y, f64x2.mul(v128.load(a3 + j), x3)), z = f64x2.add(z, f64x2.mul(v128.load(a3 + j, 16), x3));
    v128.store(out + j, y), v128.store(out + j, z, 16);
  }
  for (const end = <usize>n << 3; j < end; j += 8) {
    let y = load<f64>(out + j) + load<f64>(a + j) * load<f64>(x);
    y += load<f64>(a1 + j) * load<f64>(x, 8);
    y += load<f64>(a2 + j) * load<f64>(x, 16);
    store<f64>(out + j, y + load<f64>(a3 + j) * load<f64>(x, 24));
  }
}

/** `sum` with what is left of a row. */
// @ts-ignore: decorator
@inline
function rest(sum: f64, a: usize, x: usize, from: usize, to: usize): f64 {
  for (let j = from; j < to; j += 8) sum += load<f64>(a + j) * load<f64>(x + j);
  return sum;
}

// @ts-ignore: decorator
@inline
function put(out: usize, sum: f64, accumulate: bool): void {
  store<f64>(out, accumulate ? load<f64>(out) + sum : sum);
}
