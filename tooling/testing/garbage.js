/** How often a measured call is made; even 16 bytes each are then far more than what measuring itself allocates. */
const CALLS = 20_000;
/** Calls before each measurement, and at most how many measurements: the engine optimizes in the background. */
const WARMING = 30_000;
const ATTEMPTS = 12;
/** What the engine makes of a floating-point number that a function hands back: an object of 16 bytes. */
const BOX = 16;

/**
 * Asserts that `serve(i)`, called with i = 0, 1, 2, …, leaves nothing behind for the collector of garbage: that the heap
 * grows by fewer than 8 bytes a call, without a collection, in one of several attempts. Code that is not optimized yet
 * boxes the numbers that it works with, so early attempts may fail; a call that makes an object fails in all of them.
 *
 * @param {(i: number) => unknown} serve
 * @param {{ boxes?: number }} [options] `boxes`: how many floating-point numbers a call gets back from functions that
 *   hand them back, for each of which the engine may make an object of 16 bytes; default 0
 * @returns {Promise<void>}
 */
export async function expectNoGarbage(serve, { boxes = 0 } = {}) {
  const run = (/** @type {number} */ calls) => {
    for (let i = 0; i < calls; i++) serve(i);
  };
  const found = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    run(WARMING);
    await pause(attempt);
    const { bytes, collections } = await allocatedBy(() => run(CALLS));
    if (collections === 0 && bytes < CALLS * (BOX * boxes + 8)) return;
    found.push(collections > 0 ? 'a collection' : `${Math.round(bytes / CALLS)} bytes`);
  }
  throw new Error(`each call leaves garbage: ${found.join(', ')} in ${ATTEMPTS} attempts`);
}

/**
 * By how many bytes the heap is larger after `run`, and how often garbage was collected meanwhile.
 *
 * @param {() => void} run
 */
async function allocatedBy(run) {
  const { PerformanceObserver } = await import('node:perf_hooks');
  /** @type {unknown[]} */
  const seen = [];
  const observer = new PerformanceObserver((list) => void seen.push(...list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  const before = process.memoryUsage().heapUsed;
  run();
  const bytes = process.memoryUsage().heapUsed - before;
  await pause(0);
  seen.push(...observer.takeRecords());
  observer.disconnect();
  return { bytes, collections: seen.length };
}

/** Lets other work run for so many milliseconds. @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
