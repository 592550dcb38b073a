import { OptionError, ShapeError } from '@maru-ml/base';
import { broadcastShapes, type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import { checkTensor, emptyTensor, type Tensor, type TensorLike, view } from '../tensor.ts';
import { operands } from './arithmetic.ts';
import { broadcastTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { fromTypedArray } from './create.ts';
import { coordinates, type Indices, integers } from './gather.ts';
import { addAt, pick, placesIn, putAt } from './pick.ts';
import { stridesOf } from './strided.ts';

/**
 * Selection by arrays of indices: `index(x, [rows, columns])` is Python's `x[rows, columns]`. The arrays belong to the first
 * axes and broadcast against each other; their common shape takes the place of those axes. Negative indices count from
 * the end. The gradient adds up at each place.
 *
 * @throws OptionError for an index outside its axis
 */
export function index(x: Tensor, indices: readonly Indices[]): Tensor {
  checkTensor('index', 'x', x);
  const { places, shape } = placesOf('index', x.shape, indices);
  const rest = x.shape.slice(indices.length);
  return pick('index', x, placesIn(places), sizeOf(rest), [...shape, ...rest]);
}

export interface IndexPutOptions {
  /** Add the values instead of replacing, as often as a place is named; false. */
  accumulate?: boolean;
}

/**
 * A copy of `x` in which what `index(x, indices)` selects is replaced by `values`, which broadcast: Python's
 * `x[rows, columns] = values` without changing x. Where places repeat the last one holds.
 */
export function indexPut(
  x: Tensor,
  indices: readonly Indices[],
  values: TensorLike,
  { accumulate = false }: IndexPutOptions = {},
): Tensor {
  checkTensor('indexPut', 'x', x);
  const { places, shape } = placesOf('indexPut', x.shape, indices);
  const rest = x.shape.slice(indices.length);
  const [, source] = operands('indexPut', x, values, 'values');
  const spread = cast(broadcastTo(source, [...shape, ...rest]), x.dtype);
  return accumulate
    ? addAt('indexPut', x, spread, placesIn(places), sizeOf(rest))
    : putAt('indexPut', x, spread, places, sizeOf(rest));
}

/**
 * What lies where the mask (bool) holds, one after the other: [count], or [count, ...rest] where the mask covers only
 * the first axes, such as rows. It is Python's `x[mask]`.
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkTensor('maskedSelect', 'x', x);
  checkTensor('maskedSelect', 'mask', mask);
  if (mask.dtype !== 'bool') {
    throw new OptionError(`maskedSelect: mask must be bool, got ${mask.dtype}; index(x, [i]) takes integers`);
  }
  if (!sameShape(mask.shape, x.shape.slice(0, mask.ndim))) {
    throw new ShapeError(
      `maskedSelect: mask is ${showShape(mask.shape)} but x is ${showShape(x.shape)}; it must cover the first axes of x`,
    );
  }
  const places = truePlaces(mask);
  const rest = x.shape.slice(mask.ndim);
  return pick('maskedSelect', x, placesIn(places), sizeOf(rest), [places.length, ...rest]);
}

/** The coordinates of the elements that are not 0, row by row: int32 [count, ndim]. */
export function nonzero(x: Tensor): Tensor {
  checkTensor('nonzero', 'x', x);
  const places = truePlaces(x);
  const out = emptyTensor([places.length, x.ndim], 'int32');
  const to = view(out);
  const strides = stridesOf(x.shape);
  for (let i = 0, at = 0; i < places.length; i++) {
    let rest = places[i]!;
    for (const step of strides) {
      to[at++] = Math.floor(rest / step);
      rest %= step;
    }
  }
  return out;
}

function truePlaces(x: Tensor): Int32Array {
  const values = view(x);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++;
  const places = new Int32Array(count);
  for (let i = 0, at = 0; at < count; i++) if (values[i] !== 0) places[at++] = i;
  return places;
}

/** The blocks that arrays of indices name, in an order of their common shape. */
function placesOf(owner: string, shape: Shape, indices: readonly Indices[]): { places: Int32Array; shape: Shape } {
  if (!Array.isArray(indices) || indices.length === 0) {
    throw new OptionError(
      `${owner}: indices must be an array with a list or tensor of integers for each of the first axes`,
    );
  }
  if (indices.length > shape.length) {
    throw new ShapeError(`${owner}: there are ${indices.length} index arrays, but x is ${showShape(shape)}`);
  }
  const lists = indices.map((list: Indices, axis) => {
    const name = `indices[${axis}]`;
    const found = integers(owner, name, list);
    wrap(owner, name, found, axis, shape[axis]!);
    return fromTypedArray(found.values, found.shape);
  });
  const common = lists.map((list) => list.shape).reduce((a, b) => broadcastShapes(owner, a, b));
  const places = new Int32Array(sizeOf(common));
  for (const [axis, list] of lists.entries()) {
    const values = view(broadcastTo(list, common));
    for (let i = 0; i < places.length; i++) places[i] = places[i]! * shape[axis]! + values[i]!;
  }
  return { places, shape: common };
}

/** Counts negative indices from the end of the axis, in place. */
function wrap(
  owner: string,
  name: string,
  { values, shape }: { values: Int32Array; shape: Shape },
  axis: number,
  n: number,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < -n || value >= n) {
      throw new OptionError(
        `${owner}: ${name}${coordinates(i, shape)} is ${value}, outside axis ${axis} of length ${n}`,
      );
    }
    if (value < 0) values[i] = value + n;
  }
}
