import { prod as prodKernel } from '@maru-ml/kernels/tensor';
import { isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { checkAxes, keptShape } from '../shape.ts';
import { checkTensor, type Tensor, view } from '../tensor.ts';
import { div, mul } from './arithmetic.ts';
import { castTo } from './broadcast.ts';
import { throughComposite } from './composite.ts';
import { concat } from './join.ts';
import { slice } from './slice.ts';
import { type AxisOptions, reduceAxes } from './sum.ts';

/** The product over one axis, several, or all; 1 for no elements. Integers and booleans multiply to int32. */
export function prod(x: Tensor, axis?: number | readonly number[], { keepDims = false }: AxisOptions = {}): Tensor {
  checkTensor('prod', 'x', x);
  const axes = checkAxes('prod', axis, x.ndim);
  if (!isFloat(x.dtype)) return castTo(reduceAxes(castTo(x, 'float64'), axes, keepDims, prodKernel), 'int32');
  const out = reduceAxes(x, axes, keepDims, prodKernel);
  const kept = keptShape(x.shape, axes);
  return record('prod', out, [x], [x, out], (g, needs) => {
    // ∂∏x/∂xᵢ is the product of the others: ∏x / xᵢ, unless that is 0 / 0.
    if (!view(x).includes(0)) return [mul(div(out.reshape(kept), x), g.reshape(kept))];
    return throughComposite((alias) => axes.reduce(foldAxis, alias), [x], g.reshape(kept), needs);
  });
}

/** The product along an axis, which is kept, by halves: right for zeros, however often it is differentiated. */
function foldAxis(x: Tensor, axis: number): Tensor {
  const n = x.shape[axis]!;
  if (n <= 1) return x;
  const half = n >> 1;
  const part = (start: number, stop: number) => slice(x, [...new Array<null>(axis).fill(null), [start, stop]]);
  const folded = mul(part(0, half), part(half, 2 * half));
  return foldAxis(n % 2 === 0 ? folded : concat([folded, part(n - 1, n)], axis), axis);
}
