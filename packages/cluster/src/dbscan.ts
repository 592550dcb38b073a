import {
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
import { type Clusterer, type Matrix, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { type DBSCANModel, FittedDBSCAN } from './dbscan-model.ts';
import { checkExtent } from './extent.ts';
import { checkPairs } from './square.ts';
import { optionsText } from './text.ts';
import { gridVicinity, type Vicinity, type VicinityMetric, vicinityOfDistances } from './vicinity.ts';

export interface DBSCANOptions {
  /** Rows at most so far apart are neighbors; 0.5. */
  eps?: number;
  /** The neighbors, itself among them, that make a row a core row (by weight, where rows have weights); 5. */
  minSamples?: number;
  /** How distances are measured; 'precomputed': x holds them [n, n]; 'euclidean'. */
  metric?: VicinityMetric;
}

/** The options with their defaults. */
export type DBSCANSettings = Readonly<Required<DBSCANOptions>>;

const NAME = 'DBSCAN';

/**
 * Density-based clustering: a row with at least `minSamples` neighbors within `eps` is a core row; core rows that are
 * neighbors share a cluster, their other neighbors (border rows) join it, and what is left is noise, labeled -1. Clusters
 * may have any shape and are numbered by their first core row; a border row near several goes to the first of them. These
 * are the labels of scikit-learn.
 *
 * Neighbors are found by a grid over the widest columns and united by a forest of disjoint sets, so that no lists of
 * neighbors are kept: memory O(n d), time O(n) times the rows in the cells around one, at worst O(n² d).
 *
 * M. Ester, H.-P. Kriegel, J. Sander and X. Xu, "A density-based algorithm for discovering clusters", KDD (1996).
 */
export class DBSCAN implements Clusterer {
  readonly options: DBSCANSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: DBSCANOptions = {}) {
    checkKnown(NAME, options, ['eps', 'minSamples', 'metric']);
    const { eps = 0.5, minSamples = 5, metric = 'euclidean' } = options;
    checkNumber(NAME, 'eps', eps, { above: 0 });
    checkInteger(NAME, 'minSamples', minSamples, { min: 1 });
    checkOneOf(NAME, 'metric', metric, ['euclidean', 'manhattan', 'chebyshev', 'precomputed']);
    if (metric === 'euclidean' && eps * eps < 2 ** -970) {
      throw new OptionError(`${NAME}: eps must be at least 1e-146, got ${eps}; multiply x and eps by a constant first`);
    }
    this.options = Object.freeze({ eps, minSamples, metric });
    readable(this);
  }

  /**
   * Labels the rows of `x` [n, d].
   * @throws DataError if x holds missing, infinite or far too large numbers
   */
  fit(x: MatrixLike, options: FitOptions = {}): DBSCANModel {
    return runSteps(this.#steps(x, options, ['sampleWeight', 'onProgress']), options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: FitOptions = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<DBSCANModel> {
    return runStepsAsync(this.#steps(x, options, ['sampleWeight', 'onProgress', 'signal']), options);
  }

  toString(): string {
    return optionsText(NAME, this.options);
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<DBSCANModel> {
    checkKnown(NAME, options, known);
    const matrix = toMatrix(NAME, x) as Matrix<Float64Array>;
    const weights = checkSampleWeight(NAME, options.sampleWeight, matrix.rows);
    const vicinity = yield* vicinityOf(matrix, this.options);
    const core = yield* coreRows(vicinity, matrix.rows, weights, this.options.minSamples);
    const labels = yield* labelsOf(vicinity, core);
    const coreSampleIndices = Int32Array.from(core.keys()).filter((i) => core[i] === 1);
    return new FittedDBSCAN({ labels, coreSampleIndices, columns: matrix.columns });
  }
}

function* vicinityOf(matrix: Matrix<Float64Array>, { eps, metric }: DBSCANSettings): Steps<Vicinity> {
  if (metric === 'precomputed') {
    yield* checkPairs(NAME, matrix, 'distances');
    return vicinityOfDistances(matrix, eps);
  }
  // Only beside an infinite limit do distances that overflow count as near.
  if (metric === 'euclidean' && eps * eps === Number.POSITIVE_INFINITY) checkExtent(NAME, matrix);
  return yield* gridVicinity(matrix, eps, metric);
}

/** Which rows have neighbors of at least the weight `minSamples` [n]: 1 or 0. */
function* coreRows(vicinity: Vicinity, n: number, weights: Float64Array | null, minSamples: number): Steps<Uint8Array> {
  const sums = new Float64Array(n);
  yield* vicinity.pairs(
    () => true,
    (i, j) => {
      sums[i]! += weights === null ? 1 : weights[j]!;
    },
  );
  return Uint8Array.from(sums, (sum) => (sum >= minSamples ? 1 : 0));
}

/** Numbers the sets of core rows that neighbors connect, and gives border rows the first number around them. */
function* labelsOf(vicinity: Vicinity, core: Uint8Array): Steps<Int32Array> {
  const n = core.length;
  // Each row points to one before it in its set, or to itself: the first of the set.
  const parents = Int32Array.from(core.keys());
  yield* vicinity.pairs(
    (i) => core[i] === 1,
    (i, j) => {
      if (j >= i || core[j] === 0) return;
      const [a, b] = [firstOf(parents, i), firstOf(parents, j)];
      if (a < b) parents[b] = a;
      else parents[a] = b;
    },
  );
  const labels = new Int32Array(n).fill(-1);
  let clusters = 0;
  for (let i = 0; i < n; i++) {
    if (core[i] === 0) continue;
    const first = firstOf(parents, i);
    labels[i] = first === i ? clusters++ : labels[first]!;
  }
  yield* vicinity.pairs(
    (i) => core[i] === 0,
    (i, j) => {
      if (core[j] === 1 && (labels[i] === -1 || labels[j]! < labels[i]!)) labels[i] = labels[j]!;
    },
  );
  return labels;
}

function firstOf(parents: Int32Array, row: number): number {
  let i = row;
  while (parents[i] !== i) {
    parents[i] = parents[parents[i]!]!;
    i = parents[i]!;
  }
  return i;
}
