import { checkNumber } from '@maru-ml/base';
import type { ContinuousDistribution } from './distribution.ts';
import { Gamma } from './gamma.ts';

/**
 * The chi-square distribution of `df` degrees of freedom, that of a sum of `df` squared standard normal numbers: the gamma
 * distribution of shape df/2 and scale 2.
 *
 * @throws OptionError unless `df` is positive and finite
 * @example
 * ```ts
 * import { chiSquare } from '@maru-ml/special';
 *
 * console.log(chiSquare(2).sf(783.126)); // 8.837914230041…
 * console.log(chiSquare(3).isf(0.05)); // 7.8147279032511…
 * ```
 */
export function chiSquare(df: number): ContinuousDistribution {
  return new Gamma('chiSquare', checkNumber('chiSquare', 'df', df, { above: 0 }) / 2, 2, `chiSquare(${df})`);
}
