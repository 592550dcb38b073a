import { readable } from '@maru-ml/base';
import { exp, log } from '@maru-ml/kernels/scalar';
import {
  checkSaved,
  type MatrixLike,
  type Model,
  savedColumns,
  savedCount,
  savedNumber,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { savedTrees, treesToJSON } from './hist/saved.ts';
import { addTrees, predicted, type Tree } from './hist/trees.ts';
import { counted } from './text.ts';

const OWNER = 'IsolationForest';

/** What a fit found out. */
export interface IsolationForestFit {
  /** Their leaves hold the length of the way to them. */
  trees: readonly Tree[];
  columns: number;
  /** The rows of a tree, m. */
  size: number;
  offset: number;
}

/** The trees that `IsolationForest` grew. It is made by `fit` or `fromJSON` and does not change. */
export interface IsolationForestModel extends FittedIsolationForest {}

export class FittedIsolationForest implements Model {
  /** Scores below it are those of outliers. */
  readonly offset: number;
  /** How many rows each tree was grown from. */
  readonly maxSamples: number;
  /** The number of trees. */
  readonly nIter: number;
  readonly nFeaturesIn: number;
  readonly #fit: IsolationForestFit;
  readonly #row: Float64Array;

  /** @internal */
  constructor(fit: IsolationForestFit) {
    this.offset = fit.offset;
    this.maxSamples = fit.size;
    this.nIter = fit.trees.length;
    this.nFeaturesIn = fit.columns;
    this.#fit = fit;
    this.#row = new Float64Array(fit.columns);
    readable(this);
    Object.freeze(this);
  }

  /**
   * -1 for each row of `x` [m, d] that is an outlier, else 1.
   * @throws ShapeError if x has other columns, DataError if it has missing or infinite numbers
   */
  predict(x: MatrixLike): Int32Array {
    return Int32Array.from(this.scoreSamples(x), (score) => (score < this.offset ? -1 : 1));
  }

  /**
   * -1 if the row [d] is an outlier, else 1. It makes no arrays; the engine may make objects of 16 bytes of the exponential and the
   * logarithm of its score. Errors as for `predict`.
   */
  predictOne(row: ArrayLike<number>): -1 | 1 {
    takeRow(OWNER, row, this.#row);
    const { trees, size } = this.#fit;
    let path = 0;
    for (let t = 0; t < trees.length; t++) path += predicted(trees[t]!, [], this.#row, 0);
    return scoreOfPath(path / this.nIter, size) < this.offset ? -1 : 1;
  }

  /** The scores of rows [m], from -1 for the clearest outliers to 0. Errors as for `predict`. */
  scoreSamples(x: MatrixLike): Float64Array {
    const matrix = toMatrix(OWNER, x, { columns: this.nFeaturesIn });
    const paths = new Float64Array(matrix.rows);
    addTrees(this.#fit.trees, [], matrix, paths);
    return paths.map((path) => scoreOfPath(path / this.nIter, this.#fit.size));
  }

  /** The scores less `offset` [m]: below 0 for outliers. Errors as for `predict`. */
  decisionFunction(x: MatrixLike): Float64Array {
    return this.scoreSamples(x).map((score) => score - this.offset);
  }

  toJSON(): object {
    const { trees, columns, size, offset } = this.#fit;
    return {
      type: 'IsolationForestModel',
      version: 1,
      columns,
      size,
      offset,
      trees: treesToJSON(trees),
    };
  }

  toString(): string {
    const what = `${counted(this.nIter, 'tree')} of ${counted(this.maxSamples, 'row')} each`;
    return `IsolationForestModel: ${what}, ${counted(this.nFeaturesIn, 'column')}, outliers below ${Number(this.offset.toPrecision(4))}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const IsolationForestModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): IsolationForestModel {
    const owner = 'IsolationForestModel.fromJSON';
    const fields = checkSaved('IsolationForestModel', 1, json);
    const columns = savedColumns(owner, fields, 'columns');
    const size = savedCount(owner, fields, 'size', { min: 1 });
    const trees = savedTrees(owner, fields.trees, new Array(columns).fill(null));
    return new FittedIsolationForest({ trees, columns, size, offset: savedNumber(owner, fields, 'offset') });
  },
};

/** The mean number of questions to a row among n, c(n). */
export function averagePath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

/** The score for a mean number of questions, -2^(-path / c(m)). Trees of one row tell nothing. */
export function scoreOfPath(path: number, size: number): number {
  return size <= 1 ? -0.5 : -exp((-path / averagePath(size)) * Math.LN2);
}
