import { DataError, ShapeError } from '@maru-ml/base';
import { broadcastTo, eye, matmul, record, reshape, type Tensor } from '@maru-ml/tensor';
import { reciprocalCondition, solveTransposed } from './dense/condition.ts';
import { type LuFactors, lu, luSolve } from './dense/lu.ts';
import {
  givenRightSide,
  givenSquare,
  joined,
  type MatrixInput,
  matricesOf,
  partOf,
  type RightSide,
  restore,
  showShape,
} from './input.ts';

/** Below this a solution has no right digit. */
const LEAST_CONDITION = 2 ** -53;

/**
 * The solution of A X = B by Gaussian elimination with partial pivoting. Gradients flow to both. Cost: 2/3 n³ + 2 n² k.
 *
 * @param a [..., n, n]
 * @param b [n], or [..., n, k] with the leading axes of `a`; [n] and [n, k] serve all matrices
 * @returns x [..., n] for a vector, else [..., n, k]
 * @throws DataError if a matrix is singular, or so nearly that no digit of x would be right; ShapeError
 *
 * @example
 * ```ts
 * import { solve } from '@maru-ml/linalg';
 *
 * console.log(solve([[3, 1], [1, 2]], [9, 8]).toArray()); // [ 2, 3 ]
 * ```
 */
export function solve(a: MatrixInput, b: RightSide): Tensor {
  const left = givenSquare('solve', 'a', a, true);
  const right = givenRightSide('solve', 'b', b, true);
  const { vector, columns } = rightColumns('solve', 'a', left.x, right.x);
  const x = solveTensor(left.x, columns, false, factorsOf('solve', 'use lstsq for a least-squares solution', left.x));
  return restore(vector ? reshape(x, x.shape.slice(0, -1)) : x, left, right);
}

/**
 * The inverse. Gradients flow. Prefer `solve(a, b)` to `inv(a)` times b: it is faster and more accurate. Cost: 2 n³.
 *
 * @param a [..., n, n]
 * @returns [..., n, n]
 * @throws DataError if a matrix is singular, or so nearly that no digit would be right; ShapeError
 */
export function inv(a: MatrixInput): Tensor {
  const given = givenSquare('inv', 'a', a, true);
  const n = given.x.shape[given.x.ndim - 1]!;
  const unit = broadcastTo(eye(n, { dtype: 'float64' }), given.x.shape);
  return restore(solveTensor(given.x, unit, false, factorsOf('inv', 'use pinv', given.x)), given);
}

/** The right-hand sides as columns [..., n, k], for each matrix of `a`, whose name in errors is `name`. */
export function rightColumns(owner: string, name: string, a: Tensor, b: Tensor): { vector: boolean; columns: Tensor } {
  const n = a.shape[a.ndim - 1]!;
  const vector = b.ndim === 1;
  const columns = vector ? reshape(b, [-1, 1]) : b;
  const rows = columns.shape[columns.ndim - 2]!;
  if (rows !== n) {
    throw new ShapeError(
      `${owner}: ${name} is ${showShape(a.shape)}, so b must have ${n} rows, got shape ${showShape(b.shape)}`,
    );
  }
  const lead = a.shape.slice(0, -2);
  if (columns.ndim === 2 && lead.length > 0) {
    return { vector, columns: broadcastTo(columns, [...lead, ...columns.shape]) };
  }
  if (columns.shape.slice(0, -2).join() !== lead.join()) {
    throw new ShapeError(
      `${owner}: ${name} is ${showShape(a.shape)} but b is ${showShape(b.shape)}; their leading axes must be the same`,
    );
  }
  return { vector, columns };
}

/**
 * X of A X = B, or of Aᵀ X = B. For X = A⁻¹ B the gradients are dB = A⁻ᵀ G and dA = -dB Xᵀ.
 * @param a [..., n, n], of float64
 * @param b [..., n, k], of float64
 * @param factors those of each matrix
 */
export function solveTensor(a: Tensor, b: Tensor, transposed: boolean, factors: readonly LuFactors[]): Tensor {
  const n = a.shape[a.ndim - 1]!;
  const k = b.shape[b.ndim - 1]!;
  const rights = matricesOf(b);
  const solveOne = transposed ? solveTransposed : luSolve;
  const solutions = factors.map((f, i) => solveOne(f, n, rights[i]!, k));
  const x = joined(solutions, b.shape);
  return record('solve', x, [a, b], [a, x], (g, [forA]) => {
    const forRight = solveTensor(a, g, !transposed, factors);
    if (!forA) return [null, forRight];
    // The gradient of Aᵀ is the transposed one.
    const forLeft = transposed ? matmul(x, forRight, { transB: true }) : matmul(forRight, x, { transB: true });
    return [forLeft.neg(), forRight];
  });
}

/** The factors of each matrix; throws if one is singular or nearly so. */
function factorsOf(owner: string, remedy: string, a: Tensor): LuFactors[] {
  const n = a.shape[a.ndim - 1]!;
  return matricesOf(a).map((matrix, i) => {
    const f = lu(matrix, n);
    if (f.singular) {
      let pivot = 0;
      while (f.lu[pivot * n + pivot] !== 0) pivot++;
      throw new DataError(`${owner}: ${partOf('a', a, i)} is singular (pivot ${pivot} is 0); ${remedy}`);
    }
    const condition = reciprocalCondition(matrix, n, f);
    if (condition < LEAST_CONDITION) {
      throw new DataError(
        `${owner}: ${partOf('a', a, i)} is singular to working precision (its reciprocal condition is ${condition.toPrecision(2)}); ${remedy}`,
      );
    }
    return f;
  });
}
