import { applyReflectors, BLOCK, blockTriangle, makeReflector, reflectorsWork, reflectRows } from './reflector.ts';
import { largestSize } from './scale.ts';
import { transposed } from './transpose.ts';
import { workspace } from './workspace.ts';

/** A = Q R. */
export interface QrFactors {
  /** Orthonormal columns [m, k], k = min(m, n). */
  readonly q: Float64Array;
  /** Upper triangular (trapezoidal) [k, n]. */
  readonly r: Float64Array;
}

/**
 * The thin QR decomposition by Householder reflectors, in blocks. Cost: 4 m n k.
 * @param a [m, n]
 */
export function qr(a: Float64Array, m: number, n: number): QrFactors {
  return factor(a, m, n, Math.min(m, n));
}

/** The same with all of Q [m, m] and R [m, n]: Q's further columns are orthogonal to those of A. */
export function fullQr(a: Float64Array, m: number, n: number): QrFactors {
  return factor(a, m, n, m);
}

/** R [k, n] alone, k = min(m, n), for half the work. */
export function upperFactor(a: Float64Array, m: number, n: number): Float64Array {
  return factor(a, m, n, 0, Math.min(m, n)).r;
}

/** @param wanted columns of Q, and @param height rows of R */
function factor(a: Float64Array, m: number, n: number, wanted: number, height: number = wanted): QrFactors {
  const k = Math.min(m, n);
  const rows = Math.max(n, wanted);
  // Columns lie side by side as rows: each is touched whole.
  const sizes = [n * m, k * m, wanted * m, k, BLOCK * BLOCK, BLOCK * BLOCK, reflectorsWork(rows)];
  return workspace(sizes, (columns, v, q, taus, t, gram, work) => {
    transposed(a, m, n, columns);
    // Sums of products of the largest numbers would leave the range.
    const scale = largestSize(a) > 1e280 ? 2 ** -100 : 1;
    if (scale < 1) for (let i = 0; i < m * n; i++) columns[i]! *= scale;
    for (let j0 = 0; j0 < k; j0 += BLOCK) {
      const j1 = Math.min(j0 + BLOCK, k);
      reduceColumns(columns!, m, j0, j1, v!, taus!);
      const part = v!.subarray(j0 * m + j0);
      blockTriangle(part, m, j1 - j0, m - j0, taus!, j0, t!, gram!);
      reflectRows(columns!.subarray(j1 * m + j0), m, n - j1, part, m, j1 - j0, m - j0, t!, true, work!);
    }
    // Q is what the reflectors make of the unit vectors.
    for (let i = 0; i < wanted; i++) q![i * m + i] = 1;
    if (wanted > 0) applyReflectors(q!, m, wanted, v!, m, k, m, 0, taus!, work!);
    const r = new Float64Array(height * n);
    for (let i = 0; i < k; i++) for (let j = i; j < n; j++) r[i * n + j] = columns[j * m + i]! / scale;
    return { q: transposed(q!, wanted, m), r };
  });
}

/** Reduces columns j0 to j1 one after the other; R stays in `columns`, the reflectors go to the rows of `v`. */
function reduceColumns(columns: Float64Array, m: number, j0: number, j1: number, v: Float64Array, taus: Float64Array) {
  const beta = new Float64Array(1);
  for (let j = j0; j < j1; j++) {
    const at = j * m;
    v.set(columns.subarray(at + j, at + m), at + j);
    const tau = makeReflector(v, at + j, m - j, beta);
    taus[j] = tau;
    columns[at + j] = beta[0]!;
    columns.fill(0, at + j + 1, at + m);
    for (let c = j + 1; c < j1; c++) reflect(columns, c * m, v, at, j, m, tau);
  }
}

/** x -= tau v (vᵀ x), both from place j to m. */
export function reflect(
  x: Float64Array,
  atX: number,
  v: Float64Array,
  atV: number,
  j: number,
  m: number,
  tau: number,
): void {
  if (tau === 0) return;
  let sum = 0;
  for (let i = j; i < m; i++) sum += v[atV + i]! * x[atX + i]!;
  sum *= tau;
  for (let i = j; i < m; i++) x[atX + i]! -= sum * v[atV + i]!;
}
