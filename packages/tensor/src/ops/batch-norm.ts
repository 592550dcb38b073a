import { checkNumber, ShapeError } from '@maru-ml/base';
import { meanVariance } from '@maru-ml/kernels/tensor';
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
  check(x, weight, bias, statistics);
  checkNumber('batchNorm', 'eps', eps, { min: 0 });
  const layout = { n: x.shape[0]!, c: x.shape[1]!, s: sizeOf(x.shape.slice(2)) };
  const count = layout.n * layout.s;
  if (statistics === undefined && count <= 1) {
    throw new ShapeError(
      `batchNorm: x ${showShape(x.shape)} has ${count} elements for each channel; a mean and variance need at least two`,
    );
  }
  const { mean, variance } = statistics === undefined ? momentsOf(x, layout) : momentsGiven(statistics);
  const deviation = variance.map((v) => Math.sqrt(v + eps));
  const out = emptyTensor(x.shape, x.dtype);
  const [scale, shift] = [numbersOf(weight, layout.c, 1), numbersOf(bias, layout.c, 0)];
  const factor = scale.map((w, i) => w / deviation[i]!);
  normalize(floatView(x), layout, mean, factor, shift, floatView(out));

  const inputs = [x, weight, bias].filter((t) => t !== null);
  const saved = [x, weight, statistics?.mean ?? null, statistics?.variance ?? null];
  const output = record('batchNorm', out, inputs, saved, (g, needs) => {
    if (isGradEnabled()) {
      return throughComposite((...of) => composite(of, weight !== null, eps, statistics), inputs, g, needs);
    }
    const { gradient, product } = sumsOf(floatView(x), floatView(g), layout, mean, deviation);
    const dx = needs[0] ? emptyTensor(x.shape, x.dtype) : null;
    if (dx !== null) {
      // Where mean and variance are x's own, what moves them is taken out: dx = factor · (g - mean of g - x̂ · mean of g x̂).
      const own = statistics === undefined ? 1 / count : 0;
      const level = gradient.map((sum) => sum * own);
      const slope = product.map((sum, i) => (sum * own) / deviation[i]!);
      backward(floatView(x), floatView(g), layout, mean, factor, level, slope, floatView(dx));
    }
    const rest = [weight === null ? null : vector(product, weight), bias === null ? null : vector(gradient, bias)];
    return [dx, ...rest.filter((t) => t !== null)];
  });
  return {
    output,
    mean: statistics?.mean.detach() ?? vector(mean, x),
    variance: statistics?.variance.detach() ?? vector(variance, x),
    count,
  };
}

/** x as [n, c, s]: n pictures of c channels of s elements. */
interface Layout {
  n: number;
  c: number;
  s: number;
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
function momentsOf(x: Tensor, { n, c, s }: Layout): Moments {
  const planes = s === 1 ? c : n * c;
  const [means, variances] = [emptyTensor([planes], x.dtype), emptyTensor([planes], x.dtype)];
  if (s === 1) meanVariance(floatView(x), 1, n, c, floatView(means), floatView(variances));
  else meanVariance(floatView(x), planes, s, 1, floatView(means), floatView(variances));
  const [m, v] = [floatView(means), floatView(variances)];
  const count = planes / c;
  const mean = new Float64Array(c);
  const variance = new Float64Array(c);
  for (let i = 0; i < planes; i++) mean[i % c]! += m[i]! / count;
  for (let i = 0; i < planes; i++) {
    // Not squared by **, whose last bit depends on the engine.
    const off = m[i]! - mean[i % c]!;
    variance[i % c]! += (v[i]! + off * off) / count;
  }
  return { mean, variance };
}

function momentsGiven({ mean, variance }: { mean: Tensor; variance: Tensor }): Moments {
  return { mean: numbersOf(mean, mean.size, 0), variance: numbersOf(variance, variance.size, 1) };
}

function numbersOf(t: Tensor | null, count: number, otherwise: number): Float64Array {
  return t === null ? new Float64Array(count).fill(otherwise) : Float64Array.from(floatView(t));
}

/** out = (x - center) · factor + shift, the three by channel. */
function normalize(
  x: FloatArray,
  { n, c, s }: Layout,
  center: Float64Array,
  factor: Float64Array,
  shift: Float64Array,
  out: FloatArray,
): void {
  for (let i = 0, at = 0; i < n; i++) {
    for (let channel = 0; channel < c; channel++) {
      const from = center[channel]!;
      const by = factor[channel]!;
      const to = shift[channel]!;
      for (const end = at + s; at < end; at++) out[at] = (x[at]! - from) * by + to;
    }
  }
}

/** For each channel Σ g and Σ g x̂, where x̂ is the normalized x: the gradients of bias and weight. */
function sumsOf(
  x: FloatArray,
  g: FloatArray,
  { n, c, s }: Layout,
  mean: Float64Array,
  deviation: Float64Array,
): { gradient: Float64Array; product: Float64Array } {
  const gradient = new Float64Array(c);
  const product = new Float64Array(c);
  for (let i = 0, at = 0; i < n; i++) {
    for (let channel = 0; channel < c; channel++) {
      const center = mean[channel]!;
      let total = 0;
      let weighted = 0;
      for (const end = at + s; at < end; at++) {
        total += g[at]!;
        weighted += g[at]! * (x[at]! - center);
      }
      gradient[channel]! += total;
      product[channel]! += weighted;
    }
  }
  for (let channel = 0; channel < c; channel++) product[channel]! /= deviation[channel]!;
  return { gradient, product };
}

/** out = factor · (g - level - (x - center) · slope), all four by channel. */
function backward(
  x: FloatArray,
  g: FloatArray,
  { n, c, s }: Layout,
  center: Float64Array,
  factor: Float64Array,
  level: Float64Array,
  slope: Float64Array,
  out: FloatArray,
): void {
  for (let i = 0, at = 0; i < n; i++) {
    for (let channel = 0; channel < c; channel++) {
      const from = center[channel]!;
      const by = factor[channel]!;
      const low = level[channel]!;
      const steep = slope[channel]!;
      for (const end = at + s; at < end; at++) out[at] = by * (g[at]! - low - (x[at]! - from) * steep);
    }
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
): void {
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
    if (t !== null) checkTensor('batchNorm', name, t);
    if (t !== null && (t.ndim !== 1 || t.shape[0] !== shape[0])) {
      throw new ShapeError(
        `batchNorm: ${name} must be ${showShape(shape)} for an x of ${showShape(x.shape)}, got ${showShape(t.shape)}`,
      );
    }
  }
}
