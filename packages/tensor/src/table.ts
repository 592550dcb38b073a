import { readable } from '@maru-ml/base';
import { dtypeOf, type FloatArray } from './dtype.ts';

/**
 * A table of numbers [n, k] that an estimator hands out. It is a `MatrixLike`, and `tensor(table)` makes a tensor of it. It is
 * not a tensor itself since a web page that only predicts need not load the operations that tensors have.
 */
export class Table {
  /** The numbers, row by row. */
  readonly data: FloatArray;
  readonly shape: readonly [number, number];
  /** The names of the columns [k], where a model knows them. */
  readonly columnNames: readonly string[] | undefined;

  constructor(data: FloatArray, rows: number, columns: number, columnNames?: readonly string[]) {
    this.data = data;
    this.shape = [rows, columns];
    this.columnNames = columnNames;
    readable(this);
  }

  get dtype(): 'float32' | 'float64' {
    return dtypeOf(this.data) as 'float32' | 'float64';
  }

  /** The rows as arrays of numbers. */
  toArray(): number[][] {
    const [rows, columns] = this.shape;
    return Array.from({ length: rows }, (_, i) => Array.from(this.data.subarray(i * columns, (i + 1) * columns)));
  }

  toJSON(): number[][] {
    return this.toArray();
  }

  /** The shape, then the first rows and columns with six digits. */
  toString(): string {
    const [rows, columns] = this.shape;
    const lines = Array.from({ length: Math.min(rows, ROWS) }, (_, i) => {
      const row = this.data.subarray(i * columns, i * columns + Math.min(columns, COLUMNS));
      return `  ${Array.from(row, (value) => String(Number(value.toPrecision(6)))).join('  ')}${columns > COLUMNS ? '  …' : ''}`;
    });
    if (rows > ROWS) lines.push('  …');
    return [`Table [${rows}, ${columns}] ${this.dtype}`, ...lines].join('\n');
  }
}

const ROWS = 6;
const COLUMNS = 10;
