import { checkNumber, ShapeError } from '@maru-ml/base';
import { meanVariance } from '@maru-ml/kernels/tensor';
import type { FloatArray } from '../dtype.ts';
import { isGradEnabled, record } from '../graph.ts';
import { type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import { checkFloat, checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { throughComposite } from './composite.ts';
import { rsqrt, square } from './roots.ts';
import { mean } from './sum.ts';

export interface LayerNormOptions {
  /** Added to the variance; 1e-5. */
  eps?: number;
}

/**
 * (x - mean) / √(variance + eps) · weight + bias, with mean and variance taken over the last axes, whose lengths are
 * `normalizedShape`; `weight` and `bias` are of that shape or null.
 *
 * Source: J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", arXiv:1607.06450 (2016).
 * @throws ShapeError where lengths do not fit
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: Shape | number,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  { eps = 1e-5 }: LayerNormOptions = {},
): Tensor {
  const shape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
  check(x, shape, { weight, bias });
  checkNumber('layerNorm', 'eps', eps, { min: 0 });
  const n = sizeOf(shape);
  const rows = x.size / n;
  const means = emptyTensor([rows], x.dtype);
  const variances = emptyTensor([rows], x.dtype);
  const out = emptyTensor(x.shape, x.dtype);
  if (out.size > 0) {
    meanVariance(floatView(x), rows, n, 1, floatView(means), floatView(variances));
    const [w, b] = [weight, bias].map((t) => (t === null ? null : floatView(t)));
    normalize(floatView(x), floatView(means), floatView(variances), eps, w!, b!, floatView(out));
  }
  const inputs = [x, weight, bias].filter((t) => t !== null);
  const saved = weight === null ? [x, means, variances] : [x, means, variances, weight];
  return record('layerNorm', out, inputs, saved, (g, needs) => {
    if (isGradEnabled())
      return throughComposite((...of) => composite(of, shape, weight !== null, eps), inputs, g, needs);
    const dx = emptyTensor(x.shape, x.dtype);
    const gradients = [dx, ...[weight, bias].flatMap((t) => (t === null ? [] : [emptyTensor(t.shape, t.dtype)]))];
    const sums = backward(
      floatView(x),
      floatView(g),
      floatView(means),
      floatView(variances),
      eps,
      weight === null ? null : floatView(weight),
      floatView(dx),
      n,
    );
    if (weight !== null) floatView(gradients[1]!).set(sums.product);
    if (bias !== null) floatView(gradients[weight === null ? 1 : 2]!).set(sums.gradient);
    return gradients;
  });
}

function composite([x, ...rest]: readonly Tensor[], shape: Shape, weighted: boolean, eps: number): Tensor {
  const axes = shape.map((_, i) => -1 - i);
  const centered = sub(x!, mean(x!, axes, { keepDims: true }));
  const variance = mean(square(centered), axes, { keepDims: true });
  let out = mul(centered, rsqrt(add(variance, eps)));
  if (weighted) out = mul(out, rest[0]!);
  const bias = rest[weighted ? 1 : 0];
  return bias === undefined ? out : add(out, bias);
}

function normalize(
  x: FloatArray,
  means: FloatArray,
  variances: FloatArray,
  eps: number,
  weight: FloatArray | null,
  bias: FloatArray | null,
  out: FloatArray,
): void {
  const n = x.length / means.length;
  for (let row = 0, at = 0; row < means.length; row++) {
    const center = means[row]!;
    const factor = 1 / Math.sqrt(variances[row]! + eps);
    for (let i = 0; i < n; i++, at++) {
      const value = (x[at]! - center) * factor;
      out[at] = (weight === null ? value : value * weight[i]!) + (bias === null ? 0 : bias[i]!);
    }
  }
}

/** Writes the gradient of x, row by row: (h - mean of h - x̂ · mean of h x̂) / σ with h = g · weight; returns Σ g and Σ g x̂ for each column. */
function backward(
  x: FloatArray,
  g: FloatArray,
  means: FloatArray,
  variances: FloatArray,
  eps: number,
  weight: FloatArray | null,
  out: FloatArray,
  n: number,
): { gradient: Float64Array; product: Float64Array } {
  const gradient = new Float64Array(n);
  const product = new Float64Array(n);
  for (let row = 0; row < means.length; row++) {
    const start = row * n;
    const center = means[row]!;
    const factor = 1 / Math.sqrt(variances[row]! + eps);
    let [level, slope] = [0, 0];
    for (let i = 0, at = start; i < n; i++, at++) {
      const normalized = (x[at]! - center) * factor;
      const share = weight === null ? g[at]! : g[at]! * weight[i]!;
      level += share;
      slope += share * normalized;
      gradient[i]! += g[at]!;
      product[i]! += g[at]! * normalized;
    }
    level /= n;
    slope /= n;
    for (let i = 0, at = start; i < n; i++, at++) {
      const normalized = (x[at]! - center) * factor;
      const share = weight === null ? g[at]! : g[at]! * weight[i]!;
      out[at] = factor * (share - level - normalized * slope);
    }
  }
  return { gradient, product };
}

function check(x: Tensor, shape: Shape, parameters: { weight: Tensor | null; bias: Tensor | null }): void {
  checkTensor('layerNorm', 'x', x);
  checkFloat('layerNorm', 'x', x);
  const last = x.shape.slice(Math.max(0, x.ndim - shape.length));
  if (shape.length === 0 || sizeOf(shape) === 0 || !sameShape(last, shape)) {
    throw new ShapeError(`layerNorm: x is ${showShape(x.shape)}, whose last axes are not ${showShape(shape)}`);
  }
  for (const [name, t] of Object.entries(parameters)) {
    if (t !== null) checkTensor('layerNorm', name, t);
    if (t !== null && !sameShape(t.shape, shape)) {
      throw new ShapeError(`layerNorm: ${name} must be ${showShape(shape)}, got ${showShape(t.shape)}`);
    }
  }
}
