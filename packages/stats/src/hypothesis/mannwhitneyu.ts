import { checkBoolean, checkKnown, checkOneOf, OptionError } from '@maru-ml/base';
import { normal } from '@maru-ml/special';
import { ranksOf } from './rank.ts';
import { type TestResult, testResult } from './result.ts';
import { type Alternative, checkAlternative, type TestOptions, toSample } from './sample.ts';

export interface MannWhitneyOptions extends TestOptions {
  /** Where p comes from: the permutations of the ranks, or the normal distribution; 'auto': permutations if a sample has at most 8 numbers (and the other not many thousands) and none are equal. */
  method?: 'auto' | 'exact' | 'asymptotic';
  /** Correct the normal approximation by half a step; true. */
  useContinuity?: boolean;
}

/** What the Mann-Whitney test tells. */
export interface MannWhitneyResult extends TestResult {
  /** U of x: how many pairs (xᵢ, yⱼ) have xᵢ > yⱼ, equal ones counted half. */
  readonly statistic: number;
  readonly alternative: Alternative;
  readonly method: 'exact' | 'asymptotic';
  /** The rank-biserial correlation 2 U / (n m) - 1: from -1, if all of x is below all of y, to 1. */
  readonly effectSize: number;
}

/**
 * The Mann-Whitney U test: whether numbers of one population tend to be larger than those of another.
 *
 * The exact p counts in how many of the choices of n ranks out of n + m the sum is at least as extreme; equal numbers keep
 * their mean ranks, so that it is exact with ties too (SciPy counts as if there were none). The normal approximation has
 * the mean n m / 2 and the variance n m / 12 (N + 1 - Σ (t³ - t) / (N (N - 1))). O(N log N), exact O(n² N²) for
 * the smaller n.
 *
 * H. Mann and D. Whitney, "On a test of whether one of two random variables is stochastically larger than the other",
 * Annals of Mathematical Statistics 18 (1947).
 *
 * @throws DataError for NaN or empty samples; OptionError, also where the exact distribution is too large
 *
 * @example
 * ```ts
 * import { mannwhitneyu } from '@maru-ml/stats';
 *
 * const { statistic, pvalue } = mannwhitneyu([19, 22, 16, 29, 24], [20, 11, 17, 12]);
 * console.log(statistic, pvalue.toFixed(4)); // 17 0.1111
 * ```
 */
export function mannwhitneyu(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: MannWhitneyOptions = {},
): MannWhitneyResult {
  const owner = 'mannwhitneyu';
  checkKnown(owner, options, ['alternative', 'method', 'useContinuity', 'nanPolicy']);
  const { alternative = 'two-sided', method: wanted = 'auto', useContinuity = true, nanPolicy } = options;
  checkAlternative(owner, alternative);
  checkOneOf(owner, 'method', wanted, ['auto', 'exact', 'asymptotic']);
  checkBoolean(owner, 'useContinuity', useContinuity);
  const first = toSample(owner, 'x', x, nanPolicy);
  const second = toSample(owner, 'y', y, nanPolicy);
  const [n, m] = [first.length, second.length];
  const both = new Float64Array(n + m);
  both.set(first);
  both.set(second, n);
  const { ranks, ties } = ranksOf(both);
  let rankSum = 0;
  for (let i = 0; i < n; i++) rankSum += ranks[i]!;
  const statistic = rankSum - (n * (n + 1)) / 2;
  const small = Math.min(n, m) <= 8 && ties === 0 && stepsOf(n, m) <= MOST_AUTO;
  const method = wanted !== 'auto' ? wanted : small ? 'exact' : 'asymptotic';
  const pvalue =
    method === 'exact'
      ? exactProbability(owner, ranks, n, rankSum, alternative)
      : approximation(statistic, n, m, ties, useContinuity, alternative);
  return testResult('Mann-Whitney U test', {
    statistic,
    pvalue,
    alternative,
    method,
    effectSize: (2 * statistic) / (n * m) - 1,
  });
}

function approximation(
  u: number,
  n: number,
  m: number,
  ties: number,
  useContinuity: boolean,
  alternative: Alternative,
): number {
  const total = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  const far = alternative === 'two-sided' ? Math.max(u, n * m - u) : alternative === 'greater' ? u : n * m - u;
  const distance = far - (n * m) / 2 - (useContinuity ? 0.5 : 0);
  // All numbers are equal: no choice of ranks is more extreme than this one.
  if (!(deviation > 0)) return 1;
  return Math.min(1, (alternative === 'two-sided' ? 2 : 1) * normal().sf(distance / deviation));
}

/** How many steps the exact distribution takes. */
function stepsOf(n: number, m: number): number {
  const least = Math.min(n, m);
  return (n + m) * (least + 1) * least * (n + m);
}

/** The most of them that are taken without being asked for: a second. */
const MOST_AUTO = 2 ** 29;

/** The most cells that the table of sums may have: half a gigabyte would be asked for beyond. */
const MOST_CELLS = 2 ** 26;

/**
 * How probable a rank sum at least as extreme is if any `n` of the ranks are as likely as others.
 *
 * Ranks are taken in turn; p[k][s] is the probability that k of those so far were chosen and add up to s. The next one is
 * chosen with probability (n - k) / (number of ranks left), so that all terms are positive and nothing overflows.
 */
function exactProbability(
  owner: string,
  ranks: Float64Array,
  n: number,
  rankSum: number,
  alternative: Alternative,
): number {
  const total = ranks.length;
  // Doubled where there are halves. The smaller sample makes the smaller table, and its sum tells that of the other.
  const scale = ranks.some((rank) => !Number.isInteger(rank)) ? 2 : 1;
  const swap = n > total - n;
  const chosen = swap ? total - n : n;
  const all = (total * (total + 1)) / 2;
  const sum = Math.round(scale * (swap ? all - rankSum : rankSum));
  const sorted = Float64Array.from(ranks, (rank) => scale * rank).sort();
  const width = 1 + sorted.subarray(total - chosen).reduce((a, b) => a + b, 0);
  if (width * (chosen + 1) > MOST_CELLS) {
    throw new OptionError(`${owner}: samples of ${n} and ${total - n} numbers are too large for method 'exact'`);
  }
  const p = new Float64Array(width * (chosen + 1));
  p[0] = 1;
  let reach = 0;
  for (let i = 0; i < total; i++) {
    const rank = sorted[i]!;
    const left = total - i;
    reach = Math.min(reach + rank, width - 1);
    for (let k = Math.min(i + 1, chosen); k >= 0; k--) {
      const [stay, take] = [1 - (chosen - k) / left, k > 0 ? (chosen - k + 1) / left : 0];
      const [row, below] = [k * width, (k - 1) * width];
      for (let s = reach; s >= 0; s--) {
        const came = take > 0 && s >= rank ? take * p[below + s - rank]! : 0;
        p[row + s] = stay * p[row + s]! + came;
      }
    }
  }
  const last = p.subarray(chosen * width);
  let [less, greater] = [0, 0];
  for (let s = 0; s <= sum; s++) less += last[s]!;
  for (let s = width - 1; s >= sum; s--) greater += last[s]!;
  if (swap) [less, greater] = [greater, less];
  const tail = alternative === 'two-sided' ? 2 * Math.min(less, greater) : alternative === 'less' ? less : greater;
  return Math.min(1, tail);
}
