import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';

/** Asserts that `serve`, called with a row of d numbers and a place for k, leaves no garbage. */
export async function expectNoGarbage(
  serve: (i: number, row: Float64Array, out: Float64Array) => void,
  d: number,
  k: number,
): Promise<void> {
  const [row, out] = [new Float64Array(d).fill(1), new Float64Array(k)];
  const run = (times: number) => {
    for (let i = 0; i < times; i++) serve(i, row, out);
  };
  // The engine optimizes in the background, and may not be done at the first attempt.
  let fewest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && fewest > 1; attempt++) {
    run(100_000);
    await turn();
    const collections: unknown[] = [];
    const observer = new PerformanceObserver((list) => void collections.push(...list.getEntries()));
    observer.observe({ entryTypes: ['gc'] });
    // Even 32 bytes for each call would fill the young generation several times.
    run(1_000_000);
    await turn();
    collections.push(...observer.takeRecords());
    observer.disconnect();
    fewest = Math.min(fewest, collections.length);
  }
  expect(fewest).toBeLessThanOrEqual(1);
}
