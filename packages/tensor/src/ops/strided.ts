import type { TypedArray } from '../dtype.ts';
import type { Shape } from '../shape.ts';

/** Elements of a flat array that form a box: the first one's place, and the distance between neighbors along each axis. */
export interface Box {
  readonly array: TypedArray;
  readonly start: number;
  readonly strides: readonly number[];
}

/** The distances between neighbors along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** Copies a box of elements into another of the same shape and dtype. */
export function copyBox(from: Box, to: Box, shape: Shape): void {
  if (shape.includes(0)) return;
  const axes = mergedAxes(from, to, shape);
  const last = axes.length - 1;
  const { n, a: stepFrom, b: stepTo } = axes[last]!;
  const index = new Array<number>(last).fill(0);
  const whole = stepFrom === 1 && stepTo === 1 && n >= 16;
  let i = from.start;
  let j = to.start;
  for (;;) {
    if (whole) to.array.set(from.array.subarray(i, i + n), j);
    else for (let k = 0; k < n; k++) to.array[j + k * stepTo] = from.array[i + k * stepFrom]!;
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      const { n: length, a, b } = axes[axis]!;
      i += a;
      j += b;
      if (++index[axis]! < length) break;
      i -= a * length;
      j -= b * length;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

interface Axis {
  n: number;
  a: number;
  b: number;
}

/** The axes without those of length 1, and neighbors joined that are one run in both boxes. */
function mergedAxes(from: Box, to: Box, shape: Shape): Axis[] {
  const axes: Axis[] = [];
  for (let i = 0; i < shape.length; i++) {
    const n = shape[i]!;
    const a = from.strides[i]!;
    const b = to.strides[i]!;
    const outer = axes[axes.length - 1];
    if (n === 1) continue;
    if (outer !== undefined && outer.a === a * n && outer.b === b * n) {
      outer.n *= n;
      outer.a = a;
      outer.b = b;
    } else axes.push({ n, a, b });
  }
  return axes.length > 0 ? axes : [{ n: 1, a: 1, b: 1 }];
}
