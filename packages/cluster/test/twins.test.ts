import { Random, shared } from '@maru-ml/base';
import { expect, it } from 'vitest';
import {
  AgglomerativeClustering,
  DBSCAN,
  FuzzyCMeans,
  FuzzyKMeans,
  GaussianMixture,
  MiniBatchKMeans,
  SpectralClustering,
} from '../src/index.ts';

const random = new Random(1);
const x = Array.from({ length: 400 }, (_, i) => Array.from({ length: 6 }, (_, j) => random.normal(5 * ((i + j) % 3))));

const estimators = {
  MiniBatchKMeans: new MiniBatchKMeans({ nClusters: 3, batchSize: 100, seed: 0 }),
  FuzzyKMeans: new FuzzyKMeans({ nClusters: 3, beta: 0.2, seed: 0 }),
  FuzzyCMeans: new FuzzyCMeans({ nClusters: 3, m: 1.7, seed: 0 }),
  'GaussianMixture full': new GaussianMixture({ nComponents: 3, seed: 0 }),
  'GaussianMixture diag': new GaussianMixture({ nComponents: 3, covarianceType: 'diag', seed: 0 }),
  DBSCAN: new DBSCAN({ eps: 3 }),
  'AgglomerativeClustering ward': new AgglomerativeClustering({ nClusters: 3 }),
  'AgglomerativeClustering single': new AgglomerativeClustering({ nClusters: 3, linkage: 'single' }),
  'SpectralClustering rbf': new SpectralClustering({ nClusters: 3, gamma: 0.05, seed: 0 }),
  'SpectralClustering nearestNeighbors': new SpectralClustering({
    nClusters: 3,
    affinity: 'nearestNeighbors',
    seed: 0,
  }),
};

for (const [name, estimator] of Object.entries(estimators)) {
  it(`${name}: the same numbers with WebAssembly and without`, { tags: ['wasm'] }, () => {
    const usual = JSON.stringify(estimator.fit(x));
    // How kernels are chosen stands in the program's one record.
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    expect(choice.calls).toBeGreaterThan(0);
    choice.mode = 'js';
    try {
      expect(JSON.stringify(estimator.fit(x))).toBe(usual);
    } finally {
      choice.mode = 'auto';
    }
  });
}
