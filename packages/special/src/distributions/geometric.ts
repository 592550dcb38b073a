import { checkNumber, type Random, readable } from '@maru-ml/base';
import { log1mexp } from '../functions/elementary.ts';
import { discreteQuantile } from './discrete.ts';
import { checkProbability, type DiscreteDistribution, openUniform } from './distribution.ts';

/**
 * The geometric distribution: the number of trials of probability `p` up to the first success, P(X > k) = (1 - p)ᵏ for k = 0, 1, ….
 *
 * @throws OptionError unless 0 < p ≤ 1
 */
export function geometric(p: number): DiscreteDistribution {
  return new Geometric(checkNumber('geometric', 'p', p, { above: 0, max: 1 }));
}

class Geometric implements DiscreteDistribution {
  readonly #p: number;
  /** log(1 - p). */
  readonly #logFailure: number;
  /** The end of the support. */
  readonly #high: number;

  constructor(p: number) {
    this.#p = p;
    this.#logFailure = Math.log1p(-p);
    this.#high = p === 1 ? 1 : Number.POSITIVE_INFINITY;
    readable(this);
  }

  get mean(): number {
    return 1 / this.#p;
  }

  get variance(): number {
    return (1 - this.#p) / this.#p / this.#p;
  }

  get std(): number {
    return Math.sqrt(1 - this.#p) / this.#p;
  }

  pmf(k: number): number {
    return Math.exp(this.logPmf(k));
  }

  logPmf(k: number): number {
    if (!(Number.isInteger(k) && k >= 1)) return Number.isNaN(k) ? k : Number.NEGATIVE_INFINITY;
    return Math.log(this.#p) + (k > 1 ? (k - 1) * this.#logFailure : 0);
  }

  cdf(k: number): number {
    return 0 - Math.expm1(this.logSf(k));
  }

  logCdf(k: number): number {
    return log1mexp(this.logSf(k));
  }

  sf(k: number): number {
    return Math.exp(this.logSf(k));
  }

  logSf(k: number): number {
    if (Number.isNaN(k)) return k;
    return k < 1 ? 0 : Math.floor(k) * this.#logFailure;
  }

  ppf(p: number): number {
    checkProbability('geometric', 'p', p);
    return discreteQuantile(this, p, false, 1, this.#high, Math.log1p(-p) / this.#logFailure);
  }

  isf(q: number): number {
    checkProbability('geometric', 'q', q);
    return discreteQuantile(this, q, true, 1, this.#high, Math.log(q) / this.#logFailure);
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `geometric(${this.#p})`;
  }
}
