import { OptionError, ShapeError } from '@maru-ml/base';
import { checkAxes, checkAxis, showShape, sizeOf } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { reshape } from './shape.ts';

/** The tensor with a new axis of length 1 before `axis`; -1 puts it last. Shares the elements. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  checkTensor('unsqueeze', 'x', x);
  const at = checkAxis('unsqueeze', axis, x.ndim + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** The tensor without its axes of length 1, or without those named, which must have length 1. Shares the elements. */
export function squeeze(x: Tensor, axis?: number | readonly number[]): Tensor {
  checkTensor('squeeze', 'x', x);
  const axes = checkAxes('squeeze', axis, x.ndim);
  if (axis !== undefined) {
    const long = axes.find((a) => x.shape[a] !== 1);
    if (long !== undefined) {
      throw new ShapeError(
        `squeeze: axis ${long} of a tensor of shape ${showShape(x.shape)} has length ${x.shape[long]}, not 1`,
      );
    }
  }
  return reshape(
    x,
    x.shape.filter((n, i) => n !== 1 || !axes.includes(i)),
  );
}

/** The axes from `startAxis` to `endAxis`, both included, as one; all of them by default. Shares the elements. */
export function flatten(x: Tensor, startAxis = 0, endAxis = -1): Tensor {
  checkTensor('flatten', 'x', x);
  if (x.ndim === 0) return reshape(x, [1]);
  const from = checkAxis('flatten', startAxis, x.ndim);
  const to = checkAxis('flatten', endAxis, x.ndim);
  if (from > to) throw new OptionError(`flatten: startAxis ${startAxis} lies after endAxis ${endAxis}`);
  return reshape(x, [...x.shape.slice(0, from), sizeOf(x.shape.slice(from, to + 1)), ...x.shape.slice(to + 1)]);
}
