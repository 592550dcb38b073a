import { betaDeviance, betaPower, betaSide, distanceFromMean, logBetaPower, logBetaSide } from './beta.ts';
import { erfcx } from './error-function.ts';

/**
 * The regularized incomplete beta function I(x; a, b) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹ (1 - t)ᵇ⁻¹ dt for a, b > 0; 0 and 1 below and above
 * [0, 1], NaN for other a and b.
 *
 * The smaller side is computed as such: by the series in x where b x is small, else by the continued fraction of DiDonato and
 * Morris, whose terms are positive below the mean; for a < 1 with the complement taken as an `expm1`, so that neither side cancels.
 * Costs 100 ns to 1 us, and O(√min(a, b)) near the mean up to a billion, where Temme's uniform expansion takes over.
 *
 * A. DiDonato and A. Morris, "Algorithm 708: significant digit computation of the incomplete beta function ratios", ACM TOMS 18
 * (1992).
 * N. Temme, "Uniform asymptotic expansions of the incomplete gamma functions and the incomplete beta function", Math. Comp. 29
 * (1975), for its first two terms.
 */
export function betainc(a: number, b: number, x: number): number {
  return incompleteBeta(a, b, x, 1 - x, false, false);
}

/** The complement 1 - I(x; a, b) = I(1 - x; b, a), to full relative precision where it is small. */
export function betaincc(a: number, b: number, x: number): number {
  return incompleteBeta(a, b, x, 1 - x, true, false);
}

/**
 * I or its complement (`upper`) or the logarithm. y = 1 - x is given too, since the smaller of both may have more digits than
 * the other can tell.
 */
export function incompleteBeta(a: number, b: number, x: number, y: number, upper: boolean, log: boolean): number {
  if (!(a > 0 && b > 0 && a < Number.POSITIVE_INFINITY && b < Number.POSITIVE_INFINITY)) return Number.NaN;
  if (x <= 0) return certain(!upper, log);
  if (y <= 0) return certain(upper, log);
  if (!(x < 1 || y < 1)) return Number.NaN;
  if (x <= 0.7 && (b <= 1 || b * x <= 1)) return bySeries(a, b, x, upper, log);
  if (y <= 0.7 && (a <= 1 || a * y <= 1)) return bySeries(b, a, y, !upper, log);
  const lambda = distanceFromMean(a, b, x, y);
  if (Math.min(a, b) > HUGE) {
    // Far from the mean the fraction takes few terms.
    const deviance = -betaDeviance(a, b, x, y);
    if (deviance < 1e4 || Math.max(a, b) > 1e100) return nearlyNormal(a, b, deviance, lambda, upper, log);
  }
  return lambda >= 0 ? byFraction(a, b, x, y, lambda, upper, log) : byFraction(b, a, y, x, -lambda, !upper, log);
}

/** The value of an event that cannot happen, or must. */
function certain(impossible: boolean, log: boolean): number {
  if (log) return impossible ? Number.NEGATIVE_INFINITY : 0;
  return impossible ? 0 : 1;
}

/** I = xᵃ/(a B) (1 + a Σ (1 - b)…(n - b)/n! xⁿ/(a + n)), where b x ≤ 1 or b ≤ 1. */
function bySeries(a: number, b: number, x: number, upper: boolean, log: boolean): number {
  let sum = 0;
  let term = 1;
  for (let n = 1; n < 10000; n++) {
    term *= ((n - b) / n) * x;
    const next = term / (a + n);
    sum += next;
    if (Math.abs(next) <= 1e-17 * Math.abs(sum)) break;
  }
  const s = a * sum;
  if (a < 1) {
    // The complement is u - (1 - u) s with u = 1 - xᵃ/(a B), which has no cancellation as an `expm1`.
    const logPower = logBetaSide(a, b, x);
    const u = -Math.expm1(logPower);
    const complement = u - (1 - u) * s;
    if (!upper) {
      if (!log) return betaSide(a, b, x) * (1 + s);
      return complement < 0.5 ? Math.log1p(-complement) : logPower + Math.log1p(s);
    }
    if (!log) return complement;
    return complement > 0.5 ? Math.log1p(-betaSide(a, b, x) * (1 + s)) : Math.log(complement);
  }
  const value = betaSide(a, b, x) * (1 + s);
  if (upper) return log ? Math.log1p(-value) : 1 - value;
  if (!log) return value;
  return value > 1e-280 ? Math.log(value) : logBetaSide(a, b, x) + Math.log1p(s);
}

/** I = xᵃ yᵇ/B times the continued fraction, where x is below the mean and λ = a y - b x ≥ 0. */
function byFraction(a: number, b: number, x: number, y: number, lambda: number, upper: boolean, log: boolean): number {
  const factor = fraction(a, b, x, y, lambda);
  const value = betaPower(a, b, x, y) * factor;
  if (upper) return log ? Math.log1p(-value) : 1 - value;
  if (!log) return value;
  return value > 1e-280 ? Math.log(value) : logBetaPower(a, b, x, y) + Math.log(factor);
}

/**
 * 1/(β₁ + α₂/(β₂ + α₃/(…))) by Lentz's method, with
 *
 *   αₙ₊₁ = (a + n - 1)(a + b + n - 1)/(a + 2n - 1)² n (b - n) x²,
 *   βₙ₊₁ = n + n (b - n) x/(a + 2n - 1) + (a + n)/(a + 2n + 1) (λ + 1 + n (1 + y)).
 */
function fraction(a: number, b: number, x: number, y: number, lambda: number): number {
  const start = (a / (a + 1)) * (lambda + 1);
  let c = 1e300;
  let d = 1 / start;
  let h = d;
  for (let n = 1; ; n++) {
    const odd = a + (2 * n - 1);
    const common = (n * (b - n) * x) / odd;
    const alpha = common * ((a + (n - 1)) / odd) * (x * (a + b + (n - 1)));
    const value = n + common + ((a + n) / (odd + 2)) * (lambda + 1 + n * (1 + y));
    d = 1 / (value + alpha * d);
    c = value + alpha / c;
    const factor = c * d;
    h *= factor;
    if (!(Math.abs(factor - 1) > 3e-16)) break;
  }
  return h;
}

/** The parameters above which the fraction takes too many terms. */
const HUGE = 1e9;

/**
 * With η of the sign of x - x₀, x₀ = a/(a + b), and nη²/2 the deviance of n = a + b, I = ½ erfc(-η √(n/2)) + R where
 * R = exp(-nη²/2)/√(2πn) (1/η - √(x₀ y₀)/(x - x₀)) but for terms of the order of 1/n.
 */
function nearlyNormal(a: number, b: number, deviance: number, lambda: number, upper: boolean, log: boolean): number {
  const ratio = 1 + a / b;
  // √n η, and √n √(x₀ y₀)/(x - x₀).
  const eta = lambda > 0 ? -Math.sqrt(2 * deviance) : Math.sqrt(2 * deviance);
  const root = Math.sqrt(a / ratio);
  const first = 1 / eta + root / lambda;
  const limit = (1 - (2 * a) / (a + b)) / (3 * root);
  // Near the mean both terms are large; their difference goes to (1 - 2 x₀)/(3 √(n x₀ y₀)).
  const rest = (Math.abs(eta) < 1e-3 ? limit : first) / Math.sqrt(2 * Math.PI);
  const below = lambda >= 0;
  // Far out what is left of both parts is the last term alone.
  const tail = deviance < 1e4 ? 0.5 * erfcx(Math.abs(eta) * Math.SQRT1_2) + (below ? rest : -rest) : 0;
  const scaled = tail || root / Math.abs(lambda) / Math.sqrt(2 * Math.PI);
  const value = Math.exp(-deviance) * scaled;
  if (upper === below) return log ? Math.log1p(-value) : 1 - value;
  if (!log) return value;
  return value > 1e-280 ? Math.log(value) : Math.log(scaled) - deviance;
}
