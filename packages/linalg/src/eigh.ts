import { DataError } from '@maru-ml/base';
import { eye, matmul, record, type Tensor, transpose, unsqueeze } from '@maru-ml/tensor';
import { symmetricEigen, symmetricEigenvalues } from './dense/symmetric-eigen.ts';
import { checkSymmetric, givenSquare, joined, type MatrixInput, matricesOf, partOf, restore } from './input.ts';

/** A = V diag(values) Vᵀ. */
export interface Eigh {
  /** The eigenvalues, ascending [..., n]. */
  readonly values: Tensor;
  /** Orthonormal eigenvectors in the columns [..., n, n]. Their signs are arbitrary. */
  readonly vectors: Tensor;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by reduction to a tridiagonal one and divide and conquer. Gradients flow
 * to the values always, to the vectors where no two eigenvalues are equal. Cost: 4 n³.
 *
 * @param a [..., n, n]
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
  const given = givenSquare('eigh', 'a', a, true);
  checkSymmetric('eigh', 'a', given);
  const { x } = given;
  const n = x.shape[x.ndim - 1]!;
  const found = matricesOf(x).map((matrix) => symmetricEigen(matrix, n));
  const values = joined(
    found.map((f) => f.values),
    x.shape.slice(0, -1),
  );
  const vectors = joined(
    found.map((f) => f.vectors),
    x.shape,
  );
  recordEigen(x, values, vectors);
  return { values: restore(values, given), vectors: restore(vectors, given) };
}

/** The eigenvalues of a symmetric matrix alone, ascending [..., n]. Gradients flow. Cost: 4/3 n³, with gradients 4 n³. */
export function eigvalsh(a: MatrixInput): Tensor {
  const given = givenSquare('eigvalsh', 'a', a, true);
  checkSymmetric('eigvalsh', 'a', given);
  const { x } = given;
  if (x.requiresGrad) return eigh(a).values;
  const n = x.shape[x.ndim - 1]!;
  const found = matricesOf(x).map((matrix) => symmetricEigenvalues(matrix, n));
  return restore(joined(found, x.shape.slice(0, -1)), given);
}

/**
 * Notes how both came from a. dA = V (diag(g) + (Vᵀ G) ∘ F) Vᵀ, made symmetric, with F[i, j] = 1 / (λ_j - λ_i) beside the
 * diagonal: M. Giles, "An extended collection of matrix derivative results", Oxford (2008).
 */
function recordEigen(a: Tensor, values: Tensor, vectors: Tensor): void {
  const n = a.shape[a.ndim - 1]!;
  record('eighValues', values, [a], [vectors], (g) => [
    matmul(vectors.mul(unsqueeze(g, -2)), vectors, { transB: true }),
  ]);
  record('eigh', vectors, [a], [values, vectors], (g) => {
    for (const [at, known] of matricesOf(unsqueeze(values, -2)).entries()) {
      const of = a.ndim === 2 ? '' : ` of ${partOf('a', a, at)}`;
      for (let i = 1; i < n; i++) {
        if (known[i] !== known[i - 1]) continue;
        throw new DataError(
          `eigh: eigenvalues ${i - 1} and ${i}${of} are equal (${known[i]}), so their vectors have no gradient`,
        );
      }
    }
    const unit = eye(n, { dtype: 'float64' });
    // Ones on the diagonal, where F is 0, spare a division by 0.
    const gaps = unsqueeze(values, -2).sub(unsqueeze(values, -1)).add(unit);
    const inner = matmul(vectors, g, { transA: true }).div(gaps);
    const beside = inner.sub(inner.mul(unit));
    const full = matmul(matmul(vectors, beside), vectors, { transB: true });
    return [full.add(transpose(full)).mul(0.5)];
  });
}
