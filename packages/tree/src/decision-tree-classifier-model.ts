import { checkKnown, checkSampleWeight, readable } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  accuracyOf,
  bestClass,
  type ClassifierModel,
  checkSaved,
  codesOf,
  type Label,
  labelsAt,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  savedColumns,
  savedLabels,
  savedString,
  Table,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { addValues, leavesFor } from './answers.ts';
import { CLASS_CRITERIA, type ClassCriterion } from './criteria.ts';
import { decodeTree } from './decode-tree.ts';
import { importancesOf, toShares } from './importances.ts';
import { pathsOf } from './paths.ts';
import { depthOf, leavesOf } from './size.ts';
import { describeModel } from './text.ts';
import type { Tree } from './tree.ts';
import { copyTree } from './tree-of.ts';

/** The tree that `DecisionTreeClassifier` grew. It is made by `fit` or `fromJSON` and does not change. */
export interface DecisionTreeClassifierModel<L extends Label = Label> extends FittedDecisionTreeClassifier<L> {}

export class FittedDecisionTreeClassifier<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  readonly nFeaturesIn: number;
  /** What its impurities are. */
  readonly criterion: ClassCriterion;
  /** How much each column lowered the impurity, adding up to 1 [d]; all 0 for a single leaf. */
  readonly featureImportances: Float64Array;
  /** The number of questions on the longest way to a leaf. */
  readonly depth: number;
  readonly nLeaves: number;

  readonly #tree: Tree;
  /** The most probable class of each node. */
  readonly #codes: Int32Array;
  /** Where predictOne puts its row, so that it need not allocate. */
  readonly #row: Float64Array;

  /** @internal */
  constructor(classes: readonly L[], columns: number, criterion: ClassCriterion, tree: Tree) {
    const k = classes.length;
    this.classes = classes;
    this.nFeaturesIn = columns;
    this.criterion = criterion;
    this.featureImportances = toShares(importancesOf(tree, columns));
    this.depth = depthOf(tree);
    this.nLeaves = leavesOf(tree);
    this.#tree = tree;
    this.#codes = tree.feature.map((_, t) => bestClass(tree.value, t * k, k));
    this.#row = new Float64Array(columns);
    readable(this);
    Object.freeze(this);
  }

  /** The nodes as flat arrays, copied; `value` holds the shares of the classes [nodes, k]. */
  get tree(): Tree {
    return copyTree(this.#tree);
  }

  /**
   * The most probable label of each row of `x` [m, d], of equals the first; NaN is a missing number.
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers
   */
  predict(x: MatrixLike): L[] {
    return labelsAt(this.#codesOf(this.#matrix(x)), this.classes);
  }

  /** The most probable label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    takeRow('DecisionTreeClassifier', row, this.#row, true);
    return this.classes[this.#codes[this.#tree.leafOf(this.#row, 0)]!]!;
  }

  /** The shares of the classes in the rows' leaves [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const { data, rows } = this.#matrix(x);
    const out = new Float64Array(rows * this.classes.length);
    addValues(this.#tree, data, rows, out);
    return new Table(out, rows, this.classes.length);
  }

  /** Their logarithms [m, k], -∞ for a share of 0. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    const { data, shape } = this.predictProba(x);
    return new Table(Float64Array.from(data, log), shape[0], shape[1]);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown('DecisionTreeClassifier', options, ['sampleWeight']);
    const matrix = this.#matrix(x);
    const codes = codesOf('DecisionTreeClassifier', y, matrix.rows, this.classes);
    const weights = checkSampleWeight('DecisionTreeClassifier', options.sampleWeight, matrix.rows);
    return accuracyOf(this.#codesOf(matrix), codes, weights);
  }

  /** The node that is the leaf of each row [m]. Errors as for `predict`. */
  apply(x: MatrixLike): Int32Array {
    const { data, rows } = this.#matrix(x);
    return leavesFor(this.#tree, data, rows);
  }

  /** The nodes that each row passes: 1 in sparse rows [m, nodes]. Errors as for `predict`. */
  decisionPath(x: MatrixLike): SparseRows {
    return pathsOf(this.#tree, this.#matrix(x));
  }

  toJSON(): object {
    const { classes, nFeaturesIn, criterion } = this;
    return {
      type: 'DecisionTreeClassifierModel',
      version: 1,
      classes,
      nFeaturesIn,
      criterion,
      tree: this.#tree.encode(),
    };
  }

  toString(): string {
    return describeModel('DecisionTreeClassifier', this.nFeaturesIn, this.depth, this.nLeaves);
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix('DecisionTreeClassifier', x, { columns: this.nFeaturesIn, allowMissing: true });
  }

  #codesOf({ data, rows, columns }: Matrix): Int32Array {
    const codes = new Int32Array(rows);
    for (let i = 0; i < rows; i++) codes[i] = this.#codes[this.#tree.leafOf(data, i * columns)]!;
    return codes;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const DecisionTreeClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON<L extends Label = Label>(json: unknown): DecisionTreeClassifierModel<L> {
    const owner = 'DecisionTreeClassifierModel.fromJSON';
    const fields = checkSaved('DecisionTreeClassifierModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes') as readonly L[];
    const columns = savedColumns(owner, fields);
    const criterion = savedString(owner, fields, 'criterion', CLASS_CRITERIA);
    return new FittedDecisionTreeClassifier(
      classes,
      columns,
      criterion,
      decodeTree(owner, fields.tree, columns, classes.length),
    );
  },
};
