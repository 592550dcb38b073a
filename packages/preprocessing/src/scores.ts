import { DataError, runSteps, ShapeError, type Steps } from '@maru-ml/base';
import { betainc, gammaincc } from '@maru-ml/special';
import {
  isSparse,
  type Label,
  type Matrix,
  type MatrixLike,
  type SparseRows,
  toLabels,
  toMatrix,
  toRows,
  toTargets,
} from '@maru-ml/tensor';
import { checkColumn } from './affine.ts';

/** How much each column tells about y. */
export interface FeatureScores {
  /** [d], the higher the better */
  readonly scores: Float64Array;
  /** The probability of such a score, or a higher one, where the column tells nothing [d]. */
  readonly pvalues: Float64Array;
}

/**
 * The F statistics of one-way analysis of variance, of each column of `x` [n, d] between the classes of `y` [n]:
 *
 *   F = (Σₖ nₖ (meanₖ - mean)² / (K - 1)) / (Σₖ Σᵢ (xᵢ - meanₖ)² / (n - K)).
 *
 * A constant column has F = 0; one that is constant in each class, but not everywhere, has F = Infinity. O(n d).
 *
 * @throws DataError for fewer than two classes or sums that overflow, ShapeError if there are not more rows than classes
 *
 * @example
 * ```ts
 * import { fClassif } from '@maru-ml/preprocessing';
 *
 * const { scores, pvalues } = fClassif([[1, 5], [2, 6], [8, 5], [9, 6]], ['a', 'a', 'b', 'b']);
 * console.log(scores[0], scores[1], pvalues[1]); // 98 0 1
 * ```
 */
export function fClassif<L extends Label>(x: MatrixLike, y: ArrayLike<L>): FeatureScores {
  return runSteps(fClassifSteps(x, y));
}

/** The same with pauses between columns. */
export function* fClassifSteps<L extends Label>(x: MatrixLike, y: ArrayLike<L>): Steps<FeatureScores> {
  const owner = 'fClassif';
  const { data, rows: n, columns: d } = toMatrix(owner, x);
  yield;
  const { codes, classes } = toLabels(owner, y, n);
  const k = classes.length;
  checkClasses(owner, k);
  if (n <= k)
    throw new ShapeError(`${owner}: x must have more rows than y has classes, got ${n} rows and ${k} classes`);
  const counts = new Float64Array(k);
  for (let i = 0; i < n; i++) counts[codes[i]!]!++;
  const scores = new Float64Array(d);
  const means = new Float64Array(k);
  for (let j = 0; j < d; j++) {
    means.fill(0);
    let mean = 0;
    let same = true;
    for (let i = 0, at = j; i < n; i++, at += d) {
      means[codes[i]!]! += data[at]!;
      mean += data[at]! / n;
      same &&= data[at] === data[j];
    }
    for (let c = 0; c < k; c++) means[c]! /= counts[c]!;
    let [between, within] = [0, 0];
    for (let c = 0; c < k; c++) between += counts[c]! * (means[c]! - mean) ** 2;
    for (let i = 0, at = j; i < n; i++, at += d) within += (data[at]! - means[codes[i]!]!) ** 2;
    if (!same) checkSquares(owner, between + within, j);
    scores[j] = same ? 0 : between / (k - 1) / (within / (n - k));
    yield;
  }
  return { scores, pvalues: scores.map((score) => tailOfF(k - 1, n - k, score)) };
}

/**
 * The F statistics of the linear regression of `y` [n] on each column of `x` [n, d] alone:
 *
 *   F = r² / (1 - r²) · (n - 2),   r the correlation of the column and y.
 *
 * A constant column or a constant y has F = 0; a perfect correlation has the largest finite number, as in scikit-learn. O(n d).
 *
 * @throws ShapeError for fewer than 3 rows, DataError for sums that overflow
 *
 * @example
 * ```ts
 * import { fRegression } from '@maru-ml/preprocessing';
 *
 * const { scores, pvalues } = fRegression([[1, 1], [2, 0], [3, 1], [4, 2]], [1, 2, 3, 3]);
 * console.log(scores[0]!.toFixed(4), scores[1]!.toFixed(4)); // 16.3333 0.4444
 * console.log(pvalues[0]! < 0.1, pvalues[1]! < 0.1); // true false
 * ```
 */
export function fRegression(x: MatrixLike, y: ArrayLike<number>): FeatureScores {
  return runSteps(fRegressionSteps(x, y));
}

/** The same with pauses between columns. */
export function* fRegressionSteps(x: MatrixLike, y: ArrayLike<number>): Steps<FeatureScores> {
  const owner = 'fRegression';
  const { data, rows: n, columns: d } = toMatrix(owner, x);
  const targets = toTargets(owner, y, n);
  if (n < 3) throw new ShapeError(`${owner}: x must have at least 3 rows, got ${n}`);
  const [yMean, yConstant] = meanOf(targets, 0, 1, n);
  const scores = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    const [mean, constant] = meanOf(data, j, d, n);
    yield;
    if (constant || yConstant) continue;
    let [xx, xy, yy] = [0, 0, 0];
    for (let i = 0, at = j; i < n; i++, at += d) {
      const [dx, dy] = [data[at]! - mean, targets[i]! - yMean];
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    checkSquares(owner, xx, j);
    checkSquares(owner, yy, -1);
    const explained = (xy / xx) * (xy / yy);
    scores[j] = explained < 1 ? (explained / (1 - explained)) * (n - 2) : Number.MAX_VALUE;
  }
  return { scores, pvalues: scores.map((score) => tailOfF(1, n - 2, score)) };
}

/**
 * The χ² statistics of the counts in each column of `x` [n, d], dense or sparse, against the classes of `y` [n]:
 *
 *   χ² = Σₖ (Oₖ - Eₖ)² / Eₖ,
 *
 * where Oₖ is the sum of the column in class k, and Eₖ what it would be if counts were spread as the classes are. For counts and
 * frequencies ≥ 0, such as words in texts. A column of zeros has χ² = 0. O(elements held).
 *
 * @throws DataError for negative numbers, fewer than two classes or sums that overflow
 *
 * @example
 * ```ts
 * import { chi2 } from '@maru-ml/preprocessing';
 *
 * const { scores, pvalues } = chi2([[4, 1], [2, 1], [0, 1], [0, 1]], [0, 0, 1, 1]);
 * console.log(scores[0], scores[1], pvalues[1]); // 6 0 1
 * ```
 */
export function chi2<L extends Label>(x: MatrixLike | SparseRows, y: ArrayLike<L>): FeatureScores {
  const owner = 'chi2';
  const rows = toRows(owner, x);
  const [n, d] = isSparse(rows) ? rows.shape : [rows.rows, rows.columns];
  const { codes, classes } = toLabels(owner, y, n);
  const k = classes.length;
  checkClasses(owner, k);
  const observed = new Float64Array(k * d);
  const shares = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    const code = codes[i]!;
    shares[code]! += 1 / n;
    addCounts(owner, rows, i, observed, code * d);
  }
  const scores = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    let total = 0;
    for (let c = 0; c < k; c++) total += observed[c * d + j]!;
    for (let c = 0; c < k && total > 0; c++) {
      const expected = shares[c]! * total;
      if (expected === 0) throw vanishes(owner, 'expected count', j);
      scores[j]! += ((observed[c * d + j]! - expected) / expected) * (observed[c * d + j]! - expected);
    }
    checkColumn(owner, 'sum', scores[j]! + total, j);
  }
  return { scores, pvalues: scores.map((score) => gammaincc((k - 1) / 2, score / 2)) };
}

/** Throws a `DataError` if squares of column j (-1: of y), which is not constant, have overflown or lost their digits. */
function checkSquares(owner: string, squares: number, j: number): void {
  if (j === -1 && !Number.isFinite(squares)) {
    throw new DataError(`${owner}: the sum of squares of y overflows; divide y by a constant first`);
  }
  checkColumn(owner, 'sum of squares', squares, j);
  if (squares < 2 ** -970) throw vanishes(owner, 'sum of squares', j);
}

function vanishes(owner: string, what: string, j: number): DataError {
  const place = j === -1 ? 'y' : `column ${j}`;
  return new DataError(
    `${owner}: the ${what} of ${place} vanishes, since its numbers are so small; multiply ${j === -1 ? 'y' : 'the column'} by a constant first`,
  );
}

/** P(F > f) of Fisher's distribution with d₁ and d₂ degrees of freedom; 0 at the largest number, which stands for infinity. */
function tailOfF(d1: number, d2: number, f: number): number {
  return betainc(d2 / 2, d1 / 2, f === Number.MAX_VALUE ? 0 : d2 / (d2 + d1 * f));
}

function checkClasses(owner: string, k: number): void {
  if (k < 2) throw new DataError(`${owner}: y must have at least two classes, got ${k}`);
}

/** Adds row i, whose numbers must not be negative, to `sums` from place `to` on. */
function addCounts(owner: string, x: Matrix | SparseRows, i: number, sums: Float64Array, to: number): void {
  const [from, end] = isSparse(x) ? [x.indptr[i]!, x.indptr[i + 1]!] : [i * x.columns, (i + 1) * x.columns];
  for (let at = from; at < end; at++) {
    const j = isSparse(x) ? x.indices[at]! : at - from;
    const value = x.data[at]!;
    if (value < 0) throw new DataError(`${owner}: x[${i}, ${j}] is ${value}, but counts must be ≥ 0`);
    sums[to + j]! += value;
  }
}

/** The mean of n numbers, and whether all are equal. */
function meanOf(data: Float64Array | Float32Array, from: number, step: number, n: number): [number, boolean] {
  let mean = 0;
  let same = true;
  for (let i = 0, at = from; i < n; i++, at += step) {
    mean += data[at]! / n;
    same &&= data[at] === data[from];
  }
  return [mean, same];
}
