import { Matrix } from 'ml-matrix';
import { givenMatrix, type MatrixInput, numbers } from './input.ts';

/**
 * A matrix of the ml-matrix library with the numbers of `a`, copied. The other way round every function here takes such matrices
 * as they are.
 *
 * @param a [m, n]
 * @throws ShapeError, DataError
 */
export function toMlMatrix(a: MatrixInput): Matrix {
  const { x } = givenMatrix('toMlMatrix', 'a', a);
  const [m, n] = x.shape as [number, number];
  return Matrix.from1DArray(m, n, numbers(x));
}
