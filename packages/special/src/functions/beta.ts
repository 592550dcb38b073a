import { log1pmx, productError } from './elementary.ts';
import { gamma, gamma1p, lgamma, lgamma1p, logGammaRatio } from './gamma.ts';
import { LARGE, logGammaRatioLarge, stirlingDifference, stirlingError } from './stirling.ts';

/** The beta function B(a, b) = Γ(a) Γ(b)/Γ(a + b) for a, b > 0; NaN for others. */
export function beta(a: number, b: number): number {
  if (!(a > 0 && b > 0)) return Number.NaN;
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < LARGE) return 1 / reciprocalBeta(a, b);
  if (small < LARGE) return (gamma(small) / large ** small) * Math.exp(logGammaRatioLarge(small, large));
  return Math.exp(betaln(a, b));
}

/** log B(a, b) for a, b > 0; NaN for others. Relatively precise except where B is near 1. */
export function betaln(a: number, b: number): number {
  if (!(a > 0 && b > 0)) return Number.NaN;
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (small < LARGE) return lgamma(small) + logGammaRatio(small, large);
  const ratio = small / large;
  return (
    (small - 0.5) * Math.log(ratio / (1 + ratio)) -
    large * Math.log1p(ratio) -
    0.5 * Math.log(large) +
    0.9189385332046728 +
    stirlingError(small) +
    stirlingDifference(small, large)
  );
}

/** 1/B(a, b) for a, b < 10. */
function reciprocalBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  return (small / (1 + small / Math.max(a, b))) * (gamma1p(a + b) / (gamma1p(a) * gamma1p(b)));
}

/**
 * xᵃ yᵇ/B(a, b) with y = 1 - x: what the continued fraction is multiplied by, and x y times the beta density.
 * It is the density's largest value times exp of small deviances, so that nothing cancels.
 */
export function betaPower(a: number, b: number, x: number, y: number): number {
  if (a < LARGE && b < LARGE) return x ** a * powerOf(y, x, b) * reciprocalBeta(a, b);
  if (a >= LARGE && b >= LARGE) return Math.exp(logDeviance(a, b, x, y)) * Math.sqrt(a / (1 + a / b) / (2 * Math.PI));
  if (a > b) return betaPower(b, a, y, x);
  // The power in halves, since it may be below the smallest number where the product is not.
  const half = powerOf(y, x, 0.5 * b);
  return half === 0 ? 0 : (a / gamma1p(a)) * (x * b) ** a * Math.exp(-logGammaRatioLarge(a, b)) * half * half;
}

export function logBetaPower(a: number, b: number, x: number, y: number): number {
  if (a >= LARGE && b >= LARGE) {
    return logDeviance(a, b, x, y) + 0.5 * Math.log(a / (1 + a / b) / (2 * Math.PI));
  }
  return a * logOf(x, y) + b * logOf(y, x) - betaln(a, b);
}

/** xᵃ/(a B(a, b)): what the series in x is multiplied by. */
export function betaSide(a: number, b: number, x: number): number {
  if (a < LARGE && b < LARGE) return (x ** a * (gamma1p(a + b) / (gamma1p(a) * gamma1p(b)))) / (1 + a / b);
  if (a >= LARGE && b >= LARGE) return betaPower(a, b, x, 1 - x) / (a * Math.exp(b * Math.log1p(-x)));
  if (a < b) return ((x * b) ** a / gamma1p(a)) * Math.exp(-logGammaRatioLarge(a, b));
  const half = x ** (0.5 * a);
  return half === 0 ? 0 : (half / a) * (b / gamma1p(b)) * a ** b * Math.exp(-logGammaRatioLarge(b, a)) * half;
}

/** Its logarithm, which for a < 1 is relatively precise as it goes to 0 with a. */
export function logBetaSide(a: number, b: number, x: number): number {
  if (a < 1) return a * Math.log(x) - (lgamma1p(a) + logGammaRatio(a, b));
  return a * Math.log(x) - betaln(a, b) - Math.log(a);
}

/** yᵇ where y = 1 - x: x has more digits of it where it is small. */
function powerOf(y: number, x: number, b: number): number {
  return x < 0.5 ? Math.exp(b * Math.log1p(-x)) : y ** b;
}

function logOf(x: number, y: number): number {
  return y < 0.5 ? Math.log1p(-y) : Math.log(x);
}

/** The exponent for a, b ≥ 10: the deviance and what Stirling's formula leaves. */
function logDeviance(a: number, b: number, x: number, y: number): number {
  const rest = a < b ? stirlingDifference(a, b) + stirlingError(a) : stirlingDifference(b, a) + stirlingError(b);
  return betaDeviance(a, b, x, y) - rest;
}

/** a log(x/x₀) + b log(y/y₀) ≤ 0 with x₀ = a/(a + b), without cancellation at x near x₀. */
export function betaDeviance(a: number, b: number, x: number, y: number): number {
  const lambda = distanceFromMean(a, b, x, y);
  return part(a, b, x, -lambda) + part(b, a, y, lambda);
}

/** a log(x/x₀) - d, where x/x₀ = 1 + d/a. The distances of both parts cancel. */
function part(a: number, b: number, x: number, d: number): number {
  const u = d / a;
  return u > -0.57 && u < 1.33 ? a * log1pmx(u) : a * (Math.log(x * (1 + b / a)) - u);
}

/** a y - b x with y = 1 - x: (a + b) times how far x is below the mean, with the products' rounding errors taken into account. */
export function distanceFromMean(a: number, b: number, x: number, y: number): number {
  return x <= y ? lessProducts(a, b, x) : -lessProducts(b, a, y);
}

/** a - a x - b x. */
function lessProducts(a: number, b: number, x: number): number {
  const p = a * x;
  const q = b * x;
  const s = a - p;
  const sum = s - q;
  if (!(a < 1e290 && b < 1e290)) return sum;
  const back = s - a;
  const error1 = a - (s - back) - (p + back);
  const back2 = sum - s;
  const error2 = s - (sum - back2) - (q + back2);
  return sum + (error1 + error2 - productError(a, x, p) - productError(b, x, q));
}
