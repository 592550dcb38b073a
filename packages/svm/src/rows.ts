import { DataError, ShapeError, type Steps } from '@maru-ml/base';

/** Numbers that are worked on between two pauses: a few milliseconds' worth. */
export const PART: number = 2 ** 17;

/** A copy of the numbers of x, in which -0 is 0, so that equal rows give models of the same bits. */
export function* copied(x: ArrayLike<number>): Steps<Float64Array> {
  const out = new Float64Array(x.length);
  for (let from = 0; from < out.length; from += PART) {
    const to = Math.min(out.length, from + PART);
    for (let i = from; i < to; i++) out[i] = x[i]! + 0;
    yield;
  }
  return out;
}

/** The rows of x [., d] at some places, one after the other. */
export function vectorsOf(x: Float64Array, d: number, places: ArrayLike<number>): Float64Array {
  const out = new Float64Array(places.length * d);
  for (let s = 0; s < places.length; s++) out.set(x.subarray(places[s]! * d, (places[s]! + 1) * d), s * d);
  return out;
}

/** Checks a table of kernel values [n, d]. @throws ShapeError if it is not square, DataError if it is not symmetric */
export function* checkGram(owner: string, x: Float64Array, n: number, d: number): Steps<void> {
  if (n !== d) throw new ShapeError(`${owner}: with kernel 'precomputed', x must be [n, n], got [${n}, ${d}]`);
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  for (let i = 0; i < n; i++) {
    if (i % 64 === 0) yield;
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
