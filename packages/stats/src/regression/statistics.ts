import { DataError, type Steps } from '@maru-ml/base';
import { fisherF } from '@maru-ml/special';
import { twoSided, waldOf } from '../contrast.ts';
import { type ResidualTests, testsOf } from './residual-tests.ts';

/** What a fit found out, from which all that is printed follows. It has no rows, so it can be saved. */
export interface RegressionCore {
  readonly kind: 'OLS' | 'WLS';
  readonly nobs: number;
  readonly rank: number;
  readonly hasConstant: boolean;
  /** The place of the constant column; -1 if there is none. */
  readonly constant: number;
  readonly params: Float64Array;
  /** (XᵀX)⁺ [k, k] */
  readonly normalizedCov: Float64Array;
  readonly eigenvals: Float64Array;
  /** R of [X y] = Q R. */
  readonly triangle: Float64Array;
  readonly ssr: number;
  readonly centeredTss: number;
  readonly uncenteredTss: number;
  /** Σ log wᵢ */
  readonly logWeights: number;
  /** Whether all responses are equal. */
  readonly constantResponse: boolean;
  readonly residuals: ResidualTests;
}

/** Which covariance was estimated. */
export interface CovarianceState {
  readonly covType: string;
  /** [k, k] */
  readonly cov: Float64Array;
  readonly description: string;
  readonly useT: boolean;
  /** The degrees of freedom of tests. */
  readonly dfInference: number;
}

/** The numbers of a regression's page, with statsmodels' names. */
export interface RegressionStatistics {
  readonly dfModel: number;
  readonly dfResid: number;
  readonly kConstant: 0 | 1;
  readonly scale: number;
  readonly ess: number;
  readonly rsquared: number;
  readonly rsquaredAdj: number;
  readonly mseModel: number;
  readonly mseResid: number;
  readonly mseTotal: number;
  readonly fvalue: number;
  readonly fPvalue: number;
  readonly llf: number;
  readonly aic: number;
  readonly bic: number;
  readonly bse: Float64Array;
  readonly tvalues: Float64Array;
  readonly pvalues: Float64Array;
  readonly warnings: readonly string[];
}

/** What is computed from the rows beside the solution. */
export function* sumsOf(
  y: Float64Array,
  wresid: Float64Array,
  weights: Float64Array | null,
): Steps<
  Pick<RegressionCore, 'ssr' | 'centeredTss' | 'uncenteredTss' | 'logWeights' | 'constantResponse' | 'residuals'>
> {
  const { total, weighted, uncenteredTss, ssr, logWeights } = plainSums(y, wresid, weights);
  yield;
  const centeredTss = squaresAround(y, weighted / total, weights, total);
  yield;
  const constantResponse = y.every((value) => value === y[0]);
  return {
    ssr,
    centeredTss: constantResponse ? 0 : centeredTss,
    uncenteredTss,
    logWeights,
    constantResponse,
    residuals: testsOf(wresid),
  };
}

/** In a function of its own, since numbers that live on over a pause are boxed at each change. */
function plainSums(y: Float64Array, wresid: Float64Array, weights: Float64Array | null) {
  let total = 0;
  let weighted = 0;
  let logWeights = 0;
  let uncenteredTss = 0;
  let ssr = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    total += weight;
    weighted += weight * y[i]!;
    uncenteredTss += weight * y[i]! * y[i]!;
    ssr += wresid[i]! * wresid[i]!;
    if (weights !== null) logWeights += Math.log(weight);
  }
  return { total, weighted, uncenteredTss, ssr, logWeights };
}

/** Σ w (y - mean)², corrected by what rounding left in the mean. */
function squaresAround(y: Float64Array, mean: number, weights: Float64Array | null, total: number): number {
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    squares += weight * (y[i]! - mean) ** 2;
    rest += weight * (y[i]! - mean);
  }
  return squares - (rest * rest) / total;
}

/** The standard covariance s² (XᵀX)⁺ with s² = SSR / (n - rank). */
export function standardCovariance({ normalizedCov, ssr, nobs, rank }: RegressionCore): Float64Array {
  const scale = nobs > rank ? ssr / (nobs - rank) : Number.NaN;
  return normalizedCov.map((value) => scale * value);
}

/** All that follows from the sums of a fit and the covariance of its coefficients. */
export function statisticsOf(core: RegressionCore, covariance: CovarianceState): RegressionStatistics {
  const { nobs, rank, ssr, params, hasConstant, logWeights } = core;
  const kConstant = hasConstant ? 1 : 0;
  const dfModel = rank - kConstant;
  const dfResid = nobs - rank;
  const tss = hasConstant ? core.centeredTss : core.uncenteredTss;
  const rsquared = tss > 0 ? 1 - ssr / tss : Number.NaN;
  const mseResid = dfResid > 0 ? ssr / dfResid : Number.NaN;
  const mseModel = dfModel > 0 ? (tss - ssr) / dfModel : Number.NaN;
  const llf = -(nobs / 2) * (Math.log(2 * Math.PI) + Math.log(ssr / nobs) + 1) + logWeights / 2;
  const bse = Float64Array.from(params, (_, j) => Math.sqrt(covariance.cov[j * (params.length + 1)]!));
  const tvalues = params.map((value, j) => value / bse[j]!);
  const { fvalue, fPvalue } = fTestOfAll(core, covariance, mseModel / mseResid, dfModel, dfResid);
  return {
    dfModel,
    dfResid,
    kConstant,
    scale: mseResid,
    ess: tss - ssr,
    rsquared,
    rsquaredAdj: dfResid > 0 ? 1 - ((nobs - kConstant) / dfResid) * (1 - rsquared) : Number.NaN,
    mseModel,
    mseResid,
    mseTotal: dfResid + dfModel > 0 ? tss / (dfResid + dfModel) : Number.NaN,
    fvalue,
    fPvalue,
    llf,
    aic: -2 * llf + 2 * (dfModel + kConstant),
    bic: -2 * llf + Math.log(nobs) * (dfModel + kConstant),
    bse,
    tvalues,
    pvalues: twoSided(tvalues, covariance.useT, covariance.dfInference),
    warnings: warningsOf(core, covariance, fvalue, dfModel, dfResid),
  };
}

/** The largest singular value of X over the smallest. */
export function conditionOf({ eigenvals }: RegressionCore): number {
  return Math.sqrt(eigenvals[0]! / eigenvals[eigenvals.length - 1]!);
}

/** F of all coefficients but the constant; with a robust covariance it is a Wald test. */
function fTestOfAll(
  core: RegressionCore,
  covariance: CovarianceState,
  ratio: number,
  dfModel: number,
  dfResid: number,
) {
  const none = { fvalue: Number.NaN, fPvalue: Number.NaN };
  if (dfModel === 0 || dfResid === 0 || core.constantResponse) return none;
  if (covariance.covType === 'nonrobust') {
    return { fvalue: ratio, fPvalue: fisherF(dfModel, dfResid).sf(ratio) };
  }
  const k = core.params.length;
  // Where the constant is a sum of columns, it cannot be left out of the hypotheses; without variances there is nothing to test by.
  if ((core.hasConstant && core.constant < 0) || !variancesOf(covariance.cov).every((v) => v >= 0)) return none;
  const tested = Array.from({ length: k }, (_, j) => j).filter((j) => j !== core.constant);
  const r = new Float64Array(tested.length * k);
  for (const [i, j] of tested.entries()) r[i * k + j] = 1;
  const names = tested.map(String);
  const estimate = { owner: core.kind, names, params: core.params, ...covariance };
  try {
    const { statistic, pvalue } = waldOf(
      estimate,
      { r, q: new Float64Array(tested.length), rows: tested.length },
      true,
    );
    return { fvalue: statistic, fPvalue: pvalue };
  } catch (error) {
    // Without a positive covariance there is no F, but the fit stands; the warnings tell.
    if (error instanceof DataError) return none;
    throw error;
  }
}

/** What a reader of the numbers has to know. */
function warningsOf(
  core: RegressionCore,
  { cov, covType }: CovarianceState,
  fvalue: number,
  dfModel: number,
  dfResid: number,
): string[] {
  const { params, rank, nobs, ssr, uncenteredTss, constantResponse, hasConstant } = core;
  const warnings: string[] = [];
  if (rank < params.length) {
    warnings.push(
      `the columns are linearly dependent (rank ${rank} of ${params.length}): of all solutions the one of least norm is given, and single coefficients have no meaning`,
    );
  }
  if (dfResid === 0) {
    warnings.push(
      `no degrees of freedom are left (${nobs} ${nobs === 1 ? 'row' : 'rows'}, rank ${rank}): standard errors, tests and intervals are NaN`,
    );
  }
  if (constantResponse && hasConstant) warnings.push('the response is constant: R² and F are NaN');
  else if (dfModel === 0) warnings.push('the constant is the only term: F is NaN');
  if (ssr <= 1e-28 * uncenteredTss && !(constantResponse && hasConstant)) {
    warnings.push('the fit is exact up to rounding: tests and the likelihood have no meaning');
  }
  if (variancesOf(cov).some((variance) => variance < 0)) {
    warnings.push(`the estimated covariance (${covType}) has negative variances: their standard errors and F are NaN`);
  } else if (
    Number.isNaN(fvalue) &&
    dfModel > 0 &&
    dfResid > 0 &&
    !constantResponse &&
    !(hasConstant && core.constant < 0)
  ) {
    warnings.push(`the estimated covariance (${covType}) is not positive: F is NaN`);
  } else if (covType !== 'nonrobust' && hasConstant && core.constant < 0) {
    warnings.push(
      'the constant is a sum of columns: F, which with a robust covariance leaves the constant out, is NaN',
    );
  }
  if (nobs < 8) warnings.push(`the omnibus test needs 8 rows, got ${nobs}: it is NaN`);
  return warnings;
}

function variancesOf(cov: Float64Array): number[] {
  const k = Math.sqrt(cov.length);
  return Array.from({ length: k }, (_, j) => cov[j * (k + 1)]!);
}
