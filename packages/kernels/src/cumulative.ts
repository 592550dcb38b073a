import type { NumberArray } from './memory.ts';

/** Running sums along the middle axis: `x` and `out` [outer, n, inner]; `out` may be `x`. Floats are summed in float64. */
export function cumsum(x: NumberArray, outer: number, n: number, inner: number, out: NumberArray): void {
  const sums = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    sums.fill(0);
    for (let i = 0; i < n; i++) {
      const row = (o * n + i) * inner;
      for (let j = 0; j < inner; j++) {
        sums[j]! += x[row + j]!;
        out[row + j] = sums[j]!;
      }
    }
  }
}
