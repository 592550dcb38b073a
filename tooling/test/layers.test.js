import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLayers, importsOf, readLayers } from '../layers.js';

const page =
  '| layer | packages |\n| --- | --- |\n| 0 | `base` | errors |\n| 2 | `a`, `b-c` | both `not` |\n\n| 3 | `d` |\n';

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maru-layers-'));
  mkdirSync(join(folder, 'src'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param {string} source @param {Record<string, string>} dependencies */
function problemsOf(source, dependencies) {
  writeFileSync(join(folder, 'src/index.ts'), source);
  const manifest = { name: '@maru-ml/b-c', version: '1.0.0', description: '', dependencies };
  const problems = checkLayers({ folder, short: 'b-c', manifest }, readLayers(page));
  return problems.map((problem) => problem.replace(/^.*index\.ts/, 'index.ts'));
}

test('reads the table', () => {
  expect([...readLayers(page)]).toEqual([
    ['base', 0],
    ['a', 2],
    ['b-c', 2],
    ['d', 3],
  ]);
});

test('finds every kind of import', () => {
  const source = `
    import { a,
      type b } from 'one';
    import type { c } from "two";
    import 'three';
    export * from 'four';
    export { d } from 'five';
    import * as e from 'six';
    import f from 'seven';
    const g = await import('eight');
    // import h from 'nine';
    /* import i from 'ten'; */
    const text = 'import';
    export const j = 'from';
  `;
  const still = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map((name) => ({
    name,
    types: name === 'two',
    lazy: false,
  }));
  expect(importsOf(source)).toEqual([...still, { name: 'eight', types: false, lazy: true }]);
});

test('accepts lower layers, itself, files and lazy modules of Node', () => {
  const source =
    "import { x } from '@maru-ml/base/workers';\nimport './y.ts';\nawait import('node:fs');\nimport '@maru-ml/b-c/z';";
  expect(problemsOf(source, { '@maru-ml/base': 'workspace:^' })).toEqual([]);
});

test('refuses the same layer, higher ones and unknown ones, even if only declared', () => {
  const dependencies = { '@maru-ml/a': 'workspace:^', '@maru-ml/d': 'workspace:^', '@maru-ml/x': 'workspace:^' };
  const source = Object.keys(dependencies)
    .map((name) => `import '${name}';`)
    .join('\n');
  expect(problemsOf(source, dependencies)).toEqual([
    'b-c (layer 2) depends on @maru-ml/a (layer 2); only lower layers are allowed',
    'b-c (layer 2) depends on @maru-ml/d (layer 3); only lower layers are allowed',
    'b-c (layer 2) depends on @maru-ml/x (layer Infinity); only lower layers are allowed',
  ]);
});

test('refuses what is not declared, what is not used, and modules of Node that load at once', () => {
  expect(
    problemsOf("import '@maru-ml/a/x';\nimport 'left';\nimport { a } from 'node:fs';\nimport 'os';", { right: '1' }),
  ).toEqual([
    'index.ts: @maru-ml/a is imported but not among the dependencies',
    'index.ts: left is imported but not among the dependencies',
    'index.ts: import node:fs dynamically where it is used, since browsers do not have it',
    'index.ts: write node:os for os',
    'index.ts: import os dynamically where it is used, since browsers do not have it',
    'b-c: right is among the dependencies but never imported',
  ]);
});

test('refuses a package that is in no layer', () => {
  const manifest = { name: '@maru-ml/e', version: '1.0.0', description: '' };
  expect(checkLayers({ folder, short: 'e', manifest }, readLayers(page))).toEqual([
    'e: it is in no layer of the table in ARCHITECTURE.md',
  ]);
});
