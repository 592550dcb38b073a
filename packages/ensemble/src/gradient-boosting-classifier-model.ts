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
  savedString,
  type Table,
} from '@maru-ml/tensor';
import type { GradientFit } from './gradient/fit.ts';
import { GradientPredictor, savedGradientFit } from './gradient/predictor.ts';
import { codesOfRaw, decisionOf, logProbabilitiesOf, probabilitiesOf } from './raw-classes.ts';
import { counted } from './text.ts';

const OWNER = 'GradientBoostingClassifier';

/** The trees that `GradientBoostingClassifier` added up. It is made by `fit` or `fromJSON` and does not change. */
export interface GradientBoostingClassifierModel<L extends Label = Label> extends FittedGradientBoostingClassifier<L> {}

export class FittedGradientBoostingClassifier<L extends Label = Label> implements ClassifierModel<L>, IterativeModel {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** Rounds, each of one tree, or of one for each of three classes or more. */
  readonly nIter: number;
  /** Whether it stopped since rows that were held out no longer gained (`nIterNoChange`). */
  readonly converged: boolean;
  /** The mean loss of the rows that were drawn, after each round. */
  readonly trainScore: Float64Array;
  /** By how much each round lowered the mean loss of the rows that were not drawn (`subsample`); empty if all are. */
  readonly oobImprovement: Float64Array;
  /** How much each column lowered the impurity in the trees, adding up to 1 [d]; all 0 if all trees are single leaves. */
  readonly featureImportances: Float64Array;
  readonly nFeaturesIn: number;
  readonly #predictor: GradientPredictor;
  readonly #loss: 'logLoss' | 'exponential';

  /** @internal */
  constructor(classes: readonly L[], loss: 'logLoss' | 'exponential', fit: GradientFit) {
    this.classes = classes;
    this.nIter = fit.trees.length / fit.baseline.length;
    this.converged = fit.converged;
    this.trainScore = fit.trainScore.slice();
    this.oobImprovement = fit.oobImprovement.slice();
    this.nFeaturesIn = fit.columns;
    this.#predictor = new GradientPredictor(OWNER, fit);
    this.#loss = loss;
    this.featureImportances = this.#predictor.importances();
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
    return probabilitiesOf(this.#odds(raw), rows);
  }

  /** Their logarithms [m, k], exact for small probabilities too. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    const { raw, rows } = this.#predictor.of(x);
    return logProbabilitiesOf(this.#odds(raw), rows);
  }

  /** The raw predictions F: [m, k], or [m] for two classes, then the logarithm of the odds of the second, or half of it for the exponential loss. Errors as for `predict`. */
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
    for (const { raw, rows } of this.#predictor.staged(x)) yield probabilitiesOf(this.#odds(raw), rows);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const { raw, rows } = this.#predictor.of(x);
    const weights = checkSampleWeight(OWNER, options.sampleWeight, rows);
    return accuracyOf(codesOfRaw(raw, rows), codesOf(OWNER, y, rows, this.classes), weights);
  }

  toJSON(): object {
    const head = { type: 'GradientBoostingClassifierModel', version: 1, classes: this.classes, loss: this.#loss };
    return { ...head, ...this.#predictor.toJSON() };
  }

  toString(): string {
    const end = this.converged ? ', stopped early' : '';
    const what = `${counted(this.nIter, 'round')}, ${this.classes.length} classes`;
    return `GradientBoostingClassifierModel: ${what}, ${counted(this.nFeaturesIn, 'column')}${end}`;
  }

  #labels(raw: Float64Array, rows: number): L[] {
    return Array.from(codesOfRaw(raw, rows), (code) => this.classes[code]!);
  }

  /** The logarithm of the odds, of which the exponential loss has half. Changes what it is given. */
  #odds(raw: Float64Array): Float64Array {
    if (this.#loss === 'exponential') for (let i = 0; i < raw.length; i++) raw[i]! *= 2;
    return raw;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const GradientBoostingClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON<L extends Label = Label>(json: unknown): GradientBoostingClassifierModel<L> {
    const owner = 'GradientBoostingClassifierModel.fromJSON';
    const fields = checkSaved('GradientBoostingClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes', 2) as readonly L[];
    const loss = savedString(owner, fields, 'loss', ['logLoss', 'exponential'] as const);
    const outputs = classes.length === 2 ? 1 : classes.length;
    return new FittedGradientBoostingClassifier(classes, loss, savedGradientFit(owner, fields, outputs));
  },
};
