import { polynomial } from './elementary.ts';

/** The zero 1.46… in two parts, so that its neighborhood has digits. */
const ROOT = 1.4616321449683622;
const ROOT_REST = 9.549995429965697e-17;

/** ψ(x)/(x - root) on [1, 2], around 1.5. */
const NEAR_ROOT = [
  0.951055876031833, -0.4236274212814605, 0.2405424842407742, -0.14840492305390887, 0.0949887244549412,
  -0.06192213327306453, 0.04076083381242074, -0.02697579675613825, 0.0179072524394512, -0.011908218001568644,
  0.007926944646403797, -0.005279964873257404, 0.003519006401502276, -0.002345267632540769, 0.001556631747448684,
  -0.0010376374098418604, 0.0007233266279287254, -0.0004821990530566789, 0.0002272331660987376, -0.0001514858683677337,
  0.0002596848212643075, -0.0001731226180272739,
];

/** B₂ₖ/(2k). */
const BERNOULLI = [
  0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667, 0.007575757575757576,
  -0.021092796092796094, 0.08333333333333333, -0.4432598039215686, 3.0539543302701198, -26.456212121212122,
];

/**
 * The digamma function ψ(x) = Γ'(x)/Γ(x), the derivative of log Γ; NaN at 0, -1, -2, …
 *
 * A polynomial around the zero at 1.46, the recurrence ψ(x + 1) = ψ(x) + 1/x up to 10, the asymptotic series beyond, the
 * reflection ψ(1 - x) - ψ(x) = π/tan(πx) below 0.
 */
export function digamma(x: number): number {
  if (x >= 10) {
    const r = 1 / x;
    return Math.log(x) - 0.5 * r - r * r * polynomial(BERNOULLI, r * r);
  }
  if (x > 0) {
    let sum = 0;
    let rest = x;
    if (rest < 1) {
      sum -= 1 / rest;
      rest += 1;
    }
    while (rest > 2) {
      rest -= 1;
      sum += 1 / rest;
    }
    return sum + (rest - ROOT - ROOT_REST) * polynomial(NEAR_ROOT, rest - 1.5);
  }
  if (Number.isInteger(x) || !Number.isFinite(x)) return Number.NaN;
  // The tangent has period 1, and the rest is exact.
  const rest = x - Math.round(x);
  return digamma(1 - x) - (Math.abs(rest) === 0.5 ? 0 : Math.PI / Math.tan(Math.PI * rest));
}

/** The trigamma function ψ'(x), the second derivative of log Γ; ∞ at 0, -1, -2, … */
export function trigamma(x: number): number {
  if (x > 0) return polygamma(1, x);
  if (Number.isInteger(x)) return Number.POSITIVE_INFINITY;
  if (!Number.isFinite(x)) return Number.NaN;
  const sine = Math.sin(Math.PI * (x - Math.round(x)));
  return (Math.PI / sine) ** 2 - polygamma(1, 1 - x);
}

/**
 * The polygamma function ψ⁽ⁿ⁾(x), the n-th derivative of ψ, for a whole n ≥ 0 and x > 0; NaN for other n, and for x ≤ 0 where
 * n > 1.
 *
 * (-1)ⁿ⁺¹ n! Σₖ (x + k)⁻ⁿ⁻¹, the first terms as they are and the rest by Euler and Maclaurin.
 */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x);
  if (!(Number.isInteger(n) && n > 0)) return Number.NaN;
  if (!(x > 0)) return n === 1 ? trigamma(x) : Number.NaN;
  let factorial = 1;
  for (let i = 2; i <= n && factorial < Number.POSITIVE_INFINITY; i++) factorial *= i;
  const sum = hurwitz(n + 1, x);
  return (n % 2 === 1 ? 1 : -1) * factorial * sum;
}

/** B₂ₖ/(2k)!. */
const EULER_MACLAURIN = [
  0.08333333333333333, -0.001388888888888889, 3.306878306878307e-5, -8.267195767195768e-7, 2.08767569878681e-8,
  -5.284190138687493e-10, 1.3382536530684679e-11, -3.389680296322583e-13, 8.586062056277845e-15, -2.174868698558062e-16,
];

/** Σₖ (x + k)⁻ˢ for s ≥ 2 and x > 0. */
function hurwitz(s: number, x: number): number {
  // The further out it starts, the better the remaining terms; their number grows with s.
  const far = 10 + s;
  if (x === Number.POSITIVE_INFINITY) return 0;
  let sum = 0;
  let at = x;
  for (; at < far; at++) {
    const term = at ** -s;
    sum += term;
    if (term < 1e-18 * sum) return sum;
  }
  const power = at ** -s;
  // Of large x the power vanishes sooner than the integral.
  let rest = at ** (1 - s) / (s - 1) + power / 2;
  let rising = (s * power) / at;
  for (let k = 0; k < EULER_MACLAURIN.length; k++) {
    rest += EULER_MACLAURIN[k]! * rising;
    rising *= ((s + 2 * k + 1) * (s + 2 * k + 2)) / (at * at);
  }
  return sum + rest;
}
