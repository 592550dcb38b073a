import { lgamma, lgamma1p } from './gamma.ts';
import { gammaPower, incompleteGamma, logGammaPower } from './incomplete-gamma.ts';
import { ndtri } from './ndtr.ts';
import { solveTail } from './solve.ts';

/** The x with gammainc(a, x) = p; 0 and ∞ at 0 and 1, NaN for p outside [0, 1] or a that is not positive. */
export function gammaincinv(a: number, p: number): number {
  return inverseGamma(a, p, false);
}

/** The x with gammaincc(a, x) = q, with full precision for q near 0. */
export function gammainccinv(a: number, q: number): number {
  return inverseGamma(a, q, true);
}

/** The x at which P or Q (`upper`) is p. The tail below ½ is inverted, since it has the digits. */
export function inverseGamma(a: number, p: number, upper: boolean): number {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY && p >= 0 && p <= 1)) return Number.NaN;
  if (p > 0.5) return inverseGamma(a, 1 - p, !upper);
  if (p === 0) return upper ? Number.POSITIVE_INFINITY : 0;
  const logA = Math.log(a);
  const tail = {
    logTail: (x: number) => incompleteGamma(a, x, upper, true),
    logDensity: (x: number) => {
      const power = gammaPower(a, x);
      return power > 1e-280 ? Math.log(power) + logA : logGammaPower(a, x) + logA;
    },
    slope: (x: number) => a - x,
  };
  return solveTail(tail, Math.log(p), upper, guess(a, p, upper));
}

function guess(a: number, p: number, upper: boolean): number {
  // P ≈ xᵃ/Γ(1 + a) for x that is small beside 1 + a.
  const logP = upper ? Math.log1p(-p) : Math.log(p);
  const small = Math.exp((logP + (a < 0.5 ? lgamma1p(a) : lgamma(1 + a))) / a);
  if (small < 0.2 * (1 + a)) return small * (1 + small / (1 + a));
  if (a < 0.5) return Math.max(1, -Math.log(p / a));
  // Wilson and Hilferty: the cube root is nearly normal.
  const u = upper ? -ndtri(p) : ndtri(p);
  const root = 1 - 1 / (9 * a) + u / (3 * Math.sqrt(a));
  return root > 0.1 ? a * root * root * root : small;
}
