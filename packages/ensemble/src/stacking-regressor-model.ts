import { readable } from '@maru-ml/base';
import {
  checkSaved,
  type Matrix,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  savedBoolean,
} from '@maru-ml/tensor';
import { type LoadOptions, loadMember, rowsOf } from './members/members.ts';
import { NumberAnswers } from './members/number-answers.ts';
import { loadVoters, savedNames } from './members/saved.ts';
import { beside, predictionsOf } from './members/stacking.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface StackingRegressorFit {
  models: readonly RegressorModel[];
  names: readonly string[];

  finalModel: RegressorModel;
  passthrough: boolean;
}

const OWNER = 'StackingRegressor';

/** The models that `StackingRegressor` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface StackingRegressorModel extends FittedStackingRegressor {}

export class FittedStackingRegressor implements RegressorModel {
  /** The fitted models. */
  readonly models: readonly RegressorModel[];
  readonly names: readonly string[];
  /** The model that learned from them. */
  readonly finalModel: RegressorModel;
  readonly nFeaturesIn: number;
  readonly #fit: StackingRegressorFit;
  readonly #answers: NumberAnswers;

  /** @internal */
  constructor(fit: StackingRegressorFit) {
    const { models, names, finalModel, passthrough } = fit;
    this.models = Object.freeze([...models]);
    this.names = Object.freeze([...names]);
    this.finalModel = finalModel;
    this.nFeaturesIn = models[0]!.nFeaturesIn;
    this.#fit = fit;
    const predict = (matrix: Matrix) => finalModel.predict(rowsOf(this.#stacked(matrix)));
    const one = new Float64Array(models.length + (passthrough ? this.nFeaturesIn : 0));
    const predictOne = (row: Float64Array) => {
      for (let i = 0; i < models.length; i++) one[i] = models[i]!.predictOne(row);
      if (passthrough) one.set(row, models.length);
      return finalModel.predictOne(one);
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
    const { models, names, finalModel, passthrough } = this.#fit;
    const head = { type: 'StackingRegressorModel', version: 1, names, passthrough };
    return { ...head, models: models.map((model) => model.toJSON()), finalModel: finalModel.toJSON() };
  }

  toString(): string {
    const [final] = /^\w+/.exec(String(this.finalModel)) ?? ['a model'];
    const what = `${this.names.length} models (${this.names.join(', ')}) under ${final}`;
    return `StackingRegressorModel: ${what}, ${counted(this.nFeaturesIn, 'column')}`;
  }

  /** What the final model sees of rows. */
  #stacked(matrix: Matrix): Matrix {
    const { models, passthrough } = this.#fit;
    return beside(
      models.map((model) => predictionsOf(model, rowsOf(matrix))),
      matrix,
      passthrough,
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const StackingRegressorModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON(json: unknown, options?: LoadOptions): StackingRegressorModel {
    const owner = 'StackingRegressorModel.fromJSON';
    const fields = checkSaved('StackingRegressorModel', 1, json);
    const models = loadVoters<RegressorModel>(owner, fields.models, options);
    const names = savedNames(owner, fields.names, models.length);
    const finalModel = loadMember<RegressorModel>(owner, 'finalModel', fields.finalModel, options);
    const passthrough = savedBoolean(owner, fields, 'passthrough');
    return new FittedStackingRegressor({ models, names, finalModel, passthrough });
  },
};
