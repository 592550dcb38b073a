import {
  logSoftmaxBackward,
  logSoftmax as logSoftmaxKernel,
  softmaxBackward,
  softmax as softmaxKernel,
} from '@maru-ml/kernels/tensor';
import type { FloatArray } from '../dtype.ts';
import { isGradEnabled, record } from '../graph.ts';
import { checkAxis } from '../shape.ts';
import { checkFloat, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { mul, sub } from './arithmetic.ts';
import { exp } from './exponential.ts';
import { transpose } from './shape.ts';
import { sum } from './sum.ts';

/** exp(xᵢ) / Σⱼ exp(xⱼ) along an axis (the last one by default), without overflow: positive numbers that sum to 1. */
export function softmax(x: Tensor, axis = -1): Tensor {
  checkFloat('softmax', 'x', x);
  return alongLast('softmax', x, axis, (rows) => {
    const out = emptyTensor(rows.shape, rows.dtype);
    byRows(rows, out, (count, n) => softmaxKernel(floatView(rows), count, n, floatView(out)));
    return record('softmax', out, [rows], [out], (g) => [
      isGradEnabled() ? mul(out, sub(g, sum(mul(out, g), -1, { keepDims: true }))) : product(out, g, softmaxBackward),
    ]);
  });
}

/** ln softmax(x) along an axis (the last one by default), without loss where the softmax is near 0. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  checkFloat('logSoftmax', 'x', x);
  return alongLast('logSoftmax', x, axis, (rows) => {
    const out = emptyTensor(rows.shape, rows.dtype);
    byRows(rows, out, (count, n) => logSoftmaxKernel(floatView(rows), count, n, floatView(out)));
    return record('logSoftmax', out, [rows], [out], (g) => [
      isGradEnabled() ? sub(g, mul(exp(out), sum(g, -1, { keepDims: true }))) : product(out, g, logSoftmaxBackward),
    ]);
  });
}

/** The kernels work along the last axis: another one is moved there and back. */
function alongLast(owner: string, x: Tensor, axis: number, f: (rows: Tensor) => Tensor): Tensor {
  if (x.ndim === 0) return f(x.reshape(1)).reshape();
  const along = checkAxis(owner, axis, x.ndim);
  if (along === x.ndim - 1) return f(x);
  const order = Array.from({ length: x.ndim }, (_, i) => i);
  order[along] = x.ndim - 1;
  order[x.ndim - 1] = along;
  return transpose(f(transpose(x, order)), order);
}

function byRows(x: Tensor, out: Tensor, kernel: (count: number, n: number) => void): void {
  const n = x.shape[x.ndim - 1]!;
  if (out.size > 0) kernel(x.size / n, n);
}

type Product = (y: FloatArray, g: FloatArray, rows: number, n: number, out: FloatArray) => void;

function product(y: Tensor, g: Tensor, kernel: Product): Tensor {
  const out = emptyTensor(y.shape, y.dtype);
  byRows(y, out, (count, n) => kernel(floatView(y), floatView(g), count, n, floatView(out)));
  return out;
}
