import {
  checkInteger,
  checkKnown,
  counted,
  DataError,
  drawNormal,
  readable,
  type Seed,
  streamFrom,
} from '@maru-ml/base';
import { BLOCK, placeOf, toBlocks } from '@maru-ml/kernels/mixture';
import { plainCholesky } from '@maru-ml/linalg/dense';
import {
  checkSaved,
  encodeArray,
  type IterativeModel,
  type Matrix,
  type MatrixLike,
  type PredictingClusterModel,
  savedBoolean,
  savedString,
  Table,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { cumulate, firstAbove } from './kmeans-start.ts';
import {
  type CovarianceType,
  constantsOf,
  covarianceSize,
  covarianceStart,
  isTriangle,
  type Mixture,
  rowsOfStep,
  sharesOf,
} from './mixture.ts';
import { savedFloats, savedRowLabels, savedSentences } from './saved.ts';
import { digits, sizesOf } from './text.ts';

const NAME = 'GaussianMixture';

/** What a fit found out. */
export interface GaussianMixtureFit {
  mixture: Mixture;
  labels: Int32Array;
  lowerBounds: Float64Array;
  converged: boolean;
  columns: number;
  warnings: readonly string[];
}

/** The mixture that `GaussianMixture` found. It is made by `fit` or `fromJSON` and does not change. */
export interface GaussianMixtureModel extends FittedGaussianMixture {}

export class FittedGaussianMixture implements PredictingClusterModel, IterativeModel {
  readonly covarianceType: CovarianceType;
  /** The weights of the components [k]. */
  readonly weights: Float64Array;
  /** The means [k, d]. */
  readonly means: Table;
  /** The covariances, flat: [k, d, d] for 'full', [d, d] for 'tied', [k, d] for 'diag', [k] for 'spherical'. */
  readonly covariances: Float64Array;
  /** The most probable component of each row that it was fitted with [n]. */
  readonly labels: Int32Array;
  /** The mean log-likelihood of the rows before each iteration, in the start that was best. */
  readonly lowerBounds: Float64Array;
  /** The last of them. */
  readonly lowerBound: number;
  /** Iterations of the start that was best. */
  readonly nIter: number;
  /** Whether it stopped because the likelihood hardly rose. */
  readonly converged: boolean;
  /** What there is to beware of, such as components without rows; mostly nothing. */
  readonly warnings: readonly string[];
  readonly nFeaturesIn: number;

  /** The same once more, out of reach of those who write into arrays. */
  readonly #mixture: Mixture;
  readonly #constants: Float64Array;
  readonly #row: Float64Array;

  /** @internal */
  constructor({ mixture, labels, lowerBounds, converged, columns, warnings }: GaussianMixtureFit) {
    this.covarianceType = mixture.type;
    this.weights = mixture.weights.slice();
    this.means = new Table(mixture.means.slice(), mixture.k, columns);
    this.covariances = mixture.covariances.slice();
    this.labels = labels;
    this.lowerBounds = lowerBounds;
    this.lowerBound = lowerBounds.at(-1)!;
    this.nIter = lowerBounds.length;
    this.converged = converged;
    this.warnings = warnings;
    this.nFeaturesIn = columns;
    this.#mixture = mixture;
    this.#constants = constantsOf(mixture);
    this.#row = new Float64Array(columns);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The most probable component of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): Int32Array {
    return Int32Array.from(this.#expect(x, true).shares);
  }

  /** The most probable component of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    takeRow(NAME, row, this.#row);
    const { type, k, d, means, whiteners } = this.#mixture;
    const x = this.#row;
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const start = covarianceStart(type, c, d);
      let squares = 0;
      for (let j = 0; j < d; j++) {
        let value = 0;
        // The whitener is an upper triangle or a diagonal, of which any number counts but once.
        for (let i = isTriangle(type) ? 0 : j; i <= j; i++) {
          const at = isTriangle(type) ? i * d + j : type === 'diag' ? j : 0;
          value += (x[i]! - means[c * d + i]!) * whiteners[start + at]!;
        }
        squares += value * value;
      }
      const density = this.#constants[c]! - 0.5 * squares;
      if (density <= most) continue;
      most = density;
      best = c;
    }
    if (best === -1) throw tooFar('the row');
    return best;
  }

  /** The probabilities of the components in each row of `x` [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const { shares, logs } = this.#expect(x, false);
    return new Table(shares, logs.length, this.#mixture.k);
  }

  /** ln p(x) of each row of `x` [m]. Errors as for `predict`. */
  scoreSamples(x: MatrixLike): Float64Array {
    return this.#expect(x, false).logs;
  }

  /** The mean of `scoreSamples` of the rows of `x` [m, d]: the higher, the better. Errors as for `predict`. */
  score(x: MatrixLike): number {
    const [total, m] = this.#logLikelihood(x);
    return total / m;
  }

  /** The criterion of Schwarz, ln(m) p - 2 ln L for the rows of `x` [m, d] and p free numbers: the lower, the better. */
  bic(x: MatrixLike): number {
    const [total, m] = this.#logLikelihood(x);
    return -2 * total + this.#freeNumbers() * Math.log(m);
  }

  /** The criterion of Akaike, 2 p - 2 ln L for the rows of `x` [m, d] and p free numbers: the lower, the better. */
  aic(x: MatrixLike): number {
    return -2 * this.#logLikelihood(x)[0] + 2 * this.#freeNumbers();
  }

  /** The covariance of component c [d, d], whatever the type. @throws OptionError if there is no such component */
  covariance(c: number): Table {
    const { type, k, d, covariances } = this.#mixture;
    checkInteger(`${NAME}Model.covariance`, 'c', c, { min: 0, max: k - 1 });
    const start = covarianceStart(type, c, d);
    if (isTriangle(type)) return new Table(covariances.slice(start, start + d * d), d, d);
    const out = new Float64Array(d * d);
    for (let j = 0; j < d; j++) out[j * d + j] = covariances[type === 'diag' ? start + j : start]!;
    return new Table(out, d, d);
  }

  /**
   * Rows drawn from the mixture [n, d], those of one component together, and their components [n].
   * @throws OptionError unless n ≥ 1
   */
  sample(n = 1, options: { seed?: Seed } = {}): { x: Table; labels: Int32Array } {
    const owner = `${NAME}Model.sample`;
    checkInteger(owner, 'n', n, { min: 1 });
    checkKnown(owner, options, ['seed']);
    const random = streamFrom(options.seed);
    const { k, d, means, weights } = this.#mixture;
    const sums = new Float64Array(k);
    const total = cumulate(weights, null, sums);
    const labels = Int32Array.from({ length: n }, () => firstAbove(sums, random.uniform() * total)).sort();
    const x = new Float64Array(n * d);
    // The fit has seen that covariances are positive definite.
    const roots = Array.from({ length: k }, (_, c) => plainCholesky(this.covariance(c).data as Float64Array, d)!);
    const standard = new Float64Array(d);
    for (const [i, c] of labels.entries()) {
      for (let j = 0; j < d; j++) standard[j] = drawNormal(random);
      for (let j = 0; j < d; j++) {
        let sum = 0;
        for (let p = 0; p <= j; p++) sum += roots[c]![j * d + p]! * standard[p]!;
        x[i * d + j] = sum + means[c * d + j]!;
      }
    }
    return { x: new Table(x, n, d), labels };
  }

  toJSON(): object {
    const { type, weights, means, covariances, whiteners, k, d } = this.#mixture;
    return {
      type: 'GaussianMixtureModel',
      version: 1,
      covarianceType: type,
      weights: encodeArray(weights),
      means: encodeArray(means, [k, d]),
      covariances: encodeArray(covariances),
      precisionsCholesky: encodeArray(whiteners),
      labels: encodeArray(this.labels),
      lowerBounds: encodeArray(this.lowerBounds),
      converged: this.converged,
      warnings: this.warnings,
    };
  }

  toString(): string {
    const { k } = this.#mixture;
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nIter, 'iteration')}`;
    return (
      `GaussianMixtureModel: ${counted(k, 'component')} (${this.covarianceType}) of ` +
      `${counted(this.labels.length, 'row')}${sizesOf(this.labels, k)} in ${counted(this.nFeaturesIn, 'column')}, ` +
      `mean log-likelihood ${digits(this.lowerBound)}, ${end}`
    );
  }

  /** ln L of the rows of `x`, and how many there are. */
  #logLikelihood(x: MatrixLike): [total: number, m: number] {
    const logs = this.scoreSamples(x);
    return [logs.reduce((sum, value) => sum + value, 0), logs.length];
  }

  #freeNumbers(): number {
    const { type, k, d } = this.#mixture;
    const triangle = (d * (d + 1)) / 2;
    return { full: k * triangle, tied: triangle, diag: k * d, spherical: k }[type] + k * d + k - 1;
  }

  /** The shares of the components in each row, or the most probable one, and ln p(x). */
  #expect(x: MatrixLike, hard: boolean): { shares: Float64Array; logs: Float64Array } {
    const { data, rows: n, columns: d } = toMatrix(NAME, x, { columns: this.nFeaturesIn }) as Matrix<Float64Array>;
    const width = hard ? 1 : this.#mixture.k;
    const shares = new Float64Array(n * width);
    const logs = new Float64Array(n);
    const most = rowsOfStep(this.#mixture);
    for (let from = 0; from < n; from += most) {
      const rows = Math.min(most, n - from);
      const length = Math.ceil(rows / BLOCK) * BLOCK;
      const [part, r, ends] = [d, width, 1].map((columns) => new Float64Array(length * columns)) as Three;
      toBlocks(data.subarray(from * d, (from + rows) * d), d, part);
      sharesOf(this.#mixture, this.#constants, part, rows, r, ends, hard);
      for (let i = 0, at = from * width; i < rows; i++) {
        for (let c = 0; c < width; c++) shares[at++] = r[placeOf(i, c, width)]!;
      }
      logs.set(ends.subarray(0, rows), from);
    }
    const bad = logs.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw tooFar(`x[${bad}]`);
    return { shares, logs };
  }
}

type Three = [Float64Array, Float64Array, Float64Array];

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const GaussianMixtureModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): GaussianMixtureModel {
    const owner = 'GaussianMixtureModel.fromJSON';
    const fields = checkSaved('GaussianMixtureModel', 1, json);
    const type = savedString<CovarianceType>(owner, fields, 'covarianceType', ['full', 'tied', 'diag', 'spherical']);
    const weights = savedFloats(owner, fields, 'weights', [-1]);
    const k = weights.length;
    const means = savedFloats(owner, fields, 'means', [k, -1]);
    const d = means.length / k;
    if (!(d >= 1)) throw new DataError(`${owner}: weights and means must not be empty`);
    if (weights.some((weight) => !(weight >= 0)) || weights.every((weight) => weight === 0)) {
      throw new DataError(`${owner}: weights must be ≥ 0, and not all of them 0`);
    }
    const size = [covarianceSize(type, k, d)];
    const covariances = savedFloats(owner, fields, 'covariances', size);
    const whiteners = savedFloats(owner, fields, 'precisionsCholesky', size);
    const lowerBounds = savedFloats(owner, fields, 'lowerBounds', [-1]);
    if (lowerBounds.length === 0) throw new DataError(`${owner}: lowerBounds must not be empty`);
    return new FittedGaussianMixture({
      mixture: { type, k, d, weights, means, covariances, whiteners },
      labels: savedRowLabels(owner, fields, k),
      lowerBounds,
      converged: savedBoolean(owner, fields, 'converged'),
      columns: d,
      warnings: savedSentences(owner, fields, 'warnings'),
    });
  },
};

function tooFar(place: string): DataError {
  return new DataError(`${NAME}: ${place} is too far from the means: its density vanishes`);
}
