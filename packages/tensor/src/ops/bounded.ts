import { checkTensor, type Tensor } from '../tensor.ts';
import { add, div } from './arithmetic.ts';
import { clamp } from './extremes.ts';
import { abs } from './sign.ts';

/** x / (1 + |x|), from (-1, 1). */
export function softsign(x: Tensor): Tensor {
  checkTensor('softsign', 'x', x);
  return div(x, add(abs(x), 1));
}

/** x, but no less than `min` and no more than `max`: a tanh of straight lines. */
export function hardtanh(x: Tensor, min = -1, max = 1): Tensor {
  checkTensor('hardtanh', 'x', x);
  return clamp(x, min, max);
}

/** 0 up to -1/2, then x + 1/2, and 1 from 1/2 on: a sigmoid of straight lines. */
export function piecewiseLinear(x: Tensor): Tensor {
  checkTensor('piecewiseLinear', 'x', x);
  return clamp(add(x, 0.5), 0, 1);
}
