import { log1pmx, polynomial } from './elementary.ts';

// What is left of the gamma function when Stirling's formula is taken away: small and smooth, so that large parts cancel on paper.

/** Where Stirling's series with the terms below is good to the last bit. */
export const LARGE = 10;

/** B₂ₖ/(2k (2k - 1)). */
const STIRLING = [
  0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953, 0.0008417508417508417,
  -0.0019175269175269174, 0.00641025641025641, -0.029550653594771242, 0.17964437236883057,
];

/** δ(a) = log Γ(a) - ((a - ½) log a - a + ½ log 2π), for a ≥ 10. */
export function stirlingError(a: number): number {
  const r = 1 / a;
  return r * polynomial(STIRLING, r * r);
}

/**
 * δ(b) - δ(a + b) for a ≥ 0 and b ≥ 10, relatively precise however small a is: with x = b/(a + b),
 * b⁻ᵏ - (a + b)⁻ᵏ = b⁻ᵏ (1 - x) (1 + x + … + xᵏ⁻¹).
 */
export function stirlingDifference(a: number, b: number): number {
  const x = 1 / (1 + a / b);
  const r = 1 / (b * b);
  const square = x * x;
  let geometric = 1;
  let sum = STIRLING[0]!;
  let scale = 1;
  for (let k = 1; k < STIRLING.length; k++) {
    geometric = 1 + x + square * geometric;
    scale *= r;
    sum += STIRLING[k]! * scale * geometric;
  }
  return (sum * (a / (a + b))) / b;
}

/** log Γ(b) - log Γ(a + b) + a log b for a ≥ 0 and b ≥ 10; it vanishes with a, relatively precise. */
export function logGammaRatioLarge(a: number, b: number): number {
  return a - (a + b - 0.5) * Math.log1p(a / b) + stirlingDifference(a, b);
}

/**
 * a log(x/a) + a - x, the exponent of a Poisson or gamma density relative to its largest value; ≤ 0, without cancellation at x
 * near a.
 */
export function deviance(a: number, x: number): number {
  const u = (x - a) / a;
  if (u > -0.57 && u < 1.33) return a * log1pmx(u);
  const ratio = x / a;
  const log = ratio > 1e-290 && ratio < 1e290 ? Math.log(ratio) : Math.log(x) - Math.log(a);
  return a * (log + (1 - ratio));
}
