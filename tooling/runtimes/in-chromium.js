/** Runs a package's tests in Chromium: each test file in a page of its own, or in a web worker of its own. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, serve } from '../browser.js';
import { root } from '../workspace.js';

/** @typedef {import('./run.js').Report} Report */
/** @typedef {{ path: string, tags: string[] }} TestFile */

/** What pages and workers may do: no code from strings, nothing from elsewhere, WebAssembly where it is allowed, shared memory. */
const headers = (/** @type {boolean} */ wasm) => ({
  'content-security-policy': `default-src 'none'; script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ''}; worker-src 'self'; connect-src 'self' data: blob:`,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
});

const page = (/** @type {string} */ script) =>
  `<!doctype html><meta charset="utf-8"><title>tests</title><script type="module" src="${script}"></script>`;

/** Starts a worker with the query of the page, and hands on what it reports. */
const startWorker = `const worker = new Worker('/run.js' + location.search, { type: 'module' });
worker.onmessage = ({ data }) => report(data);
worker.onerror = ({ message }) => report({ passed: 0, needNode: 0, needWasm: 0, skipped: [], failed: [{ name: 'the worker', error: message }] });`;

/**
 * Starts Chromium once for many packages.
 *
 * @param {{ wasm: boolean, worker: boolean }} options whether WebAssembly is allowed; whether tests run in a worker
 */
export async function startChromium({ wasm, worker }) {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('Chromium was not found; install it, or set MARU_CHROMIUM');
  const { chromium } = await import('playwright-core');
  /** @type {Record<string, string | Uint8Array>} */
  let scripts = {};
  const pages = { '/': page(worker ? '/worker.js' : '/run.js'), '/worker.js': startWorker };
  const find = (/** @type {string} */ path) => scripts[path] ?? /** @type {any} */ (pages)[path] ?? fileOf(path);
  const server = await serve(find, headers(wasm));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

  return {
    /**
     * What each test file came to.
     *
     * @param {TestFile[]} tests @param {Record<string, Uint8Array>} bundled
     * @returns {Promise<Report[]>}
     */
    async run(tests, bundled) {
      scripts = bundled;
      const queue = tests.entries();
      /** @type {Report[]} */
      const reports = [];
      // Two files at a time, each in a page of its own, as Vitest gives each a process.
      const lane = async () => {
        for (const [i, test] of queue) reports[i] = await runFile(test);
      };
      await Promise.all([lane(), lane()]);
      return reports;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };

  /** @param {TestFile} test @returns {Promise<Report>} */
  async function runFile({ path, tags }) {
    const query = new URLSearchParams([['test', path], ['wasm', String(wasm)], ...tags.map((tag) => ['tag', tag])]);
    const tab = await browser.newPage();
    try {
      return await new Promise((done, reject) => {
        const fail = (/** @type {string} */ error) =>
          done({ passed: 0, needNode: 0, needWasm: 0, skipped: [], failed: [{ name: path, error }] });
        setTimeout(() => fail('took longer than ten minutes'), 600_000).unref();
        tab.on('crash', () => fail('the page crashed'));
        tab
          .exposeFunction('report', done)
          .then(() => tab.goto(`${server.url}?${query}`))
          .catch(reject);
      });
    } finally {
      await tab.close();
    }
  }
}

/** A file of a package, for tests that read it; of a folder, the paths of its files. @param {string} path */
function fileOf(path) {
  const file = join(root, path);
  if (!path.startsWith('/packages/') || !existsSync(file)) return undefined;
  if (!statSync(file).isDirectory()) return readFileSync(file);
  return JSON.stringify(
    readdirSync(file, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')),
  );
}
