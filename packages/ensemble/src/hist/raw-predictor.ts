import { type Matrix, type MatrixLike, takeRow, toMatrix } from '@maru-ml/tensor';
import { addTrees, leafOf, type TreeArrays } from './trees.ts';

/** What the trees of a boosting model add up to. */
export class RawPredictor {
  readonly owner: string;
  readonly trees: TreeArrays;
  readonly baseline: Float64Array;
  readonly columns: number;
  /** Where `one` puts its row and its answer, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #raw: Float64Array;

  constructor(owner: string, trees: TreeArrays, baseline: Float64Array, columns: number) {
    this.owner = owner;
    this.trees = trees;
    this.baseline = baseline;
    this.columns = columns;
    this.#row = new Float64Array(columns);
    this.#raw = new Float64Array(baseline.length);
  }

  /** The raw predictions of rows, an output after the other [outputs, m]. */
  of(x: MatrixLike): { raw: Float64Array; rows: number } {
    const matrix = this.matrix(x);
    const raw = this.start(matrix.rows);
    addTrees(this.trees, matrix, raw, this.baseline.length);
    return { raw, rows: matrix.rows };
  }

  /** The raw predictions of one row [outputs], valid until the next call. */
  one(row: ArrayLike<number>): Float64Array {
    takeRow(this.owner, row, this.#row, true);
    const k = this.baseline.length;
    this.#raw.set(this.baseline);
    const { roots, values } = this.trees;
    for (let t = 0; t < roots.length; t++) this.#raw[t % k]! += values[leafOf(this.trees, roots[t]!, this.#row, 0)]!;
    return this.#raw;
  }

  /** The raw predictions after each round, in one array that changes. */
  *staged(x: MatrixLike): Generator<{ raw: Float64Array; rows: number }> {
    const matrix = this.matrix(x);
    const raw = this.start(matrix.rows);
    const k = this.baseline.length;
    for (let t = 0; t < this.trees.roots.length; t += k) {
      addTrees(this.trees, matrix, raw, k, t, t + k);
      yield { raw, rows: matrix.rows };
    }
  }

  matrix(x: MatrixLike): Matrix {
    return toMatrix(this.owner, x, { columns: this.columns, allowMissing: true, keepFloat32: true });
  }

  start(rows: number): Float64Array {
    const raw = new Float64Array(rows * this.baseline.length);
    for (const [c, value] of this.baseline.entries()) raw.fill(value, c * rows, (c + 1) * rows);
    return raw;
  }
}
