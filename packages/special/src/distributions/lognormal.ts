import { checkNumber, type Random, readable } from '@maru-ml/base';
import type { ContinuousDistribution } from './distribution.ts';
import { normal } from './normal.ts';

/**
 * The lognormal distribution: that of exp(Y) where Y is normal of mean `mu` and standard deviation `sigma`.
 *
 * @throws OptionError unless `mu` is finite and `sigma` positive and finite
 */
export function lognormal(mu = 0, sigma = 1): ContinuousDistribution {
  return new Lognormal(checkNumber('lognormal', 'mu', mu), checkNumber('lognormal', 'sigma', sigma, { above: 0 }));
}

class Lognormal implements ContinuousDistribution {
  readonly #mu: number;
  readonly #sigma: number;
  /** Of the logarithm. */
  readonly #normal: ContinuousDistribution;

  constructor(mu: number, sigma: number) {
    this.#mu = mu;
    this.#sigma = sigma;
    this.#normal = normal(mu, sigma);
    readable(this);
  }

  get mean(): number {
    return Math.exp(this.#mu + 0.5 * this.#sigma ** 2);
  }

  get variance(): number {
    return this.mean ** 2 * Math.expm1(this.#sigma ** 2);
  }

  get std(): number {
    return this.mean * Math.sqrt(Math.expm1(this.#sigma ** 2));
  }

  pdf(x: number): number {
    return Math.exp(this.logPdf(x));
  }

  logPdf(x: number): number {
    if (!(x > 0)) return Number.isNaN(x) ? x : Number.NEGATIVE_INFINITY;
    return x === Number.POSITIVE_INFINITY ? -x : this.#normal.logPdf(Math.log(x)) - Math.log(x);
  }

  cdf(x: number): number {
    return this.#normal.cdf(logarithm(x));
  }

  logCdf(x: number): number {
    return this.#normal.logCdf(logarithm(x));
  }

  sf(x: number): number {
    return this.#normal.sf(logarithm(x));
  }

  logSf(x: number): number {
    return this.#normal.logSf(logarithm(x));
  }

  ppf(p: number): number {
    return Math.exp(this.#normal.ppf(p));
  }

  isf(q: number): number {
    return Math.exp(this.#normal.isf(q));
  }

  sample(random: Random): number {
    return Math.exp(this.#normal.sample(random));
  }

  toString(): string {
    return `lognormal(${this.#mu}, ${this.#sigma})`;
  }
}

/** -∞ for x ≤ 0. */
function logarithm(x: number): number {
  return x <= 0 ? Number.NEGATIVE_INFINITY : Math.log(x);
}
