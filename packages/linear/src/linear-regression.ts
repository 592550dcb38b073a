import {
  checkBoolean,
  checkKnown,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import { leastSquares, leastSquaresSteps, svdValuesSteps } from '@maru-ml/linalg/dense';
import { type Matrix, type MatrixLike, type Regressor, toMatrix, toTargets } from '@maru-ml/tensor';
import { center } from './centered.ts';
import { dot } from './dot.ts';
import {
  FittedLinearRegression,
  type LinearRegressionFit,
  type LinearRegressionModel,
} from './linear-regression-model.ts';
import { nonNegativeLeastSquares } from './nnls.ts';
import { describeEstimator } from './text.ts';
import { triangleOf } from './triangle.ts';

export interface LinearRegressionOptions {
  /** Whether the line has an intercept b; true. */
  fitIntercept?: boolean;
  /** Whether coefficients must not be negative; false. */
  positive?: boolean;
}

/** The options with their defaults. */
export type LinearRegressionSettings = Readonly<Required<LinearRegressionOptions>>;

/**
 * Linear regression: the line ŷ = x w + b that minimizes Σᵢ sᵢ (yᵢ - xᵢ w - b)², with weights s of the rows.
 *
 * By QR decomposition, whose small triangle is all that is kept of many rows. Up to some 30,000 numbers the solution is refined with
 * residuals in double-double arithmetic, so that even columns that are nearly dependent keep their digits. Where columns are dependent the
 * solution of least ‖w‖ is taken. `positive` uses the method of Lawson and Hanson. O(n d²).
 *
 * Å. Björck, "Numerical Methods for Least Squares Problems" (1996).
 */
export class LinearRegression implements Regressor {
  readonly options: LinearRegressionSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: LinearRegressionOptions = {}) {
    checkKnown('LinearRegression', options, ['fitIntercept', 'positive']);
    const { fitIntercept = true, positive = false } = options;
    checkBoolean('LinearRegression', 'fitIntercept', fitIntercept);
    checkBoolean('LinearRegression', 'positive', positive);
    this.options = Object.freeze({ fitIntercept, positive });
    readable(this);
  }

  /**
   * Fits the line to `x` [n, d] and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): LinearRegressionModel {
    checkKnown('LinearRegression', options, ['sampleWeight', 'onProgress']);
    return new FittedLinearRegression(runSteps(fitLine(this.options, x, y, options), options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, y: ArrayLike<number>, options: FitAsyncOptions = {}): Promise<LinearRegressionModel> {
    checkKnown('LinearRegression', options, ['sampleWeight', 'onProgress', 'signal']);
    return new FittedLinearRegression(await runStepsAsync(fitLine(this.options, x, y, options), options));
  }

  toString(): string {
    return describeEstimator('LinearRegression', this.options);
  }
}

/** Up to so many numbers in x the solution is refined. */
const REFINED = 1 << 15;

function* fitLine(
  { fitIntercept, positive }: LinearRegressionSettings,
  x: MatrixLike,
  y: ArrayLike<number>,
  { sampleWeight }: FitOptions,
): Steps<LinearRegressionFit> {
  const owner = 'LinearRegression';
  const matrix = toMatrix(owner, x, { keepFloat32: true });
  const { rows: n, columns: d } = matrix;
  const targets = toTargets(owner, y, n);
  const weights = checkSampleWeight(owner, sampleWeight, n);
  yield;
  const centered = yield* center(owner, matrix, targets, weights, fitIntercept, false);
  const { r, rows, z } = yield* triangleOf(centered);
  const singular = yield* svdValuesSteps(r, rows, d);
  const interceptOf = (coef: Float64Array) => centered.yMean - dot(centered.means, 0, coef, 0, d);
  if (positive) {
    const coef = nonNegativeLeastSquares(r, rows, d, z);
    return { coef, intercept: interceptOf(coef), rank: (yield* leastSquaresSteps(r, rows, d, z, 0)).rank, singular };
  }
  if (n * d <= REFINED) {
    const refined = refinedLine(matrix, targets, weights, fitIntercept);
    if (refined !== null) return { ...refined, singular };
  }
  const { x: coef, rank } = yield* leastSquaresSteps(r, rows, d, z, 1);
  return { coef, intercept: interceptOf(coef), rank, singular };
}

/**
 * The line from the rows as they came, since centering would cost the digits that the refinement saves; null where the columns
 * and the intercept are dependent.
 */
function refinedLine(
  { data, rows: n, columns: d }: Matrix,
  y: Float64Array,
  weights: Float64Array | null,
  fitIntercept: boolean,
): { coef: Float64Array; intercept: number; rank: number } | null {
  const p = d + (fitIntercept ? 1 : 0);
  if (n < p) return null;
  const a = new Float64Array(n * p);
  const b = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const root = weights === null ? 1 : Math.sqrt(weights[i]!);
    for (let j = 0; j < d; j++) a[i * p + j] = data[i * d + j]! * root;
    if (fitIntercept) a[i * p + d] = root;
    b[i] = y[i]! * root;
  }
  const { x, rank } = leastSquares(a, n, p, b, 1, { refine: true });
  if (rank < p || !x.every(Number.isFinite)) return null;
  return { coef: x.slice(0, d), intercept: fitIntercept ? x[d]! : 0, rank: d };
}
