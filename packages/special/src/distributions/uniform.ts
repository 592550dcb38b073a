import { checkNumber, OptionError } from '@maru-ml/base';
import type { ContinuousDistribution } from './distribution.ts';
import { LocationScale } from './location-scale.ts';

/**
 * The uniform distribution between `low` and `high`.
 *
 * @throws OptionError unless both are finite and low < high
 */
export function uniform(low = 0, high = 1): ContinuousDistribution {
  checkNumber('uniform', 'low', low);
  checkNumber('uniform', 'high', high);
  if (!(low < high && high - low < Number.POSITIVE_INFINITY)) {
    throw new OptionError(`uniform: low must be below high by a finite number, got ${low} and ${high}`);
  }
  return new LocationScale('uniform', STANDARD, low, high - low, [low, high]);
}

const inside = (z: number) => Math.min(Math.max(z, 0), 1);

const STANDARD = {
  mean: 0.5,
  variance: 1 / 12,
  pdf: (z: number) => (z >= 0 && z <= 1 ? 1 : Number.isNaN(z) ? z : 0),
  logPdf: (z: number) => (z >= 0 && z <= 1 ? 0 : Number.isNaN(z) ? z : Number.NEGATIVE_INFINITY),
  cdf: inside,
  logCdf: (z: number) => (z < 0.5 ? Math.log(inside(z)) : Math.log1p(-inside(1 - z))),
  sf: (z: number) => inside(1 - z),
  logSf: (z: number) => Math.log1p(-inside(z)),
  ppf: (p: number) => p,
  isf: (q: number) => 1 - q,
};
