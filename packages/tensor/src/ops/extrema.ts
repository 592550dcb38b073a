import { ShapeError } from '@maru-ml/base';
import {
  argmax as argmaxKernel,
  argmin as argminKernel,
  max as maxKernel,
  min as minKernel,
} from '@maru-ml/kernels/tensor';
import { type FloatArray, isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { around, checkAxes, checkAxis, keptShape, showShape } from '../shape.ts';
import { checkTensor, emptyTensor, floatView, Tensor, view } from '../tensor.ts';
import { div, mul } from './arithmetic.ts';
import { broadcastTo, castTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { equal } from './compare.ts';
import { type AxisOptions, reduceAxes, sum } from './sum.ts';

/**
 * The largest element over one axis, several, or all. NaN wins. Elements that tie share the gradient evenly, as in
 * PyTorch's `amax`.
 *
 * @throws ShapeError for the largest of no elements
 */
export function max(x: Tensor, axis?: number | readonly number[], { keepDims = false }: AxisOptions = {}): Tensor {
  return extremum('max', x, axis, keepDims, maxKernel, (out, vjp) => record('max', out, [x], [x, out], vjp));
}

/**
 * The smallest element over one axis, several, or all. NaN wins. Elements that tie share the gradient evenly, as in
 * PyTorch's `amin`.
 *
 * @throws ShapeError for the smallest of no elements
 */
export function min(x: Tensor, axis?: number | readonly number[], { keepDims = false }: AxisOptions = {}): Tensor {
  return extremum('min', x, axis, keepDims, minKernel, (out, vjp) => record('min', out, [x], [x, out], vjp));
}

/** The place of the largest element along an axis (without one: in the flat array), int32. The first of equals; NaN wins. */
export function argmax(x: Tensor, axis?: number, options?: AxisOptions): Tensor {
  return place('argmax', x, axis, options, argmaxKernel);
}

/** The place of the smallest element along an axis (without one: in the flat array), int32. The first of equals; NaN wins. */
export function argmin(x: Tensor, axis?: number, options?: AxisOptions): Tensor {
  return place('argmin', x, axis, options, argminKernel);
}

function extremum(
  owner: string,
  x: Tensor,
  axis: number | readonly number[] | undefined,
  keepDims: boolean,
  kernel: typeof maxKernel,
  recorded: (out: Tensor, vjp: (g: Tensor) => Tensor[]) => Tensor,
): Tensor {
  checkTensor(owner, 'x', x);
  const axes = checkAxes(owner, axis, x.ndim);
  const kept = keptShape(x.shape, axes);
  if (axes.some((i) => x.shape[i] === 0)) {
    throw new ShapeError(`${owner}: no element to choose from in a tensor of shape ${showShape(x.shape)}`);
  }
  // Whole numbers of 32 bits are exact in float64.
  if (!isFloat(x.dtype)) return castTo(reduceAxes(castTo(x, 'float64'), axes, keepDims, kernel), x.dtype);
  const out = reduceAxes(x, axes, keepDims, kernel);
  return recorded(out, (g) => {
    const chosen = cast(equal(x, out.detach().reshape(kept)), x.dtype);
    const share = div(chosen, sum(chosen, axes, { keepDims: true }));
    return [mul(broadcastTo(g.reshape(kept), x.shape), share)];
  });
}

function place(
  owner: string,
  x: Tensor,
  axis: number | undefined,
  { keepDims = false }: AxisOptions = {},
  kernel: (x: FloatArray, outer: number, n: number, inner: number, out: Int32Array) => void,
): Tensor {
  checkTensor(owner, 'x', x);
  const flat = axis === undefined;
  const along = flat ? 0 : checkAxis(owner, axis, x.ndim);
  const { outer, n, inner } = flat ? { outer: 1, n: x.size, inner: 1 } : around(x.shape, along);
  if (n === 0) {
    throw new ShapeError(`${owner}: no element to choose from in a tensor of shape ${showShape(x.shape)}`);
  }
  const values = isFloat(x.dtype) ? x : castTo(x, 'float64');
  const kept = x.shape.map((length, i) => (flat || i === along ? 1 : length));
  const out = emptyTensor(kept, 'int32');
  if (out.size > 0) kernel(floatView(values), outer, n, inner, view(out) as Int32Array);
  if (keepDims) return out;
  return new Tensor(out.storage, flat ? [] : x.shape.filter((_, i) => i !== along), out.offset);
}
