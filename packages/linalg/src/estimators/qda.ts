import {
  checkBoolean,
  checkKnown,
  checkNumber,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import { type Classifier, type Label, type Matrix, type MatrixLike, toLabels, toMatrix } from '@maru-ml/tensor';
import { rightVectors } from '../dense/right-vectors.ts';
import { transposed } from '../dense/transpose.ts';
import { type ClassRows, checkClasses, checkPriors, classMeans, priorsOf, rowsOf } from './class-moments.ts';
import { shiftRows } from './linear-map.ts';
import { checkDeviations, columnMeans, columnVariances } from './moments.ts';
import { FittedQuadraticDiscriminantAnalysis, type QuadraticDiscriminantAnalysisModel } from './qda-model.ts';

export interface QuadraticDiscriminantAnalysisOptions {
  /** The probabilities of the classes, in ascending order of their labels; their shares of the rows: null. */
  priors?: ArrayLike<number> | null;
  /** How far the variances of each class are drawn toward 1, 0 to 1: λ becomes (1 - r) λ + r; 0. */
  regParam?: number;
  /** Whether the model keeps the covariances of the classes; false. */
  storeCovariance?: boolean;
  /** Singular values of the centered rows of a class above this count into its rank, which the model tells; 1e-4. */
  tol?: number;
}

/** The options with their defaults. */
export type QuadraticDiscriminantAnalysisSettings = Readonly<
  Required<Omit<QuadraticDiscriminantAnalysisOptions, 'priors'>> & { priors: readonly number[] | null }
>;

const OWNER = 'QuadraticDiscriminantAnalysis';

/**
 * Quadratic discriminant analysis. Classes are taken to be normal with means μ_c, covariances Σ_c of their own and priors π_c:
 *
 *   log p(c | x) = -½ (x - μ_c)ᵀ Σ_c⁻¹ (x - μ_c) - ½ log |Σ_c| + log π_c + const,
 *
 * so that the borders between them are quadrics. Σ_c (with divisor n_c - 1) is taken apart by the singular values of the
 * centered rows. Options, defaults and numbers are those of scikit-learn's solver 'svd'; but a covariance without an inverse is
 * refused unless `regParam` gives it one, and with fewer rows than columns `regParam` counts in all directions, also those in which
 * the rows do not vary. O(n d²), or O(k d³) where classes have fewer rows than columns.
 *
 * T. Hastie, R. Tibshirani and J. Friedman, *The Elements of Statistical Learning*, section 4.3 (2009).
 */
export class QuadraticDiscriminantAnalysis implements Classifier {
  readonly options: QuadraticDiscriminantAnalysisSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: QuadraticDiscriminantAnalysisOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Learns from the rows of `x` [n, d] and their labels `y` [n].
   *
   * @throws DataError if x holds missing, infinite, far too large or far too small numbers, if there are fewer than two classes,
   * or one has a single row or a covariance without an inverse; ShapeError for priors that do not fit
   */
  fit<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitOptions = {},
  ): QuadraticDiscriminantAnalysisModel<L> {
    return runSteps(this.#steps(x, y, options, ['onProgress']), options.onProgress);
  }

  /** The same with pauses for others. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<QuadraticDiscriminantAnalysisModel<L>> {
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
  ): Steps<QuadraticDiscriminantAnalysisModel<L>> {
    checkKnown(OWNER, options, known);
    const matrix = toMatrix(OWNER, x) as Matrix<Float64Array>;
    yield;
    const { classes, codes } = toLabels(OWNER, y, matrix.rows);
    checkClasses(OWNER, classes.length);
    const rows: ClassRows = { x: matrix, codes, k: classes.length };
    const priors = priorsOf(OWNER, this.options.priors, rows);
    yield;
    const variances = yield* columnVariances(matrix, yield* columnMeans(matrix));
    checkDeviations(OWNER, variances.reduce((sum, value) => sum + value, 0) * matrix.rows, matrix.data, matrix.columns);

    const { regParam, storeCovariance, tol } = this.options;
    const d = matrix.columns;
    yield;
    const means = classMeans(rows);
    yield;
    const scalings = new Float64Array(rows.k * d);
    const rotations = new Float64Array(rows.k * d * d);
    const ranks = new Int32Array(rows.k);
    for (const [c, label] of classes.entries()) {
      const own = means.subarray(c * d, (c + 1) * d);
      const ownRows = rowsOf(rows, c);
      yield;
      const { variances, directions, singularValues } = yield* axesOf(label, ownRows, own);
      ranks[c] = singularValues.filter((value) => value > tol).length;
      const shrunk = variances.map((variance) => (1 - regParam) * variance + regParam);
      if (regParam === 0 && !isInvertible(singularValues, matrix.rows)) throw noInverse(label);
      scalings.set(shrunk, c * d);
      rotations.set(transposed(directions, d, d), c * d * d);
      yield;
    }
    return new FittedQuadraticDiscriminantAnalysis({
      classes,
      priors,
      means,
      scalings,
      rotations,
      ranks,
      storeCovariance,
    });
  }
}

/** The principal axes of a class: directions in the rows [d, d], with the variance along each. */
function* axesOf(
  label: Label,
  { data, rows, columns: d }: Matrix<Float64Array>,
  mean: Float64Array,
): Steps<{ variances: Float64Array; directions: Float64Array; singularValues: Float64Array }> {
  if (rows < 2) throw new DataError(`${OWNER}: class ${show(label)} has 1 row, but a covariance needs at least 2`);
  // Rows of zeros complete the directions.
  const { s, vt } = yield* rightVectors(Math.max(rows, d), d, (from, count, out, at) => {
    shiftRows(data, from, Math.min(count, rows - from), d, mean, out, at);
  });
  return { variances: s.map((value) => (value * value) / (rows - 1)), directions: vt, singularValues: s };
}

/** Whether the least singular value is more than rounding, and its square is a number. */
function isInvertible(s: Float64Array, n: number): boolean {
  const least = s[s.length - 1]!;
  return least > Math.max(n, s.length) * Number.EPSILON * s[0]! && least > 1e-150;
}

function noInverse(label: Label): DataError {
  return new DataError(
    `${OWNER}: the covariance of class ${show(label)} has no inverse; choose a regParam above 0, or drop columns that are constant or depend on others`,
  );
}

const KNOWN = ['priors', 'regParam', 'storeCovariance', 'tol'];

function checkOptions(options: QuadraticDiscriminantAnalysisOptions): QuadraticDiscriminantAnalysisSettings {
  checkKnown(OWNER, options, KNOWN);
  const { regParam = 0, storeCovariance = false, tol = 1e-4 } = options;
  const priors = checkPriors(OWNER, options.priors ?? null);
  checkNumber(OWNER, 'regParam', regParam, { min: 0, max: 1 });
  checkBoolean(OWNER, 'storeCovariance', storeCovariance);
  checkNumber(OWNER, 'tol', tol, { min: 0 });
  return Object.freeze({ priors, regParam, storeCovariance, tol });
}
