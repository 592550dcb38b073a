import { checkNumber } from '@maru-ml/base';
import { log1mexp } from '../functions/elementary.ts';
import { gamma1p, lgamma, logGammaBend } from '../functions/gamma.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { LocationScale, type StandardForm } from './location-scale.ts';

/**
 * The Weibull distribution: P(X > x) = exp(-(x/scale)ᶜ) for x > 0, where c is the `shape`.
 *
 * @throws OptionError unless both are positive and finite
 */
export function weibull(shape: number, scale = 1): ContinuousDistribution {
  checkNumber('weibull', 'shape', shape, { above: 0 });
  checkNumber('weibull', 'scale', scale, { above: 0 });
  return new LocationScale('weibull', weibullForm(shape), 0, scale, [shape, scale]);
}

/** Of scale 1. */
export function weibullForm(c: number): StandardForm {
  /** The cumulative hazard -log P(Z > z). */
  const hazard = (z: number) => (z > 0 ? z ** c : Number.isNaN(z) ? z : 0);
  const logPdf = (z: number) => {
    if (!(z > 0 && z < Number.POSITIVE_INFINITY)) return edge(c, z);
    return Math.log(c) + (c - 1) * Math.log(z) - z ** c;
  };
  return {
    mean: gamma1p(1 / c),
    variance: variance(c),
    pdf: (z) => (z > 0 && z < Number.POSITIVE_INFINITY ? c * z ** (c - 1) * Math.exp(-(z ** c)) : Math.exp(edge(c, z))),
    logPdf,
    cdf: (z) => -Math.expm1(-hazard(z)),
    logCdf: (z) => log1mexp(-hazard(z)),
    sf: (z) => Math.exp(-hazard(z)),
    logSf: (z) => -hazard(z),
    ppf: (p) => (-Math.log1p(-p)) ** (1 / c),
    isf: (q) => (-Math.log(q)) ** (1 / c),
  };
}

/** The logarithm of the density outside (0, ∞). */
function edge(c: number, z: number): number {
  if (Number.isNaN(z)) return z;
  if (z === 0 && c <= 1) return c < 1 ? Number.POSITIVE_INFINITY : 0;
  return Number.NEGATIVE_INFINITY;
}

/** Γ(1 + 2/c) - Γ(1 + 1/c)², as Γ(1 + 1/c)² times an `expm1`, since both are nearly equal for large c. */
function variance(c: number): number {
  const r = 1 / c;
  const difference = r < 0.25 ? logGammaBend(r) : lgamma(1 + 2 * r) - 2 * lgamma(1 + r);
  return gamma1p(r) ** 2 * Math.expm1(difference);
}
