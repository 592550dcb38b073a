import { DataError, readable } from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  type Matrix,
  type MatrixLike,
  savedBoolean,
  savedCount,
  savedNumber,
  savedString,
  Table,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { transposed } from '../dense/transpose.ts';
import { type LinearMap, mapRow, mapRows } from './linear-map.ts';
import { covarianceOf, logLikelihoods, type ProbabilisticPCA, precisionOf } from './pca-likelihood.ts';
import { type VarianceTable, varianceTable } from './variance-table.ts';

/** What a fit found out. */
export interface PCAFit {
  components: Table;
  mean: Float64Array;
  explainedVariance: Float64Array;
  totalVariance: number;
  noiseVariance: number;
  nSamples: number;
  whiten: boolean;
  svdSolver: 'full' | 'covarianceEigh' | 'randomized';
}

/** The components that `PCA` found. It is made by `fit` or `fromJSON` and does not change. */
export interface PCAModel extends FittedPCA {}

export class FittedPCA implements TransformerModel {
  /** The components [k, d], orthonormal, by descending variance. */
  readonly components: Table;
  /** The means of the columns [d]. */
  readonly mean: Float64Array;
  /** The variance along each component [k]: the largest eigenvalues of the covariance matrix. */
  readonly explainedVariance: Float64Array;
  /** Their share of the variance of all columns [k]: the contribution ratio; 0 where nothing varies. */
  readonly explainedVarianceRatio: Float64Array;
  /** The singular values of the centered rows [k]: √(λ (n - 1)). */
  readonly singularValues: Float64Array;
  /** The variance of all columns together: the sum of all eigenvalues. */
  readonly totalVariance: number;
  /** The mean variance of the components that are left out: σ² of probabilistic PCA. */
  readonly noiseVariance: number;
  /** The number of components k. */
  readonly nComponents: number;
  /** The number of rows n that it was fitted with. */
  readonly nSamples: number;
  /** Whether `transform` divides by standard deviations. */
  readonly whiten: boolean;
  /** How the components were found. */
  readonly svdSolver: 'full' | 'covarianceEigh' | 'randomized';
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #forth: LinearMap;
  readonly #back: LinearMap;
  readonly #probabilistic: ProbabilisticPCA;
  readonly #row: Float64Array;

  /** @internal */
  constructor(fit: PCAFit) {
    const { components, mean, explainedVariance, totalVariance, noiseVariance, nSamples } = fit;
    const [k, d] = components.shape;
    this.components = components;
    this.mean = mean;
    this.explainedVariance = explainedVariance;
    this.explainedVarianceRatio = explainedVariance.map((value) => (totalVariance === 0 ? 0 : value / totalVariance));
    this.singularValues = explainedVariance.map((value) => Math.sqrt(value * (nSamples - 1)));
    this.totalVariance = totalVariance;
    this.noiseVariance = noiseVariance;
    this.nComponents = k;
    this.nSamples = nSamples;
    this.whiten = fit.whiten;
    this.svdSolver = fit.svdSolver;
    this.nFeaturesIn = d;
    this.nFeaturesOut = k;
    // Copies, out of reach of those who write into the public ones.
    const directions = Float64Array.from(components.data);
    const shift = mean.slice();
    const scales = fit.whiten ? deviations(fit) : new Float64Array(k).fill(1);
    const scaleOf = (at: number) => scales[Math.floor(at / d)]!;
    const forth = directions.map((value, at) => (scaleOf(at) === 0 ? 0 : value / scaleOf(at)));
    const back = directions.map((value, at) => value * scaleOf(at));
    this.#forth = { owner: 'PCA', weights: forth, shift, bias: null };
    this.#back = { owner: 'PCA', input: 'z', weights: transposed(back, k, d), shift: null, bias: shift };
    this.#probabilistic = { directions, variances: explainedVariance.slice(), mean: shift, noise: noiseVariance };
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The rows of `x` [m, d] along the components [m, k], of float32 if x is.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  transform(x: MatrixLike): Table {
    return mapRows(this.#forth, this.#matrix(x));
  }

  /** One row [d] along the components, into `out` [k], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('PCA', row, this.#row);
    checkOut('PCA', out, this.nComponents);
    return mapRow(this.#forth, this.#row, out);
  }

  /** The rows [m, d] that lie at `z` [m, k] along the components. Errors as for `transform`. */
  inverseTransform(z: MatrixLike): Table {
    return mapRows(this.#back, toMatrix('PCA', z, { name: 'z', keepFloat32: true, columns: this.nComponents }));
  }

  /** What the components keep of the rows of `x` [m, d]: there and back [m, d]. Errors as for `transform`. */
  reconstruct(x: MatrixLike): Table {
    return this.inverseTransform(this.transform(x));
  }

  /** The table "component, eigenvalue, % variance, % cumulative". */
  varianceTable(): VarianceTable {
    return varianceTable(this.explainedVariance, this.totalVariance);
  }

  /** The covariance of probabilistic PCA [d, d]: V (Λ - σ²) Vᵀ + σ² I. */
  getCovariance(): Table {
    return covarianceOf(this.#probabilistic);
  }

  /** Its inverse [d, d]. @throws DataError if there is none */
  getPrecision(): Table {
    return precisionOf(this.#probabilistic);
  }

  /**
   * The log-likelihood of each row of `x` [m, d] under probabilistic PCA [m].
   * @throws DataError if its covariance has no inverse; else as `transform`
   */
  scoreSamples(x: MatrixLike): Float64Array {
    return logLikelihoods(this.#probabilistic, this.#matrix(x));
  }

  /** The mean log-likelihood of the rows of `x` [m, d]. Errors as for `scoreSamples`. */
  score(x: MatrixLike): number {
    const scores = this.scoreSamples(x);
    return scores.reduce((sum, value) => sum + value, 0) / scores.length;
  }

  toJSON(): object {
    return {
      type: 'PCAModel',
      version: 1,
      components: encodeArray(this.components.data, [...this.components.shape]),
      mean: encodeArray(this.mean),
      explainedVariance: encodeArray(this.explainedVariance),
      totalVariance: this.totalVariance,
      noiseVariance: this.noiseVariance,
      nSamples: this.nSamples,
      whiten: this.whiten,
      svdSolver: this.svdSolver,
    };
  }

  toString(): string {
    const { nComponents: k, nFeaturesIn: d, explainedVarianceRatio: ratios } = this;
    const explained = ratios.reduce((sum, value) => sum + value, 0);
    const first = Array.from(ratios.subarray(0, 6), (value) => Number(value.toPrecision(4)));
    return (
      `PCAModel: ${k} ${k === 1 ? 'component' : 'components'} of ${d} ${d === 1 ? 'column' : 'columns'} explain ` +
      `${Number((100 * explained).toPrecision(4))} % of the variance (${first.join(', ')}${k > 6 ? ', …' : ''})`
    );
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix('PCA', x, { keepFloat32: true, columns: this.nFeaturesIn });
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const PCAModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): PCAModel {
    const owner = 'PCAModel.fromJSON';
    const fields = checkSaved('PCAModel', 1, json);
    const data = decodeArray(owner, 'components', fields.components, { shape: [-1, -1], finite: true });
    const [k, d] = (fields.components as { shape: number[] }).shape as [number, number];
    if (!(data instanceof Float64Array || data instanceof Float32Array) || k * d === 0) {
      throw new DataError(`${owner}: components must be floats [k, d]`);
    }
    return new FittedPCA({
      components: new Table(data, k, d),
      mean: decodeArray(owner, 'mean', fields.mean, { dtype: 'float64', shape: [d], finite: true }),
      explainedVariance: decodeArray(owner, 'explainedVariance', fields.explainedVariance, {
        dtype: 'float64',
        shape: [k],
        finite: true,
      }),
      totalVariance: savedNumber(owner, fields, 'totalVariance'),
      noiseVariance: savedNumber(owner, fields, 'noiseVariance'),
      nSamples: savedCount(owner, fields, 'nSamples'),
      whiten: savedBoolean(owner, fields, 'whiten'),
      svdSolver: savedString(owner, fields, 'svdSolver', ['full', 'covarianceEigh', 'randomized'] as const),
    });
  },
};

/**
 * The standard deviations along the components [k]; 0 where only rounding is left, so that whitening does not blow it up: the
 * eigenvalues of a covariance are exact to 2⁻⁵² of the largest, singular values likewise before they are squared.
 */
function deviations({ components, explainedVariance, nSamples, svdSolver }: PCAFit): Float64Array {
  const exact = 2 ** -52 * Math.max(nSamples, components.shape[1]);
  const least = explainedVariance[0]! * (svdSolver === 'covarianceEigh' ? exact : exact * exact);
  return explainedVariance.map((variance) => (variance <= least ? 0 : Math.sqrt(variance)));
}
