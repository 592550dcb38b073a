import { checkKnown, checkNumber, checkOneOf, DataError, ShapeError } from '@maru-ml/base';
import { type Label, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { type DistanceRows, distanceRows, type Metric } from './distances.ts';
import { codesOf } from './door.ts';
import { finiteTable, type Pair } from './pair.ts';

export interface SilhouetteOptions {
  /** How rows are apart; 'precomputed': x holds their distances [n, n]; 'euclidean'. */
  metric?: Metric | 'precomputed';
  /** The power of 'minkowski'; 2. */
  p?: number;
}

/**
 * The silhouette of each row [n], s = (b - a) / max(a, b): a its mean distance from the other rows of its cluster, b that from the
 * rows of the nearest other cluster. 1 is deep inside, 0 between two clusters, negative in the wrong one; 0 for a row that is
 * alone. O(n² d) time and O(n) memory: the distances are computed and added up block by block.
 *
 * @param x [n, d], or distances [n, n] if `metric` is 'precomputed'
 * @param labels the cluster of each row [n]
 * @throws DataError unless there are 2 to n - 1 clusters
 *
 * P. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", Journal of Computational
 * and Applied Mathematics 20 (1987).
 */
export function silhouetteSamples(
  x: MatrixLike,
  labels: ArrayLike<Label>,
  options: SilhouetteOptions = {},
): Float64Array {
  return silhouettes('silhouetteSamples', x, labels, options);
}

/** The mean silhouette of all rows: the higher, the better the clusters are apart. As `silhouetteSamples`. */
export function silhouetteScore(x: MatrixLike, labels: ArrayLike<Label>, options: SilhouetteOptions = {}): number {
  const samples = silhouettes('silhouetteScore', x, labels, options);
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}

function silhouettes(owner: string, x: MatrixLike, labels: ArrayLike<Label>, options: SilhouetteOptions): Float64Array {
  checkKnown(owner, options, ['metric', 'p']);
  const { metric = 'euclidean', p = 2 } = options;
  checkOneOf(owner, 'metric', metric, METRICS);
  checkNumber(owner, 'p', p, { min: 1, max: Number.POSITIVE_INFINITY });
  const { data, rows: n, columns: d } = toMatrix(owner, x);
  const { codes, sizes } = clustersOf(owner, labels, n);
  if (metric === 'precomputed') checkDistances(owner, data as Float64Array, n, d);

  // In the order of their clusters, the distances of a row from each cluster lie side by side.
  const { order, starts } = grouped(codes, sizes);
  const sorted = new Float64Array(n * d);
  for (const [place, row] of order.entries()) sorted.set(data.subarray(row * d, (row + 1) * d), place * d);
  const pair: Pair = { x: sorted, y: sorted, n, m: n, d, same: true };
  const rows = metric === 'precomputed' ? givenRows(sorted, order) : distanceRows(owner, pair, metric, p);

  const out = new Float64Array(n);
  const size = Math.max(1, Math.floor(BLOCK / n));
  const block = new Float64Array(size * n);
  for (let from = 0; from < n; from += size) {
    const to = Math.min(n, from + size);
    const distances = block.subarray(0, (to - from) * n);
    rows(from, to, distances);
    finiteTable(owner, distances, to - from, n, 'distances overflow; divide x by a constant first');
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      const own = distances.subarray((i - from) * n, (i - from + 1) * n);
      own[i] = 0;
      out[row] = silhouetteOf(own, starts, codes[row]!);
    }
  }
  return out;
}

/** Distances that are held at a time. */
const BLOCK = 2 ** 18;

function silhouetteOf(distances: Float64Array, starts: Int32Array, own: number): number {
  let [a, b] = [0, Number.POSITIVE_INFINITY];
  for (let c = 0; c + 1 < starts.length; c++) {
    let sum = 0;
    for (let j = starts[c]!; j < starts[c + 1]!; j++) sum += distances[j]!;
    const size = starts[c + 1]! - starts[c]!;
    if (c !== own) b = Math.min(b, sum / size);
    else if (size === 1) return 0;
    else a = sum / (size - 1);
  }
  const larger = Math.max(a, b);
  return larger === 0 ? 0 : (b - a) / larger;
}

/** The cluster of each row, and how many rows each has. @throws DataError unless there are 2 to n - 1 clusters */
export function clustersOf(
  owner: string,
  labels: ArrayLike<Label>,
  rows: number,
): { codes: Int32Array; sizes: Int32Array } {
  const { classes, codes } = codesOf(owner, 'labels', labels, undefined);
  if (codes.length !== rows) {
    throw new ShapeError(
      `${owner}: labels has length ${codes.length}, but x has ${rows} ${rows === 1 ? 'row' : 'rows'}`,
    );
  }
  const k = classes.length;
  if (k < 2 || k >= rows) {
    throw new DataError(
      `${owner}: the number of clusters must be from 2 to the number of rows - 1, got ${k} of ${rows}`,
    );
  }
  const sizes = new Int32Array(k);
  for (const code of codes) sizes[code]! += 1;
  return { codes, sizes };
}

/** The rows in the order of their clusters, and where each cluster starts. */
function grouped(codes: Int32Array, sizes: Int32Array): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(sizes.length + 1);
  for (let c = 0; c < sizes.length; c++) starts[c + 1] = starts[c]! + sizes[c]!;
  const next = starts.slice();
  const order = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) order[next[codes[i]!]!++] = i;
  return { order, starts };
}

function givenRows(sorted: Float64Array, order: Int32Array): DistanceRows {
  const n = order.length;
  return (from, to, out) => {
    for (let i = from, at = 0; i < to; i++) {
      for (let j = 0; j < n; j++) out[at++] = sorted[i * n + order[j]!]!;
    }
  };
}

function checkDistances(owner: string, data: Float64Array, rows: number, columns: number): void {
  if (rows !== columns) {
    throw new ShapeError(`${owner}: distances must be [n, n] for metric 'precomputed', got [${rows}, ${columns}]`);
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      const distance = data[i * rows + j]!;
      if (i === j ? Math.abs(distance) <= 100 * Number.EPSILON : distance >= 0) continue;
      const wanted = i === j ? 'the distance of a row from itself must be 0' : 'a distance must be ≥ 0';
      throw new DataError(`${owner}: ${wanted}, got ${distance} at [${i}, ${j}]`);
    }
  }
}

const METRICS: readonly (Metric | 'precomputed')[] = [
  'euclidean',
  'sqeuclidean',
  'manhattan',
  'chebyshev',
  'minkowski',
  'cosine',
  'correlation',
  'hamming',
  'jaccard',
  'canberra',
  'braycurtis',
  'haversine',
  'precomputed',
];
