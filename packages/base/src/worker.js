/**
 * The entry of a pool's worker, in plain JavaScript so that sources and published files run the same one.
 * It answers each task `{ id, module, name, args }` with `{ id, value }` or `{ id, error }`, and tells progress on the way.
 */

/** @type {any} */
const scope = globalThis;
const port =
  scope.WorkerGlobalScope === undefined ? scope.process.getBuiltinModule('node:worker_threads').parentPort : scope;

port.addEventListener('message', async (/** @type {any} */ { data: { id, module, name, args } }) => {
  try {
    // Every task starts with the default random stream of a fresh program, whichever tasks this worker had before.
    scope[Symbol.for('maru.tensor.1')]?.delete('random');
    const exports = await import(/* @vite-ignore */ /* webpackIgnore: true */ module);
    if (typeof exports[name] !== 'function') throw new TypeError(`the module exports no function ${name}`);
    const report = (/** @type {unknown} */ progress) => port.postMessage({ id, progress });
    port.postMessage({ id, value: await exports[name](...args, { report }) });
  } catch (error) {
    port.postMessage({ id, error: describe(error) });
  }
});
port.start?.();

/** An error as plain strings, which can always be cloned. @param {any} error */
function describe(error) {
  if (!(error instanceof Error)) return { name: '', message: String(error), stack: '' };
  return { name: error.name, message: error.message, stack: String(error.stack) };
}

// It is a module, though it neither imports nor exports anything.
export {};
