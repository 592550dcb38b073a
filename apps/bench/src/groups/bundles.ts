import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleIn, bundleSize, type Size } from '@maru-ml/tooling/bundle-size';
import { packages } from '@maru-ml/tooling/workspace';
import { type Group, type Single, short } from '../figures.ts';
import { sentence } from '../measure.ts';
import { type Peer, peersFolder } from '../peers.ts';

/** What a page would use of each peer. */
const PEER_SNIPPETS: readonly (readonly [name: string, peer: Peer, snippet: string])[] = [
  ['tfjs, with layers', 'tfjs', "import * as tf from '@tensorflow/tfjs'; console.log(tf.sequential);"],
  [
    'tfjs, a product of matrices on cpu',
    'tfjs',
    "import { tensor, matMul } from '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-backend-cpu'; console.log(tensor, matMul);",
  ],
  ['jax-js', 'jax-js', "export { init, numpy } from '@jax-js/jax';"],
  ['convnetjs', 'convnetjs', "export { default } from 'convnetjs';"],
  ['density-clustering', 'density-clustering', "export { default } from 'density-clustering';"],
  ['ml-cart', 'ml-cart', "export { DecisionTreeClassifier } from 'ml-cart';"],
  ['ml-hclust', 'ml-hclust', "export { agnes } from 'ml-hclust';"],
  ['ml-kmeans', 'ml-kmeans', "export { kmeans } from 'ml-kmeans';"],
  ['ml-knn', 'ml-knn', "export { default } from 'ml-knn';"],
  ['ml-logistic-regression', 'ml-logistic-regression', "export { default } from 'ml-logistic-regression';"],
  ['ml-matrix', 'ml-matrix', "export { Matrix } from 'ml-matrix';"],
  ['ml-naivebayes', 'ml-naivebayes', "export { GaussianNB } from 'ml-naivebayes';"],
  ['ml-pca', 'ml-pca', "export { PCA } from 'ml-pca';"],
  ['ml-random-forest', 'ml-random-forest', "export { RandomForestClassifier } from 'ml-random-forest';"],
  [
    'ml-regression-multivariate-linear',
    'ml-regression-multivariate-linear',
    "export { default } from 'ml-regression-multivariate-linear';",
  ],
  ['numpy-ts', 'numpy-ts', "export { array, matmul } from 'numpy-ts';"],
];

const CORE =
  "import { tensor } from '@maru-ml/tensor'; console.log(tensor([1, 2]).mul(2).matmul(tensor([3, 4])).sum().backward);";

/** The classes of a module that have a `fit`: its estimators. */
export function estimatorsIn(module: Record<string, unknown>): string[] {
  return Object.keys(module)
    .filter((name) => {
      const value = module[name];
      if (typeof value !== 'function') return false;
      const { prototype } = value as { prototype?: { fit?: unknown } };
      return typeof prototype?.fit === 'function';
    })
    .sort();
}

/** What each estimator brings into a page with all it uses: bundled, minified, gzip. What it loads when asked for is told with it and without. */
export async function bundles(): Promise<Group> {
  const entries: Single[] = [];
  const absent: Record<string, string> = {};
  const add = async (name: string, side: Single['side'], size: () => Promise<Size>) => {
    try {
      const { gzip, first } = await size();
      entries.push({ name, side, value: short(gzip / 1000) });
      if (first < gzip) entries.push({ name: `${name}, at first`, side, value: short(first / 1000) });
    } catch (error) {
      absent[name] = sentence(error);
    }
  };
  await add("tensor's core", 'ours', () => bundleSize(CORE));
  for (const { short: name, manifest, folder } of packages()) {
    let names: string[] = [];
    try {
      names = estimatorsIn(await import(pathToFileURL(join(folder, 'dist/index.js')).href));
    } catch (error) {
      absent[manifest.name] = sentence(error);
    }
    for (const estimator of names) {
      const snippet = `export { ${estimator} } from '${manifest.name}';`;
      await add(`${name}: ${estimator}`, 'ours', () => bundleSize(snippet));
    }
  }
  const node = ['crypto', 'fs', 'module', 'os', 'path', 'util', 'worker_threads'];
  for (const [name, peer, snippet] of PEER_SNIPPETS) {
    await add(name, 'js', () => bundleIn(`${peersFolder}${peer}`, snippet, node));
  }
  return {
    id: 'bundle',
    title: 'What a page loads: an estimator with all it uses, minified, gzip',
    unit: 'KB',
    bound: 15,
    entries,
    absent,
  };
}
