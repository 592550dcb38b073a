import { ShapeError } from '@maru-ml/base';
import { showShape } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { matmul } from './matmul.ts';

/** The scalar product Σ aᵢ bᵢ of two vectors [n]; a scalar. */
export function dot(a: Tensor, b: Tensor): Tensor {
  checkTensor('dot', 'a', a);
  checkTensor('dot', 'b', b);
  if (a.ndim !== 1 || b.ndim !== 1 || a.size !== b.size) {
    throw new ShapeError(
      `dot: a and b must be vectors of one length, got ${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  return matmul(a, b);
}

/** The scalar products of all vectors along the last axes: `a` [..., k] and `b` [___, k] give [..., ___]. */
export function inner(a: Tensor, b: Tensor): Tensor {
  checkTensor('inner', 'a', a);
  checkTensor('inner', 'b', b);
  if (a.ndim === 0 || b.ndim === 0) return mul(a, b);
  const k = a.shape[a.ndim - 1]!;
  if (b.shape[b.ndim - 1] !== k) {
    throw new ShapeError(`inner: a is ${showShape(a.shape)} but b is ${showShape(b.shape)}; the last lengths differ`);
  }
  const left = a.reshape(a.size / Math.max(1, k), k);
  const right = b.reshape(b.size / Math.max(1, k), k);
  return matmul(left, right, { transB: true }).reshape([...a.shape.slice(0, -1), ...b.shape.slice(0, -1)]);
}

/** All products aᵢ bⱼ of two vectors: `a` [n] and `b` [m] give [n, m]. */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkTensor('outer', 'a', a);
  checkTensor('outer', 'b', b);
  if (a.ndim !== 1 || b.ndim !== 1) {
    throw new ShapeError(`outer: a and b must be vectors, got ${showShape(a.shape)} and ${showShape(b.shape)}`);
  }
  return mul(a.reshape(-1, 1), b.reshape(1, -1));
}
