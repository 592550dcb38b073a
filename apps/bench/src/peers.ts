import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** The libraries that ours are compared with, each installed alone into a folder of its own when the benchmark first runs. */
export const PEERS = {
  tfjs: ['@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0'],
  'jax-js': ['@jax-js/jax@0.1.25'],
  convnetjs: ['convnetjs@0.3.0'],
  'libsvm-js': ['libsvm-js@0.2.1'],
  'density-clustering': ['density-clustering@1.3.0'],
  'ml-cart': ['ml-cart@2.1.1'],
  'ml-hclust': ['ml-hclust@4.0.0'],
  'ml-kmeans': ['ml-kmeans@7.0.1'],
  'ml-knn': ['ml-knn@3.0.0'],
  'ml-logistic-regression': ['ml-logistic-regression@2.0.0', 'ml-matrix@6.15.1'],
  'ml-matrix': ['ml-matrix@6.15.1'],
  'ml-naivebayes': ['ml-naivebayes@4.0.0'],
  'ml-pca': ['ml-pca@4.1.1'],
  'ml-random-forest': ['ml-random-forest@2.1.0'],
  'ml-regression-multivariate-linear': ['ml-regression-multivariate-linear@2.0.4'],
  scikitjs: ['scikitjs@1.24.0', '@tensorflow/tfjs@3.21.0'],
  'numpy-ts': ['numpy-ts@1.7.0'],
  'ydf-training': ['ydf-training@0.0.1'],
} as const;

export type Peer = keyof typeof PEERS;

/** Where each peer has a project of its own. */
export const peersFolder: string = fileURLToPath(new URL('../.cache/peers/', import.meta.url));

/** Installs what is missing; returns for each peer null, or why it could not be had. */
export async function installPeers(onProgress: (peer: Peer) => void): Promise<Record<Peer, string | null>> {
  const state = {} as Record<Peer, string | null>;
  for (const peer of Object.keys(PEERS) as Peer[]) {
    state[peer] = null;
    if (existsSync(`${peersFolder}${peer}/installed`)) continue;
    onProgress(peer);
    try {
      await mkdir(`${peersFolder}${peer}`, { recursive: true });
      await writeFile(`${peersFolder}${peer}/package.json`, JSON.stringify({ name: `peer-${peer}`, private: true }));
      await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PEERS[peer]], {
        cwd: `${peersFolder}${peer}`,
        timeout: 300_000,
      });
      await writeFile(`${peersFolder}${peer}/installed`, '');
    } catch (error) {
      const lines = (error as Error).message.split('\n').filter((line) => /npm error/.test(line));
      state[peer] = lines[0] ?? (error as Error).message.split('\n')[0]!;
    }
  }
  return state;
}

/** Imports a module of a peer. */
export async function importPeer<T>(peer: Peer, module: string): Promise<T> {
  const require = createRequire(`${peersFolder}${peer}/package.json`);
  let path: string;
  try {
    path = require.resolve(module);
  } catch {
    throw new Error(`${module} is not installed`);
  }
  return (await import(pathToFileURL(path).href)) as T;
}

/** Imports a peer that is published for `import` alone, by the file that its manifest names. */
export async function importEsm<T>(peer: Peer, file: string): Promise<T> {
  const path = `${peersFolder}${peer}/node_modules/${file}`;
  if (!existsSync(path)) throw new Error(`${peer} is not installed`);
  return (await import(pathToFileURL(path).href)) as T;
}
