import { checkBoolean, checkInteger, checkKnown, checkOneOf, checkSeed, randomFrom, type Seed } from '@maru-ml/base';
import { checkSparse, fromTypedArray, isSparse, type SparseRows } from '@maru-ml/tensor';
import { type Multiplier, randomizedSvd as randomized } from './dense/randomized-svd.ts';
import { givenMatrix, type MatrixInput, numbers, restore } from './input.ts';
import type { Svd } from './svd.ts';

export interface RandomizedSvdOptions {
  /** Random vectors beyond the wanted ones; 10. */
  nOversamples?: number;
  /** Power iterations, which sharpen the result; 'auto': 7 where a tenth of the values or less are wanted, else 4. */
  nIter?: number | 'auto';
  /** What keeps vectors apart between iterations: 'QR', 'LU' (faster) or 'none'; 'auto': 'none' up to 2 iterations, then 'LU'. */
  powerIterationNormalizer?: 'auto' | 'QR' | 'LU' | 'none';
  /** Make the largest component of each left vector positive; true. */
  flipSign?: boolean;
  /** A number or a generator; the next child of the default stream. */
  seed?: Seed;
}

/**
 * The largest singular values with their vectors, nearly: for large matrices of which few are wanted, dense or of sparse rows.
 * Without gradients. Cost: 2 m n (nComponents + nOversamples) for each of 2 nIter + 2 products.
 *
 * N. Halko, P.-G. Martinsson and J. Tropp, "Finding structure with randomness", SIAM Review 53 (2011); names and defaults are
 * those of scikit-learn's `randomized_svd`.
 *
 * @param a [m, n], or sparse rows
 * @param nComponents how many, at most min(m, n)
 * @returns u [m, nComponents], s [nComponents] descending, vt [nComponents, n]
 * @throws OptionError, ShapeError, DataError
 */
export function randomizedSvd(
  a: MatrixInput | SparseRows,
  nComponents: number,
  options: RandomizedSvdOptions = {},
): Svd {
  const owner = 'randomizedSvd';
  checkKnown(owner, options, ['nOversamples', 'nIter', 'powerIterationNormalizer', 'flipSign', 'seed']);
  const { nOversamples = 10, nIter = 'auto', powerIterationNormalizer = 'auto', flipSign = true } = options;
  checkInteger(owner, 'nOversamples', nOversamples, { min: 0 });
  if (nIter !== 'auto') checkInteger(owner, 'nIter', nIter, { min: 0 });
  checkOneOf(owner, 'powerIterationNormalizer', powerIterationNormalizer, ['auto', 'QR', 'LU', 'none']);
  checkBoolean(owner, 'flipSign', flipSign);
  if (options.seed !== undefined) checkSeed(owner, options.seed);
  const given = isSparse(a) ? null : givenMatrix(owner, 'a', a);
  if (isSparse(a)) checkSparse(owner, a);
  const [m, n] = (given === null ? (a as SparseRows).shape : given.x.shape) as [number, number];
  checkInteger(owner, 'nComponents', nComponents, { min: 1, max: Math.min(m, n) });
  const matrix = given === null ? multiplierOf(a as SparseRows) : numbers(given.x);
  const settings = { nOversamples, nIter, powerIterationNormalizer };
  const { u, s, vt } = randomized(matrix, m, n, nComponents, randomFrom(options.seed), settings);
  if (flipSign) flip(u, vt, m, n, nComponents);
  const tensors = {
    u: fromTypedArray(u, [m, nComponents]),
    s: fromTypedArray(s, [nComponents]),
    vt: fromTypedArray(vt, [nComponents, n]),
  };
  if (given === null) return tensors;
  return { u: restore(tensors.u, given), s: restore(tensors.s, given), vt: restore(tensors.vt, given) };
}

function multiplierOf({ data, indices, indptr, shape: [m, n] }: SparseRows): Multiplier {
  return {
    multiply: (x, k) => {
      const out = new Float64Array(m * k);
      for (let i = 0; i < m; i++) {
        for (let p = indptr[i]!; p < indptr[i + 1]!; p++) {
          for (let c = 0, from = indices[p]! * k; c < k; c++) out[i * k + c]! += data[p]! * x[from + c]!;
        }
      }
      return out;
    },
    multiplyTransposed: (y, k) => {
      const out = new Float64Array(n * k);
      for (let i = 0; i < m; i++) {
        for (let p = indptr[i]!; p < indptr[i + 1]!; p++) {
          for (let c = 0, to = indices[p]! * k; c < k; c++) out[to + c]! += data[p]! * y[i * k + c]!;
        }
      }
      return out;
    },
  };
}

function flip(u: Float64Array, vt: Float64Array, m: number, n: number, k: number): void {
  for (let j = 0; j < k; j++) {
    let best = j;
    for (let i = j; i < m * k; i += k) if (Math.abs(u[i]!) > Math.abs(u[best]!)) best = i;
    if (u[best]! >= 0) continue;
    for (let i = j; i < m * k; i += k) u[i] = -u[i]!;
    for (let i = j * n; i < (j + 1) * n; i++) vt[i] = -vt[i]!;
  }
}
