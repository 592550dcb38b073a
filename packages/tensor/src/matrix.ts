import { counted, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { isTensor } from './brand.ts';
import type { FloatArray } from './dtype.ts';
import { showShape } from './shape.ts';
import { isSparse } from './sparse.ts';
import type { Tensor } from './tensor.ts';

/** What estimators take as a table of numbers [n, d]: a tensor, rows of numbers, or flat numbers with a shape. */
export type MatrixLike =
  | Tensor
  | readonly (readonly number[])[]
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] };

/**
 * A table with named columns: numbers (missing: NaN, in lists null too), strings (missing: null) or booleans. Columns stand in the order
 * of the object's keys, in which JavaScript puts names that are whole numbers first, and in ascending order.
 */
export type Columns = Record<string, Float64Array | (number | null)[] | (string | null)[] | boolean[]>;

/** A checked table of numbers, row by row. */
export interface Matrix<T extends FloatArray = FloatArray> {
  readonly data: T;
  readonly rows: number;
  readonly columns: number;
}

export interface MatrixOptions {
  /** The argument's name in errors; 'x'. */
  name?: string;
  /** Keep float32 data float32; else everything becomes float64; false. */
  keepFloat32?: boolean;
  /** Accept NaN as a missing value; false. */
  allowMissing?: boolean;
  /** Let numbers that are not finite pass, for a caller whose results tell of them and who then checks again; false. */
  unchecked?: boolean;
  /** The number of columns that the model was fitted with. */
  columns?: number;
}

/**
 * Checks a table at the door and converts it once: not empty, no ragged rows, all numbers finite. The result may share the
 * caller's array, so it is only read.
 *
 * @throws ShapeError, DataError, OptionError that name the argument and the place
 */
export function toMatrix(owner: string, x: MatrixLike, options: MatrixOptions = {}): Matrix {
  const { name = 'x', keepFloat32 = false, allowMissing = false, unchecked = false } = options;
  const matrix = flat(owner, name, x, keepFloat32);
  const { data, rows, columns } = matrix;
  checkSize(owner, rows, columns, options);
  if (unchecked) return matrix;
  checkFinite(owner, name, data, (at) => `${Math.floor(at / columns)}, ${at % columns}`, allowMissing);
  return matrix;
}

/** Throws unless a table has rows and columns, and as many columns as a model was fitted with. */
export function checkSize(
  owner: string,
  rows: number,
  columns: number,
  { name = 'x', columns: wanted }: MatrixOptions,
): void {
  if (rows * columns === 0) {
    throw new DataError(`${owner}: ${name} must have at least one row and one column, got shape [${rows}, ${columns}]`);
  }
  if ((wanted ?? columns) !== columns) {
    throw new ShapeError(
      `${owner}: ${name} has ${counted(columns, 'column')}, but the model was fitted with ${wanted}`,
    );
  }
}

/** Throws a `DataError` that names the first element that is not finite. */
export function checkFinite(
  owner: string,
  name: string,
  data: FloatArray,
  placeOf: (at: number) => string,
  allowMissing: boolean,
): void {
  if (allFinite(data)) return;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value - value === 0 || (allowMissing && Number.isNaN(value))) continue;
    const place = `${name}[${placeOf(i)}]`;
    throw new DataError(
      Number.isNaN(value)
        ? `${owner}: ${place} is NaN; impute or drop missing values first (see SimpleImputer)`
        : `${owner}: ${place} is ${value}; all numbers must be finite`,
    );
  }
}

/** Whether all numbers are finite: x - x is 0 then, else NaN, which stays in a sum. Four sums, since an addition waits for the one before. */
export function allFinite(data: FloatArray): boolean {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = data.length - (data.length & 3);
  for (let i = 0; i < whole; i += 4) {
    s0 += data[i]! - data[i]!;
    s1 += data[i + 1]! - data[i + 1]!;
    s2 += data[i + 2]! - data[i + 2]!;
    s3 += data[i + 3]! - data[i + 3]!;
  }
  for (let i = whole; i < data.length; i++) s0 += data[i]! - data[i]!;
  return s0 + s1 + (s2 + s3) === 0;
}

function flat(owner: string, name: string, x: MatrixLike, keepFloat32: boolean): Matrix {
  if (isTensor(x)) return shaped(owner, name, toFloats(x.toTypedArray(), keepFloat32), x.shape);
  if (Array.isArray(x)) return fromRows(owner, name, x);
  if (isSparse(x))
    throw new OptionError(`${owner}: ${name} is sparse, but dense rows are needed; use toDense(${name})`);
  const { data, shape } = Object(x) as { data?: ArrayLike<number>; shape?: unknown };
  if (!Array.isArray(shape) || typeof data?.length !== 'number') throw notAMatrix(owner, name, x);
  if (Array.isArray(data)) checkNumbers(owner, name, data);
  return shaped(owner, name, toFloats(data, keepFloat32), shape);
}

function fromRows(owner: string, name: string, rows: readonly unknown[]): Matrix {
  if (rows.length === 0) return { data: new Float64Array(0), rows: 0, columns: 0 };
  if (typeof rows[0] === 'number') {
    throw new ShapeError(
      `${owner}: ${name} must be a table [n, d], got a list of ${rows.length} numbers; wrap each in a row: ${name}.map((v) => [v])`,
    );
  }
  if (typeof rows[0] === 'string') {
    throw new DataError(
      `${owner}: ${name} must be a table of numbers [n, d], got a list of strings; encode them first (see CountVectorizer for texts, OneHotEncoder for categories)`,
    );
  }
  const columns = (rows[0] as ArrayLike<number>)?.length;
  if (!Number.isInteger(columns)) throw notAMatrix(owner, name, rows);
  const data = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as ArrayLike<unknown>;
    if (row?.length !== columns) {
      const came = counted(row?.length ?? 0, 'column');
      throw new ShapeError(`${owner}: ${name}[${i}] has ${came}, but ${name}[0] has ${columns}`);
    }
    for (let j = 0; j < columns; j++) {
      const value = row[j];
      if (typeof value !== 'number') {
        throw new DataError(`${owner}: ${name}[${i}, ${j}] must be a number, got ${show(value)}`);
      }
      data[i * columns + j] = value;
    }
  }
  return { data, rows: rows.length, columns };
}

function shaped(owner: string, name: string, data: FloatArray, shape: readonly number[]): Matrix {
  if (shape.length !== 2) {
    throw new ShapeError(`${owner}: ${name} must have 2 axes [n, d], got shape ${showShape(shape)}`);
  }
  const [rows, columns] = shape as [number, number];
  if (rows * columns !== data.length) {
    throw new ShapeError(
      `${owner}: ${name} has ${data.length} numbers, but its shape ${showShape(shape)} holds ${rows * columns}`,
    );
  }
  return { data, rows, columns };
}

function toFloats(data: ArrayLike<number>, keepFloat32: boolean): FloatArray {
  if (data instanceof Float64Array || (keepFloat32 && data instanceof Float32Array)) return data;
  return Float64Array.from(data);
}

/** Float64Array.from would make 0 of null and 5 of '5'. */
function checkNumbers(owner: string, name: string, data: readonly unknown[]): void {
  const at = data.findIndex((value) => typeof value !== 'number');
  if (at >= 0) throw new DataError(`${owner}: ${name}.data[${at}] must be a number, got ${show(data[at])}`);
}

function notAMatrix(owner: string, name: string, x: unknown): OptionError {
  const wanted = `${owner}: ${name} must be a Tensor [n, d], an array of rows, or { data, shape }`;
  return new OptionError(`${wanted}, got ${show(x)}${remedy(name, x)}`);
}

/** What to do with the forms that tables often come in. */
function remedy(name: string, x: unknown): string {
  if (typeof x !== 'object') return '';
  if (ArrayBuffer.isView(x)) return `; say where rows end: { data: ${name}, shape: [n, d] }`;
  const rows = Array.isArray(x);
  const fields = Object.entries<ArrayLike<unknown>>(Object(rows ? x[0] : x));
  if (fields.length === 0) return '';
  if (rows) return `; take the numbers out of each: ${name}.map((row) => [row.${fields[0]![0]}, ...])`;
  if (!fields.every(([, column]) => typeof column?.length === 'number')) return '';
  const text = fields.find(([, column]) => typeof column[0] === 'string');
  if (text) return ` of columns, of which '${text[0]}' holds strings; encode them (see OneHotEncoder)`;
  return ' of columns; make a table of them (see ColumnTransformer)';
}
