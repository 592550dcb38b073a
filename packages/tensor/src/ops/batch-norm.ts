import { checkNumber, ShapeError } from '@maru-ml/base';
import { meanVariance } from '@maru-ml/kernels/reduce';
import type { FloatArray } from '../dtype.ts';
import { isGradEnabled, record } from '../graph.ts';
import { type Shape, showShape, sizeOf } from '../shape.ts';
import { checkFloat, checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { add, mul, sub } from './arithmetic.ts';
import { cast } from './cast.ts';
import { throughComposite } from './composite.ts';
import { rsqrt, square } from './roots.ts';
import { mean as meanOf } from './sum.ts';

export interface BatchNormOptions {
  /** Added to the variance; 1e-5. */
  eps?: number;
  /** Mean and variance [c] to use in place of the batch's own, as outside training; the gradient takes them as constants. */
  statistics?: { mean: Tensor; variance: Tensor };
}

export interface BatchNormResult {
  output: Tensor;
  /** The mean [c] that was used, without a gradient. */
  mean: Tensor;
  /** The variance [c] that was used, without a gradient: Σ (x - mean)² / count. */
  variance: Tensor;
  /** Over how many elements of each channel mean and variance were taken. */
  count: number;
}

/**
 * (x - mean) / √(variance + eps) · weight + bias, with mean and variance taken over all axes of `x` [n, c, ...] but the
 * channels; `weight` and `bias` are [c] or null.
 *
 * Source: S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate
 * shift", ICML 2015.
 * @throws ShapeError where lengths do not fit, or the batch has a single element for each channel
 */
export function batchNorm(
  x: Tensor,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  { eps = 1e-5, statistics }: BatchNormOptions = {},
): BatchNormResult {
  const { dtype } = check(x, weight, bias, statistics);
  checkNumber('batchNorm', 'eps', eps, { min: 0 });
  const [n, c, s] = [x.shape[0]!, x.shape[1]!, sizeOf(x.shape.slice(2))];
  const count = n * s;
  if (statistics === undefined && count <= 1) {
    throw new ShapeError(
      `batchNorm: x ${showShape(x.shape)} has ${count} elements for each channel; a mean and variance need at least two`,
    );
  }
  const moments = statistics === undefined ? momentsOf(x, n, c, s) : numbersOf(statistics);
  const { mean, deviation } = { mean: moments.mean, deviation: moments.variance.map((v) => Math.sqrt(v + eps)) };
  const out = emptyTensor(x.shape, dtype);
  const [scale, shift] = [weight, bias].map((t) => (t === null ? null : Float64Array.from(floatView(t))));
  normalize(floatView(x), n, c, s, floatView(out), (channel) => {
    const factor = (scale?.[channel] ?? 1) / deviation[channel]!;
    return [mean[channel]!, factor, shift?.[channel] ?? 0];
  });

  const inputs = [x, weight, bias].filter((t) => t !== null);
  const saved = [x, weight, statistics?.mean ?? null, statistics?.variance ?? null];
  const output = record('batchNorm', out, inputs, saved, (g, needs) => {
    if (isGradEnabled())
      return throughComposite((...of) => composite(of, weight !== null, eps, statistics), inputs, g, needs);
    const sums = sumsOf(floatView(x), floatView(g), n, c, s, mean, deviation);
    const gradients: (Tensor | null)[] = [null];
    if (needs[0]) {
      const dx = emptyTensor(x.shape, dtype);
      const factors = weight === null ? null : floatView(weight);
      backward(floatView(x), floatView(g), n, c, s, floatView(dx), (channel) => {
        const factor = (factors?.[channel] ?? 1) / deviation[channel]!;
        if (statistics !== undefined) return [0, factor, 0, 0];
        // dx = factor · (g - mean of g - x̂ · mean of g x̂)
        const slope = sums.product[channel]! / count / deviation[channel]!;
        return [mean[channel]!, factor, sums.gradient[channel]! / count, slope];
      });
      gradients[0] = dx;
    }
    if (weight !== null) gradients.push(vector(sums.product, weight));
    if (bias !== null) gradients.push(vector(sums.gradient, bias));
    return gradients;
  });
  return {
    output,
    mean: statistics?.mean.detach() ?? vector(moments.mean, x),
    variance: statistics?.variance.detach() ?? vector(moments.variance, x),
    count,
  };
}

function composite(
  [x, ...rest]: readonly Tensor[],
  weighted: boolean,
  eps: number,
  statistics: BatchNormOptions['statistics'],
): Tensor {
  const others = x!.shape.map((_, i) => i).filter((i) => i !== 1);
  const along = (t: Tensor) => t.reshape([-1, ...x!.shape.slice(2).map(() => 1)]);
  const center =
    statistics === undefined ? meanOf(x!, others, { keepDims: true }) : along(cast(statistics.mean, x!.dtype));
  const centered = sub(x!, center);
  const variance =
    statistics === undefined
      ? meanOf(square(centered), others, { keepDims: true })
      : along(cast(statistics.variance, x!.dtype));
  let out = mul(centered, rsqrt(add(variance, eps)));
  if (weighted) out = mul(out, along(rest[0]!));
  const bias = rest[weighted ? 1 : 0];
  return bias === undefined ? out : add(out, along(bias));
}

interface Moments {
  mean: Float64Array;
  variance: Float64Array;
}

/** Mean and variance of each channel, put together from those of its planes: var = mean (varₚ + (meanₚ - mean)²). */
function momentsOf(x: Tensor, n: number, c: number, s: number): Moments {
  const planes = s === 1 ? c : n * c;
  const means = emptyTensor([planes], x.dtype);
  const variances = emptyTensor([planes], x.dtype);
  if (s === 1) meanVariance(floatView(x), 1, n, c, floatView(means), floatView(variances));
  else meanVariance(floatView(x), planes, s, 1, floatView(means), floatView(variances));
  const [m, v] = [floatView(means), floatView(variances)];
  const count = planes / c;
  const mean = new Float64Array(c);
  const variance = new Float64Array(c);
  for (let i = 0; i < planes; i++) mean[i % c]! += m[i]! / count;
  for (let i = 0; i < planes; i++) {
    const off = m[i]! - mean[i % c]!;
    variance[i % c]! += (v[i]! + off * off) / count;
  }
  return { mean, variance };
}

function numbersOf({ mean, variance }: { mean: Tensor; variance: Tensor }): Moments {
  return { mean: Float64Array.from(floatView(mean)), variance: Float64Array.from(floatView(variance)) };
}

/** out = (x - center) · factor + shift, the three being looked up for each plane of `s` elements. */
function normalize(
  x: FloatArray,
  n: number,
  c: number,
  s: number,
  out: FloatArray,
  numbersOf: (channel: number) => readonly [center: number, factor: number, shift: number],
): void {
  const numbers = Array.from({ length: c }, (_, channel) => numbersOf(channel));
  for (let plane = 0, at = 0; plane < n * c; plane++) {
    const [center, factor, shift] = numbers[plane % c]!;
    for (const end = at + s; at < end; at++) out[at] = (x[at]! - center) * factor + shift;
  }
}

/** For each channel Σ g and Σ g x̂, where x̂ is the normalized x: the gradients of bias and weight. */
function sumsOf(
  x: FloatArray,
  g: FloatArray,
  n: number,
  c: number,
  s: number,
  mean: Float64Array,
  deviation: Float64Array,
): { gradient: Float64Array; product: Float64Array } {
  const gradient = new Float64Array(c);
  const product = new Float64Array(c);
  for (let plane = 0, at = 0; plane < n * c; plane++) {
    const channel = plane % c;
    const center = mean[channel]!;
    let [total, weighted] = [0, 0];
    for (const end = at + s; at < end; at++) {
      total += g[at]!;
      weighted += g[at]! * (x[at]! - center);
    }
    gradient[channel]! += total;
    product[channel]! += weighted / deviation[channel]!;
  }
  return { gradient, product };
}

/** out = factor · (g - level - (x - center) · slope). */
function backward(
  x: FloatArray,
  g: FloatArray,
  n: number,
  c: number,
  s: number,
  out: FloatArray,
  numbersOf: (channel: number) => readonly [center: number, factor: number, level: number, slope: number],
): void {
  const numbers = Array.from({ length: c }, (_, channel) => numbersOf(channel));
  for (let plane = 0, at = 0; plane < n * c; plane++) {
    const [center, factor, level, slope] = numbers[plane % c]!;
    for (const end = at + s; at < end; at++) out[at] = factor * (g[at]! - level - (x[at]! - center) * slope);
  }
}

function vector(values: Float64Array, like: Tensor): Tensor {
  const out = emptyTensor([values.length], like.dtype);
  floatView(out).set(values);
  return out;
}

function check(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  statistics: BatchNormOptions['statistics'],
): Tensor {
  checkTensor('batchNorm', 'x', x);
  checkFloat('batchNorm', 'x', x);
  if (x.ndim < 2) throw new ShapeError(`batchNorm: x must be [n, c, ...], got ${showShape(x.shape)}`);
  const vectors = {
    weight,
    bias,
    'statistics.mean': statistics?.mean ?? null,
    'statistics.variance': statistics?.variance ?? null,
  };
  const shape: Shape = [x.shape[1]!];
  for (const [name, t] of Object.entries(vectors)) {
    if (t !== null && (t.ndim !== 1 || t.shape[0] !== shape[0])) {
      throw new ShapeError(
        `batchNorm: ${name} must be ${showShape(shape)} for an x of ${showShape(x.shape)}, got ${showShape(t.shape)}`,
      );
    }
  }
  return x;
}
