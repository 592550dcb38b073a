import { checkBoolean, checkKnown, DataError } from '@maru-ml/base';
import { eye, matmul, record, type Tensor, transpose, unsqueeze } from '@maru-ml/tensor';
import { fullSvd, svdValues, svd as thinSvd } from './dense/svd.ts';
import { givenMatrix, joined, type MatrixInput, matricesOf, partOf, restore } from './input.ts';

/** A = U diag(s) Vᵀ. */
export interface Svd {
  /** Orthonormal left singular vectors in the columns [..., m, k], k = min(m, n); [..., m, m] for `fullMatrices`. */
  readonly u: Tensor;
  /** The singular values, descending [..., k]. */
  readonly s: Tensor;
  /** Orthonormal right singular vectors in the rows [..., k, n]; [..., n, n] for `fullMatrices`. */
  readonly vt: Tensor;
}

export interface SvdOptions {
  /** Complete U and Vᵀ to square matrices: the further vectors span the null spaces; false (in NumPy: true). */
  fullMatrices?: boolean;
}

/**
 * The singular value decomposition, by reduction to a bidiagonal matrix and divide and conquer. Gradients flow to the values
 * always, to the vectors where all values are different and not 0, to none of them with `fullMatrices`. Signs of pairs of
 * vectors are arbitrary. Cost: about 20 n³ for a square matrix, 6 m n² for a tall one.
 *
 * @param a [..., m, n]
 * @throws ShapeError, DataError; DataError when run backward through vectors of equal values or of 0
 */
export function svd(a: MatrixInput, options: SvdOptions = {}): Svd {
  checkKnown('svd', options, ['fullMatrices']);
  const full = checkBoolean('svd', 'fullMatrices', options.fullMatrices ?? false);
  const given = givenMatrix('svd', 'a', a, true);
  const { x } = given;
  const { lead, m, n } = sizesOf(x);
  const k = Math.min(m, n);
  const found = matricesOf(x).map((matrix) => (full ? fullSvd : thinSvd)(matrix, m, n));
  const [u, s, vt] = [
    joined(
      found.map((f) => f.u),
      [...lead, m, full ? m : k],
    ),
    joined(
      found.map((f) => f.s),
      [...lead, k],
    ),
    joined(
      found.map((f) => f.vt),
      [...lead, full ? n : k, n],
    ),
  ];
  if (!full) recordSvd(x, u, s, vt);
  return { u: restore(u, given), s: restore(s, given), vt: restore(vt, given) };
}

/** The singular values alone, descending [..., min(m, n)]. Gradients flow. Cost: 4 m n², with gradients that of `svd`. */
export function svdvals(a: MatrixInput): Tensor {
  const given = givenMatrix('svdvals', 'a', a, true);
  const { lead, m, n } = sizesOf(given.x);
  if (given.x.requiresGrad) return svd(a).s;
  const found = matricesOf(given.x).map((matrix) => svdValues(matrix, m, n));
  return restore(joined(found, [...lead, Math.min(m, n)]), given);
}

/**
 * Notes how the three came from a. With E[i, j] = s_j² - s_i² and skew(X) = X - Xᵀ the gradient is
 * U (diag(gₛ) + (skew(Uᵀ Gᵤ) / E) S + S (skew(Vᵀ Gᵥ) / E)) Vᵀ, with what Gᵤ and Gᵥ have outside of the spans of U and V divided
 * by S. J. Townsend, "Differentiating the singular value decomposition" (2016); Z.-Q. Wan and S.-X. Zhang, arXiv:1909.02659.
 */
function recordSvd(a: Tensor, u: Tensor, s: Tensor, vt: Tensor): void {
  const { m, n } = sizesOf(a);
  const k = Math.min(m, n);
  const unit = eye(k, { dtype: 'float64' });
  const row = () => unsqueeze(s, -2);
  const column = () => unsqueeze(s, -1);
  const skewOver = (x: Tensor) => {
    checkDistinct(a, s);
    const squares = row().mul(row()).sub(column().mul(column())).add(unit);
    return x.sub(transpose(x)).div(squares);
  };
  record('svdValues', s, [a], [u, vt], (g) => [matmul(u.mul(unsqueeze(g, -2)), vt)]);
  record('svdLeft', u, [a], [u, s, vt], (g) => {
    const inside = matmul(u, g, { transA: true });
    let gradient = matmul(matmul(u, skewOver(inside).mul(row())), vt);
    if (m > k) gradient = gradient.add(matmul(g.sub(matmul(u, inside)).div(row()), vt));
    return [gradient];
  });
  record('svdRight', vt, [a], [u, s, vt], (g) => {
    const inside = matmul(vt, g, { transB: true });
    let gradient = matmul(u, matmul(skewOver(inside).mul(column()), vt));
    if (n > k) {
      const outside = g.sub(matmul(inside, vt, { transA: true }));
      gradient = gradient.add(matmul(u, outside.div(column())));
    }
    return [gradient];
  });
}

function checkDistinct(a: Tensor, s: Tensor): void {
  for (const [at, known] of matricesOf(unsqueeze(s, -2)).entries()) {
    const of = a.ndim === 2 ? '' : ` of ${partOf('a', a, at)}`;
    for (let i = 0; i < known.length; i++) {
      if (known[i] === 0) throw new DataError(`svd: singular value ${i}${of} is 0, so its vectors have no gradient`);
      if (i > 0 && known[i] === known[i - 1]) {
        throw new DataError(
          `svd: singular values ${i - 1} and ${i}${of} are equal (${known[i]}), so their vectors have no gradient`,
        );
      }
    }
  }
}

function sizesOf({ shape }: Tensor): { lead: readonly number[]; m: number; n: number } {
  return { lead: shape.slice(0, -2), m: shape[shape.length - 2]!, n: shape[shape.length - 1]! };
}
