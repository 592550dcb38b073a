/**
 * Runs the packages' tests, all but those tagged `node`, wherever the packages run:
 *
 *   npm run test-runtimes
 *   npm run test-runtimes -- --in page,web-worker --only tree,nn
 *
 * `npm run test-node-versions` runs all of them on the versions of Node. A line for each runtime ends the run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleTests, testFiles } from './runtimes/bundle.js';
import { startChromium } from './runtimes/in-chromium.js';
import { tagsFilter } from './runtimes/settings.js';
import { addUp, skippedLine } from './test.js';
import { readManifest, root } from './workspace.js';

/** @typedef {import('./reporter.js').Results} Results */

/**
 * The runtimes: in Chromium the pages and the workers are under a policy that forbids code made from strings.
 *
 * @type {Record<string, { title: string, chromium?: { wasm: boolean, worker: boolean }, node?: { wasm: boolean, args?: string[], env?: object } }>}
 */
const RUNTIMES = {
  page: { title: 'Chromium, page', chromium: { wasm: true, worker: false } },
  'page-without-wasm': { title: 'Chromium, page without WebAssembly', chromium: { wasm: false, worker: false } },
  'web-worker': { title: 'Chromium, web worker', chromium: { wasm: true, worker: true } },
  'worker-thread': { title: 'Node, worker thread', node: { wasm: true, args: ['--pool=threads'] } },
  'node-twins': { title: 'Node, MARU_KERNELS=js', node: { wasm: false, env: { MARU_KERNELS: 'js' } } },
};

/** The share of tests that may need Node. */
const MOST_FOR_NODE = 0.05;

/** How many tests need Node, and whether they are too many. @param {number} count @param {number} share of all tests */
export function nodeOnly(count, share) {
  const tooMany = share > MOST_FOR_NODE ? `, which is more than ${100 * MOST_FOR_NODE} %` : '';
  return `${count} for Node only (${(100 * share).toFixed(1)} %${tooMany})`;
}

/**
 * Runs the packages' tests in one runtime.
 *
 * @param {string} runtime a key of RUNTIMES
 * @param {string[]} folders of the packages
 */
export async function testIn(runtime, folders) {
  const { chromium, node } = RUNTIMES[runtime] ?? {};
  const browser = chromium && (await startChromium(chromium));
  /** @type {[string, Results | null][]} */
  const results = [];
  for (const folder of folders) {
    const { name } = readManifest(folder);
    const result = browser ? await inBrowser(browser, folder) : inNode(folder, node ?? { wasm: true });
    if (browser) console.log(`${name}: ${result?.passed} passed, ${result?.failed} failed`);
    results.push([name, result]);
  }
  await browser?.close();
  return addUp(results);
}

/** @param {Awaited<ReturnType<typeof startChromium>>} browser @param {string} folder @returns {Promise<Results>} */
async function inBrowser(browser, folder) {
  const tests = await testFiles(folder);
  const reports = await browser.run(tests, await bundleTests(tests.map(({ path }) => path)));
  for (const [i, { failed }] of reports.entries()) {
    for (const { name, error } of failed) console.log(`${tests[i]?.path}: ${name}\n  ${error}`);
  }
  const sum = (/** @type {(report: (typeof reports)[0]) => number} */ count) =>
    reports.reduce((total, report) => total + count(report), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed.length),
    needNode: sum(({ needNode }) => needNode),
    needWasm: sum(({ needWasm }) => needWasm),
    skipped: reports.flatMap(({ skipped }) => skipped),
    problems: reports.flatMap(({ failed }, i) =>
      failed.map(({ name, error }) => `${tests[i]?.path} > ${name}: ${error.split('\n')[0]}`),
    ),
  };
}

/** @param {string} folder @param {{ wasm: boolean, args?: string[], env?: object }} how @returns {Results | null} */
function inNode(folder, { wasm, args = [], env = {} }) {
  const report = join(folder, '.test/results.json');
  rmSync(report, { force: true });
  const command = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...tagsFilter(wasm).map((filter) => `--tags-filter=${filter}`),
    ...args,
  ];
  spawnSync(process.execPath, command, { cwd: folder, stdio: 'inherit', env: { ...process.env, ...env } });
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { in: { type: 'string' }, only: { type: 'string' } } });
  const runtimes = values.in?.split(',') ?? Object.keys(RUNTIMES);
  const unknown = runtimes.filter((name) => !(name in RUNTIMES));
  if (unknown.length > 0) throw new Error(`there is no ${unknown}; there are ${Object.keys(RUNTIMES).join(', ')}`);
  const folders = (values.only?.split(',') ?? readdirSync(join(root, 'packages')))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')));
  const lines = [];
  for (const runtime of runtimes) {
    const title = RUNTIMES[runtime]?.title;
    console.log(title);
    const { passed, failed, needNode, needWasm, skipped, problems } = await testIn(runtime, folders);
    for (const line of [...problems, skippedLine(skipped)]) console.log(line);
    const share = needNode / (passed + failed + needNode + needWasm + skipped.length);
    const ofWasm = needWasm > 0 ? `, ${needWasm} of WebAssembly itself` : '';
    lines.push(`${title}: ${passed} passed, ${failed} failed, ${nodeOnly(needNode, share)}${ofWasm}`);
    if (values.only === undefined && share > MOST_FOR_NODE) process.exitCode = 1;
    if (failed > 0) process.exitCode = 1;
  }
  console.log(lines.join('\n'));
}
