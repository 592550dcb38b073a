import { DataError, type Steps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { rowsAtOnce } from './options.ts';

/** What a fit knows, and goes on from. */
export interface GaussianState {
  readonly priors: readonly number[] | null;
  readonly varSmoothing: number;
  /** What was added to the variances. */
  readonly epsilon: number;
  /** [k] */
  readonly classCount: Float64Array;
  /** [k, d] */
  readonly theta: Float64Array;
  /** [k, d] */
  readonly var: Float64Array;
}

/** Takes further rows into the means and variances of their classes. */
export function* updateMoments(
  before: GaussianState,
  x: Matrix,
  codes: Int32Array,
  weights: Float64Array | null,
): Steps<GaussianState> {
  const { columns: d } = x;
  const epsilon = before.varSmoothing * (yield* largestVariance(x));
  const batch = yield* momentsOf(x, codes, before.classCount.length, weights);
  const classCount = before.classCount.slice();
  const theta = before.theta.slice();
  const variance = before.var.map((value) => value - before.epsilon);
  for (const [c, more] of batch.count.entries()) {
    if (more === 0) continue;
    const total = classCount[c]! + more;
    for (let at = c * d; at < (c + 1) * d; at++) {
      const shift = batch.mean[at]! - theta[at]!;
      const squares =
        classCount[c]! * variance[at]! + batch.squares[at]! + ((classCount[c]! * more) / total) * shift * shift;
      theta[at]! += (more / total) * shift;
      variance[at] = squares / total;
    }
    classCount[c] = total;
  }
  for (let at = 0; at < variance.length; at++) variance[at]! += epsilon;
  if (!variance.every(Number.isFinite)) {
    throw new DataError('GaussianNB: variances of x overflow; divide x by a constant first');
  }
  const seen = variance.filter((_, at) => classCount[Math.floor(at / d)]! > 0);
  if (seen.some((value) => !(value >= SMALLEST))) {
    throw new DataError(
      'GaussianNB: a column of x does not vary within a class, or hardly so; a normal density needs some variance, which varSmoothing adds if a column varies at all',
    );
  }
  return { ...before, epsilon, classCount, theta, var: variance };
}

/** Smaller variances have lost digits, and squares divided by them overflow. */
const SMALLEST = 2 ** -970;

/** The largest variance of a column over all rows, weights aside, as scikit-learn takes it. */
function* largestVariance({ data, rows, columns: d }: Matrix): Steps<number> {
  const mean = new Float64Array(d);
  const squares = new Float64Array(d);
  const most = rowsAtOnce(d);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) mean[j]! += data[i * d + j]! / rows;
    if (i % most === most - 1) yield;
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) squares[j]! += (data[i * d + j]! - mean[j]!) ** 2;
    if (i % most === most - 1) yield;
  }
  return squares.reduce((largest, value) => Math.max(largest, value), 0) / rows;
}

/** Σ wᵢ, the means and the sums of squared deviations of the rows of each class. */
function* momentsOf({ data, rows, columns: d }: Matrix, codes: Int32Array, k: number, weights: Float64Array | null) {
  const count = new Float64Array(k);
  const mean = new Float64Array(k * d);
  const squares = new Float64Array(k * d);
  const most = rowsAtOnce(d);
  for (let i = 0; i < rows; i++) count[codes[i]!]! += weights === null ? 1 : weights[i]!;
  for (let i = 0; i < rows; i++) {
    const c = codes[i]!;
    const share = (weights === null ? 1 : weights[i]!) / count[c]!;
    if (share > 0) for (let j = 0; j < d; j++) mean[c * d + j]! += share * data[i * d + j]!;
    if (i % most === most - 1) yield;
  }
  for (let i = 0; i < rows; i++) {
    const c = codes[i]!;
    const weight = weights === null ? 1 : weights[i]!;
    if (weight > 0) {
      for (let j = 0; j < d; j++) squares[c * d + j]! += weight * (data[i * d + j]! - mean[c * d + j]!) ** 2;
    }
    if (i % most === most - 1) yield;
  }
  return { count, mean, squares };
}
