import { drawNormal, type RandomStream, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import type { Matrix, SparseRows } from '@maru-ml/tensor';
import { cholesky } from '../dense/cholesky.ts';
import { qrSteps } from '../dense/qr.ts';
import { svdSteps } from '../dense/svd.ts';
import { transposed } from '../dense/transpose.ts';
import { solveLower } from '../dense/triangular.ts';
import { blockOf, shiftRows } from './linear-map.ts';

/** A matrix A [n, d] of which only products with narrow matrices are wanted. */
export interface Products {
  readonly rows: number;
  readonly columns: number;
  /** A q [n, k] of q [d, k], in `out`. */
  times(q: Float64Array, k: number, out: Float64Array): Steps<void>;
  /** Aᵀ y [d, k] of y [n, k], in `out`. */
  transposedTimes(y: Float64Array, k: number, out: Float64Array): Steps<void>;
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
  { nIter, nOversamples, random }: { nIter: number; nOversamples: number; random: RandomStream },
): Steps<LeadingVectors> {
  const { rows: n, columns: d } = a;
  const width = Math.min(k + nOversamples, n, d);
  // Start on the narrow side: the basis that is found is that of the columns of the tall one of A and Aᵀ.
  const tall = n >= d;
  const [long, short] = [Math.max(n, d), Math.min(n, d)];
  const q = Float64Array.from({ length: short * width }, () => drawNormal(random));
  const y = new Float64Array(long * width);
  const forth = () => (tall ? a.times(q, width, y) : a.transposedTimes(q, width, y));
  const back = () => (tall ? a.transposedTimes(y, width, q) : a.times(y, width, q));

  for (let t = 0; t < nIter; t++) {
    yield* forth();
    yield* keepApart(y, long, width);
    yield* back();
    yield* keepApart(q, short, width);
  }
  yield* forth();
  yield* orthonormalize(y, long, width);
  yield* back();
  // Bᵀ = (Qᵀ A)ᵀ for the tall one: [short, width].
  const small = yield* svdSteps(q, short, width);
  const { s } = small;
  const vt = new Float64Array(k * d);
  // Bᵀ = U S Wᵀ, so the tall one is (Q W) S Uᵀ.
  if (tall) {
    for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) vt[c * d + j] = small.u[j * width + c]!;
  } else {
    const turned = new Float64Array(d * width);
    matmul(y, small.vt, turned, { m: d, n: width, k: width, transB: true });
    vt.set(transposed(turned, d, width).subarray(0, k * d));
  }
  return { s: s.slice(0, k), vt };
}

/**
 * Puts columns [n, k] of the same span, kept apart, in the place of `y`: by the Cholesky factor of their products, which is quick and nearly
 * orthonormal, and by Householder reflections where they nearly depend on each other.
 */
function* keepApart(y: Float64Array, n: number, k: number): Steps<void> {
  const products = new Float64Array(k * k);
  const parts = blocksOf(y, n, k, Math.min(1024, Math.max(2 ** 13 / k, n / 16)));
  for (const part of parts) {
    matmul(part, part, products, { m: k, n: k, k: part.length / k, transA: true, accumulate: true });
    yield;
  }
  const l = cholesky(products, k);
  const apart = (j: number) => l![j * k + j]! ** 2 > 1e-8 * products[j * k + j]!;
  if (l === null || !Array.from({ length: k }, (_, j) => apart(j)).every(Boolean)) {
    yield* orthonormalize(y, n, k);
    return;
  }
  const identity = new Float64Array(k * k);
  for (let j = 0; j < k; j++) identity[j * k + j] = 1;
  const inverse = solveLower(l, k, identity, k);
  for (const part of parts) {
    part.set(times(part, inverse, k, true));
    yield;
  }
}

/**
 * Puts orthonormal columns [n, k] of the same span in the place of `y`: each block of rows is decomposed, Yᵢ = Qᵢ Rᵢ, then the Rᵢ below
 * one another, R = P S, and Qᵢ Pᵢ are the rows of Q. Of the long columns no copy is made.
 *
 * J. Demmel, L. Grigori, M. Hoemmen and J. Langou, "Communication-optimal parallel and sequential QR and LU factorizations", SIAM
 * J. Sci. Comput. 34 (2012).
 */
function* orthonormalize(y: Float64Array, n: number, k: number): Steps<void> {
  // A block of a small y is a small part of it: of √(n k) rows, as large as the triangles of all blocks together.
  const parts = blocksOf(y, n, k, Math.min(1024, Math.max(2 ** 12 / k, Math.sqrt(n * k))));
  const stack = new Float64Array(parts.length * k * k);
  for (const [i, part] of parts.entries()) {
    const { q, r } = yield* qrSteps(part, part.length / k, k);
    part.set(q);
    stack.set(r, i * k * k);
    yield;
  }
  if (parts.length === 1) return;
  const { q: turns } = yield* qrSteps(stack, parts.length * k, k);
  for (const [i, part] of parts.entries()) {
    part.set(times(part, turns.subarray(i * k * k, (i + 1) * k * k), k, false));
    yield;
  }
}

/** Rows of y [n, k] in blocks of so many and more, each of many more rows than columns. */
function blocksOf(y: Float64Array, n: number, k: number, rows: number): Float64Array[] {
  const count = Math.max(1, Math.floor(n / Math.max(8 * k, rows)));
  const from = (i: number) => Math.floor((n * i) / count) * k;
  return Array.from({ length: count }, (_, i) => y.subarray(from(i), from(i + 1)));
}

/** Rows [., k] times a matrix [k, k]. */
function times(rows: Float64Array, matrix: Float64Array, k: number, transB: boolean): Float64Array {
  const out = new Float64Array(rows.length);
  matmul(rows, matrix, out, { m: rows.length / k, n: k, k, transB });
  return out;
}

/** The products of rows less `shift`, taken a block at a time. */
export function denseProducts({ data, rows: n, columns: d }: Matrix, shift: Float64Array | null): Products {
  const most = blockOf(n, d);
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
    *times(q, k, out) {
      for (const [from, count] of blocks()) {
        matmul(block, q, out.subarray(from * k, (from + count) * k), { m: count, n: k, k: d });
        yield;
      }
    },
    *transposedTimes(y, k, out) {
      out.fill(0);
      for (const [from, count] of blocks()) {
        const part = y.subarray(from * k, (from + count) * k);
        matmul(block, part, out, { m: d, n: k, k: count, transA: true, accumulate: true });
        yield;
      }
    },
  };
}

/** The products of sparse rows. */
export function sparseProducts({ data, indices, indptr, shape: [n, d] }: SparseRows): Products {
  return {
    rows: n,
    columns: d,
    *times(q, k, out) {
      out.fill(0);
      for (let i = 0; i < n; i++) {
        for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
          const [value, from] = [data[at]!, indices[at]! * k];
          for (let c = 0; c < k; c++) out[i * k + c]! += value * q[from + c]!;
        }
        if (i % 1024 === 1023) yield;
      }
    },
    *transposedTimes(y, k, out) {
      out.fill(0);
      for (let i = 0; i < n; i++) {
        for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
          const [value, to] = [data[at]!, indices[at]! * k];
          for (let c = 0; c < k; c++) out[to + c]! += value * y[i * k + c]!;
        }
        if (i % 1024 === 1023) yield;
      }
    },
  };
}
