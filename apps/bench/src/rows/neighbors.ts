import { GaussianNB } from '@maru-ml/bayes';
import { KNeighborsClassifier } from '@maru-ml/neighbors';
import { inPython } from '../python.ts';
import { mlKnn, mlKnnTree, mlNaiveBayes } from '../rivals/neighbors.js';
import { type Contender, type Row, randomMatrix, randoms } from '../row.ts';
import { classRows } from './classes-data.ts';

/** The work of a fit or a prediction, by the sum of the labels. */
function labeling(prepare: () => () => readonly number[]): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const predict = prepare();
      let ones = 0;
      return {
        run: () => {
          ones = predict().reduce((sum, label) => sum + label, 0);
        },
        answer: () => [ones],
      };
    },
  };
}

const brute = labeling(() => {
  const [n, d] = [10_000, 64];
  const y = Int32Array.from(randoms(n, 62), (value) => (value > 0 ? 1 : 0));
  const model = new KNeighborsClassifier({ algorithm: 'brute' }).fit({ data: randoms(n * d, 61), shape: [n, d] }, y);
  const queries = { data: randoms(n * d, 63), shape: [n, d] };
  return () => model.predict(queries);
});

export const neighborsRow: Row = {
  id: 'knn',
  title: '5 nearest of 10,000 x 64 for 10,000 rows, brute force, float32',
  contenders: [brute, mlKnn, ...inPython('scikit-learn', 'knn')],
  bars: [{ against: ['scikit-learn'], ratio: 2 }],
  // Rows as near as others but for rounding.
  tolerance: 1e-3,
  memory: 'both',
};

const tree = labeling(() => {
  const { x, y } = classRows(20_000, 3, 83);
  const queries = randomMatrix(20_000, 3, 85);
  return () => new KNeighborsClassifier({ algorithm: 'kdTree' }).fit(x, y).predict(queries);
});

export const neighborsTreeRow: Row = {
  id: 'knn-tree',
  title: '5 nearest of 20,000 x 3 for 20,000 rows, k-d tree, float64',
  contenders: [tree, mlKnnTree, ...inPython('scikit-learn', 'knn-tree')],
  bars: [],
  tolerance: 1e-3,
};

const bayes = labeling(() => {
  const { x, y } = classRows(10_000, 20, 81);
  return () => new GaussianNB().fit(x, y).predict(x);
});

export const gaussianRow: Row = {
  id: 'gaussian-nb',
  title: 'Gaussian naive Bayes, 10,000 x 20, fitted and predicted',
  contenders: [bayes, mlNaiveBayes, ...inPython('scikit-learn', 'gaussian-nb')],
  bars: [],
  tolerance: 1e-3,
};
