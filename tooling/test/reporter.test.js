import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startVitest } from 'vitest/node';
import { CountingReporter } from '../reporter.js';
import { tags, tagsFilter } from '../runtimes/settings.js';
import { root } from '../workspace.js';

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maru-reporter-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The results of a run of these test files. @param {Record<string, string>} files @param {object} [options] */
async function resultsOf(files, options = {}) {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { beforeAll, describe, test } from 'vitest';\n${text}`);
  }
  const code = process.exitCode;
  const settings = {
    root: folder,
    config: /** @type {const} */ (false),
    watch: false,
    reporters: [new CountingReporter()],
    tags,
    ...options,
  };
  const vitest = await startVitest('test', [], { ...settings, include: ['*.test.js'] });
  await vitest.close();
  process.exitCode = code;
  return JSON.parse(readFileSync(join(folder, '.test/results.json'), 'utf8'));
}

test('counts what passed, failed and was skipped, with the reason', async () => {
  const results = await resultsOf({
    'a.test.js': `
      describe('group', () => {
        test('good', () => {});
        test('bad', () => { throw new Error('bad\\nand more'); });
        test('later', ({ skip }) => skip('no data'));
        test.skip('never', () => {});
      });`,
  });
  const skipped = [
    { name: 'group > later', reason: 'no data' },
    { name: 'group > never', reason: '' },
  ];
  expect(results).toEqual({
    passed: 1,
    failed: 1,
    needNode: 0,
    needWasm: 0,
    skipped,
    problems: ['a.test.js > group > bad: bad'],
  });
});

test('counts tests for Node alone, whether they run or not', async () => {
  const files = {
    'a.test.js': `
      test('anywhere', () => {});
      test('of files', { tags: ['node'] }, () => {});
      test('of kernels', { tags: ['wasm'] }, () => {});
      describe('threads', { tags: ['node'] }, () => { test('a', () => {}); test('b', ({ skip }) => skip('why')); });`,
    'b.test.js': `/** @module-tag node */ test('all here', () => {});`,
  };
  const skipped = [{ name: 'threads > b', reason: 'why' }];
  expect(await resultsOf(files)).toEqual({ passed: 5, failed: 0, needNode: 4, needWasm: 0, skipped, problems: [] });
  expect(await resultsOf({}, { tagsFilter: tagsFilter(true) })).toEqual({
    ...{ passed: 2, failed: 0, needNode: 4, needWasm: 0, skipped: [], problems: [] },
  });
  expect(await resultsOf({}, { tagsFilter: tagsFilter(false) })).toEqual({
    ...{ passed: 1, failed: 0, needNode: 4, needWasm: 1, skipped: [], problems: [] },
  });
});

test('counts what fails outside a test', async () => {
  const results = await resultsOf({
    'import.test.js': "import './missing.js';",
    'late.test.js': "test('good', () => {}); Promise.reject(new Error('nobody waits for this'));",
    'before.test.js':
      "describe('group', () => { beforeAll(() => { throw new Error('bad'); }); test('a', () => {}); });",
  });
  expect(results.passed).toBe(1);
  expect(results.failed).toBe(3);
  expect(results.problems).toEqual([
    'outside a test: nobody waits for this',
    'before.test.js > group: bad',
    expect.stringMatching(/^import\.test\.js: .*missing\.js/),
  ]);
});
