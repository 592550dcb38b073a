import { DataError, OptionError, show } from '@maru-ml/base';
import { type Columns, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { countRows, isColumns } from '../rows.ts';

/** The values that a column takes: steps between numbers, or all words or booleans that it has. */
export type GridValues = Float64Array | readonly (string | boolean)[];

/** Rows of which one or two columns take other values. */
export interface Varied {
  readonly rows: number;
  /** The places of the columns, or their names. */
  readonly features: readonly (number | string)[];
  /** The values of each in the grid, ascending. */
  readonly grid: readonly GridValues[];
  /** The rows, with these values in the columns of all of them. What was given before may change. */
  with(values: readonly unknown[]): unknown;
}

export interface GridOptions {
  readonly gridResolution: number;
  readonly percentiles: readonly [number, number];
}

/** @throws OptionError for columns that are not there, DataError for columns without a grid */
export function vary(owner: string, x: MatrixLike | Columns, features: unknown, options: GridOptions): Varied {
  return isColumns(x) ? varyColumns(owner, x, features, options) : varyMatrix(owner, x, features, options);
}

function varyMatrix(owner: string, x: MatrixLike, features: unknown, options: GridOptions): Varied {
  const { data, rows, columns: d } = toMatrix(owner, x, { allowMissing: true, keepFloat32: true });
  const known = (place: unknown) => Number.isInteger(place) && (place as number) >= 0 && (place as number) < d;
  const places = chosen<number>(owner, features, known, `the place of a column from 0 to ${d - 1}`);
  const grid = places.map((j) => {
    const column = Float64Array.from({ length: rows }, (_, i) => data[i * d + j]!);
    return numbersOf(owner, `column ${j}`, column, options);
  });
  const copy = data.slice();
  const table = { data: copy, shape: [rows, d] };
  const withValues = (values: readonly unknown[]) => {
    for (const [f, j] of places.entries()) for (let i = 0; i < rows; i++) copy[i * d + j] = values[f] as number;
    return table;
  };
  return { rows, features: places, grid, with: withValues };
}

function varyColumns(owner: string, x: Columns, features: unknown, options: GridOptions): Varied {
  const rows = countRows(owner, x);
  const all = Object.keys(x);
  const known = (name: unknown) => typeof name === 'string' && Object.hasOwn(x, name);
  const shown = all.length > 8 ? `one of the ${all.length}` : `one of ${all.map(show).join(', ')}`;
  const names = chosen<string>(owner, features, known, `the name of a column, ${shown}`);
  const grid = names.map((name) => {
    const values = Array.from<unknown>(x[name]!).filter((value) => value !== null);
    const called = `column ${show(name)}`;
    const isInfinite = (value: unknown) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
    const odd = values.findIndex((value) => typeof value !== typeof values[0] || isInfinite(value));
    if (odd >= 0) {
      throw new DataError(
        `${owner}: ${called} must hold finite numbers, strings or booleans alone, got ${show(values[odd])}`,
      );
    }
    if (typeof values[0] === 'string' || typeof values[0] === 'boolean') {
      return Object.freeze([...new Set(values as (string | boolean)[])].sort((a, b) => (a < b ? -1 : 1)));
    }
    return numbersOf(owner, called, Float64Array.from(values as number[]), options);
  });
  const withValues = (values: readonly unknown[]) => {
    const changed = names.map((name, f) => {
      const value = values[f];
      return [name, typeof value === 'number' ? new Float64Array(rows).fill(value) : new Array(rows).fill(value)];
    });
    return { ...x, ...Object.fromEntries(changed) };
  };
  return { rows, features: names, grid, with: withValues };
}

/** One column, or two different ones. */
function chosen<F>(owner: string, features: unknown, known: (feature: unknown) => boolean, wanted: string): F[] {
  const given: unknown[] = Array.isArray(features) ? features : [features];
  const one = given.length === 1 || (given.length === 2 && given[0] !== given[1]);
  if (one && given.every(known)) return given as F[];
  throw new OptionError(`${owner}: features must be ${wanted}, or of two different ones, got ${show(features)}`);
}

/** The different values of a column, or even steps between two of its quantiles. */
function numbersOf(
  owner: string,
  called: string,
  values: Float64Array,
  { gridResolution, percentiles: [low, high] }: GridOptions,
): Float64Array {
  const column = values.filter((value) => !Number.isNaN(value));
  if (column.length === 0) throw new DataError(`${owner}: ${called} has no values, as all are missing`);
  column.sort();
  const different = column.filter((value, i) => i === 0 || value !== column[i - 1]);
  if (different.length < gridResolution) return different;
  const [from, to] = [quantileOf(column, low), quantileOf(column, high)];
  if (Math.abs(to - from) <= 1e-8 + 1e-5 * Math.abs(to)) {
    throw new DataError(
      `${owner}: the percentiles of ${called} are both ${from}, so there is no grid between them; move them apart`,
    );
  }
  const step = (to - from) / (gridResolution - 1);
  return Float64Array.from({ length: gridResolution }, (_, i) => (i === gridResolution - 1 ? to : from + i * step));
}

/** SciPy's `mquantiles`: the median-unbiased kin with α = β = .4. */
function quantileOf(sorted: Float64Array, share: number): number {
  const n = sorted.length;
  const place = n * share + 0.4 + share * 0.2;
  const k = Math.floor(Math.min(Math.max(place, 1), n - 1));
  const gamma = Math.min(Math.max(place - k, 0), 1);
  return (1 - gamma) * sorted[k - 1]! + gamma * sorted[k]!;
}
