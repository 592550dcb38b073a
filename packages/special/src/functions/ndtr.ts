import { expOfMinusHalfSquare } from './elementary.ts';
import { erf, erfcinv, erfcx, erfinv } from './error-function.ts';

/** The standard normal distribution function Φ(x), with full relative precision in the lower tail. NaN gives NaN. */
export function ndtr(x: number): number {
  if (Math.abs(x) < 0.7) return 0.5 + 0.5 * erf(x * Math.SQRT1_2);
  if (x > 0) return 1 - ndtr(-x);
  return x < -39 ? 0 : 0.5 * expOfMinusHalfSquare(x) * erfcx(-x * Math.SQRT1_2);
}

/** log(Φ(x)), also where Φ(x) is far below the smallest number: -5e9 at x = -1e5. */
export function logNdtr(x: number): number {
  if (x >= -0.7) return Math.log1p(-ndtr(-x));
  return Math.log(0.5 * erfcx(-x * Math.SQRT1_2)) - 0.5 * x * x;
}

/** The inverse of Φ: the quantile of the standard normal distribution; ∓∞ at 0 and 1, NaN outside [0, 1]. */
export function ndtri(p: number): number {
  if (p >= 0.25 && p <= 0.75) return Math.SQRT2 * erfinv(2 * p - 1);
  return p < 0.5 ? -Math.SQRT2 * erfcinv(2 * p) : Math.SQRT2 * erfcinv(2 * (1 - p));
}
