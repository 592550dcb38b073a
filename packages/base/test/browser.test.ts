/** @module-tag node */
import { readFileSync } from 'node:fs';
import { findChromium, inChromium } from '@maru-ml/tooling/browser';
import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../src/index.ts';

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const files = { '/worker.js': file('../src/worker.js'), '/tasks.js': file('./fixtures/browser-tasks.js') };
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

describe('in Chromium', () => {
  beforeEach(({ skip }) => skip(findChromium() === null, 'Chromium is not installed'));

  for (const shares of [true, false]) {
    it(`the pool works in a page that ${shares ? 'may' : 'may not'} share memory, and the numbers are the same`, async () => {
      const found = await inChromium(new URL('./browser/pool.ts', import.meta.url), {
        files,
        headers: shares ? isolated : {},
      });
      const random = new Random(7);
      expect(found).toEqual({
        canShareMemory: shares,
        results: ['a', 9, 16],
        shared: shares ? [5, 5] : [1, 2],
        progress: [1, 2],
        thrown: 'WorkerPool: fail in tasks.js threw RangeError: out of range',
        died: 'WorkerPool: failLater in tasks.js: its worker died (Uncaught Error: nobody waits for me)',
        aborted: 'enough',
        after: [25, 36],
        lost: 'WorkerPool: square in tasks.js: its worker died (its file could not be loaded)',
        random: [random.uniform(), random.normal(), random.normal(), random.fork().uint32()],
      });
    });
  }
});
