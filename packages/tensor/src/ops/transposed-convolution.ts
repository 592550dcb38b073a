import { OptionError, ShapeError } from '@maru-ml/base';
import { showShape } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { checkWeight, oneDtype, spread, withRow } from './convolution.ts';
import { batched, inRow, type Pair, pair } from './window.ts';

export interface ConvTranspose2dOptions {
  /** How far apart the windows lie in the output; 1. */
  stride?: Pair;
  /** Rows and columns that are cut off on each side of the output; 0. */
  padding?: Pair;
  /** Rows and columns added below and to the right, where a stride leaves several sizes possible; 0. */
  outputPadding?: Pair;
  /** Distance of the window's elements; 1. */
  dilation?: Pair;
  /** Into how many groups the channels are split that do not see each other; 1. */
  groups?: number;
}

export interface ConvTranspose1dOptions {
  /** How far apart the windows lie in the output; 1. */
  stride?: number;
  /** Elements that are cut off on each side of the output; 0. */
  padding?: number;
  /** Elements added at the end, where a stride leaves several lengths possible; 0. */
  outputPadding?: number;
  /** Distance of the window's elements; 1. */
  dilation?: number;
  /** Into how many groups the channels are split that do not see each other; 1. */
  groups?: number;
}

/**
 * The transpose of a convolution as a linear map, which makes pictures larger: `x` [n, c, h, w] or [c, h, w], `weight`
 * [c, o / groups, kh, kw] and `bias` [o] (or none) give [n, o, h', w'] with
 * h' = (h - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1.
 *
 * @throws ShapeError where channels or groups do not fit, or nothing would be left
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvTranspose2dOptions = {},
): Tensor {
  checkTensor('convTranspose2d', 'x', x);
  checkWeight('convTranspose2d', weight, bias, 4, options.groups ?? 1, 'second');
  return transposed('convTranspose2d', x, weight, bias, options);
}

/**
 * The transpose of a convolution of sequences: `x` [n, c, l] or [c, l], `weight` [c, o / groups, k] and `bias` [o] (or none)
 * give [n, o, l'] with l' = (l - 1) stride - 2 padding + dilation (k - 1) + outputPadding + 1.
 *
 * @throws ShapeError where channels or groups do not fit, or nothing would be left
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvTranspose1dOptions = {},
): Tensor {
  const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = options;
  checkTensor('convTranspose1d', 'x', x);
  checkWeight('convTranspose1d', weight, bias, 3, groups, 'second');
  if (x.ndim !== 2 && x.ndim !== 3) {
    throw new ShapeError(`convTranspose1d: x must be [n, c, l] or [c, l], got ${showShape(x.shape)}`);
  }
  const out = transposed('convTranspose1d', withRow(x), withRow(weight), bias, {
    stride: inRow('convTranspose1d', 'stride', stride, 1),
    padding: inRow('convTranspose1d', 'padding', padding, 0),
    outputPadding: inRow('convTranspose1d', 'outputPadding', outputPadding, 0),
    dilation: inRow('convTranspose1d', 'dilation', dilation, 1),
    groups,
  });
  return out.reshape([...out.shape.slice(0, -2), out.shape[out.ndim - 1]!]);
}

function transposed(
  owner: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvTranspose2dOptions,
): Tensor {
  const { groups = 1 } = options;
  const [strideH, strideW] = pair(owner, 'stride', options.stride ?? 1, 1);
  const [padH, padW] = pair(owner, 'padding', options.padding ?? 0, 0);
  const [extraH, extraW] = pair(owner, 'outputPadding', options.outputPadding ?? 0, 0);
  const [dilationH, dilationW] = pair(owner, 'dilation', options.dilation ?? 1, 1);
  if (extraH >= Math.max(strideH, dilationH) || extraW >= Math.max(strideW, dilationW)) {
    throw new OptionError(
      `${owner}: outputPadding must be less than stride or dilation, got ${showShape([extraH, extraW])}`,
    );
  }
  return batched(owner, x, (pictures) => {
    const [n, o, oh, ow] = pictures.shape as [number, number, number, number];
    if (o !== weight.shape[0]) {
      throw new ShapeError(
        `${owner}: x is ${showShape(x.shape)} but weight ${showShape(weight.shape)} takes ${weight.shape[0]} channels, not ${o}`,
      );
    }
    const [, each, kh, kw] = weight.shape as [number, number, number, number];
    const h = (oh - 1) * strideH - 2 * padH + dilationH * (kh - 1) + extraH + 1;
    const w = (ow - 1) * strideW - 2 * padW + dilationW * (kw - 1) + extraW + 1;
    if (h < 1 || w < 1) {
      throw new ShapeError(
        `${owner}: x ${showShape(x.shape)} would give pictures of ${showShape([h, w])}; padding cuts all off`,
      );
    }
    const [a, b, c] = oneDtype([pictures, weight, bias]);
    // The convolution that this transposes goes from what we make to what we have.
    const g = {
      n,
      c: each * groups,
      h,
      w,
      o,
      kh,
      kw,
      oh,
      ow,
      strideH,
      strideW,
      padH,
      padW,
      dilationH,
      dilationW,
      groups,
    };
    return spread(a!, b!, c ?? null, g);
  });
}
