import { bytes } from './generated/matvec.ts';
import { isResident } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'rows' | 'columns'>(bytes);

/** Numbers of a matrix below which the twin is faster than the kernel. */
const SMALL = 100;

/** The counts and the layout of a matrix that multiplies a vector. */
export interface GemvOptions {
  /** Rows of a. */
  m: number;
  /** Columns of a. */
  n: number;
  /** Numbers from one row to the next; default n. */
  ld?: number;
  /** Whether to multiply with aᵀ; default false. */
  trans?: boolean;
  /** Whether to add to what is in out; default false. */
  accumulate?: boolean;
}

/**
 * The product of a matrix and a vector: out[i] = Σ_j a[i, j] x[j], or out[j] = Σ_i a[i, j] x[i]. Cost: O(m · n).
 * @param a [m, n]
 * @param x [n], or [m]
 * @param out [m], or [n]; neither a nor x
 */
export function gemv(
  a: Float64Array,
  x: Float64Array,
  out: Float64Array,
  { m, n, ld = n, trans = false, accumulate = false }: GemvOptions,
): void {
  const k = pays(a, m * n) ? kernels() : null;
  if (trans && !accumulate) out.fill(0, 0, n);
  if (k !== null) {
    const run = (atOut: number, atA: number, atX: number) => {
      if (trans) k.columns(atA, atX, atOut, m, n, ld);
      else k.rows(atA, atX, atOut, m, n, ld, +accumulate);
    };
    if (withAddresses([out, a, x], 1, run as Run)) return;
  }
  for (let i = 0; i < m; i++) {
    const row = i * ld;
    if (trans) {
      const xi = x[i]!;
      for (let j = 0; j < n; j++) out[j]! += a[row + j]! * xi;
    } else {
      const sum = rowSum(a, row, x, n & ~3, n);
      out[i] = accumulate ? out[i]! + sum : sum;
    }
  }
}

export type Run = (...addresses: number[]) => void;

/** To copy a matrix costs as much as to multiply with it, so a kernel takes only those that lie in its memory. */
export function pays(a: Float64Array, numbers: number): boolean {
  return choice().mode === 'wasm' || (numbers >= SMALL && isResident(a));
}

/** Σ_j a[row + j] x[j]: whole fours in four lanes, then one by one up to n. */
export function rowSum(a: Float64Array, row: number, x: Float64Array, whole: number, n: number): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  for (let j = 0; j < whole; j += 4) {
    s += a[row + j]! * x[j]!;
    t += a[row + j + 1]! * x[j + 1]!;
    u += a[row + j + 2]! * x[j + 2]!;
    v += a[row + j + 3]! * x[j + 3]!;
  }
  let sum = s + u + (t + v);
  for (let j = whole; j < n; j++) sum += a[row + j]! * x[j]!;
  return sum;
}
