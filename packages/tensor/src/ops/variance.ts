import { OptionError, show } from '@maru-ml/base';
import { checkAxes } from '../shape.ts';
import { checkFloat, type Tensor } from '../tensor.ts';
import { div, sub } from './arithmetic.ts';
import { safeRoot } from './norm.ts';
import { square } from './roots.ts';
import { type AxisOptions, mean, sum } from './sum.ts';

export interface VarianceOptions extends AxisOptions {
  /** What is taken from the number of elements to divide by: 1 estimates a population's variance, 0 gives the sample's own; 1. */
  correction?: number;
}

/** The variance Σ (x - mean)² / (n - correction) over one axis, several, or all. NaN where n ≤ correction. */
export function variance(
  x: Tensor,
  axis?: number | readonly number[],
  { keepDims = false, correction = 1 }: VarianceOptions = {},
): Tensor {
  checkFloat('variance', 'x', x);
  if (!Number.isFinite(correction)) {
    throw new OptionError(`variance: correction must be a finite number, got ${show(correction)}`);
  }
  const axes = checkAxes('variance', axis, x.ndim);
  const count = axes.reduce((n, i) => n * x.shape[i]!, 1);
  const deviation = sub(x, mean(x, axes, { keepDims: true }));
  // As PyTorch: too few elements give 0 / 0, not a negative variance.
  return div(sum(square(deviation), axes, { keepDims }), Math.max(0, count - correction));
}

/** The standard deviation, the root of `variance`. Its gradient where all elements are equal is 0. */
export function std(x: Tensor, axis?: number | readonly number[], options?: VarianceOptions): Tensor {
  checkFloat('std', 'x', x);
  return safeRoot(variance(x, checkAxes('std', axis, x.ndim), options), 2);
}
