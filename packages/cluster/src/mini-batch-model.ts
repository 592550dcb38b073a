import { checkKnown, checkSampleWeight, counted, DataError, readable, type Steps } from '@maru-ml/base';
import {
  checkSaved,
  encodeArray,
  type IterativeModel,
  type Matrix,
  type MatrixLike,
  type PredictingClusterModel,
  type ScoreOptions,
  savedBoolean,
  savedCount,
  savedNumber,
  Table,
  type TransformerModel,
} from '@maru-ml/tensor';
import { checkExtent } from './extent.ts';
import { absorb } from './mini-batch-steps.ts';
import { NearestCenter } from './nearest-center.ts';
import { rowsAtOnce } from './points.ts';
import { loadCenters, savedCenters, savedFloats, savedRowLabels, savedSentences } from './saved.ts';
import { digits, sizesOf } from './text.ts';

/** What a fit found out. */
export interface MiniBatchKMeansFit {
  /** [k, d], in the rows' type. */
  centers: Float32Array | Float64Array;
  columns: number;
  counts: Float64Array;
  labels: Int32Array;
  inertia: number;
  nSteps: number;
  nIter: number;
  converged: boolean;
  warnings: readonly string[];
}

const NAME = 'MiniBatchKMeans';

/** The clusters that `MiniBatchKMeans` found. It does not change: `update` gives another one. */
export interface MiniBatchKMeansModel extends FittedMiniBatchKMeans {}

export class FittedMiniBatchKMeans implements PredictingClusterModel, TransformerModel, IterativeModel {
  /** The centers [k, d]. */
  readonly clusterCenters: Table;
  /** The weight of all rows that each center was moved by [k]. */
  readonly counts: Float64Array;
  /** The nearest center of each row that it was fitted, or last updated, with [n]. */
  readonly labels: Int32Array;
  /** J of these rows. */
  readonly inertia: number;
  /** Batches that were taken in, those of `update` among them. */
  readonly nSteps: number;
  /** Passes over x that the batches of the fit amount to, rounded up. */
  readonly nIter: number;
  /** Whether it stopped because J fell no more, or the centers hardly moved. */
  readonly converged: boolean;
  /** What there is to beware of, such as clusters without rows; mostly nothing. */
  readonly warnings: readonly string[];
  readonly nFeaturesIn: number;
  /** The number of clusters k: `transform` makes a column for each. */
  readonly nFeaturesOut: number;

  /** The centers and counts once more, out of reach of those who write into arrays. */
  readonly #nearest: NearestCenter;
  readonly #counts: Float64Array;

  /** @internal */
  constructor(fit: MiniBatchKMeansFit) {
    const { centers, columns, counts } = fit;
    this.clusterCenters = new Table(centers, counts.length, columns);
    this.counts = counts;
    this.labels = fit.labels;
    this.inertia = fit.inertia;
    this.nSteps = fit.nSteps;
    this.nIter = fit.nIter;
    this.converged = fit.converged;
    this.warnings = fit.warnings;
    this.nFeaturesIn = columns;
    this.nFeaturesOut = counts.length;
    this.#nearest = new NearestCenter(NAME, centers, columns);
    this.#counts = counts.slice();
    readable(this);
    Object.freeze(this);
  }

  /** A model with these centers that has labeled the rows. @internal */
  static *labeling(
    fit: MiniBatchKMeansFit,
    { data, rows: n, columns: d }: Matrix,
    weights: Float64Array | null,
    warningsOf: (labels: Int32Array) => readonly string[],
  ): Steps<MiniBatchKMeansModel> {
    const nearest = new NearestCenter(NAME, fit.centers, d);
    const labels = new Int32Array(n);
    let inertia = 0;
    const most = rowsAtOnce(d * fit.counts.length);
    for (let from = 0; from < n; from += most) {
      const to = Math.min(n, from + most);
      const found = nearest.nearest({ data: data.subarray(from * d, to * d), rows: to - from, columns: d });
      labels.set(found.labels, from);
      for (let i = from; i < to; i++) inertia += found.distances[i - from]! * (weights === null ? 1 : weights[i]!);
      yield;
    }
    return new FittedMiniBatchKMeans({ ...fit, labels, inertia, warnings: warningsOf(labels) });
  }

  /**
   * The model after one more step, with all rows of `x` [m, d] as its batch; this model stays as it is. Centers do not
   * start anew here, as chance would have to come in. Errors as for `predict`.
   */
  update(x: MatrixLike, options: { sampleWeight?: ArrayLike<number> } = {}): MiniBatchKMeansModel {
    checkKnown(NAME, options, ['sampleWeight']);
    const matrix = this.#nearest.matrix(x);
    const weights = checkSampleWeight(NAME, options.sampleWeight, matrix.rows);
    checkExtent(NAME, matrix, matrix.rows);
    const { labels, distances } = this.#nearest.nearest(matrix);
    let inertia = 0;
    for (let i = 0; i < matrix.rows; i++) inertia += distances[i]! * (weights === null ? 1 : weights[i]!);
    const [moved, counts] = [this.#nearest.centers.slice(), this.#counts.slice()];
    absorb({ ...matrix, weights }, moved, counts);
    const centers = this.clusterCenters.dtype === 'float32' ? Float32Array.from(moved) : moved;
    const nSteps = this.nSteps + 1;
    const { nIter, converged, nFeaturesIn: columns } = this;
    return new FittedMiniBatchKMeans({
      centers,
      columns,
      counts,
      labels,
      inertia,
      nSteps,
      nIter,
      converged,
      warnings: [],
    });
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
      type: 'MiniBatchKMeansModel',
      version: 1,
      clusterCenters: savedCenters(this.clusterCenters, this.#nearest),
      counts: encodeArray(this.#counts),
      labels: encodeArray(this.labels),
      inertia: this.inertia,
      nSteps: this.nSteps,
      nIter: this.nIter,
      converged: this.converged,
      warnings: this.warnings,
    };
  }

  toString(): string {
    const k = this.nFeaturesOut;
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nSteps, 'batch').replace('batchs', 'batches')}`;
    return (
      `MiniBatchKMeansModel: ${counted(k, 'cluster')} of ${counted(this.labels.length, 'row')}${sizesOf(this.labels, k)} ` +
      `in ${counted(this.nFeaturesIn, 'column')}, inertia ${digits(this.inertia)}, ${end}`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const MiniBatchKMeansModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): MiniBatchKMeansModel {
    const owner = 'MiniBatchKMeansModel.fromJSON';
    const fields = checkSaved('MiniBatchKMeansModel', 1, json);
    const { centers, k, columns } = loadCenters(owner, fields);
    const counts = savedFloats(owner, fields, 'counts', [k]);
    if (counts.some((value) => value < 0)) throw new DataError(`${owner}: counts must be ≥ 0`);
    return new FittedMiniBatchKMeans({
      centers,
      columns,
      counts,
      labels: savedRowLabels(owner, fields, k),
      inertia: savedNumber(owner, fields, 'inertia'),
      nSteps: savedCount(owner, fields, 'nSteps'),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
      warnings: savedSentences(owner, fields, 'warnings'),
    });
  },
};
