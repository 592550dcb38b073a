import { checkTensor, type Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { greater } from './compare.ts';
import { expm1 } from './exponential.ts';
import { where } from './where.ts';

/**
 * The exponential linear unit: x where it is positive, else alpha (eˣ - 1).
 * Source: D.-A. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by ELUs", ICLR 2016.
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  return unit('elu', x, alpha);
}

/**
 * The scaled exponential linear unit, whose constants keep mean 0 and variance 1 from layer to layer.
 * Source: G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, "Self-normalizing neural networks", NeurIPS 2017.
 */
export function selu(x: Tensor): Tensor {
  return mul(unit('selu', x, 1.6732632423543772), 1.0507009873554805);
}

function unit(owner: string, x: Tensor, alpha: number): Tensor {
  checkTensor(owner, 'x', x);
  const positive = greater(x, 0);
  // No exponential of large numbers: its infinity would make the gradient NaN.
  const negative = where(positive, 0, x);
  return where(positive, x, mul(expm1(negative), alpha));
}
