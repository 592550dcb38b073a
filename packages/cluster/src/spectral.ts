import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSeed,
  counted,
  type FitAsyncOptions,
  type FitOptions,
  type RandomStream,
  readable,
  runSteps,
  runStepsAsync,
  type Seed,
  ShapeError,
  type Steps,
  streamFrom,
} from '@maru-ml/base';
import { allocate, float64View, release } from '@maru-ml/kernels/memory';
import { pairSquares } from '@maru-ml/kernels/squares';
import { type Clusterer, type Matrix, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { denseGraph, type Graph, givenAffinity, neighborGraph, rbfAffinity } from './affinity.ts';
import { checkExtent } from './extent.ts';
import { copiesOf, type Nearest, partition, spreadPlaces } from './kmeans-within.ts';
import { FittedSpectralClustering, type SpectralClusteringModel } from './spectral-model.ts';
import { checkPairs } from './square.ts';
import { SquareMatrix } from './square-matrix.ts';
import { optionsText, warningsOf } from './text.ts';
import { topEigenvectors } from './top-eigenvectors.ts';

export interface SpectralClusteringOptions {
  /** The number of clusters k; 8. */
  nClusters?: number;
  /** How near rows are: e^(-γ d²), being among the nearest, or as x says [n, n]; 'rbf'. */
  affinity?: 'rbf' | 'nearestNeighbors' | 'precomputed';
  /** γ of 'rbf'; 1. */
  gamma?: number;
  /** The neighbors of 'nearestNeighbors', a row itself among them; 10. */
  nNeighbors?: number;
  /** The eigenvectors that rows are described by; null: as many as clusters; null. */
  nComponents?: number | null;
  /** The starts of k-means, of which the best is kept; 10. */
  nInit?: number;
  /** What starts are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type SpectralClusteringSettings = Readonly<
  Required<Omit<SpectralClusteringOptions, 'seed'>> & { seed: Seed | undefined }
>;

const NAME = 'SpectralClustering';

/**
 * Spectral clustering: cuts the graph whose edges are the affinities A of rows into parts that hold together. With degrees
 * D = diag(Σ_j A_ij), the eigenvectors u of the smallest eigenvalues of L = I - D^-1/2 A D^-1/2 are found, rows are described
 * by D^-1/2 u, and k-means clusters these: a relaxation of the least normalized cut. Clusters may have any shape, such as rings.
 * Affinities and embedding are those of scikit-learn. 'rbf' takes 8 n² bytes and products with n² numbers, 'nearestNeighbors'
 * O(n) memory.
 *
 * J. Shi and J. Malik, "Normalized cuts and image segmentation", IEEE PAMI 22 (2000).
 * U. von Luxburg, "A tutorial on spectral clustering", Statistics and Computing 17 (2007).
 */
export class SpectralClustering implements Clusterer {
  readonly options: SpectralClusteringSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: SpectralClusteringOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Labels the rows of `x` [n, d].
   *
   * @throws DataError if x holds missing, infinite or far too large numbers, or too many rows for their affinities;
   * ShapeError if it has fewer than k rows
   */
  fit(x: MatrixLike, options: Omit<FitOptions, 'sampleWeight'> = {}): SpectralClusteringModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: Omit<FitOptions, 'sampleWeight'> = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: Omit<FitAsyncOptions, 'sampleWeight'> = {}): Promise<SpectralClusteringModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    return optionsText(NAME, this.options);
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<SpectralClusteringModel> {
    checkKnown(NAME, options, known);
    const matrix = toMatrix(NAME, x) as Matrix<Float64Array>;
    const { nClusters: k, nComponents, nInit, seed } = this.options;
    const { rows: n, columns } = matrix;
    if (this.options.affinity === 'precomputed') yield* checkPairs(NAME, matrix, 'affinities');
    else checkExtent(NAME, matrix);
    const size = nComponents ?? k;
    if (n < Math.max(k, size)) {
      const which = n < k ? `nClusters is ${k}` : `nComponents is ${size}`;
      throw new ShapeError(`${NAME}: ${which}, but the number of rows is ${n}`);
    }
    const random = streamFrom(seed).fork();
    // Nearest neighbors need no full matrix.
    const full = this.options.affinity === 'nearestNeighbors' ? null : new SquareMatrix(NAME, n);
    const warnings: string[] = [];
    let found: Embedding;
    try {
      const graph = yield* graphOf(matrix, this.options, full);
      if (graph.isolated > 0) {
        const rows = counted(graph.isolated, 'row');
        warnings.push(`${rows} without affinity to any other; lower gamma or drop such rows`);
      }
      found = yield* embed(graph, size, random);
    } finally {
      full?.free();
    }
    const { embedding, eigenvalues, converged } = found;
    if (!converged) warnings.push('the eigenvectors are not exact, as eigenvalues lie too close together');
    const places = { data: embedding, rows: n, columns: size };
    checkExtent(NAME, places);
    const labels = yield* kmeans(places, k, nInit, random);
    warnings.push(...warningsOf(labels, k));
    return new FittedSpectralClustering({
      labels,
      k,
      embedding,
      eigenvalues,
      columns,
      warnings: Object.freeze(warnings),
    });
  }
}

function* graphOf(
  matrix: Matrix<Float64Array>,
  { affinity, gamma, nNeighbors }: SpectralClusteringSettings,
  full: SquareMatrix | null,
): Steps<Graph> {
  if (full === null) return yield* neighborGraph(matrix, nNeighbors);
  if (affinity === 'rbf') yield* rbfAffinity(matrix, gamma, full);
  else givenAffinity(matrix, full);
  return yield* denseGraph(full);
}

interface Embedding {
  /** [n, size] */
  embedding: Float64Array;
  eigenvalues: Float64Array;
  converged: boolean;
}

function* embed(graph: Graph, size: number, random: RandomStream): Steps<Embedding> {
  const { n, roots } = graph;
  const { values, vectors, converged } = yield* topEigenvectors(graph, size, random);
  const embedding = new Float64Array(n * size);
  for (let c = 0; c < size; c++) {
    // The sign that makes the largest number positive, so that equal data give equal embeddings.
    let largest = 0;
    for (let i = 0; i < n; i++) {
      const value = vectors[c * n + i]! / roots[i]!;
      embedding[i * size + c] = value;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    if (largest < 0) for (let i = 0; i < n; i++) embedding[i * size + c]! *= -1;
  }
  return { embedding, eigenvalues: values.map((value) => 1 - value), converged };
}

/** The labels of the best of some starts of k-means [n]. */
function* kmeans(x: Matrix<Float64Array>, k: number, starts: number, random: RandomStream): Steps<Int32Array> {
  const { data, rows: n, columns: d } = x;
  // In the kernels' memory, if there is room, the rows need not be copied again and again.
  const address = allocate(8 * n * d);
  const rows = () => (address === 0 ? data : float64View(address, n * d));
  rows().set(data);
  const [squares, places, distances] = [new Float64Array(n * k), new Float64Array(n), new Float64Array(n)];
  const nearest: Nearest = (centers, from, to) => {
    const found = { places: places.subarray(0, to - from), distances: distances.subarray(0, to - from) };
    nearestCenters(rows().subarray(from * d, to * d), centers, d, squares, found);
    return found;
  };
  try {
    let labels: Int32Array = new Int32Array();
    let least = Number.POSITIVE_INFINITY;
    for (let start = 0; start < starts; start++) {
      const centers = copiesOf(x, yield* spreadPlaces(x, k, random.fork(), nearest));
      const found = yield* partition(x, centers, nearest);
      const inertia = sumOf(found.distances);
      if (inertia < least) [labels, least] = [found.labels, inertia];
    }
    return labels;
  } finally {
    release(address, 8 * n * d);
  }
}

function sumOf(distances: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) sum += distances[i]!;
  return sum;
}

/** @param squares room for the squared distances of all rows from all centers */
function nearestCenters(
  x: Float64Array,
  centers: Float64Array,
  d: number,
  squares: Float64Array,
  { places, distances }: ReturnType<Nearest>,
): void {
  const [n, k] = [places.length, centers.length / d];
  pairSquares(x, centers, n, k, d, squares.subarray(0, n * k));
  for (let i = 0, at = 0; i < n; i++) {
    let least = squares[at++]!;
    let place = 0;
    for (let c = 1; c < k; c++, at++) {
      // Without a branch, since nobody can tell which way it would go.
      place = squares[at]! < least ? c : place;
      least = Math.min(least, squares[at]!);
    }
    places[i] = place;
    distances[i] = least;
  }
}

const KNOWN = ['nClusters', 'affinity', 'gamma', 'nNeighbors', 'nComponents', 'nInit', 'seed'];

function checkOptions(options: SpectralClusteringOptions): SpectralClusteringSettings {
  checkKnown(NAME, options, KNOWN);
  const { nClusters = 8, affinity = 'rbf', gamma = 1, nNeighbors = 10, nComponents = null, nInit = 10, seed } = options;
  checkInteger(NAME, 'nClusters', nClusters, { min: 1 });
  checkOneOf(NAME, 'affinity', affinity, ['rbf', 'nearestNeighbors', 'precomputed']);
  checkNumber(NAME, 'gamma', gamma, { min: 0 });
  checkInteger(NAME, 'nNeighbors', nNeighbors, { min: 1 });
  if (nComponents !== null) checkInteger(NAME, 'nComponents', nComponents, { min: 1 });
  checkInteger(NAME, 'nInit', nInit, { min: 1 });
  if (seed !== undefined) checkSeed(NAME, seed);
  return Object.freeze({ nClusters, affinity, gamma, nNeighbors, nComponents, nInit, seed });
}
