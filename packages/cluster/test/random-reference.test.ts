import { expect, it } from 'vitest';
import { GaussianMixture, KMeans, MiniBatchKMeans, SpectralClustering } from '../src/index.ts';
import random from './fixtures/random.json' with { type: 'json' };

/** Numbers from -1 to 1 as the script of the fixture makes them: a 32-bit xorshift. */
function numbers(seed: number, n: number): number[][] {
  let s = seed | 0;
  const next = () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return ((s >>> 0) / 2 ** 32) * 2 - 1;
  };
  return Array.from({ length: n }, () => [next(), next()]);
}

// Twelve square clouds of which some touch.
const corners = numbers(3, 12).map((row) => row.map((value) => 4 * value));
const clouds = (seed: number, n: number) =>
  numbers(seed, n).map((row, i) => row.map((value, j) => corners[i % 12]![j]! + 0.7 * value));
const [x, held] = [clouds(7, 360), clouds(17, 1200)];
const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
const middle = [0, 1].map((j) => mean(held.map((row) => row[j]!)));
const squared = (row: readonly number[], center: readonly number[]) =>
  row.reduce((sum, value, j) => sum + (value - center[j]!) ** 2, 0);
const squares = mean(held.map((row) => squared(row, middle)));

/** The share of the squares of held-out rows that is between clusters. */
const explained = (labels: Int32Array, centers: number[][]) =>
  1 - mean(held.map((row, i) => squared(row, centers[labels[i]!]!))) / squares;

/** The adjusted Rand index of clusters and clouds. */
function agreement(labels: Int32Array): number {
  const table = new Float64Array(144);
  for (const [i, label] of labels.entries()) table[(i % 12) * 12 + label]! += 1;
  const pairs = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const sums = (of: (c: number, other: number) => number) =>
    Array.from({ length: 12 }, (_, c) =>
      Array.from({ length: 12 }, (_, o) => table[of(c, o)]!).reduce((a, b) => a + b),
    );
  const [rows, columns] = [pairs(sums((c, o) => c * 12 + o)), pairs(sums((c, o) => o * 12 + c))];
  const chance = (rows * columns) / ((labels.length * (labels.length - 1)) / 2);
  return (pairs(table) - chance) / ((rows + columns) / 2 - chance);
}

const kmeans = (init: 'k-means++' | 'random') => (seed: number) => {
  const model = new KMeans({ nClusters: 12, nInit: 1, init, seed }).fit(x);
  return explained(model.predict(held), model.clusterCenters.toArray());
};
const mixture = (options: object) => (seed: number) => {
  const model = new GaussianMixture({ nComponents: 12, ...options, seed }).fit(x);
  return explained(model.predict(held), model.means.toArray());
};

const runs: Record<keyof typeof random.scores, (seed: number) => number> = {
  'KMeans k-means++': kmeans('k-means++'),
  'KMeans random': kmeans('random'),
  MiniBatchKMeans(seed) {
    const model = new MiniBatchKMeans({ nClusters: 12, nInit: 1, batchSize: 60, seed }).fit(x);
    return explained(model.predict(held), model.clusterCenters.toArray());
  },
  GaussianMixture: mixture({ initParams: 'kmeans' }),
  'GaussianMixture random_from_data': mixture({ initParams: 'randomFromData', covarianceType: 'spherical', nInit: 2 }),
  SpectralClustering: (seed) =>
    agreement(new SpectralClustering({ nClusters: 12, gamma: 2, nInit: 1, seed }).fit(x).labels),
};

it.each(Object.entries(random.scores))(
  '%s scores as that of scikit-learn, over 20 seeds within two standard errors',
  (name, theirs) => {
    const ours = theirs.map((_, seed) => runs[name as keyof typeof runs](seed));
    const error = Math.sqrt((variance(ours) + variance(theirs)) / 20);
    expect(error).toBeLessThan(0.005);
    const message = `${mean(ours)} against ${mean(theirs)} ± ${error}`;
    expect(Math.abs(mean(ours) - mean(theirs)) / error, message).toBeLessThan(2);
  },
);

function variance(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + (value - mean(list)) ** 2, 0) / (list.length - 1);
}
