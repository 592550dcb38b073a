import { DataError, readable, show } from '@maru-ml/base';
import {
  type Columns,
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  isSparse,
  type MatrixLike,
  type SparseRows,
  Table,
  takeRow,
} from '@maru-ml/tensor';
import type { CategoryList } from './categories.ts';
import { columnName, type NamedRow, toColumnSet } from './columns.ts';
import { readRow, toMade } from './made.ts';
import { inputNames } from './names.ts';
import { checkOneHotOptions, type OneHotEncoderSettings } from './one-hot-options.ts';
import { count } from './print.ts';
import { savedOptions } from './saved.ts';
import {
  checkRowForm,
  columnOfPlaces,
  INFREQUENT,
  infrequentOf,
  placeIn,
  placeInRow,
  savedVocabulary,
  sizeOf,
  type Vocabulary,
  vocabularyToJSON,
} from './vocabulary.ts';

const OWNER = 'OneHotEncoder';
const REMEDY = "handleUnknown: 'ignore' gives zeros for it";

/** What `transform` answers with: sparse rows, or a table with `sparseOutput: false`. */
export type OneHotRows<S extends boolean> = S extends true ? SparseRows : Table;

/** The categories that `OneHotEncoder` found. It is made by `fit` or `fromJSON` and does not change. */
export interface OneHotEncoderModel<S extends boolean = boolean> extends FittedOneHotEncoder<S> {}

export class FittedOneHotEncoder<S extends boolean = boolean> {
  /** The categories of each column [d][k]. */
  readonly categories: readonly CategoryList[];
  /** The place of the category of each column that has no column of its own [d], null for none; null without `drop`. */
  readonly dropIdx: readonly (number | null)[] | null;
  /** The categories of each column that share one, as they are rare [d]; null where there are none. */
  readonly infrequentCategories: readonly (readonly unknown[] | null)[];
  /** The names of the columns that it was fitted with [d]; null for a matrix. */
  readonly featureNamesIn: readonly string[] | null;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #options: OneHotEncoderSettings;
  readonly #vocabulary: Vocabulary;
  /** The group of each column that is dropped; -1 for none. */
  readonly #drops: Int32Array;
  /** Where the columns of each input column start [d + 1]. */
  readonly #starts: Int32Array;
  /** The output column of each category of each column; -1 for none. */
  readonly #targets: readonly Int32Array[];
  /** The output column of unknown values of each column; -1 for none. */
  readonly #unknown: Int32Array;
  readonly #row: Float64Array;

  /** @internal */
  constructor(options: OneHotEncoderSettings, vocabulary: Vocabulary, drops: Int32Array) {
    const { categories, groups, names } = vocabulary;
    const d = categories.length;
    this.#options = options;
    this.#vocabulary = vocabulary;
    this.#drops = drops;
    this.#starts = new Int32Array(d + 1);
    for (let j = 0; j < d; j++) {
      this.#starts[j + 1] = this.#starts[j]! + sizeOf(vocabulary, j) - (drops[j]! >= 0 ? 1 : 0);
    }
    this.#targets = categories.map(({ size }, j) =>
      Int32Array.from({ length: size }, (_, place) => this.#target(j, groups[j]?.[place] ?? place)),
    );
    this.#unknown = Int32Array.from(groups, (group, j) =>
      group === null || options.handleUnknown !== 'infrequentIfExist' ? -1 : this.#target(j, sizeOf(vocabulary, j) - 1),
    );
    this.#row = new Float64Array(d);
    this.categories = Object.freeze(categories.map((found) => found.copy()));
    this.dropIdx =
      options.drop === null
        ? null
        : Object.freeze(Array.from(drops, (group, j) => (group < 0 ? null : this.#firstOf(j, group))));
    this.infrequentCategories = infrequentOf(vocabulary);
    this.featureNamesIn = names;
    this.nFeaturesIn = d;
    this.nFeaturesOut = this.#starts[d]!;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The rows of `x`, of the form that it was fitted with, in columns of 0 and 1 [m, nFeaturesOut].
   * @throws DataError for unknown values, unless `handleUnknown` says otherwise, and ShapeError for other columns
   */
  transform(x: MatrixLike | Columns): OneHotRows<S> {
    const { values, rows } = toColumnSet(OWNER, x, this.#vocabulary);
    const refuse = this.#options.handleUnknown === 'error' ? REMEDY : null;
    const d = this.nFeaturesIn;
    const targets = new Int32Array(rows * d);
    let held = 0;
    for (let j = 0; j < d; j++) {
      for (let i = 0; i < rows; i++) {
        const place = placeIn(OWNER, this.#vocabulary, j, values[j]![i], i, refuse);
        const target = place === -1 ? this.#unknown[j]! : this.#targets[j]![place]!;
        targets[i * d + j] = target;
        if (target >= 0) held++;
      }
    }
    const out = this.#options.sparseOutput ? this.#sparse(targets, rows, held) : this.#dense(targets, rows);
    return out as OneHotRows<S>;
  }

  /**
   * The columns of one row, numbers [d] or an object with the names that it was fitted with, into `out` [nFeaturesOut], without
   * allocating. Errors as for `transform`.
   */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number> | NamedRow, out: O): O {
    checkRowForm(OWNER, this.#vocabulary, row, this.#take);
    checkOut(OWNER, out, this.nFeaturesOut);
    const refuse = this.#options.handleUnknown === 'error' ? REMEDY : null;
    out.fill(0);
    for (let j = 0; j < this.nFeaturesIn; j++) {
      const place = placeInRow(OWNER, this.#vocabulary, j, row, this.#row, refuse);
      const target = place === -1 ? this.#unknown[j]! : this.#targets[j]![place]!;
      if (target >= 0) out[target] = 1;
    }
    return out;
  }

  /**
   * The way back: the categories of the rows of `x` [m, nFeaturesOut], in a table with names if it was fitted with one. What
   * stands for no category is NaN or null; rare ones that share a column are the string 'infrequent_sklearn', in columns of numbers NaN.
   *
   * @throws DataError for a row without category where none is dropped and unknown values are errors
   */
  inverseTransform(x: MatrixLike | SparseRows): Table | Columns {
    const rows = toMade(OWNER, x, this.nFeaturesOut);
    const n = isSparse(rows) ? rows.shape[0] : rows.rows;
    const d = this.nFeaturesIn;
    const places = Array.from({ length: d }, () => new Int32Array(n));
    const row = new Float64Array(this.nFeaturesOut);
    for (let i = 0; i < n; i++) {
      readRow(rows, i, row);
      for (let j = 0; j < d; j++) places[j]![i] = this.#placeBehind(row, j, i);
    }
    const columns = places.map((list, j) => columnOfPlaces(OWNER, this.#vocabulary, j, list));
    const { names } = this.#vocabulary;
    if (names !== null) return Object.fromEntries(columns.map((column, j) => [names[j], column]));
    return new Table(
      Float64Array.from({ length: n * d }, (_, at) => columns[at % d]![Math.floor(at / d)] as number),
      n,
      d,
    );
  }

  /** The names of the output columns, such as sex_male, from those of the input columns [d]; by default its own, or x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    const inputs = inputNames(OWNER, names, this.nFeaturesIn, this.featureNamesIn);
    const out = new Array<string>(this.nFeaturesOut);
    for (let j = 0; j < this.nFeaturesIn; j++) {
      const group = this.#vocabulary.groups[j]!;
      const last = sizeOf(this.#vocabulary, j) - 1;
      for (const [place, target] of this.#targets[j]!.entries()) {
        if (target < 0) continue;
        const rare = group !== null && group[place] === last;
        out[target] = `${inputs[j]}_${rare ? INFREQUENT : String(this.categories[j]![place])}`;
      }
    }
    return out;
  }

  toJSON(): object {
    return {
      type: 'OneHotEncoderModel',
      version: 1,
      options: this.#options,
      vocabulary: vocabularyToJSON(this.#vocabulary),
      drops: encodeArray(this.#drops),
    };
  }

  toString(): string {
    return `OneHotEncoderModel: ${count(this.nFeaturesIn, 'column')} to ${this.nFeaturesOut}`;
  }

  readonly #take = (row: ArrayLike<number>): void => takeRow(OWNER, row, this.#row, true);

  /** The output column of a group of column j; -1 if it is dropped. */
  #target(j: number, group: number): number {
    const drop = this.#drops[j]!;
    if (group === drop) return -1;
    return this.#starts[j]! + group - (drop >= 0 && group > drop ? 1 : 0);
  }

  #firstOf(j: number, group: number): number {
    return this.#vocabulary.groups[j]?.indexOf(group) ?? group;
  }

  #dense(targets: Int32Array, rows: number): Table {
    const [d, k] = [this.nFeaturesIn, this.nFeaturesOut];
    const data = new Float64Array(rows * k);
    for (let at = 0; at < targets.length; at++) {
      if (targets[at]! >= 0) data[Math.floor(at / d) * k + targets[at]!] = 1;
    }
    return new Table(data, rows, k);
  }

  #sparse(targets: Int32Array, rows: number, held: number): SparseRows {
    const d = this.nFeaturesIn;
    const indices = new Int32Array(held);
    const indptr = new Int32Array(rows + 1);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < d; j++) {
        if (targets[i * d + j]! >= 0) indices[at++] = targets[i * d + j]!;
      }
      indptr[i + 1] = at;
    }
    return { data: new Float64Array(held).fill(1), indices, indptr, shape: [rows, this.nFeaturesOut] };
  }

  /** The category of column j that a row stands for: the largest positive number's, else the dropped one; -1 missing, -2 a rare one. */
  #placeBehind(row: Float64Array, j: number, i: number): number {
    let [best, largest] = [-1, 0];
    const drop = this.#drops[j]!;
    for (let at = this.#starts[j]!; at < this.#starts[j + 1]!; at++) {
      if (row[at]! <= largest) continue;
      best = at - this.#starts[j]!;
      largest = row[at]!;
    }
    if (best === -1 && drop === -1) {
      if (this.#options.handleUnknown !== 'error') return -1;
      throw new DataError(
        `${OWNER}: row ${i} of x has no category for ${columnName(this.featureNamesIn, j)}; handleUnknown: 'ignore' makes it a missing value`,
      );
    }
    const group = best === -1 ? drop : drop >= 0 && best >= drop ? best + 1 : best;
    const rare = this.#vocabulary.groups[j] !== null && group === sizeOf(this.#vocabulary, j) - 1;
    return rare ? -2 : this.#firstOf(j, group);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const OneHotEncoderModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): OneHotEncoderModel {
    const owner = 'OneHotEncoderModel.fromJSON';
    const fields = checkSaved('OneHotEncoderModel', 1, json);
    const options = savedOptions(owner, fields, (saved) => checkOneHotOptions(owner, saved));
    const vocabulary = savedVocabulary(owner, fields.vocabulary);
    const d = vocabulary.categories.length;
    const drops = decodeArray(owner, 'drops', fields.drops, { dtype: 'int32', shape: [d] });
    const bad = drops.findIndex((group, j) => group < -1 || group >= sizeOf(vocabulary, j));
    if (bad !== -1) throw new DataError(`${owner}: drops[${bad}] must be a category, got ${show(drops[bad])}`);
    return new FittedOneHotEncoder(options, vocabulary, drops);
  },
};
