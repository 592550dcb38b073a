import {
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
} from '@maru-ml/base';
import {
  checkSaved,
  type MatrixLike,
  type Regressor,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  type SparseRows,
  savedColumns,
  savedNumber,
  takeRow,
  toTargets,
} from '@maru-ml/tensor';
import { printOptions } from '../splits/split.ts';
import { shapeOf } from './shape.ts';

export interface DummyRegressorOptions {
  /** The number that is always predicted: the mean, median or a quantile of y, or a constant; 'mean'. */
  strategy?: Strategy;
  /** Which quantile, from 0 to 1, for the strategy 'quantile'; none. */
  quantile?: number | null;
  /** Which constant, for the strategy 'constant'; none. */
  constant?: number | null;
}

type Strategy = 'mean' | 'median' | 'quantile' | 'constant';

/**
 * Predicts one number without looking at the columns: what every regressor has to beat. The mean has an R² of 0 on the rows it
 * was fitted with; the median has the least mean absolute error. O(n log n).
 *
 * Quantiles are interpolated linearly; those of weighted rows are the first number at which the sum of the weights in ascending order
 * reaches the share, as in scikit-learn.
 */
export class DummyRegressor implements Regressor<MatrixLike | SparseRows> {
  readonly options: Readonly<Required<DummyRegressorOptions>>;

  constructor(options: DummyRegressorOptions = {}) {
    const owner = 'DummyRegressor';
    checkKnown(owner, options, ['strategy', 'quantile', 'constant']);
    const { strategy = 'mean', quantile = null, constant = null } = options;
    checkOneOf(owner, 'strategy', strategy, ['mean', 'median', 'quantile', 'constant']);
    if (quantile !== null) checkNumber(owner, 'quantile', quantile, { min: 0, max: 1 });
    if (constant !== null) checkNumber(owner, 'constant', constant);
    for (const [name, value] of Object.entries({ quantile, constant })) {
      if (strategy === name && value === null) {
        throw new OptionError(`${owner}: ${name} is needed for the strategy '${name}'`);
      }
    }
    this.options = Object.freeze({ strategy, quantile, constant });
    readable(this);
  }

  /**
   * @param x rows [n, d], of which only the shape counts @param y numbers [n]
   * @throws OptionError, ShapeError, DataError for unusable input
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): DummyRegressorModel {
    const owner = 'DummyRegressor';
    checkKnown(owner, options, ['sampleWeight', 'onProgress']);
    const { rows, columns } = shapeOf(owner, x);
    const targets = toTargets(owner, y, rows);
    const weights = checkSampleWeight(owner, options.sampleWeight, rows);
    const { strategy, quantile, constant } = this.options;
    const value =
      strategy === 'constant'
        ? constant!
        : strategy === 'mean'
          ? mean(targets, weights)
          : quantileOf(targets, weights, strategy === 'median' ? 0.5 : quantile!);
    if (!Number.isFinite(value)) throw new DataError(`${owner}: the ${strategy} of y overflows; scale y down`);
    return new FittedDummyRegressor(value, columns);
  }

  /** @throws the same; the signal's reason if it is aborted */
  async fitAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    { signal, ...options }: FitAsyncOptions = {},
  ): Promise<DummyRegressorModel> {
    signal?.throwIfAborted();
    return this.fit(x, y, options);
  }

  toString(): string {
    const { strategy, quantile, constant } = this.options;
    const more = strategy === 'quantile' ? { quantile } : strategy === 'constant' ? { constant } : {};
    return printOptions('DummyRegressor', { strategy, ...more });
  }
}

/** One number. It is made by `fit` or `fromJSON` and does not change. */
export interface DummyRegressorModel extends FittedDummyRegressor {}

export class FittedDummyRegressor implements RegressorModel<MatrixLike | SparseRows> {
  /** What is always predicted. */
  readonly constant: number;
  readonly nFeaturesIn: number;
  readonly #row: Float64Array;

  /** @internal */
  constructor(constant: number, columns: number) {
    this.constant = constant;
    this.nFeaturesIn = columns;
    this.#row = new Float64Array(columns);
    readable(this);
    Object.freeze(this);
  }

  predict(x: MatrixLike | SparseRows): Float64Array {
    return new Float64Array(shapeOf('DummyRegressor', x, this.nFeaturesIn).rows).fill(this.constant);
  }

  predictOne(row: ArrayLike<number>): number {
    takeRow('DummyRegressor', row, this.#row, true);
    return this.constant;
  }

  /** R² on x [n, d] and y [n]. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown('DummyRegressor', options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight('DummyRegressor', options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets('DummyRegressor', y, predicted.length), weights);
  }

  toJSON(): object {
    return { type: 'DummyRegressorModel', version: 1, constant: this.constant, nFeaturesIn: this.nFeaturesIn };
  }

  toString(): string {
    return `DummyRegressorModel: always ${Number(this.constant.toPrecision(6))}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const DummyRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is no such model */
  fromJSON(json: unknown): DummyRegressorModel {
    const owner = 'DummyRegressorModel.fromJSON';
    const fields = checkSaved('DummyRegressorModel', 1, json);
    return new FittedDummyRegressor(savedNumber(owner, fields, 'constant'), savedColumns(owner, fields));
  },
};

function mean(y: Float64Array, weights: Float64Array | null): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sum += weight * y[i]!;
    total += weight;
  }
  return sum / total;
}

function quantileOf(y: Float64Array, weights: Float64Array | null, share: number): number {
  if (weights === null) {
    const sorted = y.slice().sort();
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
  }
  const order = Array.from(y.keys())
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => y[a]! - y[b]!);
  let total = 0;
  for (const i of order) total += weights[i]!;
  let sum = 0;
  for (const i of order) {
    sum += weights[i]!;
    if (sum >= share * total) return y[i]!;
  }
  return y[order[order.length - 1]!]!;
}
