import { checkBoolean, checkKnown, checkOneOf, DataError, OptionError } from '@maru-ml/base';
import { normal } from '@maru-ml/special';
import { ranksOf } from './rank.ts';
import { type TestResult, testResult } from './result.ts';
import { type Alternative, checkAlternative, type TestOptions, toPairs, toSample } from './sample.ts';

export interface WilcoxonOptions extends TestOptions {
  /** Differences of 0: left out, ranked but not counted (Pratt), or counted half to each side; 'wilcox'. */
  zeroMethod?: 'wilcox' | 'pratt' | 'zsplit';
  /** Correct the normal approximation by half a step; false. */
  correction?: boolean;
  /** Where p comes from: all signs of the ranks, or the normal distribution; 'auto': all signs for at most 50 differences of which none is 0. */
  method?: 'auto' | 'exact' | 'approx';
}

/** What the Wilcoxon test tells. */
export interface WilcoxonResult extends TestResult {
  /** The sum of the ranks of positive differences; if two-sided the smaller one of it and that of negative differences. */
  readonly statistic: number;
  readonly alternative: Alternative;
  readonly method: 'exact' | 'approx';
  /** The statistic in standard deviations, of the normal approximation; NaN if p is exact. */
  readonly zstatistic: number;
  /** The matched-pairs rank-biserial correlation (T₊ - T₋) / (T₊ + T₋), from -1 to 1. */
  readonly effectSize: number;
}

/**
 * The Wilcoxon signed-rank test: whether the differences xᵢ - yᵢ (or x alone) are symmetric about 0.
 *
 * The sizes of the differences are ranked. The exact p counts in how many of the 2ⁿ choices of signs the sum of the positive
 * ranks is at least as extreme; equal sizes keep their mean ranks, so that it is exact with ties too (SciPy counts as if there
 * were none). O(n log n), exact O(n³).
 *
 * F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945).
 * J. Pratt, "Remarks on zeros and ties in the Wilcoxon signed rank procedures", JASA 54 (1959).
 *
 * @param y the second numbers of the pairs; null if x holds differences
 * @throws DataError for NaN, no numbers or only differences of 0; ShapeError for other lengths; OptionError for method 'exact'
 *   with differences of 0
 *
 * @example
 * ```ts
 * import { wilcoxon } from '@maru-ml/stats';
 *
 * const heights = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
 * console.log(wilcoxon(heights).pvalue); // 0.041259765625
 * ```
 */
export function wilcoxon(
  x: ArrayLike<number>,
  y: ArrayLike<number> | null = null,
  options: WilcoxonOptions = {},
): WilcoxonResult {
  const owner = 'wilcoxon';
  checkKnown(owner, options, ['alternative', 'zeroMethod', 'correction', 'method', 'nanPolicy']);
  const { alternative = 'two-sided', zeroMethod = 'wilcox', correction = false, method: wanted = 'auto' } = options;
  checkAlternative(owner, alternative);
  checkOneOf(owner, 'zeroMethod', zeroMethod, ['wilcox', 'pratt', 'zsplit']);
  checkOneOf(owner, 'method', wanted, ['auto', 'exact', 'approx']);
  checkBoolean(owner, 'correction', correction);
  const all = differences(owner, x, y, options);
  const zeros = all.filter((d) => d === 0).length;
  if (zeros === all.length) throw new DataError(`${owner}: all differences are 0, so there is nothing to rank`);
  const method = wanted !== 'auto' ? wanted : all.length <= 50 && zeros === 0 ? 'exact' : 'approx';
  if (method === 'exact' && zeros > 0) {
    throw new OptionError(`${owner}: ${zeros} of the differences are 0, so method must be 'approx', got 'exact'`);
  }

  const d = zeroMethod === 'wilcox' ? all.filter((value) => value !== 0) : all;
  const { ranks } = ranksOf(d.map(Math.abs));
  const [positive, negative] = rankSums(d, ranks, zeroMethod === 'zsplit');
  const statistic = alternative === 'two-sided' ? Math.min(positive, negative) : positive;
  const z =
    method === 'exact'
      ? Number.NaN
      : standardized(statistic, d, ranks, zeroMethod === 'pratt', correction, alternative);
  const pvalue = method === 'exact' ? exactProbability(ranks, positive, alternative) : tail(z, alternative);
  const effectSize = (positive - negative) / (positive + negative);
  return testResult('Wilcoxon signed-rank test', { statistic, pvalue, alternative, method, zstatistic: z, effectSize });
}

function differences(
  owner: string,
  x: ArrayLike<number>,
  y: ArrayLike<number> | null,
  { nanPolicy }: TestOptions,
): Float64Array {
  if (y === null) return toSample(owner, 'x', x, nanPolicy);
  const [first, second] = toPairs(owner, ['x', 'y'], x, y, nanPolicy);
  return first.map((value, i) => value - second[i]!);
}

/** The ranks of positive and of negative differences, added up; those of 0 half to each side if they are to be split. */
function rankSums(d: Float64Array, ranks: Float64Array, split: boolean): [number, number] {
  let [positive, negative] = [0, 0];
  for (let i = 0; i < d.length; i++) {
    const rank = ranks[i]!;
    if (d[i]! > 0) positive += rank;
    else if (d[i]! < 0) negative += rank;
    else if (split) {
      positive += rank / 2;
      negative += rank / 2;
    }
  }
  return [positive, negative];
}

/** The statistic in standard deviations from its mean. */
function standardized(
  statistic: number,
  d: Float64Array,
  ranks: Float64Array,
  pratt: boolean,
  correction: boolean,
  alternative: Alternative,
): number {
  const n = d.length;
  let mean = (n * (n + 1)) / 4;
  let variance = n * (n + 1) * (2 * n + 1);
  let ranked = ranks;
  if (pratt) {
    // The ranks of zeros have no sign (E. Cureton, JASA 62, 1967).
    ranked = ranks.filter((_, i) => d[i] !== 0);
    const zeros = n - ranked.length;
    mean -= (zeros * (zeros + 1)) / 4;
    variance -= zeros * (zeros + 1) * (2 * zeros + 1);
  }
  variance -= ranksOf(ranked).ties / 2;
  const distance = statistic - mean;
  const half = !correction
    ? 0
    : alternative === 'two-sided'
      ? Math.sign(distance) / 2
      : alternative === 'less'
        ? -0.5
        : 0.5;
  return (distance - half) / Math.sqrt(variance / 24);
}

function tail(z: number, alternative: Alternative): number {
  if (alternative === 'less') return normal().cdf(z);
  return alternative === 'greater' ? normal().sf(z) : Math.min(1, 2 * normal().sf(Math.abs(z)));
}

/** Beyond, the exact distribution takes many seconds and is the normal one to all digits that matter. */
const MOST_EXACT = 1000;

/** How probable a sum of positive ranks at least as extreme is if each sign is as likely as the other. */
function exactProbability(ranks: Float64Array, positive: number, alternative: Alternative): number {
  // Doubled where there are halves.
  const scale = ranks.some((rank) => !Number.isInteger(rank)) ? 2 : 1;
  const sum = Math.round(scale * positive);
  const n = ranks.length;
  if (n > MOST_EXACT) {
    throw new OptionError(
      `wilcoxon: ${n} differences are too many for method 'exact', which takes at most ${MOST_EXACT}`,
    );
  }
  const p = new Float64Array((scale * n * (n + 1)) / 2 + 1);
  p[0] = 1;
  let reach = 0;
  for (let i = 0; i < n; i++) {
    const rank = scale * ranks[i]!;
    reach += rank;
    for (let s = reach; s >= 0; s--) p[s] = (p[s]! + (s >= rank ? p[s - rank]! : 0)) / 2;
  }
  let [less, greater] = [0, 0];
  for (let s = 0; s <= sum; s++) less += p[s]!;
  for (let s = reach; s >= sum; s--) greater += p[s]!;
  const probability =
    alternative === 'two-sided' ? 2 * Math.min(less, greater) : alternative === 'less' ? less : greater;
  return Math.min(1, probability);
}
