import { DataError } from '@maru-ml/base';
import { remainder as remainderKernel } from '@maru-ml/kernels/tensor';
import { isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { type Tensor, type TensorLike, view } from '../tensor.ts';
import { div, mul, neg, operands } from './arithmetic.ts';
import { binary, sumTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { floor } from './rounding.ts';

/**
 * a - b ⌊a / b⌋, element by element; the operands broadcast. The result has the sign of b, as in Python.
 *
 * @throws DataError where an integer is divided by 0 (floats give NaN)
 */
export function remainder(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, dtype] = operands('remainder', a, b);
  if (!isFloat(dtype) && view(y).includes(0)) {
    throw new DataError('remainder: b has a zero, which no integer can be divided by; cast to float32 for NaN');
  }
  const out = binary('remainder', x, y, dtype, dtype, remainderKernel);
  return record('remainder', out, [x, y], [x, y], (g, [forX, forY]) => [
    forX ? cast(sumTo(g, x.shape), x.dtype) : null,
    forY ? cast(sumTo(neg(mul(g, floor(div(x, y)))), y.shape), y.dtype) : null,
  ]);
}
