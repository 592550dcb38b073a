import { checkInteger, checkKnown, checkNumber, checkOneOf } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { type Matrix, type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';
import { svd } from '../dense/svd.ts';

export interface RotationOptions {
  /** Few large loadings in each column, or in each row; 'varimax'. */
  method?: 'varimax' | 'quartimax';
  /** Stop when the criterion grows by less than this share; 1e-6. */
  tol?: number;
  /** The most iterations; 100. */
  maxIter?: number;
}

/**
 * Loadings [d, k] of d variables on k factors, turned by the rotation R that makes them simple to read: it maximizes
 *
 *   varimax:   Σ_c [ Σ_j b⁴_jc - (Σ_j b²_jc)² / d ],    quartimax:  Σ_c Σ_j b⁴_jc,    B = A R,
 *
 * by setting R to the orthogonal factor of the criterion's gradient until it grows no more. The variances of variables
 * do not change, those of factors do. As in scikit-learn, without Kaiser's normalization; but loadings that the steps would
 * leave with a lower criterion stay as they are. An iteration costs O(d k²).
 *
 * H. Kaiser, "The varimax criterion for analytic rotation in factor analysis", Psychometrika (1958).
 *
 * @returns [d, k]
 * @throws OptionError, ShapeError or DataError for options and loadings that have no meaning
 */
export function rotateLoadings(loadings: MatrixLike, options: RotationOptions = {}): Table {
  checkKnown('rotateLoadings', options, ['method', 'tol', 'maxIter']);
  const { method = 'varimax', tol = 1e-6, maxIter = 100 } = options;
  checkOneOf('rotateLoadings', 'method', method, ['varimax', 'quartimax']);
  checkNumber('rotateLoadings', 'tol', tol, { min: 0 });
  checkInteger('rotateLoadings', 'maxIter', maxIter, { min: 1 });
  const { data, rows, columns } = toMatrix('rotateLoadings', loadings, { name: 'loadings' }) as Matrix<Float64Array>;
  return new Table(rotated(data, rows, columns, { method, tol, maxIter }), rows, columns);
}

/** The same for checked loadings. */
export function rotated(
  a: Float64Array,
  d: number,
  k: number,
  { method, tol, maxIter }: Required<RotationOptions>,
): Float64Array {
  // Fourth powers would over- or underflow sooner than loadings do.
  const size = a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (size === 0) return a.slice();
  const unit = a.map((value) => value / size);
  const b = unit.slice();
  const gradient = new Float64Array(k * k);
  const rotation = new Float64Array(k * k);
  let criterion = 0;
  for (let step = 0; step < maxIter; step++) {
    matmul(unit, cubes(b, d, k, method), gradient, { m: k, n: k, k: d, transA: true });
    const { u, s, vt } = svd(gradient, k, k);
    matmul(u, vt, rotation, { m: k, n: k, k });
    matmul(unit, rotation, b, { m: d, n: k, k });
    const grown = s.reduce((sum, value) => sum + value, 0);
    if (criterion !== 0 && grown < criterion * (1 + tol)) break;
    criterion = grown;
  }
  // The criterion is not convex, so that now and then a step goes past a maximum to a lower one.
  if (criterionOf(b, d, k, method) < criterionOf(unit, d, k, method)) return a.slice();
  return b.map((value) => value * size);
}

/** The criterion, of which `cubes` are the gradient: Σ b · b³, for varimax less the squares' means times their sums. */
function criterionOf(b: Float64Array, d: number, k: number, method: 'varimax' | 'quartimax'): number {
  return cubes(b, d, k, method).reduce((sum, cube, at) => sum + cube * b[at]!, 0);
}

/** The gradient of the criterion by B: b³, for varimax less b times the mean square of its column. */
function cubes(b: Float64Array, d: number, k: number, method: 'varimax' | 'quartimax'): Float64Array {
  const means = new Float64Array(k);
  if (method === 'varimax') for (let at = 0; at < b.length; at++) means[at % k]! += (b[at]! * b[at]!) / d;
  return b.map((value, at) => value * value * value - value * means[at % k]!);
}
