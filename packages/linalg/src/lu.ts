import { fromTypedArray, type Tensor } from '@maru-ml/tensor';
import { lu as factor } from './dense/lu.ts';
import { givenSquare, type MatrixInput, numbers, restore } from './input.ts';

/** A = P L U. */
export interface Lu {
  /** A permutation matrix [n, n]. */
  readonly p: Tensor;
  /** Lower triangular with ones on the diagonal [n, n]. */
  readonly l: Tensor;
  /** Upper triangular [n, n]. */
  readonly u: Tensor;
  /** Row i of Pᵀ A = L U is row `pivots[i]` of A [n]. */
  readonly pivots: Int32Array;
}

/**
 * The LU decomposition with partial pivoting. Without gradients. A singular matrix has one too, with a 0 on U's diagonal. Cost: 2/3 n³.
 *
 * @param a [n, n]
 * @throws ShapeError, DataError
 */
export function lu(a: MatrixInput): Lu {
  const given = givenSquare('lu', 'a', a);
  const n = given.x.shape[0]!;
  const { lu: both, pivots } = factor(numbers(given.x), n);
  const p = new Float64Array(n * n);
  const l = new Float64Array(n * n);
  const u = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    p[pivots[i]! * n + i] = 1;
    l[i * n + i] = 1;
    for (let j = 0; j < n; j++) (j < i ? l : u)[i * n + j] = both[i * n + j]!;
  }
  const square = (data: Float64Array) => restore(fromTypedArray(data, [n, n]), given);
  return { p: square(p), l: square(l), u: square(u), pivots };
}
