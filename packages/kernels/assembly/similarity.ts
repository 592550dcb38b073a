import { joined } from './_vector';
import { add, atLeast, exponent, grown, mul, scale, splat, sub } from './_lanes';

/**
 * Products of the rows of a float64 matrix and one vector, and the Gaussian similarities that are made of them. Whole fours of
 * rows alone: what is left over, three rows at most, is the twin's.
 */

/** out[i] = x_i · z, for x of m rows, a multiple of 4, and n columns: the sums of `gemv`. */
export function products(x: usize, z: usize, out: usize, m: i32, n: i32): void {
  const step: usize = <usize>n << 3, whole: usize = <usize>(n & ~3) << 3;
  for (let i = 0; i < m; i += 4) {
    const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
    let s0 = f64x2.splat(0), t0 = s0, s1 = s0, t1 = s0, s2 = s0, t2 = s0, s3 = s0, t3 = s0;
    let j: usize = 0;
    for (; j < whole; j += 32) {
      const p = v128.load(z + j), q = v128.load(z + j, 16);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(x + j), p)), t0 = f64x2.add(t0, f64x2.mul(v128.load(x + j, 16), q));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(x1 + j), p)), t1 = f64x2.add(t1, f64x2.mul(v128.load(x1 + j, 16), q));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(x2 + j), p)), t2 = f64x2.add(t2, f64x2.mul(v128.load(x2 + j, 16), q));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(x3 + j), p)), t3 = f64x2.add(t3, f64x2.mul(v128.load(x3 + j, 16), q));
    }
    let p0 = joined(s0, t0), p1 = joined(s1, t1), p2 = joined(s2, t2), p3 = joined(s3, t3);
    for (; j < step; j += 8) {
      const q = load<f64>(z + j);
      p0 += load<f64>(x + j) * q, p1 += load<f64>(x1 + j) * q;
      p2 += load<f64>(x2 + j) * q, p3 += load<f64>(x3 + j) * q;
    }
    store<f64>(out, p0), store<f64>(out, p1, 8), store<f64>(out, p2, 16), store<f64>(out, p3, 24);
    x = x3 + step;
    out += 32;
  }
}

/** out[i] = exp(-γ (‖x_i‖² + ‖z‖² - 2 x_i · z)), γ ≥ 0 and m > 0, the squares of norms given, differences below 0 taken as 0. */
export function gaussians(x: usize, z: usize, squares: usize, out: usize, m: i32, n: i32, square: f64, gamma: f64): void {
  products(x, z, out, m, n);
  const bytes: usize = <usize>m << 3;
  let j: usize = 0;
  // Checked at the end, since the engine makes a faster loop of that.
  do {
    const distance = sub(add(splat(square), v128.load(squares + j)), mul(splat(2), v128.load(out + j)));
    // What exp does, of which a number that is not above 0 needs only the lower bound.
    const power = atLeast(mul(splat(-gamma), atLeast(distance, 0)), -750), n = exponent(power);
    v128.store(out + j, scale(grown(power, n, false), n, false));
    j += 16;
  } while (j < bytes);
}
