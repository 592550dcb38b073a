import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import { isSparse, type MatrixLike, type Regressor, type SparseRows, toRows, toTargets } from '@maru-ml/tensor';
import { center } from './centered.ts';
import { dot } from './dot.ts';
import { FittedRidge, type RidgeFit, type RidgeModel } from './ridge-model.ts';
import { byCholesky, byConjugateGradients, bySvd, denseRows, sparseRowsOf } from './ridge-solvers.ts';
import { describeEstimator } from './text.ts';

export interface RidgeOptions {
  /** How much the penalty weighs, α ≥ 0; 1. */
  alpha?: number;
  /** Whether the line has an intercept b, which is not penalized; true. */
  fitIntercept?: boolean;
  /** 'cholesky' and 'svd' for dense rows, 'sparseCg' (conjugate gradients) for all; 'auto' chooses. */
  solver?: 'auto' | 'cholesky' | 'svd' | 'sparseCg';
  /** The most iterations of 'sparseCg'; 1000. */
  maxIter?: number;
  /** 'sparseCg' stops when the residual is at most this share of ‖Xᵀ y‖; 1e-10. */
  tol?: number;
}

/** The options with their defaults. */
export type RidgeSettings = Readonly<Required<RidgeOptions>>;

/**
 * Ridge regression: the line ŷ = x w + b with small coefficients, which minimizes
 *
 *   Σᵢ sᵢ (yᵢ - xᵢ w - b)² + α ‖w‖²,
 *
 * with weights s of the rows. 'auto' takes Cholesky factors of Xᵀ X + α I, or of X Xᵀ + α I where rows are fewer than
 * columns; the singular value decomposition where α is so small that dependent columns would spoil those; and conjugate
 * gradients for sparse rows. O(n d min(n, d)), or O(elements held) for a step of conjugate gradients. Options are those of
 * scikit-learn, but `tol` is 1e-10 instead of 1e-4, so that all solvers give the same digits.
 *
 * A. Hoerl and R. Kennard, "Ridge regression: biased estimation for nonorthogonal problems", Technometrics 12 (1970).
 */
export class Ridge implements Regressor<MatrixLike | SparseRows> {
  readonly options: RidgeSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: RidgeOptions = {}) {
    checkKnown('Ridge', options, ['alpha', 'fitIntercept', 'solver', 'maxIter', 'tol']);
    const { alpha = 1, fitIntercept = true, solver = 'auto', maxIter = 1000, tol = 1e-10 } = options;
    checkNumber('Ridge', 'alpha', alpha, { min: 0 });
    checkBoolean('Ridge', 'fitIntercept', fitIntercept);
    checkOneOf('Ridge', 'solver', solver, ['auto', 'cholesky', 'svd', 'sparseCg']);
    checkInteger('Ridge', 'maxIter', maxIter, { min: 1 });
    checkNumber('Ridge', 'tol', tol, { min: 0 });
    this.options = Object.freeze({ alpha, fitIntercept, solver, maxIter, tol });
    readable(this);
  }

  /**
   * Fits the line to `x` [n, d], dense or sparse, and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit, OptionError
   *   for sparse rows with a solver for dense ones
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): RidgeModel {
    checkKnown('Ridge', options, ['sampleWeight', 'onProgress']);
    return new FittedRidge(runSteps(fitRidge(this.options, x, y, options), options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitAsyncOptions = {}): Promise<RidgeModel> {
    checkKnown('Ridge', options, ['sampleWeight', 'onProgress', 'signal']);
    return new FittedRidge(await runStepsAsync(fitRidge(this.options, x, y, options), options));
  }

  toString(): string {
    return describeEstimator('Ridge', this.options);
  }
}

function* fitRidge(
  { alpha, fitIntercept, solver, maxIter, tol }: RidgeSettings,
  x: MatrixLike | SparseRows,
  y: ArrayLike<number>,
  { sampleWeight }: FitOptions,
): Steps<RidgeFit> {
  const owner = 'Ridge';
  const rows = toRows(owner, x, { keepFloat32: true });
  const n = isSparse(rows) ? rows.shape[0] : rows.rows;
  const targets = toTargets(owner, y, n);
  const weights = checkSampleWeight(owner, sampleWeight, n);
  yield;
  if (isSparse(rows)) {
    if (solver === 'cholesky' || solver === 'svd') {
      throw new OptionError(`${owner}: solver '${solver}' needs dense rows, but x is sparse; take 'sparseCg'`);
    }
    const parts = sparseRowsOf(owner, rows, targets, weights, fitIntercept);
    const solution = yield* byConjugateGradients(parts, alpha, tol, maxIter);
    return { ...solution, intercept: interceptOf(parts, solution.coef), solver: 'sparseCg' };
  }
  const centered = yield* center(owner, rows, targets, weights, fitIntercept, false);
  if (solver === 'sparseCg') {
    const solution = yield* byConjugateGradients(yield* denseRows(centered), alpha, tol, maxIter);
    return { ...solution, intercept: interceptOf(centered, solution.coef), solver };
  }
  const done = { nIter: 1, converged: true };
  const coef = solver === 'svd' ? null : yield* byCholesky(centered, alpha);
  if (coef !== null) return { coef, intercept: interceptOf(centered, coef), ...done, solver: 'cholesky' };
  const byParts = yield* bySvd(centered, alpha);
  return { coef: byParts, intercept: interceptOf(centered, byParts), ...done, solver: 'svd' };
}

function interceptOf({ means, yMean }: { means: Float64Array; yMean: number }, coef: Float64Array): number {
  return yMean - dot(means, 0, coef, 0, coef.length);
}
