import { matmul } from '@maru-ml/kernels/blas';
import { svd } from './svd.ts';

/**
 * The Moore-Penrose inverse V diag(1 / s) Uᵀ, where singular values up to `rcond` times the largest count as 0.
 * @param a [m, n]
 * @param rcond default: max(m, n) · 2⁻⁵²
 * @returns [n, m]
 */
export function pseudoInverse(
  a: Float64Array,
  m: number,
  n: number,
  rcond: number = Math.max(m, n) * Number.EPSILON,
): Float64Array {
  const { u, s, vt } = svd(a, m, n);
  const k = s.length;
  const out = new Float64Array(n * m);
  if (k === 0) return out;
  let rank = 0;
  while (rank < k && s[rank]! > rcond * s[0]!) rank++;
  for (let i = 0; i < rank; i++) for (let j = 0; j < n; j++) vt[i * n + j]! /= s[i]!;
  if (rank > 0) matmul(vt, u, out, { m: n, n: m, k: rank, transA: true, transB: true, ldB: k });
  return out;
}
