import { maximum, mul, notEqual as notEqualKernel } from '@maru-ml/kernels/tensor';
import type { FloatArray } from '../dtype.ts';
import { broadcastShapes } from '../shape.ts';
import { checkTensor, type Tensor, type TensorLike, view } from '../tensor.ts';
import { operands } from './arithmetic.ts';
import { binary, broadcastTo, castTo } from './broadcast.ts';
import { equal, notEqual } from './compare.ts';

type Kernel = (a: FloatArray, b: FloatArray, out: FloatArray) => void;

/** Whether both are true (not 0), element by element; the operands broadcast. */
export function logicalAnd(a: TensorLike, b: TensorLike): Tensor {
  return logical('logicalAnd', a, b, mul);
}

/** Whether one of both is true (not 0), element by element; the operands broadcast. */
export function logicalOr(a: TensorLike, b: TensorLike): Tensor {
  return logical('logicalOr', a, b, maximum);
}

/** Whether just one of both is true (not 0), element by element; the operands broadcast. */
export function logicalXor(a: TensorLike, b: TensorLike): Tensor {
  return logical('logicalXor', a, b, notEqualKernel as unknown as Kernel);
}

/** Whether an element is 0. */
export function logicalNot(x: Tensor): Tensor {
  checkTensor('logicalNot', 'x', x);
  return equal(x, 0);
}

/** Whether an element is NaN. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: it does for tensors what the global one does for numbers
export function isNaN(x: Tensor): Tensor {
  checkTensor('isNaN', 'x', x);
  return notEqual(x, x);
}

/** Whether an element is neither NaN nor infinite. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: it does for tensors what the global one does for numbers
export function isFinite(x: Tensor): Tensor {
  checkTensor('isFinite', 'x', x);
  const values = x.dtype === 'bool' ? castTo(x, 'uint8') : x.detach();
  return equal(values.sub(values), 0);
}

export interface CloseOptions {
  /** Relative tolerance, of the size of `b`; 1e-5. */
  rtol?: number;
  /** Absolute tolerance; 1e-8. */
  atol?: number;
  /** Take NaN as equal to NaN; false. */
  equalNaN?: boolean;
}

/** Whether |a - b| ≤ atol + rtol |b| for all elements; the operands broadcast. Equal infinities are close. */
export function allClose(
  a: TensorLike,
  b: TensorLike,
  { rtol = 1e-5, atol = 1e-8, equalNaN = false }: CloseOptions = {},
): boolean {
  const [x, y] = operands('allClose', a, b);
  const shape = broadcastShapes('allClose', x.shape, y.shape);
  const left = broadcastTo(x.detach(), shape);
  const right = broadcastTo(y.detach(), shape);
  const [p, q] = [view(left), view(right)];
  for (let i = 0; i < p.length; i++) {
    const [u, v] = [p[i]!, q[i]!];
    if (u === v || (Number.isFinite(v) && Math.abs(u - v) <= atol + rtol * Math.abs(v))) continue;
    if (!(equalNaN && Number.isNaN(u) && Number.isNaN(v))) return false;
  }
  return true;
}

function logical(owner: string, a: TensorLike, b: TensorLike, kernel: Kernel): Tensor {
  const [x, y] = operands(owner, a, b);
  return binary(owner, castTo(x, 'bool'), castTo(y, 'bool'), 'bool', 'bool', kernel);
}
