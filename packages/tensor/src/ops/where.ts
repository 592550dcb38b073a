import { OptionError } from '@maru-ml/base';
import { where as whereKernel } from '@maru-ml/kernels/tensor';
import type { FloatArray } from '../dtype.ts';
import { record } from '../graph.ts';
import { broadcastShapes } from '../shape.ts';
import { checkTensor, emptyTensor, type Tensor, type TensorLike, view } from '../tensor.ts';
import { operands } from './arithmetic.ts';
import { broadcastTo, castTo, sumTo } from './broadcast.ts';
import { cast } from './cast.ts';

/** The elements of `a` where the condition (bool) holds, else those of `b`; all three broadcast. */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  checkTensor('where', 'condition', condition);
  if (condition.dtype !== 'bool') {
    throw new OptionError(`where: condition must be bool, got ${condition.dtype}; compare it with something first`);
  }
  const [x, y, dtype] = operands('where', a, b);
  const shape = broadcastShapes('where', broadcastShapes('where', x.shape, y.shape), condition.shape);
  const mask = broadcastTo(condition, shape);
  const left = castTo(x.size === 1 ? x : broadcastTo(x.detach(), shape), dtype);
  const right = castTo(y.size === 1 ? y : broadcastTo(y.detach(), shape), dtype);
  const out = emptyTensor(shape, dtype);
  if (out.size > 0) {
    whereKernel(view(mask) as Uint8Array, view(left) as FloatArray, view(right) as FloatArray, view(out) as FloatArray);
  }
  return record('where', out, [x, y], [mask], (g, [forX, forY]) => [
    forX ? cast(sumTo(where(mask, g, 0), x.shape), x.dtype) : null,
    forY ? cast(sumTo(where(mask, 0, g), y.shape), y.dtype) : null,
  ]);
}
