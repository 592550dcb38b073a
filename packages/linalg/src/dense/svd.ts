import { runSteps, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { bidiagonalBlock, bidiagonalWork } from './bidiagonal.ts';
import { bidiagonalDivide } from './bidiagonal-dc.ts';
import { bidiagonalQrSteps } from './bidiagonal-qr.ts';
import { fullQr, qrSteps, upperFactorSteps } from './qr.ts';
import { applyInStrips, BLOCK, reflectorsWork } from './reflector.ts';
import { unitMatrix } from './scale.ts';
import { transposed } from './transpose.ts';
import { pausingWorkspace } from './workspace.ts';

/** A = U diag(s) Vᵀ. */
export interface SvdFactors {
  /** Orthonormal left singular vectors in the columns [m, k], k = min(m, n). */
  readonly u: Float64Array;
  /** The singular values, descending [k]. */
  readonly s: Float64Array;
  /** Orthonormal right singular vectors in the rows [k, n]. */
  readonly vt: Float64Array;
}

/** From how many rows a column on it pays to reduce a tall matrix to a square one first. */
const TALL = 1.6;

/**
 * The thin singular value decomposition.
 * @param a [m, n]
 */
export function svd(a: Float64Array, m: number, n: number): SvdFactors {
  return runSteps(svdSteps(a, m, n));
}

/** The same in steps, of some ten million multiplications each up to n = 500. */
export function* svdSteps(a: Float64Array, m: number, n: number): Steps<SvdFactors> {
  if (m < n) {
    const { u, s, vt } = yield* svdSteps(transposed(a, m, n), n, m);
    return { u: transposed(vt, m, m), s, vt: transposed(u, n, m) };
  }
  const { matrix, unscale } = unitMatrix(a);
  const { u, s, vt } = yield* m > TALL * n ? tallSvd(matrix, m, n) : squareSvd(matrix, m, n);
  return { u, s: unscale(s), vt };
}

/** By way of the triangle of the QR decomposition. */
function* tallSvd(a: Float64Array, m: number, n: number): Steps<SvdFactors> {
  const { q, r } = yield* qrSteps(a, m, n);
  const inner = yield* squareSvd(r, n, n);
  const u = new Float64Array(m * n);
  if (n > 0) matmul(q, inner.u, u, { m, n, k: n });
  return { u, s: inner.s, vt: inner.vt };
}

/** Of a matrix with m ≥ n, its largest number of size 1 or so. */
function* squareSvd(a: Float64Array, m: number, n: number): Steps<SvdFactors> {
  const square = n * n;
  const room = Math.max(bidiagonalWork(m, n), reflectorsWork(n));
  const sizes = [m * n, n * m, square, n * m, square, square, square, square, n, n, room] as const;
  return yield* pausingWorkspace(sizes, function* (arrays) {
    arrays()[0].set(a.subarray(0, m * n));
    const d = new Float64Array(n);
    const e = new Float64Array(n);
    yield* bidiagonalize(m, n, d, e, () => {
      const [matrix, v, u, , , , , , tausV, tausU, work] = arrays();
      return { matrix, v, u, tausV, tausU, work };
    });
    const [, , , unitLeft, unitRight] = arrays();
    for (let i = 0; i < n; i++) unitLeft[i * m + i] = unitRight[i * n + i] = 1;
    yield* bidiagonalDivide(d, e, n, m, n, () => {
      const [gathered, , , u, v, sU, sV, out] = arrays();
      return { u, v, sU, sV, gathered, out };
    });
    yield* applyInStrips(m, n, m, n, m, 0, () => {
      const [, v, , z, , , , , taus, , work] = arrays();
      return { z, v, taus, work };
    });
    yield* applyInStrips(n, n, n, n - 1, n, 1, () => {
      const [, , v, , z, , , , , taus, work] = arrays();
      return { z, v, taus, work };
    });
    // The largest first.
    const [, , , left, right] = arrays();
    const vt = new Float64Array(square);
    for (let i = 0; i < n; i++) vt.set(right.subarray(i * n, (i + 1) * n), (n - 1 - i) * n);
    return { u: reversedColumns(left, m, n), s: d.reverse(), vt };
  });
}

/** All blocks of `bidiagonalBlock`. @param arrays asked for anew after each pause */
function* bidiagonalize(
  m: number,
  n: number,
  d: Float64Array,
  e: Float64Array,
  arrays: () => Record<'matrix' | 'v' | 'u' | 'tausV' | 'tausU' | 'work', Float64Array>,
): Steps<void> {
  for (let from = 0; from < n; from += BLOCK) {
    if (n > BLOCK) yield;
    const { matrix, v, u, tausV, tausU, work } = arrays();
    bidiagonalBlock(from, matrix, m, n, v, u, tausV, tausU, d, e, work);
  }
  if (n > BLOCK) yield;
}

/** The columns [m, n] whose rows stand in `ut`, the last first. */
function reversedColumns(ut: Float64Array, m: number, n: number): Float64Array {
  const rows = new Float64Array(n * m);
  for (let i = 0; i < n; i++) rows.set(ut.subarray(i * m, (i + 1) * m), (n - 1 - i) * m);
  return transposed(rows, n, m);
}

/** The singular values alone, descending [min(m, n)]. Cost: 4 m n². */
export function svdValues(a: Float64Array, m: number, n: number): Float64Array {
  return runSteps(svdValuesSteps(a, m, n));
}

/** The same in steps. */
export function* svdValuesSteps(a: Float64Array, m: number, n: number): Steps<Float64Array> {
  if (m < n) return yield* svdValuesSteps(transposed(a, m, n), n, m);
  const unit = unitMatrix(a);
  const tall = m > TALL * n;
  const rows = tall ? n : m;
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  const square = tall ? yield* upperFactorSteps(unit.matrix, m, n) : unit.matrix;
  const sizes = [rows * n, n * rows, n * n, n, n, bidiagonalWork(rows, n)] as const;
  yield* pausingWorkspace(sizes, function* (arrays) {
    arrays()[0].set(square);
    yield* bidiagonalize(rows, n, d, e, () => {
      const [matrix, v, u, tausV, tausU, work] = arrays();
      return { matrix, v, u, tausV, tausU, work };
    });
  });
  yield* bidiagonalQrSteps(d, e, 0, n, null, null);
  return unit.unscale(d).sort((x, y) => y - x);
}

/** The decomposition with all of U [m, m] and Vᵀ [n, n]: the further vectors span the null spaces of Aᵀ and A. */
export function fullSvd(a: Float64Array, m: number, n: number): SvdFactors {
  const thin = svd(a, m, n);
  const k = Math.min(m, n);
  return {
    u: m > k ? completed(thin.u, m, k) : thin.u,
    s: thin.s,
    vt: n > k ? transposed(completed(transposed(thin.vt, k, n), n, k), n, n) : thin.vt,
  };
}

/** Orthonormal columns [m, k] with m - k more that are orthogonal to them. */
function completed(q: Float64Array, m: number, k: number): Float64Array {
  const all = fullQr(q, m, k).q;
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) all[i * m + j] = q[i * k + j]!;
  return all;
}
