import { randoms } from '../row.ts';

export const n = 400;

/** A matrix of random numbers [n, n]; bench.py makes the same. */
export function square(): Float64Array {
  return Float64Array.from(randoms(n * n, 1));
}

/** It with its transpose added. */
export function symmetric(): Float64Array {
  const a = square();
  return a.map((value, at) => value + a[(at % n) * n + Math.floor(at / n)]!);
}
