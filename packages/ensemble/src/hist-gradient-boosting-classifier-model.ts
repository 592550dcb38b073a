import { checkKnown, checkSampleWeight, readable } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  type ClassifierModel,
  checkSaved,
  codesOf,
  type IterativeModel,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  savedLabels,
  type Table,
} from '@maru-ml/tensor';
import type { HistFit } from './hist/fit.ts';
import { RawPredictor } from './hist/raw-predictor.ts';
import { fitToJSON, savedFit } from './hist/saved.ts';
import { codesOfRaw, decisionOf, logProbabilitiesOf, probabilitiesOf } from './raw-classes.ts';
import { counted } from './text.ts';

const OWNER = 'HistGradientBoostingClassifier';

/** The trees that `HistGradientBoostingClassifier` added up. It is made by `fit` or `fromJSON` and does not change. */
export interface HistGradientBoostingClassifierModel<L extends Label = Label>
  extends FittedHistGradientBoostingClassifier<L> {}

export class FittedHistGradientBoostingClassifier<L extends Label = Label>
  implements ClassifierModel<L>, IterativeModel
{
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** Rounds, each of one tree, or of one for each of three classes or more. */
  readonly nIter: number;
  /** Whether it stopped since the loss no longer fell (`earlyStopping`). */
  readonly converged: boolean;
  /** The mean loss on the rows that were fitted, before the first round and after each; empty without early stopping. */
  readonly trainScore: Float64Array;
  /** The same on the rows that were held out; empty if there were none. */
  readonly validationScore: Float64Array;
  readonly nFeaturesIn: number;
  readonly #predictor: RawPredictor;
  readonly #fit: HistFit;

  /** @internal */
  constructor(classes: readonly L[], fit: HistFit) {
    this.classes = classes;
    this.nIter = fit.nIter;
    this.converged = fit.converged;
    this.trainScore = fit.trainScore.slice();
    this.validationScore = fit.validationScore.slice();
    this.nFeaturesIn = fit.columns;
    this.#predictor = new RawPredictor(OWNER, fit);
    this.#fit = fit;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The most probable label of each row of `x` [m, d]; NaN is a missing value.
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers
   */
  predict(x: MatrixLike): L[] {
    const { raw, rows } = this.#predictor.of(x);
    return this.#labels(raw, rows);
  }

  /** The most probable label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    const raw = this.#predictor.one(row);
    return this.classes[raw.length === 1 ? Number(raw[0]! > 0) : bestClass(raw, 0, raw.length)]!;
  }

  /** The probabilities of the classes [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const { raw, rows } = this.#predictor.of(x);
    return probabilitiesOf(raw, rows);
  }

  /** Their logarithms [m, k], exact for small probabilities too. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    const { raw, rows } = this.#predictor.of(x);
    return logProbabilitiesOf(raw, rows);
  }

  /** The raw predictions F: [m, k], or [m] for two classes, then the logarithm of the odds of the second. Errors as for `predict`. */
  decisionFunction(x: MatrixLike): Table | Float64Array {
    const { raw, rows } = this.#predictor.of(x);
    return decisionOf(raw, rows);
  }

  /** The labels after each round [m]. Errors as for `predict`. */
  *stagedPredict(x: MatrixLike): Generator<L[]> {
    for (const { raw, rows } of this.#predictor.staged(x)) yield this.#labels(raw, rows);
  }

  /** The probabilities after each round [m, k]. Errors as for `predict`. */
  *stagedPredictProba(x: MatrixLike): Generator<Table> {
    for (const { raw, rows } of this.#predictor.staged(x)) yield probabilitiesOf(raw, rows);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const { raw, rows } = this.#predictor.of(x);
    const weights = checkSampleWeight(OWNER, options.sampleWeight, rows);
    return accuracyOf(codesOfRaw(raw, rows), codesOf(OWNER, y, rows, this.classes), weights);
  }

  toJSON(): object {
    return { type: 'HistGradientBoostingClassifierModel', version: 1, classes: this.classes, ...fitToJSON(this.#fit) };
  }

  toString(): string {
    const end = this.converged ? ', stopped early' : '';
    const what = `${counted(this.nIter, 'round')}, ${this.classes.length} classes`;
    return `HistGradientBoostingClassifierModel: ${what}, ${counted(this.nFeaturesIn, 'column')}${end}`;
  }

  #labels(raw: Float64Array, rows: number): L[] {
    return Array.from(codesOfRaw(raw, rows), (code) => this.classes[code]!);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const HistGradientBoostingClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON<L extends Label = Label>(json: unknown): HistGradientBoostingClassifierModel<L> {
    const owner = 'HistGradientBoostingClassifierModel.fromJSON';
    const fields = checkSaved('HistGradientBoostingClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes', 2) as readonly L[];
    const outputs = classes.length === 2 ? 1 : classes.length;
    return new FittedHistGradientBoostingClassifier(classes, savedFit(owner, fields, outputs));
  },
};
