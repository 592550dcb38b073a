import { SVC, type SVCModel } from '@maru-ml/svm';
import { inPython } from '../python.ts';
import { libsvm } from '../rivals/svm.js';
import type { Contender, Row } from '../row.ts';
import { D, N, overlapping } from './svm-data.ts';

const ours: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y } = overlapping();
    let model: SVCModel<number> | null = null;
    return {
      run: () => {
        model = new SVC({ C: 1 }).fit({ data: x, shape: [N, D] }, y);
      },
      // The sum of the multipliers, and the intercept.
      answer: () => [model!.dualCoef.toArray()[0]!.reduce((sum, b) => sum + Math.abs(b), 0), model!.intercept[0]!],
    };
  },
};

export const svcRow: Row = {
  id: 'svc',
  title: 'SVC, RBF kernel, 5,000 x 20',
  contenders: [ours, libsvm, ...inPython('scikit-learn', 'svc')],
  bars: [{ against: ['scikit-learn'], ratio: 2 }],
  // All run to a violation of 1e-3.
  tolerance: 1e-3,
};
