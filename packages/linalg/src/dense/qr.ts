import { gemv } from '@maru-ml/kernels/blas';
import { applyReflectors, BLOCK, makeReflector, reflectorsWork, reflectRows } from './reflector.ts';
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

/** @param wanted columns of Q @param rowsOfR as many as columns of Q, where nothing else is said */
function factor(a: Float64Array, m: number, n: number, wanted: number, rowsOfR: number = wanted): QrFactors {
  const k = Math.min(m, n);
  const rows = Math.max(n, wanted);
  // Columns lie side by side as rows: each is touched whole.
  const sizes = [n * m, k * m, wanted * m, k, BLOCK * BLOCK, 2 * BLOCK, reflectorsWork(rows)] as const;
  return workspace(sizes, (columns, v, q, taus, t, small, work) => {
    transposed(a, m, n, columns);
    // Sums of products of the largest numbers would leave the range.
    const scale = largestSize(a) > 1e280 ? 2 ** -100 : 1;
    if (scale < 1) for (let i = 0; i < m * n; i++) columns[i]! *= scale;
    for (let j0 = 0; j0 < k; j0 += BLOCK) {
      const j1 = Math.min(j0 + BLOCK, k);
      reduceColumns(columns, m, j0, j1, v, taus, t, small);
      const part = v.subarray(j0 * m + j0);
      reflectRows(columns.subarray(j1 * m + j0), m, n - j1, part, m, j1 - j0, m - j0, t, true, work);
    }
    // Q is what the reflectors make of the unit vectors.
    for (let i = 0; i < wanted; i++) q[i * m + i] = 1;
    if (wanted > 0) applyReflectors(q, m, wanted, v, m, k, m, 0, taus, work);
    const r = new Float64Array(rowsOfR * n);
    for (let i = 0; i < k; i++) for (let j = i; j < n; j++) r[i * n + j] = columns[j * m + i]! / scale;
    return { q: transposed(q, wanted, m), r };
  });
}

/**
 * Reduces columns j0 to j1 one after the other, each after the block's reflectors so far, I - V Tᵀ Vᵀ, were applied to it. R stays
 * in `columns`, the reflectors go to the rows of `v`, their triangle to `t` [j1 - j0, j1 - j0].
 */
function reduceColumns(
  columns: Float64Array,
  m: number,
  j0: number,
  j1: number,
  v: Float64Array,
  taus: Float64Array,
  t: Float64Array,
  small: Float64Array,
): void {
  const width = j1 - j0;
  const block = v.subarray(j0 * m + j0);
  const sums = small.subarray(0, BLOCK);
  const turned = small.subarray(BLOCK);
  const beta = new Float64Array(1);
  t.fill(0, 0, width * width);
  for (let l = 0; l < width; l++) {
    const j = j0 + l;
    const column = columns.subarray(j * m + j0, (j + 1) * m);
    const shape = { m: l, n: m - j0, ld: m };
    if (l > 0) {
      gemv(block, column, sums, shape);
      for (let i = 0; i < l; i++) {
        let sum = 0;
        for (let p = 0; p <= i; p++) sum += t[p * width + i]! * sums[p]!;
        turned[i] = -sum;
      }
      gemv(block, turned, column, { ...shape, trans: true, accumulate: true });
    }
    const reflector = v.subarray(j * m + j, (j + 1) * m);
    reflector.set(column.subarray(l));
    const tau = makeReflector(reflector, 0, m - j, beta);
    taus[j] = tau;
    column[l] = beta[0]!;
    column.fill(0, l + 1);
    // T[0..l, l] = -tau T[0..l, 0..l] (Vᵀ v)
    if (l > 0) gemv(block.subarray(l), reflector, sums, { m: l, n: m - j, ld: m });
    for (let i = 0; i < l; i++) {
      let sum = 0;
      for (let p = i; p < l; p++) sum += t[i * width + p]! * sums[p]!;
      t[i * width + l] = -tau * sum;
    }
    t[l * width + l] = tau;
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
