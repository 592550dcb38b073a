import { atLeast, exp, splat, sub, add, mul } from './_lanes';
import { rows } from './matvec';

/**
 * Products and Gaussian similarities of the rows of a float64 matrix and one vector.
 */

/** out[i] = x_i · z, for x of m rows and n columns. */
export function products(x: usize, z: usize, out: usize, m: i32, n: i32): void {
  rows(x, z, out, m, n, n, false);
}

/** out[i] = exp(-γ (‖x_i‖² + ‖z‖² - 2 x_i · z)), the squares of norms given, differences below 0 taken as 0. */
export function gaussian(x: usize, z: usize, squares: usize, out: usize, m: i32, n: i32, square: f64, gamma: f64): void {
  rows(x, z, out, m, n, n, false);
  const whole: usize = <usize>(m & ~1) << 3;
  for (let j: usize = 0; j < whole; j += 16) {
    v128.store(out + j, similarity(v128.load(out + j), v128.load(squares + j), square, gamma));
  }
  if (m & 1) {
    const last = similarity(v128.load64_zero(out + whole), v128.load64_zero(squares + whole), square, gamma);
    v128.store64_lane(out + whole, last, 0);
  }
}

// @ts-ignore: decorator
@inline
function similarity(product: v128, squares: v128, square: f64, gamma: f64): v128 {
  const distance = sub(add(splat(square), squares), mul(splat(2), product));
  return exp(mul(splat(-gamma), atLeast(distance, 0)), false);
}
