/**
 * Runs one test file in a page or a web worker: `run.js?test=packages/nn/test/layers.test.ts&wasm=true`. What it came
 * to goes to `report`, a function of the page, or as a message to the page of the worker.
 */
import { startTests } from '@vitest/runner';
import { settings } from './settings.js';

/**
 * @typedef {object} Report
 * @property {number} passed
 * @property {number} needNode how many tests carry the tag `node`
 * @property {number} needWasm how many more were left out since they carry the tag `wasm`
 * @property {{ name: string, error: string }[]} failed
 * @property {{ name: string, reason: string }[]} skipped
 */

/** @type {any} */
const self = globalThis;
const query = new URLSearchParams(self.location.search);
const file = query.get('test') ?? '';

/** @type {Report} */
const report = { passed: 0, needNode: 0, needWasm: 0, failed: [], skipped: [] };
/** @param {string} name @param {unknown} error */
const fail = (name, error) =>
  report.failed.push({
    name,
    error: String(/** @type {any} */ (error)?.stack ?? /** @type {any} */ (error)?.message ?? error),
  });

self.addEventListener('error', (/** @type {any} */ event) => fail('outside a test', event.error ?? event.message));
self.addEventListener('unhandledrejection', (/** @type {any} */ event) => fail('outside a test', event.reason));
self.registersTests = true;
const wasm = query.get('wasm') === 'true';
checkPolicy();
const [tests] = await startTests([{ filepath: file, fileTags: query.getAll('tag') }], {
  config: settings(wasm),
  onCollected: () => {
    self.registersTests = false;
  },
  pool: 'page',
  importFile: () => import(new URL(`/${file.replace(/ts$/, 'js')}`, self.location.href).href),
});
addUp(/** @type {import('@vitest/runner').File} */ (tests));
if (self.report) await self.report(report);
else self.postMessage(report);

/** The content-security policy is in force: no code from strings, and WebAssembly only if it is allowed. */
function checkPolicy() {
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  if (succeeds(() => new Function('return 1'))) fail('content-security policy', 'code was made from a string');
  if (succeeds(() => new WebAssembly.Module(empty)) !== wasm)
    fail('content-security policy', `WebAssembly is ${wasm ? 'refused' : 'allowed'}`);
}

/** @param {() => unknown} run */
function succeeds(run) {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

/** @param {import('@vitest/runner').Suite} suite @param {string} [path] */
function addUp(suite, path = '') {
  for (const error of suite.result?.errors ?? []) fail(path || file, error);
  if (suite.tasks.length === 0 && path === '' && report.failed.length === 0) fail(file, 'it has no test');
  for (const task of suite.tasks) {
    const name = path === '' ? task.name : `${path} > ${task.name}`;
    if (task.type === 'suite') addUp(task, name);
    else if (task.tags?.includes('node')) report.needNode++;
    else if (!wasm && task.tags?.includes('wasm')) report.needWasm++;
    else if (task.result?.state === 'pass') report.passed++;
    else if (task.mode === 'skip' || task.result?.state === 'skip')
      report.skipped.push({ name, reason: /** @type {any} */ (task.result)?.note ?? '' });
    else for (const error of task.result?.errors ?? ['it did not run']) fail(name, error);
  }
}
