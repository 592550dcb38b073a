import {
  checkBoolean,
  checkKnown,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  encodeArray,
  isSparse,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  type Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toRows,
} from '@maru-ml/tensor';
import { type Affine, affine, mapRow, mapRows, scaleSparse, unmapRows } from './affine.ts';
import { checkCounts, columnMoments, isConstant, joinMoments, type Moments } from './moments.ts';
import { inputNames } from './names.ts';
import { count, printEstimator } from './print.ts';
import { savedFloats, savedOptions } from './saved.ts';

export interface StandardScalerOptions {
  /** Subtract the mean; must be false for sparse rows; true. */
  withMean?: boolean;
  /** Divide by the standard deviation; true. */
  withStd?: boolean;
}

/**
 * Standardization: gives every column the mean 0 and the standard deviation 1,
 *
 *   z = (x - μ) / σ,  μ = Σ w x / Σ w,  σ² = Σ w (x - μ)² / Σ w.
 *
 * Most models that measure distances or descend gradients want it. A column whose variance is nothing but rounding is only
 * centered (its scale is 1). NaN is left out of the figures and stays NaN. Float32 stays float32, with figures in float64.
 * O(n d), in two passes. Options, attributes and results are those of scikit-learn.
 */
export class StandardScaler implements Transformer {
  readonly options: Readonly<Required<StandardScalerOptions>>;

  /** @throws OptionError for options that have no meaning */
  constructor(options: StandardScalerOptions = {}) {
    checkKnown('StandardScaler', options, ['withMean', 'withStd']);
    const { withMean = true, withStd = true } = options;
    checkBoolean('StandardScaler', 'withMean', withMean);
    checkBoolean('StandardScaler', 'withStd', withStd);
    this.options = Object.freeze({ withMean, withStd });
    readable(this);
  }

  /**
   * Finds the mean and variance of each column of `x` [n, d].
   * @throws DataError for infinite numbers, columns without values or figures that overflow
   */
  fit(x: MatrixLike | SparseRows, options: FitOptions = {}): StandardScalerModel {
    return runSteps(this.#steps(x, options, ['sampleWeight', 'onProgress']));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike | SparseRows, options: FitAsyncOptions = {}): Promise<StandardScalerModel> {
    return runStepsAsync(this.#steps(x, options, ['sampleWeight', 'onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator('StandardScaler', this.options);
  }

  *#steps(x: MatrixLike | SparseRows, options: FitOptions, known: string[]): Steps<StandardScalerModel> {
    checkKnown('StandardScaler', options, known);
    const moments = yield* momentsOf(x, options.sampleWeight, this.options);
    return new FittedStandardScaler(this.options, moments);
  }
}

/** The means and variances that `StandardScaler` found. It is made by `fit` or `fromJSON` and does not change. */
export interface StandardScalerModel extends FittedStandardScaler {}

export class FittedStandardScaler implements TransformerModel {
  /** The mean of each column [d]; null if neither `withMean` nor `withStd` wants it. */
  readonly mean: Float64Array | null;
  /** The variance of each column [d]; null without `withStd`. */
  readonly var: Float64Array | null;
  /** What columns are divided by [d]: the root of the variance, 1 for a constant column; null without `withStd`. */
  readonly scale: Float64Array | null;
  /** The number of rows, or the sum of their weights; for each column [d] where values are missing. */
  readonly nSamplesSeen: number | Float64Array;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #options: StandardScaler['options'];
  readonly #moments: Moments;
  readonly #map: Affine;
  readonly #row: Float64Array;

  /** @internal */
  constructor(options: StandardScaler['options'], moments: Moments) {
    const { withMean, withStd } = options;
    const { counts, mean, var: variance } = moments;
    const d = counts.length;
    this.#options = options;
    this.#moments = moments;
    this.mean = withMean || withStd ? mean.slice() : null;
    this.var = withStd ? variance.slice() : null;
    this.scale = withStd
      ? variance.map((value, j) => (isConstant(value, mean[j]!, counts[j]!) ? 1 : Math.sqrt(value)))
      : null;
    this.nSamplesSeen = counts.every((value) => value === counts[0]) ? counts[0]! : counts.slice();
    this.nFeaturesIn = d;
    this.nFeaturesOut = d;
    this.#map = affine(d, withMean ? mean : null, this.scale);
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The rows of `x` [m, d] standardized, sparse if they are.
   * @throws ShapeError for other columns, DataError for infinite numbers or results, OptionError for sparse rows with `withMean`
   */
  transform(x: SparseRows): SparseRows;
  transform(x: MatrixLike): Table;
  transform(x: MatrixLike | SparseRows): Table | SparseRows;
  transform(x: MatrixLike | SparseRows): Table | SparseRows {
    if (!isSparse(x)) return mapRows('StandardScaler', x, this.#map);
    return scaleSparse('StandardScaler', this.#sparse(x), this.#map.scale);
  }

  /** The rows of `x` [m, d] standardized, into `out` [m d], which the result holds. Errors as for `transform`. */
  transformInto(x: MatrixLike, out: Float32Array | Float64Array): Table {
    return mapRows('StandardScaler', x, this.#map, out);
  }

  /** One row [d] standardized, into `out` [d], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('StandardScaler', row, this.#row, true);
    checkOut('StandardScaler', out, this.nFeaturesOut);
    mapRow('StandardScaler', this.#row, out, this.#map);
    return out;
  }

  /** The way back: x = σ z + μ of the rows of `x` [m, d]. Errors as for `transform`. */
  inverseTransform(x: SparseRows): SparseRows;
  inverseTransform(x: MatrixLike): Table;
  inverseTransform(x: MatrixLike | SparseRows): Table | SparseRows {
    if (!isSparse(x)) return unmapRows('StandardScaler', x, this.#map);
    return scaleSparse('StandardScaler', this.#sparse(x), this.#map.scale, true);
  }

  /** The model of the rows seen so far and those of `x` [m, d] (scikit-learn's `partial_fit`). Errors as for `fit`. */
  update(x: MatrixLike | SparseRows, options: ScoreOptions = {}): StandardScalerModel {
    checkKnown('StandardScaler', options, ['sampleWeight']);
    const more = runSteps(momentsOf(x, options.sampleWeight, this.#options, this.#moments));
    return new FittedStandardScaler(this.#options, more);
  }

  /** The names of the columns [d]: those given, or x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames('StandardScaler', names, this.nFeaturesIn);
  }

  toJSON(): object {
    const { counts, mean, var: variance } = this.#moments;
    return {
      type: 'StandardScalerModel',
      version: 1,
      options: this.#options,
      counts: encodeArray(counts),
      mean: encodeArray(mean),
      var: encodeArray(variance),
    };
  }

  toString(): string {
    return `StandardScalerModel: ${count(this.nFeaturesIn, 'column')}`;
  }

  #sparse(x: SparseRows): SparseRows {
    return checkRows(x, this.#options, this.nFeaturesIn) as SparseRows;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const StandardScalerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): StandardScalerModel {
    const owner = 'StandardScalerModel.fromJSON';
    const fields = checkSaved('StandardScalerModel', 1, json);
    const { options } = savedOptions(owner, fields, (saved) => new StandardScaler(saved));
    const counts = savedFloats(owner, fields, 'counts');
    const mean = savedFloats(owner, fields, 'mean', counts.length);
    return new FittedStandardScaler(options, { counts, mean, var: savedFloats(owner, fields, 'var', counts.length) });
  },
};

/** The moments of x, and of what was seen before. */
function* momentsOf(
  x: MatrixLike | SparseRows,
  sampleWeight: ArrayLike<number> | undefined,
  options: StandardScaler['options'],
  before: Moments | null = null,
): Steps<Moments> {
  const rows = checkRows(x, options, before?.counts.length);
  const weights = checkSampleWeight('StandardScaler', sampleWeight, isSparse(rows) ? rows.shape[0] : rows.rows);
  yield;
  const found = yield* columnMoments('StandardScaler', rows, weights, options.withStd);
  const moments = before === null ? found : joinMoments('StandardScaler', before, found, options.withStd);
  checkCounts('StandardScaler', moments.counts);
  return moments;
}

function checkRows(
  x: MatrixLike | SparseRows,
  { withMean }: StandardScaler['options'],
  columns: number | undefined,
): Matrix | SparseRows {
  if (withMean && isSparse(x)) {
    throw new OptionError(
      'StandardScaler: x is sparse, but subtracting the mean would fill it; use withMean: false or toDense(x)',
    );
  }
  return toRows('StandardScaler', x, { keepFloat32: true, allowMissing: true, columns });
}
