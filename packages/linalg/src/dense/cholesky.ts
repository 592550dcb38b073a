import { runSteps, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { solveLower } from './triangular.ts';
import { pausingWorkspace } from './workspace.ts';

/** Columns that are factored between products. */
const BLOCK = 32;

/**
 * L of A = L Lᵀ for a symmetric positive definite A, of which the lower triangle is read. Cost: n³ / 3.
 * @param a [n, n]
 * @returns l [n, n], zero above the diagonal; null if A is not positive definite
 */
export function cholesky(a: Float64Array, n: number): Float64Array | null {
  return runSteps(choleskySteps(a, n));
}

/** The same in steps: a block of columns each. */
export function* choleskySteps(a: Float64Array, n: number): Steps<Float64Array | null> {
  if (n <= BLOCK) return plainCholesky(a, n);
  return yield* pausingWorkspace([n * n, n * BLOCK], function* (arrays) {
    arrays()[0].set(a.subarray(0, n * n));
    for (let j0 = 0; j0 < n; j0 += BLOCK) {
      const [l, negative] = arrays();
      const j1 = Math.min(j0 + BLOCK, n);
      if (!factorColumns(l, n, j0, j1)) return null;
      // What lies below and right of the columns loses their products, a strip of rows at a time.
      const width = j1 - j0;
      for (let i = j1; i < n; i++) {
        for (let j = 0; j < width; j++) negative[i * width + j] = -l[i * n + j0 + j]!;
      }
      for (let i0 = j1; i0 < n; i0 += 4 * BLOCK) {
        const i1 = Math.min(i0 + 4 * BLOCK, n);
        const strip = { m: i1 - i0, n: i1 - j1, k: width, ldB: n, ldOut: n, transB: true, accumulate: true };
        matmul(negative.subarray(i0 * width), l.subarray(j1 * n + j0), l.subarray(i0 * n + j1), strip);
      }
      yield;
    }
    return lowerTriangle(arrays()[0].slice(), n);
  });
}

/** The same in plain loops: what small matrices want, and bundles that have only such. */
export function plainCholesky(a: Float64Array, n: number): Float64Array | null {
  const l = a.slice(0, n * n);
  return factorColumns(l, n, 0, n) ? lowerTriangle(l, n) : null;
}

/**
 * X of A X = B from the factor L of A. Cost: 2 n² k.
 * @param l [n, n]
 * @param b [n, k]
 * @returns x [n, k]
 */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array, k: number): Float64Array {
  return solveLower(l, n, solveLower(l, n, b, k), k, { transpose: true });
}

/** Columns j0 to j1 of the factor, down to the last row, from what is left there; false at a pivot that is not positive. */
function factorColumns(l: Float64Array, n: number, j0: number, j1: number): boolean {
  for (let i = j0; i < n; i++) {
    const row = i * n;
    for (let j = j0; j < Math.min(i, j1); j++) {
      const other = j * n;
      let sum = l[row + j]!;
      for (let p = j0; p < j; p++) sum -= l[row + p]! * l[other + p]!;
      l[row + j] = sum / l[other + j]!;
    }
    if (i >= j1) continue;
    let pivot = l[row + i]!;
    for (let p = j0; p < i; p++) pivot -= l[row + p]! * l[row + p]!;
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false;
    l[row + i] = Math.sqrt(pivot);
  }
  return true;
}

function lowerTriangle(l: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) l.fill(0, i * n + i + 1, (i + 1) * n);
  return l;
}
