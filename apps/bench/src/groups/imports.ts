import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packages } from '@maru-ml/tooling/workspace';
import type { Group } from '../figures.ts';
import { type Peer, peersFolder } from '../peers.ts';
import { mediansOf, moduleProgram, type Program } from './fresh.ts';

/** What stands for a peer when it is imported. */
const MODULES: Partial<Record<Peer, string>> = {
  tfjs: '@tensorflow/tfjs',
  'jax-js': './node_modules/@jax-js/jax/dist/index.js',
  'ml-kmeans': 'ml-kmeans',
  'ml-matrix': 'ml-matrix',
  'ml-random-forest': 'ml-random-forest',
  'numpy-ts': './node_modules/numpy-ts/dist/esm/index.js',
  'libsvm-js': 'libsvm-js',
  'ydf-training': 'ydf-training',
};

function importing(module: string, before = ''): Program['command'] {
  return moduleProgram(
    `${before} console.log = console.warn = () => {};
    const begin = performance.now(); await import(${JSON.stringify(module)});
    process.stdout.write(performance.now() - begin + '\\n');`,
  );
}

/** The time of importing each package, and some peers, in a fresh process. */
export async function importTimes(rounds: number): Promise<Group> {
  const ours = packages().map(({ manifest, folder }): Program => {
    return { name: manifest.name, side: 'ours', command: importing(pathToFileURL(join(folder, 'dist/index.js')).href) };
  });
  const peers = Object.entries(MODULES).map(([name, module]): Program => {
    const cwd = `${peersFolder}${name}`;
    const target = module.startsWith('.') ? pathToFileURL(join(cwd, module)).href : module;
    const navigator = name === 'jax-js' ? 'globalThis.navigator ??= { hardwareConcurrency: 1 };' : '';
    return { name, side: 'js', command: importing(target, navigator), cwd };
  });
  const measured = await mediansOf([...ours, ...peers], rounds);
  return { id: 'import', title: 'Importing a package', unit: 'ms', bound: null, ...measured };
}
