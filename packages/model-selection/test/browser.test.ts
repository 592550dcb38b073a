/** @module-tag node */
import { readFileSync } from 'node:fs';
import { findChromium, inChromium } from '@maru-ml/tooling/browser';
import { beforeEach, describe, expect, it } from 'vitest';

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const files = {
  '/worker.js': file('../../base/src/worker.js'),
  '/search-worker.js': file('../src/search-worker.js'),
  '/factory.js': file('./fixtures/factory.js'),
};
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

describe('in Chromium', () => {
  beforeEach(({ skip }) => skip(findChromium() === null, 'Chromium is not installed'));

  for (const shares of [true, false]) {
    it(`searches run on workers in a page that ${shares ? 'may' : 'may not'} share memory`, async () => {
      const headers = shares ? isolated : {};
      const { alone, workers, error } = await inChromium(new URL('./browser/search.ts', import.meta.url), {
        files,
        headers,
      });
      expect(alone.scores).toHaveLength(3);
      expect(workers).toEqual(alone);
      expect(error).toMatch(
        /^TaskError: GridSearch: k: [13], fold [012]: its worker died \(its file could not be loaded\)$/,
      );
    });
  }
});
