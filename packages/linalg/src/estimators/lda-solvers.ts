import { DataError, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { log } from '@maru-ml/kernels/scalar';
import { cholesky, choleskySolve } from '../dense/cholesky.ts';
import { leastSquares } from '../dense/least-squares.ts';
import { rightVectors } from '../dense/right-vectors.ts';
import { svd } from '../dense/svd.ts';
import { symmetricEigenSteps } from '../dense/symmetric-eigen.ts';
import { transposed } from '../dense/transpose.ts';
import { solveLower } from '../dense/triangular.ts';
import { type ClassRows, classMeans, rowsOf } from './class-moments.ts';
import { columnMeans, columnVariances, scatter } from './moments.ts';
import { ledoitWolfOf, shrink } from './shrinkage.ts';
import { turnRows } from './signs.ts';

/** What the solvers find. */
export interface Discriminant {
  /** [k, d]. */
  means: Float64Array;
  /** The mean of the class means, weighted by the priors [d]. */
  xbar: Float64Array;
  /** [k, d] and [k]: log p(class, x) up to what all classes share is coef · x + intercept. */
  coef: Float64Array;
  intercept: Float64Array;
  /** The discriminant directions [r, d], by descending variance between classes; null where the solver finds none. */
  directions: Float64Array | null;
  /** Their shares of the variance between classes. */
  ratios: Float64Array;
  /** The covariance within classes [d, d], where the solver uses it. */
  covariance: Float64Array | null;
  /** How many directions have variance within classes. */
  rank: number;
}

const OWNER = 'LinearDiscriminantAnalysis';

/** How a covariance is shrunk: not, by a number, or by the formula of Ledoit and Wolf. */
export type Shrinkage = null | number | 'auto';

/**
 * Whitens the rows within classes by their singular value decomposition, then the class means by another, so that no
 * covariance is formed. Directions whose deviation within classes is at most `tol` (of columns divided by theirs) are left out.
 */
export function* solveSvd(rows: ClassRows, priors: Float64Array, tol: number): Steps<Discriminant> {
  const { x, codes, k } = rows;
  const { data, rows: n, columns: d } = x;
  const means = classMeans(rows);
  const xbar = weightedMean(means, priors, d);

  // 1. Deviations from the class means, each column divided by its own.
  const deviation = (i: number, j: number) => data[i * d + j]! - means[codes[i]! * d + j]!;
  const std = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) std[j]! += deviation(i, j) ** 2;
  for (let j = 0; j < d; j++) std[j] = Math.sqrt(std[j]! / n) || 1;
  yield;
  // 2. What makes them white: V / S / std.
  const factor = Math.sqrt(1 / (n - k));
  const first = yield* rightVectors(n, d, (from, count, out, at) => {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < d; j++) out[at + i * d + j] = (factor * deviation(from + i, j)) / std[j]!;
    }
  });
  yield;
  const rank = first.s.filter((value) => value > tol).length;
  if (rank === 0) {
    throw new DataError(`${OWNER}: the rows of each class are equal, so there is no variance within classes to go by`);
  }
  const white = new Float64Array(rank * d);
  for (let r = 0; r < rank; r++) {
    for (let j = 0; j < d; j++) white[r * d + j] = first.vt[r * d + j]! / std[j]! / first.s[r]!;
  }
  // 3. The class means among white rows.
  const centers = new Float64Array(k * d);
  const weights = priors.map((prior) => Math.sqrt((n * prior) / (k - 1)));
  for (let at = 0; at < centers.length; at++) {
    centers[at] = weights[Math.floor(at / d)]! * (means[at]! - xbar[at % d]!);
  }
  const whitened = new Float64Array(k * rank);
  matmul(centers, white, whitened, { m: k, n: rank, k: d, transB: true });
  const second = svd(whitened, k, rank);
  const count = second.s.filter((value) => value > tol * second.s[0]!).length;
  const directions = new Float64Array(count * d);
  if (count > 0) matmul(second.vt, white, directions, { m: count, n: d, k: rank });
  turnRows(directions, count, d);

  const scores = new Float64Array(k * count);
  const coef = new Float64Array(k * d);
  const centered = means.map((value, at) => value - xbar[at % d]!);
  if (count > 0) {
    matmul(centered, directions, scores, { m: k, n: count, k: d, transB: true });
    matmul(scores, directions, coef, { m: k, n: d, k: count });
  }
  const intercept = priors.map((prior, c) => {
    let squares = 0;
    for (let r = 0; r < count; r++) squares += scores[c * count + r]! ** 2;
    let shift = 0;
    for (let j = 0; j < d; j++) shift += xbar[j]! * coef[c * d + j]!;
    return log(prior) - squares / 2 - shift;
  });
  const ratios = shares(second.s.map((value) => value * value));
  return { means, xbar, coef, intercept, directions, ratios, covariance: null, rank };
}

/** Solves Σ coef = mean for each class by least squares, with the covariance within classes Σ. */
export function* solveLeastSquares(rows: ClassRows, priors: Float64Array, shrinkage: Shrinkage): Steps<Discriminant> {
  const { k } = rows;
  const d = rows.x.columns;
  const means = classMeans(rows);
  const covariance = yield* covarianceWithin(rows, priors, shrinkage);
  const { x, rank } = leastSquares(covariance, d, d, transposed(means, k, d), k);
  const coef = transposed(x, d, k);
  const intercept = interceptOf(means, coef, priors, d);
  const none = new Float64Array(0);
  return {
    means,
    xbar: weightedMean(means, priors, d),
    coef,
    intercept,
    directions: null,
    ratios: none,
    covariance,
    rank,
  };
}

/** Maximizes variance between classes over variance within: S_b w = λ S_w w, by the Cholesky factor of S_w. */
export function* solveEigen(rows: ClassRows, priors: Float64Array, shrinkage: Shrinkage): Steps<Discriminant> {
  const { x, k } = rows;
  const d = x.columns;
  const means = classMeans(rows);
  const within = yield* covarianceWithin(rows, priors, shrinkage);
  const l = cholesky(within, d);
  if (l === null || isSingular(l, within, d)) {
    throw new DataError(
      `${OWNER}: the covariance within classes has no inverse; choose solver 'svd', or shrinkage 'auto', or drop columns that depend on others`,
    );
  }
  const between = yield* covarianceOf(OWNER, x, shrinkage);
  for (let at = 0; at < between.length; at++) between[at]! -= within[at]!;
  // L⁻¹ S_b L⁻ᵀ, symmetric again.
  const half = transposed(solveLower(l, d, between, d), d, d);
  const symmetric = solveLower(l, d, half, d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) symmetric[i * d + j] = (symmetric[i * d + j]! + symmetric[j * d + i]!) / 2;
  }
  const { values, vectors } = yield* symmetricEigenSteps(symmetric, d);
  yield;
  const back = solveLower(l, d, vectors, d, { transpose: true });
  const directions = new Float64Array(d * d);
  for (let r = 0; r < d; r++) for (let j = 0; j < d; j++) directions[r * d + j] = back[j * d + d - 1 - r]!;
  turnRows(directions, d, d);

  const coef = transposed(choleskySolve(l, d, transposed(means, k, d), k), d, k);
  const intercept = interceptOf(means, coef, priors, d);
  const ratios = shares(values.slice().reverse());
  const xbar = weightedMean(means, priors, d);
  return { means, xbar, coef, intercept, directions, ratios, covariance: within, rank: d };
}

/** Σ prior · (covariance of the class), with divisor n. */
export function* covarianceWithin(rows: ClassRows, priors: Float64Array, shrinkage: Shrinkage): Steps<Float64Array> {
  const d = rows.x.columns;
  const out = new Float64Array(d * d);
  for (const [c, prior] of priors.entries()) {
    const covariance = yield* covarianceOf(OWNER, rowsOf(rows, c), shrinkage);
    for (let at = 0; at < out.length; at++) out[at]! += prior * covariance[at]!;
  }
  return out;
}

function* covarianceOf(owner: string, x: ClassRows['x'], shrinkage: Shrinkage): Steps<Float64Array> {
  const { data, rows: n, columns: d } = x;
  const mean = yield* columnMeans(x);
  if (shrinkage === 'auto') {
    // Columns in their own units, so that the target, equal variances, makes sense.
    const std = (yield* columnVariances(x, mean)).map((variance) => Math.sqrt(variance) || 1);
    const standard = data.map((value, at) => (value - mean[at % d]!) / std[at % d]!);
    const { covariance } = yield* ledoitWolfOf(owner, { data: standard, rows: n, columns: d });
    return covariance.map((value, at) => value * std[Math.floor(at / d)]! * std[at % d]!);
  }
  const covariance = yield* scatter(x, mean);
  for (let at = 0; at < covariance.length; at++) covariance[at]! /= n;
  if (shrinkage !== null) shrink(covariance, d, shrinkage);
  return covariance;
}

/** -½ mean · coef + log prior of each class. */
function interceptOf(means: Float64Array, coef: Float64Array, priors: Float64Array, d: number): Float64Array {
  return priors.map((prior, c) => {
    let product = 0;
    for (let j = 0; j < d; j++) product += means[c * d + j]! * coef[c * d + j]!;
    return log(prior) - product / 2;
  });
}

function weightedMean(means: Float64Array, weights: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d);
  for (const [c, weight] of weights.entries()) for (let j = 0; j < d; j++) out[j]! += weight * means[c * d + j]!;
  return out;
}

/** Whether a factor's pivot is rounding only, beside the column's variance. */
function isSingular(l: Float64Array, covariance: Float64Array, d: number): boolean {
  for (let j = 0; j < d; j++) {
    const pivot = l[j * d + j]!;
    if (!(pivot * pivot > 8 * d * Number.EPSILON * covariance[j * d + j]!)) return true;
  }
  return false;
}

function shares(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (sum > 0 ? value / sum : 0));
}
