import { checkInteger, ShapeError } from '@maru-ml/base';
import { checkAxis, showShape } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { max } from './extrema.ts';

/**
 * The largest of each `pieces` neighbouring elements along an axis (the last by default), whose length they must divide.
 * Source: I. Goodfellow et al., "Maxout networks", ICML 2013.
 */
export function maxout(x: Tensor, pieces: number, axis = -1): Tensor {
  checkTensor('maxout', 'x', x);
  checkInteger('maxout', 'pieces', pieces, { min: 1 });
  const along = checkAxis('maxout', axis, x.ndim);
  const n = x.shape[along]!;
  if (n % pieces !== 0) {
    throw new ShapeError(`maxout: axis ${along} of ${showShape(x.shape)} has ${n} elements, no multiple of ${pieces}`);
  }
  return max(x.reshape([...x.shape.slice(0, along), n / pieces, pieces, ...x.shape.slice(along + 1)]), along + 1);
}
