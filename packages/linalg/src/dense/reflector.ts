import type { Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';

/**
 * Makes a Householder reflector H = I - tau v vᵀ with v₀ = 1 and H x = (beta, 0, ...): x is replaced by v, tau is returned,
 * and beta is put into `out[0]`. Numbers whose squares would leave the range are scaled.
 * Golub and Van Loan, *Matrix Computations*, 4th ed., algorithm 5.1.1; beta has the sign opposite to x₀.
 */
export function makeReflector(x: Float64Array, start: number, n: number, out: Float64Array): number {
  const end = start + n;
  let largest = 0;
  for (let i = start + 1; i < end; i++) {
    const size = Math.abs(x[i]!);
    if (size > largest) largest = size;
  }
  const alpha = n > 0 ? x[start]! : 0;
  if (n > 0) x[start] = 1;
  if (largest === 0) {
    out[0] = alpha;
    return 0;
  }
  // By a power of two, so that nothing is rounded.
  const top = Math.max(largest, Math.abs(alpha));
  let scale = 1;
  if (top < 1e-140 || top > 1e140) {
    scale = top > 1e140 ? 2 ** -600 : top < 1e-290 ? 2 ** 1000 : 2 ** 500;
    for (let i = start + 1; i < end; i++) x[i]! *= scale;
  }
  const a = alpha * scale;
  const norm = Math.sqrt(a * a + sumOfSquares(x, start + 1, end));
  const beta = a > 0 ? -norm : norm;
  const pivot = a - beta;
  for (let i = start + 1; i < end; i++) x[i]! /= pivot;
  out[0] = beta / scale;
  return (beta - a) / beta;
}

/** Σ x², in four parts: an error that grows with the number of terms is a quarter of that of one. */
export function sumOfSquares(x: Float64Array, from: number, to: number): number {
  let [p, q, r, s] = [0, 0, 0, 0];
  let i = from;
  for (; i + 4 <= to; i += 4) {
    p += x[i]! * x[i]!;
    q += x[i + 1]! * x[i + 1]!;
    r += x[i + 2]! * x[i + 2]!;
    s += x[i + 3]! * x[i + 3]!;
  }
  for (; i < to; i++) p += x[i]! * x[i]!;
  return p + q + (r + s);
}

/**
 * The triangle T [count, count] of a product of reflectors H₀ H₁ ... = I - V T Vᵀ, where V's columns are the rows of `v`
 * [count, length]. R. Schreiber and C. Van Loan, "A storage-efficient WY representation for products of Householder
 * transformations", SIAM J. Sci. Stat. Comput. 10 (1989).
 */
export function blockTriangle(
  v: Float64Array,
  ldV: number,
  count: number,
  length: number,
  taus: Float64Array,
  firstTau: number,
  t: Float64Array,
  work: Float64Array,
): void {
  matmul(v, v, work, { m: count, n: count, k: length, transB: true, ldA: ldV, ldB: ldV });
  t.fill(0, 0, count * count);
  for (let j = 0; j < count; j++) {
    const tau = taus[firstTau + j]!;
    t[j * count + j] = tau;
    // T[0..j, j] = -tau T[0..j, 0..j] (Vᵀ v_j)
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let l = i; l < j; l++) sum += t[i * count + l]! * work[l * count + j]!;
      t[i * count + j] = -tau * sum;
    }
  }
}

/**
 * Applies Q = I - V T Vᵀ (or Qᵀ) to each row of `x` [rows, length], as to a column.
 * @param work [2, rows, count]
 */
export function reflectRows(
  x: Float64Array,
  ldX: number,
  rows: number,
  v: Float64Array,
  ldV: number,
  count: number,
  length: number,
  t: Float64Array,
  transposed: boolean,
  work: Float64Array,
): void {
  if (rows === 0 || length === 0) return;
  const size = rows * count;
  const left = work.subarray(0, size);
  const right = work.subarray(size, 2 * size);
  matmul(x, v, left, { m: rows, n: count, k: length, transB: true, ldA: ldX, ldB: ldV });
  matmul(left, t, right, { m: rows, n: count, k: count, transB: !transposed });
  for (let i = 0; i < size; i++) right[i] = -right[i]!;
  matmul(right, v, x, { m: rows, n: length, k: count, ldB: ldV, ldOut: ldX, accumulate: true });
}

/** Reflectors that are applied at once. */
export const BLOCK = 32;

/** Numbers that `applyReflectors` wants to work in for `rows` rows. */
export function reflectorsWork(rows: number): number {
  return 2 * BLOCK * BLOCK + 2 * BLOCK * rows;
}

/**
 * Applies Q = H₀ H₁ ... to each row of z, as to a column, the last block first.
 * @param z `rows` rows, `ldZ` numbers apart
 * @param v the reflectors, a row each, `ldV` numbers apart; reflector i is zero before place i + offset
 * @param length numbers of a reflector with the zeros
 * @param work [reflectorsWork(rows)]
 */
export function applyReflectors(
  z: Float64Array,
  ldZ: number,
  rows: number,
  v: Float64Array,
  ldV: number,
  count: number,
  length: number,
  offset: number,
  taus: Float64Array,
  work: Float64Array,
): void {
  const t = work.subarray(0, BLOCK * BLOCK);
  const gram = work.subarray(BLOCK * BLOCK, 2 * BLOCK * BLOCK);
  const rest = work.subarray(2 * BLOCK * BLOCK);
  for (let i0 = Math.floor((count - 1) / BLOCK) * BLOCK; i0 >= 0; i0 -= BLOCK) {
    const width = Math.min(BLOCK, count - i0);
    const start = i0 + offset;
    if (width <= 0 || start >= length) continue;
    const part = v.subarray(i0 * ldV + start);
    blockTriangle(part, ldV, width, length - start, taus, i0, t, gram);
    reflectRows(z.subarray(start), ldZ, rows, part, ldV, width, length - start, t, false, rest);
  }
}

/** Multiplications of a strip of rows with reflectors, between two pauses. */
export const STRIP = 5e6;

/** The same with pauses between strips of rows. @param arrays asked for anew after each pause */
export function* applyInStrips(
  ldZ: number,
  rows: number,
  ldV: number,
  count: number,
  length: number,
  offset: number,
  arrays: () => { z: Float64Array; v: Float64Array; taus: Float64Array; work: Float64Array },
): Steps<void> {
  const strip = Math.max(BLOCK, Math.ceil(STRIP / (count * length)));
  for (let from = 0; from < rows; from += strip) {
    const { z, v, taus, work } = arrays();
    const some = Math.min(strip, rows - from);
    applyReflectors(z.subarray(from * ldZ), ldZ, some, v, ldV, count, length, offset, taus, work);
    if (from + some < rows) yield;
  }
}
