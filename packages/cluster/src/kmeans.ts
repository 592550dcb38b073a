import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
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
import { triedColumns } from '@maru-ml/kernels/kmeans';
import { type Clusterer, type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';
import { FittedKMeans, type KMeansModel } from './kmeans-model.ts';
import { trialsOf } from './kmeans-start.ts';
import { bestOfStarts } from './kmeans-steps.ts';
import { Points } from './points.ts';
import { optionsText, warningsOf } from './text.ts';

export interface KMeansOptions {
  /** The number of clusters k; 8, or as many as `init` has centers. */
  nClusters?: number;
  /** Where the centers start: at rows far apart, at any rows, or at these centers [k, d]; 'k-means++'. */
  init?: 'k-means++' | 'random' | MatrixLike;
  /** The number of starts, of which the best is kept; 'auto': 10 for 'random', 1 for 'k-means++'. Given centers start once. */
  nInit?: number | 'auto';
  /** The most iterations of a start; 300. */
  maxIter?: number;
  /** Stop when the squared shifts of the centers add up to at most this times the mean variance of the columns; 1e-4. */
  tol?: number;
  /** A center that no row is nearest to starts anew at the row that is farthest from its center, or is removed; 'reinit'. */
  emptyCluster?: 'reinit' | 'remove';
  /** What the starts are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type KMeansSettings = Readonly<
  Required<Omit<KMeansOptions, 'init' | 'seed'>> & {
    init: 'k-means++' | 'random' | readonly (readonly number[])[];
    seed: Seed | undefined;
  }
>;

/**
 * k-means: finds k centers μ and a label c(i) for each row xᵢ, of weight wᵢ, such that the inertia
 *
 *   J = Σᵢ wᵢ ‖xᵢ - μ_c(i)‖²
 *
 * is small, by Lloyd's algorithm: label each row with its nearest center, move each center to the mean of its rows, and so on
 * until nothing changes. J never rises, and ends in a local minimum that depends on the start. Options and defaults are those
 * of scikit-learn. An iteration costs O(n k d).
 *
 * S. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory (1982).
 * D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA (2007).
 */
export class KMeans implements Clusterer {
  readonly options: KMeansSettings;

  /** @throws OptionError, ShapeError or DataError for options that have no meaning */
  constructor(options: KMeansOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the clusters of the rows of `x` [n, d]. Float32 numbers are computed with as they are, all others as float64.
   *
   * @throws DataError if x holds missing, infinite or far too large numbers, ShapeError if it has fewer than k rows
   */
  fit(x: MatrixLike, options: FitOptions = {}): KMeansModel {
    return runSteps(this.#steps(x, options, ['sampleWeight', 'onProgress']), options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: FitOptions = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<KMeansModel> {
    return runStepsAsync(this.#steps(x, options, ['sampleWeight', 'onProgress', 'signal']), options);
  }

  toString(): string {
    return optionsText('KMeans', this.options);
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<KMeansModel> {
    checkKnown('KMeans', options, known);
    const matrix = toMatrix('KMeans', x, { keepFloat32: true });
    const weights = checkSampleWeight('KMeans', options.sampleWeight, matrix.rows);
    checkFit(this.options, matrix.rows, matrix.columns, weights);
    yield;
    const { init, nClusters } = this.options;
    const points = new Points(matrix, weights, init === 'k-means++' ? triedColumns(trialsOf(nClusters)) : 0);
    try {
      yield* points.take(matrix);
      const { nInit } = this.options;
      const given = typeof init === 'string' ? init : points.rounded(init.flat());
      const starts = typeof init !== 'string' ? 1 : nInit !== 'auto' ? nInit : init === 'random' ? 10 : 1;
      const random = typeof init === 'string' ? streamFrom(this.options.seed) : null;
      const run = yield* bestOfStarts(points, { ...this.options, init: given, starts }, random);
      const centers = points.isFloat32 ? Float32Array.from(run.centers) : run.centers;
      return new FittedKMeans({ ...run, centers, columns: points.d, warnings: warningsOf(run.labels, nClusters) });
    } finally {
      points.free();
    }
  }
}

const KNOWN = ['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'emptyCluster', 'seed'];

function checkOptions(options: KMeansOptions): KMeansSettings {
  checkKnown('KMeans', options, KNOWN);
  const { init = 'k-means++', nInit = 'auto', maxIter = 300, tol = 1e-4, emptyCluster = 'reinit', seed } = options;
  const start = checkInit(init);
  const nClusters = options.nClusters ?? (typeof start === 'string' ? 8 : start.length);
  checkInteger('KMeans', 'nClusters', nClusters, { min: 1 });
  if (typeof start !== 'string' && start.length !== nClusters) {
    throw new ShapeError(`KMeans: init has ${start.length} centers, but nClusters is ${nClusters}`);
  }
  if (nInit !== 'auto') checkInteger('KMeans', 'nInit', nInit, { min: 1 });
  checkInteger('KMeans', 'maxIter', maxIter, { min: 1 });
  checkNumber('KMeans', 'tol', tol, { min: 0 });
  checkOneOf('KMeans', 'emptyCluster', emptyCluster, ['reinit', 'remove']);
  if (seed !== undefined) checkSeed('KMeans', seed);
  return Object.freeze({ nClusters, init: start, nInit, maxIter, tol, emptyCluster, seed });
}

/** The start, given centers as frozen rows. */
function checkInit(init: unknown): KMeansSettings['init'] {
  if (init === 'k-means++' || init === 'random') return init;
  if (typeof init !== 'object' || init === null) {
    throw new OptionError(`KMeans: init must be 'k-means++', 'random' or the centers [k, d], got ${show(init)}`);
  }
  const { data, rows, columns } = toMatrix('KMeans', init as MatrixLike, { name: 'init' });
  return Object.freeze(new Table(data, rows, columns).toArray().map((row) => Object.freeze(row)));
}

function checkFit(settings: KMeansSettings, rows: number, columns: number, weights: Float64Array | null): void {
  const { nClusters: k, init } = settings;
  if (typeof init !== 'string' && init[0]!.length !== columns) {
    throw new ShapeError(`KMeans: init is [${k}, ${init[0]!.length}], but x is [${rows}, ${columns}]`);
  }
  const usable = weights === null ? rows : weights.filter((weight) => weight > 0).length;
  if (usable < k) {
    const which = weights === null ? '' : ' that weigh something';
    throw new ShapeError(`KMeans: nClusters is ${k}, but the number of rows${which} is ${usable}`);
  }
}
