import { OLS, type RegressionModel } from '@maru-ml/stats';
import { inPython } from '../python.ts';
import { mlRegression } from '../rivals/others.js';
import type { Contender, Row } from '../row.ts';
import { olsRows } from './ols-data.ts';

const ours: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y, n, d } = olsRows();
    const rows = { data: x, shape: [n, d] };
    let model: RegressionModel | null = null;
    return {
      run: () => {
        model = new OLS({ addConstant: true }).fit(rows, y);
        return model.confInt();
      },
      answer: () => [...model!.params, ...model!.bse],
    };
  },
};

export const olsRow: Row = {
  id: 'ols',
  title: 'OLS with full inference, 1,000 x 10',
  contenders: [ours, mlRegression, inPython('statsmodels', 'ols')],
  bars: [
    { against: ['ml-regression-multivariate-linear'], ratio: 0.2 },
    { against: ['statsmodels'], ratio: 3 },
  ],
  tolerance: 1e-9,
};
