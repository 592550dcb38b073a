import { checkDType, type DType, isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { castTo } from './broadcast.ts';

/**
 * The elements in another dtype; the tensor itself if it has that dtype. Floats lose their fraction on the way to integers
 * (towards 0), and anything but 0 becomes true on the way to bool.
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  checkTensor('cast', 'x', x);
  if (x.dtype === dtype) return x;
  const out = castTo(x, checkDType('cast', dtype));
  if (!isFloat(x.dtype)) return out;
  const before = x.dtype;
  return record('cast', out, [x], [], (g) => [cast(g, before)]);
}
