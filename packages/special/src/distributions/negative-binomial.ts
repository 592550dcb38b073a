import { checkNumber, type Random, readable } from '@maru-ml/base';
import { betaPower, logBetaPower } from '../functions/beta.ts';
import { incompleteBeta } from '../functions/incomplete-beta.ts';
import { discreteQuantile, normalGuess } from './discrete.ts';
import { checkProbability, type DiscreteDistribution, openUniform } from './distribution.ts';

/**
 * The negative binomial distribution: the number of failures before the `r`-th success in trials of probability `p`,
 * P(X = k) = Γ(r + k)/(k! Γ(r)) pʳ (1 - p)ᵏ. r need not be whole. P(X ≤ k) = I(p; r, k + 1).
 *
 * @throws OptionError unless `r` is positive and finite and 0 < p ≤ 1
 */
export function negativeBinomial(r: number, p: number): DiscreteDistribution {
  checkNumber('negativeBinomial', 'r', r, { above: 0 });
  return new NegativeBinomial(r, checkNumber('negativeBinomial', 'p', p, { above: 0, max: 1 }));
}

class NegativeBinomial implements DiscreteDistribution {
  readonly #r: number;
  readonly #p: number;

  constructor(r: number, p: number) {
    this.#r = r;
    this.#p = p;
    readable(this);
  }

  get mean(): number {
    return (this.#r * (1 - this.#p)) / this.#p;
  }

  get variance(): number {
    return this.mean / this.#p;
  }

  get std(): number {
    return Math.sqrt(this.variance);
  }

  pmf(k: number): number {
    if (!(Number.isInteger(k) && k >= 0)) return Number.isNaN(k) ? k : 0;
    if (k === 0) return this.#p ** this.#r;
    if (this.#p === 1) return 0;
    const power = betaPower(this.#r, k, this.#p, 1 - this.#p);
    return power > 1e-280 ? power / k : Math.exp(this.logPmf(k));
  }

  logPmf(k: number): number {
    if (!(Number.isInteger(k) && k >= 0)) return Number.isNaN(k) ? k : Number.NEGATIVE_INFINITY;
    if (k === 0) return this.#r * Math.log(this.#p);
    if (this.#p === 1) return Number.NEGATIVE_INFINITY;
    return logBetaPower(this.#r, k, this.#p, 1 - this.#p) - Math.log(k);
  }

  cdf(k: number): number {
    return this.#tail(k, false, false);
  }

  logCdf(k: number): number {
    return this.#tail(k, false, true);
  }

  sf(k: number): number {
    return this.#tail(k, true, false);
  }

  logSf(k: number): number {
    return this.#tail(k, true, true);
  }

  ppf(p: number): number {
    checkProbability('negativeBinomial', 'p', p);
    return this.#quantile(p, false);
  }

  isf(q: number): number {
    checkProbability('negativeBinomial', 'q', q);
    return this.#quantile(q, true);
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `negativeBinomial(${this.#r}, ${this.#p})`;
  }

  #quantile(p: number, upper: boolean): number {
    const guess = normalGuess(this, p, upper, (2 - this.#p) / this.#p);
    return discreteQuantile(this, p, upper, 0, this.#p === 1 ? 0 : Number.POSITIVE_INFINITY, guess);
  }

  #tail(x: number, upper: boolean, log: boolean): number {
    if (Number.isNaN(x)) return x;
    const k = Math.floor(x);
    if (k >= 0 && k < Number.POSITIVE_INFINITY) {
      return incompleteBeta(this.#r, k + 1, this.#p, 1 - this.#p, upper, log);
    }
    const impossible = upper === k > 0;
    if (log) return impossible ? Number.NEGATIVE_INFINITY : 0;
    return impossible ? 0 : 1;
  }
}
