import { bytes } from './generated/moments.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { copyPays, enough, sameFloats } from './stream.ts';
import { columnSums, squaresOf, sumOf } from './total.ts';

const kernels = /* @__PURE__ */ kernelModule<'meanVariance'>(bytes);

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
    if (copyPays(x.length) && withAddresses([mean, variance, x], 2, run, 2)) return;
  }
  if (inner === 1) {
    const lanes = new Float64Array(8);
    for (let o = 0; o < outer; o++) {
      const m = sumOf(x, o * n, n, lanes) / n;
      mean[o] = m;
      variance[o] = squaresOf(x, m, o * n, n, lanes) / n;
    }
    return;
  }
  const means = new Float64Array(inner);
  const squares = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    const start = o * n * inner;
    columnSums(x, start, n, inner, means);
    for (let j = 0; j < inner; j++) means[j]! /= n;
    squares.fill(0);
    for (let i = 0; i < n; i++) {
      const row = start + i * inner;
      for (let j = 0; j < inner; j++) squares[j]! += (x[row + j]! - means[j]!) * (x[row + j]! - means[j]!);
    }
    for (let j = 0; j < inner; j++) squares[j]! /= n;
    mean.set(means, o * inner);
    variance.set(squares, o * inner);
  }
}
