/**
 * Runs a page's script in real Chromium and hands back what it returns. The script is a module that exports `run`, a
 * function (it may be asynchronous) whose result survives JSON. From tests:
 *
 *   const found = await inChromium(new URL('./browser/training.ts', import.meta.url));
 *
 * and by hand, where Node runs the same bundle too and both answers are compared:
 *
 *   node tooling/browser.js packages/nn/test/browser/training.ts
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * @typedef {object} BrowserOptions
 * @property {boolean} [sources] bundle the packages' sources instead of `dist`; default true, so tests need no build
 * @property {Record<string, string>} [headers] of the page, such as a content-security policy; default none
 * @property {Record<string, string | Uint8Array>} [files] further files to serve, by path; default none
 * @property {Record<string, string>} [modules] source texts of modules that the script imports by these names; default none
 * @property {number} [timeout] milliseconds; default 60000
 */

/** The path of Chromium, or null: MARU_CHROMIUM if that is set, else what the search path holds. */
export function findChromium() {
  if (process.env.MARU_CHROMIUM !== undefined) return process.env.MARU_CHROMIUM || null;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {} // not here; look on
    }
  }
  return null;
}

/**
 * Bundles the script for browsers and runs it in a page served on the loopback address.
 *
 * @param {string | URL} entry the script's path
 * @param {BrowserOptions} [options]
 * @returns {Promise<any>} what its `run` returned
 */
export async function inChromium(entry, { timeout = 60_000, ...options } = {}) {
  const chromium = await openChromium(entry, options);
  try {
    return await chromium.run(undefined, timeout);
  } finally {
    await chromium.close();
  }
}

/**
 * The same for scripts that are to run more than once, each time in a fresh page.
 *
 * @param {string | URL} entry the script's path
 * @param {Omit<BrowserOptions, 'timeout'>} [options]
 */
export async function openChromium(entry, { sources = true, headers = {}, files = {}, modules = {} } = {}) {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('inChromium: Chromium was not found; install it, or set MARU_CHROMIUM');
  const { chromium } = await import('playwright-core');
  const script = await bundle(pathOf(entry), sources, modules);
  const page = '<!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,">';
  /** @type {Record<string, string | Uint8Array>} */
  const served = { ...files, '/': page, '/script.js': script };
  const server = await serve((path) => served[path], headers);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    /** For what only the browser itself tells, such as a trace. */
    browser,
    /** @param {unknown} given what `run` gets @param {number} timeout milliseconds @returns {Promise<any>} what it returned */
    async run(given, timeout) {
      const tab = await browser.newPage();
      try {
        tab.setDefaultTimeout(timeout);
        await tab.goto(server.url);
        // As text: vitest rewrites an import() in code, also in this file's.
        const call = `script.run(${given === undefined ? '' : JSON.stringify(given)})`;
        const answer = tab.evaluate(`import('/script.js').then((script) => ${call})`);
        return await withTimeout(answer, timeout, basename(pathOf(entry)));
      } finally {
        await tab.close();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Runs the same bundle in Node and returns what its `run` returned. @param {string | URL} entry @param {boolean} [sources] */
export async function inNode(entry, sources = true) {
  const folder = mkdtempSync(join(tmpdir(), 'maru-page-'));
  try {
    writeFileSync(join(folder, 'script.mjs'), await bundle(pathOf(entry), sources));
    return await (await import(pathToFileURL(join(folder, 'script.mjs')).href)).run();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} entry @param {boolean} sources @param {Record<string, string>} [modules] */
async function bundle(entry, sources, modules = {}) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: sources ? ['source'] : [],
    external: ['node:*'],
    logLevel: 'silent',
    plugins: [{ name: 'modules', setup: (build) => given(build, modules, dirname(entry)) }],
  });
  return outputFiles[0]?.text ?? '';
}

/** @param {import('esbuild').PluginBuild} build @param {Record<string, string>} modules @param {string} resolveDir */
function given(build, modules, resolveDir) {
  build.onResolve({ filter: /./ }, ({ path }) => (Object.hasOwn(modules, path) ? { path, namespace: 'given' } : null));
  build.onLoad({ filter: /./, namespace: 'given' }, ({ path }) => ({ contents: modules[path], resolveDir }));
}

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.wasm', 'application/wasm'],
]);

/**
 * Serves files on the loopback address.
 *
 * @param {(path: string) => string | Uint8Array | undefined} find the file of a path, which starts with a slash; a path that ends in one is
 *   that of a page
 * @param {Record<string, string>} headers of every answer
 * @param {number} [port] default a free one
 */
export async function serve(find, headers, port = 0) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = find(path);
    const type = TYPES.get(path.endsWith('/') ? '.html' : extname(path)) ?? 'application/octet-stream';
    response.writeHead(file === undefined ? 404 : 200, { ...headers, 'content-type': type });
    response.end(file);
  });
  await new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done(undefined)));
    },
  };
}

/** @template T @param {Promise<T>} promise @param {number} milliseconds @param {string} what @returns {Promise<T>} */
async function withTimeout(promise, milliseconds, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`inChromium: ${what} took longer than ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string | URL} entry */
function pathOf(entry) {
  return entry instanceof URL ? fileURLToPath(entry) : resolve(entry);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [entry = ''] = process.argv.slice(2);
  const node = JSON.stringify(await inNode(entry, false));
  const chromium = JSON.stringify(await inChromium(entry, { sources: false }));
  const version = spawnSync(findChromium() ?? '', ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`Node ${process.version}: ${shorten(node)}\n${version}: ${shorten(chromium)}`);
  console.log(node === chromium ? 'equal' : 'DIFFERENT');
  process.exitCode = node === chromium ? 0 : 1;
}

/** @param {string | undefined} text */
function shorten(text = 'undefined') {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}
