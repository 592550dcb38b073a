import {
  checkBoolean,
  checkKnown,
  DataError,
  type FitAsyncOptions,
  list,
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
  type MatrixLike,
  savedColumns,
  Table,
  type Transformer,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { arrayLike } from './affine.ts';
import { toMadeMatrix } from './made.ts';
import { inputNames } from './names.ts';
import { count, printEstimator } from './print.ts';
import { savedOptions } from './saved.ts';

export interface FunctionTransformerOptions {
  /** The name of the function: a built-in one, or one of the `functions` handed to the constructor; 'identity'. */
  func?: string;
  /** The name of the function for the way back; the inverse of a built-in one, else none. */
  inverseFunc?: string;
  /** Check at fit that inverseFunc leads back, on a hundred rows; true. */
  checkInverse?: boolean;
}

/** The options with their defaults. */
export type FunctionTransformerSettings = Readonly<{
  func: string;
  inverseFunc: string | undefined;
  checkInverse: boolean;
}>;

/** A function of single values, or one of rows that makes `nFeaturesOut` columns of them. */
export type ColumnFunction = ((value: number, column: number) => number) | RowFunction;

/** Writes the columns of a row to `out` [nFeaturesOut]. */
export interface RowFunction {
  readonly nFeaturesOut: number;
  row(row: Float64Array, out: Float64Array): void;
}

const OWNER = 'FunctionTransformer';

/**
 * Applies a function to every value, or to every row: z = f(x).
 *
 * Functions have names, so that options and models survive JSON: of the built-in ones ('identity', 'abs', 'square', 'sqrt', 'log',
 * 'exp', 'log1p', 'expm1', 'reciprocal') or of those handed over, as in
 * `new FunctionTransformer({ func: 'celsius' }, { celsius: (f) => (f - 32) / 1.8 })`; a saved model gets those again from
 * `fromJSON(json, { functions })`. What the function makes of a number must be a finite number. NaN is handed on to it.
 */
export class FunctionTransformer implements Transformer {
  readonly options: FunctionTransformerSettings;
  readonly #functions: Readonly<Record<string, ColumnFunction>>;

  /** @throws OptionError for options that have no meaning and names of no function */
  constructor(options: FunctionTransformerOptions = {}, functions: Readonly<Record<string, ColumnFunction>> = {}) {
    checkKnown(OWNER, options, ['func', 'inverseFunc', 'checkInverse']);
    const { func = 'identity', inverseFunc, checkInverse = true } = options;
    checkBoolean(OWNER, 'checkInverse', checkInverse);
    findFunction(OWNER, 'func', func, functions);
    if (inverseFunc !== undefined) findFunction(OWNER, 'inverseFunc', inverseFunc, functions);
    this.options = Object.freeze({ func, inverseFunc, checkInverse });
    this.#functions = Object.freeze({ ...functions });
    readable(this);
  }

  /**
   * Takes the number of columns of `x` [n, d].
   * @throws DataError for infinite numbers, and if `inverseFunc` does not lead back
   */
  fit(x: MatrixLike, options: { onProgress?: OnProgress } = {}): FunctionTransformerModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<FunctionTransformerModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike, options: object, known: string[]): Steps<FunctionTransformerModel> {
    checkKnown(OWNER, options, known);
    const { data, rows, columns } = toMatrix(OWNER, x, { keepFloat32: true, allowMissing: true });
    yield;
    const { func, inverseFunc, checkInverse } = this.options;
    const model = new FittedFunctionTransformer(func, inverseFunc, columns, this.#functions);
    if (!checkInverse || inverseFunc === undefined) return model;
    const every = Math.max(1, Math.floor(rows / 100));
    for (let i = 0; i < rows; i += every) {
      const row = data.subarray(i * columns, (i + 1) * columns);
      const back = model.inverseTransform(model.transform({ data: row, shape: [1, columns] })).data;
      for (let j = 0; j < columns; j++) {
        const distance = Math.abs(back[j]! - row[j]!);
        if (!(distance > 1e-8 + tolerance(row) * Math.abs(row[j]!)) && back.length === columns) continue;
        throw new DataError(
          `${OWNER}: inverseFunc does not lead back, as x[${i}, ${j}] is ${row[j]} and becomes ${back[j]}; use another or checkInverse: false`,
        );
      }
    }
    return model;
  }
}

/** It is made by `fit` or `fromJSON` and does not change. */
export interface FunctionTransformerModel extends FittedFunctionTransformer {}

export class FittedFunctionTransformer implements TransformerModel {
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;
  readonly #names: { readonly func: string; readonly inverseFunc: string | undefined };
  readonly #func: ColumnFunction;
  readonly #inverse: ColumnFunction | undefined;
  readonly #row: Float64Array;
  readonly #made: Float64Array;

  /** @internal */
  constructor(
    func: string,
    inverseFunc: string | undefined,
    columns: number,
    functions: Readonly<Record<string, ColumnFunction>>,
    owner: string = OWNER,
  ) {
    this.#func = findFunction(owner, 'func', func, functions);
    const inverse = inverseFunc ?? (Object.hasOwn(functions, func) ? undefined : INVERSES[func]);
    this.#inverse = inverse === undefined ? undefined : findFunction(owner, 'inverseFunc', inverse, functions);
    this.#names = { func, inverseFunc };
    this.nFeaturesIn = columns;
    this.nFeaturesOut = typeof this.#func === 'function' ? columns : this.#func.nFeaturesOut;
    this.#row = new Float64Array(columns);
    this.#made = new Float64Array(this.nFeaturesOut);
    readable(this);
    Object.freeze(this);
  }

  /**
   * What the function makes of the rows of `x` [m, nFeaturesOut], of float32 if they are.
   * @throws ShapeError for other columns, DataError for infinite numbers, and where the function makes no finite number of numbers
   */
  transform(x: MatrixLike): Table {
    const matrix = toMatrix(OWNER, x, { keepFloat32: true, allowMissing: true, columns: this.nFeaturesIn });
    const { data, rows, columns } = matrix;
    const out = arrayLike(data, rows * this.nFeaturesOut);
    for (let i = 0; i < rows; i++) {
      this.#row.set(data.subarray(i * columns, (i + 1) * columns));
      apply(this.#func, this.#names.func, this.#row, this.#made, `x[${i}]`);
      out.set(this.#made, i * this.nFeaturesOut);
    }
    return new Table(out, rows, this.nFeaturesOut);
  }

  /** What the function makes of one row [d], into `out` [nFeaturesOut], without allocating if the function does not. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow(OWNER, row, this.#row, true);
    checkOut(OWNER, out, this.nFeaturesOut);
    apply(this.#func, this.#names.func, this.#row, this.#made, 'the row');
    out.set(this.#made);
    return out;
  }

  /** The way back for `x` [m, nFeaturesOut]. @throws OptionError if there is no inverse function, and as `transform` */
  inverseTransform(x: MatrixLike): Table {
    const inverse = this.#inverse;
    if (inverse === undefined) {
      throw new OptionError(`${OWNER}: ${show(this.#names.func)} has no way back; give it an inverseFunc`);
    }
    const options = { keepFloat32: true, allowMissing: true };
    const { data, rows, columns } = toMadeMatrix(OWNER, x, this.nFeaturesOut, options);
    const [made, back] = [new Float64Array(columns), new Float64Array(this.nFeaturesIn)];
    const out = arrayLike(data, rows * this.nFeaturesIn);
    for (let i = 0; i < rows; i++) {
      made.set(data.subarray(i * columns, (i + 1) * columns));
      apply(inverse, this.#names.inverseFunc ?? 'inverseFunc', made, back, `x[${i}]`);
      out.set(back, i * this.nFeaturesIn);
    }
    return new Table(out, rows, this.nFeaturesIn);
  }

  /** The names of the columns: those given [d] or x0, x1 and so on; of a function of rows, its name with a number. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    const inputs = inputNames(OWNER, names, this.nFeaturesIn);
    if (typeof this.#func === 'function') return inputs;
    return Array.from({ length: this.nFeaturesOut }, (_, k) => `${this.#names.func}${k}`);
  }

  toJSON(): object {
    return {
      type: 'FunctionTransformerModel',
      version: 1,
      options: { func: this.#names.func, inverseFunc: this.#names.inverseFunc },
      nFeaturesIn: this.nFeaturesIn,
    };
  }

  toString(): string {
    return `FunctionTransformerModel: ${this.#names.func} of ${count(this.nFeaturesIn, 'column')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const FunctionTransformerModel = {
  /**
   * The model that `toJSON` wrote.
   * @param functions those that the estimator was handed, by name
   * @throws DataError if it is none, OptionError if a function is missing
   */
  fromJSON(
    json: unknown,
    { functions = {} }: { functions?: Readonly<Record<string, ColumnFunction>> } = {},
  ): FunctionTransformerModel {
    const owner = 'FunctionTransformerModel.fromJSON';
    const fields = checkSaved('FunctionTransformerModel', 1, json);
    const { func, inverseFunc } = savedOptions(
      owner,
      fields,
      (saved) => saved as { func: string; inverseFunc?: string },
    );
    if (typeof func !== 'string') throw new DataError(`${owner}: func must be a name, got ${show(func)}`);
    const columns = savedColumns(owner, fields);
    return new FittedFunctionTransformer(func, inverseFunc, columns, functions, owner);
  },
};

/** Applies a function to a row. @throws DataError where it makes no finite number of numbers */
function apply(func: ColumnFunction, name: string, row: Float64Array, out: Float64Array, place: string): void {
  if (typeof func === 'function') {
    for (let j = 0; j < row.length; j++) out[j] = func(row[j]!, j);
  } else func.row(row, out);
  for (let k = 0; k < out.length; k++) {
    if (out[k]! - out[k]! === 0) continue;
    if (typeof func === 'function' ? Number.isNaN(row[k]!) : row.some(Number.isNaN)) continue;
    const what = typeof func === 'function' ? `${row[k]} in ${place}, column ${k},` : place;
    throw new DataError(`${OWNER}: ${name} makes ${out[k]} of ${what} which must be a finite number`);
  }
}

/** Float32 rows come back with the digits that they have. */
function tolerance(row: Float32Array | Float64Array): number {
  return row instanceof Float32Array ? 1e-3 : 1e-7;
}

const BUILT_IN: Readonly<Record<string, (value: number) => number>> = {
  identity: (value) => value,
  abs: Math.abs,
  square: (value) => value * value,
  sqrt: Math.sqrt,
  log: Math.log,
  exp: Math.exp,
  log1p: Math.log1p,
  expm1: Math.expm1,
  reciprocal: (value) => 1 / value,
};

/** Built-in functions that have one inverse. */
const INVERSES: Readonly<Record<string, string>> = {
  identity: 'identity',
  sqrt: 'square',
  log: 'exp',
  exp: 'log',
  log1p: 'expm1',
  expm1: 'log1p',
  reciprocal: 'reciprocal',
};

function findFunction(
  owner: string,
  option: string,
  name: unknown,
  functions: Readonly<Record<string, ColumnFunction>>,
): ColumnFunction {
  if (typeof name !== 'string') {
    const remedy = typeof name === 'function' ? '; hand the function over in the second argument' : '';
    throw new OptionError(`${owner}: ${option} must be the name of a function, got ${show(name)}${remedy}`);
  }
  const found = Object.hasOwn(functions, name)
    ? functions[name]
    : Object.hasOwn(BUILT_IN, name)
      ? BUILT_IN[name]
      : null;
  if (found === null || found === undefined) {
    const known = [...Object.keys(BUILT_IN), ...Object.keys(functions)];
    throw new OptionError(
      `${owner}: there is no function ${show(name)}; hand it over in functions, or use ${list(known, 'or')}`,
    );
  }
  const isRow = typeof found === 'object' && typeof found.row === 'function' && Number.isInteger(found.nFeaturesOut);
  if (typeof found !== 'function' && !(isRow && found.nFeaturesOut >= 1)) {
    throw new OptionError(
      `${owner}: the function ${show(name)} must be a function of a value or { nFeaturesOut, row }, got ${show(found)}`,
    );
  }
  return found;
}
