import { runSteps, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { ExactSum } from './double-double.ts';
import { qrSteps } from './qr.ts';
import { normOf, qrPivoted } from './qr-pivoted.ts';
import { unitScale } from './scale.ts';
import { svdSteps, svdValuesSteps } from './svd.ts';
import { transposed } from './transpose.ts';
import { solveUpper } from './triangular.ts';

export interface LeastSquaresOptions {
  /** Singular values up to this times the largest count as 0; max(m, n) · 2⁻⁵². */
  rcond?: number;
  /** Refine a solution of full rank with residuals in double-double arithmetic; false. */
  refine?: boolean;
}

/** The minimum-norm x of min ‖A x - b‖. */
export interface LeastSquares {
  /** [n, k] */
  readonly x: Float64Array;
  /** The rank of A, decided on columns of unit length. */
  readonly rank: number;
  /** The singular values of A with its columns scaled to unit length, descending [min(m, n)]. */
  readonly singularValues: Float64Array;
}

/**
 * Solves min ‖A X - B‖ for each column of B, of all solutions the shortest. Columns of A are first scaled to unit length, so
 * that units of measurement decide neither rank nor accuracy. With full rank the QR decomposition solves; else the singular
 * value decomposition of the scaled columns, and the solution is brought back to the row space of A. Cost: 2 m n² and more.
 *
 * With `refine`, residuals b - A x - r and Aᵀ r are taken in double-double arithmetic and the pair (x, r) is corrected until
 * it no longer changes: Å. Björck, "Iterative refinement of linear least squares solutions I", BIT 7 (1967).
 *
 * @param a [m, n]
 * @param b [m, k]
 */
export function leastSquares(
  a: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
  options: LeastSquaresOptions = {},
): LeastSquares {
  return runSteps(leastSquaresSteps(a, m, n, b, k, options));
}

/** The same in steps; the refinement is one. */
export function* leastSquaresSteps(
  a: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
  { rcond = Math.max(m, n) * Number.EPSILON, refine = false }: LeastSquaresOptions = {},
): Steps<LeastSquares> {
  // Powers of two bring the columns near unit length without rounding; what is left of their lengths decides with R alone.
  const lengths = columnLengths(a, m, n);
  const powers = lengths.map(unitScale);
  const scaled = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) scaled[i * n + j] = a[i * n + j]! * powers[j]!;
  for (let j = 0; j < n; j++) lengths[j]! *= powers[j]!;
  if (m >= n) {
    const { q, r } = yield* qrSteps(scaled, m, n);
    const s = yield* svdValuesSteps(unitColumns(r, n, n, lengths), n, n);
    if (rankOf(s, rcond) === n) {
      const qtb = new Float64Array(n * k);
      if (k > 0 && n > 0) matmul(q, b, qtb, { m: n, n: k, k: m, transA: true });
      const x = solveUpper(r, n, qtb, k);
      if (refine) refineSolution(scaled, m, n, b, k, q, r, x);
      for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) x[i * k + c]! *= powers[i]!;
      return { x, rank: n, singularValues: s };
    }
  }
  return yield* shortest(unitColumns(scaled, m, n, lengths), m, n, b, k, lengths, powers, rcond);
}

/** The Euclidean lengths of the columns; 1 for columns of zeros. */
function columnLengths(a: Float64Array, m: number, n: number): Float64Array {
  const column = new Float64Array(m);
  return Float64Array.from({ length: n }, (_, j) => {
    for (let i = 0; i < m; i++) column[i] = a[i * n + j]!;
    return Math.min(normOf(column, 0, m), Number.MAX_VALUE) || 1;
  });
}

/** The columns of a [m, n], each divided by its length. */
function unitColumns(a: Float64Array, m: number, n: number, lengths: Float64Array): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[i * n + j] = a[i * n + j]! / lengths[j]!;
  return out;
}

function rankOf(s: Float64Array, rcond: number): number {
  let rank = 0;
  while (rank < s.length && s[rank]! > rcond * s[0]!) rank++;
  return rank;
}

/**
 * A = U S (L V)ᵀ with the columns' lengths L and the first `rank` singular values. With L V = Q R the shortest solution is
 * x = Q R⁻ᵀ S⁻¹ Uᵀ b: it lies in the row space of A.
 */
function* shortest(
  scaled: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
  lengths: Float64Array,
  powers: Float64Array,
  rcond: number,
): Steps<LeastSquares> {
  const { u, s, vt } = yield* svdSteps(scaled, m, n);
  const size = s.length;
  const rank = rankOf(s, rcond);
  const x = new Float64Array(n * k);
  if (rank === 0 || k === 0) return { x, rank, singularValues: s };
  // Long columns first, and with pivoting: so short ones, however short, keep their digits (M. Powell and J. Reid, 1968).
  const order = Int32Array.from({ length: n }, (_, j) => j).sort(
    (i, j) => lengths[j]! / powers[j]! - lengths[i]! / powers[i]! || i - j,
  );
  const basis = new Float64Array(n * rank);
  for (let j = 0; j < n; j++) {
    const from = order[j]!;
    const length = lengths[from]! / powers[from]!;
    for (let i = 0; i < rank; i++) basis[j * rank + i] = vt[i * n + from]! * length;
  }
  const { q, r, pivots } = qrPivoted(basis, n, rank);
  const coefficients = new Float64Array(size * k);
  matmul(u, b, coefficients, { m: size, n: k, k: m, transA: true });
  const wanted = new Float64Array(rank * k);
  for (let i = 0; i < rank; i++) {
    const from = pivots[i]!;
    for (let c = 0; c < k; c++) wanted[i * k + c] = coefficients[from * k + c]! / s[from]!;
  }
  const sorted = new Float64Array(n * k);
  matmul(q, solveUpper(r, rank, wanted, k, { transpose: true }), sorted, { m: n, n: k, k: rank });
  for (let j = 0; j < n; j++) x.set(sorted.subarray(j * k, (j + 1) * k), order[j]! * k);
  return { x, rank, singularValues: s };
}

/** Steps of refinement at most; it ends before when the corrections stop shrinking. */
const MOST_STEPS = 10;

/** Corrects y [n, k] in place: [I A; Aᵀ 0] [r; y] = [b; 0], with A = Q R. */
function refineSolution(
  a: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
  q: Float64Array,
  r: Float64Array,
  y: Float64Array,
): void {
  const sum = new ExactSum();
  const at = transposed(a, m, n);
  const x = new Float64Array(n);
  const rest = new Float64Array(m);
  const f = new Float64Array(m);
  const g = new Float64Array(n);
  const f1 = new Float64Array(n);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < n; j++) x[j] = y[j * k + c]!;
    for (let i = 0; i < m; i++) {
      sum.start(b[i * k + c]!);
      for (let j = 0; j < n; j++) sum.addProduct(-a[i * n + j]!, x[j]!);
      rest[i] = sum.value;
    }
    let last = Number.POSITIVE_INFINITY;
    for (let step = 0; step < MOST_STEPS; step++) {
      for (let i = 0; i < m; i++) {
        sum.start(b[i * k + c]!);
        sum.add(-rest[i]!);
        for (let j = 0; j < n; j++) sum.addProduct(-a[i * n + j]!, x[j]!);
        f[i] = sum.value;
      }
      for (let j = 0; j < n; j++) {
        sum.start(0);
        for (let i = 0; i < m; i++) sum.addProduct(-at[j * m + i]!, rest[i]!);
        g[j] = sum.value;
      }
      // dr = Q z + (I - Q Qᵀ) f with Rᵀ z = g, and R dx = Qᵀ f - z.
      const z = solveUpper(r, n, g, 1, { transpose: true });
      matmul(q, f, f1, { m: n, n: 1, k: m, transA: true });
      const difference = z.map((value, j) => f1[j]! - value);
      const dx = solveUpper(r, n, difference, 1);
      const size = normOf(dx, 0, n);
      // Where a correction is not much smaller than the last, digits are used up.
      if (!(size < 0.5 * last)) break;
      last = size;
      for (let j = 0; j < n; j++) x[j]! += dx[j]!;
      const back = new Float64Array(m);
      matmul(q, difference, back, { m, n: 1, k: n });
      for (let i = 0; i < m; i++) rest[i]! += f[i]! - back[i]!;
      if (size <= 1e-17 * normOf(x, 0, n)) break;
    }
    for (let j = 0; j < n; j++) y[j * k + c] = x[j]!;
  }
}
