import { checkBoolean, checkInteger, checkKnown, DataError } from '@maru-ml/base';
import { toSample } from '../hypothesis/sample.ts';
import { isConstant, meanOf, squaresAround } from './moments.ts';

export interface AcfOptions {
  /** The largest lag; 10 log₁₀ n, at most n - 1. */
  nlags?: number;
  /** Divide the sum of lag k by n - k, not n; false. */
  adjusted?: boolean;
}

/**
 * The autocorrelations of a series at the lags 0 to `nlags`: Σ (xᵢ - x̄) (xᵢ₊ₖ - x̄) / Σ (xᵢ - x̄)². O(n nlags).
 *
 * @throws DataError for NaN, fewer than 2 numbers or a constant series; OptionError
 *
 * @example
 * ```ts
 * import { acf } from '@maru-ml/stats';
 *
 * console.log(acf([1, 2, 3, 4, 5], { nlags: 2 })); // Float64Array(3) [ 1, 0.4, -0.1 ]
 * ```
 */
export function acf(x: ArrayLike<number>, options: AcfOptions = {}): Float64Array {
  checkKnown('acf', options, ['nlags', 'adjusted']);
  const sample = toSample('acf', 'x', x, 'raise', 2);
  const n = sample.length;
  const { nlags = Math.min(Math.floor(10 * Math.log10(n)), n - 1), adjusted = false } = options;
  checkInteger('acf', 'nlags', nlags, { min: 0, max: n - 1 });
  checkBoolean('acf', 'adjusted', adjusted);
  const mean = meanOf(sample);
  const squares = squaresAround(sample, mean);
  if (isConstant(n, mean, squares)) throw new DataError('acf: x is constant, so it has no autocorrelation');
  return Float64Array.from({ length: nlags + 1 }, (_, lag) => {
    if (lag === 0) return 1;
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (sample[i]! - mean) * (sample[i - lag]! - mean);
    return (sum / squares) * (adjusted ? n / (n - lag) : 1);
  });
}
