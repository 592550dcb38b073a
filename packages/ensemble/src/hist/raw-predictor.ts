import { type MatrixLike, takeRow, toMatrix } from '@maru-ml/tensor';
import type { HistFit } from './fit.ts';
import { addTrees, predicted } from './trees.ts';

/** Raw predictions of rows, an output after the other [outputs, rows]. */
export interface Raw {
  raw: Float64Array;
  rows: number;
}

/** What the trees of a boosting model add up to. */
export class RawPredictor {
  readonly #owner: string;
  readonly #fit: HistFit;
  /** Where `one` puts its row and its answer, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #raw: Float64Array;

  constructor(owner: string, fit: HistFit) {
    this.#owner = owner;
    this.#fit = fit;
    this.#row = new Float64Array(fit.columns);
    this.#raw = fit.baseline.slice();
  }

  /** The raw predictions of rows. */
  of(x: MatrixLike): Raw {
    return this.staged(x, this.#fit.trees.length).next().value!;
  }

  /** The raw predictions of one row [outputs], valid until the next call. */
  one(row: ArrayLike<number>): Float64Array {
    takeRow(this.#owner, row, this.#row, true);
    const { trees, categories, baseline } = this.#fit;
    const raw = this.#raw;
    raw.set(baseline);
    for (let t = 0; t < trees.length; t++) raw[t % raw.length]! += predicted(trees[t]!, categories, this.#row, 0);
    return raw;
  }

  /** The raw predictions after each round, or after so many trees, in one array that changes. */
  *staged(x: MatrixLike, most: number = this.#fit.baseline.length): Generator<Raw, undefined> {
    const { trees, categories, columns, baseline } = this.#fit;
    const matrix = toMatrix(this.#owner, x, { columns, allowMissing: true, keepFloat32: true });
    const { rows } = matrix;
    const raw = new Float64Array(rows * baseline.length);
    for (const [c, value] of baseline.entries()) raw.fill(value, c * rows, (c + 1) * rows);
    for (let t = 0; t < trees.length; t += most) {
      addTrees(trees, categories, matrix, raw, t, Math.min(t + most, trees.length));
      yield { raw, rows };
    }
  }
}
