import type { Steps } from '@maru-ml/base';
import { addMeans, addScatter, BLOCK } from '@maru-ml/kernels/mixture';
import type { Blocks } from './blocks.ts';
import { type CovarianceType, covarianceSize, covarianceStart, isTriangle, rowsOfStep } from './mixture.ts';

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
export function* momentsOf(x: Blocks, shares: Blocks, type: CovarianceType, regCovar: number): Steps<Moments> {
  const { n, d } = x;
  const k = shares.d;
  const totals = totalsOf(shares.rows(), k);
  // An empty component keeps a little weight, so that nothing is divided by 0.
  for (let c = 0; c < k; c++) totals[c] = Math.max(totals[c]!, 10 * Number.EPSILON);

  const most = rowsOfStep({ type, k, d });
  const means = new Float64Array(k * d);
  const isSpherical = type === 'spherical';
  const scatter = new Float64Array(isSpherical ? k * d : covarianceSize(type, k, d));
  const step = isSpherical ? d : covarianceStart(type, 1, d);
  for (const isMean of [true, false]) {
    for (let from = 0; from < n; from += most) {
      const to = Math.min(from + most, n);
      const [part, r] = [x.rows(from, to), shares.rows(from, to)];
      if (isMean) addMeans(part, r, to - from, d, k, means);
      else addScatter(part, r, means, to - from, d, k, step, isTriangle(type), scatter);
      yield;
    }
    if (isMean) for (let at = 0; at < k * d; at++) means[at]! /= totals[Math.floor(at / d)]!;
  }
  const total = totals.reduce((sum, value) => sum + value, 0);
  const ofCovariances = type === 'tied' ? Float64Array.of(total) : totals;
  const covariances = covariancesOf(scatter, ofCovariances, d, type, regCovar);
  return { weights: totals.map((value) => value / total), means, covariances };
}

/** Σ r of each of k columns. */
function totalsOf(shares: Float64Array, k: number): Float64Array {
  const totals = new Float64Array(k);
  for (let at = 0; at < shares.length; ) {
    for (let c = 0; c < k; c++) for (let i = 0; i < BLOCK; i++) totals[c]! += shares[at++]!;
  }
  return totals;
}

/** The covariances from Σ r (x - μ)(x - μ)ᵀ, upper triangles or diagonals, and the weights of the rows in each. */
function covariancesOf(
  scatter: Float64Array,
  totals: Float64Array,
  d: number,
  type: CovarianceType,
  regCovar: number,
): Float64Array {
  if (type === 'spherical') {
    return totals.map((total, c) => {
      const squares = scatter.subarray(c * d, (c + 1) * d).reduce((sum, value) => sum + value, 0);
      return squares / (total * d) + regCovar;
    });
  }
  if (type === 'diag') return scatter.map((value, at) => value / totals[Math.floor(at / d)]! + regCovar);
  const covariances = new Float64Array(scatter.length);
  for (const [c, total] of totals.entries()) {
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        const value = scatter[(c * d + i) * d + j]! / total + (i === j ? regCovar : 0);
        covariances[(c * d + i) * d + j] = value;
        covariances[(c * d + j) * d + i] = value;
      }
    }
  }
  return covariances;
}
