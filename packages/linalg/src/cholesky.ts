import { DataError } from '@maru-ml/base';
import { eye, matmul, record, reshape, type Tensor, transpose, tril } from '@maru-ml/tensor';
import { cholesky as factor } from './dense/cholesky.ts';
import {
  checkSymmetric,
  givenRightSide,
  givenSquare,
  joined,
  type MatrixInput,
  matricesOf,
  partOf,
  type RightSide,
  restore,
} from './input.ts';
import { rightColumns } from './solve.ts';
import { checkDiagonal, triangularTensor } from './solve-triangular.ts';

/**
 * The lower triangle L of A = L Lᵀ, for a symmetric positive definite A. Gradients flow; as A is symmetric, so are they, as in
 * PyTorch. Cost: n³ / 3.
 *
 * I. Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).
 *
 * @param a [..., n, n]
 * @returns [..., n, n]
 * @throws DataError if a matrix is not symmetric, or not positive definite; ShapeError
 */
export function cholesky(a: MatrixInput): Tensor {
  const given = givenSquare('cholesky', 'a', a, true);
  checkSymmetric('cholesky', 'a', given);
  const { x } = given;
  const n = x.shape[x.ndim - 1]!;
  const factors = matricesOf(x).map((matrix, i) => {
    const l = factor(matrix, n);
    if (l !== null) return l;
    const part = partOf('a', x, i);
    throw new DataError(
      `cholesky: ${part} is not positive definite; add a small multiple of the unit matrix, or use eigh`,
    );
  });
  const l = joined(factors, x.shape);
  const result = record('cholesky', l, [x], [l], (g) => {
    // S = L⁻ᵀ Φ(Lᵀ G) L⁻¹, where Φ takes the lower triangle with half of the diagonal; the gradient is (S + Sᵀ) / 2.
    const product = matmul(l, tril(g), { transA: true });
    const phi = tril(product).sub(product.mul(eye(n, { dtype: 'float64' })).mul(0.5));
    const backward = { upper: false, unit: false, transpose: true };
    const half = triangularTensor(l, phi, backward);
    const s = transpose(triangularTensor(l, transpose(half), backward));
    return [s.add(transpose(s)).mul(0.5)];
  });
  return restore(result, given);
}

/**
 * The solution of A X = B from the factor L of A = L Lᵀ that `cholesky` gives. Gradients flow to both. Cost: 2 n² k.
 *
 * @param l [..., n, n]
 * @param b [n], or [..., n, k] with the leading axes of `l`
 * @returns x [..., n] for a vector, else [..., n, k]
 * @throws DataError if the diagonal of l has a 0; ShapeError
 */
export function choleskySolve(l: MatrixInput, b: RightSide): Tensor {
  const owner = 'choleskySolve';
  const left = givenSquare(owner, 'l', l, true);
  const right = givenRightSide(owner, 'b', b, true);
  const { vector, columns } = rightColumns(owner, 'l', left.x, right.x);
  checkDiagonal(owner, 'l', left.x);
  const forward = { upper: false, unit: false, transpose: false };
  const x = triangularTensor(left.x, triangularTensor(left.x, columns, forward), { ...forward, transpose: true });
  return restore(vector ? reshape(x, x.shape.slice(0, -1)) : x, left, right);
}
