import { checkInteger, checkNumber, type Random, readable } from '@maru-ml/base';
import { betaPower, logBetaPower } from '../functions/beta.ts';
import { incompleteBeta } from '../functions/incomplete-beta.ts';
import { discreteQuantile, normalGuess } from './discrete.ts';
import { checkProbability, type DiscreteDistribution, openUniform } from './distribution.ts';

/**
 * The binomial distribution: the number of successes in `n` independent trials of probability `p`. P(X > k) = I(p; k + 1, n - k).
 *
 * @throws OptionError unless `n` is an integer from 0 to 2⁵³ - 1 and `p` in [0, 1]
 * @example
 * ```ts
 * import { binomial } from '@maru-ml/special';
 *
 * const tosses = binomial(10, 0.5);
 * console.log(tosses.pmf(5)); // 0.24609375
 * console.log(tosses.sf(8)); // 0.010742187…
 * console.log(tosses.ppf(0.975)); // 8
 * ```
 */
export function binomial(n: number, p: number): DiscreteDistribution {
  checkInteger('binomial', 'n', n, { min: 0, max: Number.MAX_SAFE_INTEGER });
  return new Binomial(n, checkNumber('binomial', 'p', p, { min: 0, max: 1 }));
}

class Binomial implements DiscreteDistribution {
  readonly #n: number;
  readonly #p: number;

  constructor(n: number, p: number) {
    this.#n = n;
    this.#p = p;
    readable(this);
  }

  get mean(): number {
    return this.#n * this.#p;
  }

  get variance(): number {
    return this.#n * this.#p * (1 - this.#p);
  }

  get std(): number {
    return Math.sqrt(this.variance);
  }

  pmf(k: number): number {
    const n = this.#n;
    const p = this.#p;
    if (!(Number.isInteger(k) && k >= 0 && k <= n)) return Number.isNaN(k) ? k : 0;
    if (p === 0 || p === 1) return k === n * p ? 1 : 0;
    if (k === 0) return p < 0.5 ? Math.exp(n * Math.log1p(-p)) : (1 - p) ** n;
    if (k === n) return p ** n;
    return betaPower(k, n - k, p, 1 - p) * (n / k / (n - k));
  }

  logPmf(k: number): number {
    const n = this.#n;
    const p = this.#p;
    if (!(Number.isInteger(k) && k >= 0 && k <= n)) return Number.isNaN(k) ? k : Number.NEGATIVE_INFINITY;
    if (p === 0 || p === 1) return k === n * p ? 0 : Number.NEGATIVE_INFINITY;
    if (k === 0) return n * Math.log1p(-p);
    if (k === n) return n * Math.log(p);
    const power = betaPower(k, n - k, p, 1 - p);
    // For p near 0 or 1 the logarithm of the power may be near 0, where the sum of large logarithms has fewer digits.
    const log = power > 1e-280 ? Math.log(power) : logBetaPower(k, n - k, p, 1 - p);
    return log + Math.log(n / k / (n - k));
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
    checkProbability('binomial', 'p', p);
    return discreteQuantile(this, p, false, 0, this.#n, normalGuess(this, p, false, 1 - 2 * this.#p));
  }

  isf(q: number): number {
    checkProbability('binomial', 'q', q);
    return discreteQuantile(this, q, true, 0, this.#n, normalGuess(this, q, true, 1 - 2 * this.#p));
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `binomial(${this.#n}, ${this.#p})`;
  }

  #tail(x: number, upper: boolean, log: boolean): number {
    if (Number.isNaN(x)) return x;
    const k = Math.floor(x);
    const impossible = upper ? k >= this.#n : k < 0;
    if (impossible || k < 0 || k >= this.#n) {
      if (log) return impossible ? Number.NEGATIVE_INFINITY : 0;
      return impossible ? 0 : 1;
    }
    return incompleteBeta(k + 1, this.#n - k, this.#p, 1 - this.#p, !upper, log);
  }
}
