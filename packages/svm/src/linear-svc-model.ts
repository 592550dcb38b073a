import { checkKnown, checkSampleWeight, counted, readable } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  type ClassifierModel,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type Label,
  labelsAt,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
  savedCount,
  savedLabels,
  Table,
} from '@maru-ml/tensor';
import { LinearScores } from './linear-scores.ts';
import { describeEnd } from './text.ts';

/** What a fit found out. */
export interface LinearSvcFit<L extends Label> {
  classes: readonly L[];
  /** [1 or k, d] and [1 or k]. */
  coef: Float64Array;
  intercept: Float64Array;
  nIter: number;
  converged: boolean;
}

/** The scores that `LinearSVC` found. It is made by `fit` or `fromJSON` and does not change. */
export interface LinearSVCModel<L extends Label = Label> extends FittedLinearSVC<L> {}

export class FittedLinearSVC<L extends Label = Label>
  implements ClassifierModel<L, MatrixLike | SparseRows>, IterativeModel
{
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The coefficients w: [k, d], or [1, d] for two classes. */
  readonly coef: Table;
  /** b: [k], or [1] for two classes; 0 without `fitIntercept`. */
  readonly intercept: Float64Array;
  /** The width 2 / ‖w‖ of the margin of each machine [k], or [1] for two classes; ∞ for w = 0. */
  readonly margin: Float64Array;
  /** Passes over the rows, of the machine that took most. */
  readonly nIter: number;
  /** Whether all machines came within `tol`. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly #scores: LinearScores;

  /** @internal */
  constructor({ classes, coef, intercept, nIter, converged }: LinearSvcFit<L>) {
    const d = coef.length / intercept.length;
    this.classes = classes;
    this.coef = new Table(coef.slice(), intercept.length, d);
    this.intercept = intercept.slice();
    this.margin = Float64Array.from(intercept, (_, c) => {
      return 2 / Math.sqrt(coef.subarray(c * d, (c + 1) * d).reduce((sum, w) => sum + w * w, 0));
    });
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = d;
    this.#scores = new LinearScores('LinearSVC', coef, intercept);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The label with the largest score for each row of `x` [m, d], dense or sparse.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike | SparseRows): L[] {
    return labelsAt(this.#codes(x), this.classes);
  }

  /** The label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.classes[this.#decide(this.#scores.scoreOne(row), 0)]!;
  }

  /** The scores x w + b: [m, k], or [m] for two classes, positive for the second. Errors as for `predict`. */
  decisionFunction(x: MatrixLike | SparseRows): Table | Float64Array {
    const scores = this.#scores.score(x);
    const k = this.intercept.length;
    return k === 1 ? scores : new Table(scores, scores.length / k, k);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown('LinearSVC', options, ['sampleWeight']);
    const codes = this.#codes(x);
    const weights = checkSampleWeight('LinearSVC', options.sampleWeight, codes.length);
    return accuracyOf(codes, codesOf('LinearSVC', y, codes.length, this.classes), weights);
  }

  toJSON(): object {
    const { coef, intercept, d } = this.#scores;
    return {
      type: 'LinearSVCModel',
      version: 1,
      classes: this.classes,
      coef: encodeArray(coef, [intercept.length, d]),
      intercept: encodeArray(intercept),
      nIter: this.nIter,
      converged: this.converged,
    };
  }

  toString(): string {
    return `LinearSVCModel: ${this.classes.length} classes, ${counted(this.nFeaturesIn, 'column')}, ${describeEnd(this)}`;
  }

  #codes(x: MatrixLike | SparseRows): Int32Array {
    const scores = this.#scores.score(x);
    const k = this.intercept.length;
    const codes = new Int32Array(scores.length / k);
    for (let i = 0; i < codes.length; i++) codes[i] = this.#decide(scores, i * k);
    return codes;
  }

  /** The class that the scores from `at` on are for. */
  #decide(scores: Float64Array, at: number): number {
    const k = this.intercept.length;
    return k === 1 ? Number(scores[at]! > 0) : bestClass(scores, at, k);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const LinearSVCModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON<L extends Label = Label>(json: unknown): LinearSVCModel<L> {
    const owner = 'LinearSVCModel.fromJSON';
    const fields = checkSaved('LinearSVCModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes', 2) as readonly L[];
    const scores = classes.length === 2 ? 1 : classes.length;
    return new FittedLinearSVC({
      classes,
      coef: decodeArray(owner, 'coef', fields.coef, { dtype: 'float64', shape: [scores, -1], finite: true }),
      intercept: decodeArray(owner, 'intercept', fields.intercept, { dtype: 'float64', shape: [scores], finite: true }),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
    });
  },
};
