import { DataError, readable, show } from '@maru-ml/base';
import {
  type ClassifierModel,
  checkSaved,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  savedBoolean,
  savedLabels,
  Table,
} from '@maru-ml/tensor';
import { ClassAnswers, logarithms } from './members/class-answers.ts';
import { addOne, addProbabilities, checkPlaces, type LoadOptions, loadMember, rowsOf } from './members/members.ts';
import { loadVoters, savedNames } from './members/saved.ts';
import { beside, classColumns, type StackMethod } from './members/stacking.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface StackingClassifierFit<L extends Label> {
  classes: readonly L[];
  models: readonly ClassifierModel<number>[];
  names: readonly string[];
  /** What the final model sees of each. */
  methods: readonly Exclude<StackMethod, 'auto'>[];
  finalModel: ClassifierModel<number>;
  passthrough: boolean;
}

const OWNER = 'StackingClassifier';

/** The models that `StackingClassifier` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface StackingClassifierModel<L extends Label = Label> extends FittedStackingClassifier<L> {}

export class FittedStackingClassifier<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The fitted models, whose labels are places in `classes`. */
  readonly models: readonly ClassifierModel<number>[];
  readonly names: readonly string[];
  /** The model that learned from them. */
  readonly finalModel: ClassifierModel<number>;
  readonly nFeaturesIn: number;
  /** The probabilities of the classes [m, k], where the final model has some. Errors as for `predict`. */
  readonly predictProba?: (x: MatrixLike) => Table;
  /** Their logarithms [m, k]. */
  readonly predictLogProba?: (x: MatrixLike) => Table;
  readonly #fit: StackingClassifierFit<L>;
  readonly #answers: ClassAnswers<L>;

  /** @internal */
  constructor(fit: StackingClassifierFit<L>) {
    const { classes, models, names, methods, finalModel, passthrough } = fit;
    checkPlaces(OWNER, [...models, finalModel], classes.length);
    this.classes = classes;
    this.models = Object.freeze([...models]);
    this.names = Object.freeze([...names]);
    this.finalModel = finalModel;
    this.nFeaturesIn = models[0]!.nFeaturesIn;
    this.#fit = fit;
    const k = classes.length;
    const scores = (matrix: Matrix, votes: boolean) => {
      const out = new Float64Array(matrix.rows * k);
      addProbabilities(finalModel, this.#stacked(matrix), k, 1, votes, out);
      return out;
    };
    const labels = new Float64Array(models.length + (passthrough ? this.nFeaturesIn : 0));
    const scoreByLabels = (row: Float64Array, out: Float64Array) => {
      for (let i = 0; i < models.length; i++) labels[i] = models[i]!.predictOne(row);
      if (passthrough) labels.set(row, models.length);
      addOne(finalModel, labels, 1, true, out);
    };
    const scoreByTables = (row: Float64Array, out: Float64Array) =>
      out.set(scores({ data: row, rows: 1, columns: row.length }, true));
    const scoreOne = methods.every((method) => method === 'predict') ? scoreByLabels : scoreByTables;
    const answers = new ClassAnswers(OWNER, classes, this.nFeaturesIn, (matrix) => scores(matrix, true), scoreOne);
    this.#answers = answers;
    if (finalModel.predictProba !== undefined) {
      this.predictProba = (x) => {
        const matrix = answers.matrix(x);
        return new Table(scores(matrix, false), matrix.rows, k);
      };
      this.predictLogProba = (x) => logarithms(this.predictProba!(x));
    }
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
   * The label of one row [d]: without allocating where the final model sees labels alone, while a table is made of each model's scores
   * that it sees. Errors as for `predict`.
   */
  predictOne(row: ArrayLike<number>): L {
    return this.#answers.predictOne(row);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#answers.score(x, y, options);
  }

  toJSON(): object {
    const { classes, models, names, methods, finalModel, passthrough } = this.#fit;
    const head = { type: 'StackingClassifierModel', version: 1, classes, names, methods, passthrough };
    return { ...head, models: models.map((model) => model.toJSON()), finalModel: finalModel.toJSON() };
  }

  toString(): string {
    const [final] = /^\w+/.exec(String(this.finalModel)) ?? ['a model'];
    const what = `${this.names.length} models (${this.names.join(', ')}) under ${final}`;
    return `StackingClassifierModel: ${what}, ${counted(this.nFeaturesIn, 'column')}`;
  }

  /** What the final model sees of rows. */
  #stacked(matrix: Matrix): Matrix {
    const { models, methods, passthrough } = this.#fit;
    const rows = rowsOf(matrix);
    const parts = models.map((model, i) => classColumns(this.classes.length, methods[i]!)(model, rows));
    return beside(parts, matrix, passthrough);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const StackingClassifierModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON<L extends Label = Label>(json: unknown, options?: LoadOptions): StackingClassifierModel<L> {
    const owner = 'StackingClassifierModel.fromJSON';
    const fields = checkSaved('StackingClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const models = loadVoters<ClassifierModel<number>>(owner, fields.models, options);
    const names = savedNames(owner, fields.names, models.length);
    const methods = savedMethods(owner, fields.methods, models);
    const finalModel = loadMember<ClassifierModel<number>>(owner, 'finalModel', fields.finalModel, options);
    const passthrough = savedBoolean(owner, fields, 'passthrough');
    return new FittedStackingClassifier({ classes, models, names, methods, finalModel, passthrough });
  },
};

const METHODS = ['predictProba', 'decisionFunction', 'predict'] as const;

/** The methods in a JSON form, which the models must have. @throws DataError */
function savedMethods(
  owner: string,
  json: unknown,
  models: readonly ClassifierModel<number>[],
): Exclude<StackMethod, 'auto'>[] {
  const good =
    Array.isArray(json) &&
    json.length === models.length &&
    json.every((name, i) => METHODS.includes(name) && models[i]![name as 'predict'] !== undefined);
  if (good) return json;
  throw new DataError(`${owner}: methods must be methods of the models, got ${show(json)}`);
}
