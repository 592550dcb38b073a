import { bytes } from './generated/sum.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { copyPays, enough, sameFloats } from './stream.ts';
import { columnSums, sumOf } from './total.ts';

const kernels = /* @__PURE__ */ kernelModule<'sum'>(bytes);

/**
 * Sums along the middle axis: `x` [outer, n, inner] to `out` [outer, inner]. Floats are summed in float64 whatever they
 * are, contiguous ones in eight lanes; integers wrap around.
 */
export function sum(x: NumberArray, outer: number, n: number, inner: number, out: NumberArray): void {
  const k = enough(x.length) && sameFloats(out, x) ? kernels() : null;
  if (k !== null) {
    const wide = +(x instanceof Float64Array);
    const [from, to] = [addressOf(x), addressOf(out)];
    if (from !== 0 && to !== 0) {
      choice().calls++;
      k.sum(from, to, outer, n, inner, wide);
      return;
    }
    if (copyPays(x.length, 384) && withAddresses([out, x], 1, (to, from) => k.sum(from, to, outer, n, inner, wide), 1))
      return;
  }
  if (inner === 1) {
    const lanes = new Float64Array(8);
    for (let o = 0; o < outer; o++) out[o] = sumOf(x, o * n, n, lanes);
    return;
  }
  const sums = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    columnSums(x, o * n * inner, n, inner, sums);
    out.set(sums, o * inner);
  }
}
