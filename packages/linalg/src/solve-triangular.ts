import { checkBoolean, checkKnown, DataError } from '@maru-ml/base';
import { matmul, record, reshape, type Tensor, tril, triu } from '@maru-ml/tensor';
import { solveLower, solveUpper } from './dense/triangular.ts';
import {
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

export interface SolveTriangularOptions {
  /** Take the upper triangle of `a`, else the lower one; to be told, as in PyTorch. */
  upper: boolean;
  /** Take the diagonal as ones; false. */
  unitriangular?: boolean;
}

/**
 * The solution of T X = B for a triangle T; the rest of `a` is not read. Gradients flow to both. Cost: n² k.
 *
 * @param a [..., n, n]
 * @param b [n], or [..., n, k] with the leading axes of `a`; [n] and [n, k] serve all matrices
 * @returns x [..., n] for a vector, else [..., n, k]
 * @throws DataError if the diagonal has a 0; ShapeError, OptionError
 */
export function solveTriangular(a: MatrixInput, b: RightSide, options: SolveTriangularOptions): Tensor {
  const owner = 'solveTriangular';
  checkKnown(owner, options, ['upper', 'unitriangular']);
  const upper = checkBoolean(owner, 'upper', options.upper);
  const unit = checkBoolean(owner, 'unitriangular', options.unitriangular ?? false);
  const left = givenSquare(owner, 'a', a, true);
  const right = givenRightSide(owner, 'b', b, true);
  const { vector, columns } = rightColumns(owner, 'a', left.x, right.x);
  if (!unit) checkDiagonal(owner, 'a', left.x);
  const x = triangularTensor(left.x, columns, { upper, unit, transpose: false });
  return restore(vector ? reshape(x, x.shape.slice(0, -1)) : x, left, right);
}

interface Triangle {
  upper: boolean;
  unit: boolean;
  transpose: boolean;
}

/**
 * X of T X = B, or Tᵀ X = B, without checks. The gradients are those of `solve`, of which only the triangle's part counts.
 * @param a [..., n, n], of float64
 * @param b [..., n, k], of float64
 */
export function triangularTensor(a: Tensor, b: Tensor, triangle: Triangle): Tensor {
  const { upper, unit, transpose } = triangle;
  const n = a.shape[a.ndim - 1]!;
  const k = b.shape[b.ndim - 1]!;
  const rights = matricesOf(b);
  const solveOne = upper ? solveUpper : solveLower;
  const solutions = matricesOf(a).map((matrix, i) => solveOne(matrix, n, rights[i]!, k, { transpose, unit }));
  const x = joined(solutions, b.shape);
  return record('solveTriangular', x, [a, b], [a, x], (g, [forA]) => {
    const forRight = triangularTensor(a, g, { upper, unit, transpose: !transpose });
    if (!forA) return [null, forRight];
    const forLeft = transpose ? matmul(x, forRight, { transB: true }) : matmul(forRight, x, { transB: true });
    const offset = unit ? 1 : 0;
    return [(upper ? triu(forLeft, offset) : tril(forLeft, -offset)).neg(), forRight];
  });
}

/** Throws if a triangle has a 0 on its diagonal. */
export function checkDiagonal(owner: string, name: string, a: Tensor): void {
  const n = a.shape[a.ndim - 1]!;
  for (const [at, data] of matricesOf(a).entries()) {
    for (let i = 0; i < n; i++) {
      if (data[i * (n + 1)] !== 0) continue;
      throw new DataError(`${owner}: ${partOf(name, a, at)} is singular ([${i}, ${i}] is 0); use lstsq`);
    }
  }
}
