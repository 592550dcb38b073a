import { checkKnown, DataError, ShapeError } from '@maru-ml/base';
import { type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { type TestResult, testResult } from './result.ts';
import { type Alternative, checkAlternative } from './sample.ts';

export interface FisherExactOptions {
  /** What is believed of the odds ratio: that it is not 1, is less, or greater; 'two-sided'. */
  alternative?: Alternative;
}

/** What Fisher's exact test tells. */
export interface FisherExactResult extends TestResult {
  /** The odds ratio of the sample, a d / (b c); infinite if b c is 0. */
  readonly statistic: number;
  readonly alternative: Alternative;
}

/**
 * Fisher's exact test of a 2 x 2 table of counts [[a, b], [c, d]]: whether the odds of both rows are equal.
 *
 * Given the sums of rows and columns, a is hypergeometric. The two-sided p adds up the probabilities of all tables that are
 * no more probable than this one (by up to a relative 1e-7, as in R, since rounding may part tables of equal probability).
 * O(m log m) for a smallest sum m of a row or column.
 *
 * R. Fisher, "On the interpretation of χ² from contingency tables, and the calculation of P", JRSS 85 (1922).
 *
 * @throws DataError for counts that are no integers ≥ 0, or a row or column of zeros; ShapeError for other tables; OptionError
 *
 * @example
 * ```ts
 * import { fisherExact } from '@maru-ml/stats';
 *
 * const { statistic, pvalue } = fisherExact([[8, 2], [1, 5]]);
 * console.log(statistic, pvalue.toFixed(5)); // 20 0.03497
 * ```
 */
export function fisherExact(table: MatrixLike, options: FisherExactOptions = {}): FisherExactResult {
  const owner = 'fisherExact';
  checkKnown(owner, options, ['alternative']);
  const { alternative = 'two-sided' } = options;
  checkAlternative(owner, alternative);
  const { data, rows, columns } = toMatrix(owner, table, { name: 'table' });
  if (rows !== 2 || columns !== 2) {
    throw new ShapeError(`${owner}: table must be [2, 2], got [${rows}, ${columns}]; for others use chi2Contingency`);
  }
  const [a, b, c, d] = data as unknown as [number, number, number, number];
  for (const [i, count] of [a, b, c, d].entries()) checkCount(owner, i, count);
  if (a + b === 0 || c + d === 0 || a + c === 0 || b + d === 0) {
    throw new DataError(`${owner}: table has a row or column of zeros, so there is nothing to compare`);
  }
  const statistic = b * c === 0 ? Number.POSITIVE_INFINITY : (a * d) / (b * c);
  const low = Math.max(0, a - d);
  const weights = hypergeometricWeights(low, Math.min(a + b, a + c), a + b, a + c, b + d);
  const pvalue = tailShare(weights, a - low, alternative);
  return testResult("Fisher's exact test", { statistic, pvalue, alternative });
}

function checkCount(owner: string, i: number, count: number): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw new DataError(`${owner}: table[${i >> 1}, ${i & 1}] must be an integer ≥ 0, got ${count}`);
}

/** How probable each a from `low` to `high` is, relative to the most probable one: by the ratio of neighbors, up to it and beyond. */
function hypergeometricWeights(low: number, high: number, row: number, column: number, rest: number): Float64Array {
  const weights = new Float64Array(high - low + 1);
  const ratio = (k: number) => ((row - k) * (column - k)) / ((k + 1) * (rest - row + k + 1));
  let mode = low;
  while (mode < high && ratio(mode) > 1) mode++;
  weights[mode - low] = 1;
  for (let k = mode; k < high; k++) weights[k + 1 - low] = weights[k - low]! * ratio(k);
  for (let k = mode - 1; k >= low; k--) weights[k - low] = weights[k + 1 - low]! / ratio(k);
  return weights;
}

/** The share of the weights that are as extreme as the one at `at`. */
function tailShare(weights: Float64Array, at: number, alternative: Alternative): number {
  const limit = weights[at]! * (1 + 1e-7);
  const extreme = weights.filter((weight, k) =>
    alternative === 'less' ? k <= at : alternative === 'greater' ? k >= at : weight <= limit,
  );
  return Math.min(1, sumOf(extreme) / sumOf(weights));
}

/** Smallest first, so that none is lost. */
function sumOf(weights: Float64Array): number {
  return weights
    .slice()
    .sort()
    .reduce((sum, weight) => sum + weight, 0);
}
