import { checkInteger, checkNumber } from '@maru-ml/base';

/**
 * The edge of the cube that holds this fraction of a unit cube's volume, fraction^(1/d): what of every dimension's range it takes
 * to see so much of evenly spread data. It is the curse of dimensionality in a formula: for 1 % of the data in ten dimensions, 63 % of each.
 *
 * R. Bellman, *Adaptive Control Processes* (1961).
 *
 * @example
 * ```ts
 * import { hypercubeEdge } from '@maru-ml/linalg';
 *
 * console.log(hypercubeEdge(0.01, 10).toFixed(2)); // 0.63
 * ```
 *
 * @throws OptionError unless the fraction is from 0 to 1 and the number of dimensions an integer ≥ 1
 */
export function hypercubeEdge(fraction: number, dimensions: number): number {
  checkNumber('hypercubeEdge', 'fraction', fraction, { min: 0, max: 1 });
  checkInteger('hypercubeEdge', 'dimensions', dimensions, { min: 1 });
  return fraction ** (1 / dimensions);
}
