import { randomMatrix, randoms } from '../row.ts';

/** Rows [n, d] of two classes: the sign of a noisy sum; bench.py makes the same. */
export function classRows(n: number, d: number, seed: number): { x: ReturnType<typeof randomMatrix>; y: Int32Array } {
  const x = randomMatrix(n, d, seed);
  const noise = randoms(n, seed + 1);
  const y = Int32Array.from({ length: n }, (_, i) => {
    const at = i * d;
    return Number(x.data[at]! + x.data[at + 1]! - x.data[at + 2]! + noise[i]! > 0);
  });
  return { x, y };
}
