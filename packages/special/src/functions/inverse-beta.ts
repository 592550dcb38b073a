import { betaln, betaPower, distanceFromMean, logBetaPower } from './beta.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { ndtri } from './ndtr.ts';
import { solveTail } from './solve.ts';

/** The x with betainc(a, b, x) = p; NaN for p outside [0, 1] or a, b that are not positive. */
export function betaincinv(a: number, b: number, p: number): number {
  return share(inverseBetaOdds(a, b, p, false));
}

/** The x with betaincc(a, b, x) = q, with full precision for q near 0. */
export function betainccinv(a: number, b: number, q: number): number {
  return share(inverseBetaOdds(a, b, q, true));
}

/** x from the odds x/(1 - x). */
export function share(odds: number): number {
  return odds > 1 ? 1 / (1 + 1 / odds) : odds / (1 + odds);
}

/** The odds x/(1 - x) at which I(x; a, b) or its complement (`upper`) is p. They have digits where x is near 1 as well. */
export function inverseBetaOdds(a: number, b: number, p: number, upper: boolean): number {
  if (!(a > 0 && b > 0 && a < Number.POSITIVE_INFINITY && b < Number.POSITIVE_INFINITY && p >= 0 && p <= 1)) {
    return Number.NaN;
  }
  if (p > 0.5) return inverseBetaOdds(a, b, 1 - p, !upper);
  if (p === 0) return upper ? Number.POSITIVE_INFINITY : 0;
  // The upper tail is the lower one of 1 - x.
  if (upper) return 1 / inverseBetaOdds(b, a, p, false);
  const tail = {
    logTail: (w: number) => incompleteBeta(a, b, share(w), share(1 / w), false, true),
    logDensity: (w: number) => {
      const power = betaPower(a, b, share(w), share(1 / w));
      return power > 1e-280 ? Math.log(power) : logBetaPower(a, b, share(w), share(1 / w));
    },
    slope: (w: number) => distanceFromMean(a, b, share(w), share(1 / w)),
  };
  return solveTail(tail, Math.log(p), false, guess(a, b, p));
}

function guess(a: number, b: number, p: number): number {
  // I ≈ xᵃ/(a B) (1 + a (1 - b) x/(a + 1)) for small x.
  const logBeta = betaln(a, b);
  const small = Math.exp((Math.log(p) + Math.log(a) + logBeta) / a);
  if (a < 1 || b < 1) {
    if (small < 0.95) return odds(small * (1 + (a * (1 - b) * small) / (a + 1)) ** (-1 / a));
    // 1 - I ≈ yᵇ/(b B) for small y = 1 - x.
    return 1 / odds(Math.exp((Math.log1p(-p) + Math.log(b) + logBeta) / b));
  }
  if (small * b < 0.2 * (1 + a)) return small;
  // Abramowitz and Stegun 26.5.22: the logarithm of the odds is nearly normal.
  const u = -ndtri(p);
  const r = 1 / (2 * a - 1);
  const s = 1 / (2 * b - 1);
  const lambda = (u * u - 3) / 6;
  const h = 2 / (r + s);
  const w = (u * Math.sqrt(Math.max(h + lambda, 0))) / h - (s - r) * (lambda + 5 / 6 - 2 / (3 * h));
  return (a / b) * Math.exp(-2 * w);
}

function odds(x: number): number {
  return x < 0.999 ? x / (1 - x) : 1000;
}
