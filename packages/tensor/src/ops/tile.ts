import { checkInteger, checkOneOf, OptionError, ShapeError } from '@maru-ml/base';
import { checkAxis, showShape } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { broadcastTo } from './broadcast.ts';
import { reshape } from './shape.ts';

/**
 * The whole tensor repeated along each axis: `tile(x, [2, 3])` sets two copies below each other and three side by side. Fewer
 * numbers than axes are for the last ones; more add axes in front.
 */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  checkTensor('tile', 'x', x);
  const times = repeats.map((n, i) => checkInteger('tile', `repeats[${i}]`, n, { min: 0 }));
  const ndim = Math.max(times.length, x.ndim);
  const shape = [...new Array<number>(ndim - x.ndim).fill(1), ...x.shape];
  const all = [...new Array<number>(ndim - times.length).fill(1), ...times];
  const apart = broadcastTo(
    reshape(
      x,
      shape.flatMap((n) => [1, n]),
    ),
    shape.flatMap((n, i) => [all[i]!, n]),
  );
  return reshape(
    apart,
    shape.map((n, i) => n * all[i]!),
  );
}

/** Each place of an axis `times` times in a row: [1, 2] becomes [1, 1, 2, 2]. */
export function repeatInterleave(x: Tensor, times: number, axis = 0): Tensor {
  checkTensor('repeatInterleave', 'x', x);
  const at = checkAxis('repeatInterleave', axis, x.ndim);
  checkInteger('repeatInterleave', 'times', times, { min: 0 });
  const [before, after] = [x.shape.slice(0, at + 1), x.shape.slice(at + 1)];
  const apart = broadcastTo(reshape(x, [...before, 1, ...after]), [...before, times, ...after]);
  return reshape(
    apart,
    x.shape.map((n, i) => (i === at ? n * times : n)),
  );
}

export interface MeshgridOptions {
  /** 'ij': the first vector runs along the first axis; 'xy': along the second, as plots have it; 'ij'. */
  indexing?: 'ij' | 'xy';
}

/** Coordinates of a grid: for vectors of lengths n, m, ... tensors of shape [n, m, ...] that hold one coordinate each. */
export function meshgrid(vectors: readonly Tensor[], { indexing = 'ij' }: MeshgridOptions = {}): Tensor[] {
  checkOneOf('meshgrid', 'indexing', indexing, ['ij', 'xy']);
  if (!Array.isArray(vectors) || vectors.length === 0) {
    throw new OptionError('meshgrid: vectors must be an array of at least one vector');
  }
  for (const [i, v] of vectors.entries()) {
    checkTensor('meshgrid', `vectors[${i}]`, v);
    if (v.ndim !== 1) {
      throw new ShapeError(`meshgrid: vectors[${i}] must have one axis, got shape ${showShape(v.shape)}`);
    }
  }
  const order = vectors.map((_, i) => (indexing === 'xy' && i < 2 && vectors.length > 1 ? 1 - i : i));
  const shape = order.map((i) => vectors[i]!.size);
  return vectors.map((v, i) =>
    broadcastTo(
      reshape(
        v,
        order.map((axis) => (axis === i ? v.size : 1)),
      ),
      shape,
    ),
  );
}
