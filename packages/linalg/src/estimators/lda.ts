import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  ShapeError,
  type Steps,
  show,
} from '@maru-ml/base';
import { type Classifier, type Label, type Matrix, type MatrixLike, toLabels, toMatrix } from '@maru-ml/tensor';
import { transposed } from '../dense/transpose.ts';
import { type ClassRows, checkClasses, checkPriors, priorsOf } from './class-moments.ts';
import { FittedLinearDiscriminantAnalysis, type LinearDiscriminantAnalysisModel } from './lda-model.ts';
import {
  covarianceWithin,
  type Discriminant,
  type Shrinkage,
  solveEigen,
  solveLeastSquares,
  solveSvd,
} from './lda-solvers.ts';
import { checkDeviations, columnMeans, columnVariances } from './moments.ts';

export interface LinearDiscriminantAnalysisOptions {
  /** By singular values, by least squares (only to classify), or by eigenvectors; 'svd'. */
  solver?: 'svd' | 'lsqr' | 'eigen';
  /** How far covariances are shrunk toward equal variances, 0 to 1, or 'auto' (Ledoit and Wolf); not for 'svd'; null. */
  shrinkage?: Shrinkage;
  /** The probabilities of the classes, in ascending order of their labels; their shares of the rows: null. */
  priors?: ArrayLike<number> | null;
  /** How many directions `transform` gives; all, the smaller of k - 1 and d: null. */
  nComponents?: number | null;
  /** Whether the model keeps the covariance within classes, which 'lsqr' and 'eigen' always do; false. */
  storeCovariance?: boolean;
  /** Directions whose deviation within classes is at most this count as constant, with 'svd', in columns of deviation 1; 1e-4. */
  tol?: number;
}

/** The options with their defaults. */
export type LinearDiscriminantAnalysisSettings = Readonly<
  Required<Omit<LinearDiscriminantAnalysisOptions, 'priors'>> & { priors: readonly number[] | null }
>;

const OWNER = 'LinearDiscriminantAnalysis';

/**
 * Linear discriminant analysis. Classes are taken to be normal with means μ_c, one covariance Σ and priors π_c, so that
 *
 *   log p(c | x) = xᵀ Σ⁻¹ μ_c - ½ μ_cᵀ Σ⁻¹ μ_c + log π_c + const,
 *
 * which is linear in x; and `transform` gives the directions w in which classes lie farthest apart beside their width,
 * which maximize (wᵀ S_b w) / (wᵀ S_w w). Options, defaults and numbers are those of scikit-learn, except that directions are
 * turned so that their element of largest size is positive. O(n d min(n, d)) for 'svd', else O(n d² + d³).
 *
 * R. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics (1936).
 * T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, section 4.3 (2009).
 */
export class LinearDiscriminantAnalysis implements Classifier {
  readonly options: LinearDiscriminantAnalysisSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: LinearDiscriminantAnalysisOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Learns from the rows of `x` [n, d] and their labels `y` [n].
   *
   * @throws DataError if x holds missing, infinite, far too large or far too small numbers, if there are fewer than two classes,
   * no more rows than classes, or nothing varies within them; ShapeError for priors or components that do not fit
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): LinearDiscriminantAnalysisModel<L> {
    return runSteps(this.#steps(x, y, options, ['onProgress']), options.onProgress);
  }

  /** The same with pauses for others. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<LinearDiscriminantAnalysisModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `${OWNER} { ${options.join(', ')} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitOptions,
    known: string[],
  ): Steps<LinearDiscriminantAnalysisModel<L>> {
    checkKnown(OWNER, options, known);
    const matrix = toMatrix(OWNER, x) as Matrix<Float64Array>;
    const { classes, codes } = toLabels(OWNER, y, matrix.rows);
    const rows: ClassRows = { x: matrix, codes, k: classes.length };
    const nComponents = checkFit(this.options, rows);
    const priors = priorsOf(OWNER, this.options.priors, rows);
    yield;
    const variances = yield* columnVariances(matrix, yield* columnMeans(matrix));
    checkDeviations(OWNER, variances.reduce((sum, value) => sum + value, 0) * matrix.rows, matrix.data, matrix.columns);

    const found = yield* this.#solve(rows, priors);
    const d = matrix.columns;
    const isBinary = classes.length === 2;
    const directions = found.directions?.subarray(0, d * Math.min(nComponents, found.directions.length / d)) ?? null;
    return new FittedLinearDiscriminantAnalysis({
      classes,
      priors,
      means: found.means,
      xbar: found.xbar,
      coef: isBinary ? difference(found.coef, d) : found.coef,
      intercept: isBinary ? difference(found.intercept, 1) : found.intercept,
      scalings: directions === null ? null : transposed(directions, directions.length / d, d),
      explainedVarianceRatio: found.ratios.slice(0, nComponents),
      covariance: found.covariance,
      solver: this.options.solver,
      rank: found.rank,
    });
  }

  *#solve(rows: ClassRows, priors: Float64Array): Steps<Discriminant> {
    const { solver, shrinkage, tol, storeCovariance } = this.options;
    if (solver === 'lsqr') return yield* solveLeastSquares(rows, priors, shrinkage);
    if (solver === 'eigen') return yield* solveEigen(rows, priors, shrinkage);
    const found = yield* solveSvd(rows, priors, tol);
    return storeCovariance ? { ...found, covariance: yield* covarianceWithin(rows, priors, null) } : found;
  }
}

/** What the second class has more than the first: all that is needed to tell two apart. */
function difference(values: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, j) => values[width + j]! - values[j]!);
}

/** The number of components. */
function checkFit({ nComponents }: LinearDiscriminantAnalysisSettings, { x, k }: ClassRows): number {
  checkClasses(OWNER, k);
  if (x.rows <= k) {
    throw new DataError(
      `${OWNER}: x has ${x.rows} rows of ${k} classes, but variances within classes need more rows than classes`,
    );
  }
  const most = Math.min(k - 1, x.columns);
  if (nComponents !== null && nComponents > most) {
    throw new ShapeError(
      `${OWNER}: nComponents is ${nComponents}, but ${k} classes in ${x.columns} ${x.columns === 1 ? 'column' : 'columns'} have at most ${most}`,
    );
  }
  return nComponents ?? most;
}

const KNOWN = ['solver', 'shrinkage', 'priors', 'nComponents', 'storeCovariance', 'tol'];

function checkOptions(options: LinearDiscriminantAnalysisOptions): LinearDiscriminantAnalysisSettings {
  checkKnown(OWNER, options, KNOWN);
  const { solver = 'svd', shrinkage = null, nComponents = null, storeCovariance = false, tol = 1e-4 } = options;
  const priors = checkPriors(OWNER, options.priors ?? null);
  checkOneOf(OWNER, 'solver', solver, ['svd', 'lsqr', 'eigen']);
  if (shrinkage !== null && shrinkage !== 'auto') checkShrinkage(shrinkage);
  if (shrinkage !== null && solver === 'svd') {
    throw new OptionError(`${OWNER}: shrinkage needs solver 'lsqr' or 'eigen', got 'svd'`);
  }
  if (nComponents !== null) checkInteger(OWNER, 'nComponents', nComponents, { min: 1 });
  checkBoolean(OWNER, 'storeCovariance', storeCovariance);
  checkNumber(OWNER, 'tol', tol, { min: 0 });
  return Object.freeze({ solver, shrinkage, priors, nComponents, storeCovariance, tol });
}

function checkShrinkage(shrinkage: unknown): void {
  if (typeof shrinkage === 'number' && shrinkage >= 0 && shrinkage <= 1) return;
  throw new OptionError(`${OWNER}: shrinkage must be a number ≥ 0 and ≤ 1, 'auto' or null, got ${show(shrinkage)}`);
}
