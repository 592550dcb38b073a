import { readable } from '@maru-ml/base';
import {
  checkSaved,
  encodeArray,
  type IterativeModel,
  type Matrix,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  savedColumns,
  savedCount,
  savedNumber,
} from '@maru-ml/tensor';
import { roomsFor, seenOf, seesAll } from './members/bagging.ts';
import { type LoadOptions, loadMembers, rowsOf, someColumns } from './members/members.ts';
import { NumberAnswers } from './members/number-answers.ts';
import { savedChoices } from './members/saved.ts';
import { counted } from './text.ts';

/** What a fit found out. */
export interface BaggingRegressorFit {
  models: readonly RegressorModel[];
  /** The columns that each model sees. */
  columns: readonly Int32Array[];
  nFeaturesIn: number;
  /** How many models there were to be. */
  wanted: number;
  oobScore: number | null;
}

const OWNER = 'BaggingRegressor';

/** The models that `BaggingRegressor` fitted. It is made by `fit` or `fromJSON` and does not change. */
export interface BaggingRegressorModel extends FittedBaggingRegressor {}

export class FittedBaggingRegressor implements RegressorModel, IterativeModel {
  /** The fitted models. */
  readonly models: readonly RegressorModel[];
  /** The models that were fitted. */
  readonly nIter: number;
  /** Whether all were fitted that were wanted. */
  readonly converged: boolean;
  /** The score of the rows by the models that were not fitted with them; null without `oobScore`. */
  readonly oobScore: number | null;
  readonly nFeaturesIn: number;
  readonly #fit: BaggingRegressorFit;
  readonly #answers: NumberAnswers;

  /** @internal */
  constructor(fit: BaggingRegressorFit) {
    const { models, columns, nFeaturesIn, wanted, oobScore } = fit;
    this.models = Object.freeze([...models]);
    this.nIter = models.length;
    this.converged = models.length === wanted;
    this.oobScore = oobScore;
    this.nFeaturesIn = nFeaturesIn;
    this.#fit = fit;
    const predict = (matrix: Matrix) => {
      const out = new Float64Array(matrix.rows);
      for (const [m, model] of models.entries()) {
        const seen = seesAll(columns[m]!, nFeaturesIn) ? matrix : someColumns(matrix, columns[m]!);
        const predicted = model.predict(rowsOf(seen));
        for (let i = 0; i < out.length; i++) out[i]! += predicted[i]!;
      }
      for (let i = 0; i < out.length; i++) out[i]! /= models.length;
      return out;
    };
    const rooms = roomsFor(columns, nFeaturesIn);
    const predictOne = (row: Float64Array) => {
      let sum = 0;
      for (let m = 0; m < models.length; m++) sum += models[m]!.predictOne(seenOf(row, columns[m]!, rooms[m]!));
      return sum / models.length;
    };
    this.#answers = new NumberAnswers(OWNER, nFeaturesIn, predict, predictOne);
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
    const { models, columns, nFeaturesIn, wanted, oobScore } = this.#fit;
    const head = { type: 'BaggingRegressorModel', version: 1, nFeaturesIn, wanted, oobScore };
    const parts = {
      columns: columns.map((chosen) => encodeArray(chosen)),
      models: models.map((model) => model.toJSON()),
    };
    return { ...head, ...parts };
  }

  toString(): string {
    const oob = this.oobScore === null ? '' : `, out-of-bag score ${Number(this.oobScore.toPrecision(4))}`;
    const what = `${counted(this.nIter, 'model')}`;
    return `BaggingRegressorModel: ${what}, ${counted(this.nFeaturesIn, 'column')}${oob}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const BaggingRegressorModel = {
  /**
   * The model that `toJSON` wrote.
   * @throws DataError if it is none, OptionError if the class of a model in it was not handed over
   */
  fromJSON(json: unknown, options?: LoadOptions): BaggingRegressorModel {
    const owner = 'BaggingRegressorModel.fromJSON';
    const fields = checkSaved('BaggingRegressorModel', 1, json);
    const nFeaturesIn = savedColumns(owner, fields);
    const columns = savedChoices(owner, fields.columns, nFeaturesIn);
    const models = loadMembers<RegressorModel>(owner, fields.models, (i) => columns[i]?.length ?? 0, options);
    const wanted = savedCount(owner, fields, 'wanted');
    const oobScore = fields.oobScore === null ? null : savedNumber(owner, fields, 'oobScore');
    return new FittedBaggingRegressor({ models, columns, nFeaturesIn, wanted, oobScore });
  },
};
