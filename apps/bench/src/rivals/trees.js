/** scikit.js, ml-cart, ml-random-forest and ydf-training. */
import { breastCancer } from '@maru-ml/datasets/breast-cancer';
import { importPeer } from '../peers.js';
import { plainRows } from '../row.js';
import { manyRows, treeRows } from '../rows/tree-data.js';

/** @param {import('../rows/tree-data.js').TreeRows} rows */
function plain({ x, y, d }) {
  return { rows: plainRows(x, d), labels: [...y] };
}

/** @param {ArrayLike<number>} predicted @param {number[]} labels */
function accuracy(predicted, labels) {
  return labels.filter((label, i) => label === predicted[i]).length / labels.length;
}

/** @type {import('../row.js').Contender} */
export const scikitJsTree = {
  name: 'scikit.js',
  setUp: async () => {
    const tf = await importPeer('scikitjs', '@tensorflow/tfjs');
    const sk = await importPeer('scikitjs', 'scikitjs');
    const { setBackend, DecisionTreeClassifier } = sk.default ?? sk;
    setBackend(tf.default ?? tf);
    const { rows, labels } = plain(treeRows());
    /** @type {any} */
    let model = null;
    return {
      run: () => {
        model = new DecisionTreeClassifier();
        model.fit(rows, labels);
      },
      answer: () => [accuracy(model.predict(rows), labels)],
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlCart = {
  name: 'ml-cart',
  setUp: async () => {
    const module = await importPeer('ml-cart', 'ml-cart');
    const { DecisionTreeClassifier } = module.default ?? module;
    const { rows, labels } = plain(treeRows());
    /** @type {any} */
    let model = null;
    return {
      run: () => {
        model = new DecisionTreeClassifier({ gainFunction: 'gini', maxDepth: 100, minNumSamples: 1 });
        model.train(rows, labels);
      },
      answer: () => [accuracy(model.predict(rows), labels)],
    };
  },
};

/** @param {number} nEstimators */
async function mlForestOf(nEstimators) {
  const module = await importPeer('ml-random-forest', 'ml-random-forest');
  const { RandomForestClassifier } = module.default ?? module;
  return new RandomForestClassifier({
    seed: 1,
    nEstimators,
    maxFeatures: 4,
    replacement: true,
    useSampleBagging: true,
    noOOB: true,
    treeOptions: { gainFunction: 'gini', maxDepth: 100, minNumSamples: 1 },
  });
}

/** @type {import('../row.js').Contender} */
export const mlForest = {
  name: 'ml-random-forest',
  note: '2 trees, and their time multiplied by 50',
  unchecked: 'two trees know less than a hundred',
  setUp: async () => {
    const { rows, labels } = plain(treeRows());
    const model = await mlForestOf(2);
    return {
      run: () => {
        const begin = performance.now();
        model.train(rows, labels);
        return { ms: 50 * (performance.now() - begin) };
      },
      answer: () => [accuracy(model.predict(rows), labels)],
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlForestPredict = {
  name: 'ml-random-forest',
  note: '2 trees, and their time multiplied by 50',
  unchecked: 'two trees know less than a hundred',
  setUp: async () => {
    const { rows, labels } = plain(treeRows());
    const model = await mlForestOf(2);
    model.train(rows, labels);
    let ones = 0;
    return {
      run: () => {
        const begin = performance.now();
        ones = 0;
        for (let i = 0; i < 20; i++) ones += model.predict([rows[i]])[0];
        return { ms: 50 * (performance.now() - begin) };
      },
      answer: () => [ones],
    };
  },
};

/** @param {() => import('../rows/tree-data.js').TreeRows} make @param {boolean} long @returns {import('../row.js').Contender} */
function ydf(make, long) {
  return {
    name: 'ydf-training',
    note: 'reads rows as CSV text; has no options: a tenth of the rows is held out, and it stops early or after 300 trees',
    unchecked: 'it stops early',
    long,
    setUp: async () => {
      const module = await importPeer('ydf-training', 'ydf-training');
      const api = await (module.default ?? module)({ print: () => {}, printErr: () => {} });
      const { x, y, n, d } = make();
      const names = Array.from({ length: d }, (_, j) => `x${j}`);
      const lines = Array.from(
        { length: n },
        (_, i) => `${x.subarray(d * i, d * (i + 1)).join()},${y[i] ? 'one' : 'zero'}`,
      );
      const csv = [`${names.join()},label`, ...lines].join('\n');
      /** @type {any} */
      let model = null;
      const quiet = (/** @type {() => any} */ work) => {
        const { log } = console;
        console.log = () => {};
        try {
          return work();
        } finally {
          console.log = log;
        }
      };
      return {
        run: () => {
          model?.unload();
          model = quiet(() => new api.GradientBoostedTreesLearner('label', 'CLASSIFICATION').train(csv));
        },
        answer: () => {
          const p = quiet(() => model.predict(csv));
          const share = [...y].filter((label, i) => label === Number(p[i] > 0.5)).length / n;
          // Which of the two classes the probability is of is not told.
          return [Math.max(share, 1 - share)];
        },
        end: () => model.unload(),
      };
    },
  };
}

export const ydfBoosting = ydf(() => treeRows(), false);
export const ydfBoostingLarge = ydf(() => manyRows(100_000), true);

/** Two trees of breast cancer, to be saved. */
export async function mlForestModel() {
  const { x, y } = breastCancer();
  const model = await mlForestOf(2);
  model.train(plainRows(x.data, 30), Array.from(y));
  return model;
}
