import { DataError } from '@maru-ml/base';
import { type Label, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { clustersOf } from './silhouette.ts';

// How far clusters are apart for their spread, from their centroids alone: O(n d + k² d).

/**
 * The Calinski-Harabasz score, the variance ratio: (B / (k - 1)) / (W / (n - k)) for the squared distances B of the centroids from
 * the mean, by size, and W of the rows from their centroids. Higher is better; 1 if all rows lie on their centroids.
 *
 * @param x [n, d] @param labels the cluster of each row [n]
 * @throws DataError unless there are 2 to n - 1 clusters
 *
 * T. Calinski and J. Harabasz, "A dendrite method for cluster analysis", Communications in Statistics 3 (1974).
 */
export function calinskiHarabaszScore(x: MatrixLike, labels: ArrayLike<Label>): number {
  const { data, n, d, codes, sizes, centroids } = groupsOf('calinskiHarabaszScore', x, labels);
  const mean = new Float64Array(d);
  for (let at = 0; at < data.length; at++) mean[at % d]! += data[at]! / n;
  let [between, within] = [0, 0];
  for (let c = 0; c < sizes.length; c++) between += sizes[c]! * squared(centroids, c * d, mean, 0, d);
  for (let i = 0; i < n; i++) within += squared(data, i * d, centroids, codes[i]! * d, d);
  finite('calinskiHarabaszScore', between + within);
  return within === 0 ? 1 : (between * (n - sizes.length)) / (within * (sizes.length - 1));
}

/**
 * The Davies-Bouldin score: the mean over the clusters of the worst (sᵢ + sⱼ) / dᵢⱼ with another, s being the mean distance of rows
 * from their centroid and d that of the centroids. Lower is better, 0 best.
 *
 * @param x [n, d] @param labels the cluster of each row [n]
 * @throws DataError unless there are 2 to n - 1 clusters
 *
 * D. Davies and D. Bouldin, "A cluster separation measure", IEEE Transactions on Pattern Analysis and Machine Intelligence 1 (1979).
 */
export function daviesBouldinScore(x: MatrixLike, labels: ArrayLike<Label>): number {
  const { data, n, d, codes, sizes, centroids } = groupsOf('daviesBouldinScore', x, labels);
  const k = sizes.length;
  const spread = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    spread[codes[i]!]! += Math.sqrt(squared(data, i * d, centroids, codes[i]! * d, d)) / sizes[codes[i]!]!;
  }
  let sum = 0;
  for (let i = 0; i < k; i++) {
    let worst = 0;
    for (let j = 0; j < k; j++) {
      const distance = Math.sqrt(squared(centroids, i * d, centroids, j * d, d));
      finite('daviesBouldinScore', distance);
      // Clusters on the same place do not compare, as in scikit-learn.
      if (distance > 0) worst = Math.max(worst, (spread[i]! + spread[j]!) / distance);
    }
    sum += worst;
  }
  finite('daviesBouldinScore', sum);
  return sum / k;
}

interface Groups {
  data: Float64Array;
  n: number;
  d: number;
  codes: Int32Array;
  sizes: Int32Array;
  /** [k, d] */
  centroids: Float64Array;
}

function groupsOf(owner: string, x: MatrixLike, labels: ArrayLike<Label>): Groups {
  const { data, rows: n, columns: d } = toMatrix(owner, x);
  const { codes, sizes } = clustersOf(owner, labels, n);
  const centroids = new Float64Array(sizes.length * d);
  for (let i = 0; i < n; i++) {
    const c = codes[i]!;
    for (let j = 0; j < d; j++) centroids[c * d + j]! += data[i * d + j]! / sizes[c]!;
  }
  return { data: data as Float64Array, n, d, codes, sizes, centroids };
}

function squared(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let l = 0; l < d; l++) sum += (a[i + l]! - b[j + l]!) ** 2;
  return sum;
}

function finite(owner: string, value: number): void {
  if (value - value !== 0)
    throw new DataError(`${owner}: squared distances in x overflow; divide x by a constant first`);
}
