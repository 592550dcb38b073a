import { AgglomerativeClustering, DBSCAN, GaussianMixture, SpectralClustering } from '@maru-ml/cluster';
import { PCA } from '@maru-ml/linalg';
import { inPython } from '../python.ts';
import { densityClustering, mlHclust, mlPca } from '../rivals/clusters.js';
import { type Contender, plainRows, type Row, randomMatrix } from '../row.ts';
import { blobs } from './blobs.ts';

/** A fit, and the numbers that its model is judged by. */
function fitting<M>(prepare: () => () => M, answer: (model: M) => number[]): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const fit = prepare();
      let model: M | null = null;
      return {
        run: () => {
          model = fit();
        },
        answer: () => answer(model!),
      };
    },
  };
}

/** The sizes of the clusters, ascending. */
function sizes({ labels }: { labels: Int32Array }): number[] {
  const counts: number[] = [];
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.sort((a, b) => a - b);
}

export const pcaRow: Row = {
  id: 'pca',
  title: 'principal components of 2,000 x 100, by singular values',
  contenders: [
    fitting(
      () => {
        const x = randomMatrix(2000, 100, 87);
        return () => new PCA({ svdSolver: 'full' }).fit(x);
      },
      ({ explainedVariance }) => [...explainedVariance],
    ),
    mlPca,
    ...inPython('scikit-learn', 'pca'),
  ],
  bars: [],
  tolerance: 1e-10,
};

export const mixtureRow: Row = {
  id: 'gmm',
  title: 'Gaussian mixture, 10,000 x 10, 8 full components, 20 iterations',
  contenders: [
    fitting(
      () => {
        const x = randomMatrix(10_000, 10, 101);
        const precision = Array.from({ length: 10 }, (_, i) =>
          Array.from({ length: 10 }, (_, j) => (i === j ? 12 : 0)),
        );
        const start = {
          weightsInit: Array(8).fill(1 / 8),
          meansInit: plainRows(x.data.subarray(0, 80), 10),
          precisionsInit: Array(8).fill(precision),
        };
        return () =>
          new GaussianMixture({ nComponents: 8, ...start, initParams: 'randomFromData', tol: 0, maxIter: 20 }).fit(x);
      },
      ({ lowerBound, weights }) => [lowerBound, ...weights],
    ),
    ...inPython('scikit-learn', 'gmm'),
  ],
  bars: [],
  tolerance: 1e-6,
};

export const dbscanRow: Row = {
  id: 'dbscan',
  title: 'DBSCAN, 5,000 x 2',
  contenders: [
    fitting(
      () => {
        const { data, shape } = randomMatrix(5000, 2, 89);
        const x = { data: data.map((value) => value * 20), shape };
        return () => new DBSCAN({ eps: 0.25, minSamples: 5 }).fit(x);
      },
      ({ nClusters, labels }) => [nClusters, labels.filter((label) => label < 0).length],
    ),
    densityClustering,
    ...inPython('scikit-learn', 'dbscan'),
  ],
  bars: [],
  // Border rows may go to either of two clusters, but count.
  tolerance: 0,
};

export const agglomerativeRow: Row = {
  id: 'agglomerative',
  title: "hierarchical clustering by Ward's distance, 1,000 x 10",
  contenders: [
    fitting(() => {
      const x = randomMatrix(1000, 10, 91);
      return () => new AgglomerativeClustering({ nClusters: 8 }).fit(x);
    }, sizes),
    mlHclust,
    ...inPython('scikit-learn', 'agglomerative'),
    ...inPython('SciPy', 'agglomerative-scipy'),
  ],
  bars: [],
  tolerance: 0,
};

export const spectralRow: Row = {
  id: 'spectral',
  title: 'spectral clustering, 1,000 x 10, 8 clusters',
  contenders: [
    fitting(() => {
      const x = { data: blobs().subarray(0, 10_000), shape: [1000, 10] };
      return () => new SpectralClustering({ nClusters: 8, gamma: 0.02, seed: 0 }).fit(x);
    }, sizes),
    ...inPython('scikit-learn', 'spectral'),
  ],
  bars: [],
  tolerance: 0.02,
};
