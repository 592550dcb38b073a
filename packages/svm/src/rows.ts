import { DataError, ShapeError } from '@maru-ml/base';

/** The rows of x [., d] at some places, one after the other. */
export function vectorsOf(x: Float64Array, d: number, places: ArrayLike<number>): Float64Array {
  const out = new Float64Array(places.length * d);
  for (let s = 0; s < places.length; s++) out.set(x.subarray(places[s]! * d, (places[s]! + 1) * d), s * d);
  return out;
}

/** Checks a table of kernel values [n, d]. @throws ShapeError if it is not square, DataError if it is not symmetric */
export function checkGram(owner: string, x: Float64Array, n: number, d: number): void {
  if (n !== d) throw new ShapeError(`${owner}: with kernel 'precomputed', x must be [n, n], got [${n}, ${d}]`);
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [x[i * n + j]!, x[j * n + i]!];
      if (Math.abs(a - b) <= 1e-8 * largest) continue;
      throw new DataError(
        `${owner}: with kernel 'precomputed', x must be symmetric, but x[${i}, ${j}] is ${a} and x[${j}, ${i}] is ${b}`,
      );
    }
  }
}

/** The places of the rows that weigh something, of n. */
export function positivePlaces(weights: Float64Array | null, n: number): Int32Array {
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return weights === null ? all : all.filter((i) => weights[i]! > 0);
}
