import { betaln } from './beta.ts';
import { gamma } from './gamma.ts';

/** n! for a whole number n ≥ 0, exact up to 22!; NaN for other n, ∞ beyond 170. */
export function factorial(n: number): number {
  return Number.isInteger(n) && n >= 0 ? gamma(n + 1) : Number.NaN;
}

/**
 * The binomial coefficient C(n, k) = n!/(k! (n - k)!) for whole numbers, the number of subsets of k among n; 0 for k outside 0 … n,
 * NaN for n or k that are not whole, or n below 0. Exact as long as every step fits into 2⁵³; ∞ where it is beyond the largest number.
 */
export function comb(n: number, k: number): number {
  if (!(Number.isInteger(n) && Number.isInteger(k) && n >= 0)) return Number.NaN;
  if (k < 0 || k > n) return 0;
  const few = Math.min(k, n - k);
  let product = 1;
  for (let i = 1; i <= few && product < Number.POSITIVE_INFINITY; i++) {
    const next = product * (n - few + i);
    product = next <= Number.MAX_SAFE_INTEGER ? next / i : product * ((n - few + i) / i);
  }
  return product;
}

/** log C(n, k) for real 0 ≤ k ≤ n, also where C itself overflows; NaN outside. */
export function logComb(n: number, k: number): number {
  if (!(k >= 0 && k <= n)) return Number.NaN;
  if (k === 0 || k === n) return 0;
  // C(n, k) = 1/((n + 1) B(k + 1, n - k + 1))
  return -betaln(k + 1, n - k + 1) - Math.log1p(n);
}
