import { checkNumber, type Random, readable } from '@maru-ml/base';
import { betaPower, logBetaPower } from '../functions/beta.ts';
import { incompleteBeta } from '../functions/incomplete-beta.ts';
import { inverseBetaOdds, share } from '../functions/inverse-beta.ts';
import { type ContinuousDistribution, checkProbability, openUniform } from './distribution.ts';

/**
 * The beta distribution on (0, 1), of density xᵃ⁻¹ (1 - x)ᵇ⁻¹/B(a, b).
 *
 * @throws OptionError unless `a` and `b` are positive and finite
 */
export function betaDistribution(a: number, b: number): ContinuousDistribution {
  return new Beta(
    checkNumber('betaDistribution', 'a', a, { above: 0 }),
    checkNumber('betaDistribution', 'b', b, { above: 0 }),
  );
}

class Beta implements ContinuousDistribution {
  readonly #a: number;
  readonly #b: number;

  constructor(a: number, b: number) {
    this.#a = a;
    this.#b = b;
    readable(this);
  }

  get mean(): number {
    return 1 / (1 + this.#b / this.#a);
  }

  get variance(): number {
    const mean = this.mean;
    return mean / (1 + this.#a / this.#b) / (this.#a + this.#b + 1);
  }

  get std(): number {
    return Math.sqrt(this.variance);
  }

  pdf(x: number): number {
    if (!(x > 0 && x < 1)) return Math.exp(this.logPdf(x));
    const power = betaPower(this.#a, this.#b, x, 1 - x);
    return power > 1e-280 ? power / x / (1 - x) : Math.exp(this.logPdf(x));
  }

  logPdf(x: number): number {
    if (x > 0 && x < 1) return logBetaPower(this.#a, this.#b, x, 1 - x) - Math.log(x) - Math.log1p(-x);
    if (x === 0) return edge(this.#a, this.#b);
    if (x === 1) return edge(this.#b, this.#a);
    return Number.isNaN(x) ? x : Number.NEGATIVE_INFINITY;
  }

  cdf(x: number): number {
    return incompleteBeta(this.#a, this.#b, x, 1 - x, false, false);
  }

  logCdf(x: number): number {
    return incompleteBeta(this.#a, this.#b, x, 1 - x, false, true);
  }

  sf(x: number): number {
    return incompleteBeta(this.#a, this.#b, x, 1 - x, true, false);
  }

  logSf(x: number): number {
    return incompleteBeta(this.#a, this.#b, x, 1 - x, true, true);
  }

  ppf(p: number): number {
    return share(inverseBetaOdds(this.#a, this.#b, checkProbability('betaDistribution', 'p', p), false));
  }

  isf(q: number): number {
    return share(inverseBetaOdds(this.#a, this.#b, checkProbability('betaDistribution', 'q', q), true));
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `betaDistribution(${this.#a}, ${this.#b})`;
  }
}

/** The logarithm of the density at the edge where it goes like xᵃ⁻¹: with a = 1 it is log b. */
function edge(a: number, b: number): number {
  if (a === 1) return Math.log(b);
  return a < 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
