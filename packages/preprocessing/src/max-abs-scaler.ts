import {
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
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
  type SparseRows,
  savedCount,
  type Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toRows,
} from '@maru-ml/tensor';
import { type Affine, affine, mapRow, mapRows, roundingOf, scaleSparse, unmapRows, usableScale } from './affine.ts';
import { columnExtremes, type Extremes } from './extremes.ts';
import { checkCounts } from './moments.ts';
import { inputNames } from './names.ts';
import { count } from './print.ts';
import { savedFloats } from './saved.ts';

/**
 * Divides every column by its largest absolute value, so that all lie in [-1, 1]:
 *
 *   z = x / max |x|.
 *
 * It shifts nothing, so zeros stay zeros and sparse rows stay sparse. A largest value below ten units of rounding (2.2e-15, in
 * float32 1.2e-6) counts as 0 and such a column stays as it is, as in scikit-learn. NaN is left out of the figures and
 * stays NaN. O(n d), or O(elements held).
 */
export class MaxAbsScaler implements Transformer {
  /** There are none. */
  readonly options: Readonly<Record<never, never>>;

  /** @throws OptionError for any option */
  constructor(options: Record<never, never> = {}) {
    checkKnown('MaxAbsScaler', options, []);
    this.options = Object.freeze({});
    readable(this);
  }

  /**
   * Finds the largest absolute value of each column of `x` [n, d].
   * @throws DataError for infinite numbers or columns without values
   */
  fit(x: MatrixLike | SparseRows, options: { onProgress?: OnProgress } = {}): MaxAbsScalerModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<MaxAbsScalerModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return 'MaxAbsScaler {}';
  }

  *#steps(x: MatrixLike | SparseRows, options: object, known: string[]): Steps<MaxAbsScalerModel> {
    checkKnown('MaxAbsScaler', options, known);
    const rows = checkRows(x);
    yield;
    const extremes = yield* columnExtremes(rows);
    const rounding = roundingOf(rows.data instanceof Float32Array);
    return new FittedMaxAbsScaler(largest(extremes), extremes.counts, extremes.rows, rounding);
  }
}

/** The scales that `MaxAbsScaler` found. It is made by `fit` or `fromJSON` and does not change. */
export interface MaxAbsScalerModel extends FittedMaxAbsScaler {}

export class FittedMaxAbsScaler implements TransformerModel {
  /** The largest absolute value of each column [d]. */
  readonly maxAbs: Float64Array;
  /** What columns are divided by [d]: `maxAbs`, or 1 where that is 0. */
  readonly scale: Float64Array;
  /** The number of rows. */
  readonly nSamplesSeen: number;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #maxAbs: Float64Array;
  readonly #counts: Float64Array;
  readonly #rounding: number;
  readonly #map: Affine;
  readonly #row: Float64Array;

  /** @internal */
  constructor(maxAbs: Float64Array, counts: Float64Array, rows: number, rounding: number) {
    const d = maxAbs.length;
    checkCounts('MaxAbsScaler', counts);
    this.#maxAbs = maxAbs;
    this.#counts = counts;
    this.#rounding = rounding;
    this.maxAbs = maxAbs.slice();
    this.scale = usableScale('MaxAbsScaler', 'largest value', maxAbs, rounding);
    this.nSamplesSeen = rows;
    this.nFeaturesIn = d;
    this.nFeaturesOut = d;
    this.#map = affine(d, null, this.scale);
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /** The rows of `x` [m, d] scaled, sparse if they are. @throws ShapeError for other columns, DataError for infinite numbers or results */
  transform(x: SparseRows): SparseRows;
  transform(x: MatrixLike): Table;
  transform(x: MatrixLike | SparseRows): Table | SparseRows;
  transform(x: MatrixLike | SparseRows): Table | SparseRows {
    if (!isSparse(x)) return mapRows('MaxAbsScaler', x, this.#map);
    return scaleSparse('MaxAbsScaler', this.#sparse(x), this.#map.scale);
  }

  /** One row [d] scaled, into `out` [d], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('MaxAbsScaler', row, this.#row, true);
    checkOut('MaxAbsScaler', out, this.nFeaturesOut);
    mapRow('MaxAbsScaler', this.#row, out, this.#map);
    return out;
  }

  /** The way back for the rows of `x` [m, d]. Errors as for `transform`. */
  inverseTransform(x: SparseRows): SparseRows;
  inverseTransform(x: MatrixLike): Table;
  inverseTransform(x: MatrixLike | SparseRows): Table | SparseRows {
    if (!isSparse(x)) return unmapRows('MaxAbsScaler', x, this.#map);
    return scaleSparse('MaxAbsScaler', this.#sparse(x), this.#map.scale, true);
  }

  /** The model of the rows seen so far and those of `x` [m, d] (scikit-learn's `partial_fit`). Errors as for `fit`. */
  update(x: MatrixLike | SparseRows): MaxAbsScalerModel {
    const extremes = runSteps(columnExtremes(checkRows(x, this.nFeaturesIn)));
    const maxAbs = largest(extremes).map((value, j) => Math.max(value, this.#maxAbs[j]!));
    const counts = extremes.counts.map((value, j) => value + this.#counts[j]!);
    return new FittedMaxAbsScaler(maxAbs, counts, this.nSamplesSeen + extremes.rows, this.#rounding);
  }

  /** The names of the columns [d]: those given, or x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames('MaxAbsScaler', names, this.nFeaturesIn);
  }

  toJSON(): object {
    return {
      type: 'MaxAbsScalerModel',
      version: 1,
      maxAbs: encodeArray(this.#maxAbs),
      counts: encodeArray(this.#counts),
      nSamplesSeen: this.nSamplesSeen,
      rounding: encodeArray(Float64Array.of(this.#rounding)),
    };
  }

  toString(): string {
    return `MaxAbsScalerModel: ${count(this.nFeaturesIn, 'column')}`;
  }

  #sparse(x: SparseRows): SparseRows {
    return checkRows(x, this.nFeaturesIn) as SparseRows;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const MaxAbsScalerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): MaxAbsScalerModel {
    const owner = 'MaxAbsScalerModel.fromJSON';
    const fields = checkSaved('MaxAbsScalerModel', 1, json);
    const maxAbs = savedFloats(owner, fields, 'maxAbs');
    const counts = savedFloats(owner, fields, 'counts', maxAbs.length);
    const rows = savedCount(owner, fields, 'nSamplesSeen', { min: 1, max: Number.MAX_SAFE_INTEGER });
    return new FittedMaxAbsScaler(maxAbs, counts, rows, savedFloats(owner, fields, 'rounding', 1)[0]!);
  },
};

/** max |x| of each column; -Infinity where there are no values. */
function largest({ min, max }: Extremes): Float64Array {
  return max.map((value, j) => Math.max(value, -min[j]!));
}

function checkRows(x: MatrixLike | SparseRows, columns?: number): Matrix | SparseRows {
  return toRows('MaxAbsScaler', x, { keepFloat32: true, allowMissing: true, columns });
}
