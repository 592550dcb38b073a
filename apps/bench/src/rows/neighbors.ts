import { KNeighborsClassifier } from '@maru-ml/neighbors';
import { inPython } from '../python.ts';
import { type Contender, type Row, randoms } from '../row.ts';

const [N, D] = [10_000, 64];

const ours: Contender = {
  name: 'maru',
  setUp: () => {
    const x = { data: randoms(N * D, 61), shape: [N, D] };
    const y = Int32Array.from(randoms(N, 62), (value) => (value > 0 ? 1 : 0));
    const queries = { data: randoms(N * D, 63), shape: [N, D] };
    const model = new KNeighborsClassifier({ algorithm: 'brute' }).fit(x, y);
    let ones = 0;
    return {
      run: () => {
        ones = model.predict(queries).reduce((sum, label) => sum + label, 0);
      },
      answer: () => [ones],
    };
  },
};

export const neighborsRow: Row = {
  id: 'knn',
  title: '5 nearest of 10,000 x 64 for 10,000 rows, brute force, float32',
  contenders: [ours, inPython('scikit-learn', 'knn')],
  bars: [{ against: ['scikit-learn'], ratio: 2 }],
  // Rows as near as others but for rounding.
  tolerance: 1e-3,
};
