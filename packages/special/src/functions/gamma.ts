import { polynomial } from './elementary.ts';
import { LARGE, logGammaRatioLarge, stirlingError } from './stirling.ts';

const HALF_LOG_2_PI = 0.9189385332046728;

/** 1/Γ(1 + x) for |x| ≤ ½. */
const RECIPROCAL = [
  1.0, 0.5772156649015329, -0.6558780715202527, -0.042002635034095515, 0.16653861138218928, -0.04219773455552084,
  -0.009621971524607897, 0.007218943245911072, -0.0011651676431973738, -0.00021524166229467653, 0.00012805072001014693,
  -2.01349556850396e-5, -1.2525583573659133e-6, 1.1335045480626794e-6, -2.0057089361510917e-7, 4.939580133523849e-9,
];

/** (log Γ(1 + x) + log(1 + x))/x for |x| ≤ ½. */
const LOG_GAMMA = [
  0.42278433509846713, 0.3224670334241132, -0.06735230105319814, 0.02058080842778457, -0.0073855510286681535,
  0.002890510330738737, -0.0011927539120010226, 0.0005096695248853096, -0.00022315475074520367, 9.945750909889392e-5,
  -4.4926351103833334e-5, 2.050726741605779e-5, -9.438458716242811e-6, 4.374374916915131e-6, -2.0449201467015115e-6,
  9.578663334114758e-7, -4.303558760359961e-7, 2.0304806751615227e-7, -1.3412819758517287e-7, 6.379047507619774e-8,
];

/**
 * The gamma function Γ(x); NaN at 0, -1, -2, … and ∞ beyond 171.6.
 *
 * A polynomial for 1/Γ on [½, 3/2] and the recurrence up to 23, Stirling's formula beyond, the reflection
 * Γ(x) Γ(1 - x) = π/sin(πx) below 0.
 */
export function gamma(x: number): number {
  if (x > 23) return x > 171.7 ? Number.POSITIVE_INFINITY : stirling(x);
  if (x >= 0.5) {
    let product = 1;
    let rest = x;
    while (rest > 1.5) product *= --rest;
    return product / polynomial(RECIPROCAL, rest - 1);
  }
  if (x > -0.5) return x === 0 ? Number.NaN : 1 / (x * polynomial(RECIPROCAL, x));
  if (Number.isInteger(x) || Number.isNaN(x)) return Number.NaN;
  if (x < -184) return x === Number.NEGATIVE_INFINITY ? Number.NaN : 0 * sinPi(x);
  // Two divisions, since Γ(1 - x) may overflow where the quotient does not.
  return x < -170 ? dividedByGamma(Math.PI / sinPi(x), 1 - x) : Math.PI / sinPi(x) / gamma(1 - x);
}

/** numerator/Γ(x) where Γ(x) may be beyond the largest number. */
function dividedByGamma(numerator: number, x: number): number {
  const power = x ** (0.5 * x - 0.25);
  const rest = Math.exp(stirlingError(x) - x + HALF_LOG_2_PI);
  return numerator / power / rest / power;
}

/** Γ(x) for x > 23. The power is taken as a square, since it may overflow where the product does not. */
function stirling(x: number): number {
  const power = x ** (0.5 * x - 0.25);
  return power * Math.exp(-x) * power * Math.exp(stirlingError(x) + HALF_LOG_2_PI);
}

/**
 * log |Γ(x)|; ∞ at 0, -1, -2, … Relatively precise for x > 0, also beside its zeros 1 and 2; to about 1e-15 (1 + |x| log |x|) in
 * absolute value below 0.
 */
export function lgamma(x: number): number {
  if (x >= LARGE) {
    if (x === Number.POSITIVE_INFINITY) return x;
    return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_2_PI - 0.5 + stirlingError(x));
  }
  if (x >= 0.5) {
    let product = 1;
    let rest = x;
    while (rest > 2.5) product *= --rest;
    if (rest <= 1.5) return lgamma1p(rest - 1);
    // Γ(2 + t) = (1 + t) Γ(1 + t), and the fit is made of their logarithms' sum.
    const t = rest - 2;
    return Math.log(product) + t * polynomial(LOG_GAMMA, t);
  }
  if (x > -0.5) return lgamma1p(x) - Math.log(Math.abs(x));
  if (x === Number.NEGATIVE_INFINITY || Number.isInteger(x)) return Number.POSITIVE_INFINITY;
  return Number.isNaN(x) ? x : Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
}

/** log Γ(1 + x) for |x| ≤ ½, relatively precise at 0. */
export function lgamma1p(x: number): number {
  if (x > 0.5) return lgamma(1 + x);
  return x * polynomial(LOG_GAMMA, x) - Math.log1p(x);
}

/**
 * log Γ(1 + 2r) - 2 log Γ(1 + r) for 0 ≤ r ≤ ¼, which goes to 0 as r² does, relatively precise: the linear terms of the fit cancel on
 * paper.
 */
export function logGammaBend(r: number): number {
  let sum = 0;
  for (let k = LOG_GAMMA.length - 1; k > 0; k--) sum = (sum + LOG_GAMMA[k]! * (2 ** (k + 1) - 2)) * r;
  return sum * r - Math.log1p(-((r / (1 + r)) ** 2));
}

/** Γ(1 + x) for x > -½, without rounding 1 + x where x is small. */
export function gamma1p(x: number): number {
  return x <= 0.5 ? 1 / polynomial(RECIPROCAL, x) : gamma(1 + x);
}

/** log Γ(b) - log Γ(a + b) for 0 ≤ a and b > 0, relatively precise however small a is. */
export function logGammaRatio(a: number, b: number): number {
  if (b >= LARGE) return logGammaRatioLarge(a, b) - a * Math.log(b);
  // Γ(b)/Γ(a + b) = Γ(b + k)/Γ(a + b + k) Π (1 + a/(b + i)); what the product is more than 1 has no cancellation.
  let more = 0;
  let shifted = b;
  for (; shifted < LARGE; shifted++) {
    const factor = a / shifted;
    more += factor + more * factor;
  }
  return Math.log1p(more) + logGammaRatioLarge(a, shifted) - a * Math.log(shifted);
}

/** sin(πx), exact at integers and half-integers. */
export function sinPi(x: number): number {
  const rest = x - 2 * Math.round(x / 2);
  if (rest > 0.5) return Math.sin(Math.PI * (1 - rest));
  if (rest < -0.5) return -Math.sin(Math.PI * (1 + rest));
  return Math.sin(Math.PI * rest);
}
