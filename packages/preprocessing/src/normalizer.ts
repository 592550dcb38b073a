import {
  checkKnown,
  checkOneOf,
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
  isSparse,
  type Matrix,
  type MatrixLike,
  type SparseRows,
  savedColumns,
  Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toRows,
} from '@maru-ml/tensor';
import { arrayLike } from './affine.ts';
import { inputNames } from './names.ts';
import { count, printEstimator } from './print.ts';
import { savedOptions } from './saved.ts';

export interface NormalizerOptions {
  /** What becomes 1: Σ|x|, the root of Σx², or max |x|; 'l2'. */
  norm?: 'l1' | 'l2' | 'max';
}

/**
 * Scales each row to the length 1, so that only its direction counts:
 *
 *   z = x / ‖x‖₁,  x / ‖x‖₂  or  x / ‖x‖∞.
 *
 * A row of zeros stays. Nothing is learned but the number of columns. Rows so tiny or huge that their squares vanish or
 * overflow are measured after a division by their largest number; scikit-learn leaves dense rows shorter than 2.2e-15 as they
 * are, though not sparse ones. O(n d), or O(elements held).
 */
export class Normalizer implements Transformer {
  readonly options: Readonly<Required<NormalizerOptions>>;

  /** @throws OptionError for options that have no meaning */
  constructor(options: NormalizerOptions = {}) {
    checkKnown('Normalizer', options, ['norm']);
    const { norm = 'l2' } = options;
    checkOneOf('Normalizer', 'norm', norm, ['l1', 'l2', 'max']);
    this.options = Object.freeze({ norm });
    readable(this);
  }

  /** Takes the number of columns of `x` [n, d]. @throws DataError for missing or infinite numbers */
  fit(x: MatrixLike | SparseRows, options: { onProgress?: OnProgress } = {}): NormalizerModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<NormalizerModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator('Normalizer', this.options);
  }

  *#steps(x: MatrixLike | SparseRows, options: object, known: string[]): Steps<NormalizerModel> {
    checkKnown('Normalizer', options, known);
    const rows = checkRows(x);
    yield;
    return new FittedNormalizer(this.options, isSparse(rows) ? rows.shape[1] : rows.columns);
  }
}

/** It is made by `fit` or `fromJSON` and does not change. */
export interface NormalizerModel extends FittedNormalizer {}

export class FittedNormalizer implements TransformerModel {
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;
  readonly #options: Normalizer['options'];
  readonly #row: Float64Array;

  /** @internal */
  constructor(options: Normalizer['options'], columns: number) {
    this.#options = options;
    this.nFeaturesIn = columns;
    this.nFeaturesOut = columns;
    this.#row = new Float64Array(columns);
    readable(this);
    Object.freeze(this);
  }

  /** The rows of `x` [m, d] with the length 1, sparse if they are. @throws ShapeError for other columns, DataError for missing or infinite numbers */
  transform(x: SparseRows): SparseRows;
  transform(x: MatrixLike): Table;
  transform(x: MatrixLike | SparseRows): Table | SparseRows;
  transform(x: MatrixLike | SparseRows): Table | SparseRows {
    const { norm } = this.#options;
    const rows = checkRows(x, this.nFeaturesIn);
    const { data } = rows;
    const out = arrayLike(data, data.length);
    if (isSparse(rows)) {
      const { indices, indptr, shape } = rows;
      for (let i = 0; i < shape[0]; i++) normalizeRow(data, indptr[i]!, indptr[i + 1]!, out, indptr[i]!, norm);
      return { data: out, indices: indices.slice(), indptr: indptr.slice(), shape: [shape[0], shape[1]] };
    }
    const d = rows.columns;
    for (let at = 0; at < data.length; at += d) normalizeRow(data, at, at + d, out, at, norm);
    return new Table(out, rows.rows, d);
  }

  /** One row [d] with the length 1, into `out` [d], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('Normalizer', row, this.#row);
    checkOut('Normalizer', out, this.nFeaturesOut);
    normalizeRow(this.#row, 0, this.nFeaturesIn, out, 0, this.#options.norm);
    return out;
  }

  /** The names of the columns [d]: those given, or x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames('Normalizer', names, this.nFeaturesIn);
  }

  toJSON(): object {
    return { type: 'NormalizerModel', version: 1, options: this.#options, nFeaturesIn: this.nFeaturesIn };
  }

  toString(): string {
    return `NormalizerModel: ${count(this.nFeaturesIn, 'column')} to ${this.#options.norm} norm 1`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const NormalizerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): NormalizerModel {
    const owner = 'NormalizerModel.fromJSON';
    const fields = checkSaved('NormalizerModel', 1, json);
    const { options } = savedOptions(owner, fields, (saved) => new Normalizer(saved));
    return new FittedNormalizer(options, savedColumns(owner, fields));
  },
};

type FloatArray = Float32Array | Float64Array;

/** The numbers from place `from` to `end` divided by their norm, to `out` from `to` on. */
function normalizeRow(
  data: FloatArray,
  from: number,
  end: number,
  out: FloatArray,
  to: number,
  norm: 'l1' | 'l2' | 'max',
): void {
  // Written out here, since a number that a function returns may be put on the heap.
  let length = 0;
  if (norm === 'l2') {
    for (let at = from; at < end; at++) length += data[at]! * data[at]!;
    length = Math.sqrt(length);
  } else if (norm === 'l1') for (let at = from; at < end; at++) length += Math.abs(data[at]!);
  else for (let at = from; at < end; at++) length = Math.max(length, Math.abs(data[at]!));
  // Where squares or sums lose their digits, the row is divided by its largest number first.
  if (length > 1e-140 && length < 1e300) {
    for (let k = 0; k < end - from; k++) out[to + k] = data[from + k]! / length;
  } else normalizeUnusual(data, from, end, out, to, norm);
}

/** The same for a row of zeros, tiny or huge numbers. */
function normalizeUnusual(
  data: FloatArray,
  from: number,
  end: number,
  out: FloatArray,
  to: number,
  norm: 'l1' | 'l2' | 'max',
): void {
  let unit = 0;
  for (let at = from; at < end; at++) unit = Math.max(unit, Math.abs(data[at]!));
  if (unit === 0) unit = 1;
  let length = 0;
  for (let at = from; at < end; at++) {
    const size = Math.abs(data[at]! / unit);
    length = norm === 'max' ? Math.max(length, size) : length + (norm === 'l2' ? size * size : size);
  }
  if (norm === 'l2') length = Math.sqrt(length);
  if (length === 0) length = 1;
  for (let k = 0; k < end - from; k++) out[to + k] = data[from + k]! / unit / length;
}

function checkRows(x: MatrixLike | SparseRows, columns?: number): Matrix | SparseRows {
  return toRows('Normalizer', x, { keepFloat32: true, columns });
}
