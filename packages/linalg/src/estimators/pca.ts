import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkOneOf,
  checkSeed,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  type Seed,
  ShapeError,
  type Steps,
  show,
  streamFrom,
} from '@maru-ml/base';
import { type Matrix, type MatrixLike, Table, type Transformer, toMatrix } from '@maru-ml/tensor';
import { checkDeviations, columnMeans, columnVariances } from './moments.ts';
import { likelyDimension } from './pca-dimension.ts';
import { FittedPCA, type PCAModel } from './pca-model.ts';
import { fromCovariance, fromRandomColumns, fromSingularValues, type Spectrum } from './pca-solvers.ts';
import { turnRows } from './signs.ts';

export interface PCAOptions {
  /** How many components to keep: a number, the share of the variance to explain (0 to 1), 'mle' (Minka), or all; null. */
  nComponents?: number | 'mle' | null;
  /** Whether `transform` divides the components by their standard deviations; false. */
  whiten?: boolean;
  /** How the components are found; 'auto': 'covarianceEigh' for many rows, 'randomized' for few components of much, else 'full'. */
  svdSolver?: 'auto' | 'full' | 'covarianceEigh' | 'randomized';
  /** Multiplications with x and xᵀ of the randomized solver; 'auto': 7 for less than a tenth of all components, else 4. */
  iteratedPower?: number | 'auto';
  /** Random columns of the randomized solver beyond the number of components; 10. */
  nOversamples?: number;
  /** What the randomized solver draws with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type PCASettings = Readonly<Required<Omit<PCAOptions, 'seed'>> & { seed: Seed | undefined }>;

/**
 * Principal component analysis: the orthonormal directions v₁, v₂, … in which rows x of mean m vary most,
 *
 *   maximize vᵀ C v  under vᵀv = 1 and v ⟂ v₁, v₂, …,  C = Σᵢ (xᵢ - m)(xᵢ - m)ᵀ / (n - 1) = V Λ Vᵀ,
 *
 * where λⱼ is the variance along vⱼ, and λⱼ / Σλ its contribution ratio. Options, defaults and signs (the element of largest
 * size of a component is positive) are those of scikit-learn 1.5 and later; its solver 'arpack' is left out, since
 * 'covarianceEigh' is faster where there are few columns and 'randomized' where there are many.
 *
 * Solvers: 'covarianceEigh' decomposes C in O(n d² + d³), without a copy of x; 'full' the centered rows in O(n d min(n, d)),
 * which keeps directions whose variance is less than 1e-16 of the largest; 'randomized' finds the first k in O(n d k), without a
 * copy of x. All compute in float64; rows of float32 stay in float32, and so do components and what `transform` makes.
 *
 * K. Pearson, "On lines and planes of closest fit to systems of points in space", Philosophical Magazine (1901).
 * T. Minka, "Automatic choice of dimensionality for PCA", NIPS (2000). M. Tipping and C. Bishop, "Probabilistic principal
 * component analysis", JRSS B (1999). N. Halko et al., "Finding structure with randomness", SIAM Review (2011).
 */
export class PCA implements Transformer {
  readonly options: PCASettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: PCAOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the components of the rows of `x` [n, d], n ≥ 2.
   *
   * @throws DataError if x holds missing, infinite, far too large or far too small numbers, ShapeError if it has one row, or
   * fewer rows or columns than `nComponents`
   */
  fit(x: MatrixLike, options: FitOptions = {}): PCAModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The same with pauses for others. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<PCAModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `PCA { ${options.join(', ')} }`;
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<PCAModel> {
    checkKnown('PCA', options, known);
    const matrix = toMatrix('PCA', x, { keepFloat32: true });
    const solver = solverFor(this.options, matrix);
    checkFit(this.options, solver, matrix);
    yield;
    const mean = yield* columnMeans(matrix);
    const spectrum = yield* this.#decompose(solver, matrix, mean);
    checkDeviations('PCA', spectrum.total * (matrix.rows - 1), matrix.data, matrix.columns);

    const most = Math.min(matrix.rows, matrix.columns);
    const k = countComponents(this.options.nComponents, spectrum, most, matrix.rows);
    const components = spectrum.components.slice(0, k * matrix.columns);
    turnRows(components, k, matrix.columns);
    return new FittedPCA({
      components: new Table(
        matrix.data instanceof Float32Array ? Float32Array.from(components) : components,
        k,
        matrix.columns,
      ),
      mean,
      explainedVariance: spectrum.variances.slice(0, k),
      totalVariance: spectrum.total,
      noiseVariance: noise(spectrum, k, most),
      nSamples: matrix.rows,
      whiten: this.options.whiten,
      svdSolver: solver,
    });
  }

  *#decompose(solver: Solver, matrix: Matrix, mean: Float64Array): Steps<Spectrum> {
    if (solver === 'covarianceEigh') return yield* fromCovariance(matrix, mean);
    if (solver === 'full') return yield* fromSingularValues(matrix, mean);
    const { nComponents, iteratedPower, nOversamples, seed } = this.options;
    const most = Math.min(matrix.rows, matrix.columns);
    const k = nComponents === null ? most : (nComponents as number);
    const nIter = iteratedPower !== 'auto' ? iteratedPower : k < 0.1 * most ? 7 : 4;
    const variances = yield* columnVariances(matrix, mean);
    return yield* fromRandomColumns(matrix, mean, variances, k, { nIter, nOversamples, random: streamFrom(seed) });
  }
}

type Solver = Exclude<PCASettings['svdSolver'], 'auto'>;

/** The solver that 'auto' stands for, by the rules of scikit-learn. */
function solverFor({ svdSolver, nComponents }: PCASettings, { rows, columns }: Matrix): Solver {
  if (svdSolver !== 'auto') return svdSolver;
  if (columns <= 1000 && rows >= 10 * columns) return 'covarianceEigh';
  if (Math.max(rows, columns) <= 500 || typeof nComponents !== 'number') return 'full';
  return nComponents >= 1 && nComponents < 0.8 * Math.min(rows, columns) ? 'randomized' : 'full';
}

function checkFit({ nComponents: k }: PCASettings, solver: Solver, { rows, columns }: Matrix): void {
  if (rows < 2) throw new ShapeError('PCA: x has 1 row, but variances need at least 2');
  const shape = `x is [${rows}, ${columns}]`;
  if (k === 'mle' && rows < columns) {
    throw new ShapeError(`PCA: nComponents 'mle' needs as many rows as columns, but ${shape}`);
  }
  if (typeof k === 'number' && k > Math.min(rows, columns)) {
    throw new ShapeError(`PCA: nComponents is ${k}, but ${shape}, which has at most ${Math.min(rows, columns)}`);
  }
  if (solver === 'randomized' && (k === 'mle' || (k !== null && k < 1))) {
    throw new OptionError(
      `PCA: nComponents ${show(k)} needs all variances; choose svdSolver 'full' or 'covarianceEigh', not 'randomized'`,
    );
  }
}

/** The number of components that `nComponents` asks for. */
function countComponents(wanted: PCASettings['nComponents'], spectrum: Spectrum, most: number, n: number): number {
  const { variances, total } = spectrum;
  if (wanted === null) return most;
  if (wanted === 'mle') return likelyDimension(variances.subarray(0, most), n);
  if (wanted >= 1) return wanted;
  // The smallest number that explains more than the share, as scikit-learn has it; of equal rows the first explains all there is.
  let k = 1;
  let explained = variances[0]!;
  while (k < most && total > 0 && explained / total <= wanted) explained += variances[k++]!;
  return k;
}

/** The mean variance of the components that are left out: σ² of probabilistic PCA. */
function noise({ variances, total }: Spectrum, k: number, most: number): number {
  if (k >= most) return 0;
  let rest = 0;
  if (variances.length >= most) for (let i = k; i < most; i++) rest += variances[i]!;
  else {
    rest = total;
    for (let i = 0; i < k; i++) rest -= variances[i]!;
  }
  return Math.max(0, rest) / (most - k);
}

const KNOWN = ['nComponents', 'whiten', 'svdSolver', 'iteratedPower', 'nOversamples', 'seed'];

function checkOptions(options: PCAOptions): PCASettings {
  checkKnown('PCA', options, KNOWN);
  const { nComponents = null, whiten = false, svdSolver = 'auto', iteratedPower = 'auto', seed } = options;
  const { nOversamples = 10 } = options;
  const isShare = typeof nComponents === 'number' && nComponents > 0 && nComponents < 1;
  const isCount = Number.isInteger(nComponents) && (nComponents as number) >= 1;
  if (!(nComponents === null || nComponents === 'mle' || isShare || isCount)) {
    throw new OptionError(
      `PCA: nComponents must be an integer ≥ 1, a share between 0 and 1, 'mle' or null, got ${show(nComponents)}`,
    );
  }
  checkBoolean('PCA', 'whiten', whiten);
  checkOneOf('PCA', 'svdSolver', svdSolver, ['auto', 'full', 'covarianceEigh', 'randomized']);
  if (iteratedPower !== 'auto') checkInteger('PCA', 'iteratedPower', iteratedPower, { min: 0 });
  checkInteger('PCA', 'nOversamples', nOversamples, { min: 0 });
  if (seed !== undefined) checkSeed('PCA', seed);
  return Object.freeze({ nComponents, whiten, svdSolver, iteratedPower, nOversamples, seed });
}
