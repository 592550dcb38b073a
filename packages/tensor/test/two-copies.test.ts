/** @module-tag node */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { expectClose } from '@maru-ml/tooling/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import * as ours from '../src/index.ts';
import { bundled } from './bundled.ts';

describe('two copies of the package in one program', () => {
  let theirs: typeof ours;
  beforeAll(async () => {
    const path = await bundled("export * from './src/index.ts';");
    theirs = await import(/* @vite-ignore */ pathToFileURL(path).href);
  });

  it('are two', () => {
    expect(theirs.Tensor).not.toBe(ours.Tensor);
    expect(theirs.tensor([1])).not.toBeInstanceOf(ours.Tensor);
  });

  it('take each other for what they are', () => {
    const x = theirs.tensor([1, 2]);
    expect(ours.isTensor(x)).toBe(true);
    expectClose(ours.add(x, ours.tensor([3, 4])), [4, 6]);
    expectClose(x.mul(ours.tensor([3, 4])), [3, 8]);
    expect(ours.toMatrix('test', theirs.tensor([[1, 2]])).data).toEqual(Float64Array.of(1, 2));
    expectClose(theirs.concat([x, ours.tensor([5])]), [1, 2, 5]);
    expect(`${ours.matmul(x, x)}`).toBe('tensor(5.)');
  });

  it('share gradients', () => {
    const [a, b] = [ours.parameter(ours.tensor([2, 3])), theirs.parameter(theirs.tensor([5, 7]))];
    const y = ours.mul(theirs.exp(theirs.mul(a, b).mul(0)), ours.mul(a, b));
    theirs.sum(y).backward(undefined, { retainGraph: true });
    expectClose(
      a.grad,
      [5, 7].map((v, i) => v + [2, 3][i]! * v * v * 0),
    );
    expectClose(b.grad, [2, 3]);
    const [first] = ours.grad(theirs.sum(theirs.mul(a, a)), [a], { createGraph: true });
    expectClose(theirs.grad(first!.sum(), a), [2, 2]);
    expect(theirs.noGrad(() => ours.mul(a, b).requiresGrad)).toBe(false);
    expect(ours.noGrad(() => theirs.isGradEnabled())).toBe(false);
    const clipped = theirs.checkpoint((t) => ours.exp(t), a);
    expectClose(ours.grad(clipped.sum(), a), ours.exp(a));
    ours.free(b);
    theirs.free(a);
  });

  it('share scopes and memory', () => {
    const before = memoryInUse();
    const y = ours.scope(() => {
      const inner = theirs.scope(() => {
        const x = ours.ones([500]);
        expect(memoryInUse()).toBeGreaterThan(before);
        return theirs.mul(x, 2);
      });
      return ours.add(inner, 1);
    });
    expectClose(y.sum().item(), 1500);
    let lost: ours.Tensor | undefined;
    theirs.scope(() => {
      lost = ours.zeros([500]);
    });
    expect(() => lost?.sum()).toThrow('a tensor was used after its scope had ended');
    expect(memoryInUse()).toBe(before);
  });
});

describe('two copies of different protocols', () => {
  it('refuse to work together', async () => {
    const path = await bundled("export { tensor, zeros } from './src/index.ts';");
    const source = await readFile(path, 'utf8');
    expect(source).toMatch(/maru\.tensor\.1/);
    const other = path.replace('bundle.mjs', 'other.mjs');
    await writeFile(other, source.replaceAll('maru.tensor.1', 'maru.tensor.2'));
    ours.zeros([1]).add(1);
    const theirs: typeof ours = await import(/* @vite-ignore */ pathToFileURL(other).href);
    const message =
      'maru: this copy speaks protocol 2, but a copy with protocol 1 is loaded; update so that all @maru-ml packages are of one major version';
    try {
      theirs.zeros([1]);
      expect.unreachable();
    } catch (error) {
      // The error's class is the other copy's.
      expect((error as Error).name).toBe('OptionError');
      expect((error as Error).message).toBe(message);
    }
  });
});
