import { KMeans, type KMeansModel } from '@maru-ml/cluster';
import { inPython } from '../python.ts';
import { mlKmeans } from '../rivals/others.js';
import type { Contender, Row } from '../row.ts';
import { blobs } from './blobs.ts';

const ours: Contender = {
  name: 'maru',
  setUp: () => {
    const x = { data: blobs(), shape: [10_000, 10] };
    let model: KMeansModel | null = null;
    let seed = 0;
    return {
      run: () => {
        model = new KMeans({ nClusters: 8, nInit: 10, seed: ++seed }).fit(x);
      },
      answer: () => [model!.inertia],
    };
  },
};

export const kmeansRow: Row = {
  id: 'kmeans',
  title: 'k-means 10,000 x 10, k 8, 10 starts',
  contenders: [ours, mlKmeans, ...inPython('scikit-learn', 'kmeans')],
  bars: [
    { against: ['ml-kmeans'], ratio: 0.65 },
    { against: ['scikit-learn'], ratio: 1 },
  ],
  // The best of ten starts finds the same clusters.
  tolerance: 1e-3,
};
