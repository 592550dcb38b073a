import { DataError, OptionError, runSteps, ShapeError, type Steps, show } from '@maru-ml/base';
import { type Columns, isSparse, isTensor, type Matrix, type MatrixLike, toMatrix } from '@maru-ml/tensor';

/** What the values of a column are. */
export type ColumnKind = 'number' | 'string' | 'boolean';

/** The values of a column; missing ones are NaN or null. */
export type ColumnValues = Float64Array | readonly (string | null)[] | readonly boolean[];

/** One row with names, such as `{ age: 3, sex: 'male' }`; null and NaN are missing. */
export type NamedRow = Readonly<Record<string, number | string | boolean | null | undefined>>;

/** Checked columns, of a table with names or of a matrix. */
export interface ColumnSet {
  /** null for a matrix */
  readonly names: readonly string[] | null;
  readonly rows: number;
  readonly kinds: readonly ColumnKind[];
  readonly values: readonly ColumnValues[];
}

/** What a model remembers of the columns that it was fitted with. */
export interface FittedColumns {
  readonly names: readonly string[] | null;
  readonly kinds: readonly ColumnKind[];
}

/** Whether `x` is a table with named columns, not a matrix of any form. An object without fields is none. */
export function isColumns(x: unknown): x is Columns {
  if (typeof x !== 'object' || x === null || Array.isArray(x) || ArrayBuffer.isView(x) || isTensor(x)) return false;
  if (isSparse(x) || ('data' in x && 'shape' in x && Array.isArray(x.shape))) return false;
  return Object.keys(x).length > 0;
}

/**
 * Checks a table with names or a matrix, and takes its columns; with `fitted`, those that a model was fitted with, in its order.
 * @throws ShapeError for other columns or lengths, DataError for values of another kind and for infinite numbers
 */
export function toColumnSet(owner: string, x: MatrixLike | Columns, fitted?: FittedColumns): ColumnSet {
  return runSteps(columnSetSteps(owner, x, fitted));
}

/** The same, with pauses between columns. */
export function* columnSetSteps(owner: string, x: MatrixLike | Columns, fitted?: FittedColumns): Steps<ColumnSet> {
  if (!isColumns(x)) {
    if (fitted !== undefined && fitted.names !== null) throw needsNames(owner, fitted.names);
    refuseStrings(owner, x);
    const matrix = toMatrix(owner, x, { keepFloat32: true, allowMissing: true, columns: fitted?.kinds.length });
    yield;
    return yield* columnsOfMatrix(matrix);
  }
  if (fitted !== undefined && fitted.names === null) {
    throw new OptionError(`${owner}: x has named columns, but the model was fitted with a matrix; use numbers [n, d]`);
  }
  const names = fitted?.names ?? Object.keys(x);
  const values: ColumnValues[] = [];
  for (const [j, name] of names.entries()) {
    values.push(missingAs(withNumbers(owner, name, columnOf(owner, x, name)), fitted?.kinds[j]));
    yield;
  }
  const known = new Set(names);
  const extra = Object.keys(x).find((name) => !known.has(name));
  if (extra !== undefined) {
    throw new ShapeError(`${owner}: x has a column ${show(extra)}, but the model was not fitted with one`);
  }
  const kinds: ColumnKind[] = [];
  for (const [j, column] of values.entries()) {
    kinds.push(checkColumnKind(owner, names[j]!, column, fitted?.kinds[j]));
    yield;
  }
  const rows = checkRows(owner, names, values);
  return { names, rows, kinds, values };
}

/** Rows hold numbers only; for words there is a way in that the error for `'5'` where 5 belongs cannot know. */
function refuseStrings(owner: string, x: unknown): void {
  if (!Array.isArray(x)) return;
  const found = x
    .slice(0, 1)
    .flat()
    .find((value) => typeof value === 'string' && Number.isNaN(Number(value)));
  if (found === undefined) return;
  throw new DataError(
    `${owner}: rows hold numbers, got ${show(found)}; give strings as columns with names: { color: ['red', 'blue'] }`,
  );
}

/** Throws a `DataError` or `ShapeError` unless columns have as many rows, at least one; returns how many. */
function checkRows(owner: string, names: readonly string[], values: readonly ColumnValues[]): number {
  const rows = values[0]!.length;
  for (const [j, column] of values.entries()) {
    if (column.length === rows) continue;
    throw new ShapeError(
      `${owner}: column ${show(names[j])} of x has ${column.length} rows, but column ${show(names[0])} has ${rows}`,
    );
  }
  if (rows === 0) throw new DataError(`${owner}: x must have at least one row, got columns of length 0`);
  return rows;
}

/** The columns of a matrix, copied. */
export function* columnsOfMatrix({ data, rows, columns }: Matrix): Steps<ColumnSet> {
  const values: Float64Array[] = [];
  for (let j = 0; j < columns; j++) {
    const column = new Float64Array(rows);
    for (let i = 0, at = j; i < rows; i++, at += columns) column[i] = data[at]!;
    values.push(column);
    yield;
  }
  return { names: null, rows, kinds: values.map(() => 'number'), values };
}

/** How errors call column j. */
export function columnName(names: readonly string[] | null, j: number): string {
  return names === null ? `column ${j}` : `column ${show(names[j])}`;
}

/** The value of a column in a row with names. @throws ShapeError if there is no such field */
export function fieldOf(owner: string, row: NamedRow, name: string): number | string | boolean | null | undefined {
  const value = row[name];
  if (value !== undefined || Object.hasOwn(row, name)) return value;
  throw new ShapeError(`${owner}: the row has no ${show(name)}, but the model was fitted with one`);
}

/** Whether a single row comes with names. @throws OptionError if it is neither that nor a list */
export function isNamedRow(owner: string, row: ArrayLike<number> | NamedRow): row is NamedRow {
  if (Array.isArray(row) || ArrayBuffer.isView(row)) return false;
  if (typeof row === 'object' && row !== null) return true;
  throw new OptionError(`${owner}: the row must be a list of numbers or an object with names, got ${show(row)}`);
}

export function needsNames(owner: string, names: readonly string[]): OptionError {
  const shown = names.length > 4 ? `${names.slice(0, 3).map(show).join(', ')}, …` : names.map(show).join(', ');
  return new OptionError(`${owner}: the model was fitted with named columns (${shown}); give it those, not a matrix`);
}

/** A list of numbers as an array of floats, null as NaN; other columns as they are. */
function withNumbers(owner: string, name: string, values: Columns[string]): ColumnValues {
  if (!Array.isArray(values) || typeof (values as unknown[]).find((value) => value !== null) !== 'number') {
    return values as ColumnValues;
  }
  return Float64Array.from(values as unknown[], (value, i) => {
    if (value === null) return Number.NaN;
    if (typeof value === 'number') return value;
    throw new DataError(
      `${owner}: column ${show(name)} of x must hold numbers or null, got ${show(value)} in row ${i}`,
    );
  });
}

/** A column without any value says nothing of its kind: it takes that which the model was fitted with. Booleans are never missing. */
function missingAs(values: ColumnValues, wanted: ColumnKind | undefined): ColumnValues {
  if (wanted === undefined || wanted === 'boolean' || !isAllMissing(values)) return values;
  const { length } = values;
  return wanted === 'number' ? new Float64Array(length).fill(Number.NaN) : new Array<null>(length).fill(null);
}

function isAllMissing(values: ColumnValues): boolean {
  if (values instanceof Float64Array) return values.every((value) => Number.isNaN(value));
  return Array.isArray(values) && values.every((value) => value === null);
}

function columnOf(owner: string, x: Columns, name: string): Columns[string] {
  if (Object.hasOwn(x, name)) return x[name]!;
  throw new ShapeError(`${owner}: x has no column ${show(name)}, but the model was fitted with one`);
}

const HOLDS = { number: 'numbers', string: 'strings', boolean: 'booleans' };

/** The kind of a column's values, each of which is checked. */
export function checkColumnKind(owner: string, name: string, values: unknown, wanted?: ColumnKind): ColumnKind {
  const kind = kindOf(owner, name, values);
  if (wanted !== undefined && kind !== wanted) {
    if (isAllMissing(values as ColumnValues)) {
      throw new DataError(`${owner}: column ${show(name)} of x must hold booleans, got only missing values`);
    }
    throw new DataError(
      `${owner}: column ${show(name)} of x holds ${HOLDS[kind]}, but the model was fitted with ${HOLDS[wanted]}`,
    );
  }
  return kind;
}

function kindOf(owner: string, name: string, values: unknown): ColumnKind {
  if (values instanceof Float64Array) {
    const i = values.findIndex((value) => !Number.isFinite(value) && !Number.isNaN(value));
    if (i === -1) return 'number';
    throw new DataError(`${owner}: column ${show(name)} of x is ${values[i]} in row ${i}; all numbers must be finite`);
  }
  if (!Array.isArray(values)) {
    throw new OptionError(
      `${owner}: column ${show(name)} of x must be numbers, strings or booleans, got ${show(values)}`,
    );
  }
  const first = values.find((value) => value !== null);
  const kind = typeof first === 'boolean' ? 'boolean' : 'string';
  for (const [i, value] of values.entries()) {
    if (typeof value === kind || (value === null && kind === 'string')) continue;
    const wanted = kind === 'string' ? 'strings or null' : 'booleans';
    throw new DataError(`${owner}: column ${show(name)} of x must hold ${wanted}, got ${show(value)} in row ${i}`);
  }
  return kind;
}
