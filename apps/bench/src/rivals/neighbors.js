/** ml-knn and ml-naivebayes. */
import { importPeer } from '../peers.js';
import { plainRows, randomMatrix, randoms } from '../row.js';
import { classRows } from '../rows/classes-data.js';

async function knn() {
  const module = await importPeer('ml-knn', 'ml-knn');
  return module.default?.default ?? module.default ?? module;
}

/** @type {import('../row.js').Contender} */
export const mlKnn = {
  name: 'ml-knn',
  note: 'a k-d tree, for 20 of the 10,000 rows, and their time multiplied by 500',
  unchecked: 'it predicts some of the rows',
  setUp: async () => {
    const KNN = await knn();
    const labels = Array.from(randoms(10_000, 62), (value) => (value > 0 ? 1 : 0));
    const model = new KNN(plainRows(randoms(640_000, 61), 64), labels, { k: 5 });
    const queries = plainRows(randoms(1280, 63), 64);
    let ones = 0;
    return {
      run: () => {
        const begin = performance.now();
        ones = model.predict(queries).reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0);
        return { ms: 500 * (performance.now() - begin) };
      },
      answer: () => [ones],
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlKnnTree = {
  name: 'ml-knn',
  note: 'for 50 of the 20,000 rows, and their time multiplied by 400, without that of building',
  unchecked: 'it predicts some of the rows',
  setUp: async () => {
    const KNN = await knn();
    const { x, y } = classRows(20_000, 3, 83);
    const model = new KNN(plainRows(x.data, 3), [...y], { k: 5 });
    const queries = plainRows(randomMatrix(50, 3, 85).data, 3);
    let ones = 0;
    return {
      run: () => {
        const begin = performance.now();
        ones = model.predict(queries).reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0);
        return { ms: 400 * (performance.now() - begin) };
      },
      answer: () => [ones],
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlNaiveBayes = {
  name: 'ml-naivebayes',
  setUp: async () => {
    const module = await importPeer('ml-naivebayes', 'ml-naivebayes');
    const { GaussianNB } = module.default ?? module;
    const { x, y } = classRows(10_000, 20, 81);
    const rows = plainRows(x.data, 20);
    let ones = 0;
    return {
      run: () => {
        const model = new GaussianNB();
        model.train(rows, [...y]);
        ones = model.predict(rows).reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0);
      },
      answer: () => [ones],
    };
  },
};
