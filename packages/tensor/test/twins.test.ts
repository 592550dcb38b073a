import { beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Api from '../src/index.ts';
import type * as Drawing from './draw.ts';
import type * as Table from './samples.ts';
import { samples as names } from './samples.ts';

/** Cases for each operation; `node scripts/twins.js` runs a thousand times as many. */
const CASES = Number(process.env.MARU_TWIN_CASES ?? 10);
const SEED = Number(process.env.MARU_TWIN_SEED ?? 0);

/** The record that all packages of a program share. */
const RECORD = Symbol.for('maru.tensor.1');

interface Copy {
  api: typeof Api;
  Draw: typeof Drawing.Draw;
  samples: typeof Table.samples;
  /** Puts the copy's record in its place. */
  activate(): void;
  /** How its kernels are chosen. */
  choice(): { mode: 'auto' | 'js' | 'wasm'; calls: number };
}

/** A copy of the packages that starts with this environment, beside others in the same program. */
async function copy(kernels: '' | 'js'): Promise<Copy> {
  vi.resetModules();
  vi.stubEnv('MARU_KERNELS', kernels);
  Reflect.deleteProperty(globalThis, RECORD);
  const api = await import('../src/index.ts');
  const { Draw } = await import('./draw.ts');
  const { samples } = await import('./samples.ts');
  const { choice } = await import('../../kernels/src/module.ts');
  const { memory } = await import('../../kernels/src/memory.ts');
  // The first use reads the environment, and finds the record.
  expect(memory() === null).toBe(kernels === 'js');
  choice();
  const record: unknown = Reflect.get(globalThis, RECORD);
  const activate = () => Reflect.defineProperty(globalThis, RECORD, { value: record, configurable: true });
  return { api, Draw, samples, activate, choice };
}

let kernels: Copy;
let twins: Copy;

/** The output of a drawn case and its gradients, as arrays. */
function results({ api, Draw, samples, activate }: Copy, name: string, variant: number, seed: number): number[][] {
  activate();
  const dtype = seed % 2 === 0 ? 'float32' : 'float64';
  const draw = new Draw(seed, dtype, [6, 60, 600][seed % 3]);
  const { f, inputs } = [samples[name as keyof typeof samples]].flat()[variant]!(draw);
  const run = () => {
    const leaves = inputs.map((input) => api.tensor(input, { requiresGrad: true }));
    const out = f(...leaves);
    const gradOutputs = api.tensor(draw.values(out.shape), { dtype: out.dtype });
    return [out, ...api.grad(out, leaves, { gradOutputs, allowUnused: true })];
  };
  // In a scope tensors lie in WebAssembly memory, else on the heap.
  const tensors = seed % 4 < 2 ? api.scope(run) : run();
  return tensors.map((t) => Array.from(t.toTypedArray()));
}

describe('WebAssembly kernels and their twins give the same bits', { tags: ['node'] }, () => {
  beforeAll(async () => {
    kernels = await copy('');
    twins = await copy('js');
  });

  it.each(Object.keys(names))('%s', (name) => {
    const variants = [kernels.samples[name as keyof typeof kernels.samples]].flat().length;
    for (let i = 0; i < CASES; i++) {
      const seed = SEED + i;
      kernels.choice().mode = i % 5 === 4 ? 'auto' : 'wasm';
      const expected = results(twins, name, i % variants, seed);
      const actual = results(kernels, name, i % variants, seed);
      for (const [k, values] of expected.entries()) {
        const what = k === 0 ? 'output' : `gradient by input ${k - 1}`;
        expect(actual[k]!.length, `${name}, seed ${seed}: ${what}`).toBe(values.length);
        const j = values.findIndex((value, at) => !Object.is(value, actual[k]![at]));
        if (j >= 0) {
          throw new Error(
            `${name}, seed ${seed}: ${what}, element ${j}: the twins gave ${values[j]}, the kernels ${actual[k]![j]}`,
          );
        }
      }
    }
  });

  it('ran in WebAssembly, and without', () => {
    expect(kernels.choice().calls).toBeGreaterThan(0);
    expect(twins.choice().calls).toBe(0);
  });
});
