import { checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import { kolmogorov, kolmogorovSmirnov, smirnov } from '@maru-ml/special';
import { type TestResult, testResult } from './result.ts';
import { type Alternative, checkAlternative, type TestOptions, toSample } from './sample.ts';

/** A distribution to hold a sample against: its distribution function, or what has one as `cdf`, such as `normal()` of `@maru-ml/special`. */
export type DistributionLike = ((x: number) => number) | { cdf(x: number): number };

export interface KsTestOptions extends TestOptions {
  /** Where p comes from: the exact distribution, twice that of one side, or its limit; 'auto': the exact one. */
  method?: 'auto' | 'exact' | 'approx' | 'asymp';
}

/** What the Kolmogorov-Smirnov tests tell. */
export interface KsResult extends TestResult {
  /** D: the largest distance of the distribution functions, in the direction of the alternative. */
  readonly statistic: number;
  readonly alternative: Alternative;
  readonly method: 'exact' | 'approx' | 'asymp';
  /** The number at which the distance is the largest. */
  readonly statisticLocation: number;
  /** 1 if the sample's distribution function (the first one's) is above there, else -1. */
  readonly statisticSign: 1 | -1;
}

/**
 * The Kolmogorov-Smirnov test of one sample: whether it comes from a continuous distribution F whose parameters were known before.
 *
 *   D⁺ = max (i / n - F(x₍ᵢ₎)),   D⁻ = max (F(x₍ᵢ₎) - (i - 1) / n),   D = max(D⁺, D⁻)
 *
 * The alternative 'greater' says that the true distribution function is above F somewhere (so that the numbers tend to be
 * smaller), and uses D⁺; 'less' uses D⁻. p is exact (for more than 100,000 numbers to 1e-5). If F was fitted to the sample, p is too large: use `shapiro`.
 * O(n log n) and what p takes, O(n² D).
 *
 * A. Kolmogorov, "Sulla determinazione empirica di una legge di distribuzione", Giornale dell'Istituto Italiano degli Attuari 4 (1933).
 *
 * @throws DataError for NaN, an empty sample, or an F outside 0 to 1; OptionError
 */
export function kstest(x: ArrayLike<number>, distribution: DistributionLike, options: KsTestOptions = {}): KsResult {
  const owner = 'kstest';
  checkKnown(owner, options, ['alternative', 'method', 'nanPolicy']);
  const { alternative = 'two-sided', method: wanted = 'auto', nanPolicy } = options;
  checkAlternative(owner, alternative);
  checkOneOf(owner, 'method', wanted, ['auto', 'exact', 'approx', 'asymp']);
  const cdf = cdfOf(owner, distribution);
  const sorted = toSample(owner, 'x', x, nanPolicy).sort();
  const n = sorted.length;
  const [above, below] = [
    { d: -1, at: 0 },
    { d: -1, at: 0 },
  ];
  for (let i = 0; i < n; i++) {
    const value = sorted[i]!;
    const f = cdf(value);
    if (!(f >= 0 && f <= 1))
      throw new DataError(`${owner}: the distribution function must be from 0 to 1, got ${show(f)} at ${value}`);
    if ((i + 1) / n - f > above.d) Object.assign(above, { d: (i + 1) / n - f, at: value });
    if (f - i / n > below.d) Object.assign(below, { d: f - i / n, at: value });
  }
  const up = alternative === 'greater' || (alternative === 'two-sided' && above.d > below.d);
  const { d, at } = up ? above : below;
  const method = wanted === 'auto' || alternative !== 'two-sided' ? 'exact' : wanted;
  let pvalue = smirnov(n).sf(d);
  if (alternative === 'two-sided') {
    if (method === 'exact') pvalue = twoSidedSf(d, n);
    else pvalue = method === 'asymp' ? kolmogorov().sf(Math.sqrt(n) * d) : Math.min(1, 2 * pvalue);
  }
  return testResult('Kolmogorov-Smirnov test', {
    statistic: d,
    pvalue,
    alternative,
    method,
    statisticLocation: at,
    statisticSign: up ? 1 : -1,
  });
}

export interface Ks2sampOptions extends TestOptions {
  /** Where p comes from: all orders of the numbers, or a limit; 'auto': all orders for up to 10,000 numbers in each sample. */
  method?: 'auto' | 'exact' | 'asymp';
}

/**
 * The Kolmogorov-Smirnov test of two samples: whether they come from the same continuous distribution.
 *
 * D is the largest distance of their distribution functions; the alternative 'greater' says that the first one's is above
 * somewhere (so that its numbers tend to be smaller). The exact p counts the orders of n + m different numbers with a distance at
 * least as large; with equal numbers it is too large. The limit is the distribution of one sample of n m / (n + m) numbers, or
 * Hodges' for one side. O((n + m) log(n + m)), exact O(n m).
 *
 * N. Smirnov, Bulletin Mathématique de l'Université de Moscou 2 (1939). J. Hodges, Arkiv för Matematik 3 (1958).
 *
 * @throws DataError for NaN or empty samples; OptionError, also for more than 2²⁸ pairs and method 'exact'
 *
 * @example
 * ```ts
 * import { ks2samp } from '@maru-ml/stats';
 *
 * const { statistic, pvalue } = ks2samp([1, 2, 3, 4, 5], [4.5, 5.5, 6.5, 7.5]);
 * console.log(statistic, pvalue.toFixed(4)); // 0.8 0.0794
 * ```
 */
export function ks2samp(x: ArrayLike<number>, y: ArrayLike<number>, options: Ks2sampOptions = {}): KsResult {
  const owner = 'ks2samp';
  checkKnown(owner, options, ['alternative', 'method', 'nanPolicy']);
  const { alternative = 'two-sided', method: wanted = 'auto', nanPolicy } = options;
  checkAlternative(owner, alternative);
  checkOneOf(owner, 'method', wanted, ['auto', 'exact', 'asymp']);
  const a = toSample(owner, 'x', x, nanPolicy).sort();
  const b = toSample(owner, 'y', y, nanPolicy).sort();
  const [n, m] = [a.length, b.length];
  if (wanted === 'exact' && n * m > 2 ** 28) {
    throw new OptionError(`${owner}: samples of ${n} and ${m} numbers are too large for method 'exact'`);
  }
  const { above, below } = distances(a, b);
  const up = alternative === 'greater' || (alternative === 'two-sided' && above.d >= below.d);
  const { d, at } = up ? above : below;
  const method = wanted !== 'auto' ? wanted : Math.max(n, m) <= 10000 ? 'exact' : 'asymp';
  return testResult('Kolmogorov-Smirnov test of two samples', {
    statistic: d / (n * m),
    pvalue: method === 'exact' ? exactProbability(n, m, d, alternative) : limit(n, m, d / (n * m), alternative),
    alternative,
    method,
    statisticLocation: at,
    statisticSign: up ? 1 : -1,
  });
}

function cdfOf(owner: string, distribution: unknown): (x: number) => number {
  if (typeof distribution === 'function') return distribution as (x: number) => number;
  const object = distribution as { cdf?: (x: number) => number } | null | undefined;
  if (typeof object?.cdf === 'function') return (x) => object.cdf!(x);
  throw new OptionError(
    `${owner}: distribution must be a distribution function or have one as cdf, got ${show(distribution)}; see normal() of @maru-ml/special, or ks2samp for a second sample`,
  );
}

interface Distance {
  /** n m times the distance, a whole number. */
  d: number;
  at: number;
}

/** How far the distribution function of `a` goes above and below that of `b`. */
function distances(a: Float64Array, b: Float64Array): { above: Distance; below: Distance } {
  const [n, m] = [a.length, b.length];
  const [above, below] = [
    { d: 0, at: a[0]! },
    { d: 0, at: b[0]! },
  ];
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    const value = j >= m || (i < n && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    while (i < n && a[i] === value) i++;
    while (j < m && b[j] === value) j++;
    const d = i * m - j * n;
    if (d > above.d) Object.assign(above, { d, at: value });
    if (-d > below.d) Object.assign(below, { d: -d, at: value });
  }
  return { above, below };
}

/**
 * The probability that the path of (numbers of x so far, numbers of y so far) comes to a place with a distance of at least d. All
 * orders are equally likely: the next number is of x with the share of x among those left. What arrives is taken out, so that all
 * terms are positive.
 */
function exactProbability(n: number, m: number, d: number, alternative: Alternative): number {
  if (d === 0) return 1;
  const p = new Float64Array(m + 1);
  let arrived = 0;
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      const left = n + m - i - j;
      // From (i - 1, j), still in p[j], and from (i, j - 1).
      let here = i === 0 && j === 0 ? 1 : 0;
      if (i > 0) here += (p[j]! * (n - i + 1)) / (left + 1);
      if (j > 0) here += (p[j - 1]! * (m - j + 1)) / (left + 1);
      const distance = i * m - j * n;
      const far = alternative === 'two-sided' ? Math.abs(distance) : alternative === 'greater' ? distance : -distance;
      if (far >= d) {
        arrived += here;
        here = 0;
      }
      p[j] = here;
    }
  }
  return Math.min(1, arrived);
}

/** P(Dₙ ≥ d). Beyond 100,000 numbers that of the limit, moved by 1 / (6 √n), which leaves an error of the order of 1 / n. */
function twoSidedSf(d: number, n: number): number {
  if (n <= 100_000) return kolmogorovSmirnov(n).sf(d);
  if (n * d * d > 4.5) return 2 * smirnov(n).sf(d);
  return kolmogorov().sf(Math.sqrt(n) * d + 1 / (6 * Math.sqrt(n)));
}

function limit(n: number, m: number, d: number, alternative: Alternative): number {
  const [more, less] = [Math.max(n, m), Math.min(n, m)];
  const size = (more * less) / (more + less);
  if (alternative === 'two-sided') return twoSidedSf(d, Math.max(1, roundHalfEven(size)));
  const z = Math.sqrt(size) * d;
  return Math.min(1, Math.exp(-2 * z * z - (2 * z * (more + 2 * less)) / Math.sqrt(more * less * (more + less)) / 3));
}

function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  return x - low === 0.5 ? low + (low % 2) : Math.round(x);
}
