import { checkBoolean, checkKnown, checkNumber, DataError, readable } from '@maru-ml/base';
import { leastSquares } from '@maru-ml/linalg/dense';
import { chiSquare, fisherF, normal, studentT } from '@maru-ml/special';
import { type Constraints, type LinearConstraints, readConstraints } from './constraints.ts';
import { coefficientGrid } from './summary/coefficients.ts';
import { Summary } from './summary/table.ts';

/** What tests of coefficients need to know of a fitted model. */
export interface Estimate {
  /** How errors call it. */
  readonly owner: string;
  readonly names: readonly string[];
  /** b [k] */
  readonly params: Float64Array;
  /** Its covariance V [k, k]. */
  readonly cov: Float64Array;
  /** Whether p-values and intervals are of Student's t. */
  readonly useT: boolean;
  /** The degrees of freedom of t and of F's denominator. */
  readonly dfInference: number;
}

/**
 * Tests each hypothesis r b = q by itself: t = (r b - q) / √(r V rᵀ).
 * @throws OptionError, ShapeError, DataError for constraints that cannot be read
 */
export function tTest(estimate: Estimate, constraints: Constraints): ContrastResults {
  return new ContrastResults(estimate, readConstraints(estimate.owner, constraints, estimate.names));
}

/** Single hypotheses about coefficients, with their tests and intervals. */
export class ContrastResults {
  /** r b [J]. */
  readonly effect: Float64Array;
  /** Their standard errors [J]. */
  readonly sd: Float64Array;
  /** (r b - q) / sd [J]: t or z. */
  readonly tvalue: Float64Array;
  /** Two-sided [J]. */
  readonly pvalue: Float64Array;
  /** The degrees of freedom; infinite for z. */
  readonly dfDenom: number;
  readonly useT: boolean;

  /** @internal */
  constructor({ params, cov, useT, dfInference }: Estimate, { r, q, rows }: LinearConstraints) {
    const k = params.length;
    this.useT = useT;
    this.dfDenom = useT ? dfInference : Number.POSITIVE_INFINITY;
    this.effect = new Float64Array(rows);
    this.sd = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const row = r.subarray(i * k, (i + 1) * k);
      for (let j = 0; j < k; j++) this.effect[i]! += row[j]! * params[j]!;
      this.sd[i] = Math.sqrt(quadratic(cov, row, row));
    }
    this.tvalue = this.effect.map((value, i) => (value - q[i]!) / this.sd[i]!);
    this.pvalue = twoSided(this.tvalue, useT, dfInference);
    readable(this);
    Object.freeze(this);
  }

  /** The bounds of r b, at the level 1 - alpha. */
  confInt(alpha = 0.05): { low: Float64Array; high: Float64Array } {
    return intervals('confInt', this.effect, this.sd, this.useT, this.dfDenom, alpha);
  }

  /** A table like that of coefficients, with a row c0, c1 and so on for each hypothesis. */
  summary({ alpha = 0.05 }: { alpha?: number } = {}): Summary {
    const names = Array.from(this.effect, (_, i) => `c${i}`);
    const { low, high } = this.confInt(alpha);
    const columns = { params: this.effect, bse: this.sd, tvalues: this.tvalue, pvalues: this.pvalue, low, high };
    return new Summary([{ ...coefficientGrid(names, [columns], this.useT, alpha), title: 'Test for Constraints' }]);
  }

  toString(): string {
    return String(this.summary());
  }
}

/** The test of several hypotheses at once. */
export interface WaldTest {
  /** F, or χ² = J F. */
  readonly statistic: number;
  readonly pvalue: number;
  readonly distribution: 'F' | 'chi2';
  /** J: how many of the hypotheses are independent. */
  readonly dfNum: number;
  /** The degrees of freedom of F's denominator; infinite for χ². */
  readonly dfDenom: number;
}

/**
 * Tests all hypotheses R b = q together: χ² = (R b - q)ᵀ (R V Rᵀ)⁺ (R b - q), or F = χ² / J.
 * @param options.useF whether it is F; as the model's p-values are of t or of the normal distribution
 * @throws OptionError, ShapeError, DataError for constraints that cannot be read
 */
export function waldTest(estimate: Estimate, constraints: Constraints, options: { useF?: boolean }): WaldTest {
  checkKnown(estimate.owner, options, ['useF']);
  const useF = checkBoolean(estimate.owner, 'useF', options.useF ?? estimate.useT);
  return waldOf(estimate, readConstraints(estimate.owner, constraints, estimate.names), useF);
}

/** Correlations of constraints below this count as dependence. */
const DEPENDENT = 1e-12;

/** @internal */
export function waldOf(
  { owner, params, cov, dfInference }: Estimate,
  { r, q, rows }: LinearConstraints,
  useF: boolean,
): WaldTest {
  const k = params.length;
  const off = new Float64Array(rows);
  const scales = new Float64Array(rows);
  const row = (i: number) => r.subarray(i * k, (i + 1) * k);
  for (let i = 0; i < rows; i++) {
    off[i] = -q[i]!;
    for (let j = 0; j < k; j++) off[i]! += row(i)[j]! * params[j]!;
    scales[i] = Math.sqrt(quadratic(cov, row(i), row(i)));
    if (Number.isNaN(scales[i]))
      throw new DataError(`${owner}: the coefficients have no standard errors, so nothing can be tested`);
  }
  // Correlations, so that units do not decide which hypotheses are independent.
  const correlations = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      const size = scales[i]! * scales[j]!;
      correlations[i * rows + j] = size === 0 ? 0 : quadratic(cov, row(i), row(j)) / size;
    }
  }
  const distances = off.map((value, i) => (scales[i] === 0 ? 0 : value / scales[i]!));
  const { x, rank } = leastSquares(correlations, rows, rows, distances, 1, { rcond: DEPENDENT });
  if (rank === 0) throw new DataError(`${owner}: the hypotheses have no variance, so they cannot be tested`);
  const chi2 = distances.reduce((sum, value, i) => sum + value * x[i]!, 0);
  if (chi2 < 0)
    throw new DataError(`${owner}: the covariance of the hypotheses is not positive, so they cannot be tested`);
  if (!useF) {
    return {
      statistic: chi2,
      pvalue: chiSquare(rank).sf(chi2),
      distribution: 'chi2',
      dfNum: rank,
      dfDenom: Number.POSITIVE_INFINITY,
    };
  }
  const statistic = chi2 / rank;
  const pvalue = dfInference > 0 ? fisherF(rank, dfInference).sf(statistic) : Number.NaN;
  return { statistic, pvalue, distribution: 'F', dfNum: rank, dfDenom: dfInference };
}

/** Two-sided p-values of t or z; NaN where there are no degrees of freedom. */
export function twoSided(statistics: Float64Array, useT: boolean, df: number): Float64Array {
  if (useT && !(df > 0)) return statistics.map(() => Number.NaN);
  const distribution = useT ? studentT(df) : normal();
  return statistics.map((value) => (Number.isNaN(value) ? Number.NaN : 2 * distribution.sf(Math.abs(value))));
}

/** The alpha that options of a table of intervals give; .05. @throws OptionError for what are no such options */
export function alphaOf(owner: string, options: { alpha?: number }): number {
  checkKnown(owner, options, ['alpha']);
  return options.alpha ?? 0.05;
}

/** center ∓ the quantile of 1 - alpha / 2 times the standard errors. @throws OptionError unless 0 < alpha < 1 */
export function intervals(
  owner: string,
  center: Float64Array,
  errors: Float64Array,
  useT: boolean,
  df: number,
  alpha: number,
): { low: Float64Array; high: Float64Array } {
  checkNumber(owner, 'alpha', alpha, { above: 0, below: 1 });
  const quantile = useT && !(df > 0) ? Number.NaN : (useT ? studentT(df) : normal()).isf(alpha / 2);
  return {
    low: center.map((value, i) => value - quantile * errors[i]!),
    high: center.map((value, i) => value + quantile * errors[i]!),
  };
}

/** uᵀ A v, A [k, k]. */
function quadratic(a: Float64Array, u: Float64Array, v: Float64Array): number {
  const k = u.length;
  let sum = 0;
  for (let i = 0; i < k; i++) {
    if (u[i] === 0) continue;
    let inner = 0;
    for (let j = 0; j < k; j++) inner += a[i * k + j]! * v[j]!;
    sum += u[i]! * inner;
  }
  return sum;
}
