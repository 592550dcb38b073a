import {
  reciprocal as reciprocalKernel,
  rsqrt as rsqrtKernel,
  sqrt as sqrtKernel,
  square as squareKernel,
} from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { div, mul, neg } from './arithmetic.ts';
import { unary, unaryKept } from './unary.ts';

/** √x; NaN for negative numbers. The slope at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  const out = unary('sqrt', x, sqrtKernel);
  return record('sqrt', out, [x], [out], (g) => [div(g, mul(out, 2))]);
}

/** 1 / √x; infinite at 0. */
export function rsqrt(x: Tensor): Tensor {
  const out = unary('rsqrt', x, rsqrtKernel);
  return record('rsqrt', out, [x], [out], (g) => [mul(g, mul(mul(mul(out, out), out), -0.5))]);
}

/** x². */
export function square(x: Tensor): Tensor {
  const out = unaryKept('square', x, squareKernel);
  return record('square', out, [x], [x], (g) => [mul(g, mul(x, 2))]);
}

/** 1 / x. */
export function reciprocal(x: Tensor): Tensor {
  const out = unary('reciprocal', x, reciprocalKernel);
  return record('reciprocal', out, [x], [out], (g) => [neg(mul(g, mul(out, out)))]);
}
