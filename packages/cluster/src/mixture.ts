import { DataError } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { exp, log } from '@maru-ml/kernels/scalar';
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

/** Room for the differences of a block of rows from a mean, and for these whitened. */
export function roomFor(d: number): { differences: Float64Array; whitened: Float64Array } {
  return { differences: new Float64Array(BLOCK * d), whitened: new Float64Array(BLOCK * d) };
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
  { differences, whitened }: { differences: Float64Array; whitened: Float64Array },
  out: Float64Array,
): void {
  const { type, k, d, means, whiteners } = mixture;
  const rows = to - from;
  for (let c = 0; c < k; c++) {
    const start = covarianceStart(type, c, d);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < d; j++, at++) differences[at] = x[from * d + at]! - means[c * d + j]!;
    }
    if (type === 'full' || type === 'tied') {
      const [part, whitener] = [differences.subarray(0, rows * d), whiteners.subarray(start, start + d * d)];
      matmul(part, whitener, whitened.subarray(0, rows * d), { m: rows, n: d, k: d });
    } else {
      for (let i = 0, at = 0; i < rows; i++) {
        for (let j = 0; j < d; j++, at++) {
          whitened[at] = differences[at]! * whiteners[type === 'diag' ? start + j : start]!;
        }
      }
    }
    const constant = constants[c]!;
    for (let i = 0, at = 0; i < rows; i++) {
      let squares = 0;
      for (let j = 0; j < d; j++, at++) squares += whitened[at]! * whitened[at]!;
      out[(from + i) * k + c] = constant - 0.5 * squares;
    }
  }
}

/** ln Σ e^v of k numbers that begin at `at`, which become the shares e^v / Σ; NaN or -∞ where there is no density. */
export function normalize(values: Float64Array, at: number, k: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = at; c < at + k; c++) if (values[c]! > most) most = values[c]!;
  let sum = 0;
  for (let c = at; c < at + k; c++) sum += values[c] = exp(values[c]! - most);
  for (let c = at; c < at + k; c++) values[c]! /= sum;
  return most + log(sum);
}
