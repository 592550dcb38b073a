import { runSteps, type Steps } from '@maru-ml/base';
import { applyInStrips, BLOCK, reflectorsWork } from './reflector.ts';
import { unitMatrix } from './scale.ts';
import { transposed } from './transpose.ts';
import { tridiagonalBlock, tridiagonalize, tridiagonalWork } from './tridiagonal.ts';
import { tridiagonalDivide } from './tridiagonal-dc.ts';
import { tridiagonalQl } from './tridiagonal-ql.ts';
import { pausingWorkspace, workspace } from './workspace.ts';

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
  return runSteps(symmetricEigenSteps(a, n));
}

/** The same in steps, of some ten million multiplications each up to n = 500. */
export function* symmetricEigenSteps(a: Float64Array, n: number): Steps<SymmetricEigen> {
  const unit = unitMatrix(a);
  const square = n * n;
  const work = Math.max(tridiagonalWork(n), reflectorsWork(n));
  return yield* pausingWorkspace([square, square, square, square, square, n, work], function* (arrays) {
    const values = new Float64Array(n);
    const beside = new Float64Array(n);
    arrays()[0].set(unit.matrix);
    for (let from = 0; from < n; from += BLOCK) {
      if (n > BLOCK) yield;
      const [matrix, v, , , , taus, room] = arrays();
      tridiagonalBlock(from, matrix, n, v, taus, values, beside, room);
    }
    if (n > BLOCK) yield;
    const [, , z] = arrays();
    for (let i = 0; i < n; i++) z[i * n + i] = 1;
    yield* tridiagonalDivide(values, beside, n, () => {
      const [gathered, , z, s, out] = arrays();
      return { z, s, gathered, out };
    });
    yield* applyInStrips(n, n, n, n - 1, n, 1, () => {
      const [, v, z, , , taus, work] = arrays();
      return { z, v, taus, work };
    });
    return { values: unit.unscale(values), vectors: transposed(arrays()[2], n, n) };
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
