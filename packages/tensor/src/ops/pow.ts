import { pow as powKernel } from '@maru-ml/kernels/math';
import { isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { mul, operands, sub } from './arithmetic.ts';
import { binary, castTo, sumTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { equal } from './compare.ts';
import { log } from './exponential.ts';
import { where } from './where.ts';

/** a to the power b, element by element; the operands broadcast. A negative base with a fractional exponent gives NaN. */
export function pow(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, promoted] = operands('pow', a, b);
  const dtype = isFloat(promoted) ? promoted : 'float32';
  const out = binary('pow', x, y, dtype, dtype, powKernel);
  return record('pow', out, [x, y], [x, y, out], (g, [forX, forY]) => {
    // In the dtype of the result, so that an integer exponent is differentiated as the float it stands for.
    const base = x.requiresGrad ? cast(x, dtype) : castTo(x, dtype);
    const exponent = y.requiresGrad ? cast(y, dtype) : castTo(y, dtype);
    return [
      forX ? cast(sumTo(mul(g, slopeOfBase(base, exponent)), x.shape), x.dtype) : null,
      forY ? cast(sumTo(mul(g, slopeOfExponent(base, out)), y.shape), y.dtype) : null,
    ];
  });
}

/** ∂xʸ/∂x = y xʸ⁻¹, and 0 where y = 0 (even at x = 0). */
function slopeOfBase(x: Tensor, y: Tensor): Tensor {
  return where(equal(y, 0), 0, mul(y, pow(x, sub(y, 1))));
}

/** ∂xʸ/∂y = xʸ ln x, and 0 where x = 0. */
function slopeOfExponent(x: Tensor, power: Tensor): Tensor {
  const zero = equal(x, 0);
  return where(zero, 0, mul(power, log(where(zero, 1, x))));
}
