import { bytes } from './generated/softmaxBackward.ts';
import { exp32, longExp } from './lanes.ts';
import { addressOf, type FloatArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { copyPays, enough, sameFloats } from './stream.ts';
import { productsOf, sumOf } from './total.ts';

const kernels = /* @__PURE__ */ kernelModule<'softmaxBackward' | 'logSoftmaxBackward'>(bytes);

/** y (g - Σ y g) in each row: the gradient of a softmax with the values `y`; all [rows, n]; `out` may be `g` or `y`. */
export function softmaxBackward(y: FloatArray, g: FloatArray, rows: number, n: number, out: FloatArray): void {
  if (kernel('softmaxBackward', y, g, rows, n, out)) return;
  const lanes = new Float64Array(8);
  for (let row = 0; row < rows; row++) {
    const start = row * n;
    const sum = productsOf(y, g, start, n, lanes);
    for (let i = start; i < start + n; i++) out[i] = y[i]! * (g[i]! - sum);
  }
}

/** g - eʸ Σ g in each row: the gradient of a logarithm of a softmax, with the values `y`; all [rows, n]; `out` may be `g` or `y`. */
export function logSoftmaxBackward(y: FloatArray, g: FloatArray, rows: number, n: number, out: FloatArray): void {
  if (kernel('logSoftmaxBackward', y, g, rows, n, out)) return;
  const lanes = new Float64Array(8);
  const short = y instanceof Float32Array;
  for (let row = 0; row < rows; row++) {
    const start = row * n;
    const sum = sumOf(g, start, n, lanes);
    for (let i = start; i < start + n; i++) {
      out[i] = g[i]! - (short ? Math.fround(exp32(y[i]!)) : longExp(y[i]!)) * sum;
    }
  }
}

function kernel(
  name: 'softmaxBackward' | 'logSoftmaxBackward',
  y: FloatArray,
  g: FloatArray,
  rows: number,
  n: number,
  out: FloatArray,
): boolean {
  const k = enough(y.length) && sameFloats(out, y, g) ? kernels() : null;
  if (k === null) return false;
  const wide = +(y instanceof Float64Array);
  const [values, gradients, to] = [addressOf(y), addressOf(g), addressOf(out)];
  if (values !== 0 && gradients !== 0 && to !== 0) {
    choice().calls++;
    k[name](values, gradients, to, rows, n, wide);
    return true;
  }
  if (!copyPays(y.length)) return false;
  return withAddresses([out, y, g], 1, (to, values, gradients) => k[name](values, gradients, to, rows, n, wide), 1);
}
