import { DataError, readable } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { log } from '@maru-ml/kernels/scalar';
import {
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type Matrix,
  type MatrixLike,
  savedBoolean,
  savedCount,
  Table,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { cholesky, choleskySolve } from '../dense/cholesky.ts';
import { solveLower } from '../dense/triangular.ts';
import { type LinearMap, mapRow, mapRows } from './linear-map.ts';

/** What a fit found out. */
export interface FactorAnalysisFit {
  /** [k, d]. */
  components: Float64Array;
  mean: Float64Array;
  noiseVariance: Float64Array;
  loglike: Float64Array;
  nIter: number;
  converged: boolean;
}

/** The factors that `FactorAnalysis` found. It is made by `fit` or `fromJSON` and does not change. */
export interface FactorAnalysisModel extends FittedFactorAnalysis {}

export class FittedFactorAnalysis implements TransformerModel, IterativeModel {
  /** W [k, d]: how the columns depend on the factors. Their transpose are the loadings. */
  readonly components: Table;
  /** The means of the columns [d]. */
  readonly mean: Float64Array;
  /** Ψ [d]: the variance that each column has by itself. */
  readonly noiseVariance: Float64Array;
  /** The share of each column's variance that factors explain [d]. */
  readonly communalities: Float64Array;
  /** The log-likelihood after each iteration; empty for principal factors. */
  readonly loglike: Float64Array;
  readonly nIter: number;
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #forth: LinearMap;
  readonly #covariance: Float64Array;
  readonly #row: Float64Array;

  /** @internal */
  constructor({ components, mean, noiseVariance, loglike, nIter, converged }: FactorAnalysisFit) {
    const d = mean.length;
    const k = components.length / d;
    this.components = new Table(components, k, d);
    this.mean = mean;
    this.noiseVariance = noiseVariance;
    this.communalities = noiseVariance.map((noise, j) => {
      let common = 0;
      for (let c = 0; c < k; c++) common += components[c * d + j]! * components[c * d + j]!;
      return common === 0 ? 0 : common / (common + noise);
    });
    this.loglike = loglike;
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = d;
    this.nFeaturesOut = k;
    const weights = scoreWeights(components, noiseVariance, k, d);
    this.#forth = { owner: 'FactorAnalysis', weights, shift: mean.slice(), bias: null };
    this.#covariance = new Float64Array(d * d);
    matmul(components, components, this.#covariance, { m: d, n: d, k, transA: true });
    for (let j = 0; j < d; j++) this.#covariance[j * d + j]! += noiseVariance[j]!;
    this.#row = new Float64Array(d);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The expected factors [m, k] of the rows of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  transform(x: MatrixLike): Table {
    return mapRows(this.#forth, this.#matrix(x));
  }

  /** Those of one row [d], into `out` [k], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow('FactorAnalysis', row, this.#row);
    checkOut('FactorAnalysis', out, this.nFeaturesOut);
    return mapRow(this.#forth, this.#row, out);
  }

  /** The covariance of the model [d, d]: Wᵀ W + Ψ. */
  getCovariance(): Table {
    return new Table(this.#covariance.slice(), this.nFeaturesIn, this.nFeaturesIn);
  }

  /** Its inverse [d, d]. @throws DataError if rounding leaves none */
  getPrecision(): Table {
    const d = this.nFeaturesIn;
    return new Table(choleskySolve(this.#factor(), d, identity(d), d), d, d);
  }

  /** The log-likelihood of each row of `x` [m, d] under the model [m]. Errors as for `getPrecision` and `transform`. */
  scoreSamples(x: MatrixLike): Float64Array {
    const matrix = this.#matrix(x);
    const d = this.nFeaturesIn;
    const l = this.#factor();
    // ‖L⁻¹ (x - m)‖² is the squared distance in units of the covariance.
    const weights = solveLower(l, d, identity(d), d);
    const z = mapRows({ owner: 'FactorAnalysis', weights, shift: this.#forth.shift, bias: null }, matrix).data;
    let constant = d * log(2 * Math.PI);
    for (let j = 0; j < d; j++) constant += 2 * log(l[j * d + j]!);
    return Float64Array.from({ length: matrix.rows }, (_, i) => {
      let distance = 0;
      for (let j = 0; j < d; j++) distance += z[i * d + j]! * z[i * d + j]!;
      if (distance < Number.POSITIVE_INFINITY) return -(distance + constant) / 2;
      throw new DataError(`FactorAnalysis: x[${i}] is so far from the mean that its likelihood underflows`);
    });
  }

  /** The mean log-likelihood of the rows of `x` [m, d]. Errors as for `scoreSamples`. */
  score(x: MatrixLike): number {
    const scores = this.scoreSamples(x);
    return scores.reduce((sum, value) => sum + value, 0) / scores.length;
  }

  toJSON(): object {
    return {
      type: 'FactorAnalysisModel',
      version: 1,
      components: encodeArray(this.components.data, [...this.components.shape]),
      mean: encodeArray(this.mean),
      noiseVariance: encodeArray(this.noiseVariance),
      loglike: encodeArray(this.loglike),
      nIter: this.nIter,
      converged: this.converged,
    };
  }

  toString(): string {
    const [k, d] = this.components.shape;
    const explained = (100 * this.communalities.reduce((sum, value) => sum + value, 0)) / d;
    const end = this.converged ? 'converged' : 'not converged';
    return (
      `FactorAnalysisModel: ${k} ${k === 1 ? 'factor' : 'factors'} of ${d} ${d === 1 ? 'column' : 'columns'}, communality ` +
      `${Number(explained.toPrecision(4))} % on the average, ${end} after ${this.nIter} ${this.nIter === 1 ? 'iteration' : 'iterations'}`
    );
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix('FactorAnalysis', x, { columns: this.nFeaturesIn });
  }

  #factor(): Float64Array {
    const l = cholesky(this.#covariance, this.nFeaturesIn);
    if (l !== null) return l;
    throw new DataError(
      'FactorAnalysis: the covariance of the model has no inverse; drop columns that depend on others, or take fewer factors',
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const FactorAnalysisModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): FactorAnalysisModel {
    const owner = 'FactorAnalysisModel.fromJSON';
    const fields = checkSaved('FactorAnalysisModel', 1, json);
    const floats = (name: string, shape: number[], finite = true) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite });
    const mean = floats('mean', [-1]);
    const d = mean.length;
    const components = floats('components', [-1, d]);
    if (components.length === 0) throw new DataError(`${owner}: components must not be empty`);
    const noiseVariance = floats('noiseVariance', [d]);
    if (noiseVariance.some((value) => !(value > 0))) throw new DataError(`${owner}: noiseVariance must be above 0`);
    return new FittedFactorAnalysis({
      components,
      mean,
      noiseVariance,
      loglike: floats('loglike', [-1], false),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
    });
  },
};

/** What gives the expected factors of a row: (I + W Ψ⁻¹ Wᵀ)⁻¹ W Ψ⁻¹ [k, d]. */
function scoreWeights(w: Float64Array, noise: Float64Array, k: number, d: number): Float64Array {
  const weighted = w.map((value, at) => value / noise[at % d]!);
  const inner = new Float64Array(k * k);
  matmul(weighted, w, inner, { m: k, n: k, k: d, transB: true });
  for (let c = 0; c < k; c++) inner[c * k + c]! += 1;
  const l = cholesky(inner, k);
  if (l === null) throw new DataError('FactorAnalysis: x is too large or too small; multiply it by a constant first');
  return choleskySolve(l, k, weighted, d);
}

function identity(d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let j = 0; j < d; j++) out[j * d + j] = 1;
  return out;
}
