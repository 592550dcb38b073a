import { bytes } from './generated/mixture.ts';
import { longExp, longLog } from './lanes.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

// The steps of mixtures of k Gaussians, in float64. Tables of rows, x [n, d] and shares [n, k], lie in blocks of 32 rows, column by
// column: [⌈n / 32⌉, d, 32], with zeros for the rows that are missing in the last block. A covariance is described by what whitens
// it, an upper triangle [d, d] or a diagonal [d], and those of the components stand `step` numbers apart; 0 for one that all share.

const kernels = /* @__PURE__ */ kernelModule<'expect' | 'addMeans' | 'addScatter'>(bytes);

/** Multiplications below which the twin is faster than a call. */
const SMALL = 500;

/** Rows of a block, two sums of which are added to a result. */
export const BLOCK = 32;

/** The place in blocks of d columns of the number in row i and column j. */
export function placeOf(i: number, j: number, d: number): number {
  const row = i % BLOCK;
  return (i - row) * d + j * BLOCK + row;
}

/**
 * Rows in blocks.
 * @param x [n, d]
 * @param out ⌈n / 32⌉ blocks of d columns, of zeros
 */
export function toBlocks(x: Float64Array, d: number, out: Float64Array): void {
  for (let i = 0, at = 0; at < x.length; i++) for (let j = 0; j < d; j++) out[placeOf(i, j, d)] = x[at++]!;
}

/**
 * The shares of the components in each row, e^v / Σ e^v for the log-densities v = constant - ½ ‖(x - mean) W‖², and ln Σ e^v; NaN or
 * -∞ where there is no density. Cost: O(n k d²) for triangles, O(n k d) for diagonals.
 * @param x in blocks
 * @param means [k, d]
 * @param whiteners W of each component; nothing below a triangle's diagonal is read
 * @param constants [k]
 * @param shares blocks of k columns; if `hard` of one: the place of the largest v, of equals the first
 * @param logs blocks of one column; if `hard` -2 v, which is the squared distance from the mean if constants are 0
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
  hard = false,
): void {
  const kernel = find(n * k * d);
  const run: Run = (s, l, a, m, w, c, work) =>
    kernel!.expect(s!, l!, a!, m!, w!, c!, n, d, k, step, +triangles, +hard, work!);
  const arrays = [shares, logs, x, means, whiteners, constants];
  if (kernel !== null && withAddresses(arrays, 2, run, 2, workBytes(d))) return;

  shares.fill(0);
  logs.fill(0);
  const differences = new Float64Array(d);
  const densities = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    let most = Number.NEGATIVE_INFINITY;
    let place = 0;
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) differences[j] = x[placeOf(i, j, d)]! - means[c * d + j]!;
      let squares = 0;
      for (let j = 0; j < d; j++) {
        let whitened = 0;
        for (let l = triangles ? 0 : j; l <= j; l++) {
          whitened += differences[l]! * whiteners[c * step + (triangles ? l * d : 0) + j]!;
        }
        squares += whitened * whitened;
      }
      densities[c] = constants[c]! - 0.5 * squares;
      if (densities[c]! > most) {
        most = densities[c]!;
        place = c;
      }
    }
    if (hard) {
      shares[i] = place;
      logs[i] = -2 * most;
      continue;
    }
    let sum = 0;
    for (let c = 0; c < k; c++) {
      densities[c] = longExp(densities[c]! - most);
      sum += densities[c]!;
    }
    for (let c = 0; c < k; c++) shares[placeOf(i, c, k)] = densities[c]! / sum;
    logs[i] = most + longLog(sum, 0);
  }
}

/**
 * sums += Σ r x for each component. Cost: O(n k d).
 * @param x in blocks
 * @param shares r in blocks
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
  if (kernel !== null && withAddresses([sums, shares, x], 1, run, 0, workBytes(d))) return;
  for (let from = 0; from < n; from += BLOCK) {
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++)
        sums[c * d + j]! += columnProduct(shares, from * k + c * BLOCK, x, from * d + j * BLOCK);
    }
  }
}

/**
 * scatter += Σ r (x - mean) (x - mean)ᵀ for each component: the upper triangle, or the diagonal. Cost: O(n k d²), O(n k d).
 * @param x in blocks
 * @param shares r in blocks, ≥ 0
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
  if (kernel !== null && withAddresses([scatter, shares, x, means], 1, run, 0, workBytes(d))) return;
  const scaled = new Float64Array(BLOCK * d);
  for (let from = 0; from < n; from += BLOCK) {
    for (let c = 0; c < k; c++) {
      for (let at = 0; at < scaled.length; at++) {
        const root = Math.sqrt(shares[from * k + c * BLOCK + (at % BLOCK)]!);
        scaled[at] = root * (x[from * d + at]! - means[c * d + Math.floor(at / BLOCK)]!);
      }
      for (let i = 0; i < d; i++) {
        for (let j = i; j < (triangles ? d : i + 1); j++) {
          const place = triangles ? i * d + j : i;
          scatter[c * step + place]! += columnProduct(scaled, i * BLOCK, scaled, j * BLOCK);
        }
      }
    }
  }
}

type Run = (...addresses: number[]) => void;

function find(products: number) {
  return products >= (choice().mode === 'wasm' ? 1 : SMALL) ? kernels() : null;
}

/** Room for the columns of a block and one more. */
function workBytes(d: number): number {
  return 8 * BLOCK * (d + 1);
}

/** The product of two columns of blocks: those of even rows and of odd ones each by themselves. */
function columnProduct(a: Float64Array, p: number, b: Float64Array, q: number): number {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < BLOCK; i += 2) {
    even += a[p + i]! * b[q + i]!;
    odd += a[p + i + 1]! * b[q + i + 1]!;
  }
  return even + odd;
}
