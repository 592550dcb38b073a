import { log1pmx } from './elementary.ts';
import { lgamma } from './gamma.ts';
import { LARGE, stirlingError } from './stirling.ts';

/** log of C(n, k) pᵏ qⁿ⁻ᵏ with q = 1 - p, by Loader's saddle point: no large terms cancel. */
export function logBinomialTerm(k: number, n: number, p: number, q: number): number {
  if (k === 0) return n === 0 ? 0 : q > 0.5 ? n * Math.log1p(-p) : n * Math.log(q);
  if (k === n) return p > 0.5 ? n * Math.log1p(-q) : n * Math.log(p);
  const rest = factorialError(n) - factorialError(k) - factorialError(n - k);
  return rest - deviance0(k, n * p) - deviance0(n - k, n * q) + 0.5 * Math.log(n / (2 * Math.PI) / k / (n - k));
}

/** k log(k/m) + m - k ≥ 0. */
function deviance0(k: number, m: number): number {
  const u = (m - k) / k;
  return u > -0.57 && u < 1.33 ? -k * log1pmx(u) : k * (Math.log(k / m) + u);
}

/** δ(n) = log n! - log √(2πn) + n - n log n for a whole number n ≥ 1. */
export function factorialError(n: number): number {
  if (n >= LARGE) return stirlingError(n);
  return lgamma(n + 1) - (n + 0.5) * Math.log(n) + n - 0.9189385332046727;
}
