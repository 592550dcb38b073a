import { OptionError, ShapeError, show } from '@maru-ml/base';

/** The lengths of a tensor's axes; [] is a scalar. */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Returns `shape` as an array if every length is an integer ≥ 0, else throws a `ShapeError`. */
export function checkShape(owner: string, shape: Shape | number): number[] {
  const lengths = typeof shape === 'number' ? [shape] : [...shape];
  for (const n of lengths) {
    if (!Number.isInteger(n) || n < 0) {
      throw new ShapeError(`${owner}: the lengths of a shape must be integers ≥ 0, got ${showShape(lengths)}`);
    }
  }
  return lengths;
}

/** The axis as a number from 0; negative ones count from the end. */
export function checkAxis(owner: string, axis: number, ndim: number): number {
  const counted = axis < 0 ? axis + ndim : axis;
  if (Number.isInteger(axis) && counted >= 0 && counted < ndim) return counted;
  const range = ndim === 0 ? 'a scalar has no axes' : `axis must be an integer from ${-ndim} to ${ndim - 1}`;
  throw new OptionError(`${owner}: ${range}, got ${show(axis)}`);
}

/** The axes in ascending order, each once; all of them when `axis` is undefined. */
export function checkAxes(owner: string, axis: number | readonly number[] | undefined, ndim: number): number[] {
  // What has no number of axes is no tensor, such as the array that a reduction was given.
  if (ndim === undefined) throw new OptionError(`${owner}: x must be a Tensor; tensor(x) makes one of numbers`);
  if (typeof axis === 'number') return [checkAxis(owner, axis, ndim)];
  const axes: number[] = [];
  for (let i = 0; i < (axis?.length ?? ndim); i++) axes.push(axis === undefined ? i : checkAxis(owner, axis[i]!, ndim));
  axes.sort((a, b) => a - b);
  for (let i = 1; i < axes.length; i++) {
    if (axes[i] === axes[i - 1]) throw new OptionError(`${owner}: axis ${axes[i]} is named twice`);
  }
  return axes;
}

/** The shape that both broadcast to: aligned at the last axis, lengths equal or 1. */
export function broadcastShapes(owner: string, a: Shape, b: Shape): number[] {
  const ndim = Math.max(a.length, b.length);
  const out = new Array<number>(ndim);
  for (let i = 1; i <= ndim; i++) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${owner}: a is ${showShape(a)} but b is ${showShape(b)}; lengths ${m} and ${n} do not broadcast`,
      );
    }
    out[ndim - i] = m === 1 ? n : m;
  }
  return out;
}

/** The shape with length 1 at the axes, as a reduction that keeps them gives it. */
export function keptShape(shape: Shape, axes: readonly number[]): number[] {
  const kept = shape.slice();
  for (const axis of axes) kept[axis] = 1;
  return kept;
}

/** Splits a shape at an axis: [outer, n, inner]. */
export function around(shape: Shape, axis: number): { outer: number; n: number; inner: number } {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < axis; i++) outer *= shape[i]!;
  for (let i = axis + 1; i < shape.length; i++) inner *= shape[i]!;
  return { outer, n: shape[axis]!, inner };
}
