import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examplesOfReadme, examplesOfSource } from '../examples.js';
import { checkPackage, manifestForm } from '../manifests.js';
import { newPackage, withLayer } from '../new-package.js';

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maru-package-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The problems of a new package that was changed. @param {(files: Record<string, string>, manifest: any) => void} change */
function problemsOf(change) {
  const files = newPackage('spare-parts', 'Parts that nobody needs but everybody keeps.');
  const manifest = { ...JSON.parse(files['package.json'] ?? ''), version: '1.0.0' };
  change(files, manifest);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return checkPackage({ folder, short: 'spare-parts', manifest }).map((problem) =>
    problem.replace('spare-parts: ', ''),
  );
}

test('a new package is in its form, its examples too', () => {
  expect(problemsOf(() => {})).toEqual([]);
  const files = newPackage('spare-parts', 'Parts that nobody needs but everybody keeps.');
  const examples = examplesOfReadme('README.md', files['README.md'] ?? '');
  examples.push(...examplesOfSource('mean.ts', files['src/mean.ts'] ?? ''));
  expect(examples.map(({ expected, problems }) => [expected[0]?.text, problems])).toEqual([
    ['3', []],
    ['3', []],
  ]);
});

test('a package needs a changeset before its first release', () => {
  const problems = problemsOf((_, manifest) => Object.assign(manifest, { version: '0.0.0' }));
  expect(problems).toEqual([
    ".changeset: none makes version 1.0.0 of it; add one that says '@maru-ml/spare-parts': major",
  ]);
});

test('the published exports are those of development without their sources', () => {
  const form = manifestForm({ name: '@maru-ml/a', version: '1.0.0', description: '', exports: { '.': {}, './b': {} } });
  expect(form.exports?.['./b']).toEqual({ source: './src/b.ts', types: './dist/b.d.ts', default: './dist/b.js' });
  expect(form.publishConfig).toEqual({
    access: 'public',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './b': { types: './dist/b.d.ts', default: './dist/b.js' },
    },
  });
  const worker = { './worker': { default: './src/worker.js' } };
  expect(manifestForm({ name: '@maru-ml/a', version: '1.0.0', description: '', exports: worker }).exports).toEqual(
    worker,
  );
});

test('says what differs in the manifest', () => {
  const problems = problemsOf((_, manifest) => {
    manifest.type = 'commonjs';
    manifest.main = './dist/index.js';
    manifest.description = 'Parts';
    manifest.dependencies = { '@maru-ml/base': '^1.0.0', lodash: '4' };
  });
  expect(problems).toEqual([
    'package.json: "type" must be "module", got "commonjs"',
    'package.json: "main" is not part of the form',
    'package.json: the description must be one sentence of 20 to 120 characters with its full stop',
    'package.json: lodash is from outside the workspace; do without it, or add it to tooling/manifests.js',
    'package.json: @maru-ml/base in dependencies must be "workspace:^", got "^1.0.0"',
  ]);
});

test('says which files are missing or differ', () => {
  const problems = problemsOf((files, manifest) => {
    delete files.LICENSE;
    delete files['test/mean.test.ts'];
    files['tsconfig.json'] = '{}';
    Object.assign(manifest, manifestForm({ ...manifest, exports: { '.': {}, './more': {} } }));
  });
  expect(problems).toEqual([
    'LICENSE: it is missing',
    'tsconfig.json: it differs from all others',
    './src/more.ts: it is exported but missing',
    'test: it holds no test',
  ]);
});

test('says which part of the README is missing', () => {
  const problems = problemsOf((files) => {
    files['README.md'] = (files['README.md'] ?? '').replace('npm i', 'yarn add').replace('## References', '');
  });
  expect(problems).toEqual([
    "README.md: it must have a ```sh block that starts with 'npm i @maru-ml/spare-parts' next",
    "README.md: it must have '## References'",
  ]);
});

test('a new package is added to the table of layers', () => {
  const page =
    '| layer | packages |\n| --- | --- |\n| 0 | `base` | errors |\n| 2 | `tensor` | arrays |\n| 3 | `optim` | optimizers |\n';
  expect(withLayer(page, 'parts', 'Spare parts.', 2).split('\n')[4]).toBe('| 2 | `parts` | Spare parts |');
  expect(withLayer(page, 'optim', 'Optimizers.', 3)).toBe(page);
  expect(() => withLayer(page, 'optim', 'Optimizers.', 2)).toThrow(
    'optim is in layer 3 of the table in ARCHITECTURE.md',
  );
});
