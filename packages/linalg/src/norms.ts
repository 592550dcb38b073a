import { checkKnown, checkNumber, checkOneOf } from '@maru-ml/base';
import { abs, fromTypedArray, max, min, norm, sum, type Tensor, unsqueeze } from '@maru-ml/tensor';
import { lu, luSolve } from './dense/lu.ts';
import { largestSize, unitScale } from './dense/scale.ts';
import { svdValues } from './dense/svd.ts';
import { givenMatrix, givenSquare, type MatrixInput, matricesOf, numbers, restore } from './input.ts';
import { svdvals } from './svd.ts';

/**
 * Which norm of a matrix: 'fro' the root of the sum of squares, 'nuc' the sum of the singular values, 2 and -2 the largest and the
 * smallest of them, 1 and -1 the largest and the smallest column sum of sizes, Infinity and -Infinity the same of rows.
 */
export type MatrixNorm = 'fro' | 'nuc' | number;

const NORMS = ['fro', 'nuc', 1, -1, 2, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;

/**
 * A norm of a matrix (for those of vectors see `norm` of `@maru-ml/tensor`). Gradients flow. Cost: m n, but that of `svd` for
 * 'nuc' and ±2.
 *
 * @param a [..., m, n]
 * @returns [...]
 * @throws ShapeError, DataError, OptionError
 */
export function matrixNorm(a: MatrixInput, ord: MatrixNorm = 'fro'): Tensor {
  checkOneOf<string | number>('matrixNorm', 'ord', ord, NORMS);
  const given = givenMatrix('matrixNorm', 'a', a, true);
  const { x } = given;
  if (ord === 'fro') {
    // By a power of two for each matrix, so that squares stay in the range.
    const scales = Float64Array.from(matricesOf(x), (matrix) => unitScale(largestSize(matrix)));
    const scale = fromTypedArray(scales, x.shape.slice(0, -2));
    return restore(norm(x.mul(unsqueeze(unsqueeze(scale, -1), -1)), 2, [-2, -1]).div(scale), given);
  }
  if (ord === 'nuc') return restore(sum(svdvals(x), -1), given);
  const extreme = ord > 0 ? max : min;
  if (ord === 2 || ord === -2) return restore(extreme(svdvals(x), -1), given);
  return restore(extreme(sum(abs(x), Math.abs(ord) === 1 ? -2 : -1), -1), given);
}

/**
 * The condition number ‖A‖ ‖A⁻¹‖: how much a relative error of b can grow in the solution of A x = b. Infinity for a singular
 * matrix.
 *
 * @param a [n, n], or [m, n] for p = ±2, where it is the ratio of the extreme singular values
 * @param p the norm; 2
 * @throws ShapeError, DataError, OptionError
 */
export function cond(a: MatrixInput, p: MatrixNorm = 2): number {
  checkOneOf<string | number>('cond', 'p', p, NORMS);
  if (p === 2 || p === -2) {
    const { x } = givenMatrix('cond', 'a', a);
    const [m, n] = x.shape as [number, number];
    const s = svdValues(numbers(x), m, n);
    const [largest, smallest] = [s[0]!, s[s.length - 1]!];
    if (smallest === 0) return p === 2 ? Number.POSITIVE_INFINITY : 0;
    return p === 2 ? largest / smallest : smallest / largest;
  }
  const { x } = givenSquare('cond', 'a', a);
  const n = x.shape[0]!;
  const data = numbers(x);
  const factors = lu(data, n);
  if (factors.singular) return Number.POSITIVE_INFINITY;
  const unit = new Float64Array(n * n);
  for (let i = 0; i < n; i++) unit[i * n + i] = 1;
  const inverse = { data: luSolve(factors, n, unit, n), shape: [n, n] };
  if (!inverse.data.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  return matrixNorm({ data, shape: [n, n] }, p).item() * matrixNorm(inverse, p).item();
}

export interface MatrixRankOptions {
  /** Singular values up to this count as 0; max(m, n) · 2⁻⁵² times the largest. */
  tol?: number;
}

/**
 * The number of singular values that are not negligible. Cost: that of `svdvals`.
 *
 * @param a [m, n]
 * @throws ShapeError, DataError, OptionError
 */
export function matrixRank(a: MatrixInput, options: MatrixRankOptions = {}): number {
  checkKnown('matrixRank', options, ['tol']);
  const given = givenMatrix('matrixRank', 'a', a);
  const [m, n] = given.x.shape as [number, number];
  const s = svdValues(numbers(given.x), m, n);
  // What float32 has rounded is not to be counted.
  const epsilon = given.dtype === 'float32' ? 2 ** -23 : Number.EPSILON;
  const { tol = Math.max(m, n) * epsilon * s[0]! } = options;
  checkNumber('matrixRank', 'tol', tol, { min: 0 });
  return s.reduce((count, value) => count + (value > tol ? 1 : 0), 0);
}
