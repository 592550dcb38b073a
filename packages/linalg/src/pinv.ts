import { checkKnown, checkNumber } from '@maru-ml/base';
import { matmul, record, type Tensor, transpose } from '@maru-ml/tensor';
import { pseudoInverse } from './dense/pseudo-inverse.ts';
import { givenMatrix, joined, type MatrixInput, matricesOf, restore } from './input.ts';

export interface PinvOptions {
  /** Singular values up to this times the largest count as 0; max(m, n) · 2⁻⁵². */
  rcond?: number;
}

/**
 * The Moore-Penrose inverse A⁺, by the singular value decomposition. Gradients flow, as long as the rank does not change. Cost:
 * that of `svd`.
 *
 * G. Golub and V. Pereyra, SIAM J. Numer. Anal. 10 (1973).
 *
 * @param a [..., m, n]
 * @returns [..., n, m]
 * @throws ShapeError, DataError, OptionError
 */
export function pinv(a: MatrixInput, options: PinvOptions = {}): Tensor {
  checkKnown('pinv', options, ['rcond']);
  if (options.rcond !== undefined) checkNumber('pinv', 'rcond', options.rcond, { min: 0 });
  const given = givenMatrix('pinv', 'a', a, true);
  return restore(pinvTensor(given.x, options.rcond), given);
}

/** dA = -Pᵀ G Pᵀ + (I - A P) Gᵀ P Pᵀ + Pᵀ P Gᵀ (I - P A) for P = A⁺. */
function pinvTensor(a: Tensor, rcond: number | undefined): Tensor {
  const [m, n] = a.shape.slice(-2) as [number, number];
  const inverses = matricesOf(a).map((matrix) => pseudoInverse(matrix, m, n, rcond));
  const p = joined(inverses, [...a.shape.slice(0, -2), n, m]);
  return record('pinv', p, [a], [a, p], (g) => {
    const gt = transpose(g);
    const pt = transpose(p);
    const left = matmul(matmul(gt, p), pt);
    const right = matmul(pt, matmul(p, gt));
    const first = matmul(matmul(pt, g), pt).neg();
    const second = left.sub(matmul(a, matmul(p, left)));
    return [first.add(second).add(right.sub(matmul(matmul(right, p), a)))];
  });
}
