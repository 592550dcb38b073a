import { exp, log } from '@maru-ml/kernels/scalar';

/** P(second class) = 1 / (1 + e^(a · score + b)). */
export interface Sigmoid {
  readonly a: number;
  readonly b: number;
}

/** 1 / (1 + eᵗ), without overflow. */
export function sigmoidOf({ a, b }: Sigmoid, score: number): number {
  const t = a * score + b;
  if (t >= 0) {
    const e = exp(-t);
    return e / (1 + e);
  }
  return 1 / (1 + exp(t));
}

/**
 * Fits a sigmoid to scores: minimizes -Σ wᵢ (tᵢ ln pᵢ + (1 - tᵢ) ln(1 - pᵢ)), where the targets t are not 0 and 1 but
 * 1 / (n₀ + 2) and (n₁ + 1) / (n₁ + 2), n₀ and n₁ being the weights of the classes, so that the minimum is finite for any scores.
 * Newton's method with halved steps until no step is left that changes a or b by 1e-12 of their size; the problem is convex in two variables.
 * Scores are standardized first, so that their scale does not matter.
 *
 * Sources: J. Platt, "Probabilistic outputs for support vector machines", Advances in large margin classifiers (1999); H.-T. Lin,
 * C.-J. Lin and R. C. Weng, "A note on Platt's probabilistic outputs for support vector machines", Machine Learning 68 (2007).
 *
 * @param scores [n] @param positive 1 for rows of the second class, else 0 [n] @param weights [n] or null for 1 each
 */
export function* fitSigmoid(
  scores: Float64Array,
  positive: Float64Array,
  weights: Float64Array | null,
): Generator<undefined, Sigmoid, unknown> {
  const n = scores.length;
  let [zeros, ones, center] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    if (positive[i] === 1) ones += weight;
    else zeros += weight;
    center += scores[i]! / n;
  }
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(scores[i]! - center));
  // The mean of equal scores may differ from them in its last bit; the slope over scores that hardly differ would overflow.
  if (scale < 2 ** -1000 || scores.every((score) => score === scores[0])) [center, scale] = [scores[0]!, 1];
  if (n >= LONG) yield;
  const standard = scores.map((score) => (score - center) / scale);
  const targets = positive.map((is) => (is === 1 ? (ones + 1) / (ones + 2) : 1 / (zeros + 2)));
  if (n >= LONG) yield;
  const { a, b } = yield* minimized(standard, targets, weights, { a: 0, b: log((zeros + 1) / (ones + 1)) });
  return { a: a / scale, b: b - (a * center) / scale };
}

/** From so many scores on there are pauses, after each step of Newton's method too. */
const LONG = 2000;

function* minimized(
  f: Float64Array,
  t: Float64Array,
  weights: Float64Array | null,
  start: Sigmoid,
): Generator<undefined, Sigmoid, unknown> {
  let { a, b } = start;
  let loss = lossOf(f, t, weights, a, b);
  for (let iteration = 0; iteration < 100; iteration++) {
    const sigmoid = { a, b };
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (let i = 0; i < f.length; i++) {
      const p = sigmoidOf(sigmoid, f[i]!);
      const weight = weights === null ? 1 : weights[i]!;
      const d = weight * (t[i]! - p);
      const h = weight * p * (1 - p);
      ga += d * f[i]!;
      gb += d;
      haa += h * f[i]! * f[i]!;
      hab += h * f[i]!;
      hbb += h;
    }
    // Scores that are all alike leave the slope free: a little is added, which keeps it at 0.
    const ridge = 1e-12 * (haa + hbb) + 1e-300;
    haa += ridge;
    hbb += ridge;
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * ga - hab * gb) / determinant;
    const db = -(haa * gb - hab * ga) / determinant;
    if (!(Math.abs(da) + Math.abs(db) > 1e-12 * (1 + Math.abs(a) + Math.abs(b)))) break;
    if (f.length >= LONG) yield;
    let step = 1;
    let next = lossOf(f, t, weights, a + da, b + db);
    // Close to the minimum rounding hides the gain, so equal losses are taken.
    while (!(next <= loss + 1e-14 * Math.abs(loss)) && step > 1e-10) {
      step /= 2;
      next = lossOf(f, t, weights, a + step * da, b + step * db);
    }
    if (step <= 1e-10) break;
    a += step * da;
    b += step * db;
    loss = next;
    if (f.length >= LONG) yield;
  }
  return { a, b };
}

/** Σ w (t z + ln(1 + e^-z)) with z = a f + b, without overflow. */
function lossOf(f: Float64Array, t: Float64Array, weights: Float64Array | null, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < f.length; i++) {
    const z = a * f[i]! + b;
    const loss = z >= 0 ? t[i]! * z + log(1 + exp(-z)) : (t[i]! - 1) * z + log(1 + exp(z));
    sum += (weights === null ? 1 : weights[i]!) * loss;
  }
  return sum;
}
