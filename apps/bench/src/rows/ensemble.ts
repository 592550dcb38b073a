import {
  type ForestClassifierModel,
  HistGradientBoostingClassifier,
  type HistGradientBoostingClassifierModel,
  RandomForestClassifier,
} from '@maru-ml/ensemble';
import { inPython } from '../python.ts';
import { type Contender, type Row, randoms } from '../row.ts';
import { treeRows } from './tree-data.ts';

type Rows = ReturnType<typeof treeRows>;

/** 100,000 rows of 28 columns in two noisy classes; bench.py makes the same. */
function manyRows(): Rows {
  const [n, d] = [100_000, 28];
  const x = Float64Array.from(randoms(n * d, 43));
  const noise = randoms(n, 44);
  const y = Int32Array.from({ length: n }, (_, i) => {
    const at = i * d;
    return x[at]! + 4 * x[at + 1]! * x[at + 2]! + 0.3 * noise[i]! > 0 ? 1 : 0;
  });
  return { x, y, n, d };
}

const forest: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y, n, d } = treeRows();
    const matrix = { data: x, shape: [n, d] };
    let model: ForestClassifierModel<number> | null = null;
    return {
      run: () => {
        model = new RandomForestClassifier({ seed: 0 }).fit(matrix, y);
      },
      answer: () => [model!.score(matrix, y)],
    };
  },
};

const forestPredict: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y, n, d } = treeRows();
    const model = new RandomForestClassifier({ seed: 0 }).fit({ data: x, shape: [n, d] }, y);
    const many = { data: Float64Array.from(randoms(100_000 * d, 45)), shape: [100_000, d] };
    let ones = 0;
    return {
      run: () => {
        ones = model.predict(many).reduce((sum, label) => sum + label, 0);
      },
      answer: () => [ones],
    };
  },
};

function boosting(rows: () => Rows): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const { x, y, n, d } = rows();
      const matrix = { data: x, shape: [n, d] };
      let model: HistGradientBoostingClassifierModel<number> | null = null;
      return {
        run: () => {
          model = new HistGradientBoostingClassifier({ earlyStopping: false }).fit(matrix, y);
        },
        answer: () => [model!.score(matrix, y)],
      };
    },
  };
}

export const forestRow: Row = {
  id: 'forest',
  title: 'random forest, 100 trees, 1,500 x 20',
  contenders: [forest, inPython('scikit-learn', 'forest')],
  bars: [{ against: ['scikit-learn'], ratio: 1 }],
  tolerance: 0.01,
};

export const forestPredictRow: Row = {
  id: 'forest-predict',
  title: '100,000 rows through a forest of 100 trees',
  contenders: [forestPredict, inPython('scikit-learn', 'forest-predict')],
  bars: [{ against: ['scikit-learn'], ratio: 1 }],
  // Two forests of different draws.
  tolerance: 0.05,
};

export const boostingRow: Row = {
  id: 'boosting',
  title: 'histogram boosting, 100 rounds, 1,500 x 20',
  contenders: [boosting(treeRows), inPython('scikit-learn', 'boosting')],
  bars: [{ against: ['scikit-learn'], ratio: 1 }],
  tolerance: 1e-3,
};

export const boostingLargeRow: Row = {
  id: 'boosting-large',
  title: 'histogram boosting, 100 rounds, 100,000 x 28',
  contenders: [boosting(manyRows), inPython('scikit-learn', 'boosting-large')],
  bars: [{ against: ['scikit-learn'], ratio: 1.5 }],
  tolerance: 1e-3,
};
