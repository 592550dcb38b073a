import { checkKnown, DataError } from '@maru-ml/base';
import { chiSquare, fisherF } from '@maru-ml/special';
import { isConstant, meanOf, squaresAround } from '../descriptive/moments.ts';
import { ranksOf } from './rank.ts';
import { type TestResult, testResult } from './result.ts';
import { checkTogether, type NanPolicy, toSamples } from './sample.ts';

export interface SeveralSamplesOptions {
  /** What becomes of NaN; 'raise'. */
  nanPolicy?: NanPolicy;
}

/** What the analysis of variance of groups tells. */
export interface OnewayResult extends TestResult {
  /** Degrees of freedom between the groups, k - 1. */
  readonly dfBetween: number;
  /** Degrees of freedom within them, n - k. */
  readonly dfWithin: number;
  /** Σ nⱼ (x̄ⱼ - x̄)² */
  readonly ssBetween: number;
  /** Σ (xᵢ - x̄ⱼ₍ᵢ₎)² */
  readonly ssWithin: number;
  /** η²: the share of the squares that lies between the groups. */
  readonly effectSize: number;
}

/**
 * One-way analysis of variance: whether k groups have the same mean.
 *
 *   F = (Σ nⱼ (x̄ⱼ - x̄)² / (k - 1)) / (Σ (xᵢ - x̄ⱼ₍ᵢ₎)² / (n - k))
 *
 * It takes the groups to be normal with one variance; `kruskal` does not. O(n).
 *
 * @throws DataError for NaN, empty groups, as many groups as numbers, or groups that are all constant; OptionError
 *
 * @example
 * ```ts
 * import { fOneway } from '@maru-ml/stats';
 *
 * const { statistic, pvalue } = fOneway([[6, 8, 4, 5, 3, 4], [8, 12, 9, 11, 6, 8], [13, 9, 11, 8, 7, 12]]);
 * console.log(statistic.toFixed(3), pvalue.toFixed(4)); // 9.265 0.0024
 * ```
 */
export function fOneway(samples: readonly ArrayLike<number>[], options: SeveralSamplesOptions = {}): OnewayResult {
  const owner = 'fOneway';
  checkTogether(owner, samples);
  checkKnown(owner, options, ['nanPolicy']);
  const groups = toSamples(owner, samples, options.nanPolicy);
  const all = joined(groups);
  const [k, n] = [groups.length, all.length];
  if (n <= k) throw new DataError(`${owner}: samples must have more numbers than there are samples, got ${n} in ${k}`);
  // Means of numbers that are large beside their spread would be rounded to a part of it; differences from one of them are not.
  const origin = all[0]!;
  const mean = meanOf(all.map((value) => value - origin));
  let [ssBetween, ssWithin, constant] = [0, 0, true];
  for (const group of groups) {
    const shifted = group.map((value) => value - origin);
    const groupMean = meanOf(shifted);
    const squares = squaresAround(shifted, groupMean);
    ssWithin += squares;
    ssBetween += group.length * (groupMean - mean) ** 2;
    constant &&= isConstant(group.length, groupMean + origin, squares);
  }
  if (constant) throw new DataError(`${owner}: each of the samples is constant, so there is no variance within them`);
  const [dfBetween, dfWithin] = [k - 1, n - k];
  const statistic = ssBetween / dfBetween / (ssWithin / dfWithin);
  return testResult('One-way analysis of variance', {
    statistic,
    pvalue: fisherF(dfBetween, dfWithin).sf(statistic),
    dfBetween,
    dfWithin,
    ssBetween,
    ssWithin,
    effectSize: ssBetween / (ssBetween + ssWithin),
  });
}

/** What the Kruskal-Wallis test tells. */
export interface KruskalResult extends TestResult {
  readonly df: number;
  /** ε²: H / (n - 1), from 0 to 1. */
  readonly effectSize: number;
}

/**
 * The Kruskal-Wallis test: whether numbers of some of k groups tend to be larger than those of others.
 *
 *   H = (12 / (n (n + 1)) Σ Rⱼ² / nⱼ - 3 (n + 1)) / (1 - Σ (t³ - t) / (n³ - n)), with k - 1 degrees of freedom
 *
 * where Rⱼ is the sum of the ranks of group j among all numbers and t counts equal numbers. p is that of the χ² distribution,
 * which is rough for groups of fewer than 5. O(n log n).
 *
 * W. Kruskal and W. Wallis, "Use of ranks in one-criterion variance analysis", JASA 47 (1952).
 *
 * @throws DataError for NaN, empty groups, or numbers that are all equal; OptionError
 */
export function kruskal(samples: readonly ArrayLike<number>[], options: SeveralSamplesOptions = {}): KruskalResult {
  const owner = 'kruskal';
  checkTogether(owner, samples);
  checkKnown(owner, options, ['nanPolicy']);
  const groups = toSamples(owner, samples, options.nanPolicy);
  const all = joined(groups);
  const n = all.length;
  const { ranks, ties } = ranksOf(all);
  if (ties === n * n * n - n) throw new DataError(`${owner}: all numbers are equal, so there is nothing to rank`);
  // Σ Rⱼ² / nⱼ around its mean, since the difference of two large numbers would lose digits.
  let [spread, from] = [0, 0];
  for (const group of groups) {
    let sum = 0;
    for (let i = from; i < from + group.length; i++) sum += ranks[i]! - (n + 1) / 2;
    spread += (sum * sum) / group.length;
    from += group.length;
  }
  const statistic = ((12 / (n * (n + 1))) * spread) / (1 - ties / (n * n * n - n));
  const df = groups.length - 1;
  return testResult('Kruskal-Wallis test', {
    statistic,
    pvalue: chiSquare(df).sf(statistic),
    df,
    effectSize: statistic / (n - 1),
  });
}

function joined(groups: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(groups.reduce((n, group) => n + group.length, 0));
  let at = 0;
  for (const group of groups) {
    all.set(group, at);
    at += group.length;
  }
  return all;
}
