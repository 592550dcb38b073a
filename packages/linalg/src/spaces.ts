import { checkKnown, checkNumber } from '@maru-ml/base';
import { fromTypedArray, type Tensor } from '@maru-ml/tensor';
import { fullSvd, svd } from './dense/svd.ts';
import { givenMatrix, type MatrixInput, numbers, restore } from './input.ts';

export interface SpaceOptions {
  /** Singular values up to this times the largest count as 0; max(m, n) · 2⁻⁵². */
  rcond?: number;
}

/**
 * An orthonormal basis of the null space { x : A x = 0 }, by the singular value decomposition. Without gradients.
 *
 * @param a [m, n]
 * @returns [n, n - rank], null if there is no vector but 0
 * @throws ShapeError, DataError, OptionError
 */
export function nullSpace(a: MatrixInput, options: SpaceOptions = {}): Tensor | null {
  const { data, m, n, rcond, given } = checked('nullSpace', a, options);
  const { s, vt } = fullSvd(data, m, n);
  const rank = rankOf(s, rcond);
  if (rank === n) return null;
  const out = new Float64Array(n * (n - rank));
  for (let j = rank; j < n; j++) for (let i = 0; i < n; i++) out[i * (n - rank) + j - rank] = vt[j * n + i]!;
  return restore(fromTypedArray(out, [n, n - rank]), given);
}

/**
 * An orthonormal basis of the range { A x }, by the singular value decomposition. Without gradients.
 *
 * @param a [m, n]
 * @returns [m, rank], null for a matrix of zeros
 * @throws ShapeError, DataError, OptionError
 */
export function orth(a: MatrixInput, options: SpaceOptions = {}): Tensor | null {
  const { data, m, n, rcond, given } = checked('orth', a, options);
  const { u, s } = svd(data, m, n);
  const rank = rankOf(s, rcond);
  if (rank === 0) return null;
  const out = new Float64Array(m * rank);
  for (let i = 0; i < m; i++) for (let j = 0; j < rank; j++) out[i * rank + j] = u[i * s.length + j]!;
  return restore(fromTypedArray(out, [m, rank]), given);
}

function checked(owner: string, a: MatrixInput, options: SpaceOptions) {
  checkKnown(owner, options, ['rcond']);
  const given = givenMatrix(owner, 'a', a);
  const [m, n] = given.x.shape as [number, number];
  const epsilon = given.dtype === 'float32' ? 2 ** -23 : Number.EPSILON;
  const rcond = checkNumber(owner, 'rcond', options.rcond ?? Math.max(m, n) * epsilon, { min: 0 });
  return { data: numbers(given.x), m, n, rcond, given };
}

function rankOf(s: Float64Array, rcond: number): number {
  let rank = 0;
  while (rank < s.length && s[rank]! > rcond * s[0]!) rank++;
  return rank;
}
