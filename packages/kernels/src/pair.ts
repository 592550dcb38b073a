import type { FloatArray } from './memory.ts';

/** ‖x - y‖² of the d numbers from places i and j on: a sum in order, in the arrays' own precision. */
export function squaredDistance(x: FloatArray, i: number, y: FloatArray, j: number, d: number): number {
  const single = x instanceof Float32Array;
  let sum = 0;
  for (let l = 0; l < d; l++) {
    const difference = x[i + l]! - y[j + l]!;
    if (single) {
      const rounded = Math.fround(difference);
      sum = Math.fround(sum + Math.fround(rounded * rounded));
    } else sum += difference * difference;
  }
  return sum;
}
