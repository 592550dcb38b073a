import { bytes } from './generated/moments.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { enough, sameFloats } from './stream.ts';
import { columns, total } from './total.ts';

const kernels = /* @__PURE__ */ kernelModule<'meanVariance'>('moments', bytes);

/**
 * The mean along the middle axis of `x` [outer, n, inner] and the mean squared distance from it (biased), each
 * [outer, inner]. Two passes in float64, so that a large mean does not swallow a small variance.
 */
export function meanVariance(
  x: NumberArray,
  outer: number,
  n: number,
  inner: number,
  mean: NumberArray,
  variance: NumberArray,
): void {
  const k = enough(x.length) && sameFloats(x, mean, variance) ? kernels() : null;
  if (k !== null) {
    const wide = +(x instanceof Float64Array);
    const [a, b, from] = [addressOf(mean), addressOf(variance), addressOf(x)];
    const run = (m: number, v: number, at: number) => k.meanVariance(at, m, v, outer, n, inner, wide);
    if (a !== 0 && b !== 0 && from !== 0) {
      choice().calls++;
      run(a, b, from);
      return;
    }
    if (withAddresses([mean, variance, x], 2, run, 2)) return;
  }
  const add = (a: number, b: number) => a + b;
  const means = new Float64Array(inner);
  const squares = new Float64Array(inner);
  const term = (i: number) => x[i]!;
  for (let o = 0; o < outer; o++) {
    const start = o * n * inner;
    if (inner === 1) {
      const m = total(add, 0, term, start, n) / n;
      mean[o] = m;
      variance[o] = total(add, 0, (i) => (x[i]! - m) * (x[i]! - m), start, n) / n;
      continue;
    }
    columns(add, means.fill(0), term, start, n, inner);
    for (let j = 0; j < inner; j++) means[j]! /= n;
    const square = (i: number, j: number) => (x[i]! - means[j]!) * (x[i]! - means[j]!);
    columns(add, squares.fill(0), square, start, n, inner);
    for (let j = 0; j < inner; j++) squares[j]! /= n;
    mean.set(means, o * inner);
    variance.set(squares, o * inner);
  }
}
