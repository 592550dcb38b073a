import { counted, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { isTensor } from './brand.ts';
import type { FloatArray } from './dtype.ts';
import { showShape } from './shape.ts';
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
  const { name = 'x', keepFloat32, allowMissing, unchecked } = options;
  const matrix = flat(owner, name, x, keepFloat32);
  const { data, rows, columns } = matrix;
  checkSize(owner, rows, columns, options);
  if (unchecked) return matrix;
  checkFinite(owner, name, data, (at) => [Math.floor(at / columns), at % columns], allowMissing);
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
  placeOf: (at: number) => readonly number[],
  allowMissing: boolean | undefined,
): void {
  if (allFinite(data)) return;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value - value === 0 || (allowMissing && Number.isNaN(value))) continue;
    const remedy = Number.isNaN(value)
      ? 'impute or drop missing values first (see SimpleImputer)'
      : 'all numbers must be finite';
    throw new DataError(`${owner}: ${name}${showShape(placeOf(i))} is ${value}; ${remedy}`);
  }
}

/** Whether all numbers are finite: 0 x is 0 then, else NaN, which stays in a sum. Four at a time, since an addition waits for the one before. */
export function allFinite(data: FloatArray): boolean {
  let sum = 0;
  let i = 0;
  for (; i < data.length - 3; i += 4) sum += 0 * data[i]! + 0 * data[i + 1]! + (0 * data[i + 2]! + 0 * data[i + 3]!);
  for (; i < data.length; i++) sum += 0 * data[i]!;
  return sum === 0;
}

function flat(owner: string, name: string, x: MatrixLike, keepFloat32: boolean | undefined): Matrix {
  if (Array.isArray(x)) return fromRows(owner, name, x);
  const { data, shape, indptr } = (isTensor(x) ? { data: x.toTypedArray(), shape: x.shape } : Object(x)) as Partial<
    Record<'data' | 'shape' | 'indptr', ArrayLike<number>>
  >;
  if (indptr || !Array.isArray(shape) || typeof data?.length !== 'number') throw notAMatrix(owner, name, x);
  if (Array.isArray(data)) {
    // Float64Array.from would make 0 of null and 5 of '5'.
    const at = data.findIndex((value) => typeof value !== 'number');
    if (at >= 0) throw new DataError(`${owner}: ${name}.data[${at}] must be a number, got ${show(data[at])}`);
  }
  if (shape.length !== 2) {
    throw new ShapeError(`${owner}: ${name} must have 2 axes [n, d], got shape ${showShape(shape)}`);
  }
  const [rows, columns] = shape as [number, number];
  if (rows * columns !== data.length) {
    throw new ShapeError(
      `${owner}: ${name} has ${data.length} numbers, but its shape ${showShape(shape)} holds ${rows * columns}`,
    );
  }
  const asTheyAre = data instanceof Float64Array || (keepFloat32 && data instanceof Float32Array);
  return { data: asTheyAre ? data : Float64Array.from(data), rows, columns };
}

function fromRows(owner: string, name: string, rows: readonly unknown[]): Matrix {
  const [first] = rows as readonly ArrayLike<unknown>[];
  const columns = rows.length && first?.length;
  if (typeof first === 'string' || !Number.isInteger(columns)) throw notAMatrix(owner, name, rows);
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

function notAMatrix(owner: string, name: string, x: unknown): OptionError {
  const wanted = `${owner}: ${name} must be a Tensor [n, d], an array of rows, or { data, shape }`;
  return new OptionError(`${wanted}, got ${show(x)}${remedy(name, x)}`);
}

/** What to do with the forms that tables often come in. */
function remedy(name: string, x: unknown): string {
  if (ArrayBuffer.isView(x)) return `; say where rows end: { data: ${name}, shape: [n, d] }`;
  if (Object(x).indptr) return `; make sparse rows dense: toDense(${name})`;
  if (Array.isArray(x)) {
    const [first] = x;
    if (typeof first === 'number') return `; wrap each number in a row: ${name}.map((v) => [v])`;
    if (typeof first === 'string') return '; encode them (see OneHotEncoder for categories, CountVectorizer for texts)';
    const [field] = Object.keys(Object(first));
    return field ? `; take the numbers out of each: ${name}.map((row) => [row.${field}, ...])` : '';
  }
  const columns = Object(x);
  const fields = Object.keys(columns);
  // Lists and typed arrays can be filled, strings cannot.
  if (columns.shape || !columns[fields[0]!]?.fill) return '';
  const text = fields.find((column) => typeof columns[column]?.[0] === 'string');
  if (text) return ` of columns, of which '${text}' holds strings; encode them (see OneHotEncoder)`;
  return ' of columns; make a table of them (see ColumnTransformer)';
}
