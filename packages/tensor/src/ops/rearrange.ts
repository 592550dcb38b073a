import { checkInteger, checkSeed, OptionError, randomFrom, type Seed, ShapeError } from '@maru-ml/base';
import { record } from '../graph.ts';
import { checkAxes, checkAxis } from '../shape.ts';
import { checkTensor, emptyTensor, type Tensor, view } from '../tensor.ts';
import { indexSelect } from './gather.ts';
import { along, concat } from './join.ts';
import { type SliceRange, slice } from './slice.ts';

/** A copy of the tensor with elements of its own. The gradient passes through. */
export function clone(x: Tensor): Tensor {
  checkTensor('clone', 'x', x);
  const out = emptyTensor(x.shape, x.dtype);
  view(out).set(view(x));
  return record('clone', out, [x], [], (g) => [g]);
}

/** The order of one axis, several, or all turned round. */
export function flip(x: Tensor, axis?: number | readonly number[]): Tensor {
  checkTensor('flip', 'x', x);
  const axes = checkAxes('flip', axis, x.ndim);
  return slice(
    x,
    x.shape.map((_, i): SliceRange => (axes.includes(i) ? [null, null, -1] : null)),
  );
}

/**
 * The elements moved on by `shift` places along an axis; what leaves at the end comes in at the start. With arrays, several
 * axes; without an axis the flat tensor is rolled and keeps its shape.
 */
export function roll(x: Tensor, shift: number | readonly number[], axis?: number | readonly number[]): Tensor {
  checkTensor('roll', 'x', x);
  const shifts = (typeof shift === 'number' ? [shift] : [...shift]).map((s) => checkInteger('roll', 'shift', s));
  if (axis === undefined) {
    if (shifts.length !== 1) throw new OptionError('roll: several shifts need an axis for each');
    return rollAxis(x.reshape(-1), shifts[0]!, 0).reshape(x.shape);
  }
  const axes = (typeof axis === 'number' ? [axis] : [...axis]).map((a) => checkAxis('roll', a, x.ndim));
  if (axes.length !== shifts.length) {
    throw new ShapeError(`roll: there are ${shifts.length} shifts but ${axes.length} axes`);
  }
  return axes.reduce((out, a, i) => rollAxis(out, shifts[i]!, a), x);
}

function rollAxis(x: Tensor, shift: number, axis: number): Tensor {
  const n = x.shape[axis]!;
  if (n === 0) return x;
  const start = (n - (shift % n)) % n;
  if (start === 0) return x;
  return concat([slice(x, along(axis, [start, null])), slice(x, along(axis, [0, start]))], axis);
}

export interface ShuffleOptions {
  /** The axis whose places change; 0. */
  axis?: number;
  /** A number or a generator; the next child of the default stream. */
  seed?: Seed;
}

/** The places of an axis (the rows by default) in random order. */
export function shuffle(x: Tensor, { axis = 0, seed }: ShuffleOptions = {}): Tensor {
  checkTensor('shuffle', 'x', x);
  const at = checkAxis('shuffle', axis, x.ndim);
  const random = randomFrom(seed === undefined ? undefined : checkSeed('shuffle', seed));
  return indexSelect(x, at, random.permutation(x.shape[at]!));
}
