import { checkKnown, checkNumber, checkOneOf } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { type Contingency, contingency } from './contingency.ts';

// How far a clustering agrees with classes, by what one tells about the other. The names of the clusters do not matter. All
// take two lists of labels [n] and throw an OptionError, ShapeError or DataError for what are none. Logarithms are natural.

/** The mutual information Σ pᵢⱼ log(pᵢⱼ / (pᵢ pⱼ)), from 0 to the smaller entropy. O(n). */
export function mutualInfoScore(labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): number {
  return mutualInformation(contingency('mutualInfoScore', labelsTrue, labelsPred));
}

export interface MutualInfoOptions {
  /** Which mean of the two entropies the information is measured against; 'arithmetic'. */
  averageMethod?: 'arithmetic' | 'geometric' | 'min' | 'max';
}

/** The mutual information over a mean of the two entropies: 1 for equal partitions, 0 where one tells nothing of the other. O(n). */
export function normalizedMutualInfoScore(
  labelsTrue: ArrayLike<Label>,
  labelsPred: ArrayLike<Label>,
  options: MutualInfoOptions = {},
): number {
  const owner = 'normalizedMutualInfoScore';
  const method = methodOf(owner, options);
  const table = contingency(owner, labelsTrue, labelsPred);
  if (table.rows.length === 1 && table.columns.length === 1) return 1;
  const information = mutualInformation(table);
  if (information === 0) return 0;
  return information / meanOf(entropy(table.rows, table.n), entropy(table.columns, table.n), method);
}

/**
 * The mutual information adjusted for chance, (MI - E[MI]) / (mean entropy - E[MI]): 1 for equal partitions, 0 on the average for
 * random ones, whatever the number of clusters. O(n + the sum over different sizes of classes and clusters of the smaller).
 *
 * N. Vinh, J. Epps and J. Bailey, "Information theoretic measures for clusterings comparison: variants, properties, normalization
 * and correction for chance", Journal of Machine Learning Research 11 (2010).
 */
export function adjustedMutualInfoScore(
  labelsTrue: ArrayLike<Label>,
  labelsPred: ArrayLike<Label>,
  options: MutualInfoOptions = {},
): number {
  const owner = 'adjustedMutualInfoScore';
  const method = methodOf(owner, options);
  const table = contingency(owner, labelsTrue, labelsPred);
  const [classes, clusters] = [table.rows.length, table.columns.length];
  // What is clear without rounding: equal partitions, and one that tells nothing.
  if (table.cells.length === classes && classes === clusters) return 1;
  if (classes === 1 || clusters === 1) return 0;
  const expected = expectedInformation(table);
  const mean = meanOf(entropy(table.rows, table.n), entropy(table.columns, table.n), method);
  const range = mean - expected;
  // Where the expectation is the most there can be, the difference is rounding alone.
  const below = range < 0 ? Math.min(range, -Number.EPSILON) : Math.max(range, Number.EPSILON);
  return (mutualInformation(table) - expected) / below;
}

export interface VMeasureOptions {
  /** How much more homogeneity counts than completeness where below 1, and less above; 1. */
  beta?: number;
}

/** The three scores that belong together. */
export interface HomogeneityCompleteness {
  /** 1 if each cluster holds rows of one class only. */
  homogeneity: number;
  /** 1 if the rows of each class are in one cluster. */
  completeness: number;
  /** Their harmonic mean, weighted by β: (1 + β) h c / (β h + c). */
  vMeasure: number;
}

/**
 * Homogeneity MI / H(classes), completeness MI / H(clusters) and their mean. O(n).
 *
 * A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation measure", EMNLP (2007).
 */
export function homogeneityCompletenessVMeasure(
  labelsTrue: ArrayLike<Label>,
  labelsPred: ArrayLike<Label>,
  options: VMeasureOptions = {},
): HomogeneityCompleteness {
  return scoresOf('homogeneityCompletenessVMeasure', labelsTrue, labelsPred, options);
}

/** 1 if each cluster holds rows of one class only. O(n). */
export function homogeneityScore(labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): number {
  return scoresOf('homogeneityScore', labelsTrue, labelsPred, {}).homogeneity;
}

/** 1 if the rows of each class are in one cluster. O(n). */
export function completenessScore(labelsTrue: ArrayLike<Label>, labelsPred: ArrayLike<Label>): number {
  return scoresOf('completenessScore', labelsTrue, labelsPred, {}).completeness;
}

/** The harmonic mean of homogeneity and completeness. O(n). */
export function vMeasureScore(
  labelsTrue: ArrayLike<Label>,
  labelsPred: ArrayLike<Label>,
  options: VMeasureOptions = {},
): number {
  return scoresOf('vMeasureScore', labelsTrue, labelsPred, options).vMeasure;
}

function scoresOf(
  owner: string,
  labelsTrue: ArrayLike<Label>,
  labelsPred: ArrayLike<Label>,
  options: VMeasureOptions,
): HomogeneityCompleteness {
  checkKnown(owner, options, ['beta']);
  const beta = checkNumber(owner, 'beta', options.beta ?? 1, { min: 0 });
  const table = contingency(owner, labelsTrue, labelsPred);
  const information = mutualInformation(table);
  const [ofClasses, ofClusters] = [entropy(table.rows, table.n), entropy(table.columns, table.n)];
  const homogeneity = ofClasses === 0 ? 1 : information / ofClasses;
  const completeness = ofClusters === 0 ? 1 : information / ofClusters;
  const below = beta * homogeneity + completeness;
  const vMeasure = below === 0 ? 0 : ((1 + beta) * homogeneity * completeness) / below;
  return { homogeneity, completeness, vMeasure };
}

function methodOf(owner: string, options: MutualInfoOptions): NonNullable<MutualInfoOptions['averageMethod']> {
  checkKnown(owner, options, ['averageMethod']);
  const { averageMethod = 'arithmetic' } = options;
  return checkOneOf(owner, 'averageMethod', averageMethod, ['arithmetic', 'geometric', 'min', 'max']);
}

function meanOf(a: number, b: number, method: NonNullable<MutualInfoOptions['averageMethod']>): number {
  if (method === 'geometric') return Math.sqrt(a * b);
  if (method === 'min') return Math.min(a, b);
  return method === 'max' ? Math.max(a, b) : (a + b) / 2;
}

function mutualInformation({ n, rows, columns, cells }: Contingency): number {
  if (rows.length === 1 || columns.length === 1) return 0;
  let sum = 0;
  for (const { row, column, count } of cells) {
    const term = (count / n) * (Math.log(count) - Math.log(rows[row]! * columns[column]!) + Math.log(n));
    // What is rounding alone would keep independent partitions from 0.
    if (Math.abs(term) >= Number.EPSILON) sum += term;
  }
  return Math.max(sum, 0);
}

function entropy(counts: Float64Array, n: number): number {
  if (counts.length === 1) return 0;
  let sum = 0;
  for (const count of counts) sum -= (count / n) * (Math.log(count) - Math.log(n));
  return sum;
}

/** The mean mutual information of all pairs of partitions with these sizes: counts are hypergeometric. */
function expectedInformation({ n, rows, columns }: Contingency): number {
  const factorial = logFactorials(n);
  let sum = 0;
  for (const [a, classes] of sizesOf(rows)) {
    for (const [b, clusters] of sizesOf(columns)) {
      const fixed = factorial[a]! + factorial[b]! + factorial[n - a]! + factorial[n - b]! - factorial[n]!;
      const apart = Math.log(n) - Math.log(a) - Math.log(b);
      let part = 0;
      for (let k = Math.max(1, a + b - n); k <= Math.min(a, b); k++) {
        const log = fixed - factorial[k]! - factorial[a - k]! - factorial[b - k]! - factorial[n - a - b + k]!;
        part += (k / n) * (Math.log(k) + apart) * Math.exp(log);
      }
      sum += classes * clusters * part;
    }
  }
  return sum;
}

/** The different sizes, with how many have each. */
function sizesOf(counts: Float64Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const count of counts) sizes.set(count, (sizes.get(count) ?? 0) + 1);
  return sizes;
}

/** log 0! to log n!, added up with what rounding takes off each. */
function logFactorials(n: number): Float64Array {
  const out = new Float64Array(n + 1);
  let [sum, lost] = [0, 0];
  for (let k = 2; k <= n; k++) {
    const term = Math.log(k) - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
    out[k] = sum;
  }
  return out;
}
