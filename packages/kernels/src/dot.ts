import { bytes } from './generated/dot.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { copyPays, enough, sameFloats } from './stream.ts';
import { productsOf } from './total.ts';

const kernels = /* @__PURE__ */ kernelModule<'dot'>(bytes);

/** Σ a b over two arrays of one length, in float64 and in the lanes of a sum. */
export function dot(a: NumberArray, b: NumberArray): number {
  const n = a.length;
  const k = enough(n) && sameFloats(a, b) ? kernels() : null;
  if (k !== null) {
    const wide = +(a instanceof Float64Array);
    const [x, y] = [addressOf(a), addressOf(b)];
    if (x !== 0 && y !== 0) {
      choice().calls++;
      return k.dot(x, y, n, wide);
    }
    let result = 0;
    const run = (x: number, y: number) => {
      result = k.dot(x, y, n, wide);
    };
    if (copyPays(n, 384) && withAddresses([a, b], 0, run)) return result;
  }
  return productsOf(a, b, 0, n, new Float64Array(8));
}
