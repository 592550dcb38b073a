import { type CovarianceSettings, robustCovariance } from '../covariance.ts';
import { type Basis, identity, solveSymmetric, spread, weightedSquares } from '../likelihood/basis.ts';
import type { CovarianceState } from '../regression/statistics.ts';
import { type GlmCore, type GlmRows, type GlmSpec, weightsOf } from './fit.ts';
import { difference, type IrlsFit } from './irls.ts';

/** The rows that a model was fitted to, as long as it was not saved and loaded. */
export interface FittedRows {
  readonly rows: GlmRows;
  readonly fit: IrlsFit;
  readonly basis: Basis;
}

/**
 * The covariance of the coefficients that the settings ask for: φ (XᵀWX)⁺, or a sandwich whose bread is the inverse of the observed
 * information, as in statsmodels.
 *
 * @throws as `robustCovariance`
 */
export function glmCovariance(
  { owner, family, link }: GlmSpec,
  core: GlmCore,
  settings: CovarianceSettings,
  { rows, fit, basis }: FittedRows,
): CovarianceState {
  const { covType, useT = false } = settings;
  const { scale, normalizedCov, weightSum, rank } = core;
  const dfResid = weightSum - rank;
  if (covType === 'nonrobust') return { ...standard(core), useT };
  const { x, y, rows: n, columns: k, freqWeights } = rows;
  const { eta, mu, q } = fit;
  const weights = weightsOf(rows);
  const observed = new Float64Array(n);
  const scores = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const slope = link.slope(eta[i]!);
    const variance = family.variance(mu[i]!, q[i]!);
    const rest = difference(y[i]!, mu[i]!, q[i]!);
    const curve = link.bend(eta[i]!) - (slope * slope * family.varianceSlope(mu[i]!)) / variance;
    observed[i] = (weights[i]! * (slope * slope - rest * curve)) / variance / scale;
    // A row that counts f times has f scores, of which the squares are added; within a group the scores themselves.
    const times = freqWeights === null || covType === 'cluster' ? 1 : 1 / Math.sqrt(freqWeights[i]!);
    const score = (times * weights[i]! * rest * slope) / variance / scale;
    for (let j = 0; j < k; j++) scores[i * k + j] = x[i * k + j]! * score;
  }
  const r = basis.rank;
  const information = new Float64Array(r * r);
  weightedSquares(basis, observed, information);
  const bread = spread(basis, solveSymmetric(information, r, identity(r), r));
  const leverage = () => leverageOf(rows, fit, normalizedCov, { family, link });
  const parts = { bread, scores, rows: n, columns: k, dfResid, leverage, groups: rows.groups };
  const { cov, description, dfInference } = robustCovariance(owner, settings, parts);
  return { covType, cov, description, useT, dfInference: dfInference ?? dfResid };
}

/** φ (XᵀWX)⁺. */
function standard({ normalizedCov, scale, weightSum, rank }: GlmCore): Omit<CovarianceState, 'useT'> {
  return {
    covType: 'nonrobust',
    cov: normalizedCov.map((value) => scale * value),
    description: 'Standard Errors assume that the covariance matrix of the errors is correctly specified.',
    dfInference: weightSum - rank,
  };
}

/** wᵢ xᵢ (XᵀWX)⁺ xᵢᵀ with the weights W of the fit [n]. */
export function leverageOf(
  rows: GlmRows,
  { eta, mu, q }: IrlsFit,
  normalizedCov: Float64Array,
  { family, link }: Pick<GlmSpec, 'family' | 'link'>,
): Float64Array {
  const { x, columns: k } = rows;
  const weights = weightsOf(rows);
  return Float64Array.from({ length: rows.rows }, (_, i) => {
    let sum = 0;
    for (let a = 0; a < k; a++) {
      let inner = 0;
      for (let b = 0; b < k; b++) inner += normalizedCov[a * k + b]! * x[i * k + b]!;
      sum += inner * x[i * k + a]!;
    }
    return (sum * weights[i]! * link.slope(eta[i]!) ** 2) / family.variance(mu[i]!, q[i]!);
  });
}
