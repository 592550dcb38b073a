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
  runSteps,
  runStepsAsync,
  ShapeError,
  type Steps,
  show,
} from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
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
import { clip, corners, correlation, interpolated, merged, pooled } from './isotonic.ts';

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
    return runSteps(this.#steps(x, y, options));
  }

  *#steps(x: MatrixLike, y: ArrayLike<number>, options: FitOptions): Steps<IsotonicRegressionModel> {
    const owner = 'IsotonicRegression';
    checkKnown(owner, options, ['sampleWeight', 'onProgress']);
    const { data, rows, columns } = toMatrix(owner, x);
    if (columns !== 1) throw new ShapeError(`${owner}: x must have one column, got ${columns}`);
    yield;
    const targets = toTargets(owner, y, rows);
    const weights = checkSampleWeight(owner, options.sampleWeight, rows);
    const { increasing, yMin, yMax, outOfBounds } = this.options;
    yield;
    const points = yield* merged(data, targets, weights);
    yield;
    const rises = increasing === 'auto' ? (yield* correlation(data, targets)) >= 0 : increasing;
    yield;
    const fitted = pooled(points.y, points.weights, rises);
    yield;
    checkFitted(owner, fitted);
    clip(fitted, yMin, yMax);
    yield;
    const kept = corners(points.x, fitted);
    return new FittedIsotonicRegression(kept.x, kept.y, rises, outOfBounds);
  }

  /** @throws the same; the signal's reason if it is aborted */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    { signal, ...options }: FitAsyncOptions = {},
  ): Promise<IsotonicRegressionModel> {
    return runStepsAsync(this.#steps(x, y, options), { ...(signal !== undefined && { signal }) });
  }

  toString(): string {
    return printOptions('IsotonicRegression', this.options);
  }
}

/** A step-by-step rising (or falling) function. It is made by `fit` or `fromJSON` and does not change. */
export interface IsotonicRegressionModel extends FittedIsotonicRegression {}

export class FittedIsotonicRegression implements RegressorModel {
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

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const IsotonicRegressionModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is no such model */
  fromJSON(json: unknown): IsotonicRegressionModel {
    const owner = 'IsotonicRegressionModel.fromJSON';
    const fields = checkSaved('IsotonicRegressionModel', 1, json);
    const read = (name: 'xThresholds' | 'yThresholds', length: number) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape: [length], finite: true });
    const x = read('xThresholds', -1);
    if (x.length === 0) throw new DataError(`${owner}: xThresholds must not be empty`);
    const increasing = savedBoolean(owner, fields, 'increasing');
    const outOfBounds = savedString(owner, fields, 'outOfBounds', ['clip', 'raise']);
    return new FittedIsotonicRegression(x, read('yThresholds', x.length), increasing, outOfBounds);
  },
};

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
  checkFitted(owner, fitted);
  clip(fitted, yMin, yMax);
  return fitted;
}

function checkFitted(owner: string, fitted: Float64Array): void {
  if (!fitted.every(Number.isFinite)) throw new DataError(`${owner}: sums of y overflow; scale it down`);
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
