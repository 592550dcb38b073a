import { checkKnown, checkSampleWeight, DataError, OptionError, readable } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  type ClassifierModel,
  checkOut,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type Label,
  type Matrix,
  type MatrixLike,
  type ScoreOptions,
  savedCount,
  savedLabels,
  savedString,
  Table,
  takeRow,
  toLogProbabilities,
  toMatrix,
  toProbabilities,
} from '@maru-ml/tensor';
import { transposed } from '../dense/transpose.ts';
import { type LinearMap, mapRow, mapRows } from './linear-map.ts';

/** What a fit found out. */
export interface LinearDiscriminantAnalysisFit<L extends Label> {
  classes: readonly L[];
  priors: Float64Array;
  means: Float64Array;
  xbar: Float64Array;
  coef: Float64Array;
  intercept: Float64Array;
  /** [d, r]. */
  scalings: Float64Array | null;
  explainedVarianceRatio: Float64Array;
  covariance: Float64Array | null;
  solver: 'svd' | 'lsqr' | 'eigen';
  rank: number;
}

const OWNER = 'LinearDiscriminantAnalysis';

/** The classes that `LinearDiscriminantAnalysis` learned. It is made by `fit` or `fromJSON` and does not change. */
export interface LinearDiscriminantAnalysisModel<L extends Label = Label> extends FittedLinearDiscriminantAnalysis<L> {}

export class FittedLinearDiscriminantAnalysis<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** Their probabilities [k]. */
  readonly priors: Float64Array;
  /** Their means [k, d]. */
  readonly means: Table;
  /** The mean of the means, weighted by the priors [d]. */
  readonly xbar: Float64Array;
  /** The weights of the scores [k, d]; for two classes [1, d], those of the second less those of the first. */
  readonly coef: Table;
  /** What is added to them [k]; for two classes [1]. */
  readonly intercept: Float64Array;
  /** The discriminant directions [d, r] in the columns; null from the solver 'lsqr'. */
  readonly scalings: Table | null;
  /** Their shares of the variance between classes [r]; empty from the solver 'lsqr'. */
  readonly explainedVarianceRatio: Float64Array;
  /** The covariance within classes [d, d], where it was formed or asked for. */
  readonly covariance: Table | null;
  readonly solver: 'svd' | 'lsqr' | 'eigen';
  /** How many directions vary within classes; less than d where columns are constant or depend on others, which are left out. */
  readonly rank: number;
  readonly nFeaturesIn: number;
  /** The number of columns that `transform` makes; 0 from the solver 'lsqr'. */
  readonly nFeaturesOut: number;

  readonly #scores: LinearMap;
  readonly #directions: LinearMap | null;
  readonly #row: Float64Array;
  readonly #one: Float64Array;

  /** @internal */
  constructor(fit: LinearDiscriminantAnalysisFit<L>) {
    const d = fit.xbar.length;
    const outputs = fit.intercept.length;
    const r = fit.scalings === null ? 0 : fit.scalings.length / d;
    for (const values of [fit.coef, fit.intercept, fit.means, fit.scalings ?? fit.xbar]) {
      if (values.every((value) => Number.isFinite(value))) continue;
      throw new DataError(`${OWNER}: what is to be computed from x overflows; divide x by a constant first`);
    }
    this.classes = fit.classes;
    this.priors = fit.priors;
    this.means = new Table(fit.means, fit.means.length / d, d);
    this.xbar = fit.xbar;
    this.coef = new Table(fit.coef, outputs, d);
    this.intercept = fit.intercept;
    this.scalings = fit.scalings === null ? null : new Table(fit.scalings, d, r);
    this.explainedVarianceRatio = fit.explainedVarianceRatio;
    this.covariance = fit.covariance === null ? null : new Table(fit.covariance, d, d);
    this.solver = fit.solver;
    this.rank = fit.rank;
    this.nFeaturesIn = d;
    this.nFeaturesOut = r;
    this.#scores = { owner: OWNER, weights: fit.coef.slice(), shift: null, bias: fit.intercept.slice() };
    // Eigenvectors are taken of rows as they are, singular vectors of rows less the mean, as in scikit-learn.
    const shift = fit.solver === 'svd' ? fit.xbar.slice() : null;
    this.#directions =
      fit.scalings === null ? null : { owner: OWNER, weights: transposed(fit.scalings, d, r), shift, bias: null };
    this.#row = new Float64Array(d);
    this.#one = new Float64Array(outputs);
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
    const scores = mapRow(this.#scores, this.#row, this.#one);
    if (this.classes.length === 2) return this.classes[scores[0]! > 0 ? 1 : 0]!;
    return this.classes[bestClass(scores, 0, scores.length)]!;
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

  /** The scores of the classes [m, k]; for two classes a list [m], positive for the second. Errors as for `predict`. */
  decisionFunction(x: MatrixLike): Table | Float64Array {
    const scores = mapRows(this.#scores, this.#matrix(x));
    return this.classes.length === 2 ? (scores.data as Float64Array) : scores;
  }

  /**
   * The rows of `x` [m, d] along the discriminant directions [m, r].
   * @throws OptionError for a model of the solver 'lsqr', which finds none; else as `predict`
   */
  transform(x: MatrixLike): Table {
    return mapRows(this.#checkDirections(), this.#matrix(x));
  }

  /** One row [d] along the directions, into `out` [r], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    const directions = this.#checkDirections();
    takeRow(OWNER, row, this.#row);
    checkOut(OWNER, out, this.nFeaturesOut);
    return mapRow(directions, this.#row, out);
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
    const d = this.nFeaturesIn;
    return {
      type: 'LinearDiscriminantAnalysisModel',
      version: 1,
      classes: this.classes,
      priors: encodeArray(this.priors),
      means: encodeArray(this.means.data, [this.classes.length, d]),
      xbar: encodeArray(this.xbar),
      coef: encodeArray(this.coef.data, [...this.coef.shape]),
      intercept: encodeArray(this.intercept),
      scalings: this.scalings === null ? null : encodeArray(this.scalings.data, [d, this.nFeaturesOut]),
      explainedVarianceRatio: encodeArray(this.explainedVarianceRatio),
      covariance: this.covariance === null ? null : encodeArray(this.covariance.data, [d, d]),
      solver: this.solver,
      rank: this.rank,
    };
  }

  toString(): string {
    const d = this.nFeaturesIn;
    const left = this.rank < d ? `, ${d - this.rank} directions that do not vary within classes left out` : '';
    return `LinearDiscriminantAnalysisModel: ${this.classes.length} classes in ${d} ${d === 1 ? 'column' : 'columns'}${left}`;
  }

  #matrix(x: MatrixLike): Matrix {
    return toMatrix(OWNER, x, { columns: this.nFeaturesIn });
  }

  /** Scores of all classes [m, k]; of two, 0 and the score of the second. */
  #allScores(x: MatrixLike): { scores: Float64Array; rows: number } {
    const { data, shape } = mapRows(this.#scores, this.#matrix(x));
    const scores = data as Float64Array;
    if (this.classes.length > 2) return { scores, rows: shape[0] };
    const both = new Float64Array(2 * shape[0]);
    for (let i = 0; i < shape[0]; i++) both[2 * i + 1] = scores[i]!;
    return { scores: both, rows: shape[0] };
  }

  #checkDirections(): LinearMap {
    if (this.#directions !== null) return this.#directions;
    throw new OptionError(`${OWNER}: the solver 'lsqr' finds no directions to transform to; choose 'svd' or 'eigen'`);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const LinearDiscriminantAnalysisModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): LinearDiscriminantAnalysisModel {
    const owner = 'LinearDiscriminantAnalysisModel.fromJSON';
    const fields = checkSaved('LinearDiscriminantAnalysisModel', 1, json);
    // Where the means of the classes are equal, their differences explain 0 of 0.
    const floats = (name: string, shape: number[], finite = true) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite });
    const classes = savedLabels(owner, fields, 'classes');
    const k = classes.length;
    const xbar = floats('xbar', [-1]);
    const d = xbar.length;
    const outputs = k === 2 ? 1 : k;
    const solver = savedString(owner, fields, 'solver', ['svd', 'lsqr', 'eigen'] as const);
    const scalings = fields.scalings === null ? null : floats('scalings', [d, -1]);
    if ((scalings === null) !== (solver === 'lsqr')) {
      throw new DataError(
        `${owner}: scalings must be ${solver === 'lsqr' ? 'null' : 'saved'}, since solver is '${solver}'`,
      );
    }
    return new FittedLinearDiscriminantAnalysis({
      classes,
      xbar,
      priors: floats('priors', [k]),
      means: floats('means', [k, d]),
      coef: floats('coef', [outputs, d]),
      intercept: floats('intercept', [outputs]),
      scalings,
      explainedVarianceRatio: floats('explainedVarianceRatio', [-1], false),
      covariance: fields.covariance === null ? null : floats('covariance', [d, d]),
      solver,
      rank: savedCount(owner, fields, 'rank'),
    });
  },
};
