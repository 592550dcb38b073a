import { OptionError, ShapeError } from '@maru-ml/base';
import { transpose as transposeKernel } from '@maru-ml/kernels/tensor';
import type { FloatArray, TypedArray } from '../dtype.ts';
import { record } from '../graph.ts';
import { checkAxis, type Shape, showShape, sizeOf } from '../shape.ts';
import { checkTensor, emptyTensor, Tensor, view } from '../tensor.ts';

/** The same elements in another shape; one length may be -1 and is then worked out. Shares the elements. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor('reshape', 'x', x);
  const lengths = inferred(x, shape);
  if (sizeOf(lengths) !== x.size) {
    throw new ShapeError(
      `reshape: a tensor of shape ${showShape(x.shape)} has ${x.size} elements, but ${showShape(shape)} holds ${sizeOf(lengths)}`,
    );
  }
  const out = new Tensor(x.storage, lengths, x.offset);
  const before = x.shape;
  return record('reshape', out, [x], [], (g) => [reshape(g, before)]);
}

/** The axes in the given order; without one the last two are swapped (a vector stays as it is). Copies the elements. */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  checkTensor('transpose', 'x', x);
  const order = axes === undefined ? lastTwoSwapped(x.ndim) : axes.map((a) => checkAxis('transpose', a, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== x.ndim) {
    throw new OptionError(
      `transpose: axes must name each of the ${x.ndim} axes once, got [${(axes ?? []).join(', ')}]`,
    );
  }
  if (order.every((axis, i) => axis === i)) return x;
  const shape = order.map((axis) => x.shape[axis]!);
  const out = emptyTensor(shape, x.dtype);
  if (out.size > 0) permute(x, order, out);
  const inverse = order.map((_, i) => order.indexOf(i));
  return record('transpose', out, [x], [], (g) => [transpose(g, inverse)]);
}

/** Writes the elements in the new order: as batches of transposed matrices where two groups of axes change places. */
function permute(x: Tensor, order: readonly number[], out: Tensor): void {
  let lead = 0;
  while (order[lead] === lead) lead++;
  const rest = order.length - lead;
  const shift = order[lead]! - lead;
  if (order.slice(lead).every((axis, i) => axis === lead + ((i + shift) % rest))) {
    const batch = sizeOf(x.shape.slice(0, lead));
    const rows = sizeOf(x.shape.slice(lead, order[lead]!));
    transposeKernel(view(x) as FloatArray, batch, rows, x.size / (batch * rows), view(out) as FloatArray);
    return;
  }
  const strides = new Array<number>(x.ndim);
  for (let i = x.ndim - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= x.shape[i]!;
  }
  gather(
    view(x),
    view(out),
    out.shape,
    order.map((axis) => strides[axis]!),
  );
}

/** Copies a strided array into a contiguous one, row by row of the last axis. */
function gather(from: TypedArray, to: TypedArray, shape: Shape, strides: readonly number[]): void {
  const last = shape.length - 1;
  const n = shape[last]!;
  const step = strides[last]!;
  const index = new Array<number>(last).fill(0);
  let start = 0;
  for (let at = 0; at < to.length; at += n) {
    for (let i = 0, j = start; i < n; i++, j += step) to[at + i] = from[j]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      start += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      start -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

function lastTwoSwapped(ndim: number): number[] {
  const order = Array.from({ length: ndim }, (_, i) => i);
  if (ndim < 2) return order;
  order[ndim - 1] = ndim - 2;
  order[ndim - 2] = ndim - 1;
  return order;
}

function inferred(x: Tensor, shape: Shape): number[] {
  const lengths = [...shape];
  const open = lengths.indexOf(-1);
  if (open >= 0) {
    const rest = lengths.reduce((n, length, i) => (i === open ? n : n * length), 1);
    lengths[open] = rest === 0 ? -1 : x.size / rest;
  }
  for (const n of lengths) {
    if (!Number.isInteger(n) || n < 0) {
      throw new ShapeError(`reshape: a tensor of shape ${showShape(x.shape)} does not fit ${showShape(shape)}`);
    }
  }
  return lengths;
}
