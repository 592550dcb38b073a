import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as memoryApi from '../src/memory.ts';
import * as moduleApi from '../src/module.ts';
import type { Draw } from './twins/draw.js';
import { compare } from './twins/run.js';
import { plain, table } from './twins/table.js';

const root = new URL('..', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const subpaths = Object.keys(manifest.exports)
  .map((path) => path.slice(2))
  .filter((path) => !['', 'memory', 'tensor'].includes(path));

describe.each(subpaths)('%s', async (subpath) => {
  const kernels: Record<string, unknown> = await import(`../src/${subpath}.ts`);
  const samplers = table[subpath] ?? {};
  const exported = Object.keys(kernels).filter((name) => typeof kernels[name] === 'function');

  it('has a sampler for each exported kernel', () => {
    expect(Object.keys(samplers).sort()).toEqual(exported.sort());
  });

  it.each(Object.keys(samplers))('%s equals its twin to the last bit', { tags: ['wasm'] }, (name) => {
    const full = `${subpath}/${name}`;
    const kernel = kernels[name] as (...args: unknown[]) => unknown;
    const entered = compare(full, kernel, samplers[name]!, 60, 1, moduleApi, memoryApi);
    if (!plain.includes(full as never)) expect(entered).toBeGreaterThan(0);
  });
});

it('the door of tensors hands out what its parts do, of which no two have a name in common', async () => {
  const parts = ['blas', 'conv', 'elementwise', 'math', 'memory', 'reduce'];
  const names = await Promise.all(parts.map(async (part) => Object.keys(await import(`../src/${part}.ts`))));
  // Functions of one number have their names from functions of arrays, so the door has its own for them.
  const all = [...names.flat(), 'expOf', 'logOf'];
  expect(Object.keys(await import('../src/tensor.ts')).sort()).toEqual(all.sort());
});

describe('the comparison', () => {
  // A kernel that is wrong in one element of one mode, and right but for the sign of zero.
  const wrong = (to: number) => (x: Float32Array) => {
    moduleApi.choice().calls++;
    x.fill(0);
    if (moduleApi.choice().mode === 'wasm' && x.length > 0) x[x.length - 1] = to;
  };
  const sampler = (draw: Draw) => [draw.array('float32', draw.length())];

  it.each([1, -0])('finds a difference of %d', (to) => {
    const run = () => compare('wrong', wrong(to), sampler, 20, 1, moduleApi, memoryApi);
    expect(run).toThrow(/^wrong: argument 0, element \d+: the twin gave 0, the kernel/);
    expect(moduleApi.choice().mode).toBe('auto');
  });

  it('finds a difference in what is returned', () => {
    const kernel = () => (moduleApi.choice().mode === 'js' ? 1 : 2);
    const run = () => compare('wrong', kernel, () => [], 20, 1, moduleApi, memoryApi);
    expect(run).toThrow('wrong: the returned value, element 0: the twin gave 1, the kernel 2');
  });

  it('counts the calls that entered WebAssembly', { tags: ['wasm'] }, () => {
    expect(compare('right', () => {}, sampler, 20, 1, moduleApi, memoryApi)).toBe(0);
    expect(compare('right', wrong(0), sampler, 20, 1, moduleApi, memoryApi)).toBe(20);
  });
});
