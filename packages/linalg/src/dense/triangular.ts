import { gemv, matmul } from '@maru-ml/kernels/blas';
import { workspace } from './workspace.ts';

export interface TriangularOptions {
  /** Solve with the transposed matrix; false. */
  transpose?: boolean;
  /** Take the diagonal as ones, whatever stands there; false. */
  unit?: boolean;
}

/** Rows that are solved one by one, between products. */
const BLOCK = 32;

/** Right-hand sides that are too few for products. */
const FEW = 4;

/**
 * X of L X = B (or Lᵀ X = B) for a lower triangle L, of which nothing above the diagonal is read. Cost: n² k.
 * @param l [n, n]
 * @param b [n, k]
 * @returns x [n, k]; infinite or NaN where the diagonal has a zero
 */
export function solveLower(
  l: Float64Array,
  n: number,
  b: Float64Array,
  k: number,
  { transpose = false, unit = false }: TriangularOptions = {},
): Float64Array {
  return transpose ? backward(l, n, 1, n, b, k, unit) : forward(l, n, n, 1, b, k, unit);
}

/**
 * X of U X = B (or Uᵀ X = B) for an upper triangle U, of which nothing below the diagonal is read. Cost: n² k.
 * @param u [n, n]
 * @param b [n, k]
 * @returns x [n, k]; infinite or NaN where the diagonal has a zero
 */
export function solveUpper(
  u: Float64Array,
  n: number,
  b: Float64Array,
  k: number,
  { transpose = false, unit = false }: TriangularOptions = {},
): Float64Array {
  return transpose ? forward(u, n, 1, n, b, k, unit) : backward(u, n, n, 1, b, k, unit);
}

/** From the first row on; element (i, j) of the triangle is t[i · row + j · column]. */
function forward(t: Float64Array, n: number, row: number, column: number, b: Float64Array, k: number, unit: boolean) {
  if (k < FEW) return solveFew(t, n, row, column, b, k, unit, 1);
  return inBlocks(t, n, b, k, (matrix, x, work, factors) => {
    for (let i0 = 0; i0 < n; i0 += BLOCK) {
      const i1 = Math.min(i0 + BLOCK, n);
      if (i0 > 0) subtract(matrix, row, column, i0, i1, 0, i0, x, k, work);
      for (let i = i0; i < i1; i++) solveRow(matrix, row, column, i, i0, i, x, k, unit, factors);
    }
  });
}

/** From the last row on. */
function backward(t: Float64Array, n: number, row: number, column: number, b: Float64Array, k: number, unit: boolean) {
  if (k < FEW) return solveFew(t, n, row, column, b, k, unit, -1);
  return inBlocks(t, n, b, k, (matrix, x, work, factors) => {
    for (let i1 = n; i1 > 0; i1 -= BLOCK) {
      const i0 = Math.max(i1 - BLOCK, 0);
      if (i1 < n) subtract(matrix, row, column, i0, i1, i1, n, x, k, work);
      for (let i = i1 - 1; i >= i0; i--) solveRow(matrix, row, column, i, i + 1, i1, x, k, unit, factors);
    }
  });
}

/** Few right-hand sides, in the order in which the triangle lies in memory: by rows, or by columns of a transposed one. */
function solveFew(
  t: Float64Array,
  n: number,
  row: number,
  column: number,
  b: Float64Array,
  k: number,
  unit: boolean,
  direction: 1 | -1,
): Float64Array {
  const x = b.slice(0, n * k);
  const first = direction > 0 ? 0 : n - 1;
  for (let i = first; i >= 0 && i < n; i += direction) {
    const pivot = unit ? 1 : t[i * (row + column)]!;
    // The rows that are solved already, and those that are not.
    const [done, todo] = direction > 0 ? [0, i + 1] : [i + 1, 0];
    const [doneEnd, todoEnd] = direction > 0 ? [i, n] : [n, i];
    for (let c = 0; c < k; c++) {
      let value = x[i * k + c]!;
      if (column === 1) for (let j = done; j < doneEnd; j++) value -= t[i * row + j]! * x[j * k + c]!;
      value /= pivot;
      x[i * k + c] = value;
      if (column !== 1) for (let j = todo; j < todoEnd; j++) x[j * k + c]! -= t[j + i * column]! * value;
    }
  }
  return x;
}

/** Many right-hand sides are worth products in the kernels' memory. */
function inBlocks(
  t: Float64Array,
  n: number,
  b: Float64Array,
  k: number,
  solve: (t: Float64Array, x: Float64Array, work: Float64Array, factors: Float64Array) => void,
): Float64Array {
  return workspace([n * n, n * k, Math.min(BLOCK, n) * k, BLOCK], (matrix, x, work, factors) => {
    matrix.set(t.subarray(0, n * n));
    x.set(b.subarray(0, n * k));
    solve(matrix, x, work, factors);
    return x.slice();
  });
}

/** x[i0..i1] -= t[i0..i1, j0..j1] x[j0..j1] */
function subtract(
  t: Float64Array,
  row: number,
  column: number,
  i0: number,
  i1: number,
  j0: number,
  j1: number,
  x: Float64Array,
  k: number,
  work: Float64Array,
): void {
  const rows = i1 - i0;
  const part = t.subarray(i0 * row + j0 * column);
  const known = x.subarray(j0 * k, j1 * k);
  const products = work.subarray(0, rows * k);
  const ldA = Math.max(row, column);
  matmul(part, known, products, { m: rows, n: k, k: j1 - j0, transA: row === 1 && ldA > 1, ldA });
  for (let i = 0; i < rows * k; i++) x[i0 * k + i]! -= products[i]!;
}

/** x[i] = (x[i] - Σ_j t[i, j] x[j]) / t[i, i], j from j0 to j1. */
function solveRow(
  t: Float64Array,
  row: number,
  column: number,
  i: number,
  j0: number,
  j1: number,
  x: Float64Array,
  k: number,
  unit: boolean,
  factors: Float64Array,
): void {
  const own = x.subarray(i * k, (i + 1) * k);
  for (let j = j0; j < j1; j++) factors[j - j0] = -t[i * row + j * column]!;
  if (j1 > j0) gemv(x.subarray(j0 * k), factors, own, { m: j1 - j0, n: k, trans: true, accumulate: true });
  if (unit) return;
  const pivot = t[i * (row + column)]!;
  for (let c = 0; c < k; c++) own[c]! /= pivot;
}
