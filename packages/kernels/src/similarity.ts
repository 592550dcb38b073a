import { bytes } from './generated/similarity.ts';
import { longExp } from './lanes.ts';
import { isResident } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'products' | 'gaussian'>('similarity', bytes);

/** Numbers of a matrix below which the twin is faster than the kernel. */
const SMALL = 100;

/**
 * The products of rows and a vector: out[i] = x_i · z. What `gemv` does, to its bits, for bundles that want no more of it.
 * @param x [m, d]
 * @param z [d]
 * @param out [m], neither x nor z
 */
export function rowProducts(x: Float64Array, z: Float64Array, out: Float64Array, m: number, d: number): void {
  const k = pays(x, m * d) ? kernels() : null;
  if (
    k !== null &&
    withAddresses([out, x, z], 1, ((o: number, a: number, b: number) => k.products(a, b, o, m, d)) as Run)
  )
    return;
  for (let i = 0; i < m; i++) out[i] = product(x, i * d, z, d);
}

/**
 * Gaussian similarities of rows and a vector: out[i] = exp(-γ (‖x_i‖² + ‖z‖² - 2 x_i · z)). The squares of the norms are given;
 * a distance that rounding makes less than 0 is 0. Some digits of distances are lost where rows are far from 0 and near to each
 * other: take the means of the columns off before.
 * @param x [m, d]
 * @param z [d]
 * @param squares ‖x_i‖² [m]
 * @param square ‖z‖²
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
  const k = pays(x, m * d) ? kernels() : null;
  const run = (o: number, a: number, b: number, s: number) => k!.gaussian(a, b, s, o, m, d, square, gamma);
  if (k !== null && withAddresses([out, x, z, squares], 1, run as Run)) return;
  for (let i = 0; i < m; i++) {
    const distance = square + squares[i]! - 2 * product(x, i * d, z, d);
    out[i] = longExp(-gamma * Math.max(distance, 0));
  }
}

type Run = (...addresses: number[]) => void;

/** To copy the rows costs as much as to multiply them, so a kernel takes only those that lie in its memory. */
function pays(x: Float64Array, numbers: number): boolean {
  return choice().mode === 'wasm' || (numbers >= SMALL && isResident(x));
}

/** Σ_l x[at + l] z[l]: whole fours in four lanes, then one by one. */
function product(x: Float64Array, at: number, z: Float64Array, d: number): number {
  let s = 0;
  let t = 0;
  let u = 0;
  let v = 0;
  const whole = d & ~3;
  for (let l = 0; l < whole; l += 4) {
    s += x[at + l]! * z[l]!;
    t += x[at + l + 1]! * z[l + 1]!;
    u += x[at + l + 2]! * z[l + 2]!;
    v += x[at + l + 3]! * z[l + 3]!;
  }
  let sum = s + u + (t + v);
  for (let l = whole; l < d; l++) sum += x[at + l]! * z[l]!;
  return sum;
}
