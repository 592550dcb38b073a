import type { Tensor } from '@maru-ml/tensor';
import { generalEigen } from './dense/general-eigen.ts';
import { givenSquare, joined, type MatrixInput, matricesOf, restore } from './input.ts';

/** A complex array as two of numbers. */
export interface ComplexTensor {
  readonly re: Tensor;
  readonly im: Tensor;
}

/** A V = V diag(values), complex in general. */
export interface Eig {
  /** The eigenvalues [..., n]; conjugate pairs stand side by side, the positive imaginary part first. */
  readonly values: ComplexTensor;
  /** The eigenvectors in the columns [..., n, n], each of length 1 and with its largest component real. */
  readonly vectors: ComplexTensor;
}

/**
 * Eigenvalues and eigenvectors of any square matrix, by the QR algorithm; for a symmetric one use `eigh`. Without gradients.
 * Cost: some 25 n³.
 *
 * J. Francis, "The QR transformation", Computer J. 4 (1961-62).
 *
 * @param a [..., n, n]
 * @throws ShapeError, DataError
 */
export function eig(a: MatrixInput): Eig {
  const given = givenSquare('eig', 'a', a, true);
  const { shape } = given.x;
  const found = matricesOf(given.x).map((matrix) => generalEigen(matrix, shape[shape.length - 1]!));
  const values = (data: Float64Array[]) => restore(joined(data, shape.slice(0, -1)), given);
  const vectors = (data: Float64Array[]) => restore(joined(data, shape), given);
  return {
    values: { re: values(found.map((f) => f.re)), im: values(found.map((f) => f.im)) },
    vectors: { re: vectors(found.map((f) => f.vectorsRe)), im: vectors(found.map((f) => f.vectorsIm)) },
  };
}
