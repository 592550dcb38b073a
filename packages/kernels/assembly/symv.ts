/**
 * The product of a symmetric float64 matrix, row by row in memory with `ld` numbers from one to the next, and a vector. Sums run
 * in four lanes over whole fours, which are joined in one order, and then number by number.
 */
import { joined } from './_vector';

/** out = A x of a symmetric A [n, n] of which the lower triangle is read. Four rows go down and across at once. */
export function symmetric(a: usize, x: usize, out: usize, n: i32, ld: i32): void {
  const step: usize = <usize>ld << 3;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const whole: usize = <usize>i << 3;
    const a1 = a + step, a2 = a1 + step, a3 = a2 + step;
    const xi = x + whole;
    const x0 = v128.load64_splat(xi), x1 = v128.load64_splat(xi, 8);
    const x2 = v128.load64_splat(xi, 16), x3 = v128.load64_splat(xi, 24);
    let s0 = f64x2.splat(0), t0 = s0, s1 = s0, t1 = s0, s2 = s0, t2 = s0, s3 = s0, t3 = s0;
    for (let j: usize = 0; j < whole; j += 32) {
      let p = v128.load(x + j), y = v128.load(out + j);
      let r = v128.load(a + j);
      s0 = f64x2.add(s0, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x0));
      r = v128.load(a1 + j);
      s1 = f64x2.add(s1, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x1));
      r = v128.load(a2 + j);
      s2 = f64x2.add(s2, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x2));
      r = v128.load(a3 + j);
      s3 = f64x2.add(s3, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x3));
      v128.store(out + j, y);
      p = v128.load(x + j, 16), y = v128.load(out + j, 16);
      r = v128.load(a + j, 16);
      t0 = f64x2.add(t0, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x0));
      r = v128.load(a1 + j, 16);
      t1 = f64x2.add(t1, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x1));
      r = v128.load(a2 + j, 16);
      t2 = f64x2.add(t2, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x2));
      r = v128.load(a3 + j, 16);
      t3 = f64x2.add(t3, f64x2.mul(r, p)), y = f64x2.add(y, f64x2.mul(r, x3));
      v128.store(out + j, y, 16);
    }
    corner(joined(s0, t0), a, x, out, i, i);
    corner(joined(s1, t1), a1, x, out, i, i + 1);
    corner(joined(s2, t2), a2, x, out, i, i + 2);
    corner(joined(s3, t3), a3, x, out, i, i + 3);
    a = a3 + step;
  }
  const start = i;
  for (; i < n; i++) {
    const whole: usize = <usize>start << 3;
    const p = v128.load64_splat(x + (<usize>i << 3));
    let s = f64x2.splat(0), t = s;
    for (let j: usize = 0; j < whole; j += 32) {
      const r = v128.load(a + j), q = v128.load(a + j, 16);
      s = f64x2.add(s, f64x2.mul(r, v128.load(x + j)));
      t = f64x2.add(t, f64x2.mul(q, v128.load(x + j, 16)));
      v128.store(out + j, f64x2.add(v128.load(out + j), f64x2.mul(r, p)));
      v128.store(out + j, f64x2.add(v128.load(out + j, 16), f64x2.mul(q, p)), 16);
    }
    corner(joined(s, t), a, x, out, start, i);
    a += step;
  }
}

/** The part of row i from column `start` to the diagonal, and the row's own sum. */
// @ts-ignore: decorator
@inline
function corner(sum: f64, a: usize, x: usize, out: usize, start: i32, i: i32): void {
  const xi = load<f64>(x + (<usize>i << 3));
  for (let j: usize = <usize>start << 3; j < <usize>i << 3; j += 8) {
    const r = load<f64>(a + j);
    sum += r * load<f64>(x + j);
    store<f64>(out + j, load<f64>(out + j) + r * xi);
  }
  store<f64>(out + (<usize>i << 3), sum + load<f64>(a + (<usize>i << 3)) * xi);
}
