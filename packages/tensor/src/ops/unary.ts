import { isFloat } from '../dtype.ts';
import { checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { castTo } from './broadcast.ts';

type Kernel = (x: Float32Array | Float64Array, out: Float32Array | Float64Array) => void;

/** Runs an element-wise kernel of one operand on floats; integers and booleans are taken as float32. */
export function unary(owner: string, x: Tensor, kernel: Kernel): Tensor {
  checkTensor(owner, 'x', x);
  return unaryKept(owner, isFloat(x.dtype) ? x : castTo(x, 'float32'), kernel);
}

/** Runs an element-wise kernel of one operand that takes every dtype and keeps it. */
export function unaryKept(owner: string, x: Tensor, kernel: Kernel): Tensor {
  checkTensor(owner, 'x', x);
  const out = emptyTensor(x.shape, x.dtype);
  kernel(floatView(x), floatView(out));
  return out;
}
