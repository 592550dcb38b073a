import {
  ceil as ceilKernel,
  floor as floorKernel,
  round as roundKernel,
  trunc as truncKernel,
} from '@maru-ml/kernels/tensor';
import { isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { zerosLike } from './create.ts';
import { unary } from './unary.ts';

/** The largest integer ≤ x, in x's dtype. The gradient is 0 everywhere. */
export function floor(x: Tensor): Tensor {
  if (isWhole('floor', x)) return x;
  const out = unary('floor', x, floorKernel);
  return record('floor', out, [x], [], (g) => [zerosLike(g)]);
}

/** The smallest integer ≥ x, in x's dtype. The gradient is 0 everywhere. */
export function ceil(x: Tensor): Tensor {
  if (isWhole('ceil', x)) return x;
  const out = unary('ceil', x, ceilKernel);
  return record('ceil', out, [x], [], (g) => [zerosLike(g)]);
}

/** The nearest integer, in x's dtype; halves go to the even one. The gradient is 0 everywhere. */
export function round(x: Tensor): Tensor {
  if (isWhole('round', x)) return x;
  const out = unary('round', x, roundKernel);
  return record('round', out, [x], [], (g) => [zerosLike(g)]);
}

/** x without its fraction, in x's dtype. The gradient is 0 everywhere. */
export function trunc(x: Tensor): Tensor {
  if (isWhole('trunc', x)) return x;
  const out = unary('trunc', x, truncKernel);
  return record('trunc', out, [x], [], (g) => [zerosLike(g)]);
}

/** Integers are rounded already. */
function isWhole(owner: string, x: Tensor): boolean {
  checkTensor(owner, 'x', x);
  return !isFloat(x.dtype);
}
