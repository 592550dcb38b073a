import { checkKnown, DataError } from '@maru-ml/base';
import { normal } from '@maru-ml/special';
import { isConstant, meanOf, squaresAround } from '../descriptive/moments.ts';
import { type TestResult, testResult } from './result.ts';
import { type NanPolicy, toSample } from './sample.ts';

export interface ShapiroOptions {
  /** What becomes of NaN; 'raise'. */
  nanPolicy?: NanPolicy;
}

/**
 * The Shapiro-Wilk test: whether a sample comes from a normal population, of any mean and variance.
 *
 *   W = (Σ aᵢ x₍ᵢ₎)² / Σ (xᵢ - x̄)², from 0 to 1
 *
 * The weights a are those of the expected places of n normal numbers, and p is that of a transformed W, both by Royston's
 * approximation, which R and SciPy use (SciPy before 1.15 in single precision). O(n log n).
 *
 * P. Royston, "Remark AS R94", Applied Statistics 44 (1995).
 *
 * @throws DataError for NaN, fewer than 3 or more than 5000 numbers, or a constant sample; OptionError
 *
 * @example
 * ```ts
 * import { shapiro } from '@maru-ml/stats';
 *
 * const { statistic, pvalue } = shapiro([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]);
 * console.log(statistic.toFixed(4), pvalue.toFixed(4)); // 0.7888 0.0067
 * ```
 */
export function shapiro(x: ArrayLike<number>, options: ShapiroOptions = {}): TestResult {
  const owner = 'shapiro';
  checkKnown(owner, options, ['nanPolicy']);
  const sorted = toSample(owner, 'x', x, options.nanPolicy, 3).sort();
  const n = sorted.length;
  if (n > 5000) {
    throw new DataError(`${owner}: x must have at most 5000 numbers, for which p is known, got ${n}`);
  }
  const mean = meanOf(sorted);
  if (isConstant(n, mean, squaresAround(sorted, mean))) {
    throw new DataError(`${owner}: x is constant, so it has no distribution to test`);
  }
  const rest = oneMinusW(sorted, weights(n));
  return testResult('Shapiro-Wilk test', { statistic: 1 - rest, pvalue: probability(rest, n) });
}

/** The weights of the upper half of the numbers, the largest first. */
function weights(n: number): Float64Array {
  const half = Math.floor(n / 2);
  if (n === 3) return Float64Array.of(Math.SQRT1_2);
  const expected = Float64Array.from({ length: half }, (_, i) => normal().isf((i + 0.625) / (n + 0.25)));
  const squares = 2 * expected.reduce((sum, m) => sum + m * m, 0);
  const r = 1 / Math.sqrt(n);
  const [m1, m2] = [expected[0]!, expected[1]!];
  const a1 = polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], r) + m1 / Math.sqrt(squares);
  if (n <= 5) {
    const scale = Math.sqrt((squares - 2 * m1 * m1) / (1 - 2 * a1 * a1));
    return expected.map((m, i) => (i === 0 ? a1 : m / scale));
  }
  const a2 = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], r) + m2 / Math.sqrt(squares);
  const scale = Math.sqrt((squares - 2 * m1 * m1 - 2 * m2 * m2) / (1 - 2 * a1 * a1 - 2 * a2 * a2));
  return expected.map((m, i) => (i === 0 ? a1 : i === 1 ? a2 : m / scale));
}

/** 1 - W, without losing digits where W is near 1. */
function oneMinusW(sorted: Float64Array, a: Float64Array): number {
  const n = sorted.length;
  // Divided by the range, so that squares neither overflow nor vanish.
  const range = sorted[n - 1]! - sorted[0]!;
  const mean = meanOf(sorted);
  let [ssa, ssx, sax] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const place = Math.min(i, n - 1 - i);
    const weight = 2 * i === n - 1 ? 0 : 2 * i < n - 1 ? -a[place]! : a[place]!;
    const deviation = (sorted[i]! - mean) / range;
    ssa += weight * weight;
    ssx += deviation * deviation;
    sax += weight * deviation;
  }
  const both = Math.sqrt(ssa * ssx);
  return Math.max(0, ((both - sax) * (both + sax)) / (ssa * ssx));
}

function probability(rest: number, n: number): number {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(1 - rest)) - Math.PI / 3));
  const y = Math.log(rest);
  if (n <= 11) {
    const limit = -2.273 + 0.459 * n;
    if (y >= limit) return 1e-99; // W is smaller than samples of this size can have it
    const mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n);
    const std = Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
    return normal(mean, std).sf(-Math.log(limit - y));
  }
  const log = Math.log(n);
  const mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], log);
  const std = Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], log));
  return normal(mean, std).sf(y);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((value, c) => value * x + c, 0);
}
