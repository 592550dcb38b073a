import { checkNumber, type Random, readable } from '@maru-ml/base';
import { betaPower, logBetaPower } from '../functions/beta.ts';
import { incompleteBeta } from '../functions/incomplete-beta.ts';
import { inverseBetaOdds, share } from '../functions/inverse-beta.ts';
import { type ContinuousDistribution, checkProbability, openUniform } from './distribution.ts';

/**
 * Fisher's F distribution of `d1` and `d2` degrees of freedom: that of (U/d1)/(V/d2) for independent chi-square U and V. With
 * x = d1 f/(d1 f + d2), P(F ≤ f) = I(x; d1/2, d2/2).
 *
 * @throws OptionError unless both are positive and finite
 * @example
 * ```ts
 * import { fisherF } from '@maru-ml/special';
 *
 * console.log(fisherF(13, 492).sf(108.1)); // 6.464879695199…
 * console.log(fisherF(2, 27).isf(0.05)); // 3.354130828529…
 * ```
 */
export function fisherF(d1: number, d2: number): ContinuousDistribution {
  return new FisherF(checkNumber('fisherF', 'd1', d1, { above: 0 }), checkNumber('fisherF', 'd2', d2, { above: 0 }));
}

class FisherF implements ContinuousDistribution {
  readonly #d1: number;
  readonly #d2: number;

  constructor(d1: number, d2: number) {
    this.#d1 = d1;
    this.#d2 = d2;
    readable(this);
  }

  get mean(): number {
    return this.#d2 > 2 ? 1 / (1 - 2 / this.#d2) : Number.POSITIVE_INFINITY;
  }

  get variance(): number {
    const d1 = this.#d1;
    const d2 = this.#d2;
    if (d2 <= 4) return d2 > 2 ? Number.POSITIVE_INFINITY : Number.NaN;
    return (2 * (1 + (d2 - 2) / d1) * (d2 / (d2 - 2)) * (d2 / (d2 - 2))) / (d2 - 4);
  }

  get std(): number {
    return Math.sqrt(this.variance);
  }

  pdf(f: number): number {
    if (!(f > 0 && f < Number.POSITIVE_INFINITY)) return f === 0 ? Math.exp(this.logPdf(f)) : Number.isNaN(f) ? f : 0;
    const odds = this.#odds(f);
    const power = betaPower(this.#d1 / 2, this.#d2 / 2, share(odds), share(1 / odds));
    return power > 1e-280 ? power / f : Math.exp(this.logPdf(f));
  }

  logPdf(f: number): number {
    const d1 = this.#d1;
    if (f > 0 && f < Number.POSITIVE_INFINITY) {
      const odds = this.#odds(f);
      return logBetaPower(d1 / 2, this.#d2 / 2, share(odds), share(1 / odds)) - Math.log(f);
    }
    if (Number.isNaN(f)) return f;
    if (f === 0 && d1 <= 2) return d1 < 2 ? Number.POSITIVE_INFINITY : 0;
    return Number.NEGATIVE_INFINITY;
  }

  cdf(f: number): number {
    return this.#tail(f, false, false);
  }

  logCdf(f: number): number {
    return this.#tail(f, false, true);
  }

  sf(f: number): number {
    return this.#tail(f, true, false);
  }

  logSf(f: number): number {
    return this.#tail(f, true, true);
  }

  ppf(p: number): number {
    return this.#fromOdds(inverseBetaOdds(this.#d1 / 2, this.#d2 / 2, checkProbability('fisherF', 'p', p), false));
  }

  isf(q: number): number {
    return this.#fromOdds(inverseBetaOdds(this.#d1 / 2, this.#d2 / 2, checkProbability('fisherF', 'q', q), true));
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `fisherF(${this.#d1}, ${this.#d2})`;
  }

  #tail(f: number, upper: boolean, log: boolean): number {
    const odds = f > 0 ? this.#odds(f) : Number.isNaN(f) ? f : 0;
    return incompleteBeta(this.#d1 / 2, this.#d2 / 2, share(odds), odds === 0 ? 1 : share(1 / odds), upper, log);
  }

  /** x/(1 - x) = f d1/d2. */
  #odds(f: number): number {
    const product = f * this.#d1;
    return product < Number.POSITIVE_INFINITY ? product / this.#d2 : f * (this.#d1 / this.#d2);
  }

  #fromOdds(odds: number): number {
    const product = odds * this.#d2;
    return product < Number.POSITIVE_INFINITY ? product / this.#d1 : odds * (this.#d2 / this.#d1);
  }
}
