import {
  checkInteger,
  checkKnown,
  checkNumber,
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
import { type Clusterer, type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';
import { checkExtent } from './extent.ts';
import { FittedMiniBatchKMeans, type MiniBatchKMeansModel } from './mini-batch-model.ts';
import { miniBatchSteps } from './mini-batch-steps.ts';
import { optionsText, warningsOf } from './text.ts';

export interface MiniBatchKMeansOptions {
  /** The number of clusters k; 8, or as many as `init` has centers. */
  nClusters?: number;
  /** Where the centers start: at rows far apart, at any rows, or at these centers [k, d]; 'k-means++'. */
  init?: 'k-means++' | 'random' | MatrixLike;
  /** The passes over x at most; 100. */
  maxIter?: number;
  /** The rows of a batch; 1024. */
  batchSize?: number;
  /** Stop when the squared shifts of the centers add up to at most this times the mean variance of the columns; 0: never; 0. */
  tol?: number;
  /** Stop when a running mean of J has not fallen for so many batches; null: never; 10. */
  maxNoImprovement?: number | null;
  /** The rows that starts are tried with; null: three times `batchSize`; null. */
  initSize?: number | null;
  /** The starts that are tried; the best goes on; 'auto': 3 for 'random', 1 for others. */
  nInit?: number | 'auto';
  /** Centers with less than this share of the rows of the largest cluster start anew at rows of the batch; 0.01. */
  reassignmentRatio?: number;
  /** What starts and batches are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type MiniBatchKMeansSettings = Readonly<
  Required<Omit<MiniBatchKMeansOptions, 'init' | 'seed'>> & {
    init: 'k-means++' | 'random' | readonly (readonly number[])[];
    seed: Seed | undefined;
  }
>;

const NAME = 'MiniBatchKMeans';

/**
 * k-means by batches: each step labels some rows drawn at random with their nearest centers, and moves each center to the
 * mean of all rows that it ever got,
 *
 *   μ_k ← (N_k μ_k + Σ wᵢ xᵢ) / (N_k + Σ wᵢ)     N_k ← N_k + Σ wᵢ
 *
 * It ends with a slightly higher J than `KMeans`, after a fraction of the time where rows are many. Options, defaults and
 * rules are those of scikit-learn, but for the random numbers. A step costs O(batchSize k d). The model takes further rows
 * by `update`.
 *
 * D. Sculley, "Web-scale k-means clustering", WWW (2010).
 */
export class MiniBatchKMeans implements Clusterer {
  readonly options: MiniBatchKMeansSettings;

  /** @throws OptionError, ShapeError or DataError for options that have no meaning */
  constructor(options: MiniBatchKMeansOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the clusters of the rows of `x` [n, d].
   * @throws DataError if x holds missing, infinite or far too large numbers, ShapeError if it has fewer than k rows
   */
  fit(x: MatrixLike, options: FitOptions = {}): MiniBatchKMeansModel {
    return runSteps(this.#steps(x, options, ['sampleWeight', 'onProgress']), options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: FitOptions = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<MiniBatchKMeansModel> {
    return runStepsAsync(this.#steps(x, options, ['sampleWeight', 'onProgress', 'signal']), options);
  }

  toString(): string {
    return optionsText(NAME, this.options);
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<MiniBatchKMeansModel> {
    checkKnown(NAME, options, known);
    const matrix = toMatrix(NAME, x, { keepFloat32: true });
    const { rows: n, columns: d } = matrix;
    const weights = checkSampleWeight(NAME, options.sampleWeight, n);
    const { nClusters: k, init } = this.options;
    if (typeof init !== 'string' && init[0]!.length !== d) {
      throw new ShapeError(`${NAME}: init is [${k}, ${init[0]!.length}], but x is [${n}, ${d}]`);
    }
    if (n < k) throw new ShapeError(`${NAME}: nClusters is ${k}, but the number of rows is ${n}`);
    checkExtent(NAME, matrix, n, typeof init === 'string' ? null : Float64Array.from(init.flat()));
    yield;
    const run = yield* miniBatchSteps(matrix, weights, this.options, streamFrom(this.options.seed));
    const centers = matrix.data instanceof Float32Array ? Float32Array.from(run.centers) : run.centers;
    return yield* FittedMiniBatchKMeans.labeling(
      { ...run, centers, columns: d, labels: new Int32Array(n), inertia: 0, warnings: [] },
      matrix,
      weights,
      (labels) => warningsOf(labels, k),
    );
  }
}

const KNOWN = [
  'nClusters',
  'init',
  'maxIter',
  'batchSize',
  'tol',
  'maxNoImprovement',
  'initSize',
  'nInit',
  'reassignmentRatio',
  'seed',
];

function checkOptions(options: MiniBatchKMeansOptions): MiniBatchKMeansSettings {
  checkKnown(NAME, options, KNOWN);
  const { init = 'k-means++', maxIter = 100, batchSize = 1024, tol = 0, maxNoImprovement = 10 } = options;
  const { initSize = null, nInit = 'auto', reassignmentRatio = 0.01, seed } = options;
  let start: MiniBatchKMeansSettings['init'];
  if (init === 'k-means++' || init === 'random') start = init;
  else if (typeof init !== 'object' || init === null) {
    throw new OptionError(`${NAME}: init must be 'k-means++', 'random' or the centers [k, d], got ${show(init)}`);
  } else {
    const { data, rows, columns } = toMatrix(NAME, init, { name: 'init' });
    start = Object.freeze(new Table(data, rows, columns).toArray().map((row) => Object.freeze(row)));
  }
  const nClusters = options.nClusters ?? (typeof start === 'string' ? 8 : start.length);
  checkInteger(NAME, 'nClusters', nClusters, { min: 1 });
  if (typeof start !== 'string' && start.length !== nClusters) {
    throw new ShapeError(`${NAME}: init has ${start.length} centers, but nClusters is ${nClusters}`);
  }
  checkInteger(NAME, 'maxIter', maxIter, { min: 1 });
  checkInteger(NAME, 'batchSize', batchSize, { min: 1 });
  checkNumber(NAME, 'tol', tol, { min: 0 });
  if (maxNoImprovement !== null) checkInteger(NAME, 'maxNoImprovement', maxNoImprovement, { min: 0 });
  if (initSize !== null) checkInteger(NAME, 'initSize', initSize, { min: 1 });
  if (nInit !== 'auto') checkInteger(NAME, 'nInit', nInit, { min: 1 });
  checkNumber(NAME, 'reassignmentRatio', reassignmentRatio, { min: 0, max: 1 });
  if (seed !== undefined) checkSeed(NAME, seed);
  const given = { nClusters, init: start, maxIter, batchSize, tol, maxNoImprovement, initSize, nInit };
  return Object.freeze({ ...given, reassignmentRatio, seed });
}
