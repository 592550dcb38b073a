import { DataError, OptionError, readable, show } from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  type Matrix,
  type MatrixLike,
  savedColumns,
  savedNumber,
  savedString,
  Table,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { KERNELS, type KernelFunction, type KernelSettings, kernelTable } from './kernel.ts';
import { type LinearMap, mapRow, mapRows } from './linear-map.ts';

/** What a fit found out. */
export interface KernelPCAFit extends KernelSettings {
  /** The rows [n, d]; null for a precomputed kernel. */
  xFit: Float64Array | null;
  /** d; n for a precomputed kernel. */
  columns: number;
  eigenvalues: Float64Array;
  /** [n, k]. */
  eigenvectors: Float64Array;
  /** The means of the kernel's columns [n]. */
  columnMeans: Float64Array;
  /** What leads back: the components of the rows [n, k], and the weights [n, d]. */
  back: { z: Float64Array; dual: Float64Array } | null;
}

/** The components that `KernelPCA` found. It is made by `fit` or `fromJSON` and does not change. */
export interface KernelPCAModel extends FittedKernelPCA {}

export class FittedKernelPCA implements TransformerModel {
  /** The eigenvalues of the centered kernel matrix [k], descending. */
  readonly eigenvalues: Float64Array;
  /** Its eigenvectors [n, k] in the columns. */
  readonly eigenvectors: Table;
  /** The rows that it was fitted with [n, d]; null for a precomputed kernel. */
  readonly xFit: Table | null;
  readonly kernel: KernelSettings['kernel'];
  /** γ, where the kernel has one. */
  readonly gamma: number;
  readonly degree: number;
  readonly coef0: number;
  /** The number of columns d; the number of rows n for a precomputed kernel. */
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #settings: KernelSettings;
  readonly #points: Matrix<Float64Array>;
  /** From values of the kernel, less their mean and those of the columns, to components. */
  readonly #forth: LinearMap;
  readonly #means: Float64Array;
  readonly #mean: number;
  readonly #back: KernelPCAFit['back'];
  readonly #row: Matrix<Float64Array>;
  readonly #values: Float64Array;

  /** @internal */
  constructor(fit: KernelPCAFit) {
    const { eigenvalues, eigenvectors, columnMeans, columns: d } = fit;
    const [n, k] = [columnMeans.length, eigenvalues.length];
    this.eigenvalues = eigenvalues;
    this.eigenvectors = new Table(eigenvectors, n, k);
    this.xFit = fit.xFit === null ? null : new Table(fit.xFit, n, d);
    this.kernel = fit.kernel;
    this.gamma = fit.gamma;
    this.degree = fit.degree;
    this.coef0 = fit.coef0;
    this.nFeaturesIn = d;
    this.nFeaturesOut = k;
    this.#settings = fit;
    this.#points = { data: fit.xFit?.slice() ?? new Float64Array(0), rows: n, columns: d };
    const weights = new Float64Array(k * n);
    for (let c = 0; c < k; c++) {
      const deviation = Math.sqrt(eigenvalues[c]!);
      for (let i = 0; i < n; i++) weights[c * n + i] = deviation === 0 ? 0 : eigenvectors[i * k + c]! / deviation;
    }
    this.#forth = { owner: 'KernelPCA', weights, shift: null, bias: null };
    this.#means = columnMeans.slice();
    this.#mean = meanOf(columnMeans, 0, n);
    this.#back = fit.back;
    this.#row = { data: new Float64Array(d), rows: 1, columns: d };
    this.#values = new Float64Array(n);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The components [m, k] of the rows of `x` [m, d]; with a precomputed kernel, x holds its values for m rows and the n fitted ones.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  transform(x: MatrixLike): Table {
    const matrix = toMatrix('KernelPCA', x, { columns: this.nFeaturesIn }) as Matrix<Float64Array>;
    const n = this.#means.length;
    const out = new Float64Array(matrix.rows * this.nFeaturesOut);
    // A block of rows at a time: all values of the kernel at once may be more than x.
    const most = Math.max(1, Math.floor(2 ** 18 / n));
    for (let from = 0; from < matrix.rows; from += most) {
      const rows = Math.min(most, matrix.rows - from);
      const data = matrix.data.subarray(from * matrix.columns, (from + rows) * matrix.columns);
      const values = kernelTable(this.#settings, { data, rows, columns: matrix.columns }, null, this.#points);
      for (let i = 0; i < rows; i++) this.#center(values, i * n, `x[${from + i}]`);
      out.set(mapRows(this.#forth, { data: values, rows, columns: n }).data, from * this.nFeaturesOut);
    }
    return new Table(out, matrix.rows, this.nFeaturesOut);
  }

  /** The components of one row [d], into `out` [k]. Products with all rows allocate, however few. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('KernelPCA', row, this.#row.data);
    checkOut('KernelPCA', out, this.nFeaturesOut);
    kernelTable(this.#settings, this.#row, this.#values, this.#points);
    this.#center(this.#values, 0, 'the row');
    return mapRow(this.#forth, this.#values, out);
  }

  /**
   * Rows [m, d] whose components are about `z` [m, k].
   * @throws OptionError if the way back was not learned (`fitInverseTransform`); else as `transform`
   */
  inverseTransform(z: MatrixLike): Table {
    const back = this.#back;
    if (back === null) {
      throw new OptionError('KernelPCA: the way back was not learned; fit with fitInverseTransform: true');
    }
    const [k, d, n] = [this.nFeaturesOut, this.nFeaturesIn, this.#means.length];
    const matrix = toMatrix('KernelPCA', z, { name: 'z', columns: k }) as Matrix<Float64Array>;
    const values = kernelTable(this.#settings, matrix, null, { data: back.z, rows: n, columns: k });
    const weights = new Float64Array(d * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) weights[j * n + i] = back.dual[i * d + j]!;
    return mapRows(
      { owner: 'KernelPCA', input: 'z', weights, shift: null, bias: null },
      { data: values, rows: matrix.rows, columns: n },
    );
  }

  toJSON(): object {
    const [n, k, d] = [this.#means.length, this.nFeaturesOut, this.nFeaturesIn];
    return {
      type: 'KernelPCAModel',
      version: 1,
      kernel: this.kernel,
      gamma: this.gamma,
      degree: this.degree,
      coef0: this.coef0,
      columns: d,
      eigenvalues: encodeArray(this.eigenvalues),
      eigenvectors: encodeArray(this.eigenvectors.data, [n, k]),
      columnMeans: encodeArray(this.#means),
      xFit: this.xFit === null ? null : encodeArray(this.xFit.data, [n, d]),
      back:
        this.#back === null
          ? null
          : { z: encodeArray(this.#back.z, [n, k]), dual: encodeArray(this.#back.dual, [n, d]) },
    };
  }

  toString(): string {
    const [k, n] = [this.nFeaturesOut, this.#means.length];
    return `KernelPCAModel: ${k} ${k === 1 ? 'component' : 'components'} of ${n} ${n === 1 ? 'row' : 'rows'}, kernel ${show(this.kernel)}`;
  }

  /** Takes off the mean of a row of the kernel's values and those of the columns, and adds that of all. */
  #center(values: Float64Array, at: number, place: string): void {
    const n = this.#means.length;
    const mean = meanOf(values, at, n);
    if (!(Math.abs(mean) < Number.POSITIVE_INFINITY)) {
      throw new DataError(`KernelPCA: ${place} holds numbers so large that the kernel overflows`);
    }
    for (let j = 0; j < n; j++) values[at + j] = values[at + j]! - this.#means[j]! - mean + this.#mean;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const KernelPCAModel = {
  /**
   * The model that `toJSON` wrote.
   * @param functions the kernel function, if the model was fitted with one: code is never in the file
   * @throws DataError if it is none, OptionError if the kernel function is missing
   */
  fromJSON(json: unknown, { kernelFunction }: { kernelFunction?: KernelFunction } = {}): KernelPCAModel {
    const owner = 'KernelPCAModel.fromJSON';
    const fields = checkSaved('KernelPCAModel', 1, json);
    const floats = (values: Record<string, unknown>, name: string, shape: number[]) =>
      decodeArray(owner, name, values[name], { dtype: 'float64', shape, finite: true });
    const kernel = savedString(owner, fields, 'kernel', KERNELS);
    if (kernel === 'function' && typeof kernelFunction !== 'function') {
      throw new OptionError(`${owner}: the model needs its kernelFunction as fromJSON(json, { kernelFunction })`);
    }
    const d = savedColumns(owner, fields, 'columns');
    const columnMeans = floats(fields, 'columnMeans', [-1]);
    const eigenvalues = floats(fields, 'eigenvalues', [-1]);
    const [n, k] = [columnMeans.length, eigenvalues.length];
    if (!(d >= 1 && n >= 1 && k >= 1)) throw new DataError(`${owner}: rows, columns and components must be some`);
    const hasRows = kernel !== 'precomputed';
    if ((fields.xFit !== null) !== hasRows) {
      throw new DataError(`${owner}: xFit must be ${hasRows ? 'an array' : 'null'}, got ${show(fields.xFit)}`);
    }
    const back = fields.back as Record<string, unknown> | null | undefined;
    if (typeof back !== 'object') throw new DataError(`${owner}: back must be an object or null, got ${show(back)}`);
    return new FittedKernelPCA({
      kernel,
      gamma: savedNumber(owner, fields, 'gamma'),
      degree: savedNumber(owner, fields, 'degree'),
      coef0: savedNumber(owner, fields, 'coef0'),
      kernelFunction: kernelFunction ?? null,
      columns: d,
      columnMeans,
      eigenvalues,
      eigenvectors: floats(fields, 'eigenvectors', [n, k]),
      xFit: hasRows ? floats(fields, 'xFit', [n, d]) : null,
      back: back === null ? null : { z: floats(back, 'z', [n, k]), dual: floats(back, 'dual', [n, d]) },
    });
  },
};

function meanOf(values: Float64Array, at: number, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += values[at + j]!;
  return sum / n;
}
