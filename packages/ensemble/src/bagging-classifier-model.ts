import { readable } from '@maru-ml/base';
import {
  type ClassifierModel,
  checkSaved,
  encodeArray,
  type IterativeModel,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  savedColumns,
  savedCount,
  savedLabels,
  savedNumber,
  Table,
} from '@maru-ml/tensor';
import { roomsFor, seenOf, seesAll } from './members/bagging.ts';
import { ClassAnswers, logarithms } from './members/class-answers.ts';
import {
  addOne,
  addProbabilities,
  checkPlaces,
  type LoadOptions,
  loadMembers,
  someColumns,
} from './members/members.ts';
import { savedChoices } from './members/saved.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface BaggingClassifierFit<L extends Label> {
  classes: readonly L[];
  models: readonly ClassifierModel<number>[];
  /** The columns that each model sees. */
  columns: readonly Int32Array[];
  nFeaturesIn: number;
  /** How many models there were to be. */
  wanted: number;
  oobScore: number | null;
}

const OWNER = 'BaggingClassifier';

/** The models that `BaggingClassifier` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface BaggingClassifierModel<L extends Label = Label> extends FittedBaggingClassifier<L> {}

export class FittedBaggingClassifier<L extends Label = Label> implements ClassifierModel<L>, IterativeModel {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The fitted models, whose labels are places in `classes`. */
  readonly models: readonly ClassifierModel<number>[];
  /** The models that were fitted. */
  readonly nIter: number;
  /** Whether all were fitted that were wanted. */
  readonly converged: boolean;
  /** The score of the rows by the models that were not fitted with them; null without `oobScore`. */
  readonly oobScore: number | null;
  readonly nFeaturesIn: number;
  readonly #fit: BaggingClassifierFit<L>;
  readonly #answers: ClassAnswers<L>;
  readonly #probabilities: (matrix: Matrix) => Float64Array;

  /** @internal */
  constructor(fit: BaggingClassifierFit<L>) {
    const { classes, models, columns, nFeaturesIn, wanted, oobScore } = fit;
    checkPlaces(OWNER, models, classes.length);
    this.classes = classes;
    this.models = Object.freeze([...models]);
    this.nIter = models.length;
    this.converged = models.length === wanted;
    this.oobScore = oobScore;
    this.nFeaturesIn = nFeaturesIn;
    this.#fit = fit;
    const k = classes.length;
    this.#probabilities = (matrix) => {
      const out = new Float64Array(matrix.rows * k);
      for (const [m, model] of models.entries()) {
        const seen = seesAll(columns[m]!, nFeaturesIn) ? matrix : someColumns(matrix, columns[m]!);
        addProbabilities(model, seen, k, 1, false, out);
      }
      for (let i = 0; i < out.length; i++) out[i]! /= models.length;
      return out;
    };
    const rooms = roomsFor(columns, nFeaturesIn);
    const scoreOne = (row: Float64Array, out: Float64Array) => {
      for (let m = 0; m < models.length; m++) addOne(models[m]!, seenOf(row, columns[m]!, rooms[m]!), 1, false, out);
      for (let c = 0; c < k; c++) out[c]! /= models.length;
    };
    this.#answers = new ClassAnswers(OWNER, classes, nFeaturesIn, this.#probabilities, scoreOne);
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

  /**
   * The label of one row [d]: without allocating where models have no probabilities, while a table is made of those of each that has
   * some. Errors as for `predict`.
   */
  predictOne(row: ArrayLike<number>): L {
    return this.#answers.predictOne(row);
  }

  /** The probabilities of the classes [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const matrix = this.#answers.matrix(x);
    return new Table(this.#probabilities(matrix), matrix.rows, this.classes.length);
  }

  /** Their logarithms [m, k], -∞ for 0. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    return logarithms(this.predictProba(x));
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#answers.score(x, y, options);
  }

  toJSON(): object {
    const { classes, models, columns, nFeaturesIn, wanted, oobScore } = this.#fit;
    const head = { type: 'BaggingClassifierModel', version: 1, classes, nFeaturesIn, wanted, oobScore };
    const parts = {
      columns: columns.map((chosen) => encodeArray(chosen)),
      models: models.map((model) => model.toJSON()),
    };
    return { ...head, ...parts };
  }

  toString(): string {
    const oob = this.oobScore === null ? '' : `, out-of-bag score ${Number(this.oobScore.toPrecision(4))}`;
    const what = `${counted(this.nIter, 'model')}, ${this.classes.length} classes`;
    return `BaggingClassifierModel: ${what}, ${counted(this.nFeaturesIn, 'column')}${oob}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const BaggingClassifierModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON<L extends Label = Label>(json: unknown, options?: LoadOptions): BaggingClassifierModel<L> {
    const owner = 'BaggingClassifierModel.fromJSON';
    const fields = checkSaved('BaggingClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const nFeaturesIn = savedColumns(owner, fields);
    const columns = savedChoices(owner, fields.columns, nFeaturesIn);
    const models = loadMembers<ClassifierModel<number>>(owner, fields.models, (i) => columns[i]?.length ?? 0, options);
    const wanted = savedCount(owner, fields, 'wanted');
    const oobScore = fields.oobScore === null ? null : savedNumber(owner, fields, 'oobScore');
    return new FittedBaggingClassifier({ classes, models, columns, nFeaturesIn, wanted, oobScore });
  },
};
