import { checkKnown } from '@maru-ml/base';
import { ranksOf } from '../hypothesis/rank.ts';
import { type TestResult, testResult } from '../hypothesis/result.ts';
import { type Alternative, checkAlternative, type TestOptions, toPairs } from '../hypothesis/sample.ts';
import { correlationOf, correlationProbability } from './pearson.ts';

/** What the test of Spearman's correlation tells. */
export interface SpearmanResult extends TestResult {
  /** ρ, from -1 to 1. */
  readonly statistic: number;
  readonly df: number;
  readonly alternative: Alternative;
}

/**
 * Spearman's rank correlation: how well a monotone curve fits the pairs. It is Pearson's correlation of the ranks, in which equal
 * numbers have their mean rank; p is that of its t distribution, which is rough for fewer than 10 pairs. O(n log n).
 *
 * C. Spearman, "The proof and measurement of association between two things", American Journal of Psychology 15 (1904).
 *
 * @throws DataError for NaN, fewer than 2 pairs or a constant x or y; ShapeError for other lengths; OptionError
 */
export function spearmanr(x: ArrayLike<number>, y: ArrayLike<number>, options: TestOptions = {}): SpearmanResult {
  const owner = 'spearmanr';
  checkKnown(owner, options, ['alternative', 'nanPolicy']);
  const { alternative = 'two-sided', nanPolicy } = options;
  checkAlternative(owner, alternative);
  const [a, b] = toPairs(owner, ['x', 'y'], x, y, nanPolicy, 2);
  const statistic = correlationOf(owner, ['x', 'y'], ranksOf(a).ranks, ranksOf(b).ranks);
  const pvalue = correlationProbability(statistic, a.length, alternative);
  return testResult("Spearman's rank correlation", { statistic, pvalue, df: a.length - 2, alternative });
}
