import { OptionError, ShapeError } from '@maru-ml/base';
import { checkAxis, type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import { checkTensor, isTensor, type Tensor, type TensorLike, view } from '../tensor.ts';
import { operands } from './arithmetic.ts';
import { broadcastTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { addAt, pick, placesIn, putAt } from './pick.ts';
import { stridesOf } from './strided.ts';

/** Places along an axis: an integer tensor or a list of integers from 0. */
export type Indices = Tensor | ArrayLike<number>;

/**
 * The places of an axis that `indices` names, in that order and as often: NumPy's `take`, PyTorch's `index_select` (and
 * `embedding`, with axis 0). The axis gives way to the axes of `indices`. The gradient adds up at each place.
 *
 * @throws OptionError for an index outside the axis
 */
export function indexSelect(x: Tensor, axis: number, indices: Indices): Tensor {
  checkTensor('indexSelect', 'x', x);
  const at = checkAxis('indexSelect', axis, x.ndim);
  const n = x.shape[at]!;
  const { values, shape } = integers('indexSelect', 'indices', indices);
  checkPlaces('indexSelect', 'indices', values, shape, at, n);
  const [before, after] = [x.shape.slice(0, at), x.shape.slice(at + 1)];
  const places = { list: values, repeats: sizeOf(before), stride: n };
  return pick('indexSelect', x, places, sizeOf(after), [...before, ...shape, ...after]);
}

/**
 * For each element of `index` the element of `x` that it names along `axis`; along the other axes the place is the same:
 * out[i, j] = x[index[i, j], j] for axis 0. The result has the shape of `index`, which has as many axes as `x`, none longer
 * than x's but for `axis`. The gradient adds up at each place.
 */
export function gather(x: Tensor, axis: number, index: Tensor): Tensor {
  checkTensor('gather', 'x', x);
  const places = placesAlong('gather', x.shape, axis, index);
  return pick('gather', x, placesIn(places), 1, index.shape);
}

/**
 * A copy of `x` in which the elements that `index` names along `axis` are replaced by those of `source` (of the shape of
 * `index`, or a number): out[index[i, j], j] = source[i, j] for axis 0. Where places repeat the last one holds.
 */
export function scatter(x: Tensor, axis: number, index: Tensor, source: TensorLike): Tensor {
  checkTensor('scatter', 'x', x);
  const places = placesAlong('scatter', x.shape, axis, index);
  return putAt('scatter', x, sourceFor('scatter', x, index, source), places, 1);
}

/** As `scatter`, but adding: out[index[i, j], j] += source[i, j] for axis 0, as often as a place is named. */
export function scatterAdd(x: Tensor, axis: number, index: Tensor, source: TensorLike): Tensor {
  checkTensor('scatterAdd', 'x', x);
  const places = placesAlong('scatterAdd', x.shape, axis, index);
  return addAt('scatterAdd', x, sourceFor('scatterAdd', x, index, source), placesIn(places), 1);
}

function sourceFor(owner: string, x: Tensor, index: Tensor, source: TensorLike): Tensor {
  const [, values] = operands(owner, x, source, 'source');
  if (isTensor(source) && !sameShape(source.shape, index.shape)) {
    throw new ShapeError(
      `${owner}: source is ${showShape(source.shape)} but index is ${showShape(index.shape)}; they must agree`,
    );
  }
  return cast(broadcastTo(values, index.shape), x.dtype);
}

/** The places in the flat `x` that `index` names. */
function placesAlong(owner: string, shape: Shape, axis: number, index: Tensor): Int32Array {
  checkTensor(owner, 'index', index);
  const at = checkAxis(owner, axis, shape.length);
  if (index.ndim !== shape.length || index.shape.some((n, i) => i !== at && n > shape[i]!)) {
    throw new ShapeError(
      `${owner}: index is ${showShape(index.shape)} but x is ${showShape(shape)}; it must have as many axes, none longer but axis ${at}`,
    );
  }
  const { values } = integers(owner, 'index', index);
  checkPlaces(owner, 'index', values, index.shape, at, shape[at]!);
  const steps = stridesOf(shape);
  const inner = steps[at]!;
  // The place of the same coordinates but 0 along the axis, row by row of the last axis.
  steps[at] = 0;
  const last = shape.length - 1;
  const width = index.shape[last]!;
  const counter = new Array<number>(last).fill(0);
  const places = new Int32Array(index.size);
  for (let i = 0, start = 0; i < places.length; ) {
    for (let j = 0; j < width; j++, i++) places[i] = start + j * steps[last]! + values[i]! * inner;
    for (let a = last - 1; a >= 0; a--) {
      start += steps[a]!;
      if (++counter[a]! < index.shape[a]!) break;
      start -= steps[a]! * index.shape[a]!;
      counter[a] = 0;
    }
  }
  return places;
}

/** @internal The integers of a list or tensor, copied. */
export function integers(owner: string, name: string, indices: Indices): { values: Int32Array; shape: Shape } {
  if (isTensor(indices)) {
    if (indices.dtype !== 'int32' && indices.dtype !== 'uint8') {
      const remedy =
        indices.dtype === 'bool' ? 'maskedSelect(x, mask) takes booleans' : `cast(${name}, 'int32') converts it`;
      throw new OptionError(`${owner}: ${name} must be int32 or uint8, got ${indices.dtype}; ${remedy}`);
    }
    return { values: new Int32Array(view(indices)), shape: indices.shape };
  }
  const list: ArrayLike<number> | null | undefined = indices;
  const values = Int32Array.from(list ?? []);
  const wrong = typeof list?.length === 'number' ? values.findIndex((value, i) => value !== list[i]) : 0;
  if (wrong < 0) return { values, shape: [values.length] };
  throw new OptionError(`${owner}: ${name} must be an int32 tensor or a list of integers`);
}

/** Throws an `OptionError` that names the first index outside [0, n). */
function checkPlaces(owner: string, name: string, values: Int32Array, shape: Shape, axis: number, n: number): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= 0 && values[i]! < n) continue;
    throw new OptionError(
      `${owner}: ${name}${coordinates(i, shape)} is ${values[i]}, outside axis ${axis} of length ${n}`,
    );
  }
}

/** @internal Where a flat place lies, such as [1, 2]; nothing for a scalar. */
export function coordinates(place: number, shape: Shape): string {
  if (shape.length === 0) return '';
  const found: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    found.unshift(place % shape[axis]!);
    place = Math.floor(place / shape[axis]!);
  }
  return showShape(found);
}
