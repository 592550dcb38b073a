/** Runs a kernel and its twin on the same arguments and compares every bit. */
import { Draw } from './draw.js';

/** @typedef {import('./draw.js').NumberArray} NumberArray */
/** @typedef {typeof import('../../src/module.ts')} ModuleApi */
/** @typedef {typeof import('../../src/memory.ts')} MemoryApi */

/**
 * Draws `cases` calls of the function and compares the twin with the kernel, on arrays of the heap and of WebAssembly
 * memory in turn. Throws with the arguments at the first difference.
 * @param {string} name
 * @param {(...args: any[]) => unknown} kernel
 * @param {import('./table.js').Sampler} sampler
 * @param {number} cases
 * @param {number} seed
 * @param {ModuleApi} moduleApi
 * @param {MemoryApi} memoryApi
 * @returns {number} how many of the calls entered WebAssembly
 */
export function compare(name, kernel, sampler, cases, seed, moduleApi, memoryApi) {
  const choice = moduleApi.choice();
  const draw = new Draw(seed);
  let entered = 0;
  try {
    for (let i = 0; i < cases; i++) {
      const args = sampler(draw);
      const expected = copies(args);
      choice.mode = 'js';
      const expectedValue = kernel(...expected);
      // All on the heap, all in WebAssembly memory, or some here and some there.
      const actual =
        i % 3 === 0 ? { args: copies(args), reread: () => {}, free: () => {} } : place(args, draw, i % 3 === 1);
      // What kernels leave behind in their working space must not help the next.
      const memory = memoryApi.memory();
      if (memory !== null)
        new Uint8Array(memory.buffer, 16, memoryApi.SCRATCH + memoryApi.SCRATCH_BYTES - 16).fill(0xff);
      choice.mode = 'wasm';
      const before = choice.calls;
      const actualValue = kernel(...actual.args);
      if (choice.calls > before) entered++;
      actual.reread();
      check(name, 'the returned value', [expectedValue], [actualValue], args);
      for (const [k, array] of actual.args.entries()) {
        if (ArrayBuffer.isView(array)) check(name, `argument ${k}`, expected[k], array, args);
      }
      actual.free();
    }
  } finally {
    choice.mode = 'auto';
  }
  return entered;

  /**
   * Copies arrays into WebAssembly memory, at addresses that are multiples of an element's size but not of a vector's.
   * @param {unknown[]} args @param {Draw} draw @param {boolean} all
   */
  function place(args, draw, all) {
    const memory = memoryApi.memory();
    if (memory === null) throw new Error('there is no WebAssembly memory: kernels cannot be compared with their twins');
    /** @type {Map<unknown, { address: number, offset: number }>} */
    const places = new Map();
    for (const arg of args) {
      if (!ArrayBuffer.isView(arg) || places.has(arg) || !(all || draw.chance())) continue;
      const offset = draw.integer(0, 3) * /** @type {NumberArray} */ (arg).BYTES_PER_ELEMENT;
      places.set(arg, { offset, address: memoryApi.allocate(arg.byteLength + 32) });
    }
    // Views are made when nothing more is allocated, and again after the call: growth detaches them.
    const placed = copies(args, view);
    for (const [i, arg] of args.entries())
      if (places.has(arg)) /** @type {NumberArray} */ (placed[i]).set(/** @type {any} */ (arg));
    return {
      args: placed,
      reread: () => {
        for (const [i, arg] of args.entries()) if (places.has(arg)) placed[i] = view(/** @type {any} */ (arg));
      },
      free: () => {
        for (const [arg, { address }] of places) memoryApi.release(address, /** @type {any} */ (arg).byteLength + 32);
      },
    };

    /** @param {NumberArray} array @returns {NumberArray} */
    function view(array) {
      const found = places.get(array);
      if (found === undefined) return array.slice();
      const Type = /** @type {any} */ (array.constructor);
      return new Type(memoryApi.memory()?.buffer, found.address + found.offset, array.length);
    }
  }
}

/**
 * Copies the arrays among the arguments; one that stands in two places stays one.
 * @param {unknown[]} args @param {(array: NumberArray) => NumberArray} [copy]
 */
function copies(args, copy = (array) => array.slice()) {
  /** @type {Map<unknown, NumberArray>} */
  const made = new Map();
  return args.map((arg) => {
    if (!ArrayBuffer.isView(arg)) return arg;
    const known = made.get(arg) ?? copy(/** @type {NumberArray} */ (arg));
    made.set(arg, known);
    return known;
  });
}

/** @param {string} name @param {string} what @param {any} expected @param {any} actual @param {unknown[]} args */
function check(name, what, expected, actual, args) {
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(expected[i], actual[i])) continue;
    const shown = args.map((arg) =>
      ArrayBuffer.isView(arg) ? `${arg.constructor.name}(${arg})` : JSON.stringify(arg),
    );
    throw new Error(
      `${name}: ${what}, element ${i}: the twin gave ${expected[i]}, the kernel ${actual[i]}\n${shown.join('\n')}`.slice(
        0,
        4000,
      ),
    );
  }
  if (expected.length !== actual.length)
    throw new Error(`${name}: ${what}: ${expected.length} and ${actual.length} values`);
}
