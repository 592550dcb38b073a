import { checkKnown, checkSampleWeight, DataError, readable } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { log } from '@maru-ml/kernels/scalar';
import {
  accuracyOf,
  bestClass,
  type ClassifierModel,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  savedBoolean,
  savedLabels,
  Table,
  takeRow,
  toLogProbabilities,
  toMatrix,
  toProbabilities,
} from '@maru-ml/tensor';
import { transposed } from '../dense/transpose.ts';
import { type LinearMap, mapRow, mapRows } from './linear-map.ts';

/** What a fit found out. */
export interface QuadraticDiscriminantAnalysisFit<L extends Label> {
  classes: readonly L[];
  priors: Float64Array;
  /** [k, d]. */
  means: Float64Array;
  /** [k, d]. */
  scalings: Float64Array;
  /** [k, d, d]. */
  rotations: Float64Array;
  ranks: Int32Array;
  storeCovariance: boolean;
}

const OWNER = 'QuadraticDiscriminantAnalysis';

/** The classes that `QuadraticDiscriminantAnalysis` learned. It is made by `fit` or `fromJSON` and does not change. */
export interface QuadraticDiscriminantAnalysisModel<L extends Label = Label>
  extends FittedQuadraticDiscriminantAnalysis<L> {}

export class FittedQuadraticDiscriminantAnalysis<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** Their probabilities [k]. */
  readonly priors: Float64Array;
  /** Their means [k, d]. */
  readonly means: Table;
  /** The variances of each class along its principal axes [k, d], shrunk by `regParam`. */
  readonly scalings: Table;
  /** The principal axes of each class, in the columns of a table [d, d]. */
  readonly rotations: readonly Table[];
  /** The number of axes along which each class varies [k]: singular values above `tol`. */
  readonly ranks: Int32Array;
  /** The covariances of the classes [d, d], if they were asked for. */
  readonly covariance: readonly Table[] | null;
  readonly nFeaturesIn: number;

  /** For each class the map to coordinates in which it is round, and half the logarithm of its volume less its prior's. */
  readonly #maps: readonly LinearMap[];
  readonly #constants: Float64Array;
  readonly #row: Float64Array;
  readonly #mapped: Float64Array;
  readonly #scores: Float64Array;

  /** @internal */
  constructor(fit: QuadraticDiscriminantAnalysisFit<L>) {
    const k = fit.classes.length;
    const d = fit.means.length / k;
    this.classes = fit.classes;
    this.priors = fit.priors;
    this.means = new Table(fit.means, k, d);
    this.scalings = new Table(fit.scalings, k, d);
    this.rotations = Object.freeze(
      fit.classes.map((_, c) => new Table(fit.rotations.slice(c * d * d, (c + 1) * d * d), d, d)),
    );
    this.ranks = fit.ranks;
    this.nFeaturesIn = d;
    this.#maps = fit.classes.map((_, c) => {
      const weights = transposed(this.rotations[c]!.data as Float64Array, d, d).map(
        (value, at) => value / Math.sqrt(fit.scalings[c * d + Math.floor(at / d)]!),
      );
      return { owner: OWNER, weights, shift: fit.means.slice(c * d, (c + 1) * d), bias: null };
    });
    this.#constants = fit.priors.map((prior, c) => {
      let volume = 0;
      for (let j = 0; j < d; j++) volume += log(fit.scalings[c * d + j]!);
      return log(prior) - volume / 2;
    });
    this.covariance = fit.storeCovariance
      ? Object.freeze(this.rotations.map((axes, c) => covarianceOf(axes, fit.scalings.subarray(c * d, (c + 1) * d))))
      : null;
    this.#row = new Float64Array(d);
    this.#mapped = new Float64Array(d);
    this.#scores = new Float64Array(k);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The most probable class of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): L[] {
    const { scores, rows } = this.#allScores(x);
    const k = this.classes.length;
    return Array.from({ length: rows }, (_, i) => this.classes[bestClass(scores, i * k, k)]!);
  }

  /** The most probable class of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    takeRow(OWNER, row, this.#row);
    const k = this.classes.length;
    for (let c = 0; c < k; c++) {
      const mapped = mapRow(this.#maps[c]!, this.#row, this.#mapped);
      this.#scores[c] = this.#constants[c]! - squaredLength(mapped, 0, mapped.length) / 2;
      if (!(this.#scores[c]! > Number.NEGATIVE_INFINITY)) throw tooFar('the row');
    }
    return this.classes[bestClass(this.#scores, 0, k)]!;
  }

  /** The probabilities of the classes [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    const { scores, rows } = this.#allScores(x);
    toProbabilities(scores, rows, this.classes.length);
    return new Table(scores, rows, this.classes.length);
  }

  /** Their logarithms [m, k]. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    const { scores, rows } = this.#allScores(x);
    toLogProbabilities(scores, rows, this.classes.length);
    return new Table(scores, rows, this.classes.length);
  }

  /**
   * log p(c, x) of the classes but for what all share [m, k]; for two classes the second's less the first's [m]. Errors as for
   * `predict`.
   */
  decisionFunction(x: MatrixLike): Table | Float64Array {
    const { scores, rows } = this.#allScores(x);
    if (this.classes.length > 2) return new Table(scores, rows, this.classes.length);
    return Float64Array.from({ length: rows }, (_, i) => scores[2 * i + 1]! - scores[2 * i]!);
  }

  /** The share of rows that are predicted right. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const { scores, rows } = this.#allScores(x);
    const codes = codesOf(OWNER, y, rows, this.classes);
    const weights = checkSampleWeight(OWNER, options.sampleWeight, rows);
    const k = this.classes.length;
    return accuracyOf(
      Int32Array.from({ length: rows }, (_, i) => bestClass(scores, i * k, k)),
      codes,
      weights,
    );
  }

  toJSON(): object {
    const [k, d] = this.means.shape;
    const rotations = new Float64Array(k * d * d);
    for (const [c, axes] of this.rotations.entries()) rotations.set(axes.data, c * d * d);
    return {
      type: 'QuadraticDiscriminantAnalysisModel',
      version: 1,
      classes: this.classes,
      priors: encodeArray(this.priors),
      means: encodeArray(this.means.data, [k, d]),
      scalings: encodeArray(this.scalings.data, [k, d]),
      rotations: encodeArray(rotations, [k, d, d]),
      ranks: encodeArray(this.ranks),
      storeCovariance: this.covariance !== null,
    };
  }

  toString(): string {
    const d = this.nFeaturesIn;
    const flat = this.classes.filter((_, c) => this.ranks[c]! < d).length;
    const warning = flat === 0 ? '' : `, ${flat} of them with columns that are constant or depend on others`;
    return `QuadraticDiscriminantAnalysisModel: ${this.classes.length} classes in ${d} ${d === 1 ? 'column' : 'columns'}${warning}`;
  }

  #allScores(x: MatrixLike): { scores: Float64Array; rows: number } {
    const matrix: Matrix = toMatrix(OWNER, x, { columns: this.nFeaturesIn });
    const [k, d] = this.means.shape;
    const scores = new Float64Array(matrix.rows * k);
    for (let c = 0; c < k; c++) {
      const mapped = mapRows(this.#maps[c]!, matrix).data;
      for (let i = 0; i < matrix.rows; i++) {
        scores[i * k + c] = this.#constants[c]! - squaredLength(mapped, i * d, d) / 2;
        if (!(scores[i * k + c]! > Number.NEGATIVE_INFINITY)) throw tooFar(`x[${i}]`);
      }
    }
    return { scores, rows: matrix.rows };
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const QuadraticDiscriminantAnalysisModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): QuadraticDiscriminantAnalysisModel {
    const owner = 'QuadraticDiscriminantAnalysisModel.fromJSON';
    const fields = checkSaved('QuadraticDiscriminantAnalysisModel', 1, json);
    const floats = (name: string, shape: number[]) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite: true });
    const classes = savedLabels(owner, fields, 'classes');
    const k = classes.length;
    const means = floats('means', [k, -1]);
    const d = means.length / k;
    return new FittedQuadraticDiscriminantAnalysis({
      classes,
      means,
      priors: floats('priors', [k]),
      scalings: floats('scalings', [k, d]),
      rotations: floats('rotations', [k, d, d]),
      ranks: decodeArray(owner, 'ranks', fields.ranks, { dtype: 'int32', shape: [k] }),
      storeCovariance: savedBoolean(owner, fields, 'storeCovariance'),
    });
  },
};

function squaredLength(x: ArrayLike<number>, at: number, d: number): number {
  let sum = 0;
  for (let j = 0; j < d; j++) sum += x[at + j]! * x[at + j]!;
  return sum;
}

/** R diag(variances) Rᵀ. */
function covarianceOf(axes: Table, variances: Float64Array): Table {
  const d = variances.length;
  const out = new Float64Array(d * d);
  const rotation = axes.data as Float64Array;
  const weighted = rotation.map((value, at) => value * variances[at % d]!);
  matmul(weighted, rotation, out, { m: d, n: d, k: d, transB: true });
  return new Table(out, d, d);
}

function tooFar(place: string): DataError {
  return new DataError(`${OWNER}: ${place} is too far from the classes: squared distances overflow`);
}
