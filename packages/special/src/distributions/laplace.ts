import { checkNumber } from '@maru-ml/base';
import type { ContinuousDistribution } from './distribution.ts';
import { LocationScale } from './location-scale.ts';

/**
 * The Laplace distribution, of density exp(-|z|)/(2 scale) with z = (x - location)/scale.
 *
 * @throws OptionError unless `location` is finite and `scale` positive and finite
 */
export function laplace(location = 0, scale = 1): ContinuousDistribution {
  checkNumber('laplace', 'location', location);
  checkNumber('laplace', 'scale', scale, { above: 0 });
  return new LocationScale('laplace', STANDARD, location, scale, [location, scale]);
}

const STANDARD = {
  mean: 0,
  variance: 2,
  pdf: (z: number) => 0.5 * Math.exp(-Math.abs(z)),
  logPdf: (z: number) => -Math.abs(z) - Math.LN2,
  cdf: (z: number) => above(-z),
  logCdf: (z: number) => logAbove(-z),
  sf: above,
  logSf: logAbove,
  ppf: (p: number) => -quantile(p),
  isf: quantile,
};

function above(z: number): number {
  return z < 0 ? 0.5 - 0.5 * Math.expm1(z) : 0.5 * Math.exp(-z);
}

function logAbove(z: number): number {
  return z < 0 ? Math.log1p(-0.5 * Math.exp(z)) : -z - Math.LN2;
}

/** The z with P(Z > z) = q. */
function quantile(q: number): number {
  return q > 0.5 ? Math.log(2 * (1 - q)) : -Math.log(2 * q);
}
