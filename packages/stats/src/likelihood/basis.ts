import { DataError, type Steps } from '@maru-ml/base';
import { cholesky, choleskySolve, leastSquares, svd } from '@maru-ml/linalg/dense';
import { triangleOf } from '../triangle.ts';

/**
 * Columns Z, orthonormal up to rounding, that span those of X. Iterations run on their coefficients γ, since sums of squares of them are as well
 * conditioned as the weights allow, whatever X is; b = T γ leads back, of dependent columns to the solution of least norm.
 */
export interface Basis {
  /** Z [n, r]. */
  readonly z: Float64Array;
  /** T [k, r]. */
  readonly back: Float64Array;
  /** r: the rank of X, decided on columns of unit length. */
  readonly rank: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The basis of X [n, k]: R of X = Q R by Householder's reflections, block by block, and Z = X R⁻¹ by substitution; of dependent columns
 * Z = X T with T from the singular values of R. It pauses every few milliseconds. O(n k²).
 *
 * @throws DataError if X is 0 or its squares leave the range of doubles
 */
export function* basisOf(owner: string, x: Float64Array, n: number, k: number): Steps<Basis> {
  const r = yield* triangleOf(x, null, n, k);
  const m = Math.min(n, k);
  const { x: inverse, rank } = leastSquares(r, m, k, identity(m), m, { rcond: Math.max(n, k) * Number.EPSILON });
  if (rank === 0) throw new DataError(`${owner}: all columns are 0, so there is nothing to fit`);
  checkRange(owner, r);
  checkRange(owner, inverse);
  const z = new Float64Array(n * rank);
  const back = rank === k ? inverse : product(inverse, leftVectors(r, m, k, rank), k, m, rank);
  const chunk = rowsAtOnce(k);
  for (let from = 0; from < n; from += chunk) {
    const to = Math.min(n, from + chunk);
    if (rank === k) substitute(x, r, z, from, to, k);
    else z.set(product(x.subarray(from * k, to * k), back, to - from, k, rank), from * rank);
    yield;
  }
  return { z, back, rank, rows: n, columns: k };
}

/** Rows of X R⁻¹: from z R = x, column by column. */
function substitute(x: Float64Array, r: Float64Array, z: Float64Array, from: number, to: number, k: number): void {
  for (let i = from; i < to; i++) {
    const at = i * k;
    for (let j = 0; j < k; j++) {
      let rest = x[at + j]!;
      for (let l = 0; l < j; l++) rest -= z[at + l]! * r[l * k + j]!;
      z[at + j] = rest / r[j * k + j]!;
    }
  }
}

/** The first `rank` left singular vectors of R with columns of unit length [m, rank]. */
function leftVectors(r: Float64Array, m: number, k: number, rank: number): Float64Array {
  const { u } = svd(unitColumns(r, m, k), m, k);
  const width = u.length / m;
  const first = new Float64Array(m * rank);
  for (let i = 0; i < m; i++) for (let j = 0; j < rank; j++) first[i * rank + j] = u[i * width + j]!;
  return first;
}

/** How many rows of k columns are worked through between pauses: some 2 million multiplications. */
function rowsAtOnce(k: number): number {
  return Math.max(64, Math.floor(2 ** 21 / (k * k)));
}

/** b = T γ [k]. */
export function coefficientsOf({ back, rank, columns }: Basis, gamma: Float64Array): Float64Array {
  return product(back, gamma, columns, rank, 1);
}

/** T A Tᵀ [k, k] of a symmetric A [r, r]. */
export function spread({ back, rank, columns: k }: Basis, a: Float64Array): Float64Array {
  const half = product(back, a, k, rank, rank);
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l < rank; l++) sum += half[i * rank + l]! * back[j * rank + l]!;
      out[i * k + j] = out[j * k + i] = sum;
    }
  }
  return out;
}

/** Zᵀ diag(w) Z into `out` [r, r]. */
export function weightedSquares(basis: Basis, w: Float64Array, out: Float64Array): void {
  out.fill(0);
  addSquares(basis, w, out, 0, basis.rows);
  mirror(out, basis.rank);
}

/** The same, with pauses. */
export function* squaresInSteps(basis: Basis, w: Float64Array, out: Float64Array): Steps<void> {
  out.fill(0);
  const chunk = 4 * Math.ceil(rowsAtOnce(basis.rank) / 4);
  for (let from = 0; from < basis.rows; from += chunk) {
    addSquares(basis, w, out, from, Math.min(basis.rows, from + chunk));
    yield;
  }
  mirror(out, basis.rank);
}

/**
 * Adds the products of some rows to the lower triangle: four rows and two rows of the triangle at a time, so that sums and columns are
 * read and written a quarter and half as often.
 */
function addSquares({ z, rank: r }: Basis, w: Float64Array, out: Float64Array, from: number, to: number): void {
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const p0 = i * r;
    const p1 = p0 + r;
    const p2 = p1 + r;
    const p3 = p2 + r;
    const w0 = w[i]!;
    const w1 = w[i + 1]!;
    const w2 = w[i + 2]!;
    const w3 = w[i + 3]!;
    for (let a = r & 1; a < r; a += 2) {
      const c = a + 1;
      const u0 = w0 * z[p0 + a]!;
      const u1 = w1 * z[p1 + a]!;
      const u2 = w2 * z[p2 + a]!;
      const u3 = w3 * z[p3 + a]!;
      const y0 = z[p0 + c]!;
      const y1 = z[p1 + c]!;
      const y2 = z[p2 + c]!;
      const y3 = z[p3 + c]!;
      const v0 = w0 * y0;
      const v1 = w1 * y1;
      const v2 = w2 * y2;
      const v3 = w3 * y3;
      for (let b = 0; b <= a; b++) {
        const x0 = z[p0 + b]!;
        const x1 = z[p1 + b]!;
        const x2 = z[p2 + b]!;
        const x3 = z[p3 + b]!;
        out[a * r + b]! += u0 * x0 + u1 * x1 + (u2 * x2 + u3 * x3);
        out[c * r + b]! += v0 * x0 + v1 * x1 + (v2 * x2 + v3 * x3);
      }
      out[c * r + c]! += v0 * y0 + v1 * y1 + (v2 * y2 + v3 * y3);
    }
    // An odd number of rows has the first left, of one sum.
    if ((r & 1) === 0) continue;
    const x0 = z[p0]!;
    const x1 = z[p1]!;
    const x2 = z[p2]!;
    const x3 = z[p3]!;
    out[0]! += w0 * x0 * x0 + w1 * x1 * x1 + (w2 * x2 * x2 + w3 * x3 * x3);
  }
  for (; i < to; i++) {
    for (let a = 0; a < r; a++) {
      const value = w[i]! * z[i * r + a]!;
      for (let b = 0; b <= a; b++) out[a * r + b]! += value * z[i * r + b]!;
    }
  }
}

function mirror(out: Float64Array, r: number): void {
  for (let a = 0; a < r; a++) for (let b = 0; b < a; b++) out[b * r + a] = out[a * r + b]!;
}

/** Zᵀ v [r], in the order of the rows, four of them between reading a sum and writing it. */
export function projected({ z, rank: r, rows }: Basis, v: Float64Array): Float64Array {
  const out = new Float64Array(r);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const p0 = i * r;
    const p1 = p0 + r;
    const p2 = p1 + r;
    const p3 = p2 + r;
    const v0 = v[i]!;
    const v1 = v[i + 1]!;
    const v2 = v[i + 2]!;
    const v3 = v[i + 3]!;
    for (let a = 0; a < r; a++) {
      out[a] = out[a]! + v0 * z[p0 + a]! + v1 * z[p1 + a]! + v2 * z[p2 + a]! + v3 * z[p3 + a]!;
    }
  }
  for (; i < rows; i++) for (let a = 0; a < r; a++) out[a]! += v[i]! * z[i * r + a]!;
  return out;
}

/** Z γ + shift, into `out` [n]: four rows side by side, so that an addition need not wait for the one before. */
export function linearPredictor(
  { z, rank: r, rows }: Basis,
  gamma: Float64Array,
  shift: Float64Array | null,
  out: Float64Array,
): void {
  if (shift === null) out.fill(0);
  else out.set(shift);
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const p0 = i * r;
    const p1 = p0 + r;
    const p2 = p1 + r;
    const p3 = p2 + r;
    let s0 = out[i]!;
    let s1 = out[i + 1]!;
    let s2 = out[i + 2]!;
    let s3 = out[i + 3]!;
    for (let a = 0; a < r; a++) {
      const value = gamma[a]!;
      s0 += z[p0 + a]! * value;
      s1 += z[p1 + a]! * value;
      s2 += z[p2 + a]! * value;
      s3 += z[p3 + a]! * value;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
  }
  for (; i < rows; i++) for (let a = 0; a < r; a++) out[i]! += z[i * r + a]! * gamma[a]!;
}

/** X of A X = B for a symmetric positive (semi)definite A [n, n] and B [n, k]; of several solutions the shortest. */
export function solveSymmetric(a: Float64Array, n: number, b: Float64Array, k: number): Float64Array {
  const factor = cholesky(a, n);
  return factor === null ? leastSquares(a, n, n, b, k).x : choleskySolve(factor, n, b, k);
}

export function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

/** A B [m, n], A [m, l], B [l, n]. */
export function product(a: Float64Array, b: Float64Array, m: number, l: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < l; p++) {
      const value = a[i * l + p]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += value * b[p * n + j]!;
    }
  }
  return out;
}

function unitColumns(a: Float64Array, m: number, k: number): Float64Array {
  const out = a.slice();
  for (let j = 0; j < k; j++) {
    let largest = 0;
    for (let i = 0; i < m; i++) largest = Math.max(largest, Math.abs(a[i * k + j]!));
    if (largest === 0) continue;
    let squares = 0;
    for (let i = 0; i < m; i++) squares += (a[i * k + j]! / largest) ** 2;
    for (let i = 0; i < m; i++) out[i * k + j]! /= largest * Math.sqrt(squares);
  }
  return out;
}

function checkRange(owner: string, values: Float64Array): void {
  if (values.every(Number.isFinite)) return;
  throw new DataError(`${owner}: squares of the numbers in x leave the range of doubles; scale the columns first`);
}
