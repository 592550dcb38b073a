import { randoms } from '../row.ts';

export interface TreeRows {
  x: Float64Array;
  y: Int32Array;
  n: number;
  d: number;
}

/** Rows of 20 columns in two noisy classes, of which five columns tell; bench.py makes the same. */
export function treeRows(n = 1500): TreeRows {
  const d = 20;
  const x = Float64Array.from(randoms(n * d, 41));
  const noise = randoms(n, 42);
  const y = Int32Array.from({ length: n }, (_, i) => {
    const at = i * d;
    const signal = x[at]! + x[at + 1]! - x[at + 2]! + 4 * x[at + 3]! * x[at + 4]!;
    return signal + 0.5 * noise[i]! > 0 ? 1 : 0;
  });
  return { x, y, n, d };
}

/** Many rows of 28 columns in two noisy classes; bench.py makes the same. */
export function manyRows(n: number): TreeRows {
  const d = 28;
  const x = Float64Array.from(randoms(n * d, 43));
  const noise = randoms(n, 44);
  const y = Int32Array.from({ length: n }, (_, i) => {
    const at = i * d;
    return x[at]! + 4 * x[at + 1]! * x[at + 2]! + 0.3 * noise[i]! > 0 ? 1 : 0;
  });
  return { x, y, n, d };
}
