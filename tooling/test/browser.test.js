import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChromium, inChromium, inNode } from '../browser.js';

const missing = 'Chromium is not installed';

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maru-browser-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param {string} code */
function script(code) {
  writeFileSync(join(folder, 'part.ts'), 'export const third: number = 1 / 3;\n');
  writeFileSync(join(folder, 'script.ts'), `import { third } from './part.ts';\n${code}`);
  return join(folder, 'script.ts');
}

test('runs a script with its imports, in Chromium and in Node', async ({ skip }) => {
  skip(findChromium() === null, missing);
  const path = script('export const run = async () => ({ third, page: typeof document });');
  expect(await inChromium(path)).toEqual({ third: 1 / 3, page: 'object' });
  expect(await inNode(path)).toEqual({ third: 1 / 3, page: 'undefined' });
});

test('serves files and headers', async ({ skip }) => {
  skip(findChromium() === null, missing);
  const path = script(
    "export const run = async () => [await (await fetch('/a.json')).json(), self.crossOriginIsolated];",
  );
  const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  expect(await inChromium(path, { headers, files: { '/a.json': '{ "a": 1 }' } })).toEqual([{ a: 1 }, true]);
});

test('hands on what the script throws, and does not wait for ever', async ({ skip }) => {
  skip(findChromium() === null, missing);
  await expect(inChromium(script("export const run = () => { throw new RangeError('too far'); };"))).rejects.toThrow(
    'too far',
  );
  const forever = script('export const run = () => new Promise(() => {});');
  await expect(inChromium(forever, { timeout: 500 })).rejects.toThrow('inChromium: script.ts took longer than 500 ms');
});
