import {
  checkBoolean,
  checkKnown,
  DataError,
  type FitAsyncOptions,
  type OnProgress,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  encodeArray,
  type Matrix,
  type MatrixLike,
  savedCount,
  type Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { type Affine, mapRow, mapRows, roundingOf, unmapRows, usableScale } from './affine.ts';
import { columnExtremes, type Extremes, joinExtremes } from './extremes.ts';
import { checkCounts } from './moments.ts';
import { inputNames } from './names.ts';
import { count, printEstimator } from './print.ts';
import { savedFloats, savedOptions } from './saved.ts';

export interface MinMaxScalerOptions {
  /** Where the smallest and the largest value of each column go; [0, 1]. */
  featureRange?: readonly [low: number, high: number];
  /** Bring what lies outside in rows that come later to the ends of the range; false. */
  clip?: boolean;
}

/** The options with their defaults. */
export type MinMaxScalerSettings = Readonly<Required<MinMaxScalerOptions>>;

/**
 * Min-max normalization: brings every column to the range [a, b],
 *
 *   z = (x - min) / (max - min) · (b - a) + a.
 *
 * The smallest value becomes a exactly, the largest b. A column whose range is below ten units of rounding (2.2e-15, in
 * float32 1.2e-6) counts as constant and is only shifted, as in scikit-learn. NaN is left out of the figures and stays NaN.
 * O(n d). One far-off value squeezes all others together: see RobustScaler.
 */
export class MinMaxScaler implements Transformer {
  readonly options: MinMaxScalerSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: MinMaxScalerOptions = {}) {
    checkKnown('MinMaxScaler', options, ['featureRange', 'clip']);
    const { featureRange = [0, 1], clip = false } = options;
    const [low, high] = checkRange(featureRange);
    checkBoolean('MinMaxScaler', 'clip', clip);
    this.options = Object.freeze({ featureRange: Object.freeze([low, high] as const), clip });
    readable(this);
  }

  /**
   * Finds the smallest and largest value of each column of `x` [n, d].
   * @throws DataError for infinite numbers, columns without values or ranges that overflow
   */
  fit(x: MatrixLike, options: { onProgress?: OnProgress } = {}): MinMaxScalerModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: Omit<FitAsyncOptions, 'sampleWeight'> = {}): Promise<MinMaxScalerModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator('MinMaxScaler', this.options);
  }

  *#steps(x: MatrixLike, options: object, known: string[]): Steps<MinMaxScalerModel> {
    checkKnown('MinMaxScaler', options, known);
    const matrix = checkMatrix(x);
    yield;
    const extremes = yield* columnExtremes(matrix);
    return new FittedMinMaxScaler(this.options, extremes, roundingOf(matrix.data instanceof Float32Array));
  }
}

/** The ranges that `MinMaxScaler` found. It is made by `fit` or `fromJSON` and does not change. */
export interface MinMaxScalerModel extends FittedMinMaxScaler {}

export class FittedMinMaxScaler implements TransformerModel {
  /** The smallest value of each column [d]. */
  readonly dataMin: Float64Array;
  /** The largest value of each column [d]. */
  readonly dataMax: Float64Array;
  /** dataMax - dataMin [d]. */
  readonly dataRange: Float64Array;
  /** z = scale · x + min [d]: (b - a) / range, where a constant column has the range 1. */
  readonly scale: Float64Array;
  /** a - scale · dataMin [d]. */
  readonly min: Float64Array;
  /** The number of rows. */
  readonly nSamplesSeen: number;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #options: MinMaxScalerSettings;
  readonly #extremes: Extremes;
  readonly #rounding: number;
  readonly #map: Affine;
  readonly #row: Float64Array;

  /** @internal */
  constructor(options: MinMaxScalerSettings, extremes: Extremes, rounding: number) {
    const { min, max, counts } = extremes;
    const d = min.length;
    checkCounts('MinMaxScaler', counts);
    const [low, high] = options.featureRange;
    const range = max.map((value, j) => value - min[j]!);
    const usable = usableScale('MinMaxScaler', 'range', range, rounding);
    this.#options = options;
    this.#extremes = extremes;
    this.#rounding = rounding;
    this.dataMin = min.slice();
    this.dataMax = max.slice();
    this.dataRange = range;
    this.scale = usable.map((value) => (high - low) / value);
    this.min = min.map((value, j) => low - value * this.scale[j]!);
    this.nSamplesSeen = extremes.rows;
    this.nFeaturesIn = d;
    this.nFeaturesOut = d;
    this.#map = { shift: min.slice(), scale: usable, range: Float64Array.of(high - low, low) };
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /** The rows of `x` [m, d] in the range. @throws ShapeError for other columns, DataError for infinite numbers or results */
  transform(x: MatrixLike): Table {
    const table = mapRows('MinMaxScaler', x, this.#map);
    if (this.#options.clip) this.#clip(table.data);
    return table;
  }

  /** One row [d] in the range, into `out` [d], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('MinMaxScaler', row, this.#row, true);
    checkOut('MinMaxScaler', out, this.nFeaturesOut);
    mapRow('MinMaxScaler', this.#row, out, this.#map);
    if (this.#options.clip) this.#clip(out);
    return out;
  }

  /** The way back for the rows of `x` [m, d]; what was clipped stays at the ends. Errors as for `transform`. */
  inverseTransform(x: MatrixLike): Table {
    return unmapRows('MinMaxScaler', x, this.#map);
  }

  /** The model of the rows seen so far and those of `x` [m, d] (scikit-learn's `partial_fit`). Errors as for `fit`. */
  update(x: MatrixLike): MinMaxScalerModel {
    const more = runSteps(columnExtremes(checkMatrix(x, this.nFeaturesIn)));
    return new FittedMinMaxScaler(this.#options, joinExtremes(this.#extremes, more), this.#rounding);
  }

  /** The names of the columns [d]: those given, or x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames('MinMaxScaler', names, this.nFeaturesIn);
  }

  toJSON(): object {
    const { min, max, counts, rows } = this.#extremes;
    return {
      type: 'MinMaxScalerModel',
      version: 1,
      options: this.#options,
      dataMin: encodeArray(min),
      dataMax: encodeArray(max),
      counts: encodeArray(counts),
      nSamplesSeen: rows,
      rounding: encodeArray(Float64Array.of(this.#rounding)),
    };
  }

  toString(): string {
    const [low, high] = this.#options.featureRange;
    return `MinMaxScalerModel: ${count(this.nFeaturesIn, 'column')} to [${low}, ${high}]`;
  }

  #clip(data: Float32Array | Float64Array): void {
    const [low, high] = this.#options.featureRange;
    for (let at = 0; at < data.length; at++) {
      if (data[at]! < low) data[at] = low;
      else if (data[at]! > high) data[at] = high;
    }
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const MinMaxScalerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): MinMaxScalerModel {
    const owner = 'MinMaxScalerModel.fromJSON';
    const fields = checkSaved('MinMaxScalerModel', 1, json);
    const { options } = savedOptions(owner, fields, (saved) => new MinMaxScaler(saved));
    const min = savedFloats(owner, fields, 'dataMin');
    const max = savedFloats(owner, fields, 'dataMax', min.length);
    const counts = savedFloats(owner, fields, 'counts', min.length);
    if (min.some((value, j) => !(value <= max[j]!))) {
      throw new DataError(`${owner}: dataMin must not be above dataMax`);
    }
    const rows = savedCount(owner, fields, 'nSamplesSeen', { min: 1, max: Number.MAX_SAFE_INTEGER });
    return new FittedMinMaxScaler(options, { min, max, counts, rows }, savedFloats(owner, fields, 'rounding', 1)[0]!);
  },
};

function checkMatrix(x: MatrixLike, columns?: number): Matrix {
  return toMatrix('MinMaxScaler', x, { keepFloat32: true, allowMissing: true, columns });
}

function checkRange(range: unknown): readonly [number, number] {
  const [low, high] = Array.isArray(range) && range.length === 2 ? range : [];
  if (Number.isFinite(low) && high > low && Number.isFinite(high - low)) return [low, high];
  throw new OptionError(
    `MinMaxScaler: featureRange must be two finite numbers [low, high] with low < high, got ${show(range)}`,
  );
}
