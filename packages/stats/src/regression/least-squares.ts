import { DataError, type Steps } from '@maru-ml/base';
import { leastSquares, solveUpper, svdValues } from '@maru-ml/linalg/dense';
import { triangleOf } from '../triangle.ts';
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
  readonly eigenvals: () => Float64Array;
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
  // R has the singular values of X.
  const eigenvals = () => svdValues(r, rows, k).map((value) => value * value);
  const { pseudo, rank, condition } = pseudoInverseOf(r, rows, k, Math.max(n, k) * Number.EPSILON);
  if (rank === k && condition > ILL_CONDITIONED) {
    const solution = yield* solveAccurately(x, y, n, k);
    if (solution !== null) {
      checkRange(owner, solution.inverse, TOO_SMALL);
      const resid = yield* accurateResiduals(x, y, n, solution);
      return { params: solution.params, normalizedCov: solution.inverse, resid, rank, eigenvals, triangle };
    }
  }
  const normalizedCov = outer(pseudo, k, rows);
  checkRange(owner, normalizedCov, TOO_SMALL);
  const params = rank === k ? solveUpper(r, k, projected, 1) : times(pseudo, projected, k, rows);
  const resid = yield* residualsOf(x, y, params, n);
  yield;
  if (rank === k && (condition > REFINED || Math.sqrt(squaresOf(resid)) < SMALL_RESIDUALS * Math.sqrt(squaresOf(y)))) {
    const refined = yield* refineParams(x, y, n, r, params);
    return {
      params: refined.params,
      normalizedCov,
      resid: yield* accurateResiduals(x, y, n, refined),
      rank,
      eigenvals,
      triangle,
    };
  }
  return { params, normalizedCov, resid, rank, eigenvals, triangle };
}

const TOO_SMALL = 'underflow; multiply the columns by constants first';

/** Squares of very large or very small numbers leave the range of doubles. */
function checkRange(owner: string, values: Float64Array, what: string): void {
  if (!(squaresOf(values) < Number.POSITIVE_INFINITY)) throw new DataError(`${owner}: squares of the numbers ${what}`);
}

/**
 * R⁺ [k, rows], the rank, and the condition of the columns of unit length, so that both depend on no unit of measurement. With D of the columns' lengths
 * ‖D R⁻¹‖ in Frobenius' norm is within √k of the condition on both sides; only where it is large do singular values have to tell the rank.
 */
function pseudoInverseOf(
  r: Float64Array,
  rows: number,
  k: number,
  tolerance: number,
): { pseudo: Float64Array; rank: number; condition: number } {
  if (rows === k) {
    const pseudo = solveUpper(r, k, identity(k), k);
    let squares = 0;
    for (let j = 0; j < k; j++) {
      let length = 0;
      for (let i = 0; i <= j; i++) length += r[i * k + j]! ** 2;
      for (let c = 0; c < k; c++) squares += length * pseudo[j * k + c]! ** 2;
    }
    const condition = Math.sqrt(squares);
    if (condition * Math.sqrt(k) * tolerance < 1e-3) return { pseudo, rank: k, condition };
  }
  const { x: pseudo, rank, singularValues } = leastSquares(r, rows, k, identity(rows), rows, { rcond: tolerance });
  return { pseudo, rank, condition: singularValues[0]! / singularValues[singularValues.length - 1]! };
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

/** Rows of k columns that are gone through between two pauses. */
export function rowsAtOnce(k: number): number {
  return Math.ceil(2 ** 19 / k);
}

function* residualsOf(x: Float64Array, y: Float64Array, params: Float64Array, n: number): Steps<Float64Array> {
  const stretch = rowsAtOnce(params.length);
  const resid = new Float64Array(n);
  for (let from = 0; from < n; from += stretch) {
    takeFitted(x, y, params, from, Math.min(n, from + stretch), resid);
    yield;
  }
  return resid;
}

/** resid = y - X b of some rows, four at a time, whose sums do not wait for each other. */
function takeFitted(
  x: Float64Array,
  y: Float64Array,
  params: Float64Array,
  from: number,
  to: number,
  resid: Float64Array,
): void {
  const k = params.length;
  for (let i = from; i < to; i += 4) {
    // Behind the last row it stands again.
    const i1 = Math.min(i + 1, to - 1);
    const i2 = Math.min(i + 2, to - 1);
    const i3 = Math.min(i + 3, to - 1);
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < k; j++) {
      const b = params[j]!;
      s0 += x[i * k + j]! * b;
      s1 += x[i1 * k + j]! * b;
      s2 += x[i2 * k + j]! * b;
      s3 += x[i3 * k + j]! * b;
    }
    resid[i] = y[i]! - s0;
    resid[i1] = y[i1]! - s1;
    resid[i2] = y[i2]! - s2;
    resid[i3] = y[i3]! - s3;
  }
}

function squaresOf(values: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  return squares;
}
