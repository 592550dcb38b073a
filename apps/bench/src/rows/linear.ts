import { breastCancer } from '@maru-ml/datasets/breast-cancer';
import { type ElasticNetModel, Lasso, LogisticRegression, type LogisticRegressionModel } from '@maru-ml/linear';
import { pipeline } from '@maru-ml/model-selection';
import { StandardScaler } from '@maru-ml/preprocessing';
import type { Table } from '@maru-ml/tensor';
import { inPython } from '../python.ts';
import { mlLogistic, mlPredictBulk, mlPredictOne, scikitJsLasso } from '../rivals/linear.js';
import type { Contender, Row } from '../row.ts';
import { lassoRows, manyTimes } from './linear-data.ts';

const lasso: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y, n, d } = lassoRows();
    let model: ElasticNetModel | null = null;
    return {
      run: () => {
        model = new Lasso({ alpha: 0.05, tol: 1e-10 }).fit({ data: x, shape: [n, d] }, y);
      },
      answer: () => [...model!.coef, model!.intercept],
    };
  },
};

export const lassoRow: Row = {
  id: 'lasso',
  title: 'lasso, 1,000 x 10, duality gap 1e-10 of |y|²',
  contenders: [lasso, scikitJsLasso, ...inPython('scikit-learn', 'lasso')],
  bars: [
    { against: ['scikit.js'], ratio: 0.001 },
    { against: ['scikit-learn'], ratio: 3 },
  ],
  tolerance: 1e-5,
};

/** Breast cancer, standardized. */
function cancer(): { x: Table; y: readonly number[] } {
  const { x, y } = breastCancer();
  return { x: new StandardScaler().fit(x).transform(x), y: Array.from(y as ArrayLike<number>) };
}

function logistic(
  answer: (model: LogisticRegressionModel<number>, x: Table, y: readonly number[]) => number[],
): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const { x, y } = cancer();
      let model: LogisticRegressionModel<number> | null = null;
      return {
        run: () => {
          model = new LogisticRegression().fit(x, y);
        },
        answer: () => answer(model!, x, y),
      };
    },
  };
}

export const logisticRow: Row = {
  id: 'logistic',
  title: 'logistic regression, breast cancer, coefficients',
  contenders: [logistic((model) => [...model.coef.data, ...model.intercept]), ...inPython('scikit-learn', 'logistic')],
  bars: [{ against: ['scikit-learn'], ratio: 1 }],
  // scikit-learn's L-BFGS stops at four digits, whatever its tolerance; ours has ten.
  tolerance: 3e-4,
};

export const logisticJsRow: Row = {
  id: 'logistic-js',
  title: 'logistic regression, breast cancer, share of rows right',
  contenders: [logistic((model, x, y) => [model.score(x, y)]), mlLogistic],
  bars: [{ against: ['ml-logistic-regression'], ratio: 0.03 }],
  // The other has no intercept and no penalty.
  tolerance: 0.03,
};

const one: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y } = breastCancer();
    const scaler = new StandardScaler().fit(x);
    const scaled = scaler.transform(x);
    const model = new LogisticRegression().fit(scaled, y as ArrayLike<number>);
    const rows = x.data as Float64Array;
    const out = new Float64Array(30);
    let ones = 0;
    return {
      run: () => {
        ones = 0;
        for (let i = 0; i < 100; i++) {
          ones += model.predictOne(scaler.transformOne(rows.subarray(30 * i, 30 * i + 30), out));
        }
      },
      answer: () => [ones],
    };
  },
};

export const predictOneRow: Row = {
  id: 'predict-one',
  title: 'scaler and logistic regression, a row at a time, 100 rows',
  contenders: [one, mlPredictOne, ...inPython('scikit-learn', 'predict-one')],
  bars: [
    { against: ['ml-logistic-regression'], ratio: 0.5 },
    { against: ['scikit-learn'], ratio: 0.01 },
  ],
  tolerance: 0.1,
};

const bulk: Contender = {
  name: 'maru',
  setUp: () => {
    const { x, y } = breastCancer();
    const model = pipeline(new StandardScaler(), new LogisticRegression()).fit(x, y as ArrayLike<number>);
    const many = { data: manyTimes(x.data as Float64Array), shape: [100_000, 30] };
    let ones = 0;
    return {
      run: () => {
        ones = model.predict(many).reduce((sum, label) => sum + label, 0);
      },
      answer: () => [ones],
    };
  },
};

export const predictBulkRow: Row = {
  id: 'predict-bulk',
  title: 'scaler and logistic regression, 100,000 rows at once',
  contenders: [bulk, mlPredictBulk, ...inPython('scikit-learn', 'predict-bulk')],
  bars: [
    { against: ['ml-logistic-regression'], ratio: 0.5 },
    { against: ['scikit-learn'], ratio: 1 },
  ],
  // The other has no intercept and no penalty.
  tolerance: 0.05,
};
