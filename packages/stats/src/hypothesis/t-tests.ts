import { checkBoolean, checkKnown, checkNumber, DataError } from '@maru-ml/base';
import { studentT } from '@maru-ml/special';
import { isConstant, meanOf, squaresAround } from '../descriptive/moments.ts';
import { type ConfidenceInterval, type TestResult, tailProbability, testResult } from './result.ts';
import { type Alternative, checkAlternative, type TestOptions, toPairs, toSample } from './sample.ts';

export interface TTestOptions extends TestOptions {
  /** The share of samples whose confidence interval holds the true value; .95. */
  confidenceLevel?: number;
}

export interface TTestIndOptions extends TTestOptions {
  /** Assume that both populations have the same variance (Student); else Welch's test; true. */
  equalVar?: boolean;
}

/** What a t test tells. */
export interface TTestResult extends TestResult {
  /** Degrees of freedom; not whole in Welch's test. */
  readonly df: number;
  readonly alternative: Alternative;
  /** The mean, or the difference of means. */
  readonly estimate: number;
  /** The standard error of `estimate`. */
  readonly standardError: number;
  /** An interval for `estimate`, open to one side if the alternative is one-sided. */
  readonly confidenceInterval: ConfidenceInterval;
  /** Cohen's d: how many standard deviations the estimate is from what the null hypothesis says. */
  readonly effectSize: number;
}

/**
 * The t test of one sample: whether its population has the mean `popmean`.
 *
 *   t = (x̄ - μ₀) / (s / √n), with n - 1 degrees of freedom
 *
 * The effect size is (x̄ - μ₀) / s. O(n). Student, "The probable error of a mean", Biometrika 6 (1908).
 *
 * @throws DataError for NaN, fewer than 2 numbers or a constant sample; OptionError
 *
 * @example
 * ```ts
 * import { ttest1samp } from '@maru-ml/stats';
 *
 * console.log(ttest1samp([5.1, 4.9, 5.6, 5.8, 5.2], 5).pvalue.toFixed(4)); // 0.1254
 * ```
 */
export function ttest1samp(x: ArrayLike<number>, popmean: number, options: TTestOptions = {}): TTestResult {
  const owner = 'ttest1samp';
  const settings = checkTTest(owner, options, []);
  checkNumber(owner, 'popmean', popmean);
  const { n, mean, squares } = summaryOf(owner, 'x', toSample(owner, 'x', x, options.nanPolicy, 2));
  return oneSample('One-sample t test', owner, 'x', n, mean, squares, popmean, settings);
}

/**
 * The t test of pairs: whether the differences xᵢ - yᵢ have the mean 0. It is `ttest1samp` of the differences.
 *
 * @throws DataError for NaN, fewer than 2 pairs or constant differences; ShapeError for other lengths; OptionError
 */
export function ttestRel(x: ArrayLike<number>, y: ArrayLike<number>, options: TTestOptions = {}): TTestResult {
  const owner = 'ttestRel';
  const settings = checkTTest(owner, options, []);
  const [first, second] = toPairs(owner, ['x', 'y'], x, y, options.nanPolicy, 2);
  const { n, mean, squares } = summaryOf(
    owner,
    'x - y',
    first.map((value, i) => value - second[i]!),
  );
  return oneSample('Paired t test', owner, 'x - y', n, mean, squares, 0, settings);
}

/**
 * The t test of two independent samples: whether their populations have the same mean.
 *
 *   t = (x̄ - ȳ) / √(s² (1/n + 1/m)), with the pooled variance s² and n + m - 2 degrees of freedom; or without `equalVar`
 *   t = (x̄ - ȳ) / √(v + w), v = s_x²/n, w = s_y²/m, with (v + w)² / (v²/(n - 1) + w²/(m - 1)) degrees of freedom
 *
 * The effect size is (x̄ - ȳ) / s, in Welch's test with the root of the mean of both variances for s. O(n + m).
 * B. Welch, "The generalization of Student's problem when several different population variances are involved", Biometrika 34 (1947).
 *
 * @throws DataError for NaN, too few numbers or two constant samples; OptionError
 *
 * @example
 * ```ts
 * import { ttestInd } from '@maru-ml/stats';
 *
 * console.log(ttestInd([1, 2, 3, 4], [3, 4, 5, 6], { equalVar: false }));
 * // Welch's t test
 * //   statistic           -2.19089
 * //   pvalue              0.0709877
 * //   df                  6
 * //   alternative         two-sided
 * //   estimate            -2
 * //   standardError       0.912871
 * //   confidenceInterval  [-4.23371, 0.233715] at 95%
 * //   effectSize          -1.54919
 * ```
 */
export function ttestInd(x: ArrayLike<number>, y: ArrayLike<number>, options: TTestIndOptions = {}): TTestResult {
  const owner = 'ttestInd';
  const settings = checkTTest(owner, options, ['equalVar']);
  const { equalVar = true, nanPolicy } = options;
  checkBoolean(owner, 'equalVar', equalVar);
  const least = equalVar ? 1 : 2;
  const a = summaryOf(owner, 'x', toSample(owner, 'x', x, nanPolicy, least));
  const b = summaryOf(owner, 'y', toSample(owner, 'y', y, nanPolicy, least));
  if (a.n + b.n < 3) throw new DataError(`${owner}: x and y must have at least 3 numbers together, got 2`);
  if (isConstant(a.n, a.mean, a.squares) && isConstant(b.n, b.mean, b.squares)) {
    throw new DataError(`${owner}: x and y are constant, so their difference has no standard error`);
  }
  const estimate = a.mean - b.mean;
  if (equalVar) {
    const df = a.n + b.n - 2;
    const variance = (a.squares + b.squares) / df;
    const error = Math.sqrt(variance * (1 / a.n + 1 / b.n));
    return finish("Student's t test", estimate, 0, error, df, Math.sqrt(variance), settings);
  }
  const [varianceA, varianceB] = [a.squares / (a.n - 1), b.squares / (b.n - 1)];
  const [v, w] = [varianceA / a.n, varianceB / b.n];
  // Divided by the larger first, so that squares of tiny variances do not vanish.
  const scale = Math.max(v, w);
  const [p, q] = [v / scale, w / scale];
  const df = (p + q) ** 2 / (p ** 2 / (a.n - 1) + q ** 2 / (b.n - 1));
  return finish("Welch's t test", estimate, 0, Math.sqrt(v + w), df, Math.sqrt((varianceA + varianceB) / 2), settings);
}

interface Settings {
  alternative: Alternative;
  confidenceLevel: number;
}

function checkTTest(owner: string, options: TTestOptions, more: string[]): Settings {
  checkKnown(owner, options, ['alternative', 'confidenceLevel', 'nanPolicy', ...more]);
  const { alternative = 'two-sided', confidenceLevel = 0.95 } = options;
  checkAlternative(owner, alternative);
  checkNumber(owner, 'confidenceLevel', confidenceLevel, { above: 0, below: 1 });
  return { alternative, confidenceLevel };
}

interface Summary {
  n: number;
  mean: number;
  squares: number;
}

function summaryOf(owner: string, name: string, x: Float64Array): Summary {
  const mean = meanOf(x);
  const squares = squaresAround(x, mean);
  if (!Number.isFinite(mean) || !Number.isFinite(squares)) {
    throw new DataError(`${owner}: squares of ${name} overflow; divide all numbers by a constant first`);
  }
  return { n: x.length, mean, squares };
}

function oneSample(
  title: string,
  owner: string,
  name: string,
  n: number,
  mean: number,
  squares: number,
  popmean: number,
  settings: Settings,
): TTestResult {
  if (isConstant(n, mean, squares)) {
    throw new DataError(`${owner}: ${name} is constant, so its mean has no standard error`);
  }
  const deviation = Math.sqrt(squares / (n - 1));
  return finish(title, mean, popmean, deviation / Math.sqrt(n), n - 1, deviation, settings);
}

function finish(
  title: string,
  estimate: number,
  expected: number,
  standardError: number,
  df: number,
  deviation: number,
  { alternative, confidenceLevel: level }: Settings,
): TTestResult {
  const distribution = studentT(df);
  const statistic = (estimate - expected) / standardError;
  const reach = standardError * distribution.isf(alternative === 'two-sided' ? (1 - level) / 2 : 1 - level);
  return testResult(title, {
    statistic,
    pvalue: tailProbability(distribution, statistic, alternative),
    df,
    alternative,
    estimate,
    standardError,
    confidenceInterval: {
      low: alternative === 'less' ? Number.NEGATIVE_INFINITY : estimate - reach,
      high: alternative === 'greater' ? Number.POSITIVE_INFINITY : estimate + reach,
      level,
    },
    effectSize: (estimate - expected) / deviation,
  });
}
