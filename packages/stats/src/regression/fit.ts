import { checkSampleWeight, DataError, type Steps } from '@maru-ml/base';
import { constantColumns } from '../constant.ts';
import { type CovarianceSettings, type Groups, robustCovariance } from '../covariance.ts';
import { type Design, keptOf, rowsOfData } from '../design.ts';
import { fitLeastSquares, rowsAtOnce } from './least-squares.ts';
import { type CovarianceState, type RegressionCore, standardCovariance, sumsOf } from './statistics.ts';

/** The rows that a model was fitted to, as long as it was not saved and loaded. */
export interface RegressionRows {
  readonly design: Design;
  /** [n], all > 0; null: all 1. */
  readonly weights: Float64Array | null;
  /** y - X b [n]. */
  readonly resid: Float64Array;
  /** The groups of the rows [n]. */
  readonly groups: Groups | undefined;
}

/** Fits the rows of a design. @throws DataError if squares leave the range of doubles */
export function* fitRegression(
  kind: 'OLS' | 'WLS',
  read: Design,
  sampleWeight: ArrayLike<number> | undefined,
  groups: Groups | undefined,
): Steps<{ core: RegressionCore; rows: RegressionRows }> {
  const checked = checkSampleWeight(kind, sampleWeight, rowsOfData(read));
  const given = checked === null ? null : keptOf(read, checked);
  const { design, weights } =
    given === null || given.every((weight) => weight > 0)
      ? { design: read, weights: given }
      : withoutZeros(kind, read, given);
  const { x, y, rows: n, columns: k } = design;
  yield;
  const { wx, wy } = weights === null ? { wx: x, wy: y } : yield* whitened(x, y, weights, n, k);
  const solution = yield* fitLeastSquares(kind, wx, wy, n, k);
  const constant = constantColumns(x, n, k);
  let eigenvals: Float64Array | null = null;
  const sums = yield* sumsOf(y, solution.resid, weights);
  const core: RegressionCore = {
    kind,
    nobs: n,
    rank: solution.rank,
    hasConstant: design.hasConstant,
    constant: constant.find((j) => x[j] === 1) ?? constant.find((j) => x[j] !== 0) ?? -1,
    params: solution.params,
    normalizedCov: solution.normalizedCov,
    // Asked for by few, and as dear as the solution where rows are few.
    get eigenvals() {
      eigenvals ??= solution.eigenvals();
      return eigenvals;
    },
    triangle: solution.triangle,
    ...sums,
  };
  const resid = weights === null ? solution.resid : solution.resid.map((value, i) => value / Math.sqrt(weights[i]!));
  return { core, rows: { design, weights, resid, groups: keptGroups(design, groups) } };
}

/** The covariance of the coefficients that the settings ask for. @throws as `robustCovariance` */
export function covarianceOf(
  core: RegressionCore,
  settings: CovarianceSettings,
  rows: RegressionRows | null,
): CovarianceState {
  const { kind, nobs, rank } = core;
  const dfResid = nobs - rank;
  const { covType, useT = covType === 'nonrobust' } = settings;
  if (covType === 'nonrobust') {
    const description = 'Standard Errors assume that the covariance matrix of the errors is correctly specified.';
    return { covType, cov: standardCovariance(core), description, useT, dfInference: dfResid };
  }
  if (rows === null) throw noRows(kind, `covType '${covType}'`);
  const { design, weights, resid, groups } = rows;
  const { x, rows: n, columns: k } = design;
  const scores = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const score = resid[i]! * (weights === null ? 1 : weights[i]!);
    for (let j = 0; j < k; j++) scores[i * k + j] = x[i * k + j]! * score;
  }
  const leverage = () => leverageOf(core, rows);
  const parts = { bread: core.normalizedCov, scores, rows: n, columns: k, dfResid, leverage, groups };
  const { cov, description, dfInference } = robustCovariance(kind, settings, parts);
  return { covType, cov, description, useT, dfInference: dfInference ?? dfResid };
}

/** hᵢ = wᵢ xᵢ (XᵀWX)⁺ xᵢᵀ [n], the diagonal of the hat matrix. */
export function leverageOf(
  { normalizedCov, params }: RegressionCore,
  { design, weights }: RegressionRows,
): Float64Array {
  const k = params.length;
  const { x } = design;
  return Float64Array.from({ length: design.rows }, (_, i) => {
    let sum = 0;
    for (let a = 0; a < k; a++) {
      let inner = 0;
      for (let b = 0; b < k; b++) inner += normalizedCov[a * k + b]! * x[i * k + b]!;
      sum += inner * x[i * k + a]!;
    }
    return sum * (weights === null ? 1 : weights[i]!);
  });
}

/** The error of what needs rows of a model that was loaded. */
export function noRows(kind: string, what: string): DataError {
  return new DataError(
    `${kind}: ${what} needs the rows that the model was fitted to, which a saved model does not keep; fit it again`,
  );
}

/** Rows times the roots of their weights. */
function* whitened(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  n: number,
  k: number,
): Steps<{ wx: Float64Array; wy: Float64Array }> {
  const stretch = rowsAtOnce(k);
  const wx = new Float64Array(n * k);
  const wy = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const root = Math.sqrt(weights[i]!);
    for (let j = 0; j < k; j++) wx[i * k + j] = x[i * k + j]! * root;
    wy[i] = y[i]! * root;
    if (i % stretch === stretch - 1) yield;
  }
  return { wx, wy };
}

/** A row of weight 0 tells nothing: it is left out and not counted. */
function withoutZeros(owner: string, design: Design, weights: Float64Array): { design: Design; weights: Float64Array } {
  const { x, y, columns: k, kept } = design;
  const places = Array.from(weights.keys()).filter((i) => weights[i]! > 0);
  if (places.length === 0) throw new DataError(`${owner}: all rows that have no missing value have the weight 0`);
  const some = new Float64Array(places.length * k);
  for (const [to, from] of places.entries()) some.set(x.subarray(from * k, (from + 1) * k), to * k);
  return {
    design: {
      ...design,
      x: some,
      y: Float64Array.from(places, (i) => y[i]!),
      rows: places.length,
      dropped: design.dropped + weights.length - places.length,
      kept: Int32Array.from(places, (i) => (kept === null ? i : kept[i]!)),
    },
    weights: Float64Array.from(places, (i) => weights[i]!),
  };
}

/** Those of the groups that belong to the rows of the design. */
function keptGroups({ kept }: Design, groups: Groups | undefined): Groups | undefined {
  if (groups === undefined || kept === null || typeof groups !== 'object') return groups;
  const take = <T>(list: ArrayLike<T>): T[] => Array.from(kept, (row) => list[row]!);
  return typeof groups[0] === 'object'
    ? ((groups as readonly [ArrayLike<string>, ArrayLike<string>]).map(take) as unknown as Groups)
    : take(groups as ArrayLike<string>);
}
