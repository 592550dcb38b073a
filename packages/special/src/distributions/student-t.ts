import { checkNumber, type Random, readable } from '@maru-ml/base';
import { betaln, betaSide, logBetaSide } from '../functions/beta.ts';
import { incompleteBeta } from '../functions/incomplete-beta.ts';
import { inverseBetaOdds } from '../functions/inverse-beta.ts';
import { type ContinuousDistribution, checkProbability, openUniform } from './distribution.ts';

/**
 * Student's t distribution of `df` degrees of freedom ν: that of Z/√(U/ν) for a standard normal Z and a chi-square U. With
 * x = ν/(ν + t²), P(|T| > t) = I(x; ν/2, ½).
 *
 * @throws OptionError unless `df` is positive and finite
 * @example
 * ```ts
 * import { studentT } from '@maru-ml/special';
 *
 * const t = studentT(10);
 * console.log(t.sf(20)); // 1.073031158602…
 * console.log(t.isf(0.025)); // 2.228138851986…
 * console.log(t.cdf(-20) === t.sf(20)); // true
 * ```
 */
export function studentT(df: number): ContinuousDistribution {
  return new StudentT(checkNumber('studentT', 'df', df, { above: 0 }));
}

class StudentT implements ContinuousDistribution {
  readonly #df: number;
  /** log √ν B(ν/2, ½), what the density is divided by. */
  readonly #logScale: number;

  constructor(df: number) {
    this.#df = df;
    this.#logScale = 0.5 * Math.log(df) + betaln(df / 2, 0.5);
    readable(this);
  }

  get mean(): number {
    return this.#df > 1 ? 0 : Number.NaN;
  }

  get variance(): number {
    if (this.#df > 2) return 1 / (1 - 2 / this.#df);
    return this.#df > 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  }

  get std(): number {
    return Math.sqrt(this.variance);
  }

  pdf(t: number): number {
    return Math.exp(this.logPdf(t));
  }

  logPdf(t: number): number {
    const odds = this.#odds(t);
    // Far out log(1 + t²/ν) is 2 log |t| - log ν, whether or not t² overflows.
    const log = odds < 1e20 ? Math.log1p(odds) : 2 * Math.log(Math.abs(t)) - Math.log(this.#df);
    return Number.isNaN(t) ? t : -0.5 * (this.#df + 1) * log - this.#logScale;
  }

  cdf(t: number): number {
    return this.#above(-t, false);
  }

  logCdf(t: number): number {
    return this.#above(-t, true);
  }

  sf(t: number): number {
    return this.#above(t, false);
  }

  logSf(t: number): number {
    return this.#above(t, true);
  }

  ppf(p: number): number {
    return -this.#quantile(checkProbability('studentT', 'p', p));
  }

  isf(q: number): number {
    return this.#quantile(checkProbability('studentT', 'q', q));
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `studentT(${this.#df})`;
  }

  /** P(T > t) or its logarithm. */
  #above(t: number, log: boolean): number {
    if (t < 0) return log ? Math.log1p(-this.#above(-t, false)) : 1 - this.#above(-t, false);
    const odds = this.#odds(t);
    const a = this.#df / 2;
    if (odds > 1e30) {
      // I(x; ν/2, ½) is xᵃ/(a B) but for terms of the order of x.
      const ratio = Math.sqrt(this.#df) / t;
      if (!log) return 0.5 * ratio ** this.#df * betaSide(a, 0.5, 1);
      return this.#df * (Math.log(Math.sqrt(this.#df)) - Math.log(t)) + logBetaSide(a, 0.5, 1) - Math.LN2;
    }
    const both = incompleteBeta(a, 0.5, 1 / (1 + odds), odds / (1 + odds), false, log);
    return log ? both - Math.LN2 : 0.5 * both;
  }

  /** The t with P(T > t) = q. */
  #quantile(q: number): number {
    if (q > 0.5) return -this.#quantile(1 - q);
    const a = this.#df / 2;
    // Near 0 the part between -t and t is small and has the digits: 1 - 2q is exact there.
    if (q > 0.25) return Math.sqrt(this.#df * inverseBetaOdds(0.5, a, 1 - 2 * q, false));
    return Math.sqrt(this.#df / inverseBetaOdds(a, 0.5, 2 * q, false));
  }

  /** t²/ν, which is (1 - x)/x. */
  #odds(t: number): number {
    const root = t / Math.sqrt(this.#df);
    return root * root;
  }
}
