/** scikit.js and ml-cart. */
import { importPeer } from '../peers.js';
import { treeRows } from '../rows/tree-data.js';

function plainRows() {
  const { x, y, n, d } = treeRows();
  return { rows: Array.from({ length: n }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]), labels: [...y] };
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
    const { rows, labels } = plainRows();
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
    const { rows, labels } = plainRows();
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
