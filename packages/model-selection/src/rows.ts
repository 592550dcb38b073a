import { OptionError, runSteps, ShapeError, show } from '@maru-ml/base';
import {
  type Columns,
  isSparse,
  isTensor,
  type MatrixLike,
  type SparseRows,
  selectSparseRows,
  Table,
  type Tensor,
} from '@maru-ml/tensor';

/** What rows are selected from: tables of numbers, sparse rows, named columns, or a list with an item a row, such as texts. */
export type RowsLike = MatrixLike | SparseRows | Columns | readonly string[];

/** What selecting rows of X gives: the same form, but a `Table` for tensors and flat numbers. */
export type SelectedRows<X> = X extends Tensor
  ? Table
  : X extends SparseRows
    ? SparseRows
    : X extends { readonly data: ArrayLike<number>; readonly shape: readonly number[] }
      ? Table
      : X;

/** Whether rows come as named columns, not as a table of numbers of any form. */
export function isColumns(x: unknown): x is Columns {
  if (typeof x !== 'object' || x === null || Array.isArray(x) || isTensor(x) || isSparse(x)) return false;
  return !('data' in x && 'shape' in x);
}

/**
 * The number of rows of a table.
 * @throws OptionError for what has no rows, ShapeError for columns of unequal length
 */
export function countRows(owner: string, x: unknown, name = 'x'): number {
  if (typeof x === 'object' && x !== null) {
    const { shape, length } = x as { shape?: readonly number[]; length?: number };
    if (typeof length === 'number') return length;
    if (typeof shape?.[0] === 'number') return shape[0];
    const lengths = Object.values(x).map((column) => (column as ArrayLike<unknown> | null)?.length);
    if (lengths.length > 0 && lengths.every((count) => typeof count === 'number')) {
      const odd = lengths.findIndex((count) => count !== lengths[0]);
      if (odd < 0) return lengths[0] as number;
      const names = Object.keys(x);
      throw new ShapeError(
        `${owner}: the column ${show(names[odd])} of ${name} has ${lengths[odd]} values, but ${show(names[0])} has ${lengths[0]}`,
      );
    }
  }
  throw new OptionError(`${owner}: ${name} must be a table of rows, named columns or a list, got ${show(x)}`);
}

/**
 * Some rows of a table, in the given order. Numbers are copied; rows of an array of rows are shared.
 *
 * @param x rows of numbers, a 2-D tensor, flat numbers with a shape, sparse rows, named columns, or a list
 * @param rows their places
 * @throws OptionError for a place that is no row, ShapeError for tensors that are no tables
 */
export function selectRows<X extends RowsLike>(x: X, rows: ArrayLike<number>): SelectedRows<X> {
  const n = countRows('selectRows', x);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (Number.isInteger(row) && row! >= 0 && row! < n) continue;
    throw new OptionError(`selectRows: rows[${i}] must be an integer from 0 to ${n - 1}, got ${show(row)}`);
  }
  return takeRows(x, rows);
}

/** The same for places that are known to be rows. */
export function takeRows<X>(x: X, rows: ArrayLike<number>): SelectedRows<X> {
  return runSteps(takeRowsSteps(x, rows));
}

/** The same, with pauses. */
export function* takeRowsSteps<X>(x: X, rows: ArrayLike<number>): Generator<undefined, SelectedRows<X>, unknown> {
  return (yield* select(x, rows)) as SelectedRows<X>;
}

/** The items of a list at the given places; typed arrays stay of their type. */
export function takeItems<T, A extends ArrayLike<T>>(list: A, rows: ArrayLike<number>): A {
  if (ArrayBuffer.isView(list)) {
    const out = new (list.constructor as new (length: number) => A & { [index: number]: T })(rows.length);
    for (let i = 0; i < rows.length; i++) (out as { [index: number]: T })[i] = list[rows[i]!]!;
    return out;
  }
  return Array.from(rows, (row) => list[row]!) as unknown as A;
}

function* select(x: unknown, rows: ArrayLike<number>): Generator<undefined, unknown, unknown> {
  if (Array.isArray(x)) return Array.from(rows, (row) => x[row]);
  if (isTensor(x)) return yield* fromFlat(x.toTypedArray(), x.shape, rows);
  if (isSparse(x)) return selectSparseRows(x, rows);
  const { data, shape } = x as { data?: ArrayLike<number>; shape?: readonly number[] };
  if (data !== undefined && Array.isArray(shape)) return yield* fromFlat(data, shape, rows);
  return Object.fromEntries(
    Object.entries(x as Record<string, ArrayLike<unknown>>).map(([name, column]) => [name, takeItems(column, rows)]),
  );
}

/** Numbers that are copied between two pauses. */
const STRETCH = 2 ** 18;

function* fromFlat(
  data: ArrayLike<number>,
  shape: readonly number[],
  rows: ArrayLike<number>,
): Generator<undefined, Table, unknown> {
  if (shape.length !== 2) {
    throw new ShapeError(
      `selectRows: x must have 2 axes [n, d], got ${shape.length}; of other tensors take the rows with indexSelect`,
    );
  }
  const d = shape[1]!;
  const out = data instanceof Float32Array ? new Float32Array(rows.length * d) : new Float64Array(rows.length * d);
  const most = Math.ceil(STRETCH / d);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * d;
    for (let j = 0; j < d; j++) out[i * d + j] = data[from + j]!;
    if (i % most === most - 1) yield;
  }
  return new Table(out, rows.length, d);
}
