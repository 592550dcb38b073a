/** The runner's settings, and the tags of tests that do not run everywhere. */

export const tags = [
  { name: 'node', description: "needs Node's files, processes, threads, sockets, compression or garbage collector" },
  { name: 'wasm', description: 'looks at WebAssembly itself: that it is used, its memory, that its twins do the same' },
];

/** Which tests run: those for Node alone do not, and those of WebAssembly only where there is any. @param {boolean} wasm */
export const tagsFilter = (wasm) => [wasm ? '!node' : '!node && !wasm'];

/** @param {boolean} wasm @returns {import('@vitest/runner').VitestRunnerConfig} */
export const settings = (wasm) => ({
  root: '/',
  name: undefined,
  setupFiles: [],
  passWithNoTests: false,
  testNamePattern: undefined,
  allowOnly: false,
  sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
  chaiConfig: undefined,
  maxConcurrency: 1,
  testTimeout: 300_000,
  hookTimeout: 300_000,
  retry: 0,
  includeTaskLocation: false,
  tags,
  tagsFilter: tagsFilter(wasm),
  strictTags: true,
});
