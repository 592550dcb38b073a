/**
 * What a snippet weighs in a web page: bundled from the packages' `dist` with all it imports, minified and compressed.
 *
 *   node tooling/bundle-size.js "export { KMeans } from '@maru-ml/cluster';"
 */
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { packages, withProject } from './workspace.js';

/**
 * Bytes of a bundle. `first`: of `gzip`, what a page loads at once; the rest it loads when it is asked for (`await import`).
 *
 * @typedef {{ minified: number, gzip: number, first: number }} Size
 */

/**
 * Bundles an ES module for browsers; it may import any of our packages. What it imports must be exported or used, or the
 * bundler leaves it out. Optional peers are left out too.
 *
 * @param {string} snippet
 * @returns {Promise<Size>}
 */
export async function bundleSize(snippet) {
  const all = packages();
  const installed = Object.fromEntries(all.map(({ manifest, folder }) => [manifest.name, folder]));
  const optional = all.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  return withProject(installed, (project) => bundleIn(project, snippet, optional));
}

/**
 * The same for what is installed in a project's folder.
 *
 * @param {string} project @param {string} snippet @param {string[]} [external] what is left out
 * @returns {Promise<Size>}
 */
export async function bundleIn(project, snippet, external = []) {
  /** @type {import('esbuild').BuildOptions} */
  const options = {
    stdin: { contents: snippet, resolveDir: project, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*', ...external],
    logLevel: 'silent',
  };
  const first = await bytesOf({ ...options, plugins: [withoutLater] });
  // Only then, since esbuild wraps modules that anything loads later, be it in what nobody uses.
  const whole = hasImports(first) ? await bytesOf(options) : first;
  return { minified: whole.length, gzip: compressed(whole), first: compressed(first) };
}

/** @type {import('esbuild').Plugin} */
const withoutLater = {
  name: 'without what is loaded later',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : null));
  },
};

/** @param {import('esbuild').BuildOptions} options */
async function bytesOf(options) {
  const { outputFiles } = await build({ ...options, write: false });
  return outputFiles?.[0]?.contents ?? new Uint8Array();
}

/** Whether something is loaded later. @param {Uint8Array} bytes */
function hasImports(bytes) {
  return new TextDecoder().decode(bytes).includes('import(');
}

/** @param {Uint8Array} bytes */
function compressed(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [minified, gzip, first] = Object.values(await bundleSize(process.argv[2] ?? '')).map((bytes) =>
    (bytes / 1000).toFixed(1),
  );
  console.log(`${minified} KB minified, ${gzip} KB gzip, of which ${first} KB are loaded at once`);
}
