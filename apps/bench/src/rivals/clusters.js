/** ml-pca, ml-hclust and density-clustering. */
import { importPeer } from '../peers.js';
import { plainRows, randomMatrix } from '../row.js';

/** @type {import('../row.js').Contender} */
export const mlPca = {
  name: 'ml-pca',
  setUp: async () => {
    const { PCA } = await importPeer('ml-pca', 'ml-pca');
    const rows = plainRows(randomMatrix(2000, 100, 87).data, 100);
    /** @type {any} */
    let model = null;
    return {
      run: () => {
        model = new PCA(rows);
      },
      answer: () => model.getEigenvalues(),
    };
  },
};

/** @type {import('../row.js').Contender} */
export const mlHclust = {
  name: 'ml-hclust',
  setUp: async () => {
    const { agnes } = await importPeer('ml-hclust', 'ml-hclust');
    const rows = plainRows(randomMatrix(1000, 10, 91).data, 10);
    /** @type {any} */
    let tree = null;
    return {
      run: () => {
        tree = agnes(rows, { method: 'ward2' });
      },
      answer: () => {
        const sizes = tree.group(8).children.map((/** @type {{ size: number }} */ child) => child.size);
        return sizes.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
      },
    };
  },
};

/** @type {import('../row.js').Contender} */
export const densityClustering = {
  name: 'density-clustering',
  setUp: async () => {
    const module = await importPeer('density-clustering', 'density-clustering');
    const { DBSCAN } = module.default ?? module;
    const rows = plainRows(randomMatrix(5000, 2, 89).data, 2).map(([x, y]) => [20 * (x ?? 0), 20 * (y ?? 0)]);
    let answer = [0, 0];
    return {
      run: () => {
        const dbscan = new DBSCAN();
        // Its list of noise keeps rows that a cluster took later.
        const clusters = dbscan.run(rows, 0.25, 5);
        answer = [clusters.length, rows.length - new Set(clusters.flat()).size];
      },
      answer: () => answer,
    };
  },
};
