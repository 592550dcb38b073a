import { checkNumber } from '@maru-ml/base';
import type { ContinuousDistribution } from './distribution.ts';
import { LocationScale } from './location-scale.ts';
import { weibullForm } from './weibull.ts';

/**
 * The exponential distribution of mean `scale`: P(X > x) = exp(-x/scale). Its rate is 1/scale.
 *
 * @throws OptionError unless `scale` is positive and finite
 */
export function exponential(scale = 1): ContinuousDistribution {
  checkNumber('exponential', 'scale', scale, { above: 0 });
  return new LocationScale('exponential', weibullForm(1, scale), 0, 1, [scale]);
}
