import { DataError, OptionError, type Steps, show } from '@maru-ml/base';
import { type Label, type MatrixLike, toLabels, toMatrix, toTargets } from '@maru-ml/tensor';
import { constantColumns, spansConstant } from './constant.ts';
import { FittedFormula, fitFormula } from './formula/formula.ts';

/** A table with named columns: numbers (missing: NaN or null), strings (missing: null) or booleans. */
export type DataColumns = Readonly<
  Record<string, ArrayLike<number | null> | readonly (string | null)[] | readonly boolean[]>
>;

/** A term of a formula and its columns, from `start` to before `end`. */
export interface DesignTerm {
  readonly name: string;
  /** The factors whose product it is; none for the intercept. */
  readonly factors: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** What a model is fitted to: the columns X, the response y, and their names. All numbers in it are finite. */
export interface Design {
  /** X [n, k], row by row. It may be the caller's array, so it is only read. */
  readonly x: Float64Array;
  /** [n]: the response; where it holds labels, their places in `yLevels`. */
  readonly y: Float64Array;
  /** n. */
  readonly rows: number;
  /** k. */
  readonly columns: number;
  /** The columns' names [k], such as 'Intercept', 'CRIM', 'C(CHAS)[T.1]'; 'const', 'x1', 'x2' where there is no formula. */
  readonly names: readonly string[];
  /** The response's name; 'y' where there is no formula. */
  readonly yName: string;
  /** The labels in ascending order, if the response holds strings or booleans; else null. */
  readonly yLevels: readonly Label[] | null;
  /** The formula's terms in the order of their columns; without a formula each column is one. */
  readonly terms: readonly DesignTerm[];
  /** Whether the columns span a constant, be it as a column or as the sum of some. */
  readonly hasConstant: boolean;
  /** How many rows of the data were left out because something in them is missing. */
  readonly dropped: number;
  /** Which rows of the data the n rows are [n], from 0; null: all, in order. */
  readonly kept: Int32Array | null;
  /** How to make such columns from other rows. It is what a model keeps. */
  readonly source: DesignSource;
}

/** Makes the columns of a design from other rows: the formula with what its terms remember, or the names of a matrix's columns. */
export interface DesignSource {
  readonly names: readonly string[];
  readonly yName: string;
  readonly yLevels: readonly Label[] | null;
  /** The formula; null where there is none. */
  readonly formula: FittedFormula | null;
  /** Whether a column of ones is put before those of a matrix. */
  readonly addConstant: boolean;
}

/** How a design is to be read. */
export interface DesignOptions {
  /** Put a column of ones before those of a matrix; false. A formula has its own intercept. */
  addConstant?: boolean;
  /** Whether the response may hold labels; false. */
  labels?: boolean;
}

/** What a model is fitted to: a formula, or one with what its terms remember, beside columns; or a matrix beside a response. */
export type DesignInput = string | FittedFormula | MatrixLike;

/**
 * Reads what a model is fitted to, in one of two forms: a formula and columns, or a matrix [n, d] and a response [n]. With a formula
 * the rows that lack a value are left out; a matrix must have none. It pauses between its parts.
 *
 * @throws OptionError that points into the formula; ShapeError, DataError for rows and numbers that cannot be used
 */
export function* readDesign(
  owner: string,
  first: DesignInput,
  second: DataColumns | ArrayLike<Label>,
  options: DesignOptions = {},
): Steps<Design> {
  // A text without '~' beside a list is no formula.
  const isText = typeof first === 'string' && (first.includes('~') || !isList(second));
  if (isText || first instanceof FittedFormula) {
    return yield* fromFormula(owner, first, second as DataColumns, options);
  }
  return yield* fromMatrix(owner, first as MatrixLike, second as ArrayLike<Label>, options);
}

/**
 * The columns of other rows, for predictions [m, k]: of columns where there was a formula, else of a matrix. Every value must be there.
 * @throws as `readDesign`
 */
export function readRows(
  owner: string,
  source: DesignSource,
  x: MatrixLike | DataColumns,
): { x: Float64Array; rows: number } {
  const { formula, names, addConstant } = source;
  if (formula !== null) return formula.rows(owner, x as DataColumns, { missing: 'refuse' });
  const matrix = toMatrix(owner, x as MatrixLike, { columns: names.length - (addConstant ? 1 : 0) });
  return {
    x: addConstant ? withOnes(matrix.data, matrix.rows, matrix.columns) : new Float64Array(matrix.data),
    rows: matrix.rows,
  };
}

/** Those of the values for all rows of the data that belong to the rows of a design: weights, offsets. */
export function keptOf(design: Design, values: Float64Array): Float64Array {
  return design.kept === null ? values : Float64Array.from(design.kept, (row) => values[row]!);
}

/** How many rows the data of a design had before any was left out. */
export function rowsOfData(design: Design): number {
  return design.rows + design.dropped;
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function* fromFormula(
  owner: string,
  formula: string | FittedFormula,
  data: DataColumns,
  { labels = false }: DesignOptions,
): Steps<Design> {
  const fitted = typeof formula === 'string' ? fitFormula(owner, formula, data) : formula;
  yield;
  const { names, yName, yLevels, terms } = fitted;
  if (yName === '')
    throw new OptionError(`${owner}: the formula must have a response left of '~', got ${show(fitted.formula)}`);
  if (yLevels !== null && !labels) {
    throw new DataError(`${owner}: the response ${yName} holds labels, but numbers are needed`);
  }
  const { x, y, rows, kept, dropped } = fitted.rows(owner, data, { response: true });
  yield;
  if (names.length === 0)
    throw new OptionError(`${owner}: the formula must have a term right of '~', got ${show(fitted.formula)}`);
  const columns = names.length;
  const hasConstant = spansConstant(x, rows, columns);
  const source = { names, yName, yLevels, formula: fitted, addConstant: false };
  return { x, y: y!, rows, columns, names, yName, yLevels, terms, hasConstant, dropped, kept, source };
}

function* fromMatrix(
  owner: string,
  table: MatrixLike,
  response: ArrayLike<Label>,
  { addConstant = false, labels = false }: DesignOptions,
): Steps<Design> {
  const matrix = toMatrix(owner, table);
  yield;
  const { rows } = matrix;
  const { y, yLevels } = readResponse(owner, response, rows, labels);
  yield;
  const x = addConstant ? withOnes(matrix.data, rows, matrix.columns) : new Float64Array(matrix.data);
  yield;
  const columns = matrix.columns + (addConstant ? 1 : 0);
  const names = matrixNames(x, rows, columns);
  const terms = names.map((name, j) => ({ name, factors: name === 'const' ? [] : [name], start: j, end: j + 1 }));
  const source = { names, yName: 'y', yLevels, formula: null, addConstant };
  const hasConstant = spansConstant(x, rows, columns);
  return { x, y, rows, columns, names, yName: 'y', yLevels, terms, hasConstant, dropped: 0, kept: null, source };
}

function readResponse(
  owner: string,
  response: ArrayLike<Label>,
  rows: number,
  labels: boolean,
): { y: Float64Array; yLevels: readonly Label[] | null } {
  const first = Object(response)[0];
  if (labels && (typeof first === 'string' || typeof first === 'boolean')) {
    const { classes, codes } = toLabels(owner, response, rows);
    return { y: Float64Array.from(codes), yLevels: classes };
  }
  return { y: toTargets(owner, response as ArrayLike<number>, rows), yLevels: null };
}

function withOnes(data: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const x = new Float64Array(rows * (columns + 1));
  for (let i = 0, from = 0, to = 0; i < rows; i++) {
    x[to++] = 1;
    for (let j = 0; j < columns; j++) x[to++] = data[from++]!;
  }
  return x;
}

/** statsmodels' names: x1, x2 and so on, and 'const' for the first constant column. */
function matrixNames(x: Float64Array, rows: number, columns: number): string[] {
  const constant = constantColumns(x, rows, columns)[0] ?? -1;
  return Array.from({ length: columns }, (_, j) =>
    j === constant ? 'const' : `x${constant >= 0 && j > constant ? j : j + 1}`,
  );
}

/** The JSON form of what a model keeps of its design. */
export function saveSource({ names, yName, yLevels, formula, addConstant }: DesignSource): object {
  return { names, yName, yLevels, formula, addConstant };
}

/** The other way. @throws DataError if it is none */
export function loadSource(owner: string, json: unknown): DesignSource {
  const { names, yName, yLevels, formula, addConstant } = Object(json) as Record<keyof DesignSource, unknown>;
  const strings = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((item) => typeof item === 'string');
  const labels = yLevels === null || (Array.isArray(yLevels) && yLevels.length > 0);
  if (
    !strings(names) ||
    typeof yName !== 'string' ||
    !labels ||
    typeof addConstant !== 'boolean' ||
    formula === undefined
  ) {
    throw new DataError(`${owner}: source must hold names, yName, yLevels, formula and addConstant`);
  }
  const fitted =
    formula === null ? null : FittedFormula.fromJSON(formula instanceof FittedFormula ? formula.toJSON() : formula);
  if (fitted !== null && fitted.names.join('\0') !== names.join('\0')) {
    throw new DataError(`${owner}: names must be those of the formula's columns`);
  }
  return { names, yName, yLevels: yLevels as Label[] | null, formula: fitted, addConstant };
}

/** The number of columns that predictions are made from: those of the matrix, or those that the formula reads. */
export function featuresOf({ names, formula, addConstant }: DesignSource): number {
  return formula === null ? names.length - (addConstant ? 1 : 0) : formula.variables.length;
}
