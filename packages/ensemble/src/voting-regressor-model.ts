import { readable } from '@maru-ml/base';
import {
  asSaved,
  checkSaved,
  type Matrix,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
} from '@maru-ml/tensor';
import { type LoadOptions, rowsOf } from './members/members.ts';
import { NumberAnswers } from './members/number-answers.ts';
import { loadVoters, savedNames } from './members/saved.ts';
import { checkWeights, shares } from './members/voting.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface VotingRegressorFit {
  models: readonly RegressorModel[];
  names: readonly string[];
  weights: readonly number[] | null;
}

const OWNER = 'VotingRegressor';

/** The regressors that `VotingRegressor` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface VotingRegressorModel extends FittedVotingRegressor {}

export class FittedVotingRegressor implements RegressorModel {
  /** The fitted models. */
  readonly models: readonly RegressorModel[];
  readonly names: readonly string[];
  readonly nFeaturesIn: number;
  readonly #fit: VotingRegressorFit;
  readonly #answers: NumberAnswers;

  /** @internal */
  constructor(fit: VotingRegressorFit) {
    const { models, names, weights } = fit;
    this.models = Object.freeze([...models]);
    this.names = Object.freeze([...names]);
    this.nFeaturesIn = models[0]!.nFeaturesIn;
    this.#fit = fit;
    const share = shares(weights, models.length);
    const predict = (matrix: Matrix) => {
      const out = new Float64Array(matrix.rows);
      for (const [m, member] of models.entries()) {
        const predicted = member.predict(rowsOf(matrix));
        for (let i = 0; i < matrix.rows; i++) out[i]! += share[m]! * predicted[i]!;
      }
      return out;
    };
    const predictOne = (row: Float64Array) => {
      let sum = 0;
      for (let m = 0; m < models.length; m++) sum += share[m]! * models[m]!.predictOne(row);
      return sum;
    };
    this.#answers = new NumberAnswers(OWNER, this.nFeaturesIn, predict, predictOne);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The prediction of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers, or missing ones that a model refuses
   */
  predict(x: MatrixLike): Float64Array {
    return this.#answers.predict(x);
  }

  /** The prediction of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#answers.predictOne(row);
  }

  /** R² of the predictions for `x` [m, d] of `y` [m]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    return this.#answers.score(x, y, options);
  }

  toJSON(): object {
    const { models, names, weights } = this.#fit;
    const head = { type: 'VotingRegressorModel', version: 1, names, weights };
    return { ...head, models: models.map((model) => model.toJSON()) };
  }

  toString(): string {
    const what = `${this.names.length} models (${this.names.join(', ')})`;
    return `VotingRegressorModel: ${what}, ${counted(this.nFeaturesIn, 'column')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const VotingRegressorModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON(json: unknown, options?: LoadOptions): VotingRegressorModel {
    const owner = 'VotingRegressorModel.fromJSON';
    const fields = checkSaved('VotingRegressorModel', 1, json);
    const models = loadVoters<RegressorModel>(owner, fields.models, options);
    const names = savedNames(owner, fields.names, models.length);
    const saved = fields.weights as readonly number[] | null;
    const weights = asSaved(owner, () => checkWeights(owner, saved, models.length));
    return new FittedVotingRegressor({ models, names, weights });
  },
};
