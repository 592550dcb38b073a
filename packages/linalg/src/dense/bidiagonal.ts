import { gemv, matmul } from '@maru-ml/kernels/blas';
import { BLOCK, makeReflector } from './reflector.ts';

/** Numbers that `bidiagonalBlock` wants to work in. */
export function bidiagonalWork(m: number, n: number): number {
  return 2 * BLOCK * m + 4 * BLOCK * n + m + n + (m & 1) + (n & 1) + 2 * BLOCK;
}

/**
 * A step of the reduction of a matrix with m ≥ n to an upper bidiagonal one, A = U B Vᵀ, by Householder reflectors from both
 * sides: reduces columns and rows i0 to i0 + BLOCK and applies their reflectors to what remains. Half of the work is two
 * products with a vector for each column, half are products of matrices for each block. Cost of all: 4 m n² - 4/3 n³.
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
export function bidiagonalBlock(
  i0: number,
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
  // A loses v yᵀ + x uᵀ for each step of a block: rows v₀, x₀, v₁, x₁, ... and y₀, u₀, y₁, u₁, ...
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
  const factors = take(2 * BLOCK);
  const beta = new Float64Array(1);

  /** to += Σ_r factors[r] · row r of `rows`, from a place on. */
  const addRows = (rows: Float64Array, ld: number, from: number, count: number, to: Float64Array) => {
    if (count > 0)
      gemv(rows.subarray(from), factors, to, { m: count, n: to.length, ld, trans: true, accumulate: true });
  };
  /** Makes the factors: what stands in a place of each row, or the product of each row with x, negative. */
  const takePlaces = (rows: Float64Array, ld: number, at: number, count: number) => {
    for (let r = 0; r < count; r++) factors[r] = -rows[r * ld + at]!;
  };
  const takeProducts = (rows: Float64Array, ld: number, from: number, count: number, x: Float64Array) => {
    if (count > 0) gemv(rows.subarray(from), x, factors, { m: count, n: x.length, ld });
    for (let r = 0; r < count; r++) factors[r] = -factors[r]!;
  };

  const width = Math.min(BLOCK, n - i0);
  left.fill(0);
  right.fill(0);
  for (let l = 0; l < width; l++) {
    const i = i0 + l;
    const below = column.subarray(i, m);
    for (let r = i; r < m; r++) column[r] = a[r * n + i]!;
    takePlaces(right, n, i, 2 * l);
    addRows(left, m, i, 2 * l, below);
    const tau = makeReflector(column, i, m - i, beta);
    d[i] = beta[0]!;
    tausV[i] = tau;
    v.set(below, i * m + i);
    left.set(below, 2 * l * m + i);
    if (i + 1 === n) {
      e[i] = 0;
      tausU[i] = 0;
      continue;
    }

    // y = tau (A - V Yᵀ - X Uᵀ)ᵀ v
    const y = right.subarray(2 * l * n + i + 1, (2 * l + 1) * n);
    if (tau !== 0) {
      gemv(a.subarray(i * n + i + 1), below, y, { m: m - i, n: n - i - 1, ld: n, trans: true });
      takeProducts(left, m, i, 2 * l, below);
      addRows(right, n, i + 1, 2 * l, y);
      for (let j = 0; j < y.length; j++) y[j]! *= tau;
    }

    const across = row.subarray(i + 1, n);
    for (let j = i + 1; j < n; j++) row[j] = a[i * n + j]!;
    takePlaces(left, m, i, 2 * l + 1);
    addRows(right, n, i + 1, 2 * l + 1, across);
    const tauU = makeReflector(row, i + 1, n - i - 1, beta);
    e[i] = beta[0]!;
    tausU[i] = tauU;
    u.set(across, i * n + i + 1);
    right.set(across, (2 * l + 1) * n + i + 1);

    // x = tau (A - V Yᵀ - X Uᵀ) u
    if (tauU === 0) continue;
    const x = left.subarray((2 * l + 1) * m + i + 1, (2 * l + 2) * m);
    gemv(a.subarray((i + 1) * n + i + 1), across, x, { m: m - i - 1, n: n - i - 1, ld: n });
    takeProducts(right, n, i + 1, 2 * l + 1, across);
    addRows(left, m, i + 1, 2 * l + 1, x);
    for (let r = 0; r < x.length; r++) x[r]! *= tauU;
  }
  const i1 = i0 + width;
  if (i1 >= n) return;
  for (let r = 0; r < 2 * BLOCK; r++) for (let c = i1; c < n; c++) negative[r * n + c] = -right[r * n + c]!;
  const shape = { m: m - i1, n: n - i1, k: 2 * BLOCK, ldA: m, ldB: n, ldOut: n, transA: true, accumulate: true };
  matmul(left.subarray(i1), negative.subarray(i1), a.subarray(i1 * n + i1), shape);
}
