import { randoms } from '../row.ts';

export const N = 5000;
export const D = 20;

/** Rows [5000, 20] of two classes that overlap: the sign of a sum, with noise. */
export function overlapping(): { x: Float64Array; y: Int32Array } {
  const x = Float64Array.from(randoms(N * D, 51));
  const noise = randoms(N, 52);
  const y = Int32Array.from({ length: N }, (_, i) => {
    let sum = 2 * noise[i]!;
    for (let l = 0; l < 10; l++) sum += x[i * D + l]!;
    return Number(sum + 4 * x[i * D]! * x[i * D + 1]! > 0);
  });
  return { x, y };
}
