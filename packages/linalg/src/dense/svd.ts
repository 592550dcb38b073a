import { matmul } from '@maru-ml/kernels/blas';
import { bidiagonalize, bidiagonalWork } from './bidiagonal.ts';
import { bidiagonalQr } from './bidiagonal-qr.ts';
import { fullQr, qr } from './qr.ts';
import { applyReflectors, reflectorsWork } from './reflector.ts';
import { largestSize, safeScale } from './scale.ts';
import { transposed } from './transpose.ts';
import { workspace } from './workspace.ts';

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
  if (m < n) {
    const { u, s, vt } = svd(transposed(a, m, n), n, m);
    return { u: transposed(vt, m, m), s, vt: transposed(u, n, m) };
  }
  if (m > TALL * n) {
    const { q, r } = qr(a, m, n);
    const inner = svd(r, n, n);
    const u = new Float64Array(m * n);
    matmul(q, inner.u, u, { m, n, k: n });
    return { u, s: inner.s, vt: inner.vt };
  }
  const scale = safeScale(largestSize(a));
  const sizes = [m * n, n * m, n * n, n * m, n * n, n, n, Math.max(bidiagonalWork(m, n), reflectorsWork(n))];
  return workspace(sizes, (matrix, v, u, left, right, tausV, tausU, work) => {
    for (let i = 0; i < m * n; i++) matrix![i] = a[i]! * scale;
    const [d, e] = [new Float64Array(n), new Float64Array(n)];
    bidiagonalize(matrix!, m, n, v!, u!, tausV!, tausU!, d, e, work!);
    for (let i = 0; i < n; i++) left![i * m + i] = right![i * n + i] = 1;
    const rows = { from: 0, to: n };
    bidiagonalQr(d, e, 0, n, { data: left!, ld: m, ...rows }, { data: right!, ld: n, ...rows });
    applyReflectors(left!, m, n, v!, m, n, m, 0, tausV!, work!);
    applyReflectors(right!, n, n, u!, n, n - 1, n, 1, tausU!, work!);
    const order = Array.from(d, (_, i) => i).sort((i, j) => d[j]! - d[i]!);
    const [ut, vt] = [new Float64Array(n * m), new Float64Array(n * n)];
    for (const [to, from] of order.entries()) {
      ut.set(left!.subarray(from * m, (from + 1) * m), to * m);
      vt.set(right!.subarray(from * n, (from + 1) * n), to * n);
    }
    return { u: transposed(ut, n, m), s: Float64Array.from(order, (i) => d[i]! / scale), vt };
  });
}

/** The singular values alone, descending [min(m, n)]. */
export function svdValues(a: Float64Array, m: number, n: number): Float64Array {
  if (m < n) return svdValues(transposed(a, m, n), n, m);
  if (m > TALL * n) return svdValues(qr(a, m, n).r, n, n);
  const scale = safeScale(largestSize(a));
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  workspace([m * n, n * m, n * n, n, n, bidiagonalWork(m, n)], (matrix, v, u, tausV, tausU, work) => {
    for (let i = 0; i < m * n; i++) matrix![i] = a[i]! * scale;
    bidiagonalize(matrix!, m, n, v!, u!, tausV!, tausU!, d, e, work!);
  });
  bidiagonalQr(d, e, 0, n, null, null);
  return d.map((value) => value / scale).sort((x, y) => y - x);
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
