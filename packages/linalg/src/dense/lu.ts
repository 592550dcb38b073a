import { matmul } from '@maru-ml/kernels/blas';
import { solveLower, solveUpper } from './triangular.ts';
import { workspace } from './workspace.ts';

/** P A = L U. */
export interface LuFactors {
  /** L below the diagonal (of ones), U on and above it [n, n]. */
  readonly lu: Float64Array;
  /** Row i of P A is row `pivots[i]` of A [n]. */
  readonly pivots: Int32Array;
  /** The determinant of P: 1 or -1. */
  readonly sign: number;
  /** Whether a pivot is exactly 0. */
  readonly singular: boolean;
}

/** Columns that are eliminated between products. */
const BLOCK = 32;

/**
 * Gaussian elimination with partial pivoting, in blocks. Cost: 2/3 n³.
 * @param a [n, n]
 */
export function lu(a: Float64Array, n: number): LuFactors {
  const pivots = Int32Array.from({ length: n }, (_, i) => i);
  if (n <= BLOCK) {
    const f = a.slice(0, n * n);
    const { sign, singular } = eliminate(f, n, 0, n, pivots);
    return { lu: f, pivots, sign, singular };
  }
  return workspace([n * n, n * BLOCK], (f, negative) => {
    f.set(a.subarray(0, n * n));
    let sign = 1;
    let singular = false;
    for (let j0 = 0; j0 < n; j0 += BLOCK) {
      const j1 = Math.min(j0 + BLOCK, n);
      const width = j1 - j0;
      const part = eliminate(f, n, j0, j1, pivots);
      sign *= part.sign;
      singular ||= part.singular;
      if (j1 === n) break;
      // The rows of U to the right: forward substitution with the block's L.
      for (let i = j0; i < j1; i++) {
        for (let p = j0; p < i; p++) {
          const factor = f[i * n + p]!;
          if (factor === 0) continue;
          for (let j = j1; j < n; j++) f[i * n + j]! -= factor * f[p * n + j]!;
        }
      }
      for (let i = j1; i < n; i++) {
        for (let j = 0; j < width; j++) negative[i * width + j] = -f[i * n + j0 + j]!;
      }
      const rest = { m: n - j1, n: n - j1, k: width, ldB: n, ldOut: n, accumulate: true };
      matmul(negative.subarray(j1 * width), f.subarray(j0 * n + j1), f.subarray(j1 * n + j1), rest);
    }
    return { lu: f.slice(), pivots, sign, singular };
  });
}

/**
 * X of A X = B from the factors of A. Cost: 2 n² k.
 * @param b [n, k]
 * @returns x [n, k]; infinite or NaN if A is singular
 */
export function luSolve(f: LuFactors, n: number, b: Float64Array, k: number): Float64Array {
  const permuted = new Float64Array(n * k);
  for (let i = 0; i < n; i++) permuted.set(b.subarray(f.pivots[i]! * k, (f.pivots[i]! + 1) * k), i * k);
  return solveUpper(f.lu, n, solveLower(f.lu, n, permuted, k, { unit: true }), k);
}

/** Eliminates columns j0 to j1 below the diagonal, swapping whole rows. */
function eliminate(f: Float64Array, n: number, j0: number, j1: number, pivots: Int32Array) {
  let sign = 1;
  let singular = false;
  for (let j = j0; j < j1; j++) {
    let best = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(f[i * n + j]!) > Math.abs(f[best * n + j]!)) best = i;
    const pivot = f[best * n + j]!;
    if (pivot === 0) {
      singular = true;
      continue;
    }
    if (best !== j) {
      for (let c = 0; c < n; c++) {
        const swapped = f[best * n + c]!;
        f[best * n + c] = f[j * n + c]!;
        f[j * n + c] = swapped;
      }
      const swapped = pivots[best]!;
      pivots[best] = pivots[j]!;
      pivots[j] = swapped;
      sign = -sign;
    }
    for (let i = j + 1; i < n; i++) {
      const factor = f[i * n + j]! / pivot;
      f[i * n + j] = factor;
      if (factor === 0) continue;
      for (let c = j + 1; c < j1; c++) f[i * n + c]! -= factor * f[j * n + c]!;
    }
  }
  return { sign, singular };
}
