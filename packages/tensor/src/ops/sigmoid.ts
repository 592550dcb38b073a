import {
  logSigmoid as logSigmoidKernel,
  sigmoidBackward,
  sigmoid as sigmoidKernel,
  softplus as softplusKernel,
} from '@maru-ml/kernels/tensor';
import { isGradEnabled, record } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { mul, neg, sub } from './arithmetic.ts';
import { binary } from './broadcast.ts';
import { unary } from './unary.ts';

/** The logistic function 1 / (1 + e⁻ˣ), from (0, 1). */
export function sigmoid(x: Tensor): Tensor {
  const out = unary('sigmoid', x, sigmoidKernel);
  return record('sigmoid', out, [x], [out], (g) => [
    isGradEnabled() ? mul(g, mul(out, sub(1, out))) : binary('sigmoid', out, g, out.dtype, out.dtype, sigmoidBackward),
  ]);
}

/** ln sigmoid(x) = -ln(1 + e⁻ˣ), without loss where the sigmoid is near 0 or 1. */
export function logSigmoid(x: Tensor): Tensor {
  const out = unary('logSigmoid', x, logSigmoidKernel);
  return record('logSigmoid', out, [x], [x], (g) => [mul(g, sigmoid(neg(x)))]);
}

/** ln(1 + eˣ), a smooth relu, without overflow. */
export function softplus(x: Tensor): Tensor {
  const out = unary('softplus', x, softplusKernel);
  return record('softplus', out, [x], [x], (g) => [mul(g, sigmoid(x))]);
}
