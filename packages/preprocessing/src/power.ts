import type { Steps } from '@maru-ml/base';
import { exp, expm1, log, log1p } from '@maru-ml/kernels/scalar';
import { minimizeScalar } from './brent.ts';

export type PowerMethod = 'yeo-johnson' | 'box-cox';

// Single values are transformed with the engine's functions, which leave no garbage; the search for λ, whose steps depend on the
// last bits, uses those that are the same on every engine.

/** The value of the power transform with parameter λ: of box-cox for x > 0, of yeo-johnson for any x. */
export function powerOf(method: PowerMethod, x: number, lambda: number): number {
  if (method === 'box-cox') {
    if (lambda === 1) return x - 1;
    return isZero(lambda) ? Math.log(x) : Math.expm1(lambda * Math.log(x)) / lambda;
  }
  if (lambda === 1) return x;
  if (x >= 0) return isZero(lambda) ? Math.log1p(x) : Math.expm1(lambda * Math.log1p(x)) / lambda;
  const mirrored = 2 - lambda;
  return isZero(mirrored) ? -Math.log1p(-x) : -Math.expm1(mirrored * Math.log1p(-x)) / mirrored;
}

/** The way back; NaN for what is no value of the transform. */
export function inversePowerOf(method: PowerMethod, y: number, lambda: number): number {
  if (method === 'box-cox') return lambda === 1 ? y + 1 : Math.exp(logBehind(y, lambda));
  if (lambda === 1) return y;
  return y >= 0 ? Math.expm1(logBehind(y, lambda)) : -Math.expm1(logBehind(-y, 2 - lambda));
}

/** The logarithm l of the number whose transform is y. */
function logBehind(y: number, lambda: number): number {
  return isZero(lambda) ? y : Math.log1p(lambda * y) / lambda;
}

/**
 * The λ that makes the transformed values most like a normal distribution: it maximizes the profile likelihood
 *
 *   -n/2 log var(y_λ) + (λ - 1) Σ log x,      for yeo-johnson (λ - 1) Σ sign(x) log(1 + |x|).
 * There is a pause after each λ that is tried.
 *
 * @param values at least two different ones, without NaN
 */
export function* bestLambda(method: PowerMethod, values: Float64Array): Steps<number> {
  const n = values.length;
  const logs = new Float64Array(n);
  let total = 0;
  let negatives = 0;
  for (let i = 0; i < n; i++) {
    const x = values[i]!;
    logs[i] = method === 'box-cox' ? log(x) : log1p(Math.abs(x));
    const negative = method === 'yeo-johnson' && x < 0;
    if (negative) negatives++;
    total += negative ? -logs[i]! : logs[i]!;
  }
  const scratch = new Float64Array(n);
  const spread = (lambda: number): number => {
    if (negatives === 0) return logVarianceOfPowers(logs, lambda, scratch);
    // Below 0 yeo-johnson is the mirror image with 2 - λ.
    if (negatives === n) return logVarianceOfPowers(logs, 2 - lambda, scratch);
    for (let i = 0; i < n; i++) {
      scratch[i] = values[i]! >= 0 ? boxCox(logs[i]!, lambda) : -boxCox(logs[i]!, 2 - lambda);
    }
    return log(varianceOf(scratch));
  };
  return yield* minimizeScalar(
    (lambda) => {
      const value = (n / 2) * spread(lambda) - (lambda - 1) * total;
      // Values that overflow, or all became the same, are no candidates.
      return value > Number.NEGATIVE_INFINITY ? value : Number.POSITIVE_INFINITY;
    },
    -2,
    2,
  );
}

/** (e^{λ l} - 1) / λ, and l for λ = 0: the transform of a number whose logarithm is l. */
function boxCox(l: number, lambda: number): number {
  return isZero(lambda) ? l : expm1(lambda * l) / lambda;
}

/**
 * log var((e^{λ l} - 1) / λ). Large powers are scaled down, and without the -1, which changes no variance, small ones keep
 * their digits.
 */
function logVarianceOfPowers(logs: Float64Array, lambda: number, scratch: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  let size = 0;
  for (let i = 0; i < logs.length; i++) {
    const exponent = lambda * logs[i]!;
    if (exponent > largest) largest = exponent;
    if (Math.abs(exponent) > size) size = Math.abs(exponent);
  }
  if (size < 1) {
    for (let i = 0; i < logs.length; i++) scratch[i] = boxCox(logs[i]!, lambda);
    return log(varianceOf(scratch));
  }
  for (let i = 0; i < logs.length; i++) scratch[i] = exp(lambda * logs[i]! - largest);
  return 2 * largest + log(varianceOf(scratch)) - 2 * log(Math.abs(lambda));
}

function varianceOf(values: Float64Array): number {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]!;
  mean /= n;
  let [left, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    const deviation = values[i]! - mean;
    left += deviation;
    squares += deviation * deviation;
  }
  return (squares - (left * left) / n) / n;
}

/** Whether a λ is 0 but for rounding. */
function isZero(lambda: number): boolean {
  return Math.abs(lambda) < 2 ** -52;
}
