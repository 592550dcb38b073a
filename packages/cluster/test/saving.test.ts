import { Random } from '@maru-ml/base';
import { expectSavable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  AgglomerativeClustering,
  DBSCAN,
  FuzzyCMeans,
  FuzzyKMeans,
  GaussianMixture,
  KMeans,
  MiniBatchKMeans,
  SpectralClustering,
  toBytes,
} from '../src/index.ts';

const random = new Random(1);
const x = Array.from({ length: 600 }, (_, i) => Array.from({ length: 20 }, () => random.normal() + (i % 30)));

interface Fitted {
  labels: Int32Array;
  predict?(x: number[][]): Int32Array;
}

it.each<[name: string, fit: () => Fitted]>([
  ['KMeans', () => new KMeans({ nClusters: 60, seed: 0 }).fit(x)],
  ['MiniBatchKMeans', () => new MiniBatchKMeans({ nClusters: 60, batchSize: 100, seed: 0 }).fit(x)],
  ['FuzzyKMeans', () => new FuzzyKMeans({ nClusters: 30, seed: 0 }).fit(x)],
  ['FuzzyCMeans', () => new FuzzyCMeans({ nClusters: 30, maxIter: 5, seed: 0 }).fit(x)],
  ['GaussianMixture', () => new GaussianMixture({ nComponents: 10, seed: 0 }).fit(x)],
  ['DBSCAN', () => new DBSCAN({ eps: 6 }).fit(x)],
  ['AgglomerativeClustering', () => new AgglomerativeClustering({ nClusters: 30 }).fit(x)],
  ['SpectralClustering', () => new SpectralClustering({ nClusters: 5, gamma: 0.01, seed: 0 }).fit(x)],
])('%s of hundreds of rows is the same after saving and loading', (_, fit) => {
  const model = fit();
  expect(toBytes(model).length).toBeGreaterThan(2000);
  expectSavable(model, models, (loaded: Fitted) => [Array.from(loaded.labels), Array.from(loaded.predict?.(x) ?? [])]);
});
