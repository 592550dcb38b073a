import { DataError } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { exp, log as logs } from '@maru-ml/kernels/math';
import { log } from '@maru-ml/kernels/scalar';
import { cholesky, solveLower, transposed } from '@maru-ml/linalg/dense';

/** One covariance for each component, one for all, variances of columns, or one variance for each component. */
export type CovarianceType = 'full' | 'tied' | 'diag' | 'spherical';

/** A mixture of Gaussians, as it is computed with. */
export interface Mixture {
  type: CovarianceType;
  /** The number of components and of columns. */
  k: number;
  d: number;
  /** [k], their sum is 1. */
  weights: Float64Array;
  /** [k, d] */
  means: Float64Array;
  /** [k, d, d], [d, d], [k, d] or [k] by the type. */
  covariances: Float64Array;
  /** What whitens: U of Σ⁻¹ = U Uᵀ, or 1 / σ; shaped as the covariances. */
  whiteners: Float64Array;
}

/** Rows that are worked on at once. */
export const BLOCK = 512;

/** How many numbers describe the covariances. */
export function covarianceSize(type: CovarianceType, k: number, d: number): number {
  return { full: k * d * d, tied: d * d, diag: k * d, spherical: k }[type];
}

/** Where the numbers of component c begin. */
export function covarianceStart(type: CovarianceType, c: number, d: number): number {
  // No table, which would be an object for each call: single rows ask this once for each component.
  if (type === 'full') return c * d * d;
  if (type === 'diag') return c * d;
  return type === 'tied' ? 0 : c;
}

/**
 * What whitens these covariances.
 * @throws DataError if one is not positive definite
 */
export function whitenersOf(
  owner: string,
  type: CovarianceType,
  covariances: Float64Array,
  k: number,
  d: number,
): Float64Array {
  const singular = (c: number) =>
    new DataError(
      `${owner}: component ${c} has a singular covariance, as of few or equal rows; take fewer components or raise regCovar`,
    );
  const whiteners = new Float64Array(covariances.length);
  if (type === 'diag' || type === 'spherical') {
    for (let at = 0; at < covariances.length; at++) {
      const c = type === 'diag' ? Math.floor(at / d) : at;
      if (!(covariances[at]! > 0)) throw singular(c);
      whiteners[at] = 1 / Math.sqrt(covariances[at]!);
    }
  } else {
    for (let c = 0; c < (type === 'full' ? k : 1); c++) {
      const l = cholesky(covariances.subarray(c * d * d, (c + 1) * d * d), d);
      if (l === null) throw singular(c);
      const unit = new Float64Array(d * d);
      for (let j = 0; j < d; j++) unit[j * d + j] = 1;
      whiteners.set(transposed(solveLower(l, d, unit, d), d, d), c * d * d);
    }
  }
  if (!whiteners.every(Number.isFinite)) throw singular(0);
  return whiteners;
}

/** Half of ln |Σ⁻¹| + ln w - d/2 ln 2π for each component [k]: what does not depend on the row. */
export function constantsOf({ type, k, d, weights, whiteners }: Mixture): Float64Array {
  return Float64Array.from({ length: k }, (_, c) => {
    const start = covarianceStart(type, c, d);
    let sum = 0;
    for (let j = 0; j < d; j++) {
      const at = type === 'spherical' ? start : type === 'diag' ? start + j : start + j * d + j;
      sum += log(whiteners[at]!);
    }
    return sum + log(weights[c]!) - (d / 2) * LOG_2_PI;
  });
}

/** ln 2π */
const LOG_2_PI = 1.8378770664093456;

/** Room for a block of rows: their differences from a mean, these whitened, and a number for each row. */
export interface Room {
  differences: Float64Array;
  whitened: Float64Array;
  highest: Float64Array;
  sums: Float64Array;
}

export function roomFor({ type, d }: Mixture): Room {
  const numbers = type === 'full' || type === 'tied' ? BLOCK * d : 0;
  return {
    differences: new Float64Array(numbers),
    whitened: new Float64Array(numbers),
    highest: new Float64Array(BLOCK),
    sums: new Float64Array(BLOCK),
  };
}

/**
 * ln(w_c N(x | μ_c, Σ_c)) of the rows `from` to `to`, at most `BLOCK`, to the same rows of `out` [n, k]. Differences are
 * taken before the product, so that numbers far from 0 lose no digits.
 */
export function logDensities(
  mixture: Mixture,
  constants: Float64Array,
  x: Float64Array,
  from: number,
  to: number,
  { differences, whitened }: Room,
  out: Float64Array,
): void {
  const { type, k, d, means, whiteners } = mixture;
  const rows = to - from;
  if (type === 'diag' || type === 'spherical') {
    const each = type === 'diag' ? whiteners : Float64Array.from(means, (_, at) => whiteners[Math.floor(at / d)]!);
    for (let c = 0; c < k; c++) diagonalDensities(x, from, to, d, means, each, c, k, constants[c]!, out);
    return;
  }
  for (let c = 0; c < k; c++) {
    const start = covarianceStart(type, c, d);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < d; j++, at++) differences[at] = x[from * d + at]! - means[c * d + j]!;
    }
    const [part, whitener] = [differences.subarray(0, rows * d), whiteners.subarray(start, start + d * d)];
    matmul(part, whitener, whitened.subarray(0, rows * d), { m: rows, n: d, k: d });
    const constant = constants[c]!;
    for (let i = 0, at = 0; i < rows; i++) {
      let squares = 0;
      for (let j = 0; j < d; j++, at++) squares += whitened[at]! * whitened[at]!;
      out[(from + i) * k + c] = constant - 0.5 * squares;
    }
  }
}

/** The same of one component c with the whiteners 1 / σ [k, d], for two rows side by side. */
function diagonalDensities(
  x: Float64Array,
  from: number,
  to: number,
  d: number,
  means: Float64Array,
  whiteners: Float64Array,
  c: number,
  k: number,
  constant: number,
  out: Float64Array,
): void {
  const start = c * d;
  for (let i = from; i < to; i += 2) {
    const other = Math.min(i + 1, to - 1);
    let at = i * d;
    let atOther = other * d;
    let squares = 0;
    let squaresOther = 0;
    for (let j = start; j < start + d; j++) {
      const mean = means[j]!;
      const whitener = whiteners[j]!;
      const whitened = (x[at++]! - mean) * whitener;
      const whitenedOther = (x[atOther++]! - mean) * whitener;
      squares += whitened * whitened;
      squaresOther += whitenedOther * whitenedOther;
    }
    out[i * k + c] = constant - 0.5 * squares;
    out[other * k + c] = constant - 0.5 * squaresOther;
  }
}

/**
 * Makes the rows `from` to `to` of v [n, k], at most `BLOCK`, the shares e^v / Σ e^v, and writes ln Σ e^v of each row to
 * `logSums`; NaN or -∞ where there is no density.
 */
export function normalize(
  v: Float64Array,
  from: number,
  to: number,
  k: number,
  { highest, sums }: Room,
  logSums: Float64Array,
): void {
  const rows = to - from;
  const block = v.subarray(from * k, to * k);
  for (let i = 0, at = 0; i < rows; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) if (block[at + c]! > most) most = block[at + c]!;
    for (let c = 0; c < k; c++, at++) block[at] = block[at]! - most;
    highest[i] = most;
  }
  exp(block, block);
  for (let i = 0; i < rows; i++) {
    const start = i * k;
    let sum = 0;
    for (let at = start; at < start + k; at++) sum += block[at]!;
    for (let at = start; at < start + k; at++) block[at] = block[at]! / sum;
    sums[i] = sum;
  }
  const part = sums.subarray(0, rows);
  logs(part, part);
  for (let i = 0; i < rows; i++) logSums[i] = highest[i]! + part[i]!;
}
