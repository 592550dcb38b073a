import type { Steps } from '@maru-ml/base';
import type { SymmetricEigen } from './symmetric-eigen.ts';

/** Sweeps; ten are enough for any matrix. */
const MOST = 50;

/** The sum of squares beside the diagonal, relative to that of all numbers, at which the diagonal holds the eigenvalues. */
const NOTHING = 1e-31;

/**
 * Eigenvalues, ascending, and eigenvectors of a symmetric matrix by Jacobi's rotations, each of which makes a number beside the
 * diagonal 0. Cost: 6 n³ a sweep over them, of which a matrix that is nearly diagonal takes one or two, any other some eight: for small
 * matrices, and for bundles that have no larger ones. In steps of n rotations.
 *
 * Golub and Van Loan, *Matrix Computations*, 4th ed., section 8.5.
 * @param a [n, n], of numbers whose squares stay in the range
 */
export function* jacobiEigenSteps(a: Float64Array, n: number): Steps<SymmetricEigen> {
  const m = a.slice(0, n * n);
  // Eigenvectors are rows until the end.
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < MOST && besideDiagonal(m, n) > NOTHING; sweep++) {
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) if (m[p * n + q] !== 0) rotate(m, v, n, p, q);
      yield;
    }
  }
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((i, j) => m[i * n + i]! - m[j * n + j]! || i - j);
  const vectors = new Float64Array(n * n);
  for (const [place, i] of order.entries()) for (let l = 0; l < n; l++) vectors[l * n + place] = v[i * n + l]!;
  return { values: Float64Array.from(order, (i) => m[i * n + i]!), vectors };
}

/** The share of the numbers beside the diagonal in the sum of squares; 0 of a matrix of zeros. */
function besideDiagonal(m: Float64Array, n: number): number {
  let [beside, all] = [0, 0];
  for (let at = 0; at < m.length; at++) {
    const square = m[at]! * m[at]!;
    all += square;
    if (at % (n + 1) !== 0) beside += square;
  }
  return all === 0 ? 0 : beside / all;
}

/** Turns rows and columns p and q so that m_pq becomes 0, and the rows of v with them. */
function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  // t = tan φ is the smaller root of t² + 2 θ t - 1 = 0.
  const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * m[p * n + q]!);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turn(m, p * n, q * n, 1, n, c, s);
  turn(m, p, q, n, n, c, s);
  turn(v, p * n, q * n, 1, n, c, s);
  m[p * n + q] = 0;
  m[q * n + p] = 0;
}

/** (x, y) becomes (c x - s y, s x + c y), for `count` numbers from two places on. */
function turn(m: Float64Array, x: number, y: number, step: number, count: number, c: number, s: number): void {
  for (let i = 0; i < count; i++) {
    const [at, other] = [x + i * step, y + i * step];
    const [a, b] = [m[at]!, m[other]!];
    m[at] = c * a - s * b;
    m[other] = s * a + c * b;
  }
}
