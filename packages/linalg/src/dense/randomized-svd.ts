import { matmul } from '@maru-ml/kernels/blas';
import { qr } from './qr.ts';
import { type SvdFactors, svd } from './svd.ts';
import { transposed } from './transpose.ts';

/** A matrix by what it does to others, for sparse rows and matrices that are never written out. */
export interface Multiplier {
  /** A x [m, k] for x [n, k]. */
  multiply(x: Float64Array, k: number): Float64Array;
  /** Aᵀ y [n, k] for y [m, k]. */
  multiplyTransposed(y: Float64Array, k: number): Float64Array;
}

/** A source of normal deviates, such as `Random` of `@maru-ml/base`. */
export interface NormalSource {
  normal(): number;
}

export interface RandomizedSvdOptions {
  /** Random vectors beyond k; 10. */
  nOversamples?: number;
  /** Power iterations; 'auto': 7 where k is less than a tenth of the smaller side, else 4. */
  nIter?: number | 'auto';
  /** What keeps the vectors apart between iterations; 'auto': 'none' for up to 2 iterations, else 'LU'. */
  powerIterationNormalizer?: 'auto' | 'QR' | 'LU' | 'none';
}

/**
 * The k largest singular values with their vectors, nearly: the matrix is projected on the range of its product with random
 * vectors, sharpened by power iterations. Cost: 2 m n (k + nOversamples) for each of 2 nIter + 2 products.
 * N. Halko, P.-G. Martinsson and J. Tropp, "Finding structure with randomness", SIAM Review 53 (2011); names and defaults
 * are those of scikit-learn's `randomized_svd`.
 *
 * @param a [m, n], or what multiplies like it
 * @returns u [m, k], s [k] descending, vt [k, n]; k is at most min(m, n)
 */
export function randomizedSvd(
  a: Float64Array | Multiplier,
  m: number,
  n: number,
  k: number,
  random: NormalSource,
  { nOversamples = 10, nIter = 'auto', powerIterationNormalizer = 'auto' }: RandomizedSvdOptions = {},
): SvdFactors {
  const matrix = a instanceof Float64Array ? multiplierOf(a, m, n) : a;
  if (m < n) {
    // Fewer random numbers for the shorter side.
    const flipped = { multiply: matrix.multiplyTransposed, multiplyTransposed: matrix.multiply };
    const options = { nOversamples, nIter, powerIterationNormalizer };
    const { u, s, vt } = randomizedSvd(bound(flipped, matrix), n, m, k, random, options);
    const size = s.length;
    return { u: transposed(vt, size, m), s, vt: transposed(u, n, size) };
  }
  const size = Math.min(k + nOversamples, n);
  const wanted = Math.min(k, n);
  const iterations = nIter === 'auto' ? (k < 0.1 * n ? 7 : 4) : nIter;
  const normalizer = powerIterationNormalizer === 'auto' ? (iterations <= 2 ? 'none' : 'LU') : powerIterationNormalizer;

  let x = Float64Array.from({ length: n * size }, () => random.normal());
  for (let i = 0; i < iterations; i++) {
    const y = normalized(matrix.multiply(x, size), m, size, normalizer);
    x = Float64Array.from(normalized(matrix.multiplyTransposed(y, size), n, size, normalizer));
  }
  const { q } = qr(matrix.multiply(x, size), m, size);
  // Qᵀ A, by its transpose.
  const inner = svd(matrix.multiplyTransposed(q, size), n, size);
  const u = new Float64Array(m * wanted);
  if (u.length > 0) matmul(q, inner.vt, u, { m, n: wanted, k: size, transB: true });
  const right = transposed(inner.u, n, size);
  return { u, s: inner.s.slice(0, wanted), vt: right.slice(0, wanted * n) };
}

function multiplierOf(a: Float64Array, m: number, n: number): Multiplier {
  return {
    multiply: (x, k) => {
      const out = new Float64Array(m * k);
      if (out.length > 0) matmul(a, x, out, { m, n: k, k: n });
      return out;
    },
    multiplyTransposed: (y, k) => {
      const out = new Float64Array(n * k);
      if (out.length > 0) matmul(a, y, out, { m: n, n: k, k: m, transA: true });
      return out;
    },
  };
}

function bound(flipped: Multiplier, matrix: Multiplier): Multiplier {
  return {
    multiply: (x, k) => flipped.multiply.call(matrix, x, k),
    multiplyTransposed: (y, k) => flipped.multiplyTransposed.call(matrix, y, k),
  };
}

/** Other columns of the same span, if not of the same length. */
function normalized(y: Float64Array, m: number, k: number, normalizer: 'QR' | 'LU' | 'none'): Float64Array {
  if (normalizer === 'none') return y;
  if (normalizer === 'QR') return qr(y, m, k).q;
  return lowerFactor(y, m, k);
}

/** Pᵀ L of a tall matrix: Gaussian elimination that leaves the rows in their places. */
function lowerFactor(y: Float64Array, m: number, k: number): Float64Array {
  const l = y.slice();
  const done = new Uint8Array(m);
  for (let j = 0; j < k; j++) {
    let best = -1;
    for (let i = 0; i < m; i++) {
      if (done[i] === 0 && (best < 0 || Math.abs(l[i * k + j]!) > Math.abs(l[best * k + j]!))) best = i;
    }
    const pivot = l[best * k + j]!;
    done[best] = 1;
    for (let i = 0; i < m; i++) {
      if (done[i] === 1) continue;
      const factor = pivot === 0 ? 0 : l[i * k + j]! / pivot;
      l[i * k + j] = factor;
      if (factor === 0) continue;
      for (let c = j + 1; c < k; c++) l[i * k + c]! -= factor * l[best * k + c]!;
    }
    // The row of the pivot is a row of L from here on: one on the diagonal, zeros after it.
    l[best * k + j] = 1;
    for (let c = j + 1; c < k; c++) l[best * k + c] = 0;
  }
  return l;
}
