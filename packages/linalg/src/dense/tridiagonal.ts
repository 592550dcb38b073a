import { gemv, matmul, symv } from '@maru-ml/kernels/blas';
import { BLOCK, makeReflector } from './reflector.ts';

/** Numbers that `tridiagonalize` wants to work in. */
export function tridiagonalWork(n: number): number {
  return 4 * BLOCK * n + 2 * n + 4 * BLOCK;
}

/**
 * Reduces a symmetric matrix to a tridiagonal one, A = Q T Qᵀ, by Householder reflectors: half of the work is a product with
 * a vector for each column, half are products of matrices for each block of columns. Cost: 4/3 n³.
 * J. Dongarra, S. Hammarling and D. Sorensen, "Block reduction of matrices to condensed forms for eigenvalue computations",
 * J. Comput. Appl. Math. 27 (1989).
 *
 * @param a [n, n], of which the lower triangle is read and destroyed
 * @param v [n, n], zeroed; row i becomes the reflector that reduced column i
 * @param taus [n]
 * @param d [n], the diagonal
 * @param e [n], what stands beside it; the last is 0
 */
export function tridiagonalize(
  a: Float64Array,
  n: number,
  v: Float64Array,
  taus: Float64Array,
  d: Float64Array,
  e: Float64Array,
  work: Float64Array,
): void {
  for (let i0 = 0; i0 < n; i0 += BLOCK) tridiagonalBlock(i0, a, n, v, taus, d, e, work);
}

/** The part of `tridiagonalize` for the columns from i0 on, BLOCK at most; those before are done. */
export function tridiagonalBlock(
  i0: number,
  a: Float64Array,
  n: number,
  v: Float64Array,
  taus: Float64Array,
  d: Float64Array,
  e: Float64Array,
  work: Float64Array,
): void {
  // Rows v₀, w₀, v₁, w₁, ... of the block's reflectors and their vectors; and -w₀, -v₀, ...: A loses v wᵀ + w vᵀ for each.
  const left = work.subarray(0, 2 * BLOCK * n);
  const right = work.subarray(2 * BLOCK * n, 4 * BLOCK * n);
  const column = work.subarray(4 * BLOCK * n, 4 * BLOCK * n + n);
  const product = work.subarray(4 * BLOCK * n + n, 4 * BLOCK * n + 2 * n);
  const dots = work.subarray(4 * BLOCK * n + 2 * n, 4 * BLOCK * n + 2 * n + 2 * BLOCK);
  const factors = work.subarray(4 * BLOCK * n + 2 * n + 2 * BLOCK);
  const beta = new Float64Array(1);
  const width = Math.min(BLOCK, n - i0);
  left.fill(0);
  for (let l = 0; l < width; l++) {
    const i = i0 + l;
    const rest = n - i;
    for (let r = i; r < n; r++) column[r] = a[r * n + i]!;
    // The column as it would be had the block's updates been made. The partner of row r is row r ^ 1.
    const earlier = { m: 2 * l, n: rest, ld: n, trans: true, accumulate: true };
    if (l > 0) {
      for (let r = 0; r < 2 * l; r++) factors[r] = -left[(r ^ 1) * n + i]!;
      gemv(left.subarray(i), factors, column.subarray(i), earlier);
    }
    d[i] = column[i]!;
    const below = rest - 1;
    if (below === 0) {
      e[i] = 0;
      taus[i] = 0;
      continue;
    }
    const tau = makeReflector(column, i + 1, below, beta);
    e[i] = beta[0]!;
    taus[i] = tau;
    const reflector = column.subarray(i + 1, n);
    v.set(reflector, i * n + i + 1);
    left.set(reflector, 2 * l * n + i + 1);
    if (tau === 0) continue;
    // p = tau (A - V Wᵀ - W Vᵀ) v, then w = p - tau/2 (pᵀ v) v.
    const p = product.subarray(i + 1, n);
    symv(a.subarray((i + 1) * n + i + 1), reflector, p, below, n);
    if (l > 0) {
      const rows = left.subarray(i + 1);
      gemv(rows, reflector, dots, { m: 2 * l, n: below, ld: n });
      for (let r = 0; r < 2 * l; r++) factors[r] = -dots[r ^ 1]!;
      gemv(rows, factors, p, { ...earlier, n: below });
    }
    let dot = 0;
    for (let r = 0; r < below; r++) {
      p[r]! *= tau;
      dot += p[r]! * reflector[r]!;
    }
    const half = (-tau / 2) * dot;
    for (let r = 0; r < below; r++) p[r]! += half * reflector[r]!;
    left.set(p, (2 * l + 1) * n + i + 1);
  }
  const i1 = i0 + width;
  if (i1 >= n) return;
  for (let r = 0; r < 2 * BLOCK; r++) {
    for (let c = i1; c < n; c++) right[r * n + c] = -left[(r ^ 1) * n + c]!;
  }
  // Strips of rows, up to their diagonals.
  for (let r0 = i1; r0 < n; r0 += 2 * BLOCK) {
    const r1 = Math.min(r0 + 2 * BLOCK, n);
    const shape = { m: r1 - r0, n: r1 - i1, k: 2 * BLOCK, ldA: n, ldB: n, ldOut: n, transA: true, accumulate: true };
    matmul(left.subarray(r0), right.subarray(i1), a.subarray(r0 * n + i1), shape);
  }
}
