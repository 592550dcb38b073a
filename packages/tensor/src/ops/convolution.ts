import { checkInteger, ShapeError } from '@maru-ml/base';
import {
  add as addKernel,
  conv2dBackwardInput,
  conv2dBackwardWeight,
  conv2d as conv2dKernel,
  expand as expandKernel,
} from '@maru-ml/kernels/tensor';
import { isFloat, promoteTypes } from '../dtype.ts';
import { record } from '../graph.ts';
import { type Shape, showShape } from '../shape.ts';
import { checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { pad } from './pad.ts';
import { sum } from './sum.ts';
import { batched, inRow, type Pair, type WindowGeometry, windows } from './window.ts';

export interface Conv2dOptions {
  /** How far the window moves; 1. */
  stride?: Pair;
  /** Zeros on each side of the picture; 'same' keeps its size (stride 1 only), 'valid' adds none; 0. */
  padding?: Pair | 'same' | 'valid';
  /** Distance of the window's elements; 1. */
  dilation?: Pair;
  /** Into how many groups the channels are split that do not see each other; 1. */
  groups?: number;
}

export interface Conv1dOptions {
  /** How far the window moves; 1. */
  stride?: number;
  /** Zeros on each side of the sequence; 'same' keeps its length (stride 1 only), 'valid' adds none; 0. */
  padding?: number | 'same' | 'valid';
  /** Distance of the window's elements; 1. */
  dilation?: number;
  /** Into how many groups the channels are split that do not see each other; 1. */
  groups?: number;
}

/** What the kernels need to know of a convolution from pictures [n, c, h, w] to [n, o, oh, ow]. */
export interface ConvGeometry extends WindowGeometry {
  o: number;
  groups: number;
}

/**
 * Convolution (without flipping the kernel): `x` [n, c, h, w] or [c, h, w], `weight` [o, c / groups, kh, kw] and `bias` [o] (or
 * none) give [n, o, h', w'] with h' = ⌊(h + 2 padding - dilation (kh - 1) - 1) / stride⌋ + 1.
 * Cost O(n · o · h' · w' · c / groups · kh · kw).
 *
 * @throws ShapeError where channels or groups do not fit, or the kernel is larger than the padded picture
 */
export function conv2d(x: Tensor, weight: Tensor, bias: Tensor | null = null, options: Conv2dOptions = {}): Tensor {
  checkTensor('conv2d', 'x', x);
  checkWeight('conv2d', weight, bias, 4, options.groups ?? 1, 'first');
  return convolution('conv2d', x, weight, bias, options);
}

/**
 * Convolution of sequences (without flipping the kernel): `x` [n, c, l] or [c, l], `weight` [o, c / groups, k] and `bias` [o] (or
 * none) give [n, o, l'] with l' = ⌊(l + 2 padding - dilation (k - 1) - 1) / stride⌋ + 1.
 *
 * @throws ShapeError where channels or groups do not fit, or the kernel is larger than the padded sequence
 */
export function conv1d(x: Tensor, weight: Tensor, bias: Tensor | null = null, options: Conv1dOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  checkTensor('conv1d', 'x', x);
  checkWeight('conv1d', weight, bias, 3, groups, 'first');
  if (x.ndim !== 2 && x.ndim !== 3) {
    throw new ShapeError(`conv1d: x must be [n, c, l] or [c, l], got ${showShape(x.shape)}`);
  }
  checkChannels('conv1d', x.shape, x.shape[x.ndim - 2]!, weight.shape, groups);
  // A picture of one row.
  const out = convolution('conv1d', withRow(x), withRow(weight), bias, {
    stride: inRow('conv1d', 'stride', stride, 1),
    padding: typeof padding === 'string' ? padding : inRow('conv1d', 'padding', padding, 0),
    dilation: inRow('conv1d', 'dilation', dilation, 1),
    groups,
  });
  return out.reshape([...out.shape.slice(0, -2), out.shape[out.ndim - 1]!]);
}

function convolution(owner: string, x: Tensor, weight: Tensor, bias: Tensor | null, options: Conv2dOptions): Tensor {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  return batched(owner, x, (pictures) => {
    checkChannels(owner, x.shape, pictures.shape[1]!, weight.shape, groups);
    const around = windows(owner, pictures.shape, weight.shape.slice(2), { stride, padding, dilation });
    const [a, b, c] = oneDtype([pictures, weight, bias]);
    const missing = [around.h - pictures.shape[2]!, around.w - pictures.shape[3]!] as const;
    const whole =
      missing[0] + missing[1] === 0
        ? a!
        : pad(
            a!,
            [0, 0, ...missing].map((zeros) => [0, zeros]),
          );
    return convolve(whole, b!, c ?? null, { ...around, o: weight.shape[0]!, groups });
  });
}

/**
 * @internal The convolution of x [n, c, h, w] with w [o, c / groups, kh, kw]. It is linear in both; its adjoints by either
 * are `spread` and `correlate`, and the three are each other's adjoints in turn, so that gradients of every order are made of them.
 */
export function convolve(x: Tensor, w: Tensor, bias: Tensor | null, g: ConvGeometry): Tensor {
  const out = emptyTensor([g.n, g.o, g.oh, g.ow], x.dtype);
  if (out.size > 0) {
    conv2dKernel(floatView(x), floatView(w), floatView(out), g);
    if (bias !== null) addBias(out, bias);
  }
  const inputs = bias === null ? [x, w] : [x, w, bias];
  const saved = [w.requiresGrad ? x : null, x.requiresGrad ? w : null];
  return record('conv2d', out, inputs, saved, (u, [forX, forW, forBias]) => [
    forX ? spread(u, w, null, g) : null,
    forW ? correlate(x, u, g) : null,
    forBias ? sum(u, [0, 2, 3]) : null,
  ]);
}

/** @internal Spreads u [n, o, oh, ow] over [n, c, h, w]: each element adds the kernel times itself where its window lay. */
export function spread(u: Tensor, w: Tensor, bias: Tensor | null, g: ConvGeometry): Tensor {
  const out = emptyTensor([g.n, g.c, g.h, g.w], u.dtype);
  if (out.size > 0) {
    conv2dBackwardInput(floatView(u), floatView(w), floatView(out), g);
    if (bias !== null) addBias(out, bias);
  }
  const inputs = bias === null ? [u, w] : [u, w, bias];
  const saved = [w.requiresGrad ? u : null, u.requiresGrad ? w : null];
  return record('convTranspose2d', out, inputs, saved, (x, [forU, forW, forBias]) => [
    forU ? convolve(x, w, null, g) : null,
    forW ? correlate(x, u, g) : null,
    forBias ? sum(x, [0, 2, 3]) : null,
  ]);
}

/** For each element of the kernel the sum of the products of what it met: x [n, c, h, w] and u [n, o, oh, ow] give [o, c / groups, kh, kw]. */
function correlate(x: Tensor, u: Tensor, g: ConvGeometry): Tensor {
  const out = emptyTensor([g.o, g.c / g.groups, g.kh, g.kw], x.dtype);
  conv2dBackwardWeight(floatView(x), floatView(u), floatView(out), g);
  return record('conv2dBackwardWeight', out, [x, u], [x, u], (w, [forX, forU]) => [
    forX ? spread(u, w, null, g) : null,
    forU ? convolve(x, w, null, g) : null,
  ]);
}

/** Adds to each channel its bias, written out over a plane so that one pass adds it to all pictures. */
function addBias(out: Tensor, bias: Tensor): void {
  const [, channels, h, w] = out.shape as [number, number, number, number];
  const planes = emptyTensor([channels, h * w], out.dtype);
  expandKernel(floatView(bias), channels, h * w, 1, floatView(planes));
  addKernel(floatView(out), floatView(planes), floatView(out));
}

/** @internal A sequence as a picture of one row. */
export function withRow(x: Tensor): Tensor {
  return x.reshape([...x.shape.slice(0, -1), 1, x.shape[x.ndim - 1]!]);
}

/** @internal The tensors in the float type in which they meet. */
export function oneDtype(tensors: readonly (Tensor | null)[]): (Tensor | null)[] {
  let dtype = tensors[0]!.dtype;
  for (const t of tensors) if (t !== null) dtype = promoteTypes(dtype, t.dtype);
  return tensors.map((t) => (t === null ? null : cast(t, isFloat(dtype) ? dtype : 'float32')));
}

/** @internal @param outputs the weight's axis of what a group makes: the `first` or the `second` */
export function checkWeight(
  owner: string,
  weight: Tensor,
  bias: Tensor | null,
  ndim: number,
  groups: number,
  outputs: 'first' | 'second',
): void {
  checkTensor(owner, 'weight', weight);
  if (bias !== null) checkTensor(owner, 'bias', bias);
  checkInteger(owner, 'groups', groups, { min: 1 });
  if (weight.ndim !== ndim || weight.size === 0) {
    const lengths = ndim === 3 ? '[channels, channels, k]' : '[channels, channels, kh, kw]';
    throw new ShapeError(`${owner}: weight must be ${lengths} and not empty, got ${showShape(weight.shape)}`);
  }
  if (weight.shape[0]! % groups !== 0) {
    throw new ShapeError(
      `${owner}: ${groups} groups do not divide the weight's first axis of ${showShape(weight.shape)}`,
    );
  }
  const made = outputs === 'first' ? weight.shape[0]! : weight.shape[1]! * groups;
  if (bias !== null && (bias.ndim !== 1 || bias.shape[0] !== made)) {
    throw new ShapeError(`${owner}: bias must be [${made}], one for each output channel, got ${showShape(bias.shape)}`);
  }
}

function checkChannels(owner: string, shape: Shape, channels: number, weight: Shape, groups: number): void {
  if (channels === weight[1]! * groups) return;
  const grouped = groups === 1 ? '' : ` and ${groups} groups`;
  throw new ShapeError(
    `${owner}: x is ${showShape(shape)} but weight ${showShape(weight)}${grouped} takes ${weight[1]! * groups} channels, not ${channels}`,
  );
}
