import { DataError } from '@maru-ml/base';
import { eye, fromTypedArray, matmul, record, type Tensor, transpose, unsqueeze } from '@maru-ml/tensor';
import { symmetricEigen, symmetricEigenvalues } from './dense/symmetric-eigen.ts';
import { checkSymmetric, givenSquare, type MatrixInput, numbers, restore } from './input.ts';

/** A = V diag(values) Vᵀ. */
export interface Eigh {
  /** The eigenvalues, ascending [n]. */
  readonly values: Tensor;
  /** Orthonormal eigenvectors in the columns [n, n]. Their signs are arbitrary. */
  readonly vectors: Tensor;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by reduction to a tridiagonal one and divide and conquer. Gradients flow
 * to the values always, to the vectors where no two eigenvalues are equal. Cost: 4 n³.
 *
 * @param a [n, n]
 * @throws DataError if a is not symmetric, and when run backward through vectors of equal eigenvalues; ShapeError
 *
 * @example
 * ```ts
 * import { eigh } from '@maru-ml/linalg';
 *
 * console.log(eigh([[2, 1], [1, 2]]).values); // tensor([1.0000, 3.0000], dtype=float64)
 * ```
 */
export function eigh(a: MatrixInput): Eigh {
  const given = givenSquare('eigh', 'a', a);
  checkSymmetric('eigh', 'a', given);
  const { x } = given;
  const n = x.shape[0]!;
  const found = symmetricEigen(numbers(x), n);
  const values = fromTypedArray(found.values, [n]);
  const vectors = fromTypedArray(found.vectors, [n, n]);
  recordEigen(x, values, vectors);
  return { values: restore(values, given), vectors: restore(vectors, given) };
}

/** The eigenvalues of a symmetric matrix alone, ascending [n]. Gradients flow. Cost: 4/3 n³, with gradients 4 n³. */
export function eigvalsh(a: MatrixInput): Tensor {
  const given = givenSquare('eigvalsh', 'a', a);
  checkSymmetric('eigvalsh', 'a', given);
  const n = given.x.shape[0]!;
  if (given.x.requiresGrad) return eigh(a).values;
  return restore(fromTypedArray(symmetricEigenvalues(numbers(given.x), n), [n]), given);
}

/**
 * Notes how both came from a. dA = V (diag(g) + (Vᵀ G) ∘ F) Vᵀ, made symmetric, with F[i, j] = 1 / (λ_j - λ_i) beside the
 * diagonal: M. Giles, "An extended collection of matrix derivative results", Oxford (2008).
 */
function recordEigen(a: Tensor, values: Tensor, vectors: Tensor): void {
  const n = a.shape[0]!;
  record('eighValues', values, [a], [vectors], (g) => [
    matmul(vectors.mul(unsqueeze(g, 0)), vectors, { transB: true }),
  ]);
  record('eigh', vectors, [a], [values, vectors], (g) => {
    const known = numbers(values);
    for (let i = 1; i < n; i++) {
      if (known[i] !== known[i - 1]) continue;
      throw new DataError(
        `eigh: eigenvalues ${i - 1} and ${i} are equal (${known[i]}), so their vectors have no gradient`,
      );
    }
    const unit = eye(n, { dtype: 'float64' });
    // Ones on the diagonal, where F is 0, spare a division by 0.
    const gaps = unsqueeze(values, 0).sub(unsqueeze(values, 1)).add(unit);
    const inner = matmul(vectors, g, { transA: true }).div(gaps);
    const beside = inner.sub(inner.mul(unit));
    const full = matmul(matmul(vectors, beside), vectors, { transB: true });
    return [full.add(transpose(full)).mul(0.5)];
  });
}
