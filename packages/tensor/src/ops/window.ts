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
 * @throws ShapeError where the window is larger than the padded picture
 */
export function windows(owner: string, shape: Shape, kernel: Shape, options: WindowOptions): WindowGeometry {
  const [n, c, h, w] = shape as [number, number, number, number];
  const [kh, kw] = kernel as [number, number];
  const [strideH, strideW] = pair(owner, 'stride', options.stride, 1);
  const [dilationH, dilationW] = pair(owner, 'dilation', options.dilation, 1);
  const spanH = dilationH * (kh - 1) + 1;
  const spanW = dilationW * (kw - 1) + 1;
  let [totalH, totalW] = [spanH - 1, spanW - 1];
  if (options.padding === 'same') {
    if (strideH !== 1 || strideW !== 1) {
      throw new OptionError(`${owner}: padding 'same' needs stride 1, got ${strideH} and ${strideW}`);
    }
  } else {
    const given = options.padding === 'valid' ? 0 : options.padding;
    if (typeof given === 'string') {
      throw new OptionError(
        `${owner}: padding must be a number, a pair of them, 'same' or 'valid', got ${show(given)}`,
      );
    }
    const [padH, padW] = pair(owner, 'padding', given, 0);
    [totalH, totalW] = [2 * padH, 2 * padW];
  }
  if (spanH > h + totalH || spanW > w + totalW) {
    const dilated = spanH !== kh || spanW !== kw ? ` (dilated to ${showShape([spanH, spanW])})` : '';
    throw new ShapeError(
      `${owner}: the window ${showShape([kh, kw])}${dilated} is larger than the padded input ${showShape([h + totalH, w + totalW])}`,
    );
  }
  return {
    n,
    c,
    h,
    w,
    kh,
    kw,
    oh: Math.floor((h + totalH - spanH) / strideH) + 1,
    ow: Math.floor((w + totalW - spanW) / strideW) + 1,
    strideH,
    strideW,
    // Of an odd number the larger half is below and to the right, as in PyTorch.
    padH: totalH >> 1,
    padW: totalW >> 1,
    dilationH,
    dilationW,
  };
}
