import { checkBoolean, checkKnown, DataError } from '@maru-ml/base';
import { type NanPolicy, toSample } from '../hypothesis/sample.ts';

/** The mean and the sums of powers of the deviations from it. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Σ (xᵢ - x̄)² */
  readonly m2: number;
  /** Σ (xᵢ - x̄)³ */
  readonly m3: number;
  /** Σ (xᵢ - x̄)⁴ */
  readonly m4: number;
}

/**
 * The mean of a checked sample; NaN if it is empty. What rounding takes from the running sum is summed apart, as A. Neumaier does in
 * "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).
 */
export function meanOf(x: Float64Array): number {
  let [sum, lost] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  if (Number.isFinite(sum)) return (sum + lost) / x.length;
  return x.reduce((mean, value) => mean + value / x.length, 0);
}

/**
 * Σ (xᵢ - x̄)² of a checked sample, in two passes: what the rounded mean leaves is taken off, as T. Chan, G. Golub and
 * R. LeVeque do in "Algorithms for computing the sample variance", The American Statistician 37 (1983).
 */
export function squaresAround(x: Float64Array, mean: number): number {
  let [squares, rest] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  return squares - (rest * rest) / x.length;
}

/** The variance with the divisor n - 1. */
export function varianceOf(x: Float64Array, mean: number = meanOf(x)): number {
  return squaresAround(x, mean) / (x.length - 1);
}

export function momentsOf(x: Float64Array): Moments {
  const mean = meanOf(x);
  let [m3, m4] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - mean;
    const square = deviation * deviation;
    m3 += square * deviation;
    m4 += square * square;
  }
  return { n: x.length, mean, m2: squaresAround(x, mean), m3, m4 };
}

export interface SkewOptions {
  /** Take the moments as they are, else correct them for the bias that a normal sample has; true. */
  bias?: boolean;
  /** What becomes of NaN; 'raise'. */
  nanPolicy?: NanPolicy;
}

/**
 * The skewness m₃ / m₂^1.5, where mₖ is the mean k-th power of the deviations; without bias times √(n (n - 1)) / (n - 2). O(n).
 *
 * @throws DataError for a constant sample, NaN, or fewer than 3 numbers without bias
 */
export function skew(x: ArrayLike<number>, options: SkewOptions = {}): number {
  checkKnown('skew', options, ['bias', 'nanPolicy']);
  const { bias = true, nanPolicy } = options;
  checkBoolean('skew', 'bias', bias);
  return skewOf('skew', momentsOf(toSample('skew', 'x', x, nanPolicy, bias ? 1 : 3)), bias);
}

export interface KurtosisOptions extends SkewOptions {
  /** Subtract 3, the value of the normal distribution; true. */
  fisher?: boolean;
}

/**
 * The kurtosis m₄ / m₂², by default less 3; without bias (n - 1) ((n + 1) m₄ / m₂² - 3 (n - 1)) / ((n - 2) (n - 3)). O(n).
 *
 * @throws DataError for a constant sample, NaN, or fewer than 4 numbers without bias
 */
export function kurtosis(x: ArrayLike<number>, options: KurtosisOptions = {}): number {
  checkKnown('kurtosis', options, ['bias', 'fisher', 'nanPolicy']);
  const { bias = true, fisher = true, nanPolicy } = options;
  checkBoolean('kurtosis', 'bias', bias);
  checkBoolean('kurtosis', 'fisher', fisher);
  const excess = kurtosisOf('kurtosis', momentsOf(toSample('kurtosis', 'x', x, nanPolicy, bias ? 1 : 4)), bias);
  return fisher ? excess : excess + 3;
}

/** The skewness of these moments. */
export function skewOf(owner: string, { n, mean, m2, m3 }: Moments, bias: boolean): number {
  if (isConstant(n, mean, m2)) throw constant(owner, 'skewness');
  const g1 = (Math.sqrt(n) * m3) / m2 ** 1.5;
  return bias ? g1 : (g1 * Math.sqrt(n * (n - 1))) / (n - 2);
}

/** The kurtosis of these moments less 3. */
export function kurtosisOf(owner: string, { n, mean, m2, m4 }: Moments, bias: boolean): number {
  if (isConstant(n, mean, m2)) throw constant(owner, 'kurtosis');
  const b2 = (n * m4) / (m2 * m2);
  return bias ? b2 - 3 : ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * b2 - 3 * (n - 1));
}

/** Whether the deviations are no more than the rounding of the numbers. */
export function isConstant(n: number, mean: number, m2: number): boolean {
  return !(m2 > n * (Number.EPSILON * mean) ** 2);
}

function constant(owner: string, what: string): DataError {
  return new DataError(`${owner}: x is constant, so it has no ${what}`);
}
