import { checkKnown, checkSampleWeight, DataError, readable, show } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
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
  type MatrixLike,
  type ScoreOptions,
  savedColumns,
  savedCount,
  savedLabels,
  savedNumber,
  savedString,
  Table,
} from '@maru-ml/tensor';
import { copyTree, decodeTree, type Tree } from '@maru-ml/tree/grow';
import { TreeAverage } from './forest/average.ts';
import { counted } from './text.ts';

/** The estimators whose model this is. */
export type ForestClassifierName = 'RandomForestClassifier' | 'ExtraTreesClassifier';

/** What a fit found out. */
export interface ForestClassifierFit<L extends Label> {
  classes: readonly L[];
  trees: readonly Tree[];
  columns: number;
  /** How many trees there were to be. */
  wanted: number;
  /** [n, k]; null without `oobScore`. */
  oobDecisionFunction: Float64Array | null;
  oobScore: number | null;
}

/** The trees of a `RandomForestClassifier` or `ExtraTreesClassifier`. It is made by `fit` or `fromJSON` and does not change. */
export interface ForestClassifierModel<L extends Label = Label> extends FittedForestClassifier<L> {}

export class FittedForestClassifier<L extends Label = Label> implements ClassifierModel<L>, IterativeModel {
  /** Which estimator made it. */
  readonly estimator: ForestClassifierName;
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The trees that were grown. */
  readonly nIter: number;
  /** Whether all trees were grown that were wanted. */
  readonly converged: boolean;
  /** How much each column lowered the impurity, adding up to 1 [d]; all 0 if all trees are single leaves. */
  readonly featureImportances: Float64Array;
  /**
   * The probabilities of the classes for the rows of the fit by the trees for which they were not drawn [n, k], NaN for rows that
   * were drawn for all trees; null without `oobScore`.
   */
  readonly oobDecisionFunction: Table | null;
  /** The share of rows that these get right, of those that have an answer; null without `oobScore`. */
  readonly oobScore: number | null;
  readonly nFeaturesIn: number;
  readonly #average: TreeAverage;
  readonly #fit: ForestClassifierFit<L>;

  /** @internal */
  constructor(estimator: ForestClassifierName, fit: ForestClassifierFit<L>) {
    const { classes, trees, columns, wanted, oobDecisionFunction, oobScore } = fit;
    const k = classes.length;
    this.estimator = estimator;
    this.classes = classes;
    this.nIter = trees.length;
    this.converged = trees.length === wanted;
    this.#average = new TreeAverage(estimator, trees, columns);
    this.featureImportances = this.#average.importances();
    this.oobDecisionFunction =
      oobDecisionFunction === null ? null : new Table(oobDecisionFunction.slice(), oobDecisionFunction.length / k, k);
    this.oobScore = oobScore;
    this.nFeaturesIn = columns;
    this.#fit = fit;
    readable(this);
    Object.freeze(this);
  }

  /** The trees as flat arrays, copied; `value` holds the shares of the classes [nodes, k]. */
  get trees(): readonly Tree[] {
    return this.#fit.trees.map(copyTree);
  }

  /**
   * The most probable label of each row of `x` [m, d]; NaN is a missing value.
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers
   */
  predict(x: MatrixLike): L[] {
    return Array.from(this.#codes(x), (code) => this.classes[code]!);
  }

  /** The most probable label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.classes[bestClass(this.#average.one(row), 0, this.classes.length)]!;
  }

  /** The probabilities of the classes [m, k]: the mean of their shares in the leaves. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const matrix = this.#average.matrix(x);
    return new Table(this.#average.of(matrix), matrix.rows, this.classes.length);
  }

  /** Their logarithms [m, k], -∞ for 0. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    const { data, shape } = this.predictProba(x);
    return new Table(data.map(log), ...shape);
  }

  /** The leaf of each row in each tree [m, trees]. Errors as for `predict`. */
  apply(x: MatrixLike): Int32Array {
    return this.#average.apply(this.#average.matrix(x));
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown(this.estimator, options, ['sampleWeight']);
    const codes = this.#codes(x);
    const weights = checkSampleWeight(this.estimator, options.sampleWeight, codes.length);
    return accuracyOf(codes, codesOf(this.estimator, y, codes.length, this.classes), weights);
  }

  toJSON(): object {
    const { classes, trees, columns, wanted, oobDecisionFunction: oob, oobScore } = this.#fit;
    const head = { type: 'ForestClassifierModel', version: 1, estimator: this.estimator, classes, columns, wanted };
    const out = { oobDecisionFunction: oob === null ? null : encodeArray(oob), oobScore };
    return { ...head, ...out, trees: trees.map((tree) => tree.encode()) };
  }

  toString(): string {
    const oob = this.oobScore === null ? '' : `, out-of-bag score ${Number(this.oobScore.toPrecision(4))}`;
    const what = `${counted(this.nIter, 'tree')}, ${this.classes.length} classes`;
    return `${this.estimator}Model: ${what}, ${counted(this.nFeaturesIn, 'column')}${oob}`;
  }

  #codes(x: MatrixLike): Int32Array {
    const matrix = this.#average.matrix(x);
    const k = this.classes.length;
    const means = this.#average.of(matrix);
    return Int32Array.from({ length: matrix.rows }, (_, i) => bestClass(means, i * k, k));
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const ForestClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON<L extends Label = Label>(json: unknown): ForestClassifierModel<L> {
    const owner = 'ForestClassifierModel.fromJSON';
    const fields = checkSaved('ForestClassifierModel', 1, json);
    const names = ['RandomForestClassifier', 'ExtraTreesClassifier'] as const;
    const estimator = savedString(owner, fields, 'estimator', names);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const columns = savedColumns(owner, fields, 'columns');
    const trees = savedForest(owner, fields.trees, columns, classes.length);
    const wanted = savedCount(owner, fields, 'wanted');
    return new FittedForestClassifier(estimator, {
      ...{ classes, trees, columns, wanted },
      oobDecisionFunction: savedOob(owner, 'oobDecisionFunction', fields.oobDecisionFunction),
      oobScore: fields.oobScore === null ? null : savedNumber(owner, fields, 'oobScore'),
    });
  },
};

/** The trees of a forest's JSON form. @throws DataError for what are none */
export function savedForest(owner: string, saved: unknown, columns: number, width: number): Tree[] {
  if (!Array.isArray(saved) || saved.length === 0) {
    throw new DataError(`${owner}: trees must be an array of trees, got ${show(saved)}`);
  }
  return saved.map((tree) => decodeTree(owner, tree, columns, width));
}

/** What a forest's JSON form says of rows out of the bag, or null. @throws DataError */
export function savedOob(owner: string, name: string, saved: unknown): Float64Array | null {
  return saved === null ? null : decodeArray(owner, name, saved, { dtype: 'float64', shape: [-1] });
}
