import { DataError, readable } from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type MatrixLike,
  savedBoolean,
  savedCount,
  Table,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { transposed } from '../dense/transpose.ts';
import { type LinearMap, mapRow, mapRows } from './linear-map.ts';

/** What a fit learned. */
export interface HebbianPCAFit {
  components: Table;
  mean: Float64Array;
  nIter: number;
  converged: boolean;
}

/** The network that `HebbianPCA` taught. It is made by `fit` or `fromJSON` and does not change. */
export interface HebbianPCAModel extends FittedHebbianPCA {}

export class FittedHebbianPCA implements TransformerModel, IterativeModel {
  /** The weights W [k, d], a row for each neuron: near the principal components. */
  readonly components: Table;
  /** The means of the columns [d]. */
  readonly mean: Float64Array;
  /** Epochs. */
  readonly nIter: number;
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #forth: LinearMap;
  readonly #back: LinearMap;
  readonly #row: Float64Array;

  /** @internal */
  constructor({ components, mean, nIter, converged }: HebbianPCAFit) {
    const [k, d] = components.shape;
    this.components = components;
    this.mean = mean;
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = d;
    this.nFeaturesOut = k;
    const weights = Float64Array.from(components.data);
    const shift = mean.slice();
    this.#forth = { owner: 'HebbianPCA', weights, shift, bias: null };
    this.#back = { owner: 'HebbianPCA', input: 'z', weights: transposed(weights, k, d), shift: null, bias: shift };
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /**
   * What the neurons say to the rows of `x` [m, d]: W (x - m) [m, k].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  transform(x: MatrixLike): Table {
    return mapRows(this.#forth, toMatrix('HebbianPCA', x, { columns: this.nFeaturesIn }));
  }

  /** What they say to one row [d], into `out` [k], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('HebbianPCA', row, this.#row);
    checkOut('HebbianPCA', out, this.nFeaturesOut);
    return mapRow(this.#forth, this.#row, out);
  }

  /** x̂ = m + Σ y_j w_j of what neurons said, `z` [m, k]: rows [m, d]. Errors as for `transform`. */
  inverseTransform(z: MatrixLike): Table {
    return mapRows(this.#back, toMatrix('HebbianPCA', z, { name: 'z', columns: this.nFeaturesOut }));
  }

  toJSON(): object {
    return {
      type: 'HebbianPCAModel',
      version: 1,
      components: encodeArray(this.components.data, [...this.components.shape]),
      mean: encodeArray(this.mean),
      nIter: this.nIter,
      converged: this.converged,
    };
  }

  toString(): string {
    const [k, d] = this.components.shape;
    const end = this.converged ? 'converged' : 'not converged';
    return `HebbianPCAModel: ${k} ${k === 1 ? 'neuron' : 'neurons'} of ${d} ${d === 1 ? 'input' : 'inputs'}, ${end} after ${this.nIter} ${this.nIter === 1 ? 'epoch' : 'epochs'}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const HebbianPCAModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): HebbianPCAModel {
    const owner = 'HebbianPCAModel.fromJSON';
    const fields = checkSaved('HebbianPCAModel', 1, json);
    const mean = decodeArray(owner, 'mean', fields.mean, { dtype: 'float64', shape: [-1], finite: true });
    const d = mean.length;
    const data = decodeArray(owner, 'components', fields.components, {
      dtype: 'float64',
      shape: [-1, d],
      finite: true,
    });
    if (data.length === 0) throw new DataError(`${owner}: components must not be empty`);
    return new FittedHebbianPCA({
      components: new Table(data, data.length / d, d),
      mean,
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
    });
  },
};
