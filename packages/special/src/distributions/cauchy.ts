import { checkNumber } from '@maru-ml/base';
import type { ContinuousDistribution } from './distribution.ts';
import { LocationScale } from './location-scale.ts';

/**
 * The Cauchy distribution, of density 1/(π scale (1 + z²)) with z = (x - location)/scale: Student's t of one degree of freedom. It
 * has neither mean nor variance.
 *
 * @throws OptionError unless `location` is finite and `scale` positive and finite
 */
export function cauchy(location = 0, scale = 1): ContinuousDistribution {
  checkNumber('cauchy', 'location', location);
  checkNumber('cauchy', 'scale', scale, { above: 0 });
  return new LocationScale('cauchy', STANDARD, location, scale, [location, scale]);
}

const LOG_PI = 1.1447298858494002;

const STANDARD = {
  mean: Number.NaN,
  variance: Number.NaN,
  pdf: (z: number) => 1 / (Math.PI * (1 + z * z)),
  logPdf: (z: number) => -LOG_PI - (Math.abs(z) < 1e8 ? Math.log1p(z * z) : 2 * Math.log(Math.abs(z))),
  cdf: (z: number) => above(-z),
  logCdf: (z: number) => logAbove(-z),
  sf: above,
  logSf: logAbove,
  ppf: (p: number) => -quantile(p),
  isf: quantile,
};

function above(z: number): number {
  return z > 0.5 ? Math.atan(1 / z) / Math.PI : 0.5 - Math.atan(z) / Math.PI;
}

function logAbove(z: number): number {
  return z > 0 ? Math.log(above(z)) : Math.log1p(-above(-z));
}

/** The z with P(Z > z) = q. */
function quantile(q: number): number {
  if (q > 0.5) return -quantile(1 - q);
  if (q === 0) return Number.POSITIVE_INFINITY;
  return q < 0.25 ? 1 / Math.tan(Math.PI * q) : Math.tan(Math.PI * (0.5 - q));
}
