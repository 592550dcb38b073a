import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Random, shared } from '@maru-ml/base';
import { findChromium, inChromium } from '@maru-ml/tooling/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cnn, fingerprint, mlp, run } from './browser/trainings.ts';
import { bundled, runNode } from './child.ts';

/**
 * The parameters that these trainings end with, on every version of Node, in Chromium, with and without WebAssembly. A change
 * of an operation's order of additions, of a layer or of the random stream changes them: then, and only then, new ones are due.
 */
const GOLDEN = { mlp: '018ee8556804a37a', cnn: 'c7f64a87ab96d34e', plain: '1c1a465f22d60a88' };

describe('training gives the same bits', () => {
  it('on this engine', async () => {
    expect(await run()).toEqual(GOLDEN);
  });

  it('with kernels at any size', async () => {
    const choice = shared<{ mode: string }>('kernels', () => ({ mode: 'auto' }));
    choice.mode = 'wasm';
    try {
      expect(await run()).toEqual(GOLDEN);
    } finally {
      choice.mode = 'auto';
    }
  });

  it('without WebAssembly (MARU_KERNELS=js)', { tags: ['node'] }, async () => {
    const script = await bundled(new URL('./programs/fingerprints.ts', import.meta.url));
    const answers = await Promise.all(
      ['js', 'auto'].map(async (kernels) => JSON.parse((await runNode([script], { MARU_KERNELS: kernels })).out)),
    );
    expect(answers).toEqual([
      { backend: 'js', ...GOLDEN },
      { backend: 'wasm', ...GOLDEN },
    ]);
  });

  for (const [where, wasm] of [
    ['in Chromium, under a policy without eval', " 'wasm-unsafe-eval'"],
    ['in Chromium, where WebAssembly is refused', ''],
  ]) {
    it(where!, { tags: ['node'] }, async ({ skip }) => {
      skip(findChromium() === null, 'Chromium is not installed');
      const headers = { 'content-security-policy': `default-src 'none'; script-src 'self'${wasm}` };
      expect(await inChromium(new URL('./browser/trainings.ts', import.meta.url), { headers })).toEqual(GOLDEN);
    });
  }
});

describe('a checkpoint that takes time to be written', () => {
  it('is waited for, so that saves never overtake each other', async () => {
    const { trainer, loader } = mlp();
    const events: string[] = [];
    await trainer.fit(loader, {
      epochs: 3,
      onCheckpoint: async () => {
        events.push('begin');
        await new Promise((resolve) => setTimeout(resolve, 5));
        events.push('end');
      },
      onProgress: ({ unit, step }) => void (unit === 'batch' && step === 1 && events.push('batch 1')),
    });
    expect(events).toEqual(['batch 1', 'begin', 'end', 'batch 1', 'begin', 'end', 'batch 1', 'begin', 'end']);
  });

  it('and fails ends the training with its error, which can go on', async () => {
    const { model, trainer, loader } = mlp();
    const onCheckpoint = () => Promise.reject(new Error('the disk is full'));
    await expect(trainer.fit(loader, { epochs: 4, onCheckpoint })).rejects.toThrow('the disk is full');
    await trainer.fit(loader, { epochs: 4 });
    expect(fingerprint(model)).toBe(GOLDEN.mlp);
  });
});

/** How often each training is killed; `node scripts/kill.js --kills 50` kills more often. */
const KILLS = Number(process.env.MARU_KILLS ?? 3);

describe('a training that is killed', { tags: ['node'] }, () => {
  let folder = '';
  let script = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maru-killed-'));
    script = await bundled(new URL('./programs/resumable.ts', import.meta.url));
  });
  afterAll(() => rm(folder, { recursive: true }));

  for (const [kind, start] of Object.entries({ mlp, cnn })) {
    it(`goes on from its file, whole after every kill, to the same bits: ${kind}`, async () => {
      const whole = start();
      await whole.trainer.fit(whole.loader, { epochs: 4 });
      const random = new Random(1);
      let kills = 0;
      let answer = '';
      for (let training = 0; kills < KILLS; training++) {
        const path = join(folder, `${kind}-${training}.bytes`);
        answer = '';
        while (answer === '') {
          // Killed after some saves were begun, amid one or in the batch behind it. Later trainings run to their end.
          const saves = kills < KILLS ? 1 + random.integer(6) : Number.POSITIVE_INFINITY;
          answer = await trainUntil(script, [kind, path], saves, random.uniform(0, 6));
          if (answer === '') kills++;
          if (!existsSync(path)) continue;
          const { trainer } = start();
          trainer.load(readFileSync(path));
          expect(trainer.position.epoch).toBeLessThanOrEqual(4);
        }
        expect(answer).toBe(`done ${fingerprint(whole.model)}`);
      }
    }, 600_000);
  }
});

/** Runs the script and kills it some milliseconds after it began a number of saves; its last line if it came to its end. */
async function trainUntil(script: string, args: string[], saves: number, delay: number): Promise<string> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'close');
  let begun = 0;
  let last = '';
  for await (const line of createInterface(child.stdout)) {
    if (line === 'saving' && ++begun === saves) setTimeout(() => child.kill('SIGKILL'), delay);
    if (line.startsWith('done')) last = line;
  }
  await exit;
  return last;
}
