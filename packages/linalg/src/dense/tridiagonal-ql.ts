import { DataError } from '@maru-ml/base';
import { hypot } from './scale.ts';

/** Steps for one eigenvalue before we give up; two or three are usual. */
const MOST_STEPS = 60;

/** Steps after which what is negligible beside the whole matrix counts as negligible. */
const PATIENCE = 10;

/**
 * Eigenvalues of a tridiagonal matrix by the implicit QL method, in place of the diagonal, not sorted. The rotations are
 * applied to rows of `z`, which become eigenvectors if they were unit vectors. Cost: O(n²), with vectors 3 n³.
 * Golub and Van Loan, *Matrix Computations*, 4th ed., section 8.3; A. Dubrulle, R. Martin and J. Wilkinson, "The implicit QL
 * algorithm", Numer. Math. 12 (1968).
 *
 * @param d [n] from place `start` on
 * @param e [n] from place `start` on, destroyed; the last is not read
 * @param z rows of vectors, `ld` numbers apart, or null
 * @param from the first of the numbers of a row that can differ from 0
 * @param to the end of them
 */
export function tridiagonalQl(
  d: Float64Array,
  e: Float64Array,
  start: number,
  n: number,
  z: Float64Array | null,
  ld: number,
  from: number,
  to: number,
): void {
  const end = start + n;
  if (n > 0) e[end - 1] = 0;
  let norm = 0;
  for (let i = start; i < end; i++) norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i]!));
  for (let l = start; l < end; l++) {
    for (let steps = 0; ; steps++) {
      let m = l;
      for (; m < end - 1; m++) {
        const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Number.EPSILON * size * 0.5 || Math.abs(e[m]!) < 1e-300) break;
        // Where a matrix of lower rank has left nothing but rounding, there is no relative accuracy to be had.
        if (steps > PATIENCE && Math.abs(e[m]!) <= Number.EPSILON * norm) break;
      }
      if (m === l) break;
      if (steps === MOST_STEPS) throw new DataError('symmetricEigen: an eigenvalue did not converge');
      // Wilkinson's shift, then a chase from the bottom to the top.
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        if (z !== null) rotateRows(z, (i + 1) * ld, i * ld, from, to, c, s);
      }
      if (i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

/** (x, y) becomes (c x + s y, c y - s x), for rows that start at the given places. */
export function rotateRows(
  z: Float64Array,
  atX: number,
  atY: number,
  from: number,
  to: number,
  c: number,
  s: number,
): void {
  for (let i = from; i < to; i++) {
    const x = z[atX + i]!;
    const y = z[atY + i]!;
    z[atX + i] = c * x + s * y;
    z[atY + i] = c * y - s * x;
  }
}
