import { gemv, matmul } from '@maru-ml/kernels/blas';
import { BLOCK, makeReflector } from './reflector.ts';

/** Numbers that `bidiagonalize` wants to work in. */
export function bidiagonalWork(m: number, n: number): number {
  return 2 * BLOCK * m + 4 * BLOCK * n + m + n + (m & 1) + (n & 1) + 2 * BLOCK;
}

/**
 * Reduces a matrix with m ≥ n to an upper bidiagonal one, A = U B Vᵀ, by Householder reflectors from both sides: half of the
 * work is two products with a vector for each column, half are products of matrices for each block. Cost: 4 m n² - 4/3 n³.
 * J. Dongarra, S. Hammarling and D. Sorensen, "Block reduction of matrices to condensed forms for eigenvalue computations",
 * J. Comput. Appl. Math. 27 (1989).
 *
 * @param a [m, n], destroyed
 * @param v [n, m], zeroed; row i becomes the reflector from the left that reduced column i
 * @param u [n, n], zeroed; row i becomes the reflector from the right that reduced row i
 * @param tausV [n]
 * @param tausU [n]
 * @param d [n], the diagonal
 * @param e [n], what stands right of it; the last is 0
 */
export function bidiagonalize(
  a: Float64Array,
  m: number,
  n: number,
  v: Float64Array,
  u: Float64Array,
  tausV: Float64Array,
  tausU: Float64Array,
  d: Float64Array,
  e: Float64Array,
  work: Float64Array,
): void {
  // A loses v yᵀ + x uᵀ for each step of a block: rows v over x, and y over u.
  let next = 0;
  const take = (length: number) => {
    next += length;
    return work.subarray(next - length, next);
  };
  const left = take(2 * BLOCK * m);
  const right = take(2 * BLOCK * n);
  const negative = take(2 * BLOCK * n);
  const column = take(m + (m & 1));
  const row = take(n + (n & 1));
  const small = take(BLOCK);
  const small2 = take(BLOCK);
  const xs = left.subarray(BLOCK * m);
  const us = right.subarray(BLOCK * n);
  const beta = new Float64Array(1);

  /** to += Σ_q coefficient_q · row q of `rows`, from a place on. */
  const addRows = (
    rows: Float64Array,
    ld: number,
    from: number,
    count: number,
    coefficients: Float64Array,
    to: Float64Array,
  ) => {
    if (count > 0)
      gemv(rows.subarray(from), coefficients, to, { m: count, n: to.length, ld, trans: true, accumulate: true });
  };
  /** out_q = -(row q of `rows`) · x, from a place on. */
  const minusDots = (
    rows: Float64Array,
    ld: number,
    from: number,
    count: number,
    x: Float64Array,
    out: Float64Array,
  ) => {
    if (count > 0) gemv(rows.subarray(from), x, out, { m: count, n: x.length, ld });
    for (let q = 0; q < count; q++) out[q] = -out[q]!;
  };

  for (let i0 = 0; i0 < n; i0 += BLOCK) {
    const width = Math.min(BLOCK, n - i0);
    left.fill(0);
    right.fill(0);
    for (let l = 0; l < width; l++) {
      const i = i0 + l;
      const below = column.subarray(i, m);
      for (let r = i; r < m; r++) column[r] = a[r * n + i]!;
      for (let q = 0; q < l; q++) {
        small[q] = -right[q * n + i]!;
        small2[q] = -us[q * n + i]!;
      }
      addRows(left, m, i, l, small, below);
      addRows(xs, m, i, l, small2, below);
      const tau = makeReflector(column, i, m - i, beta);
      d[i] = beta[0]!;
      tausV[i] = tau;
      v.set(below, i * m + i);
      left.set(below, l * m + i);
      if (i + 1 === n) {
        e[i] = 0;
        tausU[i] = 0;
        continue;
      }

      // y = tau (A - V Yᵀ - X Uᵀ)ᵀ v
      const y = right.subarray(l * n + i + 1, (l + 1) * n);
      if (tau !== 0) {
        gemv(a.subarray(i * n + i + 1), below, y, { m: m - i, n: n - i - 1, ld: n, trans: true });
        minusDots(left, m, i, l, below, small);
        minusDots(xs, m, i, l, below, small2);
        addRows(right, n, i + 1, l, small, y);
        addRows(us, n, i + 1, l, small2, y);
        for (let j = 0; j < y.length; j++) y[j]! *= tau;
      }

      const across = row.subarray(i + 1, n);
      for (let j = i + 1; j < n; j++) row[j] = a[i * n + j]!;
      for (let q = 0; q <= l; q++) small[q] = -left[q * m + i]!;
      for (let q = 0; q < l; q++) small2[q] = -xs[q * m + i]!;
      addRows(right, n, i + 1, l + 1, small, across);
      addRows(us, n, i + 1, l, small2, across);
      const tauU = makeReflector(row, i + 1, n - i - 1, beta);
      e[i] = beta[0]!;
      tausU[i] = tauU;
      u.set(across, i * n + i + 1);
      us.set(across, l * n + i + 1);

      // x = tau (A - V Yᵀ - X Uᵀ) u
      if (tauU === 0) continue;
      const x = xs.subarray(l * m + i + 1, (l + 1) * m);
      gemv(a.subarray((i + 1) * n + i + 1), across, x, { m: m - i - 1, n: n - i - 1, ld: n });
      minusDots(right, n, i + 1, l + 1, across, small);
      minusDots(us, n, i + 1, l, across, small2);
      addRows(left, m, i + 1, l + 1, small, x);
      addRows(xs, m, i + 1, l, small2, x);
      for (let r = 0; r < x.length; r++) x[r]! *= tauU;
    }
    const i1 = i0 + width;
    if (i1 >= n) break;
    for (let q = 0; q < right.length; q++) negative[q] = -right[q]!;
    const shape = { m: m - i1, n: n - i1, k: 2 * BLOCK, ldA: m, ldB: n, ldOut: n, transA: true, accumulate: true };
    matmul(left.subarray(i1), negative.subarray(i1), a.subarray(i1 * n + i1), shape);
  }
}
