import { applyReflectors, reflectorsWork } from './reflector.ts';
import { unitMatrix } from './scale.ts';
import { transposed } from './transpose.ts';
import { tridiagonalize, tridiagonalWork } from './tridiagonal.ts';
import { tridiagonalDivide } from './tridiagonal-dc.ts';
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
  const unit = unitMatrix(a);
  const square = n * n;
  const work = Math.max(tridiagonalWork(n), reflectorsWork(n));
  return workspace([square, square, square, square, square, n, work], (matrix, v, z, s, out, taus, room) => {
    matrix.set(unit.matrix);
    const values = new Float64Array(n);
    const beside = new Float64Array(n);
    tridiagonalize(matrix, n, v, taus, values, beside, room);
    for (let i = 0; i < n; i++) z[i * n + i] = 1;
    tridiagonalDivide(values, beside, n, z, s, matrix, out);
    applyReflectors(z, n, n, v, n, n - 1, n, 1, taus, room);
    return { values: unit.unscale(values), vectors: transposed(z, n, n) };
  });
}

/** The eigenvalues alone, ascending [n]. Cost: 4/3 n³. */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  const unit = unitMatrix(a);
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  workspace([n * n, n * n, n, tridiagonalWork(n)], (matrix, v, taus, work) => {
    matrix.set(unit.matrix);
    tridiagonalize(matrix!, n, v!, taus!, d, e, work!);
  });
  tridiagonalQl(d, e, 0, n, null, 0, 0, 0);
  return unit.unscale(d).sort();
}
