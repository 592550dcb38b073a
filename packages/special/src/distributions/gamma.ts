import { checkNumber, type Random, readable } from '@maru-ml/base';
import { gammaPower, incompleteGamma, logGammaPower } from '../functions/incomplete-gamma.ts';
import { inverseGamma } from '../functions/inverse-gamma.ts';
import { type ContinuousDistribution, checkProbability, openUniform } from './distribution.ts';

/**
 * The gamma distribution of shape a > 0 and scale θ > 0, of density xᵃ⁻¹ exp(-x/θ)/(Γ(a) θᵃ) for x > 0.
 *
 * @throws OptionError unless both are positive and finite
 */
export function gammaDistribution(shape: number, scale = 1): ContinuousDistribution {
  checkNumber('gammaDistribution', 'shape', shape, { above: 0 });
  checkNumber('gammaDistribution', 'scale', scale, { above: 0 });
  return new Gamma('gammaDistribution', shape, scale, `gammaDistribution(${shape}, ${scale})`);
}

/** The gamma distribution under whatever name it goes. */
export class Gamma implements ContinuousDistribution {
  readonly #owner: string;
  readonly #shape: number;
  readonly #scale: number;
  readonly #text: string;

  constructor(owner: string, shape: number, scale: number, text: string) {
    this.#owner = owner;
    this.#shape = shape;
    this.#scale = scale;
    this.#text = text;
    readable(this);
  }

  get mean(): number {
    return this.#shape * this.#scale;
  }

  get variance(): number {
    return this.#shape * this.#scale * this.#scale;
  }

  get std(): number {
    return Math.sqrt(this.#shape) * this.#scale;
  }

  pdf(x: number): number {
    const a = this.#shape;
    const t = x / this.#scale;
    if (!(t > 0 && t < Number.POSITIVE_INFINITY)) return t === 0 ? Math.exp(this.logPdf(x)) : Number.isNaN(t) ? t : 0;
    const power = gammaPower(a, t);
    // Where the power is below the smallest number the density need not be.
    return power > 1e-280 ? (power * a) / t / this.#scale : Math.exp(this.logPdf(x));
  }

  logPdf(x: number): number {
    const a = this.#shape;
    const t = x / this.#scale;
    if (t > 0 && t < Number.POSITIVE_INFINITY) {
      return logGammaPower(a, t) + Math.log(a) - Math.log(t) - Math.log(this.#scale);
    }
    if (Number.isNaN(t)) return t;
    if (t === 0 && a <= 1) return a < 1 ? Number.POSITIVE_INFINITY : -Math.log(this.#scale);
    return Number.NEGATIVE_INFINITY;
  }

  cdf(x: number): number {
    return incompleteGamma(this.#shape, x / this.#scale, false, false);
  }

  logCdf(x: number): number {
    return incompleteGamma(this.#shape, x / this.#scale, false, true);
  }

  sf(x: number): number {
    return incompleteGamma(this.#shape, x / this.#scale, true, false);
  }

  logSf(x: number): number {
    return incompleteGamma(this.#shape, x / this.#scale, true, true);
  }

  ppf(p: number): number {
    return this.#scale * inverseGamma(this.#shape, checkProbability(this.#owner, 'p', p), false);
  }

  isf(q: number): number {
    return this.#scale * inverseGamma(this.#shape, checkProbability(this.#owner, 'q', q), true);
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return this.#text;
  }
}
