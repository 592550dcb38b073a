import { checkKnown, checkNumber, checkOneOf, DataError } from '@maru-ml/base';
import { orderOf } from './rank.ts';
import { testResult } from './result.ts';
import { toSample } from './sample.ts';

const METHODS = [
  'bonferroni',
  'sidak',
  'holm-sidak',
  'holm',
  'simes-hochberg',
  'hommel',
  'fdr_bh',
  'fdr_by',
  'fdr_tsbh',
  'fdr_tsbky',
] as const;

/** Corrections by the names of statsmodels. Those that start with fdr hold the false discovery rate, the others the family-wise error rate. */
export type MultipleTestsMethod = (typeof METHODS)[number];

export interface MultipleTestsOptions {
  /** The error rate that is to be held; .05. */
  alpha?: number;
  /** The correction; 'holm-sidak'. */
  method?: MultipleTestsMethod;
}

/** What is left of tests once it is known how many there were. */
export interface MultipleTestsResult {
  /** Which null hypotheses are rejected [n]. */
  readonly reject: boolean[];
  /** p as if there had been one test: reject where it is at most alpha [n]. */
  readonly pvalsCorrected: Float64Array;
  /** What each p would be held against by Šidák, 1 - (1 - alpha)^(1/n). */
  readonly alphacSidak: number;
  /** What each p would be held against by Bonferroni, alpha / n. */
  readonly alphacBonf: number;
}

/**
 * Corrects the p-values of several tests. With p₍₁₎ ≤ … ≤ p₍ₙ₎:
 *
 *   bonferroni       n p                                      sidak       1 - (1 - p)ⁿ
 *   holm             max over j ≤ i of (n - j + 1) p₍ⱼ₎       holm-sidak  max over j ≤ i of 1 - (1 - p₍ⱼ₎)^(n - j + 1)
 *   simes-hochberg   min over j ≥ i of (n - j + 1) p₍ⱼ₎       fdr_bh      min over j ≥ i of n p₍ⱼ₎ / j
 *   fdr_by           fdr_bh times Σ 1 / j                     hommel      Simes' test of every intersection
 *   fdr_tsbh, _tsbky fdr_bh for the number of true null hypotheses that a first stage estimates
 *
 * holm is valid for any tests and never rejects less than bonferroni; holm-sidak is for independent ones; simes-hochberg, hommel
 * and fdr_bh for independent or positively dependent ones; fdr_by for any. O(n log n), hommel O(n²).
 *
 * S. Holm, Scandinavian Journal of Statistics 6 (1979). Y. Hochberg, Biometrika 75 (1988). G. Hommel, Biometrika 75 (1988).
 * Y. Benjamini and Y. Hochberg, JRSS B 57 (1995). Y. Benjamini and D. Yekutieli, Annals of Statistics 29 (2001).
 * Y. Benjamini, A. Krieger and D. Yekutieli, Biometrika 93 (2006).
 *
 * @throws DataError for p-values outside 0 to 1 or none; OptionError
 *
 * @example
 * ```ts
 * import { multipletests } from '@maru-ml/stats';
 *
 * const { reject, pvalsCorrected } = multipletests([0.01, 0.02, 0.03, 0.2], { method: 'fdr_bh' });
 * console.log(reject, [...pvalsCorrected]); // [ true, true, true, false ] [ 0.04, 0.04, 0.04, 0.2 ]
 * ```
 */
export function multipletests(pvals: ArrayLike<number>, options: MultipleTestsOptions = {}): MultipleTestsResult {
  const owner = 'multipletests';
  checkKnown(owner, options, ['alpha', 'method']);
  const { alpha = 0.05, method = 'holm-sidak' } = options;
  checkNumber(owner, 'alpha', alpha, { above: 0, below: 1 });
  checkOneOf(owner, 'method', method, METHODS);
  const p = toSample(owner, 'pvals', pvals);
  const outside = p.findIndex((value) => value < 0 || value > 1);
  if (outside >= 0) throw new DataError(`${owner}: pvals[${outside}] must be from 0 to 1, got ${p[outside]}`);

  const n = p.length;
  const order = orderOf(p);
  const sorted = Float64Array.from(order, (i) => p[i]!);
  const corrected = CORRECTIONS[method](sorted, alpha);
  const pvalsCorrected = new Float64Array(n);
  const reject = new Array<boolean>(n);
  for (let k = 0; k < n; k++) {
    const value = Math.min(1, corrected[k]!);
    pvalsCorrected[order[k]!] = value;
    reject[order[k]!] = value <= alpha;
  }
  const alphacSidak = -Math.expm1(Math.log1p(-alpha) / n);
  const rejected = reject.filter(Boolean).length;
  const title = `Multiple tests (${method}): ${rejected} of ${n} rejected at alpha ${alpha}`;
  return testResult(title, { reject, pvalsCorrected, alphacSidak, alphacBonf: alpha / n });
}

/** Corrected values of ascending p-values. Those of two stages depend on alpha. */
const CORRECTIONS: Readonly<Record<MultipleTestsMethod, (p: Float64Array, alpha: number) => Float64Array>> = {
  bonferroni: (p) => p.map((value) => p.length * value),
  sidak: (p) => p.map((value) => sidak(value, p.length)),
  holm: (p) => runningMax(p.map((value, i) => (p.length - i) * value)),
  'holm-sidak': (p) => runningMax(p.map((value, i) => sidak(value, p.length - i))),
  'simes-hochberg': (p) => runningMin(p.map((value, i) => (p.length - i) * value)),
  hommel,
  fdr_bh: benjaminiHochberg,
  fdr_by: (p) => {
    let harmonic = 0;
    for (let j = 1; j <= p.length; j++) harmonic += 1 / j;
    return benjaminiHochberg(p).map((value) => harmonic * value);
  },
  fdr_tsbh: (p, alpha) => twoStages(p, alpha, 1),
  fdr_tsbky: (p, alpha) => twoStages(p, alpha, 1 + alpha),
};

/** 1 - (1 - p)^m without losing small p. */
function sidak(p: number, m: number): number {
  return -Math.expm1(m * Math.log1p(-p));
}

function benjaminiHochberg(p: Float64Array): Float64Array {
  return runningMin(p.map((value, i) => (p.length * value) / (i + 1)));
}

function hommel(p: Float64Array): Float64Array {
  const n = p.length;
  const corrected = p.slice();
  for (let m = n; m > 1; m--) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 1; i <= m; i++) least = Math.min(least, (m * p[n - m + i - 1]!) / i);
    for (let i = 0; i < n; i++) {
      const bound = i >= n - m ? least : Math.min(m * p[i]!, least);
      corrected[i] = Math.max(corrected[i]!, bound);
    }
  }
  return corrected;
}

/**
 * Benjamini-Hochberg at alpha / factor tells how many hypotheses are likely true, m₀ = n - rejected; the second stage puts m₀
 * in the place of n. If the first rejects none or all it is the last.
 */
function twoStages(p: Float64Array, alpha: number, factor: number): Float64Array {
  const n = p.length;
  const first = benjaminiHochberg(p).map((value) => factor * value);
  const rejected = first.filter((value) => value <= alpha).length;
  if (rejected === 0 || rejected === n) return first;
  return first.map((value) => (value * (n - rejected)) / n);
}

function runningMax(values: Float64Array): Float64Array {
  for (let i = 1; i < values.length; i++) values[i] = Math.max(values[i]!, values[i - 1]!);
  return values;
}

function runningMin(values: Float64Array): Float64Array {
  for (let i = values.length - 2; i >= 0; i--) values[i] = Math.min(values[i]!, values[i + 1]!);
  return values;
}
