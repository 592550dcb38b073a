import { pow as powKernel } from '@maru-ml/kernels/tensor';
import { isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { emptyTensor, type Tensor, type TensorLike, view } from '../tensor.ts';
import { add, mul, operands, sub } from './arithmetic.ts';
import { binary, castTo, sumTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { log } from './exponential.ts';

/**
 * a to the power b, element by element; the operands broadcast. Integers are raised as float32. A negative base with a fractional
 * exponent gives NaN.
 */
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
      forY ? cast(sumTo(mul(g, slopeOfExponent(base, exponent, out)), y.shape), y.dtype) : null,
    ];
  });
}

/** ∂xʸ/∂x = y xʸ⁻¹, and 0 where y = 0 (even at x = 0). */
function slopeOfBase(x: Tensor, y: Tensor): Tensor {
  const zeros = zerosOf(y);
  if (zeros === null) return mul(y, pow(x, sub(y, 1)));
  return mul(mul(y, pow(x, sub(add(y, zeros), 1))), sub(1, zeros));
}

/** ∂xʸ/∂y = xʸ ln x, and 0 where x = 0. */
function slopeOfExponent(x: Tensor, y: Tensor, power: Tensor): Tensor {
  const zeros = zerosOf(x);
  if (zeros === null) return mul(power, log(x));
  const base = add(x, zeros);
  return mul(mul(pow(base, y), log(base)), sub(1, zeros));
}

/**
 * 1 where an element is 0, else 0; null if none is. Zeros are made ones before a slope is computed and the slope there 0 after,
 * which asks for no other operations than those that every tensor has.
 */
function zerosOf(t: Tensor): Tensor | null {
  if (!view(t).includes(0)) return null;
  const out = emptyTensor(t.shape, t.dtype);
  view(out).set(view(t).map((value) => (value === 0 ? 1 : 0)));
  return out;
}
