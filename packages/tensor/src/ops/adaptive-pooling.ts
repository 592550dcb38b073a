import { checkFloat, checkTensor, type Tensor, view } from '../tensor.ts';
import { fromTypedArray } from './create.ts';
import { matmul } from './matmul.ts';
import { pick, placesIn } from './pick.ts';
import { reshape } from './shape.ts';
import { mean } from './sum.ts';
import { batched, type Pair, pair } from './window.ts';

/**
 * The mean of each of `outputSize` windows that cover a picture: `x` [n, c, h, w] or [c, h, w] to [n, c, ...outputSize]. Window i
 * of m goes from ⌊i h / m⌋ to ⌈(i + 1) h / m⌉; a size of 1 is global pooling.
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: Pair): Tensor {
  checkTensor('adaptiveAvgPool2d', 'x', x);
  checkFloat('adaptiveAvgPool2d', 'x', x);
  const [oh, ow] = pair('adaptiveAvgPool2d', 'outputSize', outputSize, 1);
  return batched('adaptiveAvgPool2d', x, (pictures) => {
    const [n, c, h, w] = pictures.shape as [number, number, number, number];
    if (oh === 1 && ow === 1) return mean(pictures, [2, 3], { keepDims: true });
    // The mean over rectangles is the mean over columns of the means over rows: a matrix from either side.
    const rows = averages(h, oh, x);
    const columns = averages(w, ow, x);
    const planes = reshape(pictures, [n * c, h, w]);
    return reshape(matmul(matmul(rows, planes), columns, { transB: true }), [n, c, oh, ow]);
  });
}

/**
 * The largest element of each of `outputSize` windows, which lie as in `adaptiveAvgPool2d`: `x` [n, c, h, w] or [c, h, w] to
 * [n, c, ...outputSize]. Of equal ones the first gets the gradient; NaN wins.
 */
export function adaptiveMaxPool2d(x: Tensor, outputSize: Pair): Tensor {
  checkTensor('adaptiveMaxPool2d', 'x', x);
  checkFloat('adaptiveMaxPool2d', 'x', x);
  const [oh, ow] = pair('adaptiveMaxPool2d', 'outputSize', outputSize, 1);
  return batched('adaptiveMaxPool2d', x, (pictures) => {
    const [n, c, h, w] = pictures.shape as [number, number, number, number];
    const values = view(pictures);
    const places = new Int32Array(n * c * oh * ow);
    let at = 0;
    for (let plane = 0; plane < n * c; plane++) {
      for (let i = 0; i < oh; i++) {
        for (let j = 0; j < ow; j++) {
          let best = plane * h * w + first(i, h, oh) * w + first(j, w, ow);
          for (let y = first(i, h, oh); y < end(i, h, oh); y++) {
            const row = (plane * h + y) * w;
            for (let place = row + first(j, w, ow); place < row + end(j, w, ow); place++) {
              // Not ≤: a NaN takes the place, and keeps it.
              if (!Number.isNaN(values[best]!) && !(values[place]! <= values[best]!)) best = place;
            }
          }
          places[at++] = best;
        }
      }
    }
    return pick('adaptiveMaxPool2d', pictures, placesIn(places), 1, [n, c, oh, ow]);
  });
}

function first(i: number, length: number, count: number): number {
  return Math.floor((i * length) / count);
}

function end(i: number, length: number, count: number): number {
  return Math.ceil(((i + 1) * length) / count);
}

/** The matrix [count, length] whose rows take the means of the windows, in the dtype of a tensor. */
function averages(length: number, count: number, like: Tensor): Tensor {
  const matrix = like.dtype === 'float64' ? new Float64Array(count * length) : new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    const [from, to] = [first(i, length, count), end(i, length, count)];
    matrix.fill(1 / (to - from), i * length + from, i * length + to);
  }
  return fromTypedArray(matrix, [count, length]);
}
