import { DataError, ShapeError } from '@maru-ml/base';
import { type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';

/** Two checked tables of rows that are compared. */
export interface Pair {
  /** [n, d] */
  readonly x: Float64Array;
  /** [m, d] */
  readonly y: Float64Array;
  readonly n: number;
  readonly m: number;
  readonly d: number;
  /** Whether y was left out and is x. */
  readonly same: boolean;
}

/** Checks two tables with as many columns; y is x if left out. @throws ShapeError, DataError, OptionError */
export function pairOf(owner: string, x: MatrixLike, y: MatrixLike | null | undefined): Pair {
  const left = toMatrix(owner, x);
  const a = left.data as Float64Array;
  if (y === undefined || y === null) {
    return { x: a, y: a, n: left.rows, m: left.rows, d: left.columns, same: true };
  }
  const right = toMatrix(owner, y, { name: 'y' });
  if (right.columns !== left.columns) {
    throw new ShapeError(
      `${owner}: x has ${left.columns} columns, but y has ${right.columns}; rows must be equally long`,
    );
  }
  return { x: a, y: right.data as Float64Array, n: left.rows, m: right.rows, d: left.columns, same: false };
}

/** A table, unless one of its numbers overflowed. */
export function finiteTable(owner: string, data: Float64Array, rows: number, columns: number, what: string): Table {
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    if (value - value === 0) continue;
    throw new DataError(`${owner}: at [${Math.floor(at / columns)}, ${at % columns}] ${what}`);
  }
  return new Table(data, rows, columns);
}
