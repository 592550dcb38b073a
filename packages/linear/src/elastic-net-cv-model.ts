import { DataError, readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
  savedNumber,
  savedString,
  Table,
} from '@maru-ml/tensor';
import type { Path } from './elastic-net-path.ts';
import { LinearPredictor } from './linear-predictor.ts';
import { describeLine, short } from './text.ts';

/** The errors along a path, by fold. */
export interface CVCurve {
  l1Ratio: number;
  /** Descending [nAlphas]. */
  alphas: Float64Array;
  /** Mean squared errors [nFolds] of [nAlphas]. */
  errors: readonly Float64Array[];
}

/** What a fit found out. */
export interface ElasticNetCVFit {
  curves: readonly CVCurve[];
  /** The curve that was chosen, and the place on it. */
  best: number;
  place: number;
  coef: Float64Array;
  intercept: number;
  /** Of all rows, for the curve that was chosen. */
  path: Path;
}

/** The estimators whose model this is. */
export type ElasticNetCVName = 'LassoCV' | 'ElasticNetCV';

/** The errors that a share ρ of the first penalty gave. */
export interface ValidationCurve {
  readonly l1Ratio: number;
  /** Descending [nAlphas]. */
  readonly alphas: Float64Array;
  /** Mean squared errors on the rows left out [nAlphas, nFolds]. */
  readonly msePath: Table;
}

/** The line that `LassoCV` or `ElasticNetCV` chose, and how. It is made by `fit` or `fromJSON` and does not change. */
export interface ElasticNetCVModel extends FittedElasticNetCV {}

export class FittedElasticNetCV implements RegressorModel<MatrixLike | SparseRows>, IterativeModel {
  /** Which estimator made it. */
  readonly estimator: ElasticNetCVName;
  /** The coefficients w [d] for the α and ρ that were chosen. */
  readonly coef: Float64Array;
  /** b; 0 without `fitIntercept`. */
  readonly intercept: number;
  /** α, the one with the smallest mean squared error on average over the folds. */
  readonly alpha: number;
  /** ρ, likewise; 1 for `LassoCV`. */
  readonly l1Ratio: number;
  /** All α that were tried with this ρ, descending [nAlphas]. */
  readonly alphas: Float64Array;
  /** Mean squared errors with this ρ, on the rows left out [nAlphas, nFolds]. */
  readonly msePath: Table;
  /** The coefficients for all α with this ρ, fitted to all rows [d, nAlphas]. */
  readonly coefPath: Table;
  /** The duality gaps of those [nAlphas]. */
  readonly dualGaps: Float64Array;
  /** `alphas` and `msePath` for every ρ that was tried, in the order of the option. */
  readonly curves: readonly ValidationCurve[];
  /** The duality gap of `coef`. */
  readonly dualGap: number;
  /** Sweeps for the α that was chosen, from the solution for the one before it. */
  readonly nIter: number;
  /** Whether the duality gap of `coef` came within `tol`. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly #predictor: LinearPredictor;
  /** What the fit found out, out of reach of those who write into tables. */
  readonly #fit: ElasticNetCVFit;

  /** @internal */
  constructor(estimator: ElasticNetCVName, fit: ElasticNetCVFit) {
    const { curves, best, place, coef, intercept, path } = fit;
    const d = coef.length;
    this.estimator = estimator;
    this.coef = coef.slice();
    this.intercept = intercept;
    this.curves = Object.freeze(curves.map(shownCurve));
    const { l1Ratio, alphas, msePath } = this.curves[best]!;
    this.alpha = alphas[place]!;
    this.l1Ratio = l1Ratio;
    this.alphas = alphas;
    this.msePath = msePath;
    this.coefPath = new Table(transposed(path.coefs, alphas.length, d), d, alphas.length);
    this.dualGaps = path.gaps.slice();
    this.dualGap = path.gaps[place]!;
    this.nIter = path.sweeps[place]!;
    this.converged = path.converged[place]!;
    this.nFeaturesIn = d;
    this.#predictor = new LinearPredictor(estimator, coef, intercept, true);
    this.#fit = fit;
    readable(this);
    Object.freeze(this);
  }

  /**
   * ŷ [m] of the rows of `x` [m, d], dense or sparse.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike | SparseRows): Float64Array {
    return this.#predictor.predict(x);
  }

  /** ŷ of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#predictor.predictOne(row);
  }

  /** R² of the predictions for `x` [m, d], given the true `y` [m]. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    return this.#predictor.score(x, y, options);
  }

  toJSON(): object {
    const { curves, best, place, intercept, path } = this.#fit;
    const { coef } = this.#predictor;
    return {
      type: 'ElasticNetCVModel',
      version: 1,
      estimator: this.estimator,
      curves: curves.map(({ l1Ratio, alphas, errors }) => ({
        l1Ratio,
        alphas: encodeArray(alphas),
        errors: encodeArray(Float64Array.from(errors.flatMap((curve) => [...curve])), [errors.length, alphas.length]),
      })),
      best,
      place,
      coef: encodeArray(coef),
      intercept,
      coefs: encodeArray(path.coefs, [path.gaps.length, coef.length]),
      gaps: encodeArray(path.gaps),
      sweeps: encodeArray(path.sweeps),
      converged: path.converged,
    };
  }

  toString(): string {
    const { curves, best } = this.#fit;
    const { alphas, errors } = curves[best]!;
    const tried = `alpha ${short(this.alpha)} of ${alphas.length} by ${errors.length} folds`;
    return `${describeLine(this.estimator, this.#predictor)}, ${tried}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const ElasticNetCVModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): ElasticNetCVModel {
    const owner = 'ElasticNetCVModel.fromJSON';
    const fields = checkSaved('ElasticNetCVModel', 1, json);
    const floats = (name: string, shape: number[]) =>
      decodeArray(owner, name, fields[name], { dtype: 'float64', shape, finite: true });
    const estimator = savedString(owner, fields, 'estimator', ['LassoCV', 'ElasticNetCV']);
    if (!Array.isArray(fields.curves) || fields.curves.length === 0) {
      throw new DataError(`${owner}: curves must be a list`);
    }
    const curves = fields.curves.map((curve, i) => savedCurve(owner, `curves[${i}]`, curve));
    const best = savedPlace(owner, fields, 'best', curves.length);
    const count = curves[best]!.alphas.length;
    const place = savedPlace(owner, fields, 'place', count);
    const coef = floats('coef', [-1]);
    const gaps = floats('gaps', [count]);
    const sweeps = decodeArray(owner, 'sweeps', fields.sweeps, { dtype: 'int32', shape: [count] });
    const converged = fields.converged;
    if (!Array.isArray(converged) || converged.length !== count) {
      throw new DataError(`${owner}: converged must be a list of ${count}`);
    }
    const flags = converged.map((_, i) => savedBoolean(owner, converged as unknown as Record<string, unknown>, `${i}`));
    const path = { coefs: floats('coefs', [count, coef.length]), gaps, sweeps, converged: flags };
    const intercept = savedNumber(owner, fields, 'intercept');
    return new FittedElasticNetCV(estimator, { curves, best, place, coef, intercept, path });
  },
};

function shownCurve({ l1Ratio, alphas, errors }: CVCurve): ValidationCurve {
  const byFold = Float64Array.from(errors.flatMap((curve) => [...curve]));
  const msePath = new Table(transposed(byFold, errors.length, alphas.length), alphas.length, errors.length);
  return Object.freeze({ l1Ratio, alphas: alphas.slice(), msePath });
}

function savedCurve(owner: string, place: string, saved: unknown): CVCurve {
  const fields = (saved ?? {}) as Record<string, unknown>;
  const alphas = decodeArray(owner, `${place}.alphas`, fields.alphas, { dtype: 'float64', shape: [-1] });
  const shape = [-1, alphas.length];
  const flat = decodeArray(owner, `${place}.errors`, fields.errors, { dtype: 'float64', shape });
  const folds = flat.length / alphas.length;
  const errors = Array.from({ length: folds }, (_, f) => flat.slice(f * alphas.length, (f + 1) * alphas.length));
  return { l1Ratio: savedNumber(owner, fields, 'l1Ratio'), alphas, errors };
}

function savedPlace(owner: string, fields: Record<string, unknown>, name: string, length: number): number {
  const place = savedNumber(owner, fields, name);
  if (Number.isInteger(place) && place >= 0 && place < length) return place;
  throw new DataError(`${owner}: ${name} must be an integer from 0 to ${length - 1}, got ${place}`);
}

function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
  return out;
}
