import { checkBoolean, checkInteger, checkOneOf, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';

export const COV_TYPES = ['nonrobust', 'HC0', 'HC1', 'HC2', 'HC3', 'HAC', 'cluster'] as const;

/** Which covariance of the coefficients is estimated. */
export type CovType = (typeof COV_TYPES)[number];

export interface CovarianceOptions {
  /** Errors of one variance, of any variance (HC), serially correlated (HAC), or correlated within groups; 'nonrobust'. */
  covType?: CovType;
  /** HAC: up to which lag errors may be correlated; ⌊4 (n / 100)^(2/9)⌋. */
  maxlags?: number;
  /** HAC: weights that fall to 0 behind the last lag, or are 1; 'bartlett'. */
  kernel?: 'bartlett' | 'uniform';
  /** Whether to correct for small samples: HAC by n / (n - k); cluster also by the number G of groups, G / (G - 1); HAC false, cluster true. */
  useCorrection?: boolean;
  /** cluster: whether tests count G - 1 degrees of freedom; true. */
  dfCorrection?: boolean;
  /** Whether p-values and intervals are of Student's t, not of the normal distribution; true for 'nonrobust', else false. */
  useT?: boolean;
}

/** The options with their defaults; undefined where the default depends on the data or on the model. */
export interface CovarianceSettings {
  readonly covType: CovType;
  readonly maxlags: number | undefined;
  readonly kernel: 'bartlett' | 'uniform';
  readonly useCorrection: boolean | undefined;
  readonly dfCorrection: boolean;
  readonly useT: boolean | undefined;
}

/** Names of these options, for `checkKnown`. */
export const COVARIANCE_OPTIONS: readonly string[] = [
  'covType',
  'maxlags',
  'kernel',
  'useCorrection',
  'dfCorrection',
  'useT',
];

/** The groups of the rows [n] for clustered errors, or two such lists. */
export type Groups = ArrayLike<Label> | readonly [ArrayLike<Label>, ArrayLike<Label>];

/** Checks the options. @throws OptionError */
export function checkCovariance(owner: string, options: CovarianceOptions): CovarianceSettings {
  const { covType = 'nonrobust', maxlags, kernel = 'bartlett', useCorrection, dfCorrection = true, useT } = options;
  checkOneOf(owner, 'covType', covType, COV_TYPES);
  if (maxlags !== undefined) checkInteger(owner, 'maxlags', maxlags, { min: 0 });
  checkOneOf(owner, 'kernel', kernel, ['bartlett', 'uniform']);
  if (useCorrection !== undefined) checkBoolean(owner, 'useCorrection', useCorrection);
  checkBoolean(owner, 'dfCorrection', dfCorrection);
  if (useT !== undefined) checkBoolean(owner, 'useT', useT);
  return { covType, maxlags, kernel, useCorrection, dfCorrection, useT };
}

/** A robust covariance and what it says about itself. */
export interface RobustCovariance {
  /** [k, k] */
  readonly cov: Float64Array;
  /** The sentence below statsmodels' tables. */
  readonly description: string;
  /** The degrees of freedom of tests, where they are not those of the residuals; else null. */
  readonly dfInference: number | null;
}

/** What a sandwich is made of. */
export interface SandwichParts {
  /** The inverse of the (negative) Hessian B [k, k]: (XᵀX)⁺ in least squares. */
  readonly bread: Float64Array;
  /** The gradient of the log-likelihood of each row [n, k]: xᵢ eᵢ in least squares. */
  readonly scores: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** n - rank. */
  readonly dfResid: number;
  /** Leverages [n], asked for by HC2 and HC3. */
  readonly leverage: () => Float64Array;
  /** The groups of the rows [n], for 'cluster'. */
  readonly groups?: Groups | undefined;
}

/**
 * The sandwich B M B, with the meat M = Σᵢ sᵢ sᵢᵀ of scores sᵢ for HC0; HC1 times n / (n - k); HC2 and HC3 with each score over √(1 - hᵢ) and
 * 1 - hᵢ; HAC with Σₗ wₗ Σᵢ (sᵢ s₍ᵢ₋ₗ₎ᵀ + s₍ᵢ₋ₗ₎ sᵢᵀ) added; cluster with the sums of the groups for the rows.
 *
 * H. White, Econometrica 48 (1980); J. MacKinnon and H. White, Journal of Econometrics 29 (1985); W. Newey and K. West, Econometrica 55 (1987);
 * A. C. Cameron, J. Gelbach and D. Miller, Journal of Business & Economic Statistics 29 (2011).
 *
 * @throws DataError for a leverage of 1 in HC2 and HC3 and for a single group, OptionError, ShapeError for groups that are none
 */
export function robustCovariance(owner: string, settings: CovarianceSettings, parts: SandwichParts): RobustCovariance {
  const { covType } = settings;
  if (covType === 'HAC') return hac(owner, settings, parts);
  if (covType === 'cluster') return clustered(owner, settings, parts);
  const { scores, rows: n, columns: k, dfResid, bread } = parts;
  const description = `Standard Errors are heteroscedasticity robust (${covType})`;
  if (covType === 'HC0' || covType === 'HC1') {
    if (covType === 'HC1') checkFreedom(owner, covType, dfResid, 'use HC0');
    const factor = covType === 'HC1' ? n / dfResid : 1;
    return { cov: sandwich(bread, products(scores, n, k, 0), k, factor), description, dfInference: null };
  }
  const leverage = parts.leverage();
  const scaled = scores.slice();
  for (let i = 0; i < n; i++) {
    const left = 1 - leverage[i]!;
    if (!(left > 1e-10)) {
      throw new DataError(`${owner}: row ${i} has leverage 1, so ${covType} has no value; use HC0 or HC1`);
    }
    const divisor = covType === 'HC2' ? Math.sqrt(left) : left;
    for (let j = 0; j < k; j++) scaled[i * k + j]! /= divisor;
  }
  return { cov: sandwich(bread, products(scaled, n, k, 0), k, 1), description, dfInference: null };
}

function hac(owner: string, settings: CovarianceSettings, parts: SandwichParts): RobustCovariance {
  const { maxlags, kernel, useCorrection = false } = settings;
  const { bread, scores, rows: n, columns: k } = parts;
  if (useCorrection) checkFreedom(owner, 'HAC', n - k, 'set useCorrection: false');
  const lags = Math.min(maxlags ?? Math.floor(4 * (n / 100) ** (2 / 9)), n - 1);
  const meat = products(scores, n, k, 0);
  for (let lag = 1; lag <= lags; lag++) {
    const weight = kernel === 'uniform' ? 1 : 1 - lag / (lags + 1);
    const shifted = products(scores, n, k, lag);
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) meat[i * k + j]! += weight * (shifted[i * k + j]! + shifted[j * k + i]!);
  }
  const correction = useCorrection ? 'with' : 'without';
  return {
    cov: sandwich(bread, meat, k, useCorrection ? n / (n - k) : 1),
    description: `Standard Errors are heteroscedasticity and autocorrelation robust (HAC) using ${lags} lags and ${correction} small sample correction`,
    dfInference: null,
  };
}

function clustered(owner: string, settings: CovarianceSettings, parts: SandwichParts): RobustCovariance {
  const { rows, columns: k, groups } = parts;
  const { useCorrection = true, dfCorrection } = settings;
  if (useCorrection) checkFreedom(owner, 'cluster', rows - k, 'set useCorrection: false');
  const [first, second] = readGroups(owner, groups, rows);
  const counts: number[] = [];
  const covOf = (codes: Int32Array): Float64Array => {
    const count = codes.reduce((most, code) => Math.max(most, code + 1), 0);
    if (count < 2) throw new DataError(`${owner}: groups must hold at least 2 groups, got 1`);
    counts.push(count);
    const factor = useCorrection ? (count / (count - 1)) * ((rows - 1) / (rows - k)) : 1;
    return sandwich(parts.bread, products(groupSums(parts.scores, codes, count, k), count, k, 0), k, factor);
  };
  let cov = covOf(first!);
  let least = counts[0]!;
  if (second !== undefined) {
    const other = covOf(second);
    least = Math.min(least, counts[1]!);
    // What both lists have in common would count twice.
    const both = covOf(codesOf(Array.from(first!, (code, i) => `${code} ${second[i]}`)));
    cov = cov.map((value, i) => value + other[i]! - both[i]!);
  }
  return {
    cov,
    description: 'Standard Errors are robust to cluster correlation (cluster)',
    dfInference: dfCorrection ? least - 1 : null,
  };
}

/** Numbers for the groups: one list of them, or two. */
function readGroups(owner: string, groups: Groups | undefined, rows: number): Int32Array[] {
  if (groups === undefined) throw new OptionError(`${owner}: covType 'cluster' needs groups, the group of each row`);
  if (typeof groups !== 'object' || groups === null || typeof groups.length !== 'number') {
    throw new OptionError(`${owner}: groups must be an array with a group for each row, got ${show(groups)}`);
  }
  const lists = typeof groups[0] === 'object' ? (groups as readonly ArrayLike<Label>[]) : [groups as ArrayLike<Label>];
  if (lists.length > 2) throw new OptionError(`${owner}: groups must be one list or two, got ${lists.length}`);
  return lists.map((list) => {
    if (list.length !== rows) throw new ShapeError(`${owner}: groups has ${list.length} rows, but x has ${rows}`);
    const strange = Array.from(list).findIndex((label) => label === null || label === undefined || Number.isNaN(label));
    if (strange >= 0)
      throw new DataError(`${owner}: groups[${strange}] is ${show(list[strange])}; each row needs a group`);
    return codesOf(Array.from(list));
  });
}

function codesOf(labels: readonly Label[]): Int32Array {
  const places = new Map([...new Set(labels)].map((label, place) => [label, place]));
  return Int32Array.from(labels, (label) => places.get(label)!);
}

function groupSums(scores: Float64Array, codes: Int32Array, count: number, k: number): Float64Array {
  const sums = new Float64Array(count * k);
  for (let i = 0; i < codes.length; i++) for (let j = 0; j < k; j++) sums[codes[i]! * k + j]! += scores[i * k + j]!;
  return sums;
}

function checkFreedom(owner: string, covType: CovType, dfResid: number, remedy: string): void {
  if (dfResid > 0) return;
  throw new DataError(`${owner}: there are no more rows than parameters, so ${covType} has no value; ${remedy}`);
}

/** Σᵢ sᵢ s₍ᵢ₋ₗ₎ᵀ of a lag l [k, k]. */
function products(scores: Float64Array, n: number, k: number, lag: number): Float64Array {
  const sums = new Float64Array(k * k);
  for (let i = lag; i < n; i++) {
    const [now, then] = [i * k, (i - lag) * k];
    for (let a = 0; a < k; a++) {
      const value = scores[now + a]!;
      for (let b = 0; b < k; b++) sums[a * k + b]! += value * scores[then + b]!;
    }
  }
  return sums;
}

/** factor · B M B, for a symmetric B. */
function sandwich(bread: Float64Array, meat: Float64Array, k: number, factor: number): Float64Array {
  const half = new Float64Array(k * k);
  const cov = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let l = 0; l < k; l++) {
      const value = bread[i * k + l]!;
      for (let j = 0; j < k; j++) half[i * k + j]! += value * meat[l * k + j]!;
    }
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += half[i * k + l]! * bread[l * k + j]!;
      cov[i * k + j] = cov[j * k + i] = factor * sum;
    }
  }
  return cov;
}
