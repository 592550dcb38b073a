import { checkKnown, checkSampleWeight, DataError, readable } from '@maru-ml/base';
import { labelRows, squaredDistance } from '@maru-ml/kernels/kmeans';
import {
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type Matrix,
  type MatrixLike,
  modelFromBytes,
  modelToBytes,
  type PredictingClusterModel,
  type ScoreOptions,
  savedBoolean,
  savedNumber,
  Table,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { savedRowLabels, savedSentences } from './saved.ts';
import { count, digits, sizesOf } from './text.ts';

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

/** The clusters that `KMeans` found. It is made by `fit`, `fromJSON` or `fromBytes` and does not change. */
export class KMeansModel implements PredictingClusterModel, TransformerModel, IterativeModel {
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
  readonly #centers: Float64Array;
  /** Where predictOne and transformOne put their row, so that they need not allocate. */
  readonly #row: Float64Array;

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
    this.#centers = Float64Array.from(centers);
    this.#row = new Float64Array(columns);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The nearest center of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): Int32Array {
    return this.#nearest(this.#matrix(x)).labels;
  }

  /** The nearest center of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    takeRow('KMeans', row, this.#row);
    const d = this.nFeaturesIn;
    let best = Number.POSITIVE_INFINITY;
    let label = -1;
    for (let c = 0; c < this.nFeaturesOut; c++) {
      const distance = squaredDistance(this.#row, 0, this.#centers, c * d, d);
      if (distance < best) {
        best = distance;
        label = c;
      }
    }
    if (label === -1) throw tooFar('the row');
    return label;
  }

  /** The distances of the rows of `x` [m, d] from the centers [m, k], of float32 if x is. Errors as for `predict`. */
  transform(x: MatrixLike): Table {
    const { data, rows, columns: d } = this.#matrix(x);
    const k = this.nFeaturesOut;
    const out = data instanceof Float32Array ? new Float32Array(rows * k) : new Float64Array(rows * k);
    for (let i = 0; i < rows; i++) {
      if (!this.#measure(data, i * d, out, i * k)) throw tooFar(`x[${i}]`);
    }
    return new Table(out, rows, k);
  }

  /** The distances of one row [d] from the centers, into `out` [k], without allocating. Errors as for `predict`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('KMeans', row, this.#row);
    const k = this.nFeaturesOut;
    checkOut('KMeans', out, k);
    if (!this.#measure(this.#row, 0, out, 0)) throw tooFar('the row');
    return out;
  }

  /** -J of the rows of `x` [m, d]: the higher, the better. Errors as for `predict`. */
  score(x: MatrixLike, options: ScoreOptions = {}): number {
    checkKnown('KMeans', options, ['sampleWeight']);
    const matrix = this.#matrix(x);
    const weights = checkSampleWeight('KMeans', options.sampleWeight, matrix.rows);
    const { distances } = this.#nearest(matrix);
    let inertia = 0;
    for (let i = 0; i < matrix.rows; i++) inertia += weights === null ? distances[i]! : weights[i]! * distances[i]!;
    return -inertia;
  }

  toJSON(): object {
    return {
      type: 'KMeansModel',
      version: 1,
      clusterCenters: encodeArray(
        this.clusterCenters.dtype === 'float32' ? Float32Array.from(this.#centers) : this.#centers,
        [this.nFeaturesOut, this.nFeaturesIn],
      ),
      labels: encodeArray(this.labels),
      inertias: encodeArray(this.inertias),
      nIter: this.nIter,
      converged: this.converged,
      warnings: this.warnings,
    };
  }

  /** The model that `toJSON` wrote. @throws DataError if it is none */
  static fromJSON(json: unknown): KMeansModel {
    const owner = 'KMeansModel.fromJSON';
    const fields = checkSaved('KMeansModel', 1, json);
    const centers = decodeArray(owner, 'clusterCenters', fields.clusterCenters, { shape: [-1, -1] });
    const [k, columns] = (fields.clusterCenters as { shape: number[] }).shape as [number, number];
    if (!(centers instanceof Float64Array || centers instanceof Float32Array)) {
      throw new DataError(`${owner}: clusterCenters must be floats`);
    }
    const labels = savedRowLabels(owner, fields, k);
    const inertias = decodeArray(owner, 'inertias', fields.inertias, { dtype: 'float64', shape: [-1] });
    if (k * columns * inertias.length === 0)
      throw new DataError(`${owner}: clusterCenters and inertias must not be empty`);
    const nIter = savedNumber(owner, fields, 'nIter');
    const converged = savedBoolean(owner, fields, 'converged');
    const warnings = savedSentences(owner, fields, 'warnings');
    return new KMeansModel({ centers, columns, labels, inertias, nIter, converged, warnings });
  }

  /** The model as a safetensors file, for `fromBytes`. */
  toBytes(): Uint8Array {
    return modelToBytes(this);
  }

  /** The model that `toBytes` wrote. @throws DataError if it is none */
  static fromBytes(bytes: Uint8Array): KMeansModel {
    return KMeansModel.fromJSON(modelFromBytes('KMeansModel.fromBytes', bytes));
  }

  toString(): string {
    const k = this.nFeaturesOut;
    const end = `${this.converged ? 'converged' : 'not converged'} after ${count(this.nIter, 'iteration')}`;
    return (
      `KMeansModel: ${count(k, 'cluster')} of ${count(this.labels.length, 'row')}${sizesOf(this.labels, k)} ` +
      `in ${count(this.nFeaturesIn, 'column')}, inertia ${digits(this.inertia)}, ${end}`
    );
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix('KMeans', x, { keepFloat32: true, columns: this.nFeaturesIn });
  }

  #nearest({ data, rows, columns }: Matrix): { labels: Int32Array; distances: Float64Array } {
    const k = this.nFeaturesOut;
    const labels = new Int32Array(rows);
    const distances = new Float64Array(rows);
    // The labeling of a fit that knows nothing yet. What it adds up is not wanted here.
    const [lower, half, sums] = [new Float64Array(rows), new Float64Array(k), new Float64Array(k * columns)];
    const [totals, result] = [new Float64Array(k), new Float64Array(2)];
    const centers = this.#centers;
    labelRows(data, centers, rows, k, columns, null, labels, distances, lower, 0, half, sums, totals, result);
    for (let i = 0; i < rows; i++) if (!(distances[i]! < Number.POSITIVE_INFINITY)) throw tooFar(`x[${i}]`);
    return { labels, distances };
  }

  /** The distances of the row at place `at` from the centers, to `out` from place `to` on; tells whether all are finite. */
  #measure(x: FloatArray, at: number, out: FloatArray, to: number): boolean {
    const d = this.nFeaturesIn;
    let finite = true;
    for (let c = 0; c < this.nFeaturesOut; c++) {
      const square = squaredDistance(x, at, this.#centers, c * d, d);
      out[to + c] = Math.sqrt(square);
      finite &&= square < Number.POSITIVE_INFINITY;
    }
    return finite;
  }
}

function tooFar(place: string): DataError {
  return new DataError(`KMeans: ${place} is too far from the centers: squared distances overflow`);
}
