import {
  checkBoolean,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  ShapeError,
  show,
} from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
  modelFromBytes,
  modelToBytes,
  type Regressor,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  savedBoolean,
  savedString,
  takeRow,
  toMatrix,
  toTargets,
} from '@maru-ml/tensor';
import { printOptions } from '../splits/split.ts';

export interface IsotonicRegressionOptions {
  /** The least and the largest value that is predicted; null, no bound. */
  yMin?: number | null;
  yMax?: number | null;
  /** Whether y rises with x; 'auto' goes by the sign of Spearman's correlation; true. */
  increasing?: boolean | 'auto';
  /** What becomes of rows beyond those fitted with: 'clip' takes the value at the end, 'raise' is an error; 'raise'. */
  outOfBounds?: 'clip' | 'raise';
}

/**
 * The best fit that only rises: minimizes Σ wᵢ (yᵢ - ŷᵢ)² with ŷᵢ ≤ ŷⱼ wherever xᵢ ≤ xⱼ, by pooling adjacent violators. Between the
 * rows fitted with, predictions are interpolated linearly. O(n log n).
 *
 * scikit-learn's default for rows beyond the ends is NaN; here it is an error.
 *
 * Source: R. E. Barlow, D. J. Bartholomew, J. M. Bremner and H. D. Brunk, "Statistical inference under order restrictions",
 * Wiley (1972).
 */
export class IsotonicRegression implements Regressor {
  readonly options: Readonly<Required<IsotonicRegressionOptions>>;

  constructor(options: IsotonicRegressionOptions = {}) {
    const owner = 'IsotonicRegression';
    checkKnown(owner, options, ['yMin', 'yMax', 'increasing', 'outOfBounds']);
    const { increasing = true, outOfBounds = 'raise' } = options;
    const { yMin, yMax } = checkBounds(owner, options);
    if (increasing !== 'auto' && typeof increasing !== 'boolean') {
      throw new OptionError(`${owner}: increasing must be true, false or 'auto', got ${show(increasing)}`);
    }
    checkOneOf(owner, 'outOfBounds', outOfBounds, ['clip', 'raise']);
    this.options = Object.freeze({ yMin, yMax, increasing, outOfBounds });
    readable(this);
  }

  /**
   * @param x one column [n, 1] @param y numbers [n]; rows of weight 0 do not count
   * @throws ShapeError for more columns; OptionError, ShapeError, DataError for other unusable input
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): IsotonicRegressionModel {
    const owner = 'IsotonicRegression';
    checkKnown(owner, options, ['sampleWeight', 'onProgress']);
    const { data, rows, columns } = toMatrix(owner, x);
    if (columns !== 1) throw new ShapeError(`${owner}: x must have one column, got ${columns}`);
    const targets = toTargets(owner, y, rows);
    const weights = checkSampleWeight(owner, options.sampleWeight, rows);
    const { increasing, yMin, yMax, outOfBounds } = this.options;
    const points = merged(data, targets, weights);
    const rises = increasing === 'auto' ? correlation(data, targets) >= 0 : increasing;
    const fitted = pooled(points.y, points.weights, rises);
    if (!fitted.every(Number.isFinite)) throw new DataError(`${owner}: sums of y overflow; scale it down`);
    clip(fitted, yMin, yMax);
    const kept = corners(points.x, fitted);
    return new IsotonicRegressionModel(kept.x, kept.y, rises, outOfBounds);
  }

  /** @throws the same; the signal's reason if it is aborted */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    { signal, ...options }: FitAsyncOptions = {},
  ): Promise<IsotonicRegressionModel> {
    signal?.throwIfAborted();
    return this.fit(x, y, options);
  }

  toString(): string {
    return printOptions('IsotonicRegression', this.options);
  }
}

/** A step-by-step rising (or falling) function. It is made by `fit`, `fromJSON` or `fromBytes` and does not change. */
export class IsotonicRegressionModel implements RegressorModel {
  /** The corners of the function: where it changes its slope [k], and its values there. */
  readonly xThresholds: Float64Array;
  readonly yThresholds: Float64Array;
  readonly increasing: boolean;
  readonly outOfBounds: 'clip' | 'raise';
  readonly nFeaturesIn: number;
  readonly #row = new Float64Array(1);

  /** @internal */
  constructor(x: Float64Array, y: Float64Array, increasing: boolean, outOfBounds: 'clip' | 'raise') {
    this.xThresholds = x;
    this.yThresholds = y;
    this.increasing = increasing;
    this.outOfBounds = outOfBounds;
    this.nFeaturesIn = 1;
    readable(this);
    Object.freeze(this);
  }

  /** @param x [n, 1] @throws DataError for a row beyond those fitted with, unless `outOfBounds` is 'clip' */
  predict(x: MatrixLike): Float64Array {
    const { data, rows } = toMatrix('IsotonicRegression', x, { columns: 1 });
    const out = new Float64Array(rows);
    for (let i = 0; i < rows; i++) out[i] = this.#value(data[i]!, i);
    return out;
  }

  predictOne(row: ArrayLike<number>): number {
    takeRow('IsotonicRegression', row, this.#row);
    return this.#value(this.#row[0]!, -1);
  }

  /** R² on x [n, 1] and y [n]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown('IsotonicRegression', options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight('IsotonicRegression', options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets('IsotonicRegression', y, predicted.length), weights);
  }

  toJSON(): object {
    return {
      type: 'IsotonicRegressionModel',
      version: 1,
      xThresholds: encodeArray(this.xThresholds),
      yThresholds: encodeArray(this.yThresholds),
      increasing: this.increasing,
      outOfBounds: this.outOfBounds,
    };
  }

  /** The model that `toJSON` wrote. @throws DataError if it is no such model */
  static fromJSON(json: unknown): IsotonicRegressionModel {
    const owner = 'IsotonicRegressionModel.fromJSON';
    const fields = checkSaved('IsotonicRegressionModel', 1, json);
    const read = (name: 'xThresholds' | 'yThresholds', length: number) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape: [length] });
    const x = read('xThresholds', -1);
    if (x.length === 0) throw new DataError(`${owner}: xThresholds must not be empty`);
    const increasing = savedBoolean(owner, fields, 'increasing');
    const outOfBounds = savedString(owner, fields, 'outOfBounds', ['clip', 'raise']);
    return new IsotonicRegressionModel(x, read('yThresholds', x.length), increasing, outOfBounds);
  }

  /** The model as a safetensors file, for `fromBytes`. */
  toBytes(): Uint8Array {
    return modelToBytes(this);
  }

  /** The model that `toBytes` wrote. @throws DataError if it is no such model */
  static fromBytes(bytes: Uint8Array): IsotonicRegressionModel {
    return IsotonicRegressionModel.fromJSON(modelFromBytes('IsotonicRegressionModel.fromBytes', bytes));
  }

  toString(): string {
    const [x, y] = [this.xThresholds, this.yThresholds];
    const ends = [x[0]!, x[x.length - 1]!, y[0]!, y[y.length - 1]!].map((value) => Number(value.toPrecision(6)));
    return `IsotonicRegressionModel: ${x.length} corners, ${ends[2]} at ${ends[0]} to ${ends[3]} at ${ends[1]}`;
  }

  #value(x: number, row: number): number {
    const [from, to] = [this.xThresholds[0]!, this.xThresholds[this.xThresholds.length - 1]!];
    if (this.outOfBounds === 'raise' && !(x >= from && x <= to)) {
      const subject = row < 0 ? 'the row' : `x[${row}, 0]`;
      throw new DataError(
        `IsotonicRegression: ${subject} is ${x}, but the model was fitted with ${from} to ${to}; use outOfBounds: 'clip'`,
      );
    }
    return interpolated(this.xThresholds, this.yThresholds, x);
  }
}

export interface IsotonicOptions {
  /** Weights [n], ≥ 0; 1 each. */
  sampleWeight?: ArrayLike<number>;
  /** The least and the largest value; null, no bound. */
  yMin?: number | null;
  yMax?: number | null;
  /** Whether it rises; true. */
  increasing?: boolean;
}

/**
 * The numbers nearest to y, by weighted squares, that only rise (or only fall). O(n).
 * @param y [n] @throws OptionError, ShapeError, DataError for unusable input
 */
export function isotonicRegression(y: ArrayLike<number>, options: IsotonicOptions = {}): Float64Array {
  const owner = 'isotonicRegression';
  checkKnown(owner, options, ['sampleWeight', 'yMin', 'yMax', 'increasing']);
  const targets = toTargets(owner, y, (y as ArrayLike<number> | undefined)?.length ?? 0);
  if (targets.length === 0) throw new DataError(`${owner}: y must have at least one number`);
  const { yMin, yMax } = checkBounds(owner, options);
  const { increasing = true } = options;
  checkBoolean(owner, 'increasing', increasing);
  const weights = checkSampleWeight(owner, options.sampleWeight, targets.length);
  if (weights?.some((weight) => weight === 0)) throw new DataError(`${owner}: sampleWeight must be > 0 everywhere`);
  const fitted = pooled(targets, weights ?? new Float64Array(targets.length).fill(1), increasing);
  clip(fitted, yMin, yMax);
  return fitted;
}

/** The value at x of a function with corners at xs, ascending; beyond the ends those of the ends. */
export function interpolated(xs: Float64Array, ys: Float64Array, x: number): number {
  const last = xs.length - 1;
  if (x <= xs[0]!) return ys[0]!;
  if (x >= xs[last]!) return ys[last]!;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const width = xs[high]! - xs[low]!;
  // Halves, where the distance of two finite numbers is not finite.
  const share =
    width < Number.POSITIVE_INFINITY ? (x - xs[low]!) / width : (x / 2 - xs[low]! / 2) / (xs[high]! / 2 - xs[low]! / 2);
  return ys[low]! + share * (ys[high]! - ys[low]!);
}

/** The corners of the isotonic fit of y to x, that rises and has bounds of 0 and 1: for calibration. */
export function isotonicCorners(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array | null,
): { x: Float64Array; y: Float64Array } {
  const points = merged(x, y, weights);
  return corners(points.x, pooled(points.y, points.weights, true));
}

function checkBounds(
  owner: string,
  { yMin = null, yMax = null }: { yMin?: number | null; yMax?: number | null },
): { yMin: number | null; yMax: number | null } {
  if (yMin !== null) checkNumber(owner, 'yMin', yMin);
  if (yMax !== null) checkNumber(owner, 'yMax', yMax);
  if (yMin !== null && yMax !== null && yMin > yMax) {
    throw new OptionError(`${owner}: yMin must be ≤ yMax, got ${yMin} and ${yMax}`);
  }
  return { yMin, yMax };
}

/** Rows in the order of x, those of equal x as one with their mean and weight; rows of weight 0 are left out. */
function merged(
  x: ArrayLike<number>,
  y: Float64Array,
  weights: Float64Array | null,
): { x: Float64Array; y: Float64Array; weights: Float64Array } {
  const order = Array.from(y.keys()).filter((i) => weights === null || weights[i]! > 0);
  order.sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const out = { x: new Float64Array(y.length), y: new Float64Array(y.length), weights: new Float64Array(y.length) };
  let k = -1;
  for (const i of order) {
    const weight = weights === null ? 1 : weights[i]!;
    if (k < 0 || x[i] !== out.x[k]) out.x[++k] = x[i]!;
    out.y[k]! += weight * y[i]!;
    out.weights[k]! += weight;
  }
  for (let j = 0; j <= k; j++) out.y[j]! /= out.weights[j]!;
  const to = k + 1;
  return { x: out.x.slice(0, to), y: out.y.slice(0, to), weights: out.weights.slice(0, to) };
}

/** Pools adjacent violators: blocks of equal values, each the weighted mean of its members. */
function pooled(y: Float64Array, weights: Float64Array, increasing: boolean): Float64Array {
  const n = y.length;
  const at = (i: number) => (increasing ? i : n - 1 - i);
  const means = new Float64Array(n);
  const totals = new Float64Array(n);
  const ends = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    means[blocks] = y[at(i)]!;
    totals[blocks] = weights[at(i)]!;
    ends[blocks] = i + 1;
    while (blocks > 0 && means[blocks - 1]! >= means[blocks]!) {
      const [a, b] = [totals[blocks - 1]!, totals[blocks]!];
      means[blocks - 1]! += (b / (a + b)) * (means[blocks]! - means[blocks - 1]!);
      totals[blocks - 1] = a + b;
      ends[blocks - 1] = ends[blocks]!;
      blocks--;
    }
    blocks++;
  }
  const out = new Float64Array(n);
  for (let block = 0, i = 0; block < blocks; block++) for (; i < ends[block]!; i++) out[at(i)] = means[block]!;
  return out;
}

function clip(values: Float64Array, low: number | null, high: number | null): void {
  for (let i = 0; i < values.length; i++) {
    if (low !== null && values[i]! < low) values[i] = low;
    if (high !== null && values[i]! > high) values[i] = high;
  }
}

/** Leaves out the points whose value is that of both neighbors. */
function corners(x: Float64Array, y: Float64Array): { x: Float64Array; y: Float64Array } {
  const last = y.length - 1;
  const kept = (_: number, i: number) => i === 0 || i === last || y[i] !== y[i - 1] || y[i] !== y[i + 1];
  return { x: x.filter(kept), y: y.filter(kept) };
}

/** The sign of Spearman's correlation is that of the covariance of ranks. */
function correlation(x: ArrayLike<number>, y: Float64Array): number {
  const [a, b] = [ranks(x), ranks(y)];
  const middle = (y.length + 1) / 2;
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (a[i]! - middle) * (b[i]! - middle);
  return sum;
}

/** Ranks from 1; equals have the mean of theirs. */
function ranks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Float64Array(n);
  for (let from = 0; from < n; ) {
    let to = from;
    while (to < n && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) out[order[i]!] = (from + to + 1) / 2;
    from = to;
  }
  return out;
}
