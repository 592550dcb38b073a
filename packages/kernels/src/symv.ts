import { bytes } from './generated/symv.ts';
import { pays, type Run, rowSum } from './matvec.ts';
import { kernelModule, withAddresses } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'symmetric'>(bytes);

/**
 * The product of a symmetric matrix, of which the lower triangle is read, and a vector: out = a x. Cost: O(n²).
 * @param a [n, n]
 * @param x [n]
 * @param out [n], neither a nor x
 * @param ld numbers from one row of a to the next; default n
 */
export function symv(a: Float64Array, x: Float64Array, out: Float64Array, n: number, ld: number = n): void {
  const k = pays(a, n * n) ? kernels() : null;
  if (k !== null) {
    const run = (atOut: number, atA: number, atX: number) => {
      k.symmetric(atA, atX, atOut, n, ld);
    };
    if (withAddresses([out, a, x], 1, run as Run)) return;
  }
  for (let i = 0; i < n; i++) {
    const row = i * ld;
    const xi = x[i]!;
    const sum = rowSum(a, row, x, i & ~3, i);
    for (let j = 0; j < i; j++) out[j]! += a[row + j]! * xi;
    out[i] = sum + a[row + i]! * xi;
  }
}
