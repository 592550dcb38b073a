import { checkKnown, checkNumber, DataError } from '@maru-ml/base';
import { normal, studentT } from '@maru-ml/special';
import { meanOf } from '../descriptive/moments.ts';
import { type ConfidenceInterval, type TestResult, tailProbability, testResult } from '../hypothesis/result.ts';
import { type Alternative, checkAlternative, type TestOptions, toPairs } from '../hypothesis/sample.ts';

export interface PearsonOptions extends TestOptions {
  /** The share of samples whose confidence interval holds the true value; .95. */
  confidenceLevel?: number;
}

/** What the test of Pearson's correlation tells. */
export interface PearsonResult extends TestResult {
  /** r, from -1 to 1. */
  readonly statistic: number;
  readonly df: number;
  readonly alternative: Alternative;
  /** By Fisher's transformation; from -1 to 1 where there are fewer than 4 pairs. */
  readonly confidenceInterval: ConfidenceInterval;
}

/**
 * Pearson's correlation: how well a line fits the pairs, and whether it is 0 in the population.
 *
 *   r = Σ (xᵢ - x̄) (yᵢ - ȳ) / √(Σ (xᵢ - x̄)² Σ (yᵢ - ȳ)²)
 *
 * p takes the pairs to be normal: r √((n - 2) / (1 - r²)) has a t distribution with n - 2 degrees of freedom. The interval is
 * that of artanh r, whose standard error is 1 / √(n - 3). O(n).
 *
 * @throws DataError for NaN, fewer than 2 pairs or a constant x or y; ShapeError for other lengths; OptionError
 *
 * @example
 * ```ts
 * import { pearsonr } from '@maru-ml/stats';
 *
 * const { statistic, pvalue } = pearsonr([1, 2, 3, 4, 5, 6, 7], [10, 9, 2.5, 6, 4, 3, 2]);
 * console.log(statistic.toFixed(4), pvalue.toFixed(4)); // -0.8285 0.0213
 * ```
 */
export function pearsonr(x: ArrayLike<number>, y: ArrayLike<number>, options: PearsonOptions = {}): PearsonResult {
  const owner = 'pearsonr';
  checkKnown(owner, options, ['alternative', 'confidenceLevel', 'nanPolicy']);
  const { alternative = 'two-sided', confidenceLevel: level = 0.95, nanPolicy } = options;
  checkAlternative(owner, alternative);
  checkNumber(owner, 'confidenceLevel', level, { above: 0, below: 1 });
  const [a, b] = toPairs(owner, ['x', 'y'], x, y, nanPolicy, 2);
  const statistic = correlationOf(owner, ['x', 'y'], a, b);
  return testResult("Pearson's correlation", {
    statistic,
    pvalue: correlationProbability(statistic, a.length, alternative),
    df: a.length - 2,
    alternative,
    confidenceInterval: fisherInterval(statistic, a.length, alternative, level),
  });
}

/** r of checked pairs. @throws DataError for constants */
export function correlationOf(
  owner: string,
  names: readonly [string, string],
  x: Float64Array,
  y: Float64Array,
): number {
  return cosine(directionOf(owner, names[0], x), directionOf(owner, names[1], y));
}

/** Deviations from the mean in units of the largest, and the sum of their squares. */
export interface Direction {
  readonly deviations: Float64Array;
  readonly squares: number;
}

/** r of two columns; exactly 1 or -1 where one's deviations are those of the other or their opposites. */
export function cosine(a: Direction, b: Direction): number {
  let products = 0;
  for (let i = 0; i < a.deviations.length; i++) products += a.deviations[i]! * b.deviations[i]!;
  return Math.max(-1, Math.min(1, products / Math.sqrt(a.squares * b.squares)));
}

/** Where a column points to from its mean. @throws DataError for constants */
export function directionOf(owner: string, name: string, x: Float64Array): Direction {
  const mean = meanOf(x);
  const deviations = x.map((value) => value - mean);
  const largest = deviations.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > Number.EPSILON * Math.abs(mean))) {
    throw new DataError(`${owner}: ${name} is constant, so it has no correlation with anything`);
  }
  // Divided by the largest first, so that squares neither overflow nor vanish.
  let squares = 0;
  for (let i = 0; i < deviations.length; i++) {
    deviations[i]! /= largest;
    squares += deviations[i]! * deviations[i]!;
  }
  return { deviations, squares };
}

/** How probable a correlation at least as extreme is in `n` independent pairs; 1 for 2 pairs, where |r| is always 1. */
export function correlationProbability(r: number, n: number, alternative: Alternative): number {
  if (n === 2) return 1;
  if (Math.abs(r) === 1) return alternative === 'two-sided' || r > 0 === (alternative === 'greater') ? 0 : 1;
  return tailProbability(studentT(n - 2), r * Math.sqrt((n - 2) / ((1 - r) * (1 + r))), alternative);
}

function fisherInterval(r: number, n: number, alternative: Alternative, level: number): ConfidenceInterval {
  if (n < 4) return { low: -1, high: 1, level };
  const reach = normal().isf(alternative === 'two-sided' ? (1 - level) / 2 : 1 - level) / Math.sqrt(n - 3);
  return {
    low: alternative === 'less' ? -1 : Math.tanh(Math.atanh(r) - reach),
    high: alternative === 'greater' ? 1 : Math.tanh(Math.atanh(r) + reach),
    level,
  };
}
