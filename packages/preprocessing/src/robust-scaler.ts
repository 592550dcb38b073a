import {
  checkBoolean,
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import { ndtri } from '@maru-ml/special';
import {
  checkOut,
  checkSaved,
  encodeArray,
  type Matrix,
  type MatrixLike,
  savedColumns,
  type Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { type Affine, affine, checkColumn, mapRow, mapRows, roundingOf, unmapRows, usableScale } from './affine.ts';
import { checkCounts } from './moments.ts';
import { inputNames } from './names.ts';
import { percentile, sortedColumn } from './order.ts';
import { count, printEstimator } from './print.ts';
import { savedFloatsOrNull } from './saved.ts';

export interface RobustScalerOptions {
  /** Subtract the median; true. */
  withCentering?: boolean;
  /** Divide by the range between the quantiles; true. */
  withScaling?: boolean;
  /** The quantiles, in percent; [25, 75], the quartiles. */
  quantileRange?: readonly [low: number, high: number];
  /** Divide further so that a normally distributed column gets the variance 1; false. */
  unitVariance?: boolean;
}

/** The options with their defaults. */
export type RobustScalerSettings = Readonly<Required<RobustScalerOptions>>;

/**
 * Scales by what outliers do not move: the median and the range between two quantiles,
 *
 *   z = (x - median) / (q_high - q_low).
 *
 * Quantiles are linear between the nearest values. A column whose range is below ten units of rounding counts as constant and
 * is only centered, as in scikit-learn. NaN is left out of the figures and stays NaN. O(d n log n).
 */
export class RobustScaler implements Transformer {
  readonly options: RobustScalerSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: RobustScalerOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the median and the quantiles of each column of `x` [n, d].
   * @throws DataError for infinite numbers, columns without values or ranges that overflow
   */
  fit(x: MatrixLike, options: { onProgress?: OnProgress } = {}): RobustScalerModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same, with pauses between columns. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: Omit<FitAsyncOptions, 'sampleWeight'> = {}): Promise<RobustScalerModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator('RobustScaler', this.options);
  }

  *#steps(x: MatrixLike, options: object, known: string[]): Steps<RobustScalerModel> {
    checkKnown('RobustScaler', options, known);
    const matrix = checkMatrix(x);
    yield;
    const { withCentering, withScaling, quantileRange, unitVariance } = this.options;
    const d = matrix.columns;
    const [counts, center, range] = [new Float64Array(d), new Float64Array(d), new Float64Array(d)];
    const [low, high] = quantileRange;
    // The same range of a normal distribution of variance 1.
    const unit = unitVariance ? ndtri(high / 100) - ndtri(low / 100) : 1;
    for (let j = 0; j < d; j++) {
      const sorted = yield* sortedColumn(matrix, j);
      counts[j] = sorted.length;
      if (sorted.length === 0) break;
      center[j] = percentile(sorted, 50);
      if (withCentering) checkColumn('RobustScaler', 'median', center[j]!, j);
      range[j] = percentile(sorted, high) - percentile(sorted, low);
      yield;
    }
    checkCounts('RobustScaler', counts);
    const scale = withScaling ? usableScale('RobustScaler', 'range', range, roundingOf(false)) : null;
    return new FittedRobustScaler(d, withCentering ? center : null, scale?.map((value) => value / unit) ?? null);
  }
}

/** The medians and ranges that `RobustScaler` found. It is made by `fit` or `fromJSON` and does not change. */
export interface RobustScalerModel extends FittedRobustScaler {}

export class FittedRobustScaler implements TransformerModel {
  /** The median of each column [d]; null without `withCentering`. */
  readonly center: Float64Array | null;
  /** What columns are divided by [d]: the range between the quantiles, 1 for a constant column; null without `withScaling`. */
  readonly scale: Float64Array | null;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #map: Affine;
  readonly #row: Float64Array;

  /** @internal */
  constructor(d: number, center: Float64Array | null, scale: Float64Array | null) {
    this.center = center;
    this.scale = scale;
    this.nFeaturesIn = d;
    this.nFeaturesOut = d;
    this.#map = affine(d, center, scale);
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /** The rows of `x` [m, d] scaled. @throws ShapeError for other columns, DataError for infinite numbers or results */
  transform(x: MatrixLike): Table {
    return mapRows('RobustScaler', x, this.#map);
  }

  /** One row [d] scaled, into `out` [d], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('RobustScaler', row, this.#row, true);
    checkOut('RobustScaler', out, this.nFeaturesOut);
    mapRow('RobustScaler', this.#row, out, this.#map);
    return out;
  }

  /** The way back for the rows of `x` [m, d]. Errors as for `transform`. */
  inverseTransform(x: MatrixLike): Table {
    return unmapRows('RobustScaler', x, this.#map);
  }

  /** The names of the columns [d]: those given, or x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames('RobustScaler', names, this.nFeaturesIn);
  }

  toJSON(): object {
    const { shift, scale } = this.#map;
    return {
      type: 'RobustScalerModel',
      version: 1,
      nFeaturesIn: this.nFeaturesIn,
      center: this.center === null ? null : encodeArray(shift),
      scale: this.scale === null ? null : encodeArray(scale),
    };
  }

  toString(): string {
    return `RobustScalerModel: ${count(this.nFeaturesIn, 'column')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const RobustScalerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): RobustScalerModel {
    const owner = 'RobustScalerModel.fromJSON';
    const fields = checkSaved('RobustScalerModel', 1, json);
    const d = savedColumns(owner, fields);
    const center = savedFloatsOrNull(owner, fields, 'center', d);
    return new FittedRobustScaler(d, center, savedFloatsOrNull(owner, fields, 'scale', d));
  },
};

function checkMatrix(x: MatrixLike, columns?: number): Matrix {
  return toMatrix('RobustScaler', x, { keepFloat32: true, allowMissing: true, columns });
}

function checkOptions(options: RobustScalerOptions): RobustScalerSettings {
  checkKnown('RobustScaler', options, ['withCentering', 'withScaling', 'quantileRange', 'unitVariance']);
  const { withCentering = true, withScaling = true, quantileRange = [25, 75], unitVariance = false } = options;
  checkBoolean('RobustScaler', 'withCentering', withCentering);
  checkBoolean('RobustScaler', 'withScaling', withScaling);
  checkBoolean('RobustScaler', 'unitVariance', unitVariance);
  const [low, high] = checkQuantiles(quantileRange, unitVariance);
  return Object.freeze({
    withCentering,
    withScaling,
    quantileRange: Object.freeze([low, high] as const),
    unitVariance,
  });
}

function checkQuantiles(range: unknown, unitVariance: boolean): readonly [number, number] {
  const [low, high] = Array.isArray(range) && range.length === 2 ? range : [];
  // A normal distribution ends nowhere, so it has no quantiles 0 and 100.
  if (low >= 0 && low < high && high <= 100 && !(unitVariance && (low === 0 || high === 100))) return [low, high];
  const bounds = unitVariance ? '0 < low < high < 100, as unitVariance is true' : '0 ≤ low < high ≤ 100';
  throw new OptionError(
    `RobustScaler: quantileRange must be two numbers [low, high] with ${bounds}, got ${show(range)}`,
  );
}
