import { bytes } from './generated/mixture.ts';
import { longExp, longLog } from './lanes.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

// The steps of mixtures of k Gaussians on rows `x` [n, d], in float64. A covariance is described by what whitens it, an upper
// triangle [d, d] or a diagonal [d], and those of the components stand `step` numbers apart; 0 for one that all share.

const kernels = /* @__PURE__ */ kernelModule<'expect' | 'addMeans' | 'addScatter'>('mixture', bytes);

/** Multiplications below which the twin is faster than a call. */
const SMALL = 500;

/** Rows of a block, two sums of which are added to a result. */
const ROWS = 32;

/**
 * The shares of the components in each row, e^v / Σ e^v for the log-densities v = constant - ½ ‖(x - mean) W‖², and ln Σ e^v; NaN or
 * -∞ where there is no density. Cost: O(n k d²) for triangles, O(n k d) for diagonals.
 * @param means [k, d]
 * @param whiteners W of each component; nothing below a triangle's diagonal is read
 * @param constants [k]
 * @param shares [n, k]
 * @param logs [n]
 */
export function expectShares(
  x: Float64Array,
  means: Float64Array,
  whiteners: Float64Array,
  constants: Float64Array,
  n: number,
  d: number,
  k: number,
  step: number,
  triangles: boolean,
  shares: Float64Array,
  logs: Float64Array,
): void {
  const kernel = find(n * k * d);
  const run: Run = (s, l, a, m, w, c, work) => kernel!.expect(s!, l!, a!, m!, w!, c!, n, d, k, step, +triangles, work!);
  const arrays = [shares, logs, x, means, whiteners, constants];
  if (kernel !== null && withAddresses(arrays, 2, run, 2, workBytes(d, k))) return;

  const differences = new Float64Array(d);
  const densities = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) differences[j] = x[i * d + j]! - means[c * d + j]!;
      let squares = 0;
      for (let j = 0; j < d; j++) {
        const whitened = triangles
          ? product(differences, whiteners, c * step + j, j, d)
          : differences[j]! * whiteners[c * step + j]!;
        squares += whitened * whitened;
      }
      densities[c] = constants[c]! - 0.5 * squares;
      if (densities[c]! > most) most = densities[c]!;
    }
    let sum = 0;
    for (let c = 0; c < k; c++) {
      densities[c] = longExp(densities[c]! - most);
      sum += densities[c]!;
    }
    for (let c = 0; c < k; c++) shares[i * k + c] = densities[c]! / sum;
    logs[i] = most + longLog(sum, 0);
  }
}

/**
 * sums += Σ r x for each component. Cost: O(n k d).
 * @param shares r [n, k]
 * @param sums [k, d]
 */
export function addMeans(
  x: Float64Array,
  shares: Float64Array,
  n: number,
  d: number,
  k: number,
  sums: Float64Array,
): void {
  const kernel = find(n * k * d);
  const run: Run = (s, r, a, work) => kernel!.addMeans(s!, r!, a!, n, d, k, work!);
  if (kernel !== null && withAddresses([sums, shares, x], 1, run, 0, workBytes(d, k))) return;
  for (let from = 0; from < n; from += ROWS) {
    const to = Math.min(n, from + ROWS);
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) sums[c * d + j]! += blockSum(shares, k, c, x, d, j, from, to);
    }
  }
}

/**
 * scatter += Σ r (x - mean) (x - mean)ᵀ for each component: the upper triangle, or the diagonal. Cost: O(n k d²), O(n k d).
 * @param shares r [n, k], ≥ 0
 * @param means [k, d]
 * @param scatter shaped as whiteners are
 */
export function addScatter(
  x: Float64Array,
  shares: Float64Array,
  means: Float64Array,
  n: number,
  d: number,
  k: number,
  step: number,
  triangles: boolean,
  scatter: Float64Array,
): void {
  const kernel = find(n * k * d);
  const run: Run = (s, r, a, m, work) => kernel!.addScatter(s!, r!, a!, m!, n, d, k, step, +triangles, work!);
  if (kernel !== null && withAddresses([scatter, shares, x, means], 1, run, 0, workBytes(d, k))) return;
  const scaled = new Float64Array(ROWS * d);
  for (let from = 0; from < n; from += ROWS) {
    const rows = Math.min(ROWS, n - from);
    for (let c = 0; c < k; c++) {
      for (let i = 0; i < rows; i++) {
        const root = Math.sqrt(shares[(from + i) * k + c]!);
        for (let j = 0; j < d; j++) scaled[i * d + j] = root * (x[(from + i) * d + j]! - means[c * d + j]!);
      }
      for (let i = 0; i < d; i++) {
        if (!triangles) scatter[c * step + i]! += blockSum(scaled, d, i, scaled, d, i, 0, rows);
        else
          for (let j = i; j < d; j++) scatter[c * step + i * d + j]! += blockSum(scaled, d, i, scaled, d, j, 0, rows);
      }
    }
  }
}

type Run = (...addresses: number[]) => void;

function find(products: number) {
  return products >= (choice().mode === 'wasm' ? 1 : SMALL) ? kernels() : null;
}

/** Room for the columns of a block: of its rows twice, of k numbers of each, and one more. */
function workBytes(d: number, k: number): number {
  return 8 * ROWS * (2 * d + k + 1);
}

/** Σ_{i ≤ j} z_i w_ij; `at` is the place of w_0j. */
function product(z: Float64Array, w: Float64Array, at: number, j: number, d: number): number {
  let sum = 0;
  for (let i = 0; i <= j; i++) sum += z[i]! * w[at + i * d]!;
  return sum;
}

/** Σ a_ic b_ij over rows of two tables with p and q columns: those of even places and of odd ones each by themselves. */
function blockSum(
  a: Float64Array,
  p: number,
  c: number,
  b: Float64Array,
  q: number,
  j: number,
  from: number,
  to: number,
): number {
  let even = 0;
  let odd = 0;
  for (let i = from; i < to; i += 2) {
    even += a[i * p + c]! * b[i * q + j]!;
    if (i + 1 < to) odd += a[(i + 1) * p + c]! * b[(i + 1) * q + j]!;
  }
  return even + odd;
}
