/** Makes of a package's test files scripts that run in pages and web workers. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from '../workspace.js';

const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** A file's path from the root, with slashes. @param {string} file */
const inRepository = (file) => relative(root, file).split(sep).join('/');

/**
 * The test files of a package's folder: their paths from the root, and the tags of all their tests.
 *
 * @param {string} folder
 */
export async function testFiles(folder) {
  const files = (await readdir(join(folder, 'test'), { recursive: true })).filter((file) => file.endsWith('.test.ts'));
  return Promise.all(
    files.sort().map(async (file) => {
      const path = join(folder, 'test', file);
      const tags = [...(await readFile(path, 'utf8')).matchAll(/@module-tag (\w+)/g)].map(([, tag = '']) => tag);
      return { path: inRepository(path), tags };
    }),
  );
}

/**
 * The scripts by their path on the server: each test file's and `/run.js`, which share what they have in common.
 *
 * @param {string[]} tests paths from the root
 * @returns {Promise<Record<string, Uint8Array>>}
 */
export async function bundleTests(tests) {
  const entries = tests.map((file) => ({ in: join(root, file), out: file.replace(/\.ts$/, '') }));
  const { outputFiles } = await build({
    entryPoints: [...entries, { in: here('run.js'), out: 'run' }],
    outdir: root,
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['source'],
    keepNames: true,
    define: { 'process.env': '{}', 'import.meta.url': 'fileAddress' },
    plugins: [forBrowsers],
    logLevel: 'silent',
  });
  return Object.fromEntries(outputFiles.map(({ path, contents }) => [`/${inRepository(path)}`, contents]));
}

/** Puts our own in the place of `vitest` and Node's modules, and tells test files where they are. @type {import('esbuild').Plugin} */
const forBrowsers = {
  name: 'for browsers',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vitest$/ }, () => ({ path: here('vitest.js') }));
    onResolve({ filter: /^node:(fs|path|timers\/promises|url|util)$/ }, () => ({ path: here('node.cjs') }));
    onResolve({ filter: /^(node:|esbuild$|@maru-ml\/tooling\/(browser|bundle-size)$)/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }));
    onLoad({ filter: /./, namespace: 'absent' }, ({ path }) => {
      const contents = `module.exports = require('./absent.cjs')(${JSON.stringify(path)})`;
      return { contents, resolveDir: here('.') };
    });
    onLoad({ filter: /[\\/](packages|tooling)[\\/].*\.[jt]s$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (path.includes('node_modules') || !text.includes('import.meta.url')) return null;
      const address = `const fileAddress = new URL(${JSON.stringify(`/${inRepository(path)}`)}, location.href).href;`;
      return { contents: `${address} ${text}`, loader: path.endsWith('.ts') ? 'ts' : 'js' };
    });
  },
};
