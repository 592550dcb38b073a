import { bytes } from './generated/standardize.ts';
import type { FloatArray } from './memory.ts';
import { kernelModule } from './module.ts';
import { enough, sameFloats, stream } from './stream.ts';

const kernels = /* @__PURE__ */ kernelModule<'standardize'>(bytes);

/**
 * out = (x - shift) / scale for the rows of `x` [n, d], in float64 whatever x is.
 * @param shift [d]
 * @param scale [d], without zeros
 * @param out [n, d], of x's kind; it may be x
 * @returns whether all results are finite, as they stand in `out`
 */
export function standardize(x: FloatArray, shift: Float64Array, scale: Float64Array, out: FloatArray): boolean {
  const d = shift.length;
  let flaws = 0;
  const k = enough(x.length) && sameFloats(out, x) ? kernels() : null;
  if (k !== null) {
    const wide = +(x instanceof Float64Array);
    const run = (at: readonly number[], count: number) => {
      flaws += k.standardize(at[1]!, at[2]!, at[3]!, at[0]!, count / d, d, wide);
    };
    if (stream(x.length, [out, x, shift, scale], 1, 0b1110, run)) return flaws === 0;
  }
  for (let at = 0; at < x.length; ) {
    for (let j = 0; j < d; j++, at++) {
      out[at] = (x[at]! - shift[j]!) / scale[j]!;
      flaws += out[at]! - out[at]!;
    }
  }
  return flaws === 0;
}
