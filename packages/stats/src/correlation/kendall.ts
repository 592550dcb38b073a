import { checkKnown, checkOneOf, DataError, OptionError } from '@maru-ml/base';
import { normal } from '@maru-ml/special';
import { forTies } from '../hypothesis/rank.ts';
import { type TestResult, tailProbability, testResult } from '../hypothesis/result.ts';
import { type Alternative, checkAlternative, type TestOptions, toPairs } from '../hypothesis/sample.ts';

export interface KendallOptions extends TestOptions {
  /** How ties count: both forms agree without them; c is for tables of unequal sides; 'b'. */
  variant?: 'b' | 'c';
  /** Where p comes from: all orders, or the normal distribution; 'auto': all orders without ties for up to 33 pairs, or if at most one pair of pairs is out of order. */
  method?: 'auto' | 'exact' | 'asymptotic';
}

/** What the test of Kendall's correlation tells. */
export interface KendallResult extends TestResult {
  /** τ, from -1 to 1. */
  readonly statistic: number;
  readonly alternative: Alternative;
  readonly method: 'exact' | 'asymptotic';
}

/**
 * Kendall's rank correlation: of all pairs of rows, how many more are in the same order in x and y than in opposite ones.
 *
 *   τ_b = (C - D) / √((C + D + X) (C + D + Y)),   τ_c = 2 (C - D) / (n² (m - 1) / m)
 *
 * C counts pairs in the same order, D in opposite ones, X and Y those that are equal in x or y alone, m the different values of
 * x or y, whichever has fewer. D is counted by merging. O(n log n); the exact p takes O(n min(C, D)).
 *
 * M. Kendall, "A new measure of rank correlation", Biometrika 30 (1938). W. Knight, JASA 61 (1966).
 *
 * @throws DataError for NaN, fewer than 2 pairs or a constant x or y; ShapeError for other lengths; OptionError for method
 *   'exact' with ties
 *
 * @example
 * ```ts
 * import { kendalltau } from '@maru-ml/stats';
 *
 * const { statistic, pvalue } = kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]);
 * console.log(statistic.toFixed(4), pvalue.toFixed(4)); // -0.4714 0.2827
 * ```
 */
export function kendalltau(x: ArrayLike<number>, y: ArrayLike<number>, options: KendallOptions = {}): KendallResult {
  const owner = 'kendalltau';
  checkKnown(owner, options, ['alternative', 'variant', 'method', 'nanPolicy']);
  const { alternative = 'two-sided', variant = 'b', method: wanted = 'auto', nanPolicy } = options;
  checkAlternative(owner, alternative);
  checkOneOf(owner, 'variant', variant, ['b', 'c']);
  checkOneOf(owner, 'method', wanted, ['auto', 'exact', 'asymptotic']);
  const [a, b] = toPairs(owner, ['x', 'y'], x, y, nanPolicy, 2);
  const n = a.length;
  const pairs = (n * (n - 1)) / 2;
  const { concordance, discordant, inX, inY } = countPairs(a, b);
  if (inX.pairs === pairs || inY.pairs === pairs) {
    throw new DataError(
      `${owner}: ${inX.pairs === pairs ? 'x' : 'y'} is constant, so it has no correlation with anything`,
    );
  }
  const ties = inX.pairs + inY.pairs > 0;
  if (wanted === 'exact' && ties) {
    throw new OptionError(`${owner}: some numbers are equal, so method must be 'asymptotic', got 'exact'`);
  }
  const fewest = Math.min(discordant, pairs - discordant);
  const method = wanted !== 'auto' ? wanted : !ties && (n <= 33 || fewest <= 1) ? 'exact' : 'asymptotic';
  if (method === 'exact' && n * fewest > MOST_STEPS) {
    throw new OptionError(`${owner}: ${n} pairs are too many for method 'exact'; use 'asymptotic'`);
  }
  const values = Math.min(inX.values, inY.values);
  const tau =
    variant === 'b'
      ? concordance / Math.sqrt(pairs - inX.pairs) / Math.sqrt(pairs - inY.pairs)
      : (2 * concordance) / ((n * n * (values - 1)) / values);
  const pvalue =
    method === 'exact'
      ? exactProbability(n, pairs - discordant, pairs, alternative)
      : tailProbability(normal(), concordance / Math.sqrt(variance(n, inX, inY)), alternative);
  return testResult("Kendall's rank correlation", {
    statistic: Math.max(-1, Math.min(1, tau)),
    pvalue,
    alternative,
    method,
  });
}

/** The most steps of the exact distribution: some seconds. */
const MOST_STEPS = 2 ** 31;

/** τ_b of checked pairs; NaN where one is constant. */
export function tauOf(x: Float64Array, y: Float64Array): number {
  const pairs = (x.length * (x.length - 1)) / 2;
  const { concordance, inX, inY } = countPairs(x, y);
  const tau = concordance / Math.sqrt(pairs - inX.pairs) / Math.sqrt(pairs - inY.pairs);
  return Math.max(-1, Math.min(1, tau));
}

/** What equal numbers add up to, over groups of t. */
interface Ties {
  /** Σ t (t - 1) / 2 */
  pairs: number;
  /** Σ t (t - 1) (t - 2) */
  triples: number;
  /** Σ t (t - 1) (2 t + 5) */
  weighted: number;
  /** How many different numbers there are. */
  values: number;
}

function countPairs(
  x: Float64Array,
  y: Float64Array,
): { concordance: number; discordant: number; inX: Ties; inY: Ties } {
  const n = x.length;
  const order = Uint32Array.from(x.keys()).sort((i, j) => x[i]! - x[j]! || y[i]! - y[j]!);
  let [both, from] = [0, 0];
  for (let k = 1; k <= n; k++) {
    if (k < n && x[order[k]!] === x[order[from]!] && y[order[k]!] === y[order[from]!]) continue;
    both += ((k - from) * (k - from - 1)) / 2;
    from = k;
  }
  const sorted = Float64Array.from(order, (i) => y[i]!);
  const discordant = countInversions(sorted);
  const [inX, inY] = [tiesOf(x), tiesOf(y)];
  const concordance = (n * (n - 1)) / 2 - inX.pairs - inY.pairs + both - 2 * discordant;
  return { concordance, discordant, inX, inY };
}

function tiesOf(x: Float64Array): Ties {
  const ties = { pairs: 0, triples: 0, weighted: 0, values: 0 };
  forTies(x, (_, from, to) => {
    const t = to - from;
    ties.pairs += (t * (t - 1)) / 2;
    ties.triples += t * (t - 1) * (t - 2);
    ties.weighted += t * (t - 1) * (2 * t + 5);
    ties.values++;
  });
  return ties;
}

/** How many pairs are in falling order, by merging ever longer runs. Sorts the values. */
function countInversions(values: Float64Array): number {
  const n = values.length;
  let [a, b]: [Float64Array, Float64Array] = [values, new Float64Array(n)];
  let inversions = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let low = 0; low < n; low += 2 * width) {
      const [middle, high] = [Math.min(low + width, n), Math.min(low + 2 * width, n)];
      let [i, j] = [low, middle];
      for (let k = low; k < high; k++) {
        if (j >= high || (i < middle && a[i]! <= a[j]!)) b[k] = a[i++]!;
        else {
          b[k] = a[j++]!;
          inversions += middle - i;
        }
      }
    }
    [a, b] = [b, a];
  }
  return inversions;
}

/** The variance of C - D among all orders. */
function variance(n: number, x: Ties, y: Ties): number {
  const m = n * (n - 1);
  const both = (2 * x.pairs * y.pairs) / m;
  const triples = n > 2 ? (x.triples * y.triples) / (9 * m * (n - 2)) : 0;
  return (m * (2 * n + 5) - x.weighted - y.weighted) / 18 + both + triples;
}

/** How probable at least as extreme a number of pairs in the same order is if all orders of y are equally likely. */
function exactProbability(n: number, concordant: number, pairs: number, alternative: Alternative): number {
  // The distribution is symmetric: count the smaller tail.
  const least = Math.min(concordant, pairs - concordant);
  const below = tailBelow(n, least);
  const above = 1 - tailBelow(n, least - 1);
  if (alternative === 'two-sided') return Math.min(1, 2 * below);
  const isLow = concordant === least;
  return (alternative === 'less') === isLow ? below : above;
}

/**
 * The probability of at most `c` pairs in falling order: the k-th number falls behind 0 to k - 1 of those before it, each
 * equally likely. O(n c).
 */
function tailBelow(n: number, c: number): number {
  if (c < 0) return 0;
  let p = new Float64Array(c + 1);
  let next = new Float64Array(c + 1);
  p[0] = 1;
  for (let k = 2; k <= n; k++) {
    let window = 0;
    for (let s = 0; s <= c; s++) {
      window += p[s]!;
      if (s >= k) window -= p[s - k]!;
      next[s] = window / k;
    }
    [p, next] = [next, p];
  }
  let sum = 0;
  for (let s = 0; s <= c; s++) sum += p[s]!;
  return sum;
}
