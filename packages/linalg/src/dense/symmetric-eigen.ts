import { applyReflectors, reflectorsWork } from './reflector.ts';
import { largestSize, safeScale } from './scale.ts';
import { transposed } from './transpose.ts';
import { tridiagonalize, tridiagonalWork } from './tridiagonal.ts';
import { tridiagonalQl } from './tridiagonal-ql.ts';
import { workspace } from './workspace.ts';

/** A = V diag(values) Vᵀ. */
export interface SymmetricEigen {
  /** The eigenvalues, ascending [n]. */
  readonly values: Float64Array;
  /** Orthonormal eigenvectors in the columns [n, n]. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, of which the lower triangle is read.
 * @param a [n, n]
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  const scale = safeScale(largestSize(a));
  const sizes = [n * n, n * n, n * n, n, Math.max(tridiagonalWork(n), reflectorsWork(n))];
  return workspace(sizes, (matrix, v, z, taus, work) => {
    for (let i = 0; i < n * n; i++) matrix![i] = a[i]! * scale;
    const [d, e] = [new Float64Array(n), new Float64Array(n)];
    tridiagonalize(matrix!, n, v!, taus!, d, e, work!);
    for (let i = 0; i < n; i++) z![i * n + i] = 1;
    tridiagonalQl(d, e, 0, n, z!, n, 0, n);
    applyReflectors(z!, n, n, v!, n, n - 1, n, 1, taus!, work!);
    const order = Array.from(d, (_, i) => i).sort((i, j) => d[i]! - d[j]!);
    const rows = new Float64Array(n * n);
    for (const [to, from] of order.entries()) rows.set(z!.subarray(from * n, (from + 1) * n), to * n);
    return { values: Float64Array.from(order, (i) => d[i]! / scale), vectors: transposed(rows, n, n) };
  });
}

/** The eigenvalues alone, ascending [n]. Cost: 4/3 n³. */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  const scale = safeScale(largestSize(a));
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  workspace([n * n, n * n, n, tridiagonalWork(n)], (matrix, v, taus, work) => {
    for (let i = 0; i < n * n; i++) matrix![i] = a[i]! * scale;
    tridiagonalize(matrix!, n, v!, taus!, d, e, work!);
  });
  tridiagonalQl(d, e, 0, n, null, 0, 0, 0);
  return d.map((value) => value / scale).sort();
}
