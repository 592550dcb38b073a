import { DataError, OptionError, readable, runSteps, show } from '@maru-ml/base';
import { type Columns, checkOut, checkSaved, type MatrixLike, Table, takeRow, toMatrix } from '@maru-ml/tensor';
import { arrayLike } from './affine.ts';
import {
  type ColumnKind,
  type ColumnSet,
  columnName,
  columnsOfMatrix,
  type FittedColumns,
  isColumns,
  type NamedRow,
  toColumnSet,
} from './columns.ts';
import { toMadeMatrix } from './made.ts';
import { inputNames } from './names.ts';
import { count } from './print.ts';
import { checkMatrixKinds, savedNames } from './saved.ts';
import { checkRowForm, rowValue } from './vocabulary.ts';

/** What counts as missing: NaN and null if this is null, else this value. */
export type Missing = number | string | null;

const OWNER = 'SimpleImputer';

/** What `SimpleImputer` fills in. It is made by `fit` or `fromJSON` and does not change. */
export interface SimpleImputerModel extends FittedSimpleImputer {}

export class FittedSimpleImputer {
  /** What each column's missing values become [d]; null for columns that are left out and for booleans. */
  readonly statistics: readonly (number | string | null)[];
  /** The columns that a column of 0 and 1 is added for. */
  readonly indicatorFeatures: readonly number[];
  /** The names of the columns that it was fitted with [d]; null for a matrix. */
  readonly featureNamesIn: readonly string[] | null;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #missing: Missing;
  readonly #fitted: FittedColumns;
  /** The columns that are not left out. */
  readonly #kept: readonly number[];
  /** What missing numbers of those become; NaN where they hold none. */
  readonly #fills: Float64Array;
  readonly #row: Float64Array;

  /** @internal */
  constructor(
    missing: Missing,
    fitted: FittedColumns,
    statistics: readonly (number | string | null)[],
    indicators: readonly number[],
  ) {
    const { kinds, names } = fitted;
    this.#missing = missing;
    this.#fitted = fitted;
    this.#kept = [...kinds.keys()].filter((j) => statistics[j] !== null || kinds[j] === 'boolean');
    this.#fills = Float64Array.from(this.#kept, (j) => (kinds[j] === 'number' ? Number(statistics[j]) : Number.NaN));
    this.#row = new Float64Array(kinds.length);
    this.statistics = Object.freeze([...statistics]);
    this.indicatorFeatures = Object.freeze([...indicators]);
    this.featureNamesIn = names;
    this.nFeaturesIn = kinds.length;
    this.nFeaturesOut = this.#kept.length + indicators.length;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The rows of `x`, of the form that it was fitted with, without missing values: a table with names, or numbers
   * [m, nFeaturesOut], of float32 if they are.
   * @throws ShapeError for other columns, DataError for infinite numbers
   */
  transform(x: Columns): Columns;
  transform(x: MatrixLike): Table;
  transform(x: MatrixLike | Columns): Table | Columns {
    return this.#fitted.names === null && !isColumns(x) ? this.#fillMatrix(x) : this.#fillColumns(x);
  }

  /**
   * The values of one row, numbers [d] or an object with names, into `out` [nFeaturesOut], without allocating; booleans are 0
   * and 1. Errors as for `transform`, and OptionError if a column holds strings.
   */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number> | NamedRow, out: O): O {
    checkRowForm(OWNER, this.#fitted, row, this.#take);
    checkOut(OWNER, out, this.nFeaturesOut);
    if (this.#fitted.names === null) this.#fillRow(this.#row, 0, out, 0);
    else this.#fillNamed(row as NamedRow, out);
    return out;
  }

  /**
   * The way back for what `transform` gave with `addIndicator`: values that were missing are so again, and columns that were
   * left out are missing everywhere. Without indicators all values stay as they are.
   * @throws ShapeError for other columns
   */
  inverseTransform(x: Columns): Columns;
  inverseTransform(x: MatrixLike): Table;
  inverseTransform(x: MatrixLike | Columns): Table | Columns {
    const { names, kinds } = this.#fitted;
    const made = this.#made(x);
    const values = kinds.map((kind, j) => {
      const kept = this.#kept.indexOf(j);
      const indicator = this.indicatorFeatures.indexOf(j);
      const flags = indicator === -1 ? null : made.values[this.#kept.length + indicator]!;
      const hole = this.#missing ?? (kind === 'number' ? Number.NaN : null);
      const column = kept === -1 ? null : made.values[kept]!;
      const value = (i: number) => (column === null || (flags !== null && Boolean(flags[i])) ? hole : column[i]!);
      if (kind === 'number') return Float64Array.from({ length: made.rows }, (_, i) => value(i) as number);
      return Array.from({ length: made.rows }, (_, i) => value(i)) as (string | null)[];
    });
    if (names !== null) return Object.fromEntries(values.map((column, j) => [names[j], column]));
    const d = this.nFeaturesIn;
    const data = Float64Array.from({ length: made.rows * d }, (_, at) => values[at % d]![Math.floor(at / d)] as number);
    return new Table(data, made.rows, d);
  }

  /** The names of the output columns: those kept of the given names [d], else of its own, else x0, x1 and so on; then missingindicator_x0 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    const inputs = inputNames(OWNER, names, this.nFeaturesIn, this.featureNamesIn);
    const kept = this.#kept.map((j) => inputs[j]!);
    return [...kept, ...this.indicatorFeatures.map((j) => `missingindicator_${inputs[j]}`)];
  }

  toJSON(): object {
    return {
      type: 'SimpleImputerModel',
      version: 1,
      missingValues: this.#missing,
      names: this.#fitted.names,
      kinds: this.#fitted.kinds,
      statistics: this.statistics,
      indicatorFeatures: this.indicatorFeatures,
    };
  }

  toString(): string {
    return `SimpleImputerModel: ${count(this.nFeaturesIn, 'column')} to ${this.nFeaturesOut}`;
  }

  readonly #take = (row: ArrayLike<number>): void => takeRow(OWNER, row, this.#row, this.#missing === null);

  #fillMatrix(x: MatrixLike): Table {
    const allowMissing = this.#missing === null;
    const {
      data,
      rows,
      columns: d,
    } = toMatrix(OWNER, x, { keepFloat32: true, allowMissing, columns: this.nFeaturesIn });
    const k = this.nFeaturesOut;
    const out = arrayLike(data, rows * k);
    for (let i = 0; i < rows; i++) this.#fillRow(data, i * d, out, i * k);
    return new Table(out, rows, k);
  }

  /** A row of numbers from place `at` on, into `out` from `to` on. */
  #fillRow(data: Float32Array | Float64Array, at: number, out: Float32Array | Float64Array, to: number): void {
    const kept = this.#kept;
    const missing = this.#missing;
    for (let k = 0; k < kept.length; k++) {
      const value = data[at + kept[k]!]!;
      const isHole = missing === null ? Number.isNaN(value) : value === missing;
      out[to + k] = isHole ? this.#fills[k]! : value;
    }
    const flagged = this.indicatorFeatures;
    for (let k = 0; k < flagged.length; k++) {
      const value = data[at + flagged[k]!]!;
      const isHole = missing === null ? Number.isNaN(value) : value === missing;
      out[to + kept.length + k] = isHole ? 1 : 0;
    }
  }

  /** A row with names, booleans as 0 and 1. */
  #fillNamed(row: NamedRow, out: Float32Array | Float64Array): void {
    let at = 0;
    for (const j of this.#kept) {
      const value = rowValue(OWNER, this.#fitted, row, j) ?? null;
      const filled = isMissing(value, this.#missing) ? this.statistics[j]! : value;
      if (typeof filled === 'string') {
        const column = columnName(this.featureNamesIn, j);
        throw new OptionError(`${OWNER}: transformOne gives numbers, but ${column} holds strings; use transform`);
      }
      out[at++] = Number(filled);
    }
    for (const j of this.indicatorFeatures) {
      out[at++] = isMissing(rowValue(OWNER, this.#fitted, row, j) ?? null, this.#missing) ? 1 : 0;
    }
  }

  #fillColumns(x: MatrixLike | Columns): Columns {
    const { values, kinds } = checkMissing(toColumnSet(OWNER, x, this.#fitted), this.#missing);
    const names = this.featureNamesOut();
    const filled = this.#kept.map((j) => {
      const fill = this.statistics[j]!;
      if (kinds[j] === 'boolean') return [...(values[j] as boolean[])];
      if (kinds[j] === 'number') {
        return (values[j] as Float64Array).map((value) => (isMissing(value, this.#missing) ? (fill as number) : value));
      }
      return (values[j] as (string | null)[]).map((value) =>
        isMissing(value, this.#missing) ? (fill as string) : value,
      );
    });
    const flags = this.indicatorFeatures.map((j) =>
      Array.from(values[j] as ArrayLike<number | string | null>, (value) => isMissing(value, this.#missing)),
    );
    return Object.fromEntries([...filled, ...flags].map((column, k) => [names[k], column]));
  }

  /** What `transform` gave, column by column. */
  #made(x: MatrixLike | Columns): Pick<ColumnSet, 'rows' | 'values'> {
    if (this.featureNamesIn === null && !isColumns(x)) {
      return runSteps(columnsOfMatrix(toMadeMatrix(OWNER, x, this.nFeaturesOut)));
    }
    const kinds: ColumnKind[] = [
      ...this.#kept.map((j) => this.#fitted.kinds[j]!),
      ...this.indicatorFeatures.map(() => 'boolean' as const),
    ];
    return toColumnSet(OWNER, x, { names: this.featureNamesOut(), kinds });
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const SimpleImputerModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): SimpleImputerModel {
    const owner = 'SimpleImputerModel.fromJSON';
    const fields = checkSaved('SimpleImputerModel', 1, json);
    const names = savedNames(owner, fields, 'names');
    const { missingValues, kinds, statistics, indicatorFeatures } = fields;
    const d = Array.isArray(kinds) ? kinds.length : 0;
    const isList = (list: unknown, check: (item: unknown) => boolean): list is unknown[] =>
      Array.isArray(list) && list.every(check);
    const isValue = (value: unknown) => value === null || typeof value === 'string' || Number.isFinite(value);
    const isPlace = (j: unknown) => Number.isInteger(j) && (j as number) >= 0 && (j as number) < d;
    const good =
      d > 0 &&
      isList(kinds, (kind) => kind === 'number' || kind === 'string' || kind === 'boolean') &&
      isList(statistics, isValue) &&
      statistics.length === d &&
      isList(indicatorFeatures, isPlace) &&
      isValue(missingValues) &&
      (names === null || names.length === d);
    const fits = (value: unknown, j: number) =>
      value === null || typeof value === (isList(kinds, () => true) && kinds[j] === 'number' ? 'number' : 'string');
    if (!good || !statistics.every(fits)) {
      throw new DataError(`${owner}: the saved columns and statistics do not fit together`);
    }
    checkMatrixKinds(owner, names, kinds);
    return new FittedSimpleImputer(
      missingValues as Missing,
      { names, kinds: kinds as ColumnKind[] },
      statistics as (number | string | null)[],
      indicatorFeatures as number[],
    );
  },
};

/** Whether a value is missing. */
export function isMissing(value: number | string | boolean | null, missing: Missing): boolean {
  if (missing !== null) return value === missing;
  return value === null || Number.isNaN(value);
}

/** Refuses NaN where another number stands for what is missing. @throws DataError */
export function checkMissing(columns: ColumnSet, missing: Missing): ColumnSet {
  if (missing === null) return columns;
  for (const [j, values] of columns.values.entries()) {
    const i = columns.kinds[j] === 'number' ? (values as Float64Array).findIndex(Number.isNaN) : -1;
    if (i === -1) continue;
    const place = columns.names === null ? `x[${i}, ${j}]` : `${columnName(columns.names, j)} of x in row ${i}`;
    throw new DataError(
      `${OWNER}: ${place} is NaN, but what is missing is ${show(missing)}; use missingValues: null for NaN`,
    );
  }
  return columns;
}
