import { checkKnown, checkNumber, checkOneOf } from '@maru-ml/base';
import { fromTypedArray, type Tensor } from '@maru-ml/tensor';
import { fullQr, qr as thinQr } from './dense/qr.ts';
import { qrPivoted as thinQrPivoted } from './dense/qr-pivoted.ts';
import { givenMatrix, joined, type MatrixInput, matricesOf, numbers, restore } from './input.ts';

/** A = Q R. */
export interface Qr {
  /** Orthonormal columns [..., m, k], k = min(m, n); [..., m, m] for 'complete'. */
  readonly q: Tensor;
  /** Upper triangular [..., k, n]; [..., m, n] for 'complete'. Its diagonal may be negative. */
  readonly r: Tensor;
}

export interface QrOptions {
  /** 'reduced' for the columns that the matrix needs, 'complete' for all of Q; 'reduced'. */
  mode?: 'reduced' | 'complete';
}

/**
 * The QR decomposition, by Householder reflectors in blocks. Without gradients. Cost: 4 m n² for a tall matrix.
 *
 * R. Schreiber and C. Van Loan, SIAM J. Sci. Stat. Comput. 10 (1989).
 *
 * @param a [..., m, n]
 * @throws ShapeError, DataError, OptionError
 */
export function qr(a: MatrixInput, options: QrOptions = {}): Qr {
  checkKnown('qr', options, ['mode']);
  const mode = checkOneOf('qr', 'mode', options.mode ?? 'reduced', ['reduced', 'complete']);
  const given = givenMatrix('qr', 'a', a, true);
  const { shape } = given.x;
  const lead = shape.slice(0, -2);
  const [m, n] = shape.slice(-2) as [number, number];
  const k = mode === 'complete' ? m : Math.min(m, n);
  const found = matricesOf(given.x).map((matrix) => (mode === 'complete' ? fullQr : thinQr)(matrix, m, n));
  const q = joined(
    found.map((f) => f.q),
    [...lead, m, k],
  );
  const r = joined(
    found.map((f) => f.r),
    [...lead, k, n],
  );
  return { q: restore(q, given), r: restore(r, given) };
}

/** A P = Q R. */
export interface PivotedQr extends Qr {
  /** Column j of A P is column `pivots[j]` of A [n]. */
  readonly pivots: Int32Array;
  /** How many entries of R's diagonal are larger than `tol` times the first. */
  readonly rank: number;
}

export interface PivotedQrOptions {
  /** What counts as 0 on R's diagonal, relative to its first; max(m, n) · 2⁻⁵². */
  tol?: number;
}

/**
 * The QR decomposition with column pivoting: R's diagonal falls in size, and the first columns span the others as far as the
 * rank goes. Without gradients. Cost: 4 m n² for a tall matrix.
 *
 * P. Businger and G. Golub, Numer. Math. 7 (1965).
 *
 * @param a [m, n]
 * @throws ShapeError, DataError, OptionError
 */
export function qrPivoted(a: MatrixInput, options: PivotedQrOptions = {}): PivotedQr {
  checkKnown('qrPivoted', options, ['tol']);
  if (options.tol !== undefined) checkNumber('qrPivoted', 'tol', options.tol, { min: 0 });
  const given = givenMatrix('qrPivoted', 'a', a);
  const [m, n] = given.x.shape as [number, number];
  const k = Math.min(m, n);
  const { q, r, pivots, rank } = thinQrPivoted(numbers(given.x), m, n, options.tol);
  return { q: restore(fromTypedArray(q, [m, k]), given), r: restore(fromTypedArray(r, [k, n]), given), pivots, rank };
}
