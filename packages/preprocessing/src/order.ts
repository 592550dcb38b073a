import { type Steps, sortSteps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';

/** The values of column j but NaN, in ascending order; a new array. O(n log n). */
export function* sortedColumn({ data, rows, columns }: Matrix, j: number): Steps<Float64Array> {
  const values = new Float64Array(rows);
  let n = 0;
  for (let i = 0, at = j; i < rows; i++, at += columns) {
    const value = data[at]!;
    // Adding 0 makes -0 a plain zero.
    if (!Number.isNaN(value)) values[n++] = value + 0;
  }
  return yield* sortSteps(values.subarray(0, n));
}

/** The q-th percentile of ascending values, linear between the two nearest, as NumPy computes it; q from 0 to 100. */
export function percentile(sorted: Float64Array, q: number): number {
  const place = (q / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const t = place - below;
  const a = sorted[below]!;
  const b = sorted[Math.min(below + 1, sorted.length - 1)]!;
  if (a === b) return a;
  if (b - a === Number.POSITIVE_INFINITY) return a * (1 - t) + b * t;
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}
