import { abs as absKernel, sign as signKernel } from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { add, mul } from './arithmetic.ts';
import { zerosLike } from './create.ts';
import { unaryKept } from './unary.ts';

/** |x|. The gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  const out = unaryKept('abs', x, absKernel);
  return record('abs', out, [x], [x], (g) => [mul(g, sign(x))]);
}

/** -1, 0 or 1 as x is negative, zero or positive. The gradient is 0 everywhere. */
export function sign(x: Tensor): Tensor {
  const out = unaryKept('sign', x, signKernel);
  return record('sign', out, [x], [], (g) => [zerosLike(g)]);
}

/** The unit step: 0 for negative x, 1/2 at 0 and 1 for positive x. The gradient is 0 everywhere. */
export function step(x: Tensor): Tensor {
  checkTensor('step', 'x', x);
  return mul(add(sign(x), 1), 0.5);
}
