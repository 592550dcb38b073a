import { logSumExp as logSumExpKernel } from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import { checkAxes, keptShape } from '../shape.ts';
import { checkFloat, type Tensor } from '../tensor.ts';
import { mul, sub } from './arithmetic.ts';
import { equal } from './compare.ts';
import { exp } from './exponential.ts';
import { type AxisOptions, reduceAxes } from './sum.ts';
import { where } from './where.ts';

/** ln Σ exp(x) over one axis, several, or all, without overflow. Where all elements are -Infinity, so is the result, with gradient 0. */
export function logSumExp(
  x: Tensor,
  axis?: number | readonly number[],
  { keepDims = false }: AxisOptions = {},
): Tensor {
  checkFloat('logSumExp', 'x', x);
  const axes = checkAxes('logSumExp', axis, x.ndim);
  const kept = keptShape(x.shape, axes);
  const out = reduceAxes(x, axes, keepDims, logSumExpKernel);
  return record('logSumExp', out, [x], [x, out], (g) => {
    const total = out.reshape(kept);
    const shift = where(equal(total, Number.NEGATIVE_INFINITY), 0, total);
    return [mul(exp(sub(x, shift)), g.reshape(kept))];
  });
}
