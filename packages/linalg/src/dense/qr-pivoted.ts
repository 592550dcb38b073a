import { reflect } from './qr.ts';
import { makeReflector, sumOfSquares } from './reflector.ts';
import { largestSize } from './scale.ts';
import { transposed } from './transpose.ts';

/** A P = Q R, with columns in the order of what they add. */
export interface PivotedQrFactors {
  /** Orthonormal columns [m, k], k = min(m, n). */
  readonly q: Float64Array;
  /** Upper triangular (trapezoidal) [k, n], its diagonal falling in size. */
  readonly r: Float64Array;
  /** Column j of A P is column `pivots[j]` of A [n]. */
  readonly pivots: Int32Array;
  /** How many entries of R's diagonal are larger than `tol` times the first. */
  readonly rank: number;
}

/**
 * The thin QR decomposition with column pivoting: of the columns that are left, the one of the longest rest comes next.
 * Norms are updated and computed anew where digits were lost. Cost: 4 m n k.
 * P. Businger and G. Golub, "Linear least squares solutions by Householder transformations", Numer. Math. 7 (1965);
 * Z. Drmač and Z. Bujanović, "On the failure of rank-revealing QR factorization software", ACM TOMS 35 (2008).
 *
 * @param a [m, n]
 * @param tol default: max(m, n) · 2⁻⁵²
 */
export function qrPivoted(
  a: Float64Array,
  m: number,
  n: number,
  tol: number = Math.max(m, n) * Number.EPSILON,
): PivotedQrFactors {
  const k = Math.min(m, n);
  const columns = transposed(a, m, n);
  const scale = largestSize(a) > 1e280 ? 2 ** -100 : 1;
  if (scale < 1) for (let i = 0; i < m * n; i++) columns[i]! *= scale;
  const v = new Float64Array(k * m);
  const taus = new Float64Array(k);
  const pivots = Int32Array.from({ length: n }, (_, j) => j);
  const norms = Float64Array.from({ length: n }, (_, j) => normOf(columns, j * m, (j + 1) * m));
  const reference = norms.slice();
  const beta = new Float64Array(1);
  for (let j = 0; j < k; j++) {
    let best = j;
    for (let c = j + 1; c < n; c++) if (norms[c]! > norms[best]!) best = c;
    if (best !== j) {
      swapRows(columns, m, best, j);
      const column = pivots[best]!;
      pivots[best] = pivots[j]!;
      pivots[j] = column;
      norms[best] = norms[j]!;
      reference[best] = reference[j]!;
    }
    const at = j * m;
    v.set(columns.subarray(at + j, at + m), at + j);
    taus[j] = makeReflector(v, at + j, m - j, beta);
    columns[at + j] = beta[0]!;
    columns.fill(0, at + j + 1, at + m);
    for (let c = j + 1; c < n; c++) {
      reflect(columns, c * m, v, at, j, m, taus[j]!);
      if (norms[c] === 0) continue;
      const share = Math.abs(columns[c * m + j]!) / norms[c]!;
      const left = Math.max(0, (1 - share) * (1 + share));
      const ratio = norms[c]! / reference[c]!;
      // Where too much was taken away, what is left has no digits.
      if (left * ratio * ratio <= 1.5e-8) {
        norms[c] = normOf(columns, c * m + j + 1, (c + 1) * m);
        reference[c] = norms[c]!;
      } else norms[c]! *= Math.sqrt(left);
    }
  }
  const q = new Float64Array(k * m);
  for (let i = k - 1; i >= 0; i--) {
    q[i * m + i] = 1;
    for (let c = i; c < k; c++) reflect(q, c * m, v, i * m, i, m, taus[i]!);
  }
  const r = new Float64Array(k * n);
  for (let i = 0; i < k; i++) for (let j = i; j < n; j++) r[i * n + j] = columns[j * m + i]! / scale;
  let rank = 0;
  while (rank < k && Math.abs(r[rank * n + rank]!) > tol * Math.abs(r[0]!)) rank++;
  return { q: transposed(q, k, m), r, pivots, rank };
}

/** The Euclidean norm of x[from..to], scaled where squares would leave the range. */
export function normOf(x: Float64Array, from: number, to: number): number {
  let squares = sumOfSquares(x, from, to);
  if (squares > 1e-280 && squares < 1e300) return Math.sqrt(squares);
  let largest = 0;
  for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0) return 0;
  squares = 0;
  for (let i = from; i < to; i++) squares += (x[i]! / largest) * (x[i]! / largest);
  return largest * Math.sqrt(squares);
}

function swapRows(x: Float64Array, width: number, i: number, j: number): void {
  const row = x.slice(i * width, (i + 1) * width);
  x.copyWithin(i * width, j * width, (j + 1) * width);
  x.set(row, j * width);
}
