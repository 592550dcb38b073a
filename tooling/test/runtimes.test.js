import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findChromium } from '../browser.js';
import { nodeOnly, testIn } from '../runtimes.js';
import { root } from '../workspace.js';

/** A package whose tests show what a runtime lets through. */
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(root, 'packages', '.runtimes-'));
  mkdirSync(join(folder, 'test/fixtures'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "toy" }');
  writeFileSync(join(folder, 'test/fixtures/numbers.json'), '[1, 2]');
  writeFileSync(
    join(folder, 'test/toy.test.ts'),
    `import { readFileSync } from 'node:fs';
    import { createServer } from 'node:http';
    import { describe, expect, it, vi } from 'vitest';
    const server = createServer();
    it('reads a fixture', () => {
      expect(JSON.parse(readFileSync(new URL('fixtures/numbers.json', import.meta.url), 'utf8'))).toEqual([1, 2]);
    });
    it.each([1, 2])('takes %d', (n) => expect([1, 2]).toContain(n));
    it('waits', () => expect(Promise.reject(new Error('so'))).rejects.toThrow('so'));
    it('cannot be right', () => expect(1).toBe(2));
    it('uses what only Node has', () => expect(createServer()).toBeDefined());
    it('listens', { tags: ['node'] }, () => void server.listen(0));
    it('says why it does not run', ({ skip }) => skip('no reason'));
    describe('WebAssembly', { tags: ['wasm'] }, () => {
      it('is there', () => expect(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))).toBeDefined());
    });
    it('knows where it is', () => expect(typeof document).toBe('undefined'));`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('in Chromium, under a policy without eval', () => {
  beforeEach(({ skip }) => skip(findChromium() === null, 'Chromium is not installed'));

  for (const [runtime, passed, failed, needWasm] of /** @type {const} */ ([
    ['page', 5, 3, 0],
    ['page-without-wasm', 4, 3, 1],
    ['web-worker', 6, 2, 0],
  ])) {
    it(`tests run in a ${runtime}, but for those that need Node or WebAssembly`, async () => {
      const log = vi.spyOn(console, 'log').mockReturnValue();
      const found = await testIn(runtime, [folder]);
      const output = log.mock.calls.join('\n');
      log.mockRestore();
      expect(found).toMatchObject({ passed, failed, needWasm, needNode: 1 });
      expect(found.skipped).toEqual([{ name: 'toy', reason: 'no reason' }]);
      expect(output).toContain('cannot be right\n  AssertionError: expected 1 to be 2');
      expect(output).toContain("node:http is absent here, and with it createServer: the test needs the tag 'node'");
    });
  }
});

it('at most one test in twenty may need Node', () => {
  expect(nodeOnly(5, 0.05)).toBe('5 for Node only (5.0 %)');
  expect(nodeOnly(6, 0.06)).toBe('6 for Node only (6.0 %, which is more than 5 %)');
});
