import { checkKnown, checkSampleWeight } from '@maru-ml/base';
import {
  type Matrix,
  type MatrixLike,
  rSquaredOf,
  type ScoreOptions,
  takeRow,
  toMatrix,
  toTargets,
} from '@maru-ml/tensor';

/** What regressors made of others answer, given how they predict. */
export class NumberAnswers {
  readonly owner: string;
  readonly columns: number;
  readonly #predict: (matrix: Matrix) => Float64Array;
  readonly #predictOne: (row: Float64Array) => number;
  readonly #row: Float64Array;

  constructor(
    owner: string,
    columns: number,
    predict: (matrix: Matrix) => Float64Array,
    predictOne: (row: Float64Array) => number,
  ) {
    this.owner = owner;
    this.columns = columns;
    this.#predict = predict;
    this.#predictOne = predictOne;
    this.#row = new Float64Array(columns);
  }

  /** NaN is left to the members. */
  predict(x: MatrixLike): Float64Array {
    return this.#predict(toMatrix(this.owner, x, { columns: this.columns, allowMissing: true }));
  }

  predictOne(row: ArrayLike<number>): number {
    takeRow(this.owner, row, this.#row, true);
    return this.#predictOne(this.#row);
  }

  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions): number {
    checkKnown(this.owner, options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight(this.owner, options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets(this.owner, y, predicted.length), weights);
  }
}
