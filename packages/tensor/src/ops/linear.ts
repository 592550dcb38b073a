import { ShapeError } from '@maru-ml/base';
import { add as addKernel, matmul as matmulKernel } from '@maru-ml/kernels/tensor';
import { isFloat, promoteTypes } from '../dtype.ts';
import { record } from '../graph.ts';
import { showShape } from '../shape.ts';
import { checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { castTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { matmul } from './matmul.ts';
import { sum } from './sum.ts';

/**
 * x Wᵀ + b: `x` [..., in], `weight` [out, in] and `bias` [out] (or none) give [..., out]. Cost O(rows · in · out).
 *
 * @throws ShapeError where the lengths do not fit
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkTensor('linear', 'x', x);
  checkTensor('linear', 'weight', weight);
  if (bias !== null) checkTensor('linear', 'bias', bias);
  const [n, k] = weight.shape;
  if (weight.ndim !== 2 || x.ndim === 0 || x.shape[x.ndim - 1] !== k) {
    throw new ShapeError(
      `linear: x must be [..., in] and weight [out, in], got ${showShape(x.shape)} and ${showShape(weight.shape)}`,
    );
  }
  if (bias !== null && (bias.ndim !== 1 || bias.shape[0] !== n)) {
    throw new ShapeError(
      `linear: bias must be [${n}] for a weight ${showShape(weight.shape)}, got ${showShape(bias.shape)}`,
    );
  }
  let dtype = promoteTypes(x.dtype, weight.dtype);
  if (bias !== null) dtype = promoteTypes(dtype, bias.dtype);
  if (!isFloat(dtype)) dtype = 'float32';
  const [rows, columns, row] = [castTo(x, dtype), castTo(weight, dtype), bias === null ? null : castTo(bias, dtype)];
  const shape = x.shape.slice();
  shape[x.ndim - 1] = n!;
  const out = emptyTensor(shape, dtype);
  if (out.size > 0) {
    matmulKernel(floatView(rows), floatView(columns), floatView(out), { m: out.size / n!, n: n!, k: k!, transB: true });
    if (row !== null) addKernel(floatView(out), floatView(row), floatView(out));
  }
  const inputs = bias === null ? [x, weight] : [x, weight, bias];
  const saved = [weight.requiresGrad ? x : null, x.requiresGrad ? weight : null];
  return record('linear', out, inputs, saved, (g, [forX, forWeight, forBias]) => {
    const flat = g.ndim === 2 ? g : g.reshape(-1, n!);
    return [
      forX ? cast(matmul(g.ndim === 1 ? flat : g, weight).reshape(x.shape), x.dtype) : null,
      forWeight ? cast(matmul(flat, x.ndim === 2 ? x : x.reshape(-1, k!), { transA: true }), weight.dtype) : null,
      forBias ? cast(sum(flat, 0), bias!.dtype) : null,
    ];
  });
}
