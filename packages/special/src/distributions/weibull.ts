import { checkNumber } from '@maru-ml/base';
import { log1mexp, productError } from '../functions/elementary.ts';
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
  return new LocationScale('weibull', weibullForm(shape, scale), 0, 1, [shape, scale]);
}

/** With its scale, since the power magnifies the rounding of x/scale. */
export function weibullForm(c: number, scale: number): StandardForm {
  /** The cumulative hazard -log P(X > x) = (x/scale)ᶜ for x > 0. */
  const power = (x: number) => {
    const z = x / scale;
    if (!(x > 1e-250 && x < 1e250 && scale > 1e-250 && scale < 1e250)) return z ** c;
    // What x is more than z times the scale, relatively.
    const product = z * scale;
    return z ** c * (1 + (c * (x - product - productError(z, scale, product))) / x);
  };
  const hazard = (x: number) => (x > 0 && x < Number.POSITIVE_INFINITY ? power(x) : Math.max(x, 0));
  const logPdf = (x: number) => {
    if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return edge(c, x) - Math.log(scale);
    return Math.log(c) + c * Math.log(x / scale) - Math.log(x) - power(x);
  };
  return {
    mean: scale * gamma1p(1 / c),
    variance: scale * scale * variance(c),
    pdf: (x) => Math.exp(logPdf(x)),
    logPdf,
    cdf: (x) => -Math.expm1(-hazard(x)),
    logCdf: (x) => log1mexp(-hazard(x)),
    sf: (x) => Math.exp(-hazard(x)),
    logSf: (x) => 0 - hazard(x),
    ppf: (p) => scale * (-Math.log1p(-p)) ** (1 / c),
    isf: (q) => scale * (-Math.log(q)) ** (1 / c),
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
