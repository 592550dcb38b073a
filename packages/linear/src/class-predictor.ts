import { checkKnown, checkSampleWeight, DataError } from '@maru-ml/base';
import {
  accuracyOf,
  allFinite,
  bestClass,
  codesOf,
  isSparse,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  Table,
  takeRow,
  toRows,
} from '@maru-ml/tensor';
import { products } from './dot.ts';

/** What linear classifiers share: a score x w + b for each class, or one for two classes, which is positive for the second. */
export class ClassPredictor<L extends Label> {
  /** Whose errors these are. */
  readonly owner: string;
  readonly classes: readonly L[];
  /** w [scores, d] and b [scores], out of reach of those who write into what a model hands out. */
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly d: number;
  /** Where predictOne puts its row and its scores, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #scores: Float64Array;

  /** @throws DataError for coefficients that are not finite */
  constructor(owner: string, classes: readonly L[], coef: Float64Array, intercept: Float64Array) {
    if (!intercept.every(Number.isFinite) || !coef.every(Number.isFinite)) {
      throw new DataError(`${owner}: the coefficients overflow; scale the columns of x first (see StandardScaler)`);
    }
    this.owner = owner;
    this.classes = classes;
    this.coef = coef.slice();
    this.intercept = intercept.slice();
    this.d = coef.length / intercept.length;
    this.#row = new Float64Array(this.d);
    this.#scores = new Float64Array(intercept.length);
  }

  predict(x: MatrixLike | SparseRows): L[] {
    const { data, shape } = this.scores(x);
    // Reading from the frozen list takes twice as long.
    const classes = [...this.classes];
    const labels = new Array<L>(shape[0]);
    for (let i = 0; i < labels.length; i++) labels[i] = classes[this.#codeAt(data, i)]!;
    return labels;
  }

  predictOne(row: ArrayLike<number>): L {
    takeRow(this.owner, row, this.#row);
    this.#ofDense(this.#row, 1, this.#scores);
    if (!allFinite(this.#scores)) throw this.#tooLarge('the row');
    return this.classes[this.#codeAt(this.#scores, 0)]!;
  }

  decisionFunction(x: MatrixLike | SparseRows): Table | Float64Array {
    const scores = this.scores(x);
    return scores.shape[1] === 1 ? new Float64Array(scores.data) : scores;
  }

  /** The share of rows that are predicted right. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions): number {
    checkKnown(this.owner, options, ['sampleWeight']);
    const scores = this.scores(x);
    const n = scores.shape[0];
    const weights = checkSampleWeight(this.owner, options.sampleWeight, n);
    return accuracyOf(this.#codes(scores.data), codesOf(this.owner, y, n, this.classes), weights);
  }

  /** The scores [m, scores], of float32 if x is. */
  scores(x: MatrixLike | SparseRows): Table {
    // Numbers that are not finite make scores that are not, so that no pass over x need look for them first.
    const options = { keepFloat32: true, columns: this.d };
    const scores = this.#scoresOf(toRows(this.owner, x, { ...options, unchecked: true }));
    if (!allFinite(scores.data)) {
      toRows(this.owner, x, options);
      this.#checkSize(scores);
    }
    return scores;
  }

  /** The places in `classes` that are predicted for rows that are checked already. */
  codesOfRows(rows: Matrix | SparseRows): Int32Array {
    const scores = this.#scoresOf(rows);
    this.#checkSize(scores);
    return this.#codes(scores.data);
  }

  #scoresOf(rows: Matrix | SparseRows): Table {
    const k = this.intercept.length;
    const n = isSparse(rows) ? rows.shape[0] : rows.rows;
    // Always of float64, since loops that write arrays of two kinds are compiled to slower ones.
    const out = new Float64Array(n * k);
    if (isSparse(rows)) this.#ofSparse(rows, out);
    else this.#ofDense(rows.data, n, out);
    return new Table(rows.data instanceof Float32Array ? new Float32Array(out) : out, n, k);
  }

  #ofDense(data: Float32Array | Float64Array, rows: number, out: Float64Array): void {
    const { d, coef, intercept } = this;
    const k = intercept.length;
    products(data, 0, rows, coef, k, d, out);
    for (let i = 0; i < rows; i++) for (let c = 0; c < k; c++) out[i * k + c]! += intercept[c]!;
  }

  #ofSparse({ data, indices, indptr, shape }: SparseRows, out: Float64Array): void {
    const { coef, intercept, d } = this;
    const k = intercept.length;
    for (let i = 0; i < shape[0]; i++) {
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let at = indptr[i]!; at < indptr[i + 1]!; at++) sum += data[at]! * coef[c * d + indices[at]!]!;
        out[i * k + c] = sum + intercept[c]!;
      }
    }
  }

  /** The class of the largest score of each row, of equals the first. */
  #codes(scores: Float32Array | Float64Array): Int32Array {
    const codes = new Int32Array(scores.length / this.intercept.length);
    for (let i = 0; i < codes.length; i++) codes[i] = this.#codeAt(scores, i);
    return codes;
  }

  #codeAt(scores: Float32Array | Float64Array, i: number): number {
    const k = this.intercept.length;
    // Not chosen by a branch, which labels that come in no order would have guessed wrong.
    if (k === 1) return +(scores[i]! > 0);
    return bestClass(scores, i * k, k);
  }

  /** @throws DataError for the first row that has a score that is not finite */
  #checkSize({ data, shape }: Table): void {
    const bad = data.findIndex((value) => value - value !== 0);
    if (bad >= 0) throw this.#tooLarge(`x[${Math.floor(bad / shape[1])}]`);
  }

  #tooLarge(place: string): DataError {
    return new DataError(`${this.owner}: the score of ${place} overflows; the numbers are too large`);
  }
}
