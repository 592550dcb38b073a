import { OptionError, show } from '@maru-ml/base';
import { checkAxes } from '../shape.ts';
import { checkFloat, type Tensor } from '../tensor.ts';
import { equal } from './compare.ts';
import { max, min } from './extrema.ts';
import { pow } from './pow.ts';
import { sqrt, square } from './roots.ts';
import { abs, sign } from './sign.ts';
import { type AxisOptions, sum } from './sum.ts';
import { where } from './where.ts';

/**
 * The norm (Σ |xᵢ|ᵖ)^(1/p) over one axis, several, or all: p = 2 is Euclid's and, over two axes, Frobenius's; 1 sums the
 * absolute values, Infinity takes the largest and -Infinity the smallest, 0 counts what is not 0. The gradient at a zero
 * vector is 0.
 */
export function norm(
  x: Tensor,
  p = 2,
  axis?: number | readonly number[],
  { keepDims = false }: AxisOptions = {},
): Tensor {
  checkFloat('norm', 'x', x);
  if (typeof p !== 'number' || Number.isNaN(p)) throw new OptionError(`norm: p must be a number, got ${show(p)}`);
  const axes = checkAxes('norm', axis, x.ndim);
  if (p === 2) return safeRoot(sum(square(x), axes, { keepDims }), 2);
  if (p === 1) return sum(abs(x), axes, { keepDims });
  if (p === Number.POSITIVE_INFINITY) return max(abs(x), axes, { keepDims });
  if (p === Number.NEGATIVE_INFINITY) return min(abs(x), axes, { keepDims });
  if (p === 0) return sum(abs(sign(x)), axes, { keepDims });
  return safeRoot(sum(powerOfSize(x, p), axes, { keepDims }), p);
}

/** The p-th root, with gradient 0 where the root is 0 (or, for negative p, where the sum is infinite). */
export function safeRoot(x: Tensor, p: number): Tensor {
  const flat = equal(x, p > 0 ? 0 : Number.POSITIVE_INFINITY);
  const inner = where(flat, 1, x);
  return where(flat, 0, p === 2 ? sqrt(inner) : pow(inner, 1 / p));
}

/** |x|ᵖ, with gradient 0 at 0, where a power below 1 is infinitely steep. */
function powerOfSize(x: Tensor, p: number): Tensor {
  const zero = equal(x, 0);
  return where(zero, p > 0 ? 0 : Number.POSITIVE_INFINITY, pow(abs(where(zero, 1, x)), p));
}
