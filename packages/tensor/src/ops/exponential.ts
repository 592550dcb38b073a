import { exp as expKernel, log as logKernel } from '@maru-ml/kernels/math';
import { record } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { div, mul } from './arithmetic.ts';
import { unary } from './unary.ts';

/** eˣ. */
export function exp(x: Tensor): Tensor {
  const out = unary('exp', x, expKernel);
  return record('exp', out, [x], [out], (g) => [mul(g, out)]);
}

/** The natural logarithm; NaN for negative numbers. */
export function log(x: Tensor): Tensor {
  const out = unary('log', x, logKernel);
  return record('log', out, [x], [x], (g) => [div(g, x)]);
}
