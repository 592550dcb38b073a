import type { Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { BLOCK, type CovarianceType, covarianceSize, covarianceStart } from './mixture.ts';
import { rowsAtOnce } from './points.ts';

/** Weights, means and covariances that fit the shares best. */
export interface Moments {
  weights: Float64Array;
  means: Float64Array;
  covariances: Float64Array;
}

/**
 * The step M: with nₖ = Σᵢ rᵢₖ, weights nₖ / n, means Σᵢ rᵢₖ xᵢ / nₖ, covariances Σᵢ rᵢₖ (xᵢ - μₖ)(xᵢ - μₖ)ᵀ / nₖ. A tied
 * one is their mean by weight; diagonal ones keep the diagonal, spherical ones its mean. `regCovar` is added to variances.
 *
 * @param x [n, d]
 * @param shares r [n, k]
 */
export function* momentsOf(
  x: Float64Array,
  shares: Float64Array,
  d: number,
  k: number,
  type: CovarianceType,
  regCovar: number,
): Steps<Moments> {
  const n = x.length / d;
  const totals = new Float64Array(k);
  const means = new Float64Array(k * d);
  for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) totals[c]! += shares[i * k + c]!;
  // An empty component keeps a little weight, so that nothing is divided by 0.
  for (let c = 0; c < k; c++) totals[c] = Math.max(totals[c]!, 10 * Number.EPSILON);
  const stretch = Math.max(BLOCK, BLOCK * Math.floor(rowsAtOnce(k * d) / BLOCK));
  for (let from = 0; from < n; from += stretch) {
    const rows = Math.min(stretch, n - from);
    const [r, part] = [shares.subarray(from * k, (from + rows) * k), x.subarray(from * d, (from + rows) * d)];
    matmul(r, part, means, { m: k, n: d, k: rows, transA: true, accumulate: true });
    yield;
  }
  for (let at = 0; at < k * d; at++) means[at]! /= totals[Math.floor(at / d)]!;

  const covariances = new Float64Array(covarianceSize(type, k, d));
  const matrices = type === 'full' || type === 'tied';
  const scaled = new Float64Array(BLOCK * d);
  let work = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const rows = Math.min(BLOCK, n - from);
    for (let c = 0; c < k; c++) {
      const start = covarianceStart(type, c, d);
      for (let i = 0, at = 0; i < rows; i++) {
        const root = Math.sqrt(shares[(from + i) * k + c]!);
        for (let j = 0; j < d; j++, at++) scaled[at] = root * (x[from * d + at]! - means[c * d + j]!);
      }
      if (!matrices) {
        for (let i = 0, at = 0; i < rows; i++) {
          for (let j = 0; j < d; j++, at++) {
            covariances[type === 'diag' ? start + j : start]! += scaled[at]! * scaled[at]!;
          }
        }
        continue;
      }
      const block = scaled.subarray(0, rows * d);
      const out = covariances.subarray(start, start + d * d);
      matmul(block, block, out, { m: d, n: d, k: rows, transA: true, accumulate: true });
    }
    work += rows * k * d * (matrices ? d : 1);
    if (work < 2 ** 20) continue;
    work = 0;
    yield;
  }
  regularize(covariances, totals, d, type, regCovar);
  const total = totals.reduce((sum, value) => sum + value, 0);
  return { weights: totals.map((value) => value / total), means, covariances };
}

function regularize(
  covariances: Float64Array,
  totals: Float64Array,
  d: number,
  type: CovarianceType,
  regCovar: number,
): void {
  const total = totals.reduce((sum, value) => sum + value, 0);
  for (let at = 0; at < covariances.length; at++) {
    const c = type === 'full' ? Math.floor(at / (d * d)) : type === 'diag' ? Math.floor(at / d) : at;
    if (type === 'tied') covariances[at]! /= total;
    else covariances[at]! /= type === 'spherical' ? totals[c]! * d : totals[c]!;
    const onDiagonal = type === 'diag' || type === 'spherical' || (at % (d * d)) % (d + 1) === 0;
    if (onDiagonal) covariances[at]! += regCovar;
  }
}
