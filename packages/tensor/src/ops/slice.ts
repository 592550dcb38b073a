import { OptionError, ShapeError, show } from '@maru-ml/base';
import { record } from '../graph.ts';
import { type Shape, showShape } from '../shape.ts';
import { checkTensor, emptyTensor, Tensor, type TensorLike, view } from '../tensor.ts';
import { operands } from './arithmetic.ts';
import { broadcastTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { zeros } from './create.ts';
import { copyBox, stridesOf } from './strided.ts';

/**
 * What is taken of an axis, as between Python's brackets: a number takes one place and drops the axis, null takes all,
 * and `[start, stop, step]` takes start, start + step, ... before stop. A null start or stop stands for the end that the
 * step (1 by default; it may be negative) starts from or goes to; negative ones count from the end of the axis.
 */
export type SliceRange =
  | number
  | null
  | readonly [start: number | null, stop: number | null]
  | readonly [start: number | null, stop: number | null, step: number];

/** @internal What is taken of an axis, worked out. */
export interface Taken {
  start: number;
  step: number;
  length: number;
  /** Whether the axis stays. */
  kept: boolean;
}

/**
 * Part of a tensor: `slice(x, [[0, 2], null, -1])` is Python's `x[0:2, :, -1]`. Axes without an entry are taken whole.
 * Where the elements follow each other in memory, as for slices of the first axis, they are shared; else they are copied.
 *
 * @throws OptionError for an index outside its axis; ShapeError for more entries than axes
 */
export function slice(x: Tensor, ranges: readonly SliceRange[]): Tensor {
  checkTensor('slice', 'x', x);
  return sliceOf(x, resolve('slice', x.shape, ranges));
}

/**
 * A copy of `x` in which the part that `slice(x, ranges)` takes is replaced by `values`, which broadcast: Python's
 * `x[0:2] = values` without changing x.
 */
export function sliceScatter(x: Tensor, ranges: readonly SliceRange[], values: TensorLike): Tensor {
  checkTensor('sliceScatter', 'x', x);
  const taken = resolve('sliceScatter', x.shape, ranges);
  const [, source] = operands('sliceScatter', x, values, 'values');
  return overwrite(x, taken, cast(broadcastTo(source, keptShape(taken)), x.dtype));
}

/** @internal The part of `x` that is taken. Its gradient lies in zeros. */
export function sliceOf(x: Tensor, taken: readonly Taken[]): Tensor {
  const shape = keptShape(taken);
  const box = boxOf(x.shape, taken);
  let out: Tensor;
  if (followsInMemory(x.shape, taken)) out = new Tensor(x.storage, shape, x.offset + box.start);
  else {
    out = emptyTensor(shape, x.dtype);
    copyBox({ array: view(x), ...box }, { array: view(out), start: 0, strides: stridesOf(box.shape) }, box.shape);
  }
  return record('slice', out, [x], [], (g) => [embed(g, x.shape, taken, 0)]);
}

/** @internal A tensor of `shape` that holds `values` where they would be taken from, and `background` elsewhere. */
export function embed(values: Tensor, shape: Shape, taken: readonly Taken[], background: number): Tensor {
  const out = emptyTensor(shape, values.dtype);
  const array = view(out).fill(values.dtype === 'bool' && background !== 0 ? 1 : background);
  const box = boxOf(shape, taken);
  copyBox({ array: view(values), start: 0, strides: stridesOf(box.shape) }, { array, ...box }, box.shape);
  return record('pad', out, [values], [], (g) => [sliceOf(g, taken)]);
}

/** A copy of `x` with `values` where they would be taken from; there the gradient is theirs. */
function overwrite(x: Tensor, taken: readonly Taken[], values: Tensor): Tensor {
  const out = emptyTensor(x.shape, x.dtype);
  const array = view(out);
  array.set(view(x));
  const box = boxOf(x.shape, taken);
  copyBox({ array: view(values), start: 0, strides: stridesOf(box.shape) }, { array, ...box }, box.shape);
  return record('sliceScatter', out, [x, values], [], (g, [forX, forValues]) => [
    forX ? overwrite(g, taken, zeros(values.shape, { dtype: g.dtype })) : null,
    forValues ? sliceOf(g, taken) : null,
  ]);
}

/** Which places of each axis are taken, as Python counts them. */
function resolve(owner: string, shape: Shape, ranges: readonly SliceRange[]): Taken[] {
  if (!Array.isArray(ranges)) {
    throw new OptionError(`${owner}: ranges must be an array with an entry for each axis, got ${show(ranges)}`);
  }
  if (ranges.length > shape.length) {
    throw new ShapeError(`${owner}: there are ${ranges.length} ranges, but the tensor is ${showShape(shape)}`);
  }
  return shape.map((n, axis) => {
    const range: SliceRange = ranges[axis] ?? null;
    if (range === null) return { start: 0, step: 1, length: n, kept: true };
    if (typeof range === 'number') return { start: place(owner, range, axis, n), step: 1, length: 1, kept: false };
    return steps(owner, range, axis, n);
  });
}

function place(owner: string, index: number, axis: number, n: number): number {
  const counted = index < 0 ? index + n : index;
  if (Number.isInteger(index) && counted >= 0 && counted < n) return counted;
  throw new OptionError(`${owner}: index ${show(index)} is outside axis ${axis} of length ${n}`);
}

function steps(owner: string, range: readonly (number | null)[], axis: number, n: number): Taken {
  const [start = null, stop = null, step = 1] = range;
  const isPlace = (value: number | null) => value === null || Number.isInteger(value);
  if (!Array.isArray(range) || range.length > 3 || !isPlace(start) || !isPlace(stop) || !isPlace(step) || !step) {
    throw new OptionError(
      `${owner}: the range of axis ${axis} must be an index, null or [start, stop, step] with integers and step ≠ 0, got ${show(range)}`,
    );
  }
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const clamped = (value: number) => Math.min(Math.max(value < 0 ? value + n : value, low), high);
  const from = start === null ? (step > 0 ? low : high) : clamped(start);
  const to = stop === null ? (step > 0 ? high : low) : clamped(stop);
  return { start: from, step, length: Math.max(0, Math.ceil((to - from) / step)), kept: true };
}

function keptShape(taken: readonly Taken[]): number[] {
  return taken.filter(({ kept }) => kept).map(({ length }) => length);
}

/** The place of what is taken in an array of `shape`. */
function boxOf(shape: Shape, taken: readonly Taken[]): { start: number; strides: number[]; shape: number[] } {
  const strides = stridesOf(shape);
  const start = taken.reduce((sum, { start }, axis) => sum + start * strides[axis]!, 0);
  return {
    start,
    strides: taken.map(({ step }, axis) => step * strides[axis]!),
    shape: taken.map(({ length }) => length),
  };
}

/** Whether the elements are one run: single places of the first axes, a run of the next, all of the others. */
function followsInMemory(shape: Shape, taken: readonly Taken[]): boolean {
  if (taken.some(({ length }) => length === 0)) return false;
  const first = taken.findIndex(({ length }) => length > 1);
  return (
    first < 0 || taken.every(({ step, length }, i) => i < first || (step === 1 && (i === first || length === shape[i])))
  );
}
