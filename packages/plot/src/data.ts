import { DataError, OptionError, ShapeError, show } from '@maru-ml/base';

/** Something that hands out its numbers, such as a tensor. */
export type ArraySource =
  | { toTypedArray(): ArrayLike<number>; readonly shape?: readonly number[] }
  | { toArray(): unknown };

/** A column of numbers: an array, a typed array or a tensor with one axis. NaN and null are missing. */
export type Numbers = ArrayLike<number | null> | ArraySource;

/** A table of numbers [n, d]: rows of numbers, flat numbers with a shape, or a tensor. */
export type MatrixLike =
  | ArrayLike<ArrayLike<number | null>>
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] }
  | ArraySource;

/** Points in the plane: their coordinates in two columns, or rows of two numbers [n, 2]. */
export type Points = { readonly x: Numbers; readonly y: Numbers } | MatrixLike;

/** Numbers in the order of their axes; float32 ones are read as the shortest decimals that mean them. */
export interface NumericArray {
  data: ArrayLike<number>;
  shape: readonly number[];
}

/**
 * Reads numbers with any number of axes.
 *
 * @throws OptionError if there are no numbers to be read, ShapeError if rows differ in length or the shape does not fit,
 *   DataError if an element is no number
 */
export function readArray(owner: string, name: string, source: unknown): NumericArray {
  const found = flatten(owner, name, source);
  if (found === null) {
    throw new OptionError(
      `${owner}: ${name} must be an array of numbers, a typed array or a tensor, got ${show(source)}`,
    );
  }
  const { data, shape } = found;
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw new ShapeError(`${owner}: ${name} has shape ${showShape(shape)}, but ${count(data.length, 'number')}`);
  }
  return found;
}

/**
 * Reads a column of at least one number; null becomes NaN.
 *
 * @throws as `readArray`, and ShapeError if it has more than one axis, DataError if it is empty
 */
export function readNumbers(owner: string, name: string, source: unknown): number[] {
  const { data, shape } = readArray(owner, name, source);
  if (shape.filter((length) => length !== 1).length > 1) {
    throw new ShapeError(`${owner}: ${name} must have one axis, got shape ${showShape(shape)}`);
  }
  if (data.length === 0) throw new DataError(`${owner}: ${name} must have at least one number, got none`);
  return Array.from(data);
}

/** As `readNumbers`, and there must be `n` of them, as many as `other` has. */
export function readAsMany(owner: string, name: string, source: unknown, other: string, n: number): number[] {
  const numbers = readNumbers(owner, name, source);
  checkAsMany(owner, name, numbers.length, other, n);
  return numbers;
}

/** Throws a `ShapeError` if two columns differ in length. */
export function checkAsMany(owner: string, name: string, n: number, other: string, m: number): void {
  if (n !== m) throw new ShapeError(`${owner}: ${name} has ${count(n, 'value')}, but ${other} has ${m}`);
}

/** Whether it is one column of numbers, not several by their names. */
export function isNumbers(source: unknown): source is Numbers {
  if (typeof source !== 'object' || source === null) return false;
  const { length, toArray, toTypedArray } = source as { length?: unknown; toArray?: unknown; toTypedArray?: unknown };
  return typeof length === 'number' || typeof toArray === 'function' || typeof toTypedArray === 'function';
}

/** Reads a table with at least one row and column. */
export function readMatrix(
  owner: string,
  name: string,
  source: unknown,
): NumericArray & { rows: number; columns: number } {
  const { data, shape } = readArray(owner, name, source);
  const [rows = 0, columns = 0] = shape;
  if (data.length === 0) {
    throw new DataError(`${owner}: ${name} must have at least one row and one column, got shape ${showShape(shape)}`);
  }
  if (shape.length !== 2) throw new ShapeError(`${owner}: ${name} must have two axes, got shape ${showShape(shape)}`);
  return { data, shape, rows, columns };
}

/** Reads points as two columns of equal length. */
export function readPoints(owner: string, name: string, source: unknown): { x: number[]; y: number[] } {
  if (typeof source === 'object' && source !== null && 'x' in source && 'y' in source) {
    const x = readNumbers(owner, `${name}.x`, source.x);
    return { x, y: readAsMany(owner, `${name}.y`, source.y, `${name}.x`, x.length) };
  }
  const { data, shape, rows, columns } = readMatrix(owner, name, source);
  if (columns !== 2) {
    const remedy = columns > 2 ? '; choose two columns with { x, y }' : '';
    throw new ShapeError(`${owner}: ${name} must be [n, 2], got shape ${showShape(shape)}${remedy}`);
  }
  const column = (j: number) => Array.from({ length: rows }, (_, i) => data[i * 2 + j]!);
  return { x: column(0), y: column(1) };
}

/** Reads an interval [low, high]. */
export function readInterval(owner: string, name: string, source: unknown): [number, number] {
  const [low, high] = Array.isArray(source) && source.length === 2 ? source : [undefined, undefined];
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return [low, high];
  throw new OptionError(`${owner}: ${name} must be [low, high] with low < high, got ${show(source)}`);
}

/** The least and the greatest of the finite values; [Infinity, -Infinity] if there is none. */
export function extent(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The quantile of ascending numbers that lies a share q up, straight between two of them (R's type 7). */
export function quantile(sorted: Float64Array, q: number): number {
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (high - low) * (place - below);
}

/** The extent with a margin on both sides, a twentieth of it; at least a little around a single value. */
export function paddedExtent(values: ArrayLike<number>): [number, number] {
  const [low, high] = extent(values);
  const margin = (high - low) / 20 || Math.abs(low) / 20 || 1;
  return [low - margin, high + margin];
}

/** `1 point`, `12,000 points` */
export function count(n: number, thing: string): string {
  return `${digits(n)} ${thing}${n === 1 ? '' : 's'}`;
}

/** `12,000` */
export function digits(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number in a few digits, without an exponent where it can be: 0.123, 12345. */
export function shortNumber(value: number, digits = 3): string {
  if (Math.abs(value) >= 10 ** digits && Math.abs(value) < 1e15) return String(Math.round(value));
  return String(Number(value.toPrecision(digits)));
}

/** `[3, 4]` */
export function showShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function flatten(owner: string, name: string, source: unknown): NumericArray | null {
  if (typeof source !== 'object' || source === null || source instanceof DataView) return null;
  if (ArrayBuffer.isView(source)) return { data: checkAll(owner, name, source as never), shape: [length(source)] };
  if ('toTypedArray' in source && typeof source.toTypedArray === 'function') {
    const data = checkAll(owner, name, source.toTypedArray());
    return { data, shape: shapeOf(source) ?? [data.length] };
  }
  if ('toArray' in source && typeof source.toArray === 'function') return flatten(owner, name, source.toArray());
  if ('data' in source && 'shape' in source) {
    const shape = shapeOf(source);
    const inner = flatten(owner, `${name}.data`, source.data);
    return shape === null || inner === null ? null : { data: inner.data, shape };
  }
  if (!('length' in source) || typeof source.length !== 'number') return null;
  return flattenNested(owner, name, source as ArrayLike<unknown>);
}

/** Rows of rows of numbers: all rows of an axis must have the same shape. */
function flattenNested(owner: string, name: string, source: ArrayLike<unknown>): NumericArray | null {
  const first = source[0];
  if (typeof first !== 'object' || first === null) {
    const data = checkAll(owner, name, source as ArrayLike<number>);
    return { data, shape: [source.length] };
  }
  const data: number[] = [];
  let shape: readonly number[] = [];
  for (let i = 0; i < source.length; i++) {
    const row = flatten(owner, `${name}[${i}]`, source[i]);
    if (row === null) return null;
    if (i === 0) shape = row.shape;
    else if (showShape(row.shape) !== showShape(shape)) {
      throw new ShapeError(
        `${owner}: the parts of ${name} must have one shape, but ${name}[0] is ${showShape(shape)} and ${name}[${i}] is ${showShape(row.shape)}`,
      );
    }
    for (let j = 0; j < row.data.length; j++) data.push(row.data[j]!);
  }
  return { data, shape: [source.length, ...shape] };
}

/** The numbers with null as NaN; float32 ones as short decimals, and whatever is no number refused. */
function checkAll(owner: string, name: string, source: ArrayLike<unknown>): ArrayLike<number> {
  if (source instanceof Float32Array) return Array.from(source, shortFloat32);
  return Array.from(source, (value, i) => {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return Number(value);
    if (value === null || value === undefined) return Number.NaN;
    throw new DataError(`${owner}: ${name}[${i}] must be a number, got ${show(value)}`);
  });
}

/** The shortest decimal that is this float32: .1 for 0.10000000149011612. */
function shortFloat32(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function shapeOf(source: object): readonly number[] | null {
  const shape = 'shape' in source ? source.shape : undefined;
  const right = Array.isArray(shape) && shape.every((length) => Number.isInteger(length) && length >= 0);
  return right ? shape : null;
}

function length(view: ArrayBufferView): number {
  return (view as unknown as ArrayLike<number>).length;
}
