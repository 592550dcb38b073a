import { runSteps, type Steps } from '@maru-ml/base';
import { type Matrix, type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';
import { checkDeviations, columnMeans, scatter } from './moments.ts';

/** A shrunk covariance and how much it was shrunk. */
export interface ShrunkCovariance {
  /** [d, d]. */
  covariance: Table;
  /** ρ: from 0, the covariance of the rows, to 1, a multiple of the identity. */
  shrinkage: number;
}

/**
 * The covariance of rows x [n, d], shrunk toward μ I (μ: the mean variance) as far as makes its expected squared error least:
 *
 *   (1 - ρ) S + ρ μ I,  S = Σᵢ zᵢzᵢᵀ / n,  z = x - m,  ρ = min(b², d²) / d²,  d² = ‖S - μ I‖²,  b² = Σᵢ ‖zᵢzᵢᵀ - S‖² / n².
 *
 * It is invertible and well-conditioned where S is not, as with more columns than rows. O(n d²). As scikit-learn's
 * `ledoit_wolf`.
 *
 * O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", Journal of Multivariate
 * Analysis (2004).
 *
 * @throws DataError if x holds missing, infinite, far too large or far too small numbers
 */
export function ledoitWolf(x: MatrixLike): ShrunkCovariance {
  const matrix = toMatrix('ledoitWolf', x);
  const { covariance, shrinkage } = runSteps(ledoitWolfOf('ledoitWolf', matrix as Matrix<Float64Array>));
  return { covariance: new Table(covariance, matrix.columns, matrix.columns), shrinkage };
}

/** The same for checked rows. */
export function* ledoitWolfOf(
  owner: string,
  x: Matrix<Float64Array>,
): Steps<{ covariance: Float64Array; shrinkage: number }> {
  const { rows: n, columns: d } = x;
  const mean = yield* columnMeans(x);
  const s = yield* scatter(x, mean);
  let trace = 0;
  for (let j = 0; j < d; j++) trace += s[j * d + j]!;
  checkDeviations(owner, trace, x.data, d);
  if (trace === 0) return { covariance: s, shrinkage: 0 };
  for (let at = 0; at < s.length; at++) s[at]! /= n;
  const mu = trace / n / d;

  // In units of μ, since fourth powers overflow sooner than squares.
  let spread = 0;
  let size = 0;
  for (let at = 0; at < s.length; at++) {
    const value = s[at]! / mu;
    size += value * value;
    const off = at % (d + 1) === 0 ? value - 1 : value;
    spread += off * off;
  }
  // Σ ‖zᵢzᵢᵀ - S‖² = Σ ‖zᵢ‖⁴ - n ‖S‖².
  let fourths = 0;
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let j = 0; j < d; j++) square += (x.data[i * d + j]! - mean[j]!) ** 2;
    fourths += (square / mu) ** 2;
  }
  const error = (fourths / n - size) / n;
  // One column is a multiple of the identity already.
  const shrinkage = spread === 0 || d === 1 ? 0 : Math.max(0, Math.min(error, spread)) / spread;
  shrink(s, d, shrinkage);
  return { covariance: s, shrinkage };
}

/** S becomes (1 - ρ) S + ρ μ I, with μ the mean of its diagonal. */
export function shrink(s: Float64Array, d: number, rho: number): void {
  let mu = 0;
  for (let j = 0; j < d; j++) mu += s[j * d + j]! / d;
  for (let at = 0; at < s.length; at++) s[at]! *= 1 - rho;
  for (let j = 0; j < d; j++) s[j * d + j]! += rho * mu;
}
