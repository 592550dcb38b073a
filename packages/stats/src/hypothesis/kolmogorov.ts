import { lgamma } from '@maru-ml/special';

// The distributions of the largest distance between the distribution function of n numbers and the true one.

/** Beyond this n the distribution of D is taken from its expansion, whose error is then below 1e-10. */
const MOST_EXACT = 10000;

/**
 * P(D ≥ d), where D is the largest distance in either direction. O(n^1.5), from n = 10,000 on O(n).
 *
 * In the tail it is twice that of one direction, since both are hardly ever passed: where n d² > 4 the relative error is below
 * exp(-6 n d²) = 4e-11. Elsewhere it is 1 - P(D < d).
 */
export function twoSidedSf(d: number, n: number): number {
  if (d >= 1) return 0;
  if (2 * n * d <= 1) return 1;
  if (d >= 0.5 || n * d * d > 4) return Math.min(1, 2 * oneSidedSf(d, n));
  return 1 - (n <= MOST_EXACT ? stayingInside(d, n) : expansion(d, n));
}

/**
 * P(D⁺ ≥ d), where D⁺ is the largest distance in one direction:
 *
 *   d Σ_{j ≤ n (1 - d)} C(n, j) (d + j / n)^(j - 1) (1 - d - j / n)^(n - j)
 *
 * Z. Birnbaum and F. Tingey, "One-sided confidence contours for probability distribution functions", Annals of Mathematical
 * Statistics 22 (1951). All terms are positive, so that small probabilities are as exact as large ones. O(n).
 */
export function oneSidedSf(d: number, n: number): number {
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const rest = 1 - d - j / n;
    if (rest <= 0) break;
    const power = (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest);
    sum += Math.exp(logChoose(n, j) + power);
  }
  return Math.min(1, d * sum);
}

/** The limit of P(√n D ≥ z) for many numbers. */
export function limitSf(z: number): number {
  if (z <= 0) return 1;
  if (z < 1) return 1 - limitCdf(z);
  let sum = 0;
  for (let k = 1; ; k++) {
    const term = Math.exp(-2 * k * k * z * z);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-17 * sum || term === 0) return 2 * sum;
  }
}

function limitCdf(z: number): number {
  let sum = 0;
  for (let m = 1; m < 40; m += 2) sum += Math.exp((-m * m * Math.PI * Math.PI) / (8 * z * z));
  return (Math.sqrt(2 * Math.PI) / z) * sum;
}

function logChoose(n: number, k: number): number {
  return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/** A Poisson number of mean at most 1 is at least this in one of 10²³ cases. */
const TERMS = 24;

/**
 * P(D < d): the count N(t) of numbers below t is that of a Poisson process of rate n, given N(1) = n, and has to stay within
 * n (t - d) ≤ N(t) ≤ n (t + d). p[k] is the probability to have stayed so far and to be at k. Between the times at which a
 * bound moves the count grows by a Poisson number of mean at most 1, so that few terms matter; all are positive.
 *
 * A. Moscovich and B. Nadler, "Fast calculation of boundary crossing probabilities for Poisson processes", Statistics &
 * Probability Letters 123 (2017).
 */
function stayingInside(d: number, n: number): number {
  const nd = n * d;
  let p: Float64Array = new Float64Array(n + 1);
  let next: Float64Array = new Float64Array(n + 1);
  const growth = new Float64Array(TERMS);
  p[0] = 1;
  let [low, high, t] = [0, Math.min(n, Math.floor(nd)), 0];
  for (;;) {
    // When the upper bound goes up to high + 1, and the lower one to low + 1.
    const lift = high < n ? (high + 1 - nd) / n : Number.POSITIVE_INFINITY;
    const rise = (low + nd) / n;
    const end = Math.min(lift, rise, 1);
    spread(p, next, low, high, growth, poissonTerms(n * Math.max(0, end - t), growth));
    [p, next] = [next, p];
    if (end === 1) return Math.min(1, p[n]! / poissonAtMean(n));
    if (lift === end) p[++high] = 0;
    if (rise === end) p[low++] = 0;
    t = end;
  }
}

/** The Poisson probabilities of 0, 1, … as far as they matter; returns how many. */
function poissonTerms(mean: number, out: Float64Array): number {
  out[0] = Math.exp(-mean);
  let k = 1;
  for (; k < TERMS; k++) {
    out[k] = (out[k - 1]! * mean) / k;
    if (out[k]! < 1e-22) break;
  }
  return k;
}

/** Adds a random growth to a count within bounds. */
function spread(
  p: Float64Array,
  next: Float64Array,
  low: number,
  high: number,
  growth: Float64Array,
  terms: number,
): void {
  for (let j = low; j <= high; j++) {
    let sum = 0;
    for (let k = Math.max(low, j - terms + 1); k <= j; k++) sum += p[k]! * growth[j - k]!;
    next[j] = sum;
  }
}

/** e⁻ⁿ nⁿ / n!, by Stirling's series from 16 on. */
function poissonAtMean(n: number): number {
  if (n < 16) {
    let p = 1;
    for (let i = 1; i <= n; i++) p *= n / (Math.E * i);
    return p;
  }
  const r = 1 / (n * n);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / n;
  return Math.exp(-series) / Math.sqrt(2 * Math.PI * n);
}

/**
 * P(D < d) ≈ K₀(z) + K₁(z) / √n + K₂(z) / n + K₃(z) / n^1.5 with z = √n d, each a sum over powers of exp(-π² / (8 z²)).
 *
 * W. Pelz and I. Good, "Approximating the lower tail-areas of the Kolmogorov-Smirnov one-sample statistic", JRSS B 38 (1976).
 */
function expansion(d: number, n: number): number {
  const z2 = n * d * d;
  const z = Math.sqrt(z2);
  const [z4, z6, z8, pi2] = [z2 * z2, z2 ** 3, z2 ** 4, Math.PI ** 2];
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  const most = Math.ceil((16 * z) / Math.PI);
  for (let k = most; k >= 1; k--) {
    const m2 = (2 * k - 1) ** 2;
    const u = pi2 * m2;
    const q = Math.exp(-u / (8 * z2));
    k0 += q;
    k1 += q * (u / 4 - z2);
    k2 += q * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * u) / 4 + ((1 - 2 * z2) * u * u) / 16);
    k3 +=
      q *
      (-30 * z6 -
        90 * z8 +
        ((135 * z4 - 96 * z6) * u) / 4 +
        ((212 * z4 - 60 * z2) * u * u) / 16 +
        ((5 - 30 * z2) * u ** 3) / 64);
  }
  let [even2, even3] = [0, 0];
  for (let k = most; k >= 1; k--) {
    const u = pi2 * k * k;
    const q = Math.exp(-u / (2 * z2));
    even2 += q * u;
    even3 += q * u * (3 * z2 - u);
  }
  const root = Math.sqrt(2 * Math.PI);
  const second = k2 / (72 * z6 * z) - even2 / (36 * z * z2);
  const third = k3 / (6480 * z2 ** 5) + even3 / (216 * z6);
  const sum = k0 / z + k1 / (6 * z4) / Math.sqrt(n) + second / n + third / (n * Math.sqrt(n));
  return Math.min(1, Math.max(0, root * sum));
}
