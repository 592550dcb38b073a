import {
  equal as equalKernel,
  greaterEqual as greaterEqualKernel,
  greater as greaterKernel,
  lessEqual as lessEqualKernel,
  less as lessKernel,
  notEqual as notEqualKernel,
} from '@maru-ml/kernels/tensor';
import type { FloatArray } from '../dtype.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { operands } from './arithmetic.ts';
import { binary } from './broadcast.ts';

type FloatKernel = (a: FloatArray, b: FloatArray, out: FloatArray) => void;
type CompareKernel = (a: FloatArray, b: FloatArray, out: Uint8Array) => void;

function compare(owner: string, a: TensorLike, b: TensorLike, kernel: CompareKernel): Tensor {
  const [x, y, dtype] = operands(owner, a, b);
  return binary(owner, x, y, dtype, 'bool', kernel as unknown as FloatKernel);
}

/** Whether a = b, element by element; the operands broadcast. NaN equals nothing. */
export function equal(a: TensorLike, b: TensorLike): Tensor {
  return compare('equal', a, b, equalKernel);
}

/** Whether a ≠ b, element by element; the operands broadcast. */
export function notEqual(a: TensorLike, b: TensorLike): Tensor {
  return compare('notEqual', a, b, notEqualKernel);
}

/** Whether a < b, element by element; the operands broadcast. */
export function less(a: TensorLike, b: TensorLike): Tensor {
  return compare('less', a, b, lessKernel);
}

/** Whether a ≤ b, element by element; the operands broadcast. */
export function lessEqual(a: TensorLike, b: TensorLike): Tensor {
  return compare('lessEqual', a, b, lessEqualKernel);
}

/** Whether a > b, element by element; the operands broadcast. */
export function greater(a: TensorLike, b: TensorLike): Tensor {
  return compare('greater', a, b, greaterKernel);
}

/** Whether a ≥ b, element by element; the operands broadcast. */
export function greaterEqual(a: TensorLike, b: TensorLike): Tensor {
  return compare('greaterEqual', a, b, greaterEqualKernel);
}
