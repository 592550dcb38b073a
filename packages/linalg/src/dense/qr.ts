import { runSteps, type Steps } from '@maru-ml/base';
import { gemv } from '@maru-ml/kernels/blas';
import { applyInStrips, BLOCK, makeReflector, reflectorsWork, reflectRows, STRIP } from './reflector.ts';
import { largestSize } from './scale.ts';
import { transposed } from './transpose.ts';
import { pausingWorkspace } from './workspace.ts';

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
  return runSteps(qrSteps(a, m, n));
}

/** The same in steps: a block of columns, or a strip of those behind it or of Q, each. */
export function qrSteps(a: Float64Array, m: number, n: number): Steps<QrFactors> {
  return factor(a, m, n, Math.min(m, n));
}

/** The same with all of Q [m, m] and R [m, n]: Q's further columns are orthogonal to those of A. */
export function fullQr(a: Float64Array, m: number, n: number): QrFactors {
  return runSteps(factor(a, m, n, m));
}

/** R [k, n] alone, k = min(m, n), for half the work, in steps. */
export function* upperFactorSteps(a: Float64Array, m: number, n: number): Steps<Float64Array> {
  return (yield* factor(a, m, n, 0, Math.min(m, n))).r;
}

/** @param wanted columns of Q @param rowsOfR as many as columns of Q, where nothing else is said */
function* factor(a: Float64Array, m: number, n: number, wanted: number, rowsOfR: number = wanted): Steps<QrFactors> {
  const k = Math.min(m, n);
  const rows = Math.max(n, wanted);
  // Columns lie side by side as rows: each is touched whole.
  const sizes = [n * m, k * m, wanted * m, k, BLOCK * BLOCK, 2 * BLOCK, reflectorsWork(rows)] as const;
  return yield* pausingWorkspace(sizes, function* (arrays) {
    // Sums of products of the largest numbers would leave the range.
    const scale = largestSize(a) > 1e280 ? 2 ** -100 : 1;
    scaledColumns(a, m, n, scale, arrays()[0]);
    for (let j0 = 0; j0 < k; j0 += BLOCK) {
      if (k > BLOCK) yield;
      const [columns, v, , taus, t, small] = arrays();
      const j1 = Math.min(j0 + BLOCK, k);
      reduceColumns(columns, m, j0, j1, v, taus, t, small);
      const strip = Math.ceil(STRIP / ((j1 - j0) * (m - j0)));
      for (let from = j1; from < n; from += strip) {
        if (k > BLOCK) yield;
        const [columns, v, , , t, , work] = arrays();
        const count = Math.min(strip, n - from);
        const part = v.subarray(j0 * m + j0);
        reflectRows(columns.subarray(from * m + j0), m, count, part, m, j1 - j0, m - j0, t, true, work);
      }
    }
    const r = triangle(arrays()[0], m, n, k, rowsOfR, scale);
    if (wanted === 0) return { q: new Float64Array(0), r };
    // Q is what the reflectors make of the unit vectors.
    const [, , unit] = arrays();
    for (let i = 0; i < wanted; i++) unit[i * m + i] = 1;
    yield* applyInStrips(m, wanted, m, k, m, 0, () => {
      const [, v, z, taus, , , work] = arrays();
      return { z, v, taus, work };
    });
    return { q: transposed(arrays()[2], wanted, m), r };
  });
}

/** The columns of a [m, n], as rows, times a power of two. */
function scaledColumns(a: Float64Array, m: number, n: number, scale: number, out: Float64Array): void {
  transposed(a, m, n, out);
  if (scale < 1) for (let i = 0; i < m * n; i++) out[i]! *= scale;
}

/** R [rows, n], of which k rows are not 0, from reduced columns. */
function triangle(columns: Float64Array, m: number, n: number, k: number, rows: number, scale: number): Float64Array {
  const r = new Float64Array(rows * n);
  for (let i = 0; i < k; i++) for (let j = i; j < n; j++) r[i * n + j] = columns[j * m + i]! / scale;
  return r;
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
