import { OptionError, readable } from '@maru-ml/base';
import {
  asSaved,
  type ClassifierModel,
  checkSaved,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  savedLabels,
  savedString,
  Table,
} from '@maru-ml/tensor';
import { ClassAnswers, logarithms } from './members/class-answers.ts';
import { addOne, addProbabilities, checkPlaces, type LoadOptions } from './members/members.ts';
import { loadVoters, savedNames } from './members/saved.ts';
import { checkWeights, shares } from './members/voting.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface VotingClassifierFit<L extends Label> {
  classes: readonly L[];
  models: readonly ClassifierModel<number>[];
  names: readonly string[];
  voting: 'hard' | 'soft';
  weights: readonly number[] | null;
}

const OWNER = 'VotingClassifier';

/** The classifiers that `VotingClassifier` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface VotingClassifierModel<L extends Label = Label> extends FittedVotingClassifier<L> {}

export class FittedVotingClassifier<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The fitted models, whose labels are places in `classes`. */
  readonly models: readonly ClassifierModel<number>[];
  readonly names: readonly string[];
  readonly nFeaturesIn: number;
  /** The probabilities of the classes [m, k], with 'soft' voting alone. Errors as for `predict`. */
  readonly predictProba?: (x: MatrixLike) => Table;
  /** Their logarithms [m, k]. */
  readonly predictLogProba?: (x: MatrixLike) => Table;
  readonly #fit: VotingClassifierFit<L>;
  readonly #answers: ClassAnswers<L>;

  /** @internal */
  constructor(fit: VotingClassifierFit<L>) {
    const { classes, models, names, voting, weights } = fit;
    checkPlaces(OWNER, models, classes.length);
    for (const [i, model] of models.entries()) {
      if (voting === 'hard' || model.predictProba !== undefined) continue;
      throw new OptionError(
        `${OWNER}: 'soft' voting needs probabilities, but the model of ${names[i]} has no predictProba`,
      );
    }
    this.classes = classes;
    this.models = Object.freeze([...models]);
    this.names = Object.freeze([...names]);
    this.nFeaturesIn = models[0]!.nFeaturesIn;
    this.#fit = fit;
    const share = shares(weights, models.length);
    const k = classes.length;
    const scores = (matrix: Matrix) => {
      const out = new Float64Array(matrix.rows * k);
      for (const [i, member] of models.entries())
        addProbabilities(member, matrix, k, share[i]!, voting === 'hard', out);
      return out;
    };
    const scoreOne = (row: Float64Array, out: Float64Array) => {
      for (let i = 0; i < models.length; i++) addOne(models[i]!, row, share[i]!, voting === 'hard', out);
    };
    const answers = new ClassAnswers(OWNER, classes, this.nFeaturesIn, scores, scoreOne);
    this.#answers = answers;
    if (voting === 'soft') {
      this.predictProba = (x) => {
        const matrix = answers.matrix(x);
        return new Table(scores(matrix), matrix.rows, k);
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
   * The label of one row [d]: without allocating with 'hard' voting, while 'soft' voting makes a table of each model's probabilities.
   * Errors as for `predict`.
   */
  predictOne(row: ArrayLike<number>): L {
    return this.#answers.predictOne(row);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#answers.score(x, y, options);
  }

  toJSON(): object {
    const { classes, models, names, voting, weights } = this.#fit;
    const head = { type: 'VotingClassifierModel', version: 1, classes, names, voting, weights };
    return { ...head, models: models.map((model) => model.toJSON()) };
  }

  toString(): string {
    const { voting } = this.#fit;
    const what = `${this.names.length} models (${this.names.join(', ')}), '${voting}' voting`;
    return `VotingClassifierModel: ${what}, ${this.classes.length} classes, ${counted(this.nFeaturesIn, 'column')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const VotingClassifierModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON<L extends Label = Label>(json: unknown, options?: LoadOptions): VotingClassifierModel<L> {
    const owner = 'VotingClassifierModel.fromJSON';
    const fields = checkSaved('VotingClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const models = loadVoters<ClassifierModel<number>>(owner, fields.models, options);
    const names = savedNames(owner, fields.names, models.length);
    const voting = savedString(owner, fields, 'voting', ['hard', 'soft'] as const);
    const saved = fields.weights as readonly number[] | null;
    const weights = asSaved(owner, () => checkWeights(owner, saved, models.length));
    return new FittedVotingClassifier({ classes, models, names, voting, weights });
  },
};
