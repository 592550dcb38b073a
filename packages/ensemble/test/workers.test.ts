/** @module-tag node */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TaskError } from '@maru-ml/base/workers';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomForestClassifier, RandomForestRegressor } from '../src/index.ts';
import { numbers } from './data.ts';

// The worker's file as it is published: Node 20 cannot run its source.
const folder = mkdtempSync(join(tmpdir(), 'maru-ensemble-'));
const workerUrl = pathToFileURL(join(folder, 'worker.mjs'));
beforeAll(async () => {
  const entry = fileURLToPath(new URL('../src/worker.ts', import.meta.url));
  const outfile = fileURLToPath(workerUrl);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    conditions: ['source'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const x = numbers(7, 300, 5);
const y = x.map(([a, b, c]) => Number(a! + b! * c! > 0));

describe('a forest grown by workers', () => {
  it('is the same for any number of them', async () => {
    const estimator = new RandomForestClassifier({ nEstimators: 15, seed: 3, oobScore: true });
    const expected = JSON.stringify(estimator.fit(x, y));
    for (const workers of [1, 2, 3]) {
      expect(JSON.stringify(await estimator.fitAsync(x, y, { workers, workerUrl }))).toBe(expected);
    }
    const numbersOf = new RandomForestRegressor({ nEstimators: 7, seed: 3 });
    const sampleWeight = y.map((_, i) => i % 3);
    const alone = JSON.stringify(numbersOf.fit(x, y, { sampleWeight }));
    expect(JSON.stringify(await numbersOf.fitAsync(x, y, { sampleWeight, workers: 2, workerUrl }))).toBe(alone);
  });

  it('tells of every tree, and stops when told to with trees from the first on', async () => {
    const estimator = new RandomForestClassifier({ nEstimators: 24, seed: 3 });
    const steps: number[] = [];
    const onProgress = ({ step, total, unit }: { step: number; total?: number; unit: string }) => {
      expect([total, unit]).toEqual([24, 'tree']);
      steps.push(step);
    };
    await estimator.fitAsync(x, y, { workers: 2, workerUrl, onProgress });
    expect(steps).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));

    const stopped = await estimator.fitAsync(x, y, { workers: 2, workerUrl, onProgress: () => false });
    expect(stopped.nIter).toBeGreaterThanOrEqual(1);
    const whole = estimator.fit(x, y).trees;
    expect(JSON.stringify(stopped.trees.map((tree) => tree.encode()))).toBe(
      JSON.stringify(whole.slice(0, stopped.nIter).map((tree) => tree.encode())),
    );
  });

  it('rejects with the reason of an aborted signal', async () => {
    const estimator = new RandomForestClassifier({ nEstimators: 10_000, seed: 3 });
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = () => controller.abort(reason);
    const fit = estimator.fitAsync(x, y, { workers: 2, workerUrl, signal: controller.signal, onProgress });
    await expect(fit).rejects.toBe(reason);
  });

  it('a killed worker gives a TaskError that names the task', async () => {
    const path = join(folder, 'dies.mjs');
    writeFileSync(path, 'export function growTrees() { process.exit(3); }');
    const fit = new RandomForestClassifier({ nEstimators: 2, seed: 3 }).fitAsync(x, y, {
      workers: 2,
      workerUrl: pathToFileURL(path),
    });
    await expect(fit).rejects.toThrow(TaskError);
    await expect(fit).rejects.toThrow(/^WorkerPool: growTrees in dies\.mjs: its worker died \(exit code 3\)$/);
  });
});
