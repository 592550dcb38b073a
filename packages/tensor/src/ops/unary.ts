import { isFloat } from '../dtype.ts';
import { checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { castTo } from './broadcast.ts';

/** Runs an element-wise kernel of one operand on floats; integers and booleans are taken as float32. */
export function unary(
  owner: string,
  x: Tensor,
  kernel: (x: Float32Array | Float64Array, out: Float32Array | Float64Array) => void,
): Tensor {
  checkTensor(owner, 'x', x);
  const input = isFloat(x.dtype) ? x : castTo(x, 'float32');
  const out = emptyTensor(x.shape, input.dtype);
  kernel(floatView(input), floatView(out));
  return out;
}
