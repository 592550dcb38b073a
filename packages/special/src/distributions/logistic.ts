import { checkNumber } from '@maru-ml/base';
import { expit, log1pexp, logit } from '../functions/elementary.ts';
import type { ContinuousDistribution } from './distribution.ts';
import { LocationScale } from './location-scale.ts';

/**
 * The logistic distribution: P(X ≤ x) = 1/(1 + exp(-z)) with z = (x - location)/scale.
 *
 * @throws OptionError unless `location` is finite and `scale` positive and finite
 */
export function logistic(location = 0, scale = 1): ContinuousDistribution {
  checkNumber('logistic', 'location', location);
  checkNumber('logistic', 'scale', scale, { above: 0 });
  return new LocationScale('logistic', STANDARD, location, scale, [location, scale]);
}

const STANDARD = {
  mean: 0,
  variance: 3.289868133696453,
  pdf: (z: number) => expit(z) * expit(-z),
  logPdf: (z: number) => -log1pexp(z) - log1pexp(-z),
  cdf: expit,
  logCdf: (z: number) => -log1pexp(-z),
  sf: (z: number) => expit(-z),
  logSf: (z: number) => -log1pexp(z),
  ppf: logit,
  isf: (q: number) => -logit(q),
};
