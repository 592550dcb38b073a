/** convnetjs, ml-kmeans, ml-matrix and numpy-ts. */
import { importEsm, importPeer } from '../peers.js';
import { randoms } from '../row.js';
import { blobs } from '../rows/blobs.js';
import { olsRows } from '../rows/ols-data.js';
import { n, square, symmetric } from '../rows/square.js';

/** @type {import('../row.js').Contender} */
export const convnet = {
  name: 'convnetjs',
  unchecked: 'it draws weights of its own',
  setUp: async () => {
    const module = await importPeer('convnetjs', 'convnetjs');
    const { Net, Trainer, Vol } = module.default ?? module;
    const net = new Net();
    net.makeLayers([
      { type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 },
      { type: 'conv', sx: 5, filters: 16, stride: 1, pad: 2, activation: 'relu' },
      { type: 'pool', sx: 2, stride: 2 },
      { type: 'conv', sx: 5, filters: 32, stride: 1, pad: 2, activation: 'relu' },
      { type: 'pool', sx: 2, stride: 2 },
      { type: 'softmax', num_classes: 10 },
    ]);
    const trainer = new Trainer(net, { method: 'adam', batch_size: 64, learning_rate: 0.001 });
    const pixels = randoms(64 * 784, 7);
    const pictures = Array.from({ length: 64 }, (_, i) => {
      const picture = new Vol(28, 28, 1, 0);
      for (let j = 0; j < 784; j++) picture.w[j] = pixels[i * 784 + j];
      return picture;
    });
    let loss = 0;
    return {
      run: () => {
        loss = 0;
        for (let i = 0; i < 64; i++) loss += trainer.train(pictures[i], i % 10).loss / 64;
      },
      answer: () => [loss],
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlKmeans = {
  name: 'ml-kmeans',
  setUp: async () => {
    const { kmeans } = await importPeer('ml-kmeans', 'ml-kmeans');
    const data = blobs();
    const rows = Array.from({ length: 10_000 }, (_, i) => [...data.subarray(10 * i, 10 * i + 10)]);
    let best = Number.NaN;
    let seed = 0;
    return {
      run: () => {
        best = Number.POSITIVE_INFINITY;
        for (let start = 0; start < 10; start++) {
          const result = kmeans(rows, 8, { initialization: 'kmeans++', maxIterations: 300, seed: ++seed });
          const inertia = result.computeInformation(rows).reduce((sum, c) => sum + c.error * c.size, 0);
          best = Math.min(best, inertia);
        }
      },
      answer: () => [best],
    };
  },
};

/** @type {import('../row.js').Contender} */
export const numpyTs = {
  name: 'numpy-ts',
  setUp: async () => {
    const np = await importEsm('numpy-ts', 'numpy-ts/dist/esm/index.js');
    const matrix = (seed) => np.array(Float64Array.from(randoms(512 * 512, seed))).reshape(512, 512);
    const [a, b] = [matrix(1), matrix(2)];
    let c;
    return {
      run: () => {
        c = np.matmul(a, b);
      },
      answer: () => [0, 1, 2, 3].map((j) => Number(c.get([0, j]))),
    };
  },
};

/** @param {() => Float64Array} data @param {(module: any, matrix: any) => ArrayLike<number>} decompose @returns {import('../row.js').Contender} */
function mlMatrix(data, decompose) {
  return {
    name: 'ml-matrix',
    setUp: async () => {
      const module = await importPeer('ml-matrix', 'ml-matrix');
      const matrix = (module.default ?? module).Matrix.from1DArray(n, n, data());
      /** @type {ArrayLike<number>} */
      let found = [];
      return {
        run: () => {
          found = decompose(module.default ?? module, matrix);
        },
        answer: () => Array.from(found),
      };
    },
  };
}

/** @type {import('../row.js').Contender} */
export const mlProduct = {
  name: 'ml-matrix',
  setUp: async () => {
    const module = await importPeer('ml-matrix', 'ml-matrix');
    const { Matrix } = module.default ?? module;
    const [a, b] = [1, 2].map((seed) => Matrix.from1DArray(512, 512, Float64Array.from(randoms(512 * 512, seed))));
    /** @type {any} */
    let c = null;
    return {
      run: () => {
        c = a.mmul(b);
      },
      answer: () => [0, 1, 2, 3].map((j) => c.get(0, j)),
    };
  },
};

export const mlSvd = mlMatrix(square, (module, matrix) => new module.SingularValueDecomposition(matrix).diagonal);

export const mlEigen = mlMatrix(symmetric, (module, matrix) => {
  return new module.EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues;
});

/** @type {import('../row.js').Contender} */
export const mlRegression = {
  name: 'ml-regression-multivariate-linear',
  setUp: async () => {
    const module = await importPeer('ml-regression-multivariate-linear', 'ml-regression-multivariate-linear');
    const Regression = module.default?.default ?? module.default ?? module;
    const { x, y, n, d } = olsRows();
    const rows = Array.from({ length: n }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]);
    const targets = Array.from(y, (value) => [value]);
    /** @type {any} */
    let fit = null;
    return {
      run: () => {
        fit = new Regression(rows, targets);
      },
      // It puts the intercept last; it has standard errors, but no tests and intervals.
      answer: () => {
        const first = (/** @type {number[]} */ list) => [/** @type {number} */ (list[d]), ...list.slice(0, d)];
        return [...first(fit.weights.map((/** @type {number[]} */ row) => row[0])), ...first(fit.stdErrors)];
      },
    };
  },
};
