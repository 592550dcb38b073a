import { bytes } from './generated/similarity.ts';
import { longExp } from './lanes.ts';
import { addressOf } from './memory.ts';
import { choice, type Exports, kernelModule } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'products' | 'gaussians'>(bytes);

/** Numbers of a matrix below which the twin is faster than the kernel. */
const SMALL = 100;

/**
 * The products of rows and a vector: out[i] = x_i · z. What `gemv` does, to its bits, for bundles that want no more of it. Arrays that
 * all lie in the kernels' memory go to the kernel: to copy the rows would cost as much as to multiply them.
 * @param x [m, d]
 * @param z [d]
 * @param out [m], neither x nor z
 */
export function rowProducts(x: Float64Array, z: Float64Array, out: Float64Array, m: number, d: number): void {
  const whole = m & ~3;
  const k = kernelsFor(whole * d, x, z, out);
  k?.products(x.byteOffset, z.byteOffset, out.byteOffset, whole, d);
  products(x, z, out, k === null ? 0 : whole, m, d);
}

/**
 * Gaussian similarities of rows and a vector: out[i] = exp(-γ (‖x_i‖² + ‖z‖² - 2 x_i · z)). The squares of the norms are given;
 * a distance that rounding makes less than 0 is 0. Some digits of distances are lost where rows are far from 0 and near to each
 * other: take the means of the columns off before. Where arrays lie counts as for `rowProducts`.
 * @param x [m, d]
 * @param z [d]
 * @param squares ‖x_i‖² [m]
 * @param square ‖z‖²
 * @param gamma γ ≥ 0
 * @param out [m], none of the others
 */
export function rowGaussians(
  x: Float64Array,
  z: Float64Array,
  squares: Float64Array,
  square: number,
  gamma: number,
  out: Float64Array,
  m: number,
  d: number,
): void {
  const whole = m & ~3;
  const k = kernelsFor(whole * d, x, z, out, squares);
  k?.gaussians(x.byteOffset, z.byteOffset, squares.byteOffset, out.byteOffset, whole, d, square, gamma);
  const left = k === null ? 0 : whole;
  // Loops of their own, small enough for the engine to leave no boxed numbers behind.
  products(x, z, out, left, m, d);
  for (let i = left; i < m; i++) out[i] = -gamma * Math.max(square + squares[i]! - 2 * out[i]!, 0);
  for (let i = left; i < m; i++) out[i] = longExp(out[i]!);
}

/** The products of the rows from `from` on. */
function products(x: Float64Array, z: Float64Array, out: Float64Array, from: number, m: number, d: number): void {
  for (let i = from; i < m; i++) out[i] = rowProduct(x, i * d, z, 0, d);
}

/** Σ_l x[i + l] z[j + l] for l < d, in the sums of `gemv`: whole fours in four lanes, then one by one. */
export function rowProduct(x: Float64Array, i: number, z: Float64Array, j: number, d: number): number {
  let s = 0;
  let t = 0;
  let u = 0;
  let v = 0;
  const whole = d & ~3;
  let l = 0;
  for (; l < whole; l += 4) {
    s += x[i + l]! * z[j + l]!;
    t += x[i + l + 1]! * z[j + l + 1]!;
    u += x[i + l + 2]! * z[j + l + 2]!;
    v += x[i + l + 3]! * z[j + l + 3]!;
  }
  let sum = s + u + (t + v);
  for (; l < d; l++) sum += x[i + l]! * z[j + l]!;
  return sum;
}

/** The kernels if they pay for a matrix of so many numbers and the three arrays lie in their memory, else null. */
function kernelsFor(
  numbers: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  e = a,
): Exports<'products' | 'gaussians'> | null {
  if (numbers < (choice().mode === 'wasm' ? 1 : SMALL)) return null;
  if (addressOf(a) === 0 || addressOf(b) === 0 || addressOf(c) === 0 || addressOf(e) === 0) return null;
  const k = kernels();
  if (k !== null) choice().calls++;
  return k;
}
