/** Arrays of fewer bytes are not looked at one by one. */
const LARGE = 65_536;
const TYPES = /** @type {const} */ (['Float64Array', 'Float32Array', 'Int32Array', 'Uint8Array']);

/**
 * The most bytes of typed arrays that are alive at once while `run` runs, beyond those before it, and how many of them its result holds. Garbage
 * is collected before each array of 64 KB and more that may make a new maximum, so that the numbers depend neither on the collector nor on time.
 *
 * @template T
 * @param {() => T} run
 * @param {() => number} [inUse] how many bytes of WebAssembly memory are in use; none
 * @returns {{ bytes: number, kept: number, result: T }}
 */
export function peakOf(run, inUse = () => 0) {
  // Where it is used, since pages import this module too.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  const { runInNewContext } = process.getBuiltinModule('node:vm');
  setFlagsFromString('--expose-gc');
  // Else a thread of its own gives arrays back some time after they were found to be garbage.
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
  const collect = /** @type {() => void} */ (runInNewContext('gc'));
  const alive = () => {
    collect();
    return process.memoryUsage().arrayBuffers + inUse();
  };
  const before = alive();
  let most = 0;
  // Bytes that can be alive at the most: those that were at the last collection, and all that were made since.
  let [held, heldInUse] = [0, inUse()];
  const restore = TYPES.map((name) =>
    watched(name, (bytes) => {
      // A view tells that WebAssembly memory may have been taken.
      if (bytes >= LARGE) held += bytes;
      if (held + inUse() - heldInUse <= most) return;
      held = alive() - before + bytes;
      heldInUse = inUse();
      most = Math.max(most, held);
    }),
  );
  try {
    const result = run();
    const kept = alive() - before;
    return { bytes: Math.max(most, kept), kept, result };
  } finally {
    for (const undo of restore) undo();
  }
}

/**
 * Puts a constructor in the place of a global one that tells of each array's bytes first; `slice`, `map` and `from` go through it too.
 * @param {typeof TYPES[number]} name @param {(bytes: number) => void} tell @returns {() => void} puts the old one back
 */
function watched(name, tell) {
  const original = globalThis[name];
  /** @type {any} */
  const stand = new Proxy(/** @type {any} */ (original), {
    construct(target, args, newTarget) {
      const [first] = args;
      const isView = first instanceof ArrayBuffer || first instanceof SharedArrayBuffer;
      const length = typeof first === 'number' ? first : (first?.length ?? 0);
      tell(isView ? 0 : length * target.BYTES_PER_ELEMENT);
      return Reflect.construct(target, args, newTarget === stand ? target : newTarget);
    },
  });
  const put = (/** @type {any} */ value) => {
    /** @type {any} */ (globalThis)[name] = value;
    original.prototype.constructor = value;
  };
  put(stand);
  return () => put(original);
}
