import { bytes } from './generated/sum.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { enough, sameFloats } from './stream.ts';
import { columns, total } from './total.ts';

const kernels = /* @__PURE__ */ kernelModule<'sum'>('sum', bytes);

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
    if (withAddresses([out, x], 1, (to, from) => k.sum(from, to, outer, n, inner, wide), 1)) return;
  }
  const join = (a: number, b: number) => a + b;
  const term = (i: number) => x[i]!;
  if (inner === 1) {
    for (let o = 0; o < outer; o++) out[o] = total(join, 0, term, o * n, n);
    return;
  }
  const sums = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    columns(join, sums.fill(0), term, o * n * inner, n, inner);
    out.set(sums, o * inner);
  }
}
