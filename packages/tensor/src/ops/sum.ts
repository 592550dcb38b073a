import { sum as sumKernel } from '@maru-ml/kernels/tensor';
import { isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { around, checkAxes, keptShape } from '../shape.ts';
import { checkFloat, emptyTensor, floatView, Tensor } from '../tensor.ts';
import { div } from './arithmetic.ts';
import { broadcastTo, castTo } from './broadcast.ts';

export interface AxisOptions {
  /** Keep the reduced axes with length 1; false. */
  keepDims?: boolean;
}

/** The sum over one axis, several, or all. Integers and booleans sum to int32. */
export function sum(x: Tensor, axis?: number | readonly number[], { keepDims = false }: AxisOptions = {}): Tensor {
  const axes = checkAxes('sum', axis, x.ndim);
  if (!isFloat(x.dtype)) {
    // Sums of up to 2^53 are exact in float64, and int32 wraps as integers do.
    return castTo(sum(castTo(x, 'float64'), axis, { keepDims }), 'int32');
  }
  const out = reduceAxes(x, axes, keepDims, sumKernel);
  const { shape } = x;
  return record('sum', out, [x], [], (g) => [broadcastTo(g.reshape(keptShape(shape, axes)), shape)]);
}

/** The mean over one axis, several, or all. */
export function mean(x: Tensor, axis?: number | readonly number[], options?: AxisOptions): Tensor {
  checkFloat('mean', 'x', x);
  const count = checkAxes('mean', axis, x.ndim).reduce((n, i) => n * x.shape[i]!, 1);
  return div(sum(x, axis, options), count);
}

type Kernel = (
  x: Float32Array | Float64Array,
  outer: number,
  n: number,
  inner: number,
  out: Float32Array | Float64Array,
) => void;

/** @internal Reduces axes (ascending): neighbours at once, from the last group to the first. */
export function reduceAxes(x: Tensor, axes: readonly number[], keepDims: boolean, kernel: Kernel): Tensor {
  let current = x;
  for (let last = axes.length - 1; last >= 0; ) {
    let first = last;
    while (first > 0 && axes[first - 1] === axes[first]! - 1) first--;
    const shape = current.shape.slice();
    let n = 1;
    for (let i = first; i <= last; i++) {
      n *= shape[axes[i]!]!;
      shape[axes[i]!] = 1;
    }
    const { outer, inner } = around(shape, axes[first]!);
    const out = emptyTensor(shape, x.dtype);
    if (out.size > 0) kernel(floatView(current), outer, n, inner, floatView(out));
    current = out;
    last = first - 1;
  }
  if (axes.length === 0) {
    current = emptyTensor(x.shape, x.dtype);
    if (x.size > 0) kernel(floatView(x), x.size, 1, 1, floatView(current));
  }
  if (keepDims || axes.length === 0) return current;
  const shape = axes.length === x.ndim ? [] : x.shape.filter((_, i) => !axes.includes(i));
  return new Tensor(current.storage, shape, current.offset);
}
