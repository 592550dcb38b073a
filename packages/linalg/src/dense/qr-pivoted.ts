import { gemv, matmul } from '@maru-ml/kernels/blas';
import { applyReflectors, makeReflector, reflectorsWork, sumOfSquares } from './reflector.ts';
import { largestSize } from './scale.ts';
import { transposed } from './transpose.ts';
import { workspace } from './workspace.ts';

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
  const pivots = Int32Array.from({ length: n }, (_, j) => j);
  const sizes = [n * m, k * m, k * m, k, n, reflectorsWork(k)] as const;
  return workspace(sizes, (columns, v, q, taus, sums, work) => {
    transposed(a, m, n, columns);
    const scale = largestSize(a) > 1e280 ? 2 ** -100 : 1;
    if (scale < 1) for (let i = 0; i < m * n; i++) columns[i]! *= scale;
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
      const reflector = v.subarray(j * m + j, (j + 1) * m);
      const column = columns.subarray(j * m + j, (j + 1) * m);
      reflector.set(column);
      taus[j] = makeReflector(reflector, 0, m - j, beta);
      column.fill(0);
      column[0] = beta[0]!;
      if (j + 1 === n) break;
      reflectAll(columns.subarray((j + 1) * m + j), m, n - j - 1, reflector, taus[j]!, sums);
      for (let c = j + 1; c < n; c++) {
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
    for (let i = 0; i < k; i++) q[i * m + i] = 1;
    applyReflectors(q, m, k, v, m, k, m, 0, taus, work);
    const r = new Float64Array(k * n);
    for (let i = 0; i < k; i++) for (let j = i; j < n; j++) r[i * n + j] = columns[j * m + i]! / scale;
    let rank = 0;
    while (rank < k && Math.abs(r[rank * n + rank]!) > tol * Math.abs(r[0]!)) rank++;
    return { q: transposed(q, k, m), r, pivots, rank };
  });
}

/** x -= tau (v · x) v for each of `rows` rows x, `ld` numbers apart. */
function reflectAll(x: Float64Array, ld: number, rows: number, v: Float64Array, tau: number, sums: Float64Array): void {
  if (tau === 0) return;
  const length = v.length;
  gemv(x, v, sums, { m: rows, n: length, ld });
  for (let i = 0; i < rows; i++) sums[i]! *= -tau;
  matmul(sums, v, x, { m: rows, n: length, k: 1, ldOut: ld, accumulate: true });
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
