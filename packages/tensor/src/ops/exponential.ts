import {
  exp as expKernel,
  expm1 as expm1Kernel,
  log1p as log1pKernel,
  log as logKernel,
} from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { add, div, mul } from './arithmetic.ts';
import { unary } from './unary.ts';

/** eˣ. */
export function exp(x: Tensor): Tensor {
  const out = unary('exp', x, expKernel);
  return record('exp', out, [x], [out], (g) => [mul(g, out)]);
}

/** eˣ - 1, exact for small x too. */
export function expm1(x: Tensor): Tensor {
  const out = unary('expm1', x, expm1Kernel);
  return record('expm1', out, [x], [out], (g) => [mul(g, add(out, 1))]);
}

/** The natural logarithm; NaN for negative numbers. */
export function log(x: Tensor): Tensor {
  const out = unary('log', x, logKernel);
  return record('log', out, [x], [x], (g) => [div(g, x)]);
}

/** ln(1 + x), exact for small x too; NaN below -1. */
export function log1p(x: Tensor): Tensor {
  const out = unary('log1p', x, log1pKernel);
  return record('log1p', out, [x], [x], (g) => [div(g, add(x, 1))]);
}
