import { checkInteger, checkKnown, checkNumber, DataError, runSteps, ShapeError } from '@maru-ml/base';
import { type Matrix, type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';
import { checkDeviations, columnMeans, scatter } from './moments.ts';

export interface MergeCorrelatedOptions {
  /** Stop when so many variables are left; 1. */
  nVariables?: number;
  /** Stop when no two variables correlate by this size or more; 0. */
  threshold?: number;
}

/** Two variables that became one. */
export interface Merge {
  /** The columns in the first and in the second variable. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Their correlation, largest in size of all at that time. */
  readonly correlation: number;
}

/** Variables that were merged by their correlations. */
export interface MergedVariables {
  /** The columns of each variable, ascending; variables in the order of their first columns. */
  readonly groups: readonly (readonly number[])[];
  /** With which sign each column counts [d]: +1 for the first of its variable. */
  readonly signs: Float64Array;
  readonly merges: readonly Merge[];
  /** The variables [n, groups]: sums of their columns, each with its sign and of mean 0 and variance 1, again of variance 1. */
  readonly variables: Table;
}

/**
 * Common factors in the simplest way, as the course notes that this library follows teach it: compute the correlations,
 * merge the two variables that correlate most into one, and again, until few are left or none correlate. A merged variable is the sum
 * of its standardized columns; one that correlates negatively comes in with its sign turned (so far ours: the notes only say "merge").
 * Of equal pairs the first is taken. O(n d² + d³). `FactorAnalysis` has a model behind it.
 *
 * @param x [n, d], n ≥ 2
 * @throws DataError if x holds missing, infinite, far too large or far too small numbers, or a constant column, which correlates with
 * nothing; OptionError or ShapeError for options and shapes that have no meaning
 */
export function mergeCorrelated(x: MatrixLike, options: MergeCorrelatedOptions = {}): MergedVariables {
  checkKnown(OWNER, options, ['nVariables', 'threshold']);
  const { nVariables = 1, threshold = 0 } = options;
  checkInteger(OWNER, 'nVariables', nVariables, { min: 1 });
  checkNumber(OWNER, 'threshold', threshold, { min: 0, max: 1 });
  const matrix = toMatrix(OWNER, x) as Matrix<Float64Array>;
  const { rows: n, columns: d } = matrix;
  if (n < 2) throw new ShapeError(`${OWNER}: x has 1 row, but correlations need at least 2`);
  if (nVariables > d) throw new ShapeError(`${OWNER}: nVariables is ${nVariables}, but x has ${d} columns`);
  const { mean, std, correlations } = standardized(matrix);

  // Sums of correlations between the columns of two variables, with their signs: the covariance of the sums.
  const products = correlations;
  const signs = new Float64Array(d).fill(1);
  const groups = Array.from({ length: d }, (_, j) => [j]);
  const alive = Array.from({ length: d }, (_, j) => j);
  const merges: Merge[] = [];
  while (alive.length > nVariables) {
    const pair = mostCorrelated(products, alive, d);
    if (Math.abs(pair.correlation) < threshold) break;
    const { a, b, correlation } = pair;
    merges.push(Object.freeze({ first: [...groups[a]!], second: [...groups[b]!], correlation }));
    const sign = correlation < 0 ? -1 : 1;
    for (const j of groups[b]!) signs[j]! *= sign;
    for (let c = 0; c < d; c++) products[a * d + c]! += sign * products[b * d + c]!;
    for (let c = 0; c < d; c++) products[c * d + a]! += sign * products[c * d + b]!;
    groups[a] = [...groups[a]!, ...groups[b]!].sort((i, j) => i - j);
    alive.splice(alive.indexOf(b), 1);
  }

  const k = alive.length;
  const variables = new Float64Array(n * k);
  for (const [v, a] of alive.entries()) {
    const size = Math.sqrt(products[a * d + a]!);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (const j of groups[a]!) sum += (signs[j]! * (matrix.data[i * d + j]! - mean[j]!)) / std[j]!;
      variables[i * k + v] = size === 0 ? 0 : sum / size;
    }
  }
  return { groups: alive.map((a) => groups[a]!), signs, merges, variables: new Table(variables, n, k) };
}

const OWNER = 'mergeCorrelated';

function standardized(x: Matrix<Float64Array>): { mean: Float64Array; std: Float64Array; correlations: Float64Array } {
  const { rows: n, columns: d } = x;
  const mean = runSteps(columnMeans(x));
  const covariance = runSteps(scatter(x, mean));
  let squares = 0;
  for (let j = 0; j < d; j++) squares += covariance[j * d + j]!;
  checkDeviations(OWNER, squares, x.data, d);
  const std = Float64Array.from({ length: d }, (_, j) => Math.sqrt(covariance[j * d + j]! / n));
  const constant = std.indexOf(0);
  if (constant >= 0)
    throw new DataError(`${OWNER}: column ${constant} of x is constant and correlates with nothing; drop it`);
  const correlations = covariance.map((value, at) => value / n / std[Math.floor(at / d)]! / std[at % d]!);
  return { mean, std, correlations };
}

function mostCorrelated(products: Float64Array, alive: readonly number[], d: number) {
  let best = { a: alive[0]!, b: alive[1]!, correlation: 0 };
  let largest = -1;
  for (const [p, a] of alive.entries()) {
    for (const b of alive.slice(p + 1)) {
      const size = Math.sqrt(products[a * d + a]! * products[b * d + b]!);
      const correlation = size === 0 ? 0 : products[a * d + b]! / size;
      if (Math.abs(correlation) <= largest) continue;
      largest = Math.abs(correlation);
      best = { a, b, correlation };
    }
  }
  return best;
}
