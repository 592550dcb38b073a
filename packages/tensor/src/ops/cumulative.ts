import { cumsum as cumsumKernel } from '@maru-ml/kernels/tensor';
import { type FloatArray, isFloat } from '../dtype.ts';
import { record } from '../graph.ts';
import { around, checkAxis } from '../shape.ts';
import { checkTensor, emptyTensor, floatView, type Tensor, view } from '../tensor.ts';
import { div, mul } from './arithmetic.ts';
import { castTo } from './broadcast.ts';
import { throughComposite } from './composite.ts';
import { concat } from './join.ts';
import { flip } from './rearrange.ts';
import { slice } from './slice.ts';

/** The sums of the first 1, 2, ... elements along an axis. Integers and booleans sum to int32. */
export function cumsum(x: Tensor, axis: number): Tensor {
  checkTensor('cumsum', 'x', x);
  const along = checkAxis('cumsum', axis, x.ndim);
  if (!isFloat(x.dtype)) return castTo(cumsum(castTo(x, 'float64'), axis), 'int32');
  const out = scanned(x, along, cumsumKernel);
  return record('cumsum', out, [x], [], (g) => [flip(cumsum(flip(g, along), along), along)]);
}

/** The products of the first 1, 2, ... elements along an axis. Integers and booleans multiply to int32. */
export function cumprod(x: Tensor, axis: number): Tensor {
  checkTensor('cumprod', 'x', x);
  const along = checkAxis('cumprod', axis, x.ndim);
  if (!isFloat(x.dtype)) return castTo(cumprod(castTo(x, 'float64'), axis), 'int32');
  const out = scanned(x, along, cumprodKernel);
  return record('cumprod', out, [x], [x, out], (g, needs) => {
    // ∂yⱼ/∂xᵢ = yⱼ / xᵢ for j ≥ i, unless that is 0 / 0.
    if (!view(x).includes(0)) return [div(flip(cumsum(flip(mul(g, out), along), along), along), x)];
    return throughComposite((alias) => doubled(alias, along), [x], g, needs);
  });
}

type Scan = (x: FloatArray, outer: number, n: number, inner: number, out: FloatArray) => void;

function scanned(x: Tensor, axis: number, kernel: Scan): Tensor {
  const out = emptyTensor(x.shape, x.dtype);
  const { outer, n, inner } = around(x.shape, axis);
  if (out.size > 0) kernel(floatView(x), outer, n, inner, floatView(out));
  return out;
}

function cumprodKernel(x: FloatArray, outer: number, n: number, inner: number, out: FloatArray): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      let product = 1;
      for (let i = 0, at = o * n * inner + j; i < n; i++, at += inner) {
        product *= x[at]!;
        out[at] = product;
      }
    }
  }
}

/** Cumulative products by doubling: after step s each place holds the product of the last 2ˢ elements up to it. */
function doubled(x: Tensor, axis: number): Tensor {
  const n = x.shape[axis]!;
  const part = (y: Tensor, start: number, stop: number) =>
    slice(y, [...new Array<null>(axis).fill(null), [start, stop]]);
  let y = x;
  for (let reach = 1; reach < n; reach *= 2) {
    y = concat([part(y, 0, reach), mul(part(y, reach, n), part(y, 0, n - reach))], axis);
  }
  return y;
}
