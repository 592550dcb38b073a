import { checkBoolean, checkKnown, checkNumber, ShapeError } from '@maru-ml/base';
import { fromTypedArray, matmul, record, reshape, sum, type Tensor } from '@maru-ml/tensor';
import { type LeastSquaresOptions, leastSquares } from './dense/least-squares.ts';
import { givenMatrix, givenRightSide, type MatrixInput, numbers, type RightSide, restore, showShape } from './input.ts';

export interface LstsqOptions extends LeastSquaresOptions {}

/** The shortest x of min ‖A x - b‖. */
export interface Lstsq {
  /** [n] for a vector b, else [n, k]. Gradients flow. */
  readonly x: Tensor;
  /** ‖A x - b‖² for each right-hand side: a scalar, or [k]. Gradients flow. */
  readonly residuals: Tensor;
  /** The rank of A, decided on columns of unit length. */
  readonly rank: number;
  /** The singular values of A with its columns scaled to unit length, descending [min(m, n)] (in NumPy those of A itself). */
  readonly singularValues: Tensor;
}

/**
 * Least squares: the x of min ‖A x - b‖, of all such the shortest, also for more columns than rows and columns that depend on
 * each other. Columns are scaled to unit length first, so that units of measurement decide neither rank nor accuracy. `refine`
 * corrects a solution of full rank by residuals in twice the digits. Gradients flow to both, as long as the rank does not
 * change. Cost: 4 m n² and more.
 *
 * G. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables
 * separate", SIAM J. Numer. Anal. 10 (1973); for the method see `leastSquares` of `@maru-ml/linalg/dense`.
 *
 * @param a [m, n]
 * @param b [m], or [m, k]
 * @throws ShapeError, DataError, OptionError
 */
export function lstsq(a: MatrixInput, b: RightSide, options: LstsqOptions = {}): Lstsq {
  checkKnown('lstsq', options, ['rcond', 'refine']);
  if (options.rcond !== undefined) checkNumber('lstsq', 'rcond', options.rcond, { min: 0 });
  checkBoolean('lstsq', 'refine', options.refine ?? false);
  const left = givenMatrix('lstsq', 'a', a);
  const right = givenRightSide('lstsq', 'b', b);
  const [m, n] = left.x.shape as [number, number];
  const vector = right.x.ndim === 1;
  const columns = vector ? reshape(right.x, [-1, 1]) : right.x;
  if (columns.shape[0] !== m) {
    throw new ShapeError(
      `lstsq: a is ${showShape(left.x.shape)}, so b must have ${m} rows, got shape ${showShape(right.x.shape)}`,
    );
  }
  const { x, rank, singularValues } = lstsqTensor(left.x, columns, options);
  const residual = columns.sub(matmul(left.x, x));
  const residuals = sum(residual.mul(residual), 0);
  return {
    x: restore(vector ? reshape(x, [n]) : x, left, right),
    residuals: restore(vector ? reshape(residuals, []) : residuals, left, right),
    rank,
    singularValues: restore(fromTypedArray(singularValues, [singularValues.length]), left),
  };
}

/**
 * x = A⁺ b with its gradients for a rank that stays: with y = A⁺ᵀ g, z = A⁺ y, w = A⁺ᵀ x and r = b - A x they are
 * db = y and dA = r zᵀ - y xᵀ + w (g - A⁺ A g)ᵀ, all of them least squares solutions again.
 */
function lstsqTensor(
  a: Tensor,
  b: Tensor,
  options: LeastSquaresOptions,
): { x: Tensor; rank: number; singularValues: Float64Array } {
  const [m, n] = a.shape as [number, number];
  const k = b.shape[1]!;
  const found = leastSquares(numbers(a), m, n, numbers(b), k, options);
  const x = fromTypedArray(found.x, [n, k]);
  record('lstsq', x, [a, b], [a, b, x], (g, [forA]) => {
    const solve = (left: Tensor, right: Tensor) => lstsqTensor(left, right, options).x;
    const y = solve(a.transpose(), g);
    if (!forA) return [null, y];
    const r = b.sub(matmul(a, x));
    const z = solve(a, y);
    let gradient = matmul(r, z, { transB: true }).sub(matmul(y, x, { transB: true }));
    if (found.rank < n) {
      const w = solve(a.transpose(), x);
      const rest = g.sub(solve(a, matmul(a, g)));
      gradient = gradient.add(matmul(w, rest, { transB: true }));
    }
    return [gradient, y];
  });
  return { x, rank: found.rank, singularValues: found.singularValues };
}
