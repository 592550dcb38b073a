import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as memoryApi from '../src/memory.ts';
import * as moduleApi from '../src/module.ts';
import { compare } from './twins/run.js';
import { plain, table } from './twins/table.js';

const root = new URL('..', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const subpaths = Object.keys(manifest.exports)
  .map((path) => path.slice(2))
  .filter((path) => path !== '' && path !== 'memory' && existsSync(new URL(`src/${path}.ts`, root)));

describe.each(subpaths)('%s', async (subpath) => {
  const kernels: Record<string, unknown> = await import(`../src/${subpath}.ts`);
  const samplers = table[subpath] ?? {};
  const exported = Object.keys(kernels).filter((name) => typeof kernels[name] === 'function');

  it('has a sampler for each exported kernel', () => {
    expect(Object.keys(samplers).sort()).toEqual(exported.sort());
  });

  it.each(Object.keys(samplers))('%s equals its twin to the last bit', (name) => {
    const full = `${subpath}/${name}`;
    const kernel = kernels[name] as (...args: unknown[]) => unknown;
    const entered = compare(full, kernel, samplers[name]!, 60, 1, moduleApi, memoryApi);
    if (!plain.includes(full as never)) expect(entered).toBeGreaterThan(0);
  });
});
