import { DataError, type Steps } from '@maru-ml/base';
import { leastSquares, qr, solveUpper, svdValues } from '@maru-ml/linalg/dense';
import { accurateResiduals, refineParams, solveAccurately } from './accurate.ts';

/** The solution of min ‖X b - y‖ with what inference needs of X. */
export interface LeastSquaresFit {
  /** b [k]: of all solutions the one of least norm. */
  readonly params: Float64Array;
  /** (XᵀX)⁺ [k, k]: the covariance of b is σ² times it. */
  readonly normalizedCov: Float64Array;
  /** y - X b [n]. */
  readonly resid: Float64Array;
  /** The rank of X, decided on columns of unit length. */
  readonly rank: number;
  /** The eigenvalues of XᵀX, descending [min(n, k)]. */
  readonly eigenvals: Float64Array;
  /** R of [X y] = Q R [min(n, k + 1), k + 1]. */
  readonly triangle: Float64Array;
}

/** From this condition of the columns of unit length on a solution is refined, as doubles alone lose its square; */
const REFINED = 30;

/** or where residuals are so small beside y that its rounding would show; */
const SMALL_RESIDUALS = 1e-4;

/** and from this one on RᵀR has too few digits to refine with. */
const ILL_CONDITIONED = 1e4;

/**
 * Least squares by Householder's QR decomposition of [X y], taken in blocks of rows, so that beside X only some 256 rows are in memory
 * at a time. Ill-conditioned columns are solved in double-double arithmetic, dependent ones by the singular values. O(n k²).
 *
 * J. Demmel, L. Grigori, M. Hoemmen and J. Langou, "Communication-optimal parallel and sequential QR and LU factorizations", SIAM
 * Journal on Scientific Computing 34 (2012).
 *
 * @param x [n, k], @param y [n], both times the roots of the weights
 * @throws DataError if squares overflow
 */
export function* fitLeastSquares(
  owner: string,
  x: Float64Array,
  y: Float64Array,
  n: number,
  k: number,
): Steps<LeastSquaresFit> {
  const triangle = yield* triangleOf(x, y, n, k);
  const rows = Math.min(n, k);
  const r = new Float64Array(rows * k);
  const projected = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < k; j++) r[i * k + j] = triangle[i * (k + 1) + j]!;
    projected[i] = triangle[i * (k + 1) + k]!;
  }
  checkRange(owner, triangle, 'overflow; divide the columns by constants first');
  // Squares of singular values, as those of X.
  const eigenvals = svdValues(r, rows, k).map((value) => value * value);
  const tolerance = Math.max(n, k) * Number.EPSILON;
  // Scales columns to unit length, as singular values and rank are to depend on no unit of measurement.
  const { x: pseudo, rank, singularValues } = leastSquares(r, rows, k, identity(rows), rows, { rcond: tolerance });
  const condition = singularValues[0]! / singularValues[singularValues.length - 1]!;
  if (rank === k && condition > ILL_CONDITIONED) {
    const solution = solveAccurately(x, y, n, k);
    if (solution !== null) {
      checkRange(owner, solution.inverse, TOO_SMALL);
      const resid = accurateResiduals(x, y, n, solution);
      return { params: solution.params, normalizedCov: solution.inverse, resid, rank, eigenvals, triangle };
    }
  }
  const normalizedCov = outer(pseudo, k, rows);
  checkRange(owner, normalizedCov, TOO_SMALL);
  const params = rank === k ? solveUpper(r, k, projected, 1) : times(pseudo, projected, k, rows);
  const resid = residualsOf(x, y, params, n);
  if (rank === k && (condition > REFINED || normOf(resid) < SMALL_RESIDUALS * normOf(y))) {
    const refined = refineParams(x, y, n, r, params);
    return {
      params: refined.params,
      normalizedCov,
      resid: accurateResiduals(x, y, n, refined),
      rank,
      eigenvals,
      triangle,
    };
  }
  return { params, normalizedCov, resid, rank, eigenvals, triangle };
}

const TOO_SMALL = 'underflow; multiply the columns by constants first';

/** R of [X y], by the decompositions of R over the next rows. */
function* triangleOf(x: Float64Array, y: Float64Array, n: number, k: number): Steps<Float64Array> {
  const size = k + 1;
  const block = Math.max(256, 4 * size);
  let triangle = new Float64Array(0);
  let height = 0;
  for (let from = 0; from < n; from += block) {
    const count = Math.min(block, n - from);
    const stacked = new Float64Array((height + count) * size);
    stacked.set(triangle);
    for (let i = 0; i < count; i++) {
      const at = (height + i) * size;
      const row = (from + i) * k;
      for (let j = 0; j < k; j++) stacked[at + j] = x[row + j]!;
      stacked[at + k] = y[from + i]!;
    }
    triangle = Float64Array.from(qr(stacked, height + count, size).r);
    height = Math.min(height + count, size);
    yield;
  }
  return triangle;
}

/** Squares of very large or very small numbers leave the range of doubles. */
function checkRange(owner: string, values: Float64Array, what: string): void {
  let squares = 0;
  for (const value of values) squares += value * value;
  if (!(squares < Number.POSITIVE_INFINITY)) throw new DataError(`${owner}: squares of the numbers ${what}`);
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/** A v, A [m, n]. */
function times(a: Float64Array, v: Float64Array, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j]! * v[j]!;
    return sum;
  });
}

/** A Aᵀ [m, m], A [m, n]. */
function outer(a: Float64Array, m: number, n: number): Float64Array {
  const product = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l < n; l++) sum += a[i * n + l]! * a[j * n + l]!;
      product[i * m + j] = product[j * m + i] = sum;
    }
  }
  return product;
}

function residualsOf(x: Float64Array, y: Float64Array, params: Float64Array, n: number): Float64Array {
  const k = params.length;
  const resid = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let fitted = 0;
    for (let j = 0; j < k; j++) fitted += x[i * k + j]! * params[j]!;
    resid[i] = y[i]! - fitted;
  }
  return resid;
}

function normOf(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}
