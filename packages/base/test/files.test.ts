import { mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileSystem, reason, writeWhole } from '../src/files.ts';

const folder = () => mkdtemp(join(tmpdir(), 'maru-base-'));
const fs = fileSystem()!;

describe('writeWhole', { tags: ['node'] }, () => {
  it('writes text and bytes, by path and by URL', async () => {
    const path = join(await folder(), 'file');
    await writeWhole(fs, path, 'text');
    expect(await readFile(path, 'utf8')).toBe('text');
    await writeWhole(fs, pathToFileURL(path), Uint8Array.of(65, 66));
    expect(await readFile(path, 'utf8')).toBe('AB');
    await writeWhole(fs, String(pathToFileURL(path)), 'again');
    expect(await readFile(path, 'utf8')).toBe('again');
  });

  it('follows links and keeps the mode', async () => {
    const at = await folder();
    await writeFile(join(at, 'real'), 'old', { mode: 0o600 });
    await symlink(join(at, 'real'), join(at, 'link'));
    await writeWhole(fs, join(at, 'link'), 'new');
    expect(await readFile(join(at, 'real'), 'utf8')).toBe('new');
    expect((await stat(join(at, 'real'))).mode & 0o777).toBe(0o600);
    expect((await readdir(at)).sort()).toEqual(['link', 'real']);
  });

  it('leaves the old file and nothing beside it when writing fails', async () => {
    const at = await folder();
    await writeFile(join(at, 'file'), 'old');
    const failing = { ...fs, rename: () => Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' })) };
    const error = await writeWhole(failing, join(at, 'file'), 'new').catch((error: unknown) => error);
    expect(reason(error)).toBe('ENOSPC');
    expect(await readFile(join(at, 'file'), 'utf8')).toBe('old');
    expect(await readdir(at)).toEqual(['file']);
  });
});

it('reason tells a code, or else a message, the cause first', () => {
  expect(reason(Object.assign(new Error('m'), { code: 'ENOENT' }))).toBe('ENOENT');
  expect(reason(new Error('m'))).toBe('m');
  expect(reason(new Error('m', { cause: new Error('deeper') }))).toBe('deeper');
  expect(reason('text')).toBe('text');
});
