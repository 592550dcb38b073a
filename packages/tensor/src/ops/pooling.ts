import { OptionError, ShapeError } from '@maru-ml/base';
import {
  avgPool2dBackward as avgPool2dBackwardKernel,
  avgPool2d as avgPool2dKernel,
  maxPool2dBackward as maxPool2dBackwardKernel,
  maxPool2d as maxPool2dKernel,
} from '@maru-ml/kernels/tensor';
import { isGradEnabled, record } from '../graph.ts';
import { showShape } from '../shape.ts';
import { checkFloat, checkTensor, emptyTensor, floatView, type Tensor, view } from '../tensor.ts';
import { withRow } from './convolution.ts';
import { zeros } from './create.ts';
import { addAt, placesIn } from './pick.ts';
import { batched, inRow, type Pair, pair, type WindowGeometry, windows } from './window.ts';

export interface MaxPool2dOptions {
  /** How far the window moves; the window's size. */
  stride?: Pair;
  /** Rows and columns around the picture, at most half the window, that no maximum comes from; 0. */
  padding?: Pair;
  /** Distance of the window's elements; 1. */
  dilation?: Pair;
}

export interface AvgPool2dOptions {
  /** How far the window moves; the window's size. */
  stride?: Pair;
  /** Rows and columns of zeros around the picture, at most half the window; 0. */
  padding?: Pair;
  /** Count the zeros around the picture as elements; true. */
  countIncludePad?: boolean;
}

export interface MaxPool1dOptions {
  /** How far the window moves; the window's length. */
  stride?: number;
  /** Elements around the sequence, at most half the window, that no maximum comes from; 0. */
  padding?: number;
  /** Distance of the window's elements; 1. */
  dilation?: number;
}

export interface AvgPool1dOptions {
  /** How far the window moves; the window's length. */
  stride?: number;
  /** Zeros around the sequence, at most half the window; 0. */
  padding?: number;
  /** Count the zeros around the sequence as elements; true. */
  countIncludePad?: boolean;
}

/**
 * The largest element of each window: `x` [n, c, h, w] or [c, h, w] to [n, c, h', w'],
 * h' = ⌊(h + 2 padding - dilation (kernelSize - 1) - 1) / stride⌋ + 1. Of equal ones the first gets the gradient; NaN wins.
 *
 * @throws ShapeError where the window is larger than the padded picture
 */
export function maxPool2d(x: Tensor, kernelSize: Pair, options: MaxPool2dOptions = {}): Tensor {
  return largest('maxPool2d', x, kernelSize, options);
}

function largest(owner: string, x: Tensor, kernelSize: Pair, options: MaxPool2dOptions): Tensor {
  const { stride = kernelSize, padding = 0, dilation = 1 } = options;
  checkTensor(owner, 'x', x);
  checkFloat(owner, 'x', x);
  return batched(owner, x, (pictures) => {
    const g = poolWindows(owner, pictures, kernelSize, { stride, padding, dilation });
    const shape = [g.n, g.c, g.oh, g.ow];
    const indices = emptyTensor(shape, 'int32');
    const out = emptyTensor(shape, x.dtype);
    if (out.size > 0) maxPool2dKernel(floatView(pictures), floatView(out), view(indices) as Int32Array, g);
    return record('maxPool2d', out, [pictures], [indices], (u) => [
      isGradEnabled()
        ? addAt(
            'maxPool2dBackward',
            zeros([g.n, g.c, g.h, g.w], { dtype: u.dtype }),
            u,
            placesIn(placesOf(indices, g)),
            1,
          )
        : toMaxima(u, indices, g),
    ]);
  });
}

/**
 * The mean of each window: `x` [n, c, h, w] or [c, h, w] to [n, c, h', w'], h' = ⌊(h + 2 padding - kernelSize) / stride⌋ + 1.
 *
 * @throws ShapeError where the window is larger than the padded picture
 */
export function avgPool2d(x: Tensor, kernelSize: Pair, options: AvgPool2dOptions = {}): Tensor {
  return means('avgPool2d', x, kernelSize, options);
}

function means(owner: string, x: Tensor, kernelSize: Pair, options: AvgPool2dOptions): Tensor {
  const { stride = kernelSize, padding = 0, countIncludePad = true } = options;
  checkTensor(owner, 'x', x);
  checkFloat(owner, 'x', x);
  return batched(owner, x, (pictures) => {
    const g = poolWindows(owner, pictures, kernelSize, { stride, padding, dilation: 1 });
    return averaged(pictures, { ...g, countIncludePad });
  });
}

/** `maxPool2d` of sequences: `x` [n, c, l] or [c, l] to [n, c, l']. */
export function maxPool1d(x: Tensor, kernelSize: number, options: MaxPool1dOptions = {}): Tensor {
  const owner = 'maxPool1d';
  const { stride = kernelSize, padding = 0, dilation = 1 } = options;
  return ofSequence(owner, x, (rows) =>
    largest(owner, rows, inRow(owner, 'kernelSize', kernelSize, 1), {
      stride: inRow(owner, 'stride', stride, 1),
      padding: inRow(owner, 'padding', padding, 0),
      dilation: inRow(owner, 'dilation', dilation, 1),
    }),
  );
}

/** `avgPool2d` of sequences: `x` [n, c, l] or [c, l] to [n, c, l']. */
export function avgPool1d(x: Tensor, kernelSize: number, options: AvgPool1dOptions = {}): Tensor {
  const owner = 'avgPool1d';
  const { stride = kernelSize, padding = 0, countIncludePad } = options;
  return ofSequence(owner, x, (rows) =>
    means(owner, rows, inRow(owner, 'kernelSize', kernelSize, 1), {
      stride: inRow(owner, 'stride', stride, 1),
      padding: inRow(owner, 'padding', padding, 0),
      countIncludePad,
    }),
  );
}

function ofSequence(owner: string, x: Tensor, f: (rows: Tensor) => Tensor): Tensor {
  checkTensor(owner, 'x', x);
  if (x.ndim !== 2 && x.ndim !== 3) {
    throw new ShapeError(`${owner}: x must be [n, c, l] or [c, l], got ${showShape(x.shape)}`);
  }
  const out = f(withRow(x));
  return out.reshape([...out.shape.slice(0, -2), out.shape[out.ndim - 1]!]);
}

type AverageGeometry = WindowGeometry & { countIncludePad: boolean };

/** The mean of each window, and below its adjoint: each is the other's product, to any order. */
function averaged(x: Tensor, g: AverageGeometry): Tensor {
  const out = emptyTensor([g.n, g.c, g.oh, g.ow], x.dtype);
  if (out.size > 0) avgPool2dKernel(floatView(x), floatView(out), g);
  return record('avgPool2d', out, [x], [], (u) => [shared(u, g)]);
}

function shared(u: Tensor, g: AverageGeometry): Tensor {
  const out = emptyTensor([g.n, g.c, g.h, g.w], u.dtype);
  if (out.size > 0) avgPool2dBackwardKernel(floatView(u), floatView(out), g);
  return record('avgPool2dBackward', out, [u], [], (x) => [averaged(x, g)]);
}

/** Sends each gradient to the place that its maximum came from. */
function toMaxima(u: Tensor, indices: Tensor, g: WindowGeometry): Tensor {
  const out = emptyTensor([g.n, g.c, g.h, g.w], u.dtype);
  if (out.size > 0) maxPool2dBackwardKernel(floatView(u), view(indices) as Int32Array, floatView(out), g);
  return out;
}

/** The maxima's places in the flat array; the kernel counts within each plane. */
function placesOf(indices: Tensor, g: WindowGeometry): Int32Array {
  const places = (view(indices) as Int32Array).slice();
  for (let i = 0; i < places.length; i++) places[i]! += Math.floor(i / (g.oh * g.ow)) * g.h * g.w;
  return places;
}

function poolWindows(
  owner: string,
  x: Tensor,
  kernelSize: Pair,
  options: { stride: Pair; padding: Pair; dilation: Pair },
): WindowGeometry {
  const kernel = pair(owner, 'kernelSize', kernelSize, 1);
  const padding = pair(owner, 'padding', options.padding, 0);
  if (2 * padding[0] > kernel[0] || 2 * padding[1] > kernel[1]) {
    throw new OptionError(
      `${owner}: padding must be at most half the window ${showShape(kernel)}, got ${showShape(padding)}`,
    );
  }
  return windows(owner, x.shape, kernel, options);
}
