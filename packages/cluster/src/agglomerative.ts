import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
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
import { type Clusterer, type Matrix, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { type AgglomerativeClusteringModel, FittedAgglomerativeClustering } from './agglomerative-model.ts';
import { connectedTree } from './connected-tree.ts';
import { cutTree } from './cut.ts';
import { checkExtent } from './extent.ts';
import { chainTree, type Linkage, type MergeTree } from './merge-tree.ts';
import { type PairMetric, rulerOf } from './pair-distances.ts';
import { spanningTree } from './spanning-tree.ts';
import { checkPairs } from './square.ts';
import { optionsText } from './text.ts';

export interface AgglomerativeClusteringOptions {
  /** The number of clusters; null: as `distanceThreshold` says; 2, or null beside a threshold. */
  nClusters?: number | null;
  /** Clusters so far apart, or farther, are not merged; null. */
  distanceThreshold?: number | null;
  /** How far two clusters are apart: what their union adds to J ('ward'), or their farthest, mean or nearest rows; 'ward'. */
  linkage?: Linkage;
  /** How rows are measured; 'precomputed': x holds their distances [n, n]. 'ward' needs 'euclidean'; 'euclidean'. */
  metric?: PairMetric;
  /** The pairs of rows [i, j] whose clusters may be merged; null: all. */
  connectivity?: readonly (readonly [number, number])[] | null;
}

/** The options with their defaults. */
export type AgglomerativeClusteringSettings = Readonly<Required<AgglomerativeClusteringOptions>>;

const NAME = 'AgglomerativeClustering';

/**
 * Agglomerative clustering: each row begins as a cluster, and the two nearest are merged until there is one; the tree of
 * merges is cut where k clusters are left. Distances between clusters:
 *
 *   ward      √(2 |A| |B| / (|A| + |B|)) ‖mean A - mean B‖, which keeps J of k-means low
 *   complete  the largest distance of two rows        average   the mean of all distances
 *   single    the smallest, which follows chains
 *
 * Trees, distances and labels are those of SciPy and scikit-learn. Chains of nearest neighbors find them in O(n²) time with
 * 4 n² bytes; 'single' takes a minimum spanning tree and O(n) memory; with `connectivity` only pairs that may merge are kept.
 *
 * D. Müllner, "Modern hierarchical, agglomerative clustering algorithms", arXiv:1109.2378 (2011).
 */
export class AgglomerativeClustering implements Clusterer {
  readonly options: AgglomerativeClusteringSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: AgglomerativeClusteringOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Merges the rows of `x` [n, d].
   *
   * @throws DataError if x holds missing, infinite or far too large numbers, too many rows for their distances, or parts
   * that `connectivity` leaves apart; ShapeError if it has fewer than k rows
   */
  fit(x: MatrixLike, options: Omit<FitOptions, 'sampleWeight'> = {}): AgglomerativeClusteringModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: Omit<FitOptions, 'sampleWeight'> = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<AgglomerativeClusteringModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    return optionsText(NAME, this.options);
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<AgglomerativeClusteringModel> {
    checkKnown(NAME, options, known);
    const matrix = toMatrix(NAME, x) as Matrix<Float64Array>;
    const { nClusters, distanceThreshold, linkage, metric } = this.options;
    const { rows: n, columns } = matrix;
    // Means of distances are made of sums.
    if (metric === 'precomputed') yield* checkPairs(NAME, matrix, 'distances', linkage === 'average' ? n : 1);
    if (n < (nClusters ?? 1))
      throw new ShapeError(`${NAME}: nClusters is ${nClusters}, but the number of rows is ${n}`);
    // Ward's sums of squares grow with the number of rows.
    if (metric !== 'precomputed') checkExtent(NAME, matrix, columns * n);
    yield;
    const { children, distances } = yield* treeOf(matrix, this.options);
    const k = nClusters ?? distances.reduce((sum, distance) => sum + (distance >= distanceThreshold! ? 1 : 0), 1);
    return new FittedAgglomerativeClustering({ labels: cutTree(children, k), children, distances, columns });
  }
}

function* treeOf(matrix: Matrix<Float64Array>, settings: AgglomerativeClusteringSettings): Steps<MergeTree> {
  const { linkage, metric, connectivity } = settings;
  const ruler = rulerOf(NAME, matrix, metric);
  if (connectivity !== null) {
    const row = new Float64Array(matrix.rows);
    const distance = (i: number, j: number) => {
      ruler.measure(i, i + 1, j, row);
      return row[0]!;
    };
    const pairs = checkedPairs(connectivity, matrix.rows);
    return yield* connectedTree(NAME, matrix, pairs, linkage, distance);
  }
  // scikit-learn writes the nodes of single linkage as they are found, unless SciPy finds them.
  if (linkage === 'single') return yield* spanningTree(ruler, metric === 'precomputed' || metric === 'cosine');
  return yield* chainTree(NAME, ruler, linkage);
}

function checkedPairs(connectivity: readonly (readonly [number, number])[], n: number): Int32Array {
  const pairs = Int32Array.from(connectivity.flat());
  const at = pairs.findIndex((row) => row >= n);
  if (at === -1) return pairs;
  throw new ShapeError(`${NAME}: connectivity[${at >> 1}] names row ${pairs[at]}, but x has ${n} rows`);
}

const KNOWN = ['nClusters', 'distanceThreshold', 'linkage', 'metric', 'connectivity'];

function checkOptions(options: AgglomerativeClusteringOptions): AgglomerativeClusteringSettings {
  checkKnown(NAME, options, KNOWN);
  const { distanceThreshold = null, linkage = 'ward', metric = 'euclidean', connectivity = null } = options;
  const { nClusters = distanceThreshold === null ? 2 : null } = options;
  if (nClusters !== null) checkInteger(NAME, 'nClusters', nClusters, { min: 1 });
  if (distanceThreshold !== null) checkNumber(NAME, 'distanceThreshold', distanceThreshold, { min: 0 });
  if ((nClusters === null) === (distanceThreshold === null)) {
    const came = nClusters === null ? 'neither' : 'both';
    throw new OptionError(`${NAME}: one of nClusters and distanceThreshold must be given, got ${came}`);
  }
  checkOneOf(NAME, 'linkage', linkage, ['ward', 'complete', 'average', 'single']);
  checkOneOf(NAME, 'metric', metric, ['euclidean', 'manhattan', 'cosine', 'precomputed']);
  if (linkage === 'ward' && metric !== 'euclidean') {
    throw new OptionError(`${NAME}: linkage 'ward' needs metric 'euclidean', got '${metric}'; take another linkage`);
  }
  const pairs = connectivity === null ? null : checkConnectivity(connectivity);
  return Object.freeze({ nClusters, distanceThreshold, linkage, metric, connectivity: pairs });
}

/** The pairs as frozen arrays. */
function checkConnectivity(
  connectivity: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  if (!Array.isArray(connectivity)) {
    throw new OptionError(`${NAME}: connectivity must be pairs of rows [i, j] or null, got ${show(connectivity)}`);
  }
  const isRow = (row: unknown) => Number.isInteger(row) && (row as number) >= 0 && (row as number) < 2 ** 31;
  return Object.freeze(
    Array.from(connectivity, (pair: readonly [number, number], at) => {
      if (Array.isArray(pair) && pair.length === 2 && pair.every(isRow))
        return Object.freeze([pair[0], pair[1]] as const);
      throw new OptionError(`${NAME}: connectivity[${at}] must be a pair of rows [i, j], got ${show(pair)}`);
    }),
  );
}
