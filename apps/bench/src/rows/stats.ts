import { betainc } from '@maru-ml/special';
import { GLM, Logit, OLS } from '@maru-ml/stats';
import { inPython } from '../python.ts';
import { mlRegression } from '../rivals/others.js';
import { type Contender, type Row, randomMatrix, randoms } from '../row.ts';
import { classRows } from './classes-data.ts';
import { olsRows } from './ols-data.ts';

interface Inference {
  readonly params: ArrayLike<number>;
  readonly bse: ArrayLike<number>;
  confInt(): unknown;
}

/** A fit with its intervals; all else is computed by then. */
function inference(prepare: () => () => Inference): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const fit = prepare();
      let model: Inference | null = null;
      return {
        run: () => {
          model = fit();
          return model.confInt();
        },
        answer: () => [...Array.from(model!.params), ...Array.from(model!.bse)],
      };
    },
  };
}

const ols = inference(() => {
  const { x, y, n, d } = olsRows();
  return () => new OLS({ addConstant: true }).fit({ data: x, shape: [n, d] }, y);
});

export const olsRow: Row = {
  id: 'ols',
  title: 'OLS with full inference, 1,000 x 10',
  contenders: [ols, mlRegression, ...inPython('statsmodels', 'ols')],
  bars: [
    { against: ['ml-regression-multivariate-linear'], ratio: 0.2 },
    { against: ['statsmodels'], ratio: 3 },
  ],
  tolerance: 1e-9,
};

const poisson = inference(() => {
  const x = randomMatrix(10_000, 10, 93);
  const noise = randoms(10_000, 94);
  const y = Float64Array.from(noise, (value, i) => {
    const mean = Math.exp(1 + x.data[10 * i]! + 0.5 * x.data[10 * i + 1]!);
    return Math.floor(mean * (0.5 + value) * 2);
  });
  return () => new GLM({ family: 'poisson', addConstant: true }).fit(x, y);
});

export const glmRow: Row = {
  id: 'glm',
  title: 'Poisson regression with full inference, 10,000 x 10',
  contenders: [poisson, ...inPython('statsmodels', 'glm')],
  bars: [],
  tolerance: 1e-6,
};

const logit = inference(() => {
  const { x, y } = classRows(10_000, 10, 95);
  return () => new Logit({ addConstant: true }).fit(x, y);
});

export const logitRow: Row = {
  id: 'logit',
  title: 'logistic regression with full inference, 10,000 x 10',
  contenders: [logit, ...inPython('statsmodels', 'logit')],
  bars: [],
  tolerance: 1e-6,
};

const beta: Contender = {
  name: 'maru',
  setUp: () => {
    const [a, b, x] = [97, 98, 99].map((seed) => Float64Array.from(randoms(100_000, seed), (value) => value + 0.5));
    const out = new Float64Array(100_000);
    return {
      run: () => {
        for (let i = 0; i < out.length; i++) out[i] = betainc(0.5 + 20 * a![i]!, 0.5 + 20 * b![i]!, x![i]!);
      },
      answer: () => [out.reduce((sum, value) => sum + value, 0), ...out.subarray(0, 5)],
    };
  },
};

export const betaRow: Row = {
  id: 'betainc',
  title: 'the incomplete beta function at 100,000 places',
  contenders: [beta, ...inPython('SciPy', 'betainc')],
  bars: [],
  tolerance: 1e-12,
};
