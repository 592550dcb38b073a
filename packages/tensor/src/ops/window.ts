import { checkInteger, OptionError, ShapeError, show } from '@maru-ml/base';
import { type Shape, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** A length for both axes of a picture, or [height, width]. */
export type Pair = number | readonly [height: number, width: number];

/** How a window moves over pictures [n, c, h, w], in the kernels' terms. */
export interface WindowGeometry {
  n: number;
  c: number;
  h: number;
  w: number;
  kh: number;
  kw: number;
  oh: number;
  ow: number;
  strideH: number;
  strideW: number;
  padH: number;
  padW: number;
  dilationH: number;
  dilationW: number;
}

export interface WindowOptions {
  stride: Pair;
  padding: Pair | 'same' | 'valid';
  dilation: Pair;
}

/** [height, width] of an option that may be one number for both. */
export function pair(owner: string, name: string, value: Pair, min: number): readonly [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    checkInteger(owner, `${name}[0]`, value[0], { min });
    checkInteger(owner, `${name}[1]`, value[1], { min });
    return value as [number, number];
  }
  if (typeof value !== 'number') {
    throw new OptionError(`${owner}: ${name} must be an integer or a pair of them, got ${show(value)}`);
  }
  checkInteger(owner, name, value, { min });
  return [value, value];
}

/** The pair for pictures of one row, of an option of sequences. */
export function inRow(owner: string, name: string, value: number, min: 0 | 1): readonly [number, number] {
  return [min, checkInteger(owner, name, value, { min })];
}

/** Runs an operation on batches of pictures on a single picture [c, h, w] too. */
export function batched(owner: string, x: Tensor, f: (pictures: Tensor) => Tensor): Tensor {
  if (x.ndim === 4) return f(x);
  if (x.ndim === 3) {
    const out = f(x.reshape([1, ...x.shape]));
    return out.reshape(out.shape.slice(1));
  }
  throw new ShapeError(`${owner}: x must be [n, c, h, w] or [c, h, w], got ${showShape(x.shape)}`);
}

/**
 * Where the windows of a kernel [kh, kw] fall on pictures [n, c, h, w]: each output length is
 * ⌊(length + padding - dilation (kernel - 1) - 1) / stride⌋ + 1, rows and columns that no whole window reaches being left out.
 *
 * The kernels take as much padding on one side as on the other. For an odd number of zeros, which 'same' may need, the last
 * one is to be put to the pictures themselves, below and to the right as in PyTorch: h and w of the result count it.
 *
 * @throws ShapeError where the window is larger than the padded picture
 */
export function windows(owner: string, shape: Shape, kernel: Shape, options: WindowOptions): WindowGeometry {
  const [n, c] = shape as [number, number];
  const [kh, kw] = kernel as [number, number];
  const strides = pair(owner, 'stride', options.stride, 1);
  const dilations = pair(owner, 'dilation', options.dilation, 1);
  const spans = [dilations[0] * (kh - 1) + 1, dilations[1] * (kw - 1) + 1] as const;
  const total = zerosAround(owner, options, spans);
  const padded = [shape[2]! + total[0], shape[3]! + total[1]] as const;
  if (spans[0] > padded[0] || spans[1] > padded[1]) {
    const dilated = spans[0] !== kh || spans[1] !== kw ? ` (dilated to ${showShape(spans)})` : '';
    throw new ShapeError(
      `${owner}: the window ${showShape([kh, kw])}${dilated} is larger than the padded input ${showShape(padded)}`,
    );
  }
  const [padH, padW] = [total[0] >> 1, total[1] >> 1];
  return {
    n,
    c,
    h: padded[0] - 2 * padH,
    w: padded[1] - 2 * padW,
    kh,
    kw,
    oh: Math.floor((padded[0] - spans[0]) / strides[0]) + 1,
    ow: Math.floor((padded[1] - spans[1]) / strides[1]) + 1,
    strideH: strides[0],
    strideW: strides[1],
    padH,
    padW,
    dilationH: dilations[0],
    dilationW: dilations[1],
  };
}

/** How many zeros the padding puts around, on both sides together. */
function zerosAround(
  owner: string,
  { stride, padding }: WindowOptions,
  spans: readonly [number, number],
): readonly [number, number] {
  if (padding === 'same') {
    const [down, right] = pair(owner, 'stride', stride, 1);
    if (down !== 1 || right !== 1) {
      throw new OptionError(`${owner}: padding 'same' needs stride 1, got ${down} and ${right}`);
    }
    return [spans[0] - 1, spans[1] - 1];
  }
  if (typeof padding === 'string' && padding !== 'valid') {
    throw new OptionError(
      `${owner}: padding must be a number, a pair of them, 'same' or 'valid', got ${show(padding)}`,
    );
  }
  const [padH, padW] = pair(owner, 'padding', padding === 'valid' ? 0 : padding, 0);
  return [2 * padH, 2 * padW];
}
