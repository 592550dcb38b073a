import { DataError } from '@maru-ml/base';
import { rowProduct } from '@maru-ml/kernels/kernel-functions';
import { isSparse, type MatrixLike, type SparseRows, takeRow, toRows } from '@maru-ml/tensor';

/** Scores x w + b of rows, one for each of r rows of w. One row alone gives the bits that it gives among others. */
export class LinearScores {
  /** w [r, d] and b [r], out of reach of those who write into what a model hands out. */
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly d: number;
  /** The scores of the last row of `scoreOne` [r]. */
  readonly scores: Float64Array;
  readonly #owner: string;
  readonly #row: Float64Array;

  constructor(owner: string, coef: Float64Array, intercept: Float64Array) {
    this.#owner = owner;
    this.coef = coef.slice();
    this.intercept = intercept.slice();
    this.d = coef.length / intercept.length;
    this.scores = new Float64Array(intercept.length);
    this.#row = new Float64Array(this.d);
  }

  /** Checks one row [d] and puts its scores into `scores`, without allocating. */
  scoreOne(row: ArrayLike<number>): Float64Array {
    takeRow(this.#owner, row, this.#row);
    const { coef, intercept, d, scores } = this;
    for (let r = 0; r < scores.length; r++) {
      scores[r] = rowProduct(coef, r * d, this.#row, 0, d) + intercept[r]!;
      if (scores[r]! - scores[r]! !== 0) throw this.#tooLarge('the row');
    }
    return scores;
  }

  /** The scores of rows [m, r], dense or sparse. */
  score(x: MatrixLike | SparseRows): Float64Array {
    const { coef, intercept, d } = this;
    const rows = toRows(this.#owner, x, { columns: d });
    const r = intercept.length;
    const m = isSparse(rows) ? rows.shape[0] : rows.rows;
    const out = new Float64Array(m * r);
    if (isSparse(rows)) {
      const { data, indices, indptr } = rows;
      for (let i = 0; i < m; i++) {
        for (let c = 0; c < r; c++) {
          let sum = 0;
          for (let at = indptr[i]!; at < indptr[i + 1]!; at++) sum += data[at]! * coef[c * d + indices[at]!]!;
          out[i * r + c] = sum + intercept[c]!;
        }
      }
    } else {
      const data = rows.data instanceof Float64Array ? rows.data : Float64Array.from(rows.data);
      for (let i = 0; i < m; i++) {
        for (let c = 0; c < r; c++) out[i * r + c] = rowProduct(coef, c * d, data, i * d, d) + intercept[c]!;
      }
    }
    const bad = out.findIndex((value) => value - value !== 0);
    if (bad >= 0) throw this.#tooLarge(`x[${Math.floor(bad / r)}]`);
    return out;
  }

  #tooLarge(place: string): DataError {
    return new DataError(`${this.#owner}: the score of ${place} overflows; the numbers are too large`);
  }
}
