import {
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
import { log } from '@maru-ml/kernels/scalar';
import { type Matrix, type MatrixLike, type Transformer, toMatrix } from '@maru-ml/tensor';
import { transposed } from '../dense/transpose.ts';
import { type FactorAnalysisModel, FittedFactorAnalysis } from './factor-analysis-model.ts';
import { maximumLikelihood, principalFactors } from './factor-extraction.ts';
import { checkDeviations, columnMeans, scatter } from './moments.ts';
import { rotated } from './rotation.ts';
import { turnRows } from './signs.ts';

export interface FactorAnalysisOptions {
  /** The number of factors; as many as columns: null. */
  nComponents?: number | null;
  /** Maximum likelihood ('ml'), or iterated principal factors of the correlations; 'ml'. */
  method?: 'ml' | 'principal';
  /** Stop when the log-likelihood grows, or communalities change, by less than this; 'auto': 1e-2 for 'ml', 1e-8 for 'principal'. */
  tol?: number | 'auto';
  /** The most iterations; 1000. */
  maxIter?: number;
  /** The first noise variances of 'ml' [d]; ones: null. */
  noiseVarianceInit?: ArrayLike<number> | null;
  /** How factors are rotated; not: null. */
  rotation?: 'varimax' | 'quartimax' | null;
}

/** The options with their defaults. */
export type FactorAnalysisSettings = Readonly<
  Required<Omit<FactorAnalysisOptions, 'noiseVarianceInit'>> & { noiseVarianceInit: readonly number[] | null }
>;

/**
 * Factor analysis: columns depend on k factors h and on noise ε of their own,
 *
 *   x = m + Wᵀ h + ε,   h ~ N(0, I),   ε ~ N(0, Ψ) with Ψ diagonal,   so that   cov x = Wᵀ W + Ψ.
 *
 * 'ml' maximizes the likelihood as scikit-learn does, but takes eigenvectors of the covariance where that takes singular vectors of the
 * rows, so that an iteration costs O(d³) for any number of rows and there is no `svdMethod`; and its likelihoods are exact also where
 * a factor carries nothing (scikit-learn counts log λ + 1 for an eigenvalue λ < 1, where λ is right, and may stop too soon).
 * 'principal' is the classical way through the correlations, with the numbers of statsmodels. Factors are found up to a
 * rotation only: 'varimax' makes them readable. Their element of largest size is positive. O(n d² + nIter d³).
 *
 * D. Lawley and A. Maxwell, *Factor Analysis as a Statistical Method* (1971). D. Barber, *Bayesian Reasoning and Machine Learning*,
 * algorithm 21.1 (2012). C. Bishop, *Pattern Recognition and Machine Learning*, section 12.2.4 (2006).
 */
export class FactorAnalysis implements Transformer {
  readonly options: FactorAnalysisSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: FactorAnalysisOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the factors of the rows of `x` [n, d], n ≥ 2.
   *
   * @throws DataError if x holds missing, infinite, far too large or far too small numbers, or all rows are equal; ShapeError if it has
   * one row, or fewer columns than `nComponents`
   */
  fit(x: MatrixLike, options: FitOptions = {}): FactorAnalysisModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The same with pauses for others. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<FactorAnalysisModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `FactorAnalysis { ${options.join(', ')} }`;
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<FactorAnalysisModel> {
    checkKnown('FactorAnalysis', options, known);
    const matrix = toMatrix('FactorAnalysis', x, { keepFloat32: true });
    const k = checkFit(this.options, matrix);
    const { method, tol, maxIter, noiseVarianceInit, rotation } = this.options;
    const { rows: n, columns: d } = matrix;
    yield;
    const mean = yield* columnMeans(matrix);
    const covariance = yield* scatter(matrix, mean);
    let squares = 0;
    for (let j = 0; j < d; j++) squares += covariance[j * d + j]!;
    checkDeviations('FactorAnalysis', squares, matrix.data, d);
    if (squares === 0) throw new DataError('FactorAnalysis: all rows of x are equal, so there is nothing to explain');

    // In columns of variance 1, so that their units do not matter; constant ones stay 0.
    const units = Float64Array.from({ length: d }, (_, j) => Math.sqrt(covariance[j * d + j]! / n) || 1);
    const r = covariance.map((value, at) => value / n / units[Math.floor(at / d)]! / units[at % d]!);
    const settings = { k, maxIter, tol: tol !== 'auto' ? tol : method === 'ml' ? 1e-2 : 1e-8 };
    const start = units.map((unit, j) => (noiseVarianceInit?.[j] ?? 1) / (unit * unit));
    const logVolume = units.reduce((sum, unit) => sum + 2 * log(unit), 0);
    const found =
      method === 'ml'
        ? yield* maximumLikelihood(r, start, n, logVolume, settings)
        : yield* principalFactors(r, settings);

    let components: Float64Array = found.components.map((value, at) => value * units[at % d]!);
    if (rotation !== null) {
      const loadings = rotated(transposed(components, k, d), d, k, { method: rotation, tol: 1e-6, maxIter: 100 });
      components = transposed(loadings, d, k);
    }
    turnRows(components, k, d);
    return new FittedFactorAnalysis({
      components,
      mean,
      noiseVariance: found.uniquenesses.map((value, j) => value * units[j]! * units[j]!),
      loglike: Float64Array.from(found.loglike),
      nIter: found.nIter,
      converged: found.converged,
    });
  }
}

/** The number of factors. */
function checkFit({ nComponents, noiseVarianceInit }: FactorAnalysisSettings, { rows, columns }: Matrix): number {
  if (rows < 2) throw new ShapeError('FactorAnalysis: x has 1 row, but variances need at least 2');
  const has = `x has ${columns} ${columns === 1 ? 'column' : 'columns'}`;
  if (nComponents !== null && nComponents > columns) {
    throw new ShapeError(`FactorAnalysis: nComponents is ${nComponents}, but ${has}`);
  }
  if (noiseVarianceInit !== null && noiseVarianceInit.length !== columns) {
    throw new ShapeError(`FactorAnalysis: noiseVarianceInit has ${noiseVarianceInit.length} numbers, but ${has}`);
  }
  return nComponents ?? columns;
}

const KNOWN = ['nComponents', 'method', 'tol', 'maxIter', 'noiseVarianceInit', 'rotation'];

function checkOptions(options: FactorAnalysisOptions): FactorAnalysisSettings {
  checkKnown('FactorAnalysis', options, KNOWN);
  const { nComponents = null, method = 'ml', tol = 'auto', maxIter = 1000, rotation = null } = options;
  if (nComponents !== null) checkInteger('FactorAnalysis', 'nComponents', nComponents, { min: 1 });
  checkOneOf('FactorAnalysis', 'method', method, ['ml', 'principal']);
  if (tol !== 'auto') checkNumber('FactorAnalysis', 'tol', tol, { min: 0 });
  checkInteger('FactorAnalysis', 'maxIter', maxIter, { min: 1 });
  if (rotation !== null) checkOneOf('FactorAnalysis', 'rotation', rotation, ['varimax', 'quartimax']);
  const noiseVarianceInit = checkNoise(options.noiseVarianceInit ?? null);
  return Object.freeze({ nComponents, method, tol, maxIter, noiseVarianceInit, rotation });
}

function checkNoise(noise: unknown): readonly number[] | null {
  if (noise === null) return null;
  if (typeof noise !== 'object' || typeof (noise as ArrayLike<unknown>).length !== 'number') {
    throw new OptionError(`FactorAnalysis: noiseVarianceInit must be an array of numbers or null, got ${show(noise)}`);
  }
  const list = Array.from(noise as ArrayLike<unknown>);
  for (const [j, value] of list.entries()) {
    checkNumber('FactorAnalysis', `noiseVarianceInit[${j}]`, value, { above: 0 });
  }
  return Object.freeze(list as number[]);
}
