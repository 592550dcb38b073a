import { DataError, type Steps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { rowsAtOnce } from './options.ts';

/** What a fit knows, and goes on from. */
export interface GaussianState {
  readonly priors: readonly number[] | null;
  readonly varSmoothing: number;
  /** What was added to the variances. */
  readonly epsilon: number;
  /** All rows so far, weights aside, from whose largest variance of a column `epsilon` comes. */
  readonly rows: Spread;
  /** [k] */
  readonly classCount: Float64Array;
  /** [k, d] */
  readonly theta: Float64Array;
  /** [k, d] */
  readonly var: Float64Array;
}

/** How rows spread, whatever their class: their number, the means and the sums of squared deviations of their columns [d]. */
export interface Spread {
  readonly count: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

/** Takes further rows into the means and variances of their classes. */
export function* updateMoments(
  before: GaussianState,
  x: Matrix,
  codes: Int32Array,
  weights: Float64Array | null,
): Steps<GaussianState> {
  const d = x.columns;
  const k = before.classCount.length;
  const batch = yield* momentsOf(x, codes, k, weights);
  const unweighted = weights === null ? batch : yield* momentsOf(x, codes, k, null);
  const rows = together(before.rows, spreadOf(unweighted, x.rows));
  const largest = rows.squares.reduce((most, sum) => Math.max(most, sum), 0);
  const epsilon = before.varSmoothing * (largest / rows.count);
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
  return { ...before, epsilon, rows, classCount, theta, var: variance };
}

/** Smaller variances have lost digits, and squares divided by them overflow. */
const SMALLEST = 2 ** -970;

/** What a batch of rows adds: for each class Σ wᵢ [k], the means and the sums of squared deviations [k, d]. */
interface Moments {
  readonly count: Float64Array;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

/** The moments of the rows of each class, in two passes. */
function* momentsOf(x: Matrix, codes: Int32Array, k: number, weights: Float64Array | null): Steps<Moments> {
  const { rows, columns: d } = x;
  const count = new Float64Array(k);
  const moments = { count, mean: new Float64Array(k * d), squares: new Float64Array(k * d) };
  for (let i = 0; i < rows; i++) count[codes[i]!]! += weights === null ? 1 : weights[i]!;
  const most = rowsAtOnce(d);
  // Rows in functions of their own: loops of generators are compiled to slower ones.
  for (const add of [addToMeans, addToSquares]) {
    for (let from = 0; from < rows; from += most) {
      add(x, codes, weights, moments, from, Math.min(rows, from + most));
      yield;
    }
  }
  return moments;
}

type AddRows = (
  x: Matrix,
  codes: Int32Array,
  weights: Float64Array | null,
  moments: Moments,
  from: number,
  to: number,
) => void;

const addToMeans: AddRows = ({ data, columns: d }, codes, weights, { count, mean }, from, to) => {
  for (let i = from; i < to; i++) {
    const c = codes[i]!;
    const share = (weights === null ? 1 : weights[i]!) / count[c]!;
    if (!(share > 0)) continue;
    for (let at = c * d, j = i * d; j < (i + 1) * d; at++, j++) mean[at]! += share * data[j]!;
  }
};

const addToSquares: AddRows = ({ data, columns: d }, codes, weights, { mean, squares }, from, to) => {
  for (let i = from; i < to; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    if (!(weight > 0)) continue;
    for (let at = codes[i]! * d, j = i * d; j < (i + 1) * d; at++, j++) {
      const deviation = data[j]! - mean[at]!;
      squares[at]! += weight * deviation * deviation;
    }
  }
};

/** How all rows spread: within the classes and between their means. */
function spreadOf({ count, mean, squares }: Moments, rows: number): Spread {
  const d = mean.length / count.length;
  const all = { count: rows, mean: new Float64Array(d), squares: new Float64Array(d) };
  for (let j = 0; j < d; j++) {
    let center = 0;
    for (let c = 0; c < count.length; c++) center += (count[c]! / rows) * mean[c * d + j]!;
    let sum = 0;
    for (let c = 0; c < count.length; c++) {
      const shift = mean[c * d + j]! - center;
      sum += squares[c * d + j]! + count[c]! * shift * shift;
    }
    all.mean[j] = center;
    all.squares[j] = sum;
  }
  return all;
}

/** How the rows of both spread. */
function together(before: Spread, more: Spread): Spread {
  if (before.count === 0) return more;
  const count = before.count + more.count;
  const shifts = before.mean.map((mean, j) => more.mean[j]! - mean);
  return {
    count,
    mean: before.mean.map((mean, j) => mean + (more.count / count) * shifts[j]!),
    squares: before.squares.map((sum, j) => {
      return sum + more.squares[j]! + ((before.count * more.count) / count) * shifts[j]! * shifts[j]!;
    }),
  };
}
