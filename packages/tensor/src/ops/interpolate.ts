import { checkOneOf } from '@maru-ml/base';
import { checkFloat, checkTensor, type Tensor } from '../tensor.ts';
import { fromTypedArray } from './create.ts';
import { matmul } from './matmul.ts';
import { reshape } from './shape.ts';
import { batched, type Pair, pair } from './window.ts';

export interface InterpolateOptions {
  /** 'bilinear' weights the four nearest pixels, 'nearest' takes one; 'bilinear'. */
  mode?: 'bilinear' | 'nearest';
  /** Whether the corner pixels' centers keep their places, instead of the pictures' edges; false. */
  alignCorners?: boolean;
}

/** Pictures in another size: `x` [n, c, h, w] or [c, h, w] to [n, c, ...size], as PyTorch's `interpolate`. */
export function interpolate(x: Tensor, size: Pair, options: InterpolateOptions = {}): Tensor {
  checkTensor('interpolate', 'x', x);
  checkFloat('interpolate', 'x', x);
  const mode = checkOneOf('interpolate', 'mode', options.mode ?? 'bilinear', ['bilinear', 'nearest']);
  const { alignCorners = false } = options;
  const [oh, ow] = pair('interpolate', 'size', size, 1);
  return batched('interpolate', x, (pictures) => {
    const [n, c, h, w] = pictures.shape as [number, number, number, number];
    // Both axes are independent: a matrix from either side.
    const weigh = mode === 'nearest' ? nearest : alignCorners ? linearByCorners : linearByEdges;
    const rows = weights(h, oh, x, weigh);
    const columns = weights(w, ow, x, weigh);
    const planes = reshape(pictures, [n * c, h, w]);
    return reshape(matmul(matmul(rows, planes), columns, { transB: true }), [n, c, oh, ow]);
  });
}

/** Where an output pixel lies between the input's: the pixel before it and the share of the one after. */
type Position = (i: number, length: number, count: number) => [before: number, share: number];

function nearest(i: number, length: number, count: number): [number, number] {
  return [Math.min(Math.floor((i * length) / count), length - 1), 0];
}

function linearByEdges(i: number, length: number, count: number): [number, number] {
  const place = Math.max(0, ((i + 0.5) * length) / count - 0.5);
  return [Math.floor(place), place % 1];
}

function linearByCorners(i: number, length: number, count: number): [number, number] {
  const place = count === 1 ? 0 : (i * (length - 1)) / (count - 1);
  return [Math.floor(place), place % 1];
}

/** The matrix [count, length] that takes pixels to pixels, in the dtype of a tensor. */
function weights(length: number, count: number, like: Tensor, position: Position): Tensor {
  const matrix = like.dtype === 'float64' ? new Float64Array(count * length) : new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    const [before, share] = position(i, length, count);
    matrix[i * length + before]! += 1 - share;
    matrix[i * length + Math.min(before + 1, length - 1)]! += share;
  }
  return fromTypedArray(matrix, [count, length]);
}
