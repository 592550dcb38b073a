import {
  type ForestClassifierModel,
  HistGradientBoostingClassifier,
  type HistGradientBoostingClassifierModel,
  RandomForestClassifier,
} from '@maru-ml/ensemble';
import { inPython } from '../python.ts';
import { mlForest, mlForestPredict, ydfBoosting, ydfBoostingLarge } from '../rivals/trees.js';
import { type Contender, type Row, randomMatrix } from '../row.ts';
import { manyRows, type TreeRows, treeRows } from './tree-data.ts';

/** A forest of 100 trees; with `workers` it grows on that many. */
function forest(name: string, rows: () => TreeRows, workers?: number): Contender {
  return {
    name,
    setUp: () => {
      const { x, y, n, d } = rows();
      const matrix = { data: x, shape: [n, d] };
      let model: ForestClassifierModel<number> | null = null;
      const fit = async (workers: number) => {
        model = await new RandomForestClassifier({ seed: 0 }).fitAsync(matrix, y, { workers });
      };
      return {
        run: () => {
          if (workers !== undefined) return fit(workers);
          model = new RandomForestClassifier({ seed: 0 }).fit(matrix, y);
        },
        answer: () => [model!.score(matrix, y)],
      };
    },
  };
}

function fitted(): ForestClassifierModel<number> {
  const { x, y, n, d } = treeRows();
  return new RandomForestClassifier({ seed: 0 }).fit({ data: x, shape: [n, d] }, y);
}

const forestPredict: Contender = {
  name: 'maru',
  setUp: () => {
    const model = fitted();
    const many = randomMatrix(100_000, 20, 45);
    let ones = 0;
    return {
      run: () => {
        ones = model.predict(many).reduce((sum, label) => sum + label, 0);
      },
      answer: () => [ones],
    };
  },
};

const forestOne: Contender = {
  name: 'maru',
  setUp: () => {
    const model = fitted();
    const { x, d } = treeRows();
    const rows = Array.from({ length: 20 }, (_, i) => x.subarray(d * i, d * (i + 1)));
    let ones = 0;
    return {
      run: () => {
        ones = 0;
        for (const row of rows) ones += model.predictOne(row);
      },
      answer: () => [ones],
    };
  },
};

function boosting(rows: () => TreeRows): Contender {
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
  contenders: [forest('maru', () => treeRows()), mlForest, ...inPython('scikit-learn', 'forest')],
  bars: [
    { against: ['ml-random-forest'], ratio: 0.01 },
    { against: ['scikit-learn'], ratio: 1 },
  ],
  tolerance: 0.05,
  memory: 'both',
};

export const forestWorkersRow: Row = {
  id: 'forest-workers',
  title: 'random forest, 100 trees, 30,000 x 20, on two workers',
  contenders: [
    forest('maru two workers', () => treeRows(30_000), 2),
    { ...forest('one thread', () => treeRows(30_000)), note: 'maru too' },
  ],
  bars: [{ against: ['one thread'], ratio: 1 / 1.7 }],
  // The same trees, whatever the number of workers; workers take a third of a second to start.
  tolerance: 0,
};

export const forestPredictRow: Row = {
  id: 'forest-predict',
  title: '100,000 rows through a forest of 100 trees',
  contenders: [forestPredict, ...inPython('scikit-learn', 'forest-predict')],
  bars: [{ against: ['scikit-learn'], ratio: 1 }],
  // Two forests of different draws.
  tolerance: 0.05,
  memory: 'both',
};

export const forestOneRow: Row = {
  id: 'forest-one',
  title: 'a forest of 100 trees, a row at a time, 20 rows',
  contenders: [forestOne, mlForestPredict, ...inPython('scikit-learn', 'forest-one')],
  bars: [
    { against: ['ml-random-forest'], ratio: 0.5 },
    { against: ['scikit-learn'], ratio: 0.01 },
  ],
  // They have all seen the twenty rows.
  tolerance: 0.11,
};

export const boostingRow: Row = {
  id: 'boosting',
  title: 'histogram boosting, 100 rounds, 1,500 x 20',
  contenders: [boosting(() => treeRows()), ydfBoosting, ...inPython('scikit-learn', 'boosting')],
  bars: [
    { against: ['ydf-training'], ratio: 0.5 },
    { against: ['scikit-learn'], ratio: 1 },
  ],
  tolerance: 1e-3,
};

export const boostingLargeRow: Row = {
  id: 'boosting-large',
  title: 'histogram boosting, 100 rounds, 100,000 x 28',
  contenders: [boosting(() => manyRows(100_000)), ydfBoostingLarge, ...inPython('scikit-learn', 'boosting-large')],
  bars: [
    { against: ['ydf-training'], ratio: 0.5 },
    { against: ['scikit-learn'], ratio: 1.5 },
  ],
  tolerance: 1e-3,
  memory: 'both',
};

export const boostingHugeRow: Row = {
  id: 'boosting-huge',
  title: 'histogram boosting, 100 rounds, 1,000,000 x 28',
  contenders: [boosting(() => manyRows(1_000_000)), ...inPython('scikit-learn', 'boosting-huge')],
  bars: [{ against: ['scikit-learn'], ratio: 1.5 }],
  tolerance: 1e-3,
  memory: 'both',
  long: true,
};
