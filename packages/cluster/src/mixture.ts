import { DataError } from '@maru-ml/base';
import { expectShares } from '@maru-ml/kernels/mixture';
import { log } from '@maru-ml/kernels/scalar';
import { plainCholesky } from '@maru-ml/linalg/dense';
import { blocksAtOnce } from './points.ts';

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

/** The shape of the numbers that describe the covariances. */
export function covarianceShape(type: CovarianceType, k: number, d: number): readonly number[] {
  return { full: [k, d, d], tied: [d, d], diag: [k, d], spherical: [k] }[type];
}

/** How many numbers describe the covariances. */
export function covarianceSize(type: CovarianceType, k: number, d: number): number {
  return covarianceShape(type, k, d).reduce((size, length) => size * length);
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
  if (isTriangle(type)) {
    for (let at = 0; at < covariances.length; at += d * d) {
      const l = plainCholesky(covariances.subarray(at, at + d * d), d);
      if (l === null) throw singular(at / (d * d));
      invert(l, d, whiteners.subarray(at));
    }
  } else {
    for (let at = 0; at < covariances.length; at++) {
      if (!(covariances[at]! > 0)) throw singular(Math.floor((at * k) / covariances.length));
      whiteners[at] = 1 / Math.sqrt(covariances[at]!);
    }
  }
  if (!whiteners.every(Number.isFinite)) throw singular(0);
  return whiteners;
}

/** Writes L⁻ᵀ to `out` [d, d], which holds zeros: row j of it solves L z = e_j. */
function invert(l: Float64Array, d: number, out: Float64Array): void {
  for (let j = 0; j < d; j++) {
    for (let i = j; i < d; i++) {
      let rest = i === j ? 1 : 0;
      for (let p = j; p < i; p++) rest -= l[i * d + p]! * out[j * d + p]!;
      out[j * d + i] = rest / l[i * d + i]!;
    }
  }
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

/**
 * The shares of the components in n rows, and ln p(x) of each; NaN or -∞ where there is no density; or, if `hard`, the place of the
 * component that is most probable. Differences are taken before the product, so that numbers far from 0 lose no digits.
 * @param x blocks of d columns
 * @param shares blocks of k columns, or of one
 * @param logs blocks of one column, which are finite where there is a density
 */
export function sharesOf(
  { type, k, d, means, whiteners }: Mixture,
  constants: Float64Array,
  x: Float64Array,
  n: number,
  shares: Float64Array,
  logs: Float64Array,
  hard: boolean,
): void {
  const isSpherical = type === 'spherical';
  const own = isSpherical ? means.map((_, at) => whiteners[Math.floor(at / d)]!) : whiteners;
  const step = isSpherical ? d : covarianceStart(type, 1, d);
  expectShares(x, means, own, constants, n, d, k, step, isTriangle(type), shares, logs, hard);
}

/** Whether covariances are matrices, which triangles whiten. */
export function isTriangle(type: CovarianceType): boolean {
  return type === 'full' || type === 'tied';
}

/** How many rows go through a step at once: some milliseconds' worth, in whole blocks of the kernel. */
export function rowsOfStep({ type, k, d }: Pick<Mixture, 'type' | 'k' | 'd'>): number {
  return blocksAtOnce(k * (isTriangle(type) ? d * d : d));
}
