import {
  checkKnown,
  checkOneOf,
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
import { type Columns, checkOut, checkSaved, type MatrixLike, Table, takeRow } from '@maru-ml/tensor';
import type { CategoryList } from './categories.ts';
import { columnName, columnSetSteps, type NamedRow, toColumnSet } from './columns.ts';
import { checkInfrequent, type InfrequentOptions } from './infrequent.ts';
import { toMadeMatrix } from './made.ts';
import { inputNames } from './names.ts';
import { checkCategories } from './one-hot-options.ts';
import { count, printEstimator } from './print.ts';
import { savedOptions } from './saved.ts';
import {
  checkRowForm,
  columnOfPlaces,
  type GivenCategories,
  infrequentOf,
  learnVocabulary,
  placeIn,
  placeInRow,
  savedVocabulary,
  sizeOf,
  type Vocabulary,
  vocabularyToJSON,
} from './vocabulary.ts';

export interface OrdinalEncoderOptions extends InfrequentOptions {
  /** The categories of each column in their order, or 'auto' for those that fit finds, sorted; 'auto'. */
  categories?: 'auto' | GivenCategories;
  /** What to do with unknown values: an error, or give them `unknownValue`; 'error'. */
  handleUnknown?: 'error' | 'useEncodedValue';
  /** The code of unknown values, which must be no code of a category; null is NaN; only with 'useEncodedValue'. */
  unknownValue?: number | null;
  /** The code of missing values; null leaves them NaN; null. */
  encodedMissingValue?: number | null;
}

/** The options with their defaults. */
export type OrdinalEncoderSettings = Readonly<
  Required<Omit<OrdinalEncoderOptions, 'unknownValue'>> & { unknownValue: number | null | undefined }
>;

const OWNER = 'OrdinalEncoder';
const REMEDY = "handleUnknown: 'useEncodedValue' with an unknownValue gives it a code";

/**
 * Numbers the categories of each column from 0: z = k where x = cₖ.
 *
 * For models that split columns, such as trees, and for categories that have an order, which is then to be given. It takes tables
 * with named columns of strings, booleans or numbers, and matrices. Missing values stay missing. Options and results are those
 * of scikit-learn. O(n log n) a column, then O(log k) a value.
 */
export class OrdinalEncoder {
  readonly options: OrdinalEncoderSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: OrdinalEncoderOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the categories of each column of `x`, a table with names or numbers [n, d].
   * @throws OptionError or DataError where given categories or codes do not fit the columns
   */
  fit(x: MatrixLike | Columns, options: { onProgress?: OnProgress } = {}): OrdinalEncoderModel {
    return runSteps(this.#steps(x, options, ['onProgress']));
  }

  /** The same. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | Columns,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<OrdinalEncoderModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike | Columns, options: object, known: string[]): Steps<OrdinalEncoderModel> {
    checkKnown(OWNER, options, known);
    const columns = yield* columnSetSteps(OWNER, x);
    yield;
    const { categories, handleUnknown } = this.options;
    const refuse = handleUnknown === 'error' ? '' : null;
    const vocabulary = yield* learnVocabulary(OWNER, columns, categories, this.options, refuse);
    checkCodes(this.options, vocabulary);
    return new FittedOrdinalEncoder(this.options, vocabulary);
  }
}

/** The categories that `OrdinalEncoder` found. It is made by `fit` or `fromJSON` and does not change. */
export interface OrdinalEncoderModel extends FittedOrdinalEncoder {}

export class FittedOrdinalEncoder {
  /** The categories of each column in the order of their codes [d][k], a missing one last. */
  readonly categories: readonly CategoryList[];
  /** The categories of each column that share the last code, as they are rare [d]; null where there are none. */
  readonly infrequentCategories: readonly (readonly unknown[] | null)[];
  /** The names of the columns that it was fitted with [d]; null for a matrix. */
  readonly featureNamesIn: readonly string[] | null;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #options: OrdinalEncoderSettings;
  readonly #vocabulary: Vocabulary;
  readonly #row: Float64Array;

  /** @internal */
  constructor(options: OrdinalEncoderSettings, vocabulary: Vocabulary) {
    const d = vocabulary.categories.length;
    this.#options = options;
    this.#vocabulary = vocabulary;
    this.#row = new Float64Array(d);
    this.categories = Object.freeze(vocabulary.categories.map((found) => found.copy()));
    this.infrequentCategories = infrequentOf(vocabulary);
    this.featureNamesIn = vocabulary.names;
    this.nFeaturesIn = d;
    this.nFeaturesOut = d;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The codes of the rows of `x`, of the form that it was fitted with [m, d].
   * @throws DataError for unknown values, unless `handleUnknown` says otherwise, and ShapeError for other columns
   */
  transform(x: MatrixLike | Columns): Table {
    const { values, rows } = toColumnSet(OWNER, x, this.#vocabulary);
    const refuse = this.#options.handleUnknown === 'error' ? REMEDY : null;
    const d = this.nFeaturesIn;
    const out = new Float64Array(rows * d);
    for (let j = 0; j < d; j++) {
      for (let i = 0; i < rows; i++)
        out[i * d + j] = this.#code(j, placeIn(OWNER, this.#vocabulary, j, values[j]![i], i, refuse));
    }
    return new Table(out, rows, d);
  }

  /** The codes of one row, numbers [d] or an object with names, into `out` [d], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number> | NamedRow, out: O): O {
    checkRowForm(OWNER, this.#vocabulary, row, this.#take);
    checkOut(OWNER, out, this.nFeaturesOut);
    const refuse = this.#options.handleUnknown === 'error' ? REMEDY : null;
    for (let j = 0; j < this.nFeaturesIn; j++) {
      out[j] = this.#code(j, placeInRow(OWNER, this.#vocabulary, j, row, this.#row, refuse));
    }
    return out;
  }

  /**
   * The way back: the categories of codes `x` [m, d], in a table with names if it was fitted with one. Missing and unknown values
   * are NaN or null; rare ones that share a code are the string 'infrequent_sklearn', in columns of numbers NaN.
   *
   * @throws DataError for what is no code
   */
  inverseTransform(x: MatrixLike): Table | Columns {
    const { data, rows, columns: d } = toMadeMatrix(OWNER, x, this.nFeaturesIn, { allowMissing: true });
    const columns = this.#vocabulary.categories.map((_, j) => {
      const places = new Int32Array(rows);
      for (let i = 0; i < rows; i++) places[i] = this.#placeOf(j, data[i * d + j]!, i);
      return columnOfPlaces(OWNER, this.#vocabulary, j, places);
    });
    const { names } = this.#vocabulary;
    if (names !== null) return Object.fromEntries(columns.map((column, j) => [names[j], column]));
    return new Table(
      Float64Array.from({ length: rows * d }, (_, at) => columns[at % d]![Math.floor(at / d)] as number),
      rows,
      d,
    );
  }

  /** The names of the columns [d]: those given, else those it was fitted with, else x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames(OWNER, names, this.nFeaturesIn, this.featureNamesIn);
  }

  toJSON(): object {
    return {
      type: 'OrdinalEncoderModel',
      version: 1,
      options: this.#options,
      vocabulary: vocabularyToJSON(this.#vocabulary),
    };
  }

  toString(): string {
    return `OrdinalEncoderModel: ${count(this.nFeaturesIn, 'column')}`;
  }

  readonly #take = (row: ArrayLike<number>): void => takeRow(OWNER, row, this.#row, true);

  /** The code of a category of column j, -1 for an unknown value. */
  #code(j: number, place: number): number {
    const { unknownValue, encodedMissingValue } = this.#options;
    if (place === -1) return unknownValue ?? Number.NaN;
    if (place === this.#vocabulary.categories[j]!.missing) return encodedMissingValue ?? Number.NaN;
    return this.#vocabulary.groups[j]?.[place] ?? place;
  }

  /** The category of a code; -1 for a missing or unknown one, -2 for a rare one. */
  #placeOf(j: number, code: number, i: number): number {
    const { unknownValue, encodedMissingValue, handleUnknown } = this.#options;
    const { missing } = this.#vocabulary.categories[j]!;
    const isMissing = missing !== -1 && Object.is(code, encodedMissingValue ?? Number.NaN);
    if (isMissing) return -1;
    if (handleUnknown === 'useEncodedValue' && Object.is(code, unknownValue ?? Number.NaN)) return -1;
    const size = sizeOf(this.#vocabulary, j);
    if (Number.isInteger(code) && code >= 0 && code < size && code !== missing) {
      const group = this.#vocabulary.groups[j]!;
      if (group === null) return code;
      return code === size - 1 ? -2 : group.indexOf(code);
    }
    throw new DataError(`${OWNER}: x[${i}, ${j}] must be a code of ${columnName(this.featureNamesIn, j)}, got ${code}`);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const OrdinalEncoderModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): OrdinalEncoderModel {
    const owner = 'OrdinalEncoderModel.fromJSON';
    const fields = checkSaved('OrdinalEncoderModel', 1, json);
    const { options } = savedOptions(owner, fields, (saved) => new OrdinalEncoder(saved));
    return new FittedOrdinalEncoder(options, savedVocabulary(owner, fields.vocabulary));
  },
};

function checkOptions(options: OrdinalEncoderOptions): OrdinalEncoderSettings {
  const known = ['categories', 'handleUnknown', 'unknownValue', 'encodedMissingValue', 'minFrequency', 'maxCategories'];
  checkKnown(OWNER, options, known);
  const { categories = 'auto', handleUnknown = 'error', unknownValue, encodedMissingValue = null } = options;
  checkOneOf(OWNER, 'handleUnknown', handleUnknown, ['error', 'useEncodedValue']);
  const wanted = handleUnknown === 'useEncodedValue';
  if (wanted !== (unknownValue !== undefined)) {
    throw new OptionError(
      `${OWNER}: unknownValue must be ${wanted ? 'a number or null' : "undefined unless handleUnknown is 'useEncodedValue'"}, got ${show(unknownValue)}`,
    );
  }
  return Object.freeze({
    categories: checkCategories(OWNER, categories),
    handleUnknown,
    unknownValue: unknownValue === undefined ? undefined : checkCode('unknownValue', unknownValue),
    encodedMissingValue: checkCode('encodedMissingValue', encodedMissingValue),
    ...checkInfrequent(OWNER, options),
  });
}

/** NaN becomes null, so that options survive JSON. */
function checkCode(name: string, value: unknown): number | null {
  if (value === null || Number.isNaN(value)) return null;
  if (Number.isFinite(value)) return (value as number) + 0;
  throw new OptionError(`${OWNER}: ${name} must be a finite number or null, got ${show(value)}`);
}

/** Throws an `OptionError` if the code of unknown or missing values is that of a category. */
function checkCodes(settings: OrdinalEncoderSettings, vocabulary: Vocabulary): void {
  for (const name of ['unknownValue', 'encodedMissingValue'] as const) {
    const code = settings[name];
    if (code === null || code === undefined) continue;
    for (const [j, { missing }] of vocabulary.categories.entries()) {
      if (name === 'encodedMissingValue' && missing === -1) continue;
      const taken = Number.isInteger(code) && code >= 0 && code < sizeOf(vocabulary, j) - (missing === -1 ? 0 : 1);
      if (!taken) continue;
      throw new OptionError(
        `${OWNER}: ${name} is ${code}, which is the code of a category of ${columnName(vocabulary.names, j)}; choose another, such as -1`,
      );
    }
  }
}
