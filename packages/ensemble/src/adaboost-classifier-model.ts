import { readable } from '@maru-ml/base';
import { exp } from '@maru-ml/kernels/scalar';
import {
  bestClass,
  type ClassifierModel,
  checkSaved,
  encodeArray,
  type IterativeModel,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  savedBoolean,
  savedColumns,
  savedLabels,
  Table,
} from '@maru-ml/tensor';
import { savedByModel } from './members/adaboost.ts';
import { ClassAnswers, logarithms } from './members/class-answers.ts';
import { addOne, checkPlaces, type LoadOptions, loadMembers, rowsOf } from './members/members.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface AdaBoostClassifierFit<L extends Label> {
  classes: readonly L[];
  models: readonly ClassifierModel<number>[];
  estimatorWeights: Float64Array;
  estimatorErrors: Float64Array;
  nFeaturesIn: number;
  converged: boolean;
}

const OWNER = 'AdaBoostClassifier';

/** The classifiers that `AdaBoostClassifier` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface AdaBoostClassifierModel<L extends Label = Label> extends FittedAdaBoostClassifier<L> {}

export class FittedAdaBoostClassifier<L extends Label = Label> implements ClassifierModel<L>, IterativeModel {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The fitted models, whose labels are places in `classes`. */
  readonly models: readonly ClassifierModel<number>[];
  /** How much each model counts, αₜ [models]. */
  readonly estimatorWeights: Float64Array;
  /** The weighted error of each model, εₜ [models]. */
  readonly estimatorErrors: Float64Array;
  /** The models that were fitted. */
  readonly nIter: number;
  /** Whether it ended early by itself. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly #fit: AdaBoostClassifierFit<L>;
  /** Of all votes, those of each model [models]. */
  readonly #shares: Float64Array;
  readonly #answers: ClassAnswers<L>;

  /** @internal */
  constructor(fit: AdaBoostClassifierFit<L>) {
    const { classes, models, estimatorWeights, estimatorErrors, nFeaturesIn, converged } = fit;
    checkPlaces(OWNER, models, classes.length);
    this.classes = classes;
    this.models = Object.freeze([...models]);
    this.estimatorWeights = estimatorWeights.slice();
    this.estimatorErrors = estimatorErrors.slice();
    this.nIter = models.length;
    this.converged = converged;
    this.nFeaturesIn = nFeaturesIn;
    this.#fit = fit;
    let total = 0;
    for (const weight of estimatorWeights) total += weight;
    this.#shares = estimatorWeights.map((weight) => weight / total);
    const scoreOne = (row: Float64Array, out: Float64Array) => {
      for (let t = 0; t < models.length; t++) addOne(models[t]!, row, this.#shares[t]!, true, out);
    };
    this.#answers = new ClassAnswers(OWNER, classes, nFeaturesIn, (matrix) => this.#votes(matrix), scoreOne);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The label of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers, or missing ones that a model refuses
   */
  predict(x: MatrixLike): L[] {
    return this.#answers.predict(x);
  }

  /** The label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.#answers.predictOne(row);
  }

  /** The shares of the votes by class [m, k]; for two classes those of the second less those of the first [m]. Errors as for `predict`. */
  decisionFunction(x: MatrixLike): Table | Float64Array {
    const matrix = this.#answers.matrix(x);
    const votes = this.#votes(matrix);
    const k = this.classes.length;
    if (k > 2) return new Table(votes, matrix.rows, k);
    return Float64Array.from({ length: matrix.rows }, (_, i) => votes[2 * i + 1]! - votes[2 * i]!);
  }

  /** The probabilities of the classes [m, k]: the softmax of their shares of the votes over k - 1, as in scikit-learn; they are seldom good ones. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const matrix = this.#answers.matrix(x);
    const out = this.#votes(matrix);
    const k = this.classes.length;
    for (let at = 0; at < out.length; at += k) {
      let sum = 0;
      for (let c = 0; c < k; c++) {
        // Of two classes, half of their difference is the score of the second and its opposite that of the first.
        out[at + c] = exp(out[at + c]! / (k - 1));
        sum += out[at + c]!;
      }
      for (let c = 0; c < k; c++) out[at + c]! /= sum;
    }
    return new Table(out, matrix.rows, k);
  }

  /** Their logarithms [m, k]. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    return logarithms(this.predictProba(x));
  }

  /** The labels after each model [m]. Errors as for `predict`. */
  *stagedPredict(x: MatrixLike): Generator<L[]> {
    const matrix = this.#answers.matrix(x);
    const k = this.classes.length;
    const votes = new Float64Array(matrix.rows * k);
    for (let t = 0; t < this.models.length; t++) {
      this.#vote(matrix, t, this.#fit.estimatorWeights[t]!, votes);
      yield Array.from({ length: matrix.rows }, (_, i) => this.classes[bestClass(votes, i * k, k)]!);
    }
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#answers.score(x, y, options);
  }

  toJSON(): object {
    const { classes, models, estimatorWeights, estimatorErrors, nFeaturesIn, converged } = this.#fit;
    const head = { type: 'AdaBoostClassifierModel', version: 1, classes, nFeaturesIn, converged };
    const found = { estimatorWeights: encodeArray(estimatorWeights), estimatorErrors: encodeArray(estimatorErrors) };
    return { ...head, ...found, models: models.map((model) => model.toJSON()) };
  }

  toString(): string {
    const end = this.converged ? ', ended early' : '';
    const what = `${counted(this.nIter, 'model')}, ${this.classes.length} classes`;
    return `AdaBoostClassifierModel: ${what}, ${counted(this.nFeaturesIn, 'column')}${end}`;
  }

  /** The share of the votes that each class has [rows, k]. */
  #votes(matrix: Matrix): Float64Array {
    const votes = new Float64Array(matrix.rows * this.classes.length);
    for (let t = 0; t < this.models.length; t++) this.#vote(matrix, t, this.#shares[t]!, votes);
    return votes;
  }

  #vote(matrix: Matrix, t: number, share: number, votes: Float64Array): void {
    const codes = this.#fit.models[t]!.predict(rowsOf(matrix));
    const k = this.classes.length;
    for (let i = 0; i < matrix.rows; i++) votes[i * k + codes[i]!]! += share;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const AdaBoostClassifierModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON<L extends Label = Label>(json: unknown, options?: LoadOptions): AdaBoostClassifierModel<L> {
    const owner = 'AdaBoostClassifierModel.fromJSON';
    const fields = checkSaved('AdaBoostClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const nFeaturesIn = savedColumns(owner, fields);
    const models = loadMembers<ClassifierModel<number>>(owner, fields.models, () => nFeaturesIn, options);
    const estimatorWeights = savedByModel(owner, 'estimatorWeights', fields.estimatorWeights, models.length);
    const estimatorErrors = savedByModel(owner, 'estimatorErrors', fields.estimatorErrors, models.length);
    const converged = savedBoolean(owner, fields, 'converged');
    return new FittedAdaBoostClassifier({ classes, models, estimatorWeights, estimatorErrors, nFeaturesIn, converged });
  },
};
