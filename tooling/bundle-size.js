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
 * Bundles an ES module for browsers; it may import any of our packages. What it imports must be exported or used, or the
 * bundler leaves it out. Optional peers are left out too.
 *
 * @param {string} snippet
 * @returns {Promise<{ minified: number, gzip: number }>} bytes
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
 */
export async function bundleIn(project, snippet, external = []) {
  const { outputFiles } = await build({
    stdin: { contents: snippet, resolveDir: project, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*', ...external],
    logLevel: 'silent',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { minified, gzip } = await bundleSize(process.argv[2] ?? '');
  console.log(`${(minified / 1000).toFixed(1)} KB minified, ${(gzip / 1000).toFixed(1)} KB gzip`);
}
