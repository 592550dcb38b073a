import { silu as siluKernel } from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { tanh } from './hyperbolic.ts';
import { sigmoid, softplus } from './sigmoid.ts';
import { unary } from './unary.ts';

/**
 * x · sigmoid(x), also called swish.
 * Source: P. Ramachandran, B. Zoph, Q. V. Le, "Searching for activation functions", arXiv:1710.05941 (2017).
 */
export function silu(x: Tensor): Tensor {
  const out = unary('silu', x, siluKernel);
  return record('silu', out, [x], [x], (g) => {
    const s = sigmoid(x);
    return [mul(g, mul(s, add(mul(x, sub(1, s)), 1)))];
  });
}

/**
 * x · tanh(softplus(x)).
 * Source: D. Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020.
 */
export function mish(x: Tensor): Tensor {
  checkTensor('mish', 'x', x);
  return mul(x, tanh(softplus(x)));
}
