import { checkKnown, checkSampleWeight, DataError } from '@maru-ml/base';
import { labelRows, squaredDistance } from '@maru-ml/kernels/kmeans';
import { checkOut, type Matrix, type MatrixLike, type ScoreOptions, Table, takeRow, toMatrix } from '@maru-ml/tensor';

type FloatArray = Float32Array | Float64Array;

/** Centers that rows are compared with: what models of k-means answer with. */
export class NearestCenter {
  readonly #owner: string;
  readonly #k: number;
  readonly #d: number;
  /** [k, d] */
  readonly centers: Float64Array;
  /** Where single rows are put, so that nothing need be allocated. */
  readonly #row: Float64Array;

  /** @param owner how errors call the estimator */
  constructor(owner: string, centers: FloatArray, d: number) {
    this.#owner = owner;
    this.#k = centers.length / d;
    this.#d = d;
    this.centers = Float64Array.from(centers);
    this.#row = new Float64Array(d);
  }

  matrix(x: MatrixLike): Matrix {
    return toMatrix(this.#owner, x, { keepFloat32: true, columns: this.#d });
  }

  /** The nearest center of each row, of equals the first, and its squared distance. */
  nearest({ data, rows }: Matrix): { labels: Int32Array; distances: Float64Array } {
    const [k, d, centers] = [this.#k, this.#d, this.centers];
    const labels = new Int32Array(rows);
    const distances = new Float64Array(rows);
    // The labeling of a fit that knows nothing yet. What it adds up is not wanted here.
    const [lower, half, sums] = [new Float64Array(rows), new Float64Array(k), new Float64Array(k * d)];
    const [totals, result] = [new Float64Array(k), new Float64Array(2)];
    labelRows(data, centers, rows, k, d, null, labels, distances, lower, 0, half, sums, totals, result);
    for (let i = 0; i < rows; i++) if (!(distances[i]! < Number.POSITIVE_INFINITY)) throw this.#tooFar(`x[${i}]`);
    return { labels, distances };
  }

  one(row: ArrayLike<number>): number {
    takeRow(this.#owner, row, this.#row);
    const d = this.#d;
    let best = Number.POSITIVE_INFINITY;
    let label = -1;
    for (let c = 0; c < this.#k; c++) {
      const distance = squaredDistance(this.#row, 0, this.centers, c * d, d);
      if (distance < best) {
        best = distance;
        label = c;
      }
    }
    if (label === -1) throw this.#tooFar('the row');
    return label;
  }

  transform(x: MatrixLike): Table {
    const { data, rows } = this.matrix(x);
    const [k, d] = [this.#k, this.#d];
    const out = data instanceof Float32Array ? new Float32Array(rows * k) : new Float64Array(rows * k);
    for (let i = 0; i < rows; i++) {
      for (let c = 0; c < k; c++) {
        const square = squaredDistance(data, i * d, this.centers, c * d, d);
        if (!(square < Number.POSITIVE_INFINITY)) throw this.#tooFar(`x[${i}]`);
        out[i * k + c] = Math.sqrt(square);
      }
    }
    return new Table(out, rows, k);
  }

  transformOne<O extends FloatArray>(row: ArrayLike<number>, out: O): O {
    takeRow(this.#owner, row, this.#row);
    checkOut(this.#owner, out, this.#k);
    const d = this.#d;
    for (let c = 0; c < this.#k; c++) {
      const square = squaredDistance(this.#row, 0, this.centers, c * d, d);
      if (!(square < Number.POSITIVE_INFINITY)) throw this.#tooFar('the row');
      out[c] = Math.sqrt(square);
    }
    return out;
  }

  /** -J */
  score(x: MatrixLike, options: ScoreOptions): number {
    checkKnown(this.#owner, options, ['sampleWeight']);
    const matrix = this.matrix(x);
    const weights = checkSampleWeight(this.#owner, options.sampleWeight, matrix.rows);
    const { distances } = this.nearest(matrix);
    let inertia = 0;
    for (let i = 0; i < matrix.rows; i++) inertia += weights === null ? distances[i]! : weights[i]! * distances[i]!;
    return -inertia;
  }

  #tooFar(place: string): DataError {
    return new DataError(`${this.#owner}: ${place} is too far from the centers: squared distances overflow`);
  }
}
