import { ShapeError } from '@maru-ml/base';
import { cast as castKernel, expand as expandKernel, fill } from '@maru-ml/kernels/tensor';
import type { DType, FloatArray } from '../dtype.ts';
import { record } from '../graph.ts';
import { around, broadcastShapes, type Shape, sameShape, showShape } from '../shape.ts';
import { checkTensor, emptyTensor, Tensor, view } from '../tensor.ts';
import { sum } from './sum.ts';

/** The tensor with axes of length 1 (and missing leading ones) repeated to `shape`. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensor('broadcastTo', 'x', x);
  if (sameShape(x.shape, shape)) return x;
  const fits = x.ndim <= shape.length && x.shape.every((n, i) => n === 1 || n === shape[shape.length - x.ndim + i]);
  if (!fits)
    throw new ShapeError(
      `broadcastTo: a tensor of shape ${showShape(x.shape)} does not broadcast to ${showShape(shape)}`,
    );
  const before = x.shape;
  return record('broadcastTo', expandTo(x, shape), [x], [], (g) => [sumTo(g, before)]);
}

/** Sums a gradient over the axes along which `shape` was repeated. */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.ndim - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < g.ndim; i++) if (i < lead || (shape[i - lead] === 1 && g.shape[i] !== 1)) axes.push(i);
  return sum(g, axes, { keepDims: true }).reshape(shape);
}

/** Runs an element-wise kernel of two operands, which broadcast, and returns its result of the given dtype. */
export function binary(
  owner: string,
  a: Tensor,
  b: Tensor,
  operands: DType,
  result: DType,
  kernel: (a: FloatArray, b: FloatArray, out: FloatArray) => void,
): Tensor {
  const same = sameShape(a.shape, b.shape);
  const shape =
    same || (b.ndim === 0 && a.ndim > 0) ? a.shape : a.ndim === 0 ? b.shape : broadcastShapes(owner, a.shape, b.shape);
  let left = castTo(a, operands);
  let right = castTo(b, operands);
  // The kernels repeat the shorter operand; whatever else has to be repeated is written out first.
  if (!same) {
    if (!sameShape(left.shape, shape) && !(sameShape(right.shape, shape) && isSuffix(left.shape, shape))) {
      left = expandTo(left, shape);
    }
    if (!sameShape(right.shape, shape) && !(sameShape(left.shape, shape) && isSuffix(right.shape, shape))) {
      right = expandTo(right, shape);
    }
  }
  const out = emptyTensor(shape, result);
  if (out.size > 0) kernel(view(left) as FloatArray, view(right) as FloatArray, view(out) as FloatArray);
  return out;
}

/** Whether repeating the elements row by row gives the shape: leading ones aside, `small` ends `shape`. */
function isSuffix(small: Shape, shape: Shape): boolean {
  let first = 0;
  while (first < small.length && small[first] === 1) first++;
  for (let i = first; i < small.length; i++) {
    if (small[i] !== shape[shape.length - small.length + i]) return false;
  }
  return true;
}

/** @internal The elements in another dtype, outside the graph. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const out = emptyTensor(x.shape, dtype);
  castKernel(view(x), view(out));
  if (dtype === 'bool') {
    const from = view(x);
    const to = view(out);
    for (let i = 0; i < to.length; i++) to[i] = from[i] !== 0 ? 1 : 0;
  }
  return out;
}

/** Repeats axes one after the other, from the last to the first. */
function expandTo(x: Tensor, shape: Shape): Tensor {
  if (x.size === 1) {
    const out = emptyTensor(shape, x.dtype);
    fill(view(out), view(x)[0]!);
    return out;
  }
  let current = new Tensor(x.storage, [...new Array<number>(shape.length - x.ndim).fill(1), ...x.shape], x.offset);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (current.shape[axis] === shape[axis]) continue;
    const next = current.shape.slice();
    next[axis] = shape[axis]!;
    const out = emptyTensor(next, x.dtype);
    const { outer, inner } = around(current.shape, axis);
    if (out.size > 0) expandKernel(view(current) as FloatArray, outer, shape[axis]!, inner, view(out) as FloatArray);
    current = out;
  }
  return current;
}
