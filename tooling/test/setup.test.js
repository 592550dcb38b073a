import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maru-setup-'));
  for (const name of ['tooling', 'bin', 'packages/a']) mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(new URL('../setup.js', import.meta.url), join(folder, 'tooling/setup.js'));
  writeFileSync(join(folder, 'packages/a/package.json'), '{}');
  writeManifest('>=20.19');
  // Stands in for npx: writes down what it was called with, and fails if the file `fail` is there.
  writeFileSync(join(folder, 'bin/npx'), '#!/bin/sh\necho "$@" >> calls\ntest ! -e fail\n', { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param {string} node */
function writeManifest(node) {
  const manifest = { type: 'module', packageManager: 'pnpm@10.0.1', engines: { node } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}

/** Runs the set-up and returns what it called since the last time. */
function setUp() {
  writeFileSync(join(folder, 'calls'), '');
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const { status, stderr } = spawnSync(process.execPath, ['tooling/setup.js'], { cwd: folder, env, encoding: 'utf8' });
  const calls = readFileSync(join(folder, 'calls'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { status, stderr, calls };
}

test('installs with the pinned pnpm, once, and again when a manifest changes', ({ skip }) => {
  skip(process.platform === 'win32', 'the stand-in for npx is a shell script');
  const install = '--yes pnpm@10.0.1 install --frozen-lockfile --prefer-offline';
  const first = setUp();
  expect(first.status).toBe(0);
  expect(first.calls).toEqual([install, expect.stringContaining('turbo run generate')]);
  expect(setUp().calls).toEqual([]);
  writeFileSync(join(folder, 'packages/a/package.json'), '{ "name": "a" }');
  expect(setUp().calls[0]).toBe(install);
  expect(setUp().calls).toEqual([]);
});

test('says what failed, and tries again the next time', ({ skip }) => {
  skip(process.platform === 'win32', 'the stand-in for npx is a shell script');
  writeFileSync(join(folder, 'fail'), '');
  const failed = setUp();
  expect(failed.status).toBe(1);
  expect(failed.stderr).toBe(
    'Set-up failed: npx --yes pnpm@10.0.1 install --frozen-lockfile --prefer-offline\n' +
      "If you changed a package.json, run 'npx pnpm install' first.\n",
  );
  rmSync(join(folder, 'fail'));
  expect(setUp().calls).toHaveLength(2);
});

test('refuses a Node that is too old', () => {
  writeManifest('>=99.1');
  const { status, stderr, calls } = setUp();
  expect([status, calls]).toEqual([1, []]);
  expect(stderr).toBe(`Maru needs Node 99.1 or later, and this is ${process.versions.node}; see https://nodejs.org\n`);
});
