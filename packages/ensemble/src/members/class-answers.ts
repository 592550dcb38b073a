import { checkKnown, checkSampleWeight } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  accuracyOf,
  bestClass,
  codesOf,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  Table,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';

/** What classifiers made of others answer, given how they score classes. */
export class ClassAnswers<L extends Label> {
  readonly owner: string;
  readonly classes: readonly L[];
  readonly columns: number;
  /** Scores of the classes [rows, k], of which the largest is predicted. */
  readonly #scores: (matrix: Matrix) => Float64Array;
  readonly #scoreOne: (row: Float64Array, out: Float64Array) => void;
  /** Where predictOne works. */
  readonly #row: Float64Array;
  readonly #one: Float64Array;

  /** @param scoreOne adds the scores of one row [columns] to `out` [k], which is 0 */
  constructor(
    owner: string,
    classes: readonly L[],
    columns: number,
    scores: (matrix: Matrix) => Float64Array,
    scoreOne: (row: Float64Array, out: Float64Array) => void,
  ) {
    this.owner = owner;
    this.classes = classes;
    this.columns = columns;
    this.#scores = scores;
    this.#scoreOne = scoreOne;
    this.#row = new Float64Array(columns);
    this.#one = new Float64Array(classes.length);
  }

  /** NaN is left to the members. */
  matrix(x: MatrixLike): Matrix {
    return toMatrix(this.owner, x, { columns: this.columns, allowMissing: true });
  }

  predict(x: MatrixLike): L[] {
    return Array.from(this.codes(x), (code) => this.classes[code]!);
  }

  predictOne(row: ArrayLike<number>): L {
    takeRow(this.owner, row, this.#row, true);
    this.#one.fill(0);
    this.#scoreOne(this.#row, this.#one);
    return this.classes[bestClass(this.#one, 0, this.classes.length)]!;
  }

  codes(x: MatrixLike): Int32Array {
    const matrix = this.matrix(x);
    const scores = this.#scores(matrix);
    const k = this.classes.length;
    return Int32Array.from({ length: matrix.rows }, (_, i) => bestClass(scores, i * k, k));
  }

  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions): number {
    checkKnown(this.owner, options, ['sampleWeight']);
    const codes = this.codes(x);
    const weights = checkSampleWeight(this.owner, options.sampleWeight, codes.length);
    return accuracyOf(codes, codesOf(this.owner, y, codes.length, this.classes), weights);
  }
}

/** Logarithms of probabilities, -∞ for 0. */
export function logarithms({ data, shape }: Table): Table {
  return new Table(Float64Array.from(data, log), ...shape);
}
