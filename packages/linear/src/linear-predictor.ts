import { checkKnown, checkSampleWeight, DataError } from '@maru-ml/base';
import {
  allFinite,
  isSparse,
  type Matrix,
  type MatrixLike,
  rSquaredOf,
  type ScoreOptions,
  type SparseRows,
  takeRow,
  toMatrix,
  toRows,
  toTargets,
} from '@maru-ml/tensor';
import { dot } from './dot.ts';

/** What regressors of one target share: ŷ = x w + b for rows, with their checks. */
export class LinearPredictor {
  /** Whose errors these are. */
  readonly owner: string;
  /** w [d] and b, out of reach of those who write into what a model hands out. */
  readonly coef: Float64Array;
  readonly intercept: number;
  readonly #sparse: boolean;
  /** Where predictOne puts its row, so that it need not allocate. */
  readonly #row: Float64Array;

  /** @param sparse whether rows may be sparse @throws DataError for coefficients that are not finite */
  constructor(owner: string, coef: Float64Array, intercept: number, sparse: boolean) {
    if (!Number.isFinite(intercept) || !coef.every(Number.isFinite)) {
      throw new DataError(`${owner}: the coefficients overflow; scale the columns of x first (see StandardScaler)`);
    }
    this.owner = owner;
    this.coef = coef.slice();
    this.intercept = intercept;
    this.#sparse = sparse;
    this.#row = new Float64Array(coef.length);
  }

  predict(x: MatrixLike | SparseRows): Float64Array {
    // Numbers that are not finite make predictions that are not, so that no pass over x need look for them first.
    const out = this.predictRows(this.#rows(x, true));
    if (allFinite(out)) return out;
    this.#rows(x, false);
    throw this.#tooLarge(`x[${out.findIndex((value) => value - value !== 0)}]`);
  }

  #rows(x: MatrixLike | SparseRows, unchecked: boolean): Matrix | SparseRows {
    const options = { keepFloat32: true, columns: this.coef.length, unchecked };
    return this.#sparse ? toRows(this.owner, x, options) : toMatrix(this.owner, x as MatrixLike, options);
  }

  /** The predictions for rows that are checked already; they may overflow. */
  predictRows(rows: Matrix | SparseRows): Float64Array {
    return isSparse(rows) ? this.#ofSparse(rows) : this.#ofDense(rows);
  }

  predictOne(row: ArrayLike<number>): number {
    takeRow(this.owner, row, this.#row);
    const value = dot(this.coef, 0, this.#row, 0, this.coef.length) + this.intercept;
    if (value - value !== 0) throw this.#tooLarge('the row');
    return value;
  }

  /** R². */
  score(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: ScoreOptions): number {
    checkKnown(this.owner, options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight(this.owner, options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets(this.owner, y, predicted.length), weights);
  }

  #ofDense({ data, rows, columns }: Matrix): Float64Array {
    const out = new Float64Array(rows);
    for (let i = 0; i < rows; i++) out[i] = dot(this.coef, 0, data, i * columns, columns) + this.intercept;
    return out;
  }

  #ofSparse({ data, indices, indptr, shape }: SparseRows): Float64Array {
    const out = new Float64Array(shape[0]);
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      for (let k = indptr[i]!; k < indptr[i + 1]!; k++) sum += data[k]! * this.coef[indices[k]!]!;
      out[i] = sum + this.intercept;
    }
    return out;
  }

  #tooLarge(place: string): DataError {
    return new DataError(`${this.owner}: the prediction for ${place} overflows; the numbers are too large`);
  }
}
