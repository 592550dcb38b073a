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
import { type Matrix, type MatrixLike, type Transformer, toMatrix } from '@maru-ml/tensor';
import { cholesky, choleskySolve } from '../dense/cholesky.ts';
import { KERNELS, type KernelFunction, type KernelName, kernelTable, kernelTableSteps } from './kernel.ts';
import { FittedKernelPCA, type KernelPCAModel } from './kernel-pca-model.ts';
import { type LeadingEigen, largestEigen, leadingEigen } from './leading-eigen.ts';
import { turnRows } from './signs.ts';

export interface KernelPCAOptions {
  /** How many components to keep; all whose eigenvalue is not 0: null. */
  nComponents?: number | null;
  /** The kernel: by name, 'precomputed' for x that holds its values, or 'function' for one that is handed to `fit`; 'linear'. */
  kernel?: KernelName;
  /** γ of 'rbf', 'laplacian', 'poly' and 'sigmoid'; 1 / d: null. */
  gamma?: number | null;
  /** The power of 'poly', whole; 3. */
  degree?: number;
  /** What 'poly' and 'sigmoid' add; 1. */
  coef0?: number;
  /** The penalty of the ridge regression that learns the way back; 1. */
  alpha?: number;
  /** Whether to learn the way back, `inverseTransform`; false. */
  fitInverseTransform?: boolean;
  /** All eigenvectors, or the first by block Krylov iteration; 'auto': the first for less than 10 components of over 1000 rows. */
  eigenSolver?: 'auto' | 'dense' | 'krylov';
  /** Whether to drop components whose eigenvalue is 0 although `nComponents` asks for them; false. */
  removeZeroEig?: boolean;
}

/** The options with their defaults. */
export type KernelPCASettings = Readonly<Required<KernelPCAOptions>>;

/** What `fit` takes besides the rows. */
export interface KernelPCAFitOptions extends FitOptions {
  /** k(a, b) of two rows [d], with kernel 'function': symmetric and positive semidefinite. */
  kernelFunction?: KernelFunction;
}

/** What `fitAsync` takes besides the rows. */
export interface KernelPCAFitAsyncOptions extends FitAsyncOptions {
  /** As for `fit`. */
  kernelFunction?: KernelFunction;
}

/**
 * Principal components of images φ(x) of the rows, known only by their products k(x, y) = φ(x) · φ(y): with the centered kernel matrix
 *
 *   K̃ = (I - 1/n) K (I - 1/n) = A Λ Aᵀ,   component c of x is Σᵢ a_ic k̃(x, xᵢ) / √λ_c.
 *
 * The images may have any number of dimensions, so that curves and rings become lines. Options, defaults, signs (the element of largest
 * size of an eigenvector is positive) and numbers are those of scikit-learn, whose solver 'arpack' has 'krylov' in its place.
 * The way back has no formula: it is learned by kernel ridge regression, with the same kernel on components. O(n² d + n³), with 'krylov'
 * O(n² (d + k)), and memory for n² numbers.
 *
 * B. Schölkopf, A. Smola and K.-R. Müller, "Nonlinear component analysis as a kernel eigenvalue problem", Neural Computation (1998).
 * G. Bakır, J. Weston and B. Schölkopf, "Learning to find pre-images", NIPS (2004).
 */
export class KernelPCA implements Transformer {
  readonly options: KernelPCASettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: KernelPCAOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the components of the rows of `x` [n, d], or of a kernel matrix [n, n] with kernel 'precomputed'.
   *
   * @throws DataError if x holds missing, infinite or far too large numbers, the kernel is not positive semidefinite, or nothing
   * varies; ShapeError for more components than rows; OptionError if a kernel function is missing or not wanted
   */
  fit(x: MatrixLike, options: KernelPCAFitOptions = {}): KernelPCAModel {
    return runSteps(this.#steps(x, options, ['onProgress', 'kernelFunction']), options.onProgress);
  }

  /** The same with pauses for others. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: KernelPCAFitAsyncOptions = {}): Promise<KernelPCAModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'kernelFunction', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `KernelPCA { ${options.join(', ')} }`;
  }

  *#steps(x: MatrixLike, options: KernelPCAFitOptions, known: string[]): Steps<KernelPCAModel> {
    checkKnown('KernelPCA', options, known);
    const matrix = toMatrix('KernelPCA', x) as Matrix<Float64Array>;
    const { kernel, gamma, degree, coef0, nComponents, fitInverseTransform, alpha } = this.options;
    checkFit(this.options, matrix, options.kernelFunction);
    const { rows: n, columns: d } = matrix;
    const settings = { kernel, gamma: gamma ?? 1 / d, degree, coef0, kernelFunction: options.kernelFunction ?? null };
    yield;
    const table = yield* kernelTableSteps(settings, matrix);
    yield;
    const columnMeans = yield* center(table, n);
    yield;
    const { values, vectors } = yield* this.#eigen(table, n);
    checkSemidefinite(values, nComponents === null);
    yield;
    const keep =
      nComponents === null || this.options.removeZeroEig ? values.filter((v) => v > 0).length : values.length;
    if (keep === 0) throw new DataError('KernelPCA: the images of all rows of x are equal, so no component varies');
    turnRows(vectors, keep, n);

    const eigenvalues = values.slice(0, keep);
    const components = vectors.subarray(0, keep * n);
    return new FittedKernelPCA({
      ...settings,
      // -0 becomes 0, so that equal rows make equal models.
      xFit: kernel === 'precomputed' ? null : matrix.data.map((value) => value + 0),
      columns: d,
      eigenvalues,
      eigenvectors: Float64Array.from(
        { length: n * keep },
        (_, at) => components[(at % keep) * n + Math.floor(at / keep)]!,
      ),
      columnMeans,
      back: fitInverseTransform ? wayBack(settings, matrix, eigenvalues, components, alpha) : null,
    });
  }

  *#eigen(table: Float64Array, n: number): Steps<LeadingEigen> {
    const { eigenSolver, nComponents } = this.options;
    const k = nComponents ?? n;
    const isKrylov = eigenSolver === 'krylov' || (eigenSolver === 'auto' && n > 1000 && k < 10);
    return isKrylov ? yield* leadingEigen(table, n, k) : yield* largestEigen(table, n, k);
  }
}

/**
 * Takes off the means of rows and columns, and adds that of all; returns those of the columns as they were [n].
 * @throws DataError where the kernel overflows
 */
function* center(table: Float64Array, n: number): Steps<Float64Array> {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) means[j]! += table[i * n + j]!;
  let all = 0;
  for (let j = 0; j < n; j++) all += means[j]! /= n;
  all /= n;
  if (!(Math.abs(all) < Number.POSITIVE_INFINITY)) {
    throw new DataError('KernelPCA: the kernel of x overflows; divide x by a constant first');
  }
  yield;
  for (let i = 0; i < n; i++) {
    // The mean of row i is that of column i, but for rounding.
    for (let j = 0; j < n; j++) table[i * n + j] = table[i * n + j]! - means[j]! - means[i]! + all;
  }
  return means;
}

/**
 * Sets eigenvalues of rounding's size to 0.
 * @throws DataError if one is below 0 by more
 */
function checkSemidefinite(values: Float64Array, all: boolean): void {
  const [largest, least] = [values[0]!, values[values.length - 1]!];
  if (least < -Math.max(1e-5 * largest, 1e-10 * Math.abs(largest))) {
    const remedy = all
      ? '; give nComponents to keep only the first, or choose another kernel'
      : '; choose another kernel';
    throw new DataError(
      `KernelPCA: the kernel of x is not positive semidefinite, its eigenvalues go from ${digits(least)} to ${digits(largest)}${remedy}`,
    );
  }
  for (let c = 0; c < values.length; c++) if (values[c]! < 1e-12 * largest) values[c] = 0;
}

/** Ridge regression of the rows on their components: (K_z + α I) W = X. */
function wayBack(
  settings: Parameters<typeof kernelTable>[0],
  x: Matrix<Float64Array>,
  eigenvalues: Float64Array,
  vectors: Float64Array,
  alpha: number,
): { z: Float64Array; dual: Float64Array } {
  const n = x.rows;
  const k = eigenvalues.length;
  const z = new Float64Array(n * k);
  for (let c = 0; c < k; c++) {
    const scale = Math.sqrt(eigenvalues[c]!);
    for (let i = 0; i < n; i++) z[i * k + c] = vectors[c * n + i]! * scale;
  }
  const points = { data: z, rows: n, columns: k };
  const table = kernelTable(settings, points, null, points);
  for (let i = 0; i < n; i++) table[i * n + i]! += alpha;
  const l = cholesky(table, n);
  if (l === null) {
    throw new DataError(
      'KernelPCA: the way back cannot be learned, its equations have no solution; choose a larger alpha',
    );
  }
  return { z, dual: choleskySolve(l, n, x.data, x.columns) };
}

function checkFit(
  { kernel, nComponents, fitInverseTransform }: KernelPCASettings,
  { data, rows, columns }: Matrix,
  kernelFunction: KernelFunction | undefined,
): void {
  if (kernel === 'function' && typeof kernelFunction !== 'function') {
    const shown = show(kernelFunction);
    throw new OptionError(`KernelPCA: kernel 'function' needs a kernelFunction in the options of fit, got ${shown}`);
  }
  if (kernel !== 'function' && kernelFunction !== undefined) {
    throw new OptionError(`KernelPCA: kernelFunction needs kernel 'function', got ${show(kernel)}`);
  }
  if (nComponents !== null && nComponents > rows) {
    throw new ShapeError(`KernelPCA: nComponents is ${nComponents}, but the number of rows is ${rows}`);
  }
  if (kernel !== 'precomputed') return;
  if (fitInverseTransform) {
    throw new OptionError("KernelPCA: fitInverseTransform needs rows, but kernel 'precomputed' has none");
  }
  if (rows !== columns)
    throw new ShapeError(`KernelPCA: a precomputed kernel must be square, got [${rows}, ${columns}]`);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [data[i * rows + j]!, data[j * rows + i]!];
      if (Math.abs(a - b) <= 1e-8 * Math.max(Math.abs(a), Math.abs(b))) continue;
      throw new DataError(
        `KernelPCA: a precomputed kernel must be symmetric, but x[${i}, ${j}] is ${a} and x[${j}, ${i}] is ${b}`,
      );
    }
  }
}

function digits(value: number): string {
  return String(Number(value.toPrecision(6)));
}

const KNOWN = [
  'nComponents',
  'kernel',
  'gamma',
  'degree',
  'coef0',
  'alpha',
  'fitInverseTransform',
  'eigenSolver',
  'removeZeroEig',
];

function checkOptions(options: KernelPCAOptions): KernelPCASettings {
  checkKnown('KernelPCA', options, KNOWN);
  const { nComponents = null, kernel = 'linear', gamma = null, degree = 3, coef0 = 1, alpha = 1 } = options;
  const { fitInverseTransform = false, eigenSolver = 'auto', removeZeroEig = false } = options;
  if (nComponents !== null) checkInteger('KernelPCA', 'nComponents', nComponents, { min: 1 });
  checkOneOf('KernelPCA', 'kernel', kernel, KERNELS);
  if (gamma !== null) checkNumber('KernelPCA', 'gamma', gamma, { min: 0 });
  checkInteger('KernelPCA', 'degree', degree, { min: 0 });
  checkNumber('KernelPCA', 'coef0', coef0);
  checkNumber('KernelPCA', 'alpha', alpha, { min: 0 });
  checkBoolean('KernelPCA', 'fitInverseTransform', fitInverseTransform);
  checkOneOf('KernelPCA', 'eigenSolver', eigenSolver, ['auto', 'dense', 'krylov']);
  checkBoolean('KernelPCA', 'removeZeroEig', removeZeroEig);
  return Object.freeze({
    nComponents,
    kernel,
    gamma,
    degree,
    coef0,
    alpha,
    fitInverseTransform,
    eigenSolver,
    removeZeroEig,
  });
}
