import { counted, DataError, readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type MatrixLike,
  type PredictingClusterModel,
  type ScoreOptions,
  savedBoolean,
  savedCount,
  Table,
  type TransformerModel,
} from '@maru-ml/tensor';
import { NearestCenter } from './nearest-center.ts';
import { loadCenters, savedCenters, savedRowLabels, savedSentences } from './saved.ts';
import { digits, sizesOf } from './text.ts';

type FloatArray = Float32Array | Float64Array;

/** What a fit found out. */
export interface KMeansFit {
  /** [k, d], in the rows' type. */
  centers: FloatArray;
  columns: number;
  labels: Int32Array;
  inertias: Float64Array;
  nIter: number;
  converged: boolean;
  warnings: readonly string[];
}

/** The clusters that `KMeans` found. It is made by `fit` or `fromJSON` and does not change. */
export interface KMeansModel extends FittedKMeans {}

export class FittedKMeans implements PredictingClusterModel, TransformerModel, IterativeModel {
  /** The centers [k, d]; fewer than `nClusters` where empty clusters were removed. */
  readonly clusterCenters: Table;
  /** The nearest center of each row that it was fitted with [n]. */
  readonly labels: Int32Array;
  /** J: the sum of the (weighted) squared distances of the rows from their centers. */
  readonly inertia: number;
  /** J after each labeling of the rows, in the start that was best: it never rises, and ends with `inertia`. */
  readonly inertias: Float64Array;
  /** Iterations of the start that was best. */
  readonly nIter: number;
  /** Whether it stopped by itself, because no label changed or the centers hardly moved. */
  readonly converged: boolean;
  /** What there is to beware of, such as clusters without rows; mostly nothing. */
  readonly warnings: readonly string[];
  readonly nFeaturesIn: number;
  /** The number of clusters k: `transform` makes a column for each. */
  readonly nFeaturesOut: number;

  /** The centers once more, out of reach of those who write into tables. */
  readonly #nearest: NearestCenter;

  /** @internal */
  constructor({ centers, columns, labels, inertias, nIter, converged, warnings }: KMeansFit) {
    const k = centers.length / columns;
    this.clusterCenters = new Table(centers, k, columns);
    this.labels = labels;
    this.inertia = inertias[inertias.length - 1]!;
    this.inertias = inertias;
    this.nIter = nIter;
    this.converged = converged;
    this.warnings = warnings;
    this.nFeaturesIn = columns;
    this.nFeaturesOut = k;
    this.#nearest = new NearestCenter('KMeans', centers, columns);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The nearest center of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): Int32Array {
    return this.#nearest.nearest(this.#nearest.matrix(x)).labels;
  }

  /** The nearest center of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#nearest.one(row);
  }

  /** The distances of the rows of `x` [m, d] from the centers [m, k], of float32 if x is. Errors as for `predict`. */
  transform(x: MatrixLike): Table {
    return this.#nearest.transform(x);
  }

  /** The distances of one row [d] from the centers, into `out` [k], without allocating. Errors as for `predict`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    return this.#nearest.transformOne(row, out);
  }

  /** -J of the rows of `x` [m, d]: the higher, the better. Errors as for `predict`. */
  score(x: MatrixLike, options: ScoreOptions = {}): number {
    return this.#nearest.score(x, options);
  }

  toJSON(): object {
    return {
      type: 'KMeansModel',
      version: 1,
      clusterCenters: savedCenters(this.clusterCenters, this.#nearest),
      labels: encodeArray(this.labels),
      inertias: encodeArray(this.inertias),
      nIter: this.nIter,
      converged: this.converged,
      warnings: this.warnings,
    };
  }

  toString(): string {
    const k = this.nFeaturesOut;
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nIter, 'iteration')}`;
    return (
      `KMeansModel: ${counted(k, 'cluster')} of ${counted(this.labels.length, 'row')}${sizesOf(this.labels, k)} ` +
      `in ${counted(this.nFeaturesIn, 'column')}, inertia ${digits(this.inertia)}, ${end}`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const KMeansModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): KMeansModel {
    const owner = 'KMeansModel.fromJSON';
    const fields = checkSaved('KMeansModel', 1, json);
    const { centers, k, columns } = loadCenters(owner, fields);
    const labels = savedRowLabels(owner, fields, k);
    const inertias = decodeArray(owner, 'inertias', fields.inertias, { dtype: 'float64', shape: [-1] });
    if (inertias.length === 0) throw new DataError(`${owner}: inertias must not be empty`);
    const nIter = savedCount(owner, fields, 'nIter');
    const converged = savedBoolean(owner, fields, 'converged');
    const warnings = savedSentences(owner, fields, 'warnings');
    return new FittedKMeans({ centers, columns, labels, inertias, nIter, converged, warnings });
  },
};
