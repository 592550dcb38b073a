/** Calls of each measurement. */
const CALLS = 2000;
/** Calls before each measurement, and at most how many measurements: the engine optimizes in steps. */
const WARMING = 30_000;
const ATTEMPTS = 12;
/** Bytes of the object that the engine makes of a floating-point number where it wants one; all others are larger. */
const BOX = 16;

/**
 * Asserts that `serve(i)`, called with i = 0, 1, 2, …, makes no object: that in one of several attempts the engine's own
 * profiler counts fewer than one in four calls, for the engine makes some for itself. Boxes of floating-point numbers
 * don't count: how many it makes depends on its version and on what it inlines, not on our code. Code that is not
 * optimized yet also makes objects that are none later, so early attempts may fail; a call that makes an object fails in
 * all of them.
 *
 * @param {(i: number) => unknown} serve
 * @returns {Promise<void>}
 */
export async function expectNoGarbage(serve) {
  const { setFlagsFromString } = await import('node:v8');
  // A busy machine must not be late with optimizing.
  setFlagsFromString('--no-concurrent-recompilation');
  // Allocated together, two boxes would look like an object.
  setFlagsFromString('--no-turbo-allocation-folding');
  if (Number.parseInt(process.versions.v8, 10) >= 13) setFlagsFromString('--maglev-allocation-folding=0');
  const run = (/** @type {number} */ calls) => {
    for (let i = 0; i < calls; i++) serve(i);
  };
  let found = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    run(WARMING);
    await new Promise((resolve) => void setTimeout(resolve, attempt));
    const places = await allocatedBy(() => run(CALLS));
    const objects = places.reduce((sum, place) => sum + place.objects, 0);
    if (objects < CALLS / 4) return;
    const worst = places.filter((place) => place.objects >= CALLS / 20).sort((a, b) => b.objects - a.objects);
    found = worst.map(({ name, objects, bytes }) => `${objects} objects of ${bytes} bytes in ${name}`).join(', ');
  }
  throw new Error(`${CALLS} calls leave garbage: ${found}, after ${ATTEMPTS} attempts`);
}

/** A function of a profile. @typedef {{ id: number, callFrame: { functionName: string }, children: Node[] }} Node */

/**
 * The objects that `run` makes, boxes of numbers left out, by the function that makes them.
 *
 * @param {() => void} run
 * @returns {Promise<{ name: string, objects: number, bytes: number }[]>}
 */
async function allocatedBy(run) {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', {
    // Every object is a sample.
    samplingInterval: 1,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  run();
  // @types/node lacks the samples.
  const { profile } = /** @type {{ profile: { head: Node, samples: { size: number, nodeId: number }[] } }} */ (
    /** @type {unknown} */ (await session.post('HeapProfiler.stopSampling'))
  );
  session.disconnect();
  /** @type {Map<number, { name: string, objects: number, bytes: number }>} */
  const places = new Map();
  const note = (/** @type {Node} */ node) => {
    places.set(node.id, { name: node.callFrame.functionName || 'a nameless function', objects: 0, bytes: 0 });
    for (const child of node.children) note(child);
  };
  note(profile.head);
  for (const { size, nodeId } of profile.samples) {
    const place = places.get(nodeId);
    if (place === undefined || size <= BOX) continue;
    place.objects++;
    place.bytes += size;
  }
  return [...places.values()];
}
