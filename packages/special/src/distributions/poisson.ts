import { checkNumber, type Random, readable } from '@maru-ml/base';
import { gammaPower, incompleteGamma, logGammaPower } from '../functions/incomplete-gamma.ts';
import { discreteQuantile, normalGuess } from './discrete.ts';
import { checkProbability, type DiscreteDistribution, openUniform } from './distribution.ts';

/**
 * The Poisson distribution of mean μ: P(X = k) = μᵏ exp(-μ)/k!. P(X ≤ k) = Q(k + 1, μ).
 *
 * @throws OptionError unless `mu` is ≥ 0 and finite
 * @example
 * ```ts
 * import { poisson } from '@maru-ml/special';
 *
 * console.log(poisson(3).pmf(2)); // 0.2240418076553…
 * console.log(poisson(3).logSf(1000)); // -4822.323033816…
 * ```
 */
export function poisson(mu: number): DiscreteDistribution {
  return new Poisson(checkNumber('poisson', 'mu', mu, { min: 0 }));
}

class Poisson implements DiscreteDistribution {
  readonly mean: number;

  constructor(mu: number) {
    this.mean = mu;
    readable(this);
  }

  get variance(): number {
    return this.mean;
  }

  get std(): number {
    return Math.sqrt(this.mean);
  }

  pmf(k: number): number {
    if (!(Number.isInteger(k) && k >= 0)) return Number.isNaN(k) ? k : 0;
    if (k === 0) return Math.exp(-this.mean);
    return this.mean === 0 ? 0 : gammaPower(k, this.mean);
  }

  logPmf(k: number): number {
    if (!(Number.isInteger(k) && k >= 0)) return Number.isNaN(k) ? k : Number.NEGATIVE_INFINITY;
    if (k === 0) return -this.mean;
    return this.mean === 0 ? Number.NEGATIVE_INFINITY : logGammaPower(k, this.mean);
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
    checkProbability('poisson', 'p', p);
    return this.#quantile(p, false);
  }

  isf(q: number): number {
    checkProbability('poisson', 'q', q);
    return this.#quantile(q, true);
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `poisson(${this.mean})`;
  }

  #quantile(p: number, upper: boolean): number {
    const high = this.mean === 0 ? 0 : Number.POSITIVE_INFINITY;
    return discreteQuantile(this, p, upper, 0, high, normalGuess(this, p, upper, 1));
  }

  #tail(x: number, upper: boolean, log: boolean): number {
    if (Number.isNaN(x)) return x;
    const k = Math.floor(x);
    if (k >= 0 && k < Number.POSITIVE_INFINITY) return incompleteGamma(k + 1, this.mean, !upper, log);
    const impossible = upper === k > 0;
    if (log) return impossible ? Number.NEGATIVE_INFINITY : 0;
    return impossible ? 0 : 1;
  }
}
