import {
  checkBoolean,
  checkKnown,
  checkOneOf,
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
  Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { arrayLike, overflows } from './affine.ts';
import { checkCounts, columnMoments, isConstant } from './moments.ts';
import { inputNames } from './names.ts';
import { bestLambda, inversePowerOf, type PowerMethod, powerOf } from './power.ts';
import { count, printEstimator } from './print.ts';
import { savedFloats, savedFloatsOrNull, savedOptions } from './saved.ts';

export interface PowerTransformerOptions {
  /** The family of transforms: for any numbers, or for numbers above 0; 'yeo-johnson'. */
  method?: PowerMethod;
  /** Give the results the mean 0 and the variance 1; true. */
  standardize?: boolean;
}

const OWNER = 'PowerTransformer';
/** Powers between two pauses. */
const POWERS = 2 ** 16;

/**
 * Makes columns more like a normal distribution by a power of each value: box-cox, for x > 0,
 *
 *   y = (x^λ - 1) / λ,   log x for λ = 0,
 *
 * or yeo-johnson, for any x: that of x + 1 for x ≥ 0, and minus that of 1 - x with 2 - λ for x < 0. The λ of each column maximizes
 * the likelihood of a normal distribution; Brent's method finds it to some 1e-8. A constant column has λ = 1. NaN is left out of
 * the figures and stays NaN. O(d n) evaluations of a power, some thirty times.
 *
 * G. E. P. Box and D. R. Cox, "An analysis of transformations", Journal of the Royal Statistical Society B 26 (1964).
 * I.-K. Yeo and R. A. Johnson, "A new family of power transformations to improve normality or symmetry", Biometrika 87 (2000).
 */
export class PowerTransformer implements Transformer {
  readonly options: Readonly<Required<PowerTransformerOptions>>;

  /** @throws OptionError for options that have no meaning */
  constructor(options: PowerTransformerOptions = {}) {
    checkKnown(OWNER, options, ['method', 'standardize']);
    const { method = 'yeo-johnson', standardize = true } = options;
    checkOneOf(OWNER, 'method', method, ['yeo-johnson', 'box-cox']);
    checkBoolean(OWNER, 'standardize', standardize);
    this.options = Object.freeze({ method, standardize });
    readable(this);
  }

  /**
   * Finds λ for each column of `x` [n, d].
   * @throws DataError for infinite numbers, columns without values, for box-cox numbers that are not above 0, and results that overflow
   */
  fit(x: MatrixLike, options: { onProgress?: OnProgress } = {}): PowerTransformerModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same, with pauses between columns. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: Omit<FitAsyncOptions, 'sampleWeight'> = {}): Promise<PowerTransformerModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike, options: object, known: string[]): Steps<PowerTransformerModel> {
    checkKnown(OWNER, options, known);
    const { method, standardize } = this.options;
    const matrix = toMatrix(OWNER, x, { keepFloat32: true, allowMissing: true });
    const { data, rows, columns } = matrix;
    if (method === 'box-cox') checkPositive(matrix);
    const lambdas = new Float64Array(columns);
    const counts = new Float64Array(columns);
    for (let j = 0; j < columns; j++) {
      const values = valuesOf(matrix, j);
      counts[j] = values.length;
      lambdas[j] = values.length === 0 || isFlat(values) ? 1 : yield* bestLambda(method, values);
      if (lambdas[j] !== 1) checkSpread(method, values, lambdas[j]!, j);
      yield;
    }
    checkCounts(OWNER, counts);
    if (!standardize) return new FittedPowerTransformer(this.options, lambdas, null, null);
    const transformed = new Float64Array(data.length);
    const most = Math.max(1, Math.ceil(POWERS / columns));
    for (let from = 0; from < rows; from += most) {
      const to = Math.min(rows, from + most);
      for (let i = from, at = from * columns; i < to; i++) {
        for (let j = 0; j < columns; j++, at++) transformed[at] = checkedPower(method, data[at]!, lambdas[j]!, i, j);
      }
      yield;
    }
    const { mean, var: variance } = yield* columnMoments(OWNER, { data: transformed, rows, columns }, null);
    const scale = variance.map((v, j) => (isConstant(v, mean[j]!, counts[j]!) ? 1 : Math.sqrt(v)));
    return new FittedPowerTransformer(this.options, lambdas, mean, scale);
  }
}

/** The powers that `PowerTransformer` found. It is made by `fit` or `fromJSON` and does not change. */
export interface PowerTransformerModel extends FittedPowerTransformer {}

export class FittedPowerTransformer implements TransformerModel {
  /** λ of each column [d]. */
  readonly lambdas: Float64Array;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #options: PowerTransformer['options'];
  readonly #lambdas: Float64Array;
  /** What is subtracted from the powers, and what they are divided by [d]; null without `standardize`. */
  readonly #mean: Float64Array | null;
  readonly #scale: Float64Array | null;
  readonly #row: Float64Array;

  /** @internal */
  constructor(
    options: PowerTransformer['options'],
    lambdas: Float64Array,
    mean: Float64Array | null,
    scale: Float64Array | null,
  ) {
    this.lambdas = lambdas.slice();
    this.nFeaturesIn = lambdas.length;
    this.nFeaturesOut = lambdas.length;
    this.#options = options;
    this.#lambdas = lambdas;
    this.#mean = mean;
    this.#scale = scale;
    this.#row = new Float64Array(lambdas.length);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The rows of `x` [m, d] transformed, of float32 if they are.
   * @throws ShapeError for other columns, DataError for infinite numbers or results, and for box-cox numbers that are not above 0
   */
  transform(x: MatrixLike): Table {
    const matrix = this.#matrix(x);
    if (this.#options.method === 'box-cox') checkPositive(matrix);
    const { data, rows, columns } = matrix;
    const out = arrayLike(data, data.length);
    for (let i = 0; i < rows; i++) this.#mapRow(data, i * columns, out, i);
    return new Table(out, rows, columns);
  }

  /** One row [d] transformed, into `out` [d], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow(OWNER, row, this.#row, true);
    checkOut(OWNER, out, this.nFeaturesOut);
    if (this.#options.method === 'box-cox') checkPositiveRow(this.#row);
    this.#mapRow(this.#row, 0, out, -1);
    return out;
  }

  /** The way back for the rows of `x` [m, d]. @throws DataError for a number that is no value of the transform */
  inverseTransform(x: MatrixLike): Table {
    const { data, rows, columns } = this.#matrix(x);
    const { method } = this.#options;
    const out = arrayLike(data, data.length);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) {
        const z = data[at]!;
        const y = z * (this.#scale?.[j] ?? 1) + (this.#mean?.[j] ?? 0);
        out[at] = inversePowerOf(method, y, this.#lambdas[j]!);
        if (out[at]! - out[at]! === 0 || Number.isNaN(z)) continue;
        throw new DataError(`${OWNER}: x[${i}, ${j}] is ${z}, which the transform gives for no finite number`);
      }
    }
    return new Table(out, rows, columns);
  }

  /** The names of the columns [d]: those given, or x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames(OWNER, names, this.nFeaturesIn);
  }

  toJSON(): object {
    return {
      type: 'PowerTransformerModel',
      version: 1,
      options: this.#options,
      lambdas: encodeArray(this.#lambdas),
      mean: this.#mean === null ? null : encodeArray(this.#mean),
      scale: this.#scale === null ? null : encodeArray(this.#scale),
    };
  }

  toString(): string {
    return `PowerTransformerModel: ${count(this.nFeaturesIn, 'column')} by ${this.#options.method}`;
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix(OWNER, x, { keepFloat32: true, allowMissing: true, columns: this.nFeaturesIn });
  }

  #mapRow(data: Float32Array | Float64Array, at: number, out: Float32Array | Float64Array, i: number): void {
    const { method } = this.#options;
    const to = i === -1 ? 0 : at;
    for (let j = 0; j < this.nFeaturesIn; j++) {
      const x = data[at + j]!;
      const y = checkedPower(method, x, this.#lambdas[j]!, i, j);
      out[to + j] = this.#scale === null ? y : (y - this.#mean![j]!) / this.#scale[j]!;
      if (out[to + j]! - out[to + j]! !== 0 && !Number.isNaN(x)) throw overflows(OWNER, i, j);
    }
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const PowerTransformerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): PowerTransformerModel {
    const owner = 'PowerTransformerModel.fromJSON';
    const fields = checkSaved('PowerTransformerModel', 1, json);
    const { options } = savedOptions(owner, fields, (saved) => new PowerTransformer(saved));
    const lambdas = savedFloats(owner, fields, 'lambdas');
    const mean = savedFloatsOrNull(owner, fields, 'mean', lambdas.length);
    const scale = savedFloatsOrNull(owner, fields, 'scale', lambdas.length);
    const { standardize } = options;
    if ([mean, scale].some((saved) => (saved !== null) !== standardize)) {
      const wanted = standardize ? 'saved' : 'null';
      throw new DataError(`${owner}: mean and scale must be ${wanted}, since standardize is ${standardize}`);
    }
    return new FittedPowerTransformer(options, lambdas, mean, scale);
  },
};

/** @throws DataError where the power overflows */
function checkedPower(method: PowerMethod, x: number, lambda: number, i: number, j: number): number {
  if (Number.isNaN(x)) return x;
  const y = powerOf(method, x, lambda);
  if (y - y !== 0) throw overflows(OWNER, i, j);
  return y;
}

function checkPositive({ data, columns }: Matrix): void {
  for (let at = 0; at < data.length; at++) {
    if (data[at]! <= 0) throw notPositive(`x[${Math.floor(at / columns)}, ${at % columns}]`, data[at]!);
  }
}

function checkPositiveRow(row: Float64Array): void {
  for (let j = 0; j < row.length; j++) if (row[j]! <= 0) throw notPositive(`column ${j} of the row`, row[j]!);
}

function notPositive(place: string, value: number): DataError {
  return new DataError(`${OWNER}: ${place} is ${value}, but 'box-cox' needs numbers above 0; use method 'yeo-johnson'`);
}

/** The values of column j but NaN. */
function valuesOf({ data, rows, columns }: Matrix, j: number): Float64Array {
  const values = new Float64Array(rows);
  let n = 0;
  for (let i = 0, at = j; i < rows; i++, at += columns) if (!Number.isNaN(data[at]!)) values[n++] = data[at]!;
  return values.subarray(0, n);
}

/**
 * Throws a `DataError` if the best power leaves hardly any digits of the values apart, as happens to numbers that are huge or lie
 * far from 0.
 */
function checkSpread(method: PowerMethod, values: Float64Array, lambda: number, j: number): void {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const [from, to] = [powerOf(method, low, lambda), powerOf(method, high, lambda)];
  if (to - from > 1e-7 * Math.max(Math.abs(from), Math.abs(to))) return;
  throw new DataError(
    `${OWNER}: the best power of column ${j}, λ = ${Number(lambda.toPrecision(3))}, leaves no digits of its values apart; subtract or divide by a constant first`,
  );
}

/** Whether values are constant but for rounding; measured in units of the largest, so that nothing overflows. */
function isFlat(values: Float64Array): boolean {
  const n = values.length;
  let unit = 0;
  for (let i = 0; i < n; i++) unit = Math.max(unit, Math.abs(values[i]!));
  if (unit === 0) return true;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / unit / n;
  let variance = 0;
  for (let i = 0; i < n; i++) variance += (values[i]! / unit - mean) ** 2 / n;
  return isConstant(variance, mean, n);
}
