import type { Random, Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import type { Matrix, SparseRows } from '@maru-ml/tensor';
import { cholesky } from '../dense/cholesky.ts';
import { qr } from '../dense/qr.ts';
import { svd } from '../dense/svd.ts';
import { transposed } from '../dense/transpose.ts';
import { solveLower } from '../dense/triangular.ts';
import { shiftRows } from './linear-map.ts';

/** A matrix A [n, d] of which only products with narrow matrices are wanted. */
export interface Products {
  readonly rows: number;
  readonly columns: number;
  /** A q [n, k] of q [d, k]. */
  times(q: Float64Array, k: number): Steps<Float64Array>;
  /** Aᵀ y [d, k] of y [n, k]. */
  transposedTimes(y: Float64Array, k: number): Steps<Float64Array>;
}

/** The largest singular values and right singular vectors. */
export interface LeadingVectors {
  /** [k], descending. */
  s: Float64Array;
  /** [k, d]. */
  vt: Float64Array;
}

/**
 * The k largest singular values of A and their right vectors, approximately: A is multiplied with k + `nOversamples` random
 * columns, `nIter` times with A and Aᵀ in turn, which brings out the large ones, and A is decomposed in the space that they
 * span. Between products the columns are kept apart. O(n d (k + nOversamples) nIter), without a copy of A.
 *
 * N. Halko, P.-G. Martinsson and J. Tropp, "Finding structure with randomness", SIAM Review (2011), algorithms 4.4 and 5.1.
 */
export function* leadingVectors(
  a: Products,
  k: number,
  { nIter, nOversamples, random }: { nIter: number; nOversamples: number; random: Random },
): Steps<LeadingVectors> {
  const { rows: n, columns: d } = a;
  const width = Math.min(k + nOversamples, n, d);
  // Start on the narrow side: the basis that is found is that of the columns of the tall one of A and Aᵀ.
  const tall = n >= d;
  const forth = (q: Float64Array) => (tall ? a.times(q, width) : a.transposedTimes(q, width));
  const back = (q: Float64Array) => (tall ? a.transposedTimes(q, width) : a.times(q, width));
  const [long, short] = [Math.max(n, d), Math.min(n, d)];

  let q: Float64Array = Float64Array.from({ length: short * width }, () => random.normal());
  for (let t = 0; t < nIter; t++) {
    const y = normalized(yield* forth(q), long, width);
    yield;
    q = normalized(yield* back(y), short, width);
    yield;
  }
  const basis = qr(yield* forth(q), long, width).q;
  // Bᵀ = (Qᵀ A)ᵀ for the tall one: [short, width].
  const small = svd(yield* back(basis), short, width);
  const { s } = small;
  const vt = new Float64Array(k * d);
  // Bᵀ = U S Wᵀ, so the tall one is (Q W) S Uᵀ.
  if (tall) {
    for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) vt[c * d + j] = small.u[j * width + c]!;
  } else {
    const turned = new Float64Array(d * width);
    matmul(basis, small.vt, turned, { m: d, n: width, k: width, transB: true });
    vt.set(transposed(turned, d, width).subarray(0, k * d));
  }
  return { s: s.slice(0, k), vt };
}

/**
 * Columns [n, k] of the same span, kept apart: by the Cholesky factor of their products, which is quick and nearly orthonormal, and
 * by Householder reflections where they nearly depend on each other.
 */
function normalized(y: Float64Array, n: number, k: number): Float64Array {
  const products = new Float64Array(k * k);
  matmul(y, y, products, { m: k, n: k, k: n, transA: true });
  const l = cholesky(products, k);
  const apart = (j: number) => l![j * k + j]! ** 2 > 1e-8 * products[j * k + j]!;
  if (l === null || !Array.from({ length: k }, (_, j) => apart(j)).every(Boolean)) return qr(y, n, k).q;
  const identity = new Float64Array(k * k);
  for (let j = 0; j < k; j++) identity[j * k + j] = 1;
  const out = new Float64Array(n * k);
  matmul(y, solveLower(l, k, identity, k), out, { m: n, n: k, k, transB: true });
  return out;
}

/** The products of rows less `shift`, taken a block at a time. */
export function denseProducts({ data, rows: n, columns: d }: Matrix, shift: Float64Array | null): Products {
  const most = Math.max(1, Math.min(n, Math.floor(2 ** 17 / d)));
  const block = new Float64Array(most * d);
  function* blocks(): Generator<[from: number, count: number]> {
    for (let from = 0; from < n; from += most) {
      const count = Math.min(most, n - from);
      shiftRows(data, from, count, d, shift, block);
      yield [from, count];
    }
  }
  return {
    rows: n,
    columns: d,
    *times(q, k) {
      const out = new Float64Array(n * k);
      for (const [from, count] of blocks()) {
        matmul(block, q, out.subarray(from * k, (from + count) * k), { m: count, n: k, k: d });
        yield;
      }
      return out;
    },
    *transposedTimes(y, k) {
      const out = new Float64Array(d * k);
      for (const [from, count] of blocks()) {
        const part = y.subarray(from * k, (from + count) * k);
        matmul(block, part, out, { m: d, n: k, k: count, transA: true, accumulate: true });
        yield;
      }
      return out;
    },
  };
}

/** The products of sparse rows. */
export function sparseProducts({ data, indices, indptr, shape: [n, d] }: SparseRows): Products {
  return {
    rows: n,
    columns: d,
    *times(q, k) {
      const out = new Float64Array(n * k);
      for (let i = 0; i < n; i++) {
        for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
          const [value, from] = [data[at]!, indices[at]! * k];
          for (let c = 0; c < k; c++) out[i * k + c]! += value * q[from + c]!;
        }
        if (i % 1024 === 1023) yield;
      }
      return out;
    },
    *transposedTimes(y, k) {
      const out = new Float64Array(d * k);
      for (let i = 0; i < n; i++) {
        for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
          const [value, to] = [data[at]!, indices[at]! * k];
          for (let c = 0; c < k; c++) out[to + c]! += value * y[i * k + c]!;
        }
        if (i % 1024 === 1023) yield;
      }
      return out;
    },
  };
}
