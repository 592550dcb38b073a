import {
  checkKnown,
  checkNumber,
  DataError,
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
  type Matrix,
  type MatrixLike,
  type SparseRows,
  type Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toRows,
} from '@maru-ml/tensor';
import { columnExtremes } from './extremes.ts';
import { checkCounts, columnMoments } from './moments.ts';
import { inputNames } from './names.ts';
import { count, printEstimator } from './print.ts';
import { savedFloats, savedOptions } from './saved.ts';
import { type Selection, selectColumns, selectionOf, spreadColumns } from './selection.ts';

export interface VarianceThresholdOptions {
  /** Columns whose variance is at most this are left out; 0: those that never change. */
  threshold?: number;
}

const OWNER = 'VarianceThreshold';

/**
 * Leaves out the columns that hardly change: keeps column j where
 *
 *   Σ (x - mean)² / n > threshold.
 *
 * At threshold 0 a column counts as constant if its variance or its range is 0, since rounding can leave a variance of equal
 * values. NaN is left out of the figures and stays NaN. O(n d), or O(elements held).
 */
export class VarianceThreshold implements Transformer {
  readonly options: Readonly<Required<VarianceThresholdOptions>>;

  /** @throws OptionError for options that have no meaning */
  constructor(options: VarianceThresholdOptions = {}) {
    checkKnown(OWNER, options, ['threshold']);
    const { threshold = 0 } = options;
    checkNumber(OWNER, 'threshold', threshold, { min: 0 });
    this.options = Object.freeze({ threshold });
    readable(this);
  }

  /**
   * Finds the variance of each column of `x` [n, d].
   * @throws DataError if no column is above the threshold, for infinite numbers, columns without values or variances that overflow
   */
  fit(x: MatrixLike | SparseRows, options: { onProgress?: OnProgress } = {}): VarianceThresholdModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<VarianceThresholdModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike | SparseRows, options: object, known: string[]): Steps<VarianceThresholdModel> {
    checkKnown(OWNER, options, known);
    const rows = checkRows(x);
    yield;
    const { counts, var: variances } = yield* columnMoments(OWNER, rows, null);
    checkCounts(OWNER, counts);
    const { threshold } = this.options;
    if (threshold === 0) {
      const { min, max } = yield* columnExtremes(rows);
      for (let j = 0; j < variances.length; j++) variances[j] = Math.min(variances[j]!, max[j]! - min[j]!);
    }
    if (!variances.some((variance) => variance > threshold)) {
      throw new DataError(`${OWNER}: no column of x has a variance above ${threshold}`);
    }
    return new FittedVarianceThreshold(this.options, variances);
  }
}

/** The columns that `VarianceThreshold` keeps. It is made by `fit` or `fromJSON` and does not change. */
export interface VarianceThresholdModel extends FittedVarianceThreshold {}

export class FittedVarianceThreshold implements TransformerModel {
  /** The variance of each column [d]; at threshold 0 its range, if that is smaller. */
  readonly variances: Float64Array;
  /** Whether each column is kept [d]. */
  readonly support: readonly boolean[];
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #options: VarianceThreshold['options'];
  readonly #selection: Selection;
  readonly #row: Float64Array;

  /** @internal */
  constructor(options: VarianceThreshold['options'], variances: Float64Array) {
    this.variances = variances;
    this.support = Object.freeze(Array.from(variances, (variance) => variance > options.threshold));
    this.#options = options;
    this.#selection = selectionOf(this.support);
    this.#row = new Float64Array(variances.length);
    this.nFeaturesIn = variances.length;
    this.nFeaturesOut = this.#selection.kept.length;
    readable(this);
    Object.freeze(this);
  }

  /** The columns kept of the rows of `x` [m, d], sparse if they are. @throws ShapeError for other columns, DataError for infinite numbers */
  transform(x: SparseRows): SparseRows;
  transform(x: MatrixLike): Table;
  transform(x: MatrixLike | SparseRows): Table | SparseRows;
  transform(x: MatrixLike | SparseRows): Table | SparseRows {
    return selectColumns(checkRows(x, this.nFeaturesIn), this.#selection);
  }

  /** The columns kept of one row [d], into `out` [nFeaturesOut], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow(OWNER, row, this.#row, true);
    checkOut(OWNER, out, this.nFeaturesOut);
    const { kept } = this.#selection;
    for (let k = 0; k < kept.length; k++) out[k] = this.#row[kept[k]!]!;
    return out;
  }

  /** The way back for `x` [m, nFeaturesOut]: columns that were left out are zeros. Errors as for `transform`. */
  inverseTransform(x: SparseRows): SparseRows;
  inverseTransform(x: MatrixLike): Table;
  inverseTransform(x: MatrixLike | SparseRows): Table | SparseRows {
    return spreadColumns(OWNER, x, this.#selection, true);
  }

  /** The names of the columns kept, of those given [d] or of x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames(OWNER, names, this.nFeaturesIn).filter((_, j) => this.support[j]);
  }

  toJSON(): object {
    return {
      type: 'VarianceThresholdModel',
      version: 1,
      options: this.#options,
      variances: encodeArray(this.variances),
    };
  }

  toString(): string {
    return `VarianceThresholdModel: ${this.nFeaturesOut} of ${count(this.nFeaturesIn, 'column')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const VarianceThresholdModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): VarianceThresholdModel {
    const owner = 'VarianceThresholdModel.fromJSON';
    const fields = checkSaved('VarianceThresholdModel', 1, json);
    const { options } = savedOptions(owner, fields, (saved) => new VarianceThreshold(saved));
    return new FittedVarianceThreshold(options, savedFloats(owner, fields, 'variances'));
  },
};

function checkRows(x: MatrixLike | SparseRows, columns?: number): Matrix | SparseRows {
  return toRows(OWNER, x, { keepFloat32: true, allowMissing: true, columns });
}
