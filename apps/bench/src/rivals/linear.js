/** scikit.js and ml-logistic-regression. */
import { breastCancer } from '@maru-ml/datasets/breast-cancer';
import { importPeer } from '../peers.js';
import { lassoRows, manyTimes } from '../rows/linear-data.js';

/** @type {import('../row.js').Contender} */
export const scikitJsLasso = {
  name: 'scikit.js',
  setUp: async () => {
    const tf = await importPeer('scikitjs', '@tensorflow/tfjs');
    const sk = await importPeer('scikitjs', 'scikitjs');
    const { setBackend, LassoRegression } = sk.default ?? sk;
    setBackend(tf.default ?? tf);
    const { x, y, n, d } = lassoRows();
    const rows = Array.from({ length: n }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]);
    const targets = [...y];
    /** @type {any} */
    let model = null;
    return {
      run: async () => {
        model = new LassoRegression({ alpha: 0.05 });
        await model.fit(rows, targets);
      },
      answer: () => [...model.coef.dataSync(), ...[model.intercept?.dataSync?.() ?? model.intercept].flat()],
    };
  },
};

/** Breast cancer with columns of mean 0 and deviation 1, as plain rows. */
function cancer() {
  const { x, y } = breastCancer();
  const [n, d] = x.shape;
  const columns = Array.from({ length: d }, (_, j) => Array.from({ length: n }, (_, i) => x.data[i * d + j]));
  const scaled = columns.map((column) => {
    const mean = column.reduce((s, v) => s + v, 0) / n;
    const deviation = Math.sqrt(column.reduce((s, v) => s + (v - mean) ** 2, 0) / n);
    return { mean, deviation, values: column.map((v) => (v - mean) / deviation) };
  });
  const rows = Array.from({ length: n }, (_, i) => scaled.map(({ values }) => values[i]));
  return { x, rows, scaled, y: Array.from(y) };
}

async function trained() {
  const module = await importPeer('ml-logistic-regression', 'ml-logistic-regression');
  const { Matrix } = await importPeer('ml-logistic-regression', 'ml-matrix');
  const LogisticRegression = module.default?.default ?? module.default ?? module;
  const data = cancer();
  const rows = new Matrix(data.rows);
  const labels = Matrix.columnVector(data.y);
  const fit = () => {
    const model = new LogisticRegression({ numSteps: 1000, learningRate: 5e-3 });
    model.train(rows, labels);
    return model;
  };
  return { ...data, Matrix, matrix: rows, fit };
}

/** @type {import('../row.js').Contender} */
export const mlLogistic = {
  name: 'ml-logistic-regression',
  setUp: async () => {
    const { fit, matrix, y } = await trained();
    /** @type {any} */
    let model = null;
    return {
      run: () => {
        model = fit();
      },
      answer: () => {
        const predicted = model.predict(matrix);
        return [y.filter((label, i) => label === predicted[i]).length / y.length];
      },
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlPredictOne = {
  name: 'ml-logistic-regression',
  setUp: async () => {
    const { fit, x, scaled, Matrix } = await trained();
    const model = fit();
    const d = scaled.length;
    let ones = 0;
    return {
      run: () => {
        ones = 0;
        for (let i = 0; i < 100; i++) {
          const row = scaled.map(({ mean, deviation }, j) => (x.data[i * d + j] - mean) / deviation);
          ones += model.predict(new Matrix([row]))[0];
        }
      },
      answer: () => [ones],
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlPredictBulk = {
  name: 'ml-logistic-regression',
  setUp: async () => {
    const { fit, x, scaled, Matrix } = await trained();
    const model = fit();
    const d = scaled.length;
    const many = manyTimes(x.data);
    let ones = 0;
    return {
      run: () => {
        const flat = many.map((value, at) => (value - scaled[at % d].mean) / scaled[at % d].deviation);
        ones = model.predict(Matrix.from1DArray(100_000, d, flat)).reduce((sum, one) => sum + one, 0);
      },
      answer: () => [ones],
    };
  },
};

/** A trained model, to be saved. */
export async function mlLogisticModel() {
  const { fit } = await trained();
  return fit();
}
