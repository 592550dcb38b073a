import { checkKnown, checkSampleWeight, readable } from '@maru-ml/base';
import {
  checkSaved,
  type Matrix,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  type SparseRows,
  savedColumns,
  savedString,
  takeRow,
  toMatrix,
  toTargets,
} from '@maru-ml/tensor';
import { addValues, leavesFor } from './answers.ts';
import { NUMBER_CRITERIA, type NumberCriterion } from './criteria.ts';
import { decodeTree } from './decode-tree.ts';
import { importancesOf, toShares } from './importances.ts';
import { pathsOf } from './paths.ts';
import { depthOf, leavesOf } from './size.ts';
import { describeModel } from './text.ts';
import type { Tree } from './tree.ts';
import { copyTree } from './tree-of.ts';

/** The tree that `DecisionTreeRegressor` grew. It is made by `fit` or `fromJSON` and does not change. */
export interface DecisionTreeRegressorModel extends FittedDecisionTreeRegressor {}

export class FittedDecisionTreeRegressor implements RegressorModel {
  readonly nFeaturesIn: number;
  /** What its impurities are. */
  readonly criterion: NumberCriterion;
  /** How much each column lowered the impurity, adding up to 1 [d]; all 0 for a single leaf. */
  readonly featureImportances: Float64Array;
  /** The number of questions on the longest way to a leaf. */
  readonly depth: number;
  readonly nLeaves: number;

  readonly #tree: Tree;
  /** Where predictOne puts its row, so that it need not allocate. */
  readonly #row: Float64Array;

  /** @internal */
  constructor(columns: number, criterion: NumberCriterion, tree: Tree) {
    this.nFeaturesIn = columns;
    this.criterion = criterion;
    this.featureImportances = toShares(importancesOf(tree, columns));
    this.depth = depthOf(tree);
    this.nLeaves = leavesOf(tree);
    this.#tree = tree;
    this.#row = new Float64Array(columns);
    readable(this);
    Object.freeze(this);
  }

  /** The nodes as flat arrays, copied; `value` holds a number for each node. */
  get tree(): Tree {
    return copyTree(this.#tree);
  }

  /**
   * The number of each row's leaf [m] for `x` [m, d]; NaN is a missing number.
   * @throws ShapeError if x has other columns, DataError if it has infinite numbers
   */
  predict(x: MatrixLike): Float64Array {
    const { data, rows } = this.#matrix(x);
    const out = new Float64Array(rows);
    addValues(this.#tree, data, rows, out);
    return out;
  }

  /** The number of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    takeRow('DecisionTreeRegressor', row, this.#row, true);
    return this.#tree.value[this.#tree.leafOf(this.#row, 0)]!;
  }

  /** R² of the predictions for `x` [m, d] and the numbers `y` [m]. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown('DecisionTreeRegressor', options, ['sampleWeight']);
    const predicted = this.predict(x);
    const targets = toTargets('DecisionTreeRegressor', y, predicted.length);
    const weights = checkSampleWeight('DecisionTreeRegressor', options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, targets, weights);
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
    return {
      type: 'DecisionTreeRegressorModel',
      version: 1,
      nFeaturesIn: this.nFeaturesIn,
      criterion: this.criterion,
      tree: this.#tree.encode(),
    };
  }

  toString(): string {
    return describeModel('DecisionTreeRegressor', this.nFeaturesIn, this.depth, this.nLeaves);
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix('DecisionTreeRegressor', x, { columns: this.nFeaturesIn, allowMissing: true });
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const DecisionTreeRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): DecisionTreeRegressorModel {
    const owner = 'DecisionTreeRegressorModel.fromJSON';
    const fields = checkSaved('DecisionTreeRegressorModel', 1, json);
    const columns = savedColumns(owner, fields);
    const criterion = savedString(owner, fields, 'criterion', NUMBER_CRITERIA);
    return new FittedDecisionTreeRegressor(columns, criterion, decodeTree(owner, fields.tree, columns, 1));
  },
};
