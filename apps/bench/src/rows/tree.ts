import { DecisionTreeClassifier, type DecisionTreeClassifierModel } from '@maru-ml/tree';
import { inPython } from '../python.ts';
import { mlCart, scikitJsTree } from '../rivals/trees.js';
import type { Contender, Row } from '../row.ts';
import { treeRows } from './tree-data.ts';

const ours: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y, n, d } = treeRows();
    const matrix = { data: x, shape: [n, d] };
    let model: DecisionTreeClassifierModel<number> | null = null;
    return {
      run: () => {
        model = new DecisionTreeClassifier().fit(matrix, y);
      },
      answer: () => [model!.score(matrix, y)],
    };
  },
};

export const treeRow: Row = {
  id: 'tree',
  title: 'decision tree 1,500 x 20',
  contenders: [ours, scikitJsTree, mlCart, ...inPython('scikit-learn', 'tree')],
  bars: [
    { against: ['scikit.js'], ratio: 0.1 },
    { against: ['ml-cart'], ratio: 0.01 },
    { against: ['scikit-learn'], ratio: 1 },
  ],
  // Trees without limits know all rows by heart; ml-cart stops a little earlier.
  tolerance: 0.05,
};
