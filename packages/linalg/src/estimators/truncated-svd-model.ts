import { DataError, readable } from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
  type SparseRows,
  savedNumber,
  Table,
  type TransformerModel,
  takeRow,
  toMatrix,
  toRows,
} from '@maru-ml/tensor';
import { transposed } from '../dense/transpose.ts';
import { type LinearMap, mapRow, mapRows } from './linear-map.ts';

/** What a fit found out. */
export interface TruncatedSVDFit {
  components: Table;
  singularValues: Float64Array;
  explainedVariance: Float64Array;
  totalVariance: number;
}

/** The components that `TruncatedSVD` found. It is made by `fit` or `fromJSON` and does not change. */
export interface TruncatedSVDModel extends FittedTruncatedSVD {}

export class FittedTruncatedSVD implements TransformerModel<MatrixLike | SparseRows> {
  /** The right singular vectors [k, d], orthonormal. */
  readonly components: Table;
  /** The singular values [k], descending. */
  readonly singularValues: Float64Array;
  /** The variance of each column of what `transform` makes of the fitted rows [k]. */
  readonly explainedVariance: Float64Array;
  /** Its share of the variance of all columns of x [k]; 0 where nothing varies. */
  readonly explainedVarianceRatio: Float64Array;
  /** The variance of all columns of x together. */
  readonly totalVariance: number;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #forth: LinearMap;
  readonly #back: LinearMap;
  readonly #row: Float64Array;

  /** @internal */
  constructor({ components, singularValues, explainedVariance, totalVariance }: TruncatedSVDFit) {
    const [k, d] = components.shape;
    this.components = components;
    this.singularValues = singularValues;
    this.explainedVariance = explainedVariance;
    this.explainedVarianceRatio = explainedVariance.map((value) => (totalVariance === 0 ? 0 : value / totalVariance));
    this.totalVariance = totalVariance;
    this.nFeaturesIn = d;
    this.nFeaturesOut = k;
    const weights = Float64Array.from(components.data);
    this.#forth = { owner: 'TruncatedSVD', weights, shift: null, bias: null };
    this.#back = { owner: 'TruncatedSVD', input: 'z', weights: transposed(weights, k, d), shift: null, bias: null };
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The rows of `x` [m, d], which may be sparse, along the components [m, k], of float32 if x is.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  transform(x: MatrixLike | SparseRows): Table {
    return mapRows(this.#forth, toRows('TruncatedSVD', x, { keepFloat32: true, columns: this.nFeaturesIn }));
  }

  /** One row [d] along the components, into `out` [k], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('TruncatedSVD', row, this.#row);
    checkOut('TruncatedSVD', out, this.nFeaturesOut);
    return mapRow(this.#forth, this.#row, out);
  }

  /** The rows [m, d] that lie at `z` [m, k] along the components. Errors as for `transform`. */
  inverseTransform(z: MatrixLike): Table {
    const options = { name: 'z', keepFloat32: true, columns: this.nFeaturesOut };
    return mapRows(this.#back, toMatrix('TruncatedSVD', z, options));
  }

  toJSON(): object {
    return {
      type: 'TruncatedSVDModel',
      version: 1,
      components: encodeArray(this.components.data, [...this.components.shape]),
      singularValues: encodeArray(this.singularValues),
      explainedVariance: encodeArray(this.explainedVariance),
      totalVariance: this.totalVariance,
    };
  }

  toString(): string {
    const [k, d] = this.components.shape;
    const explained = this.explainedVarianceRatio.reduce((sum, value) => sum + value, 0);
    const first = Array.from(this.singularValues.subarray(0, 6), (value) => Number(value.toPrecision(4)));
    return (
      `TruncatedSVDModel: ${k} ${k === 1 ? 'component' : 'components'} of ${d} ${d === 1 ? 'column' : 'columns'}, singular ` +
      `values ${first.join(', ')}${k > 6 ? ', …' : ''}, explain ${Number((100 * explained).toPrecision(4))} % of the variance`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const TruncatedSVDModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): TruncatedSVDModel {
    const owner = 'TruncatedSVDModel.fromJSON';
    const fields = checkSaved('TruncatedSVDModel', 1, json);
    const data = decodeArray(owner, 'components', fields.components, { shape: [-1, -1], finite: true });
    const [k, d] = (fields.components as { shape: number[] }).shape as [number, number];
    if (!(data instanceof Float64Array || data instanceof Float32Array) || k * d === 0) {
      throw new DataError(`${owner}: components must be floats [k, d]`);
    }
    const floats = (name: string) => decodeArray(owner, name, fields[name], { dtype: 'float64', shape: [k] });
    return new FittedTruncatedSVD({
      components: new Table(data, k, d),
      singularValues: floats('singularValues'),
      explainedVariance: floats('explainedVariance'),
      totalVariance: savedNumber(owner, fields, 'totalVariance'),
    });
  },
};
