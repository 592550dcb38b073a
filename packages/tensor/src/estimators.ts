import type { FitAsyncOptions, FitOptions } from '@maru-ml/base';
import type { MatrixLike } from './matrix.ts';
import type { Table } from './table.ts';

// The contracts of estimators. An estimator holds checked options; `fit` returns a model, another immutable value, so that
// predicting before fitting does not compile. One number for each row comes in a typed
// array, several in a `Table`. Single rows are answered without allocating; a model that allocates says so.

/** A class label: the caller's own strings, integers or booleans. */
export type Label = string | number | boolean;

/** What every fitted model can do. */
export interface Model {
  /** The number of columns it was fitted with. */
  readonly nFeaturesIn: number;
  /** Plain data with a format version, for `JSON.stringify` and the class's `fromJSON`. */
  toJSON(): object;
  toString(): string;
}

/** What a model whose fit goes step by step tells about it. */
export interface IterativeModel {
  /** Steps taken. */
  readonly nIter: number;
  /** Whether it stopped because nothing changed any more, not because of `maxIter`. */
  readonly converged: boolean;
}

/** What every estimator has. */
export interface Estimator {
  /** All options with their defaults filled in: plain data from which an equal estimator can be made. */
  readonly options: object;
  toString(): string;
}

/** Predicts classes. */
export interface Classifier<X = MatrixLike> extends Estimator {
  /** @param y a label for each row [n] */
  fit<L extends Label>(x: X, y: ArrayLike<L>, options?: FitOptions): ClassifierModel<L, X>;
  fitAsync<L extends Label>(x: X, y: ArrayLike<L>, options?: FitAsyncOptions): Promise<ClassifierModel<L, X>>;
}

export interface ClassifierModel<L extends Label = Label, X = MatrixLike> extends Model {
  /** The labels [k] in ascending order: the columns of `predictProba`. */
  readonly classes: readonly L[];
  /** The most probable label of each row. */
  predict(x: X): L[];
  /** The label of one row, without allocating. */
  predictOne(row: ArrayLike<number>): L;
  /** Probabilities [n, k], if the model has them. */
  predictProba?(x: X): Table;
  /** Their logarithms [n, k]. */
  predictLogProba?(x: X): Table;
  /** Scores [n, k], or [n] for two classes: positive for the second. */
  decisionFunction?(x: X): Table | Float64Array;
  /** The share of rows that are predicted right. */
  score(x: X, y: ArrayLike<L>, options?: ScoreOptions): number;
}

/** Predicts numbers. */
export interface Regressor<X = MatrixLike> extends Estimator {
  /** @param y a number for each row [n] */
  fit(x: X, y: ArrayLike<number>, options?: FitOptions): RegressorModel<X>;
  fitAsync(x: X, y: ArrayLike<number>, options?: FitAsyncOptions): Promise<RegressorModel<X>>;
}

export interface RegressorModel<X = MatrixLike> extends Model {
  predict(x: X): Float64Array;
  /** The prediction for one row, without allocating. */
  predictOne(row: ArrayLike<number>): number;
  /** R² = 1 - Σ(y - ŷ)² / Σ(y - ȳ)². */
  score(x: X, y: ArrayLike<number>, options?: ScoreOptions): number;
}

/** Groups rows without being told how. */
export interface Clusterer<X = MatrixLike> extends Estimator {
  fit(x: X, options?: FitOptions): ClusterModel;
  fitAsync(x: X, options?: FitAsyncOptions): Promise<ClusterModel>;
}

export interface ClusterModel extends Model {
  /** The cluster of each row [n] that it was fitted with, from 0; -1 for noise. */
  readonly labels: Int32Array;
}

/** A cluster model that also knows where rows belong that it has not seen. */
export interface PredictingClusterModel<X = MatrixLike> extends ClusterModel {
  predict(x: X): Int32Array;
  /** The cluster of one row, without allocating. */
  predictOne(row: ArrayLike<number>): number;
}

/** Turns columns into other columns. */
export interface Transformer<X = MatrixLike> extends Estimator {
  fit(x: X, options?: FitOptions): TransformerModel<X>;
  fitAsync(x: X, options?: FitAsyncOptions): Promise<TransformerModel<X>>;
}

export interface TransformerModel<X = MatrixLike> extends Model {
  /** The number of columns it makes. */
  readonly nFeaturesOut: number;
  /** The rows in other columns [n, nFeaturesOut]. */
  transform(x: X): Table;
  /** Writes the columns of one row to `out` [nFeaturesOut] and returns it, without allocating. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O;
  /** The way back, where there is one. */
  inverseTransform?(x: X): Table;
}

export interface ScoreOptions {
  /** Weights of the rows [n], ≥ 0; 1 each. */
  sampleWeight?: ArrayLike<number>;
}
