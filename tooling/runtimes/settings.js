/** The runner's settings, and the tag of tests that need Node itself. */

/** Tests carry this tag if they need Node's files, processes, threads, sockets, zlib or collector: they run there alone. */
export const tags = [
  { name: 'node', description: "needs Node's files, processes, threads, sockets, compression or garbage collector" },
];

/** @param {{ tags?: string[] }} task */
export function needsNode(task) {
  return task.tags?.includes('node') ?? false;
}

/** @type {import('@vitest/runner').VitestRunnerConfig} */
export const settings = {
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
  tagsFilter: ['!node'],
  strictTags: true,
};
