import { OptionError, type Random, show } from '@maru-ml/base';

/** What every distribution answers. NaN as an argument gives NaN; x outside the support gives the limits. */
export interface TailDistribution {
  /** P(X ≤ x), to full relative precision where it is small. */
  cdf(x: number): number;
  /** log P(X ≤ x), also where P is below the smallest number. */
  logCdf(x: number): number;
  /** P(X > x), the survival function; never taken as 1 - cdf where it is small. */
  sf(x: number): number;
  /** log P(X > x), also where P is below the smallest number. */
  logSf(x: number): number;
  /** The quantile: the x with cdf(x) = p. @throws OptionError for p outside [0, 1] */
  ppf(p: number): number;
  /** The upper quantile: the x with sf(x) = q, with full precision for q near 0. @throws OptionError for q outside [0, 1] */
  isf(q: number): number;
  toString(): string;
}

/** What those have that are more than the distribution of a test's statistic. */
interface Distribution extends TailDistribution {
  /** NaN where there is none, ∞ where it is infinite. */
  readonly mean: number;
  readonly variance: number;
  /** √variance. */
  readonly std: number;
  /** One number drawn with `random`, by inversion: the quantile of a uniform number (the normal by Marsaglia's polar method). */
  sample(random: Random): number;
}

export interface ContinuousDistribution extends Distribution {
  /** The density at x. */
  pdf(x: number): number;
  /** Its logarithm. */
  logPdf(x: number): number;
}

/** A distribution on whole numbers. Its quantiles are the smallest k with cdf(k) ≥ p, or sf(k) ≤ q. */
export interface DiscreteDistribution extends Distribution {
  /** P(X = k); 0 where k is no whole number. */
  pmf(k: number): number;
  /** Its logarithm. */
  logPmf(k: number): number;
}

/** A probability, or NaN. */
export function checkProbability(owner: string, name: 'p' | 'q', value: number): number {
  if ((value >= 0 && value <= 1) || Number.isNaN(value)) return value;
  throw new OptionError(`${owner}: ${name} must be a number ≥ 0 and ≤ 1, got ${show(value)}`);
}

/** A number from (0, 1), of 53 random bits. */
export function openUniform(random: Random): number {
  for (;;) {
    const u = random.uniform();
    if (u > 0) return u;
  }
}
