/**
 * Vitest's runner for mutation testing. It collects all tests in one process, then tries mutant after mutant there: by the tests that reach it
 * or, for what is reached before any test, by test files that are loaded anew.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTests } from '@vitest/runner';
import { TestRunner } from 'vitest';
import { HITS, readPlan } from './plan.js';

/** @typedef {import('vitest').RunnerTestCase} Test */
/** @typedef {import('vitest').RunnerTestSuite} Suite */
/** @typedef {{ name: string, hits: number, limit: number, fails: () => Promise<boolean> }} Trial something that a mutant may make fail */

const plan = readPlan();
const unsteady = new Set(plan.unsteady);
/** @type {any} */
const globals = globalThis;
/** What Stryker's switches read. */
globals.__stryker__ ??= {};
const switches = globals.__stryker__;
/** How often each mutant was reached since `takeHits`. */
const hits = new Float64Array(plan.count);
globals[HITS] = hits;

export default class MutationRunner extends TestRunner {
  /** @type {Map<string, Test>} */
  #tests = new Map();
  /** @type {import('./plan.js').Covered} */
  #covered = { tests: {}, loaded: {} };
  #files = 0;

  /** @param {Test} test */
  async runTask(test) {
    if (unsteady.has(test.id)) return;
    this.#tests.set(test.id, test);
    if (plan.phase !== 'cover') return;
    this.#noteLoaded(test.file.name);
    const begin = performance.now();
    let passed = false;
    try {
      await TestRunner.getTestFn(test)();
      passed = true;
    } finally {
      const milliseconds = performance.now() - begin;
      this.#covered.tests[test.id] = { name: nameOf(test), milliseconds, passed, hits: takeHits() };
    }
  }

  /** @override */
  async onAfterRunFiles() {
    super.onAfterRunFiles();
    // The next file loads the package anew, so that what is reached by loading it is known.
    if (plan.phase === 'cover') this.#forgetModules();
    if (++this.#files < plan.tests.length) return;
    if (plan.phase === 'cover') note(this.#covered);
    else await this.#tryMutants();
  }

  /** @param {string} file */
  #noteLoaded(file) {
    for (const id of Object.keys(takeHits())) {
      this.#covered.loaded[id] ??= [];
      if (!this.#covered.loaded[id].includes(file)) this.#covered.loaded[id].push(file);
    }
  }

  async #tryMutants() {
    const failing = new Set();
    const all = plan.phase === 'load' ? plan.tests : [...this.#tests.keys()];
    if (!plan.repeated) for (const id of all) if (await this.#trial(id).fails()) failing.add(id);
    note({ unsteady: [...failing] });
    for (const [index, { id, tests, files }] of plan.mutants.entries()) {
      await new Promise((resolve) => setImmediate(resolve));
      const trials =
        plan.phase === 'load'
          ? files.filter((file) => !failing.has(file) && !unsteady.has(file)).map((file) => this.#trial(file))
          : tests.filter((test) => !failing.has(test.id)).map((test) => this.#trial(test.id, test));
      const { outcome, by } = await tryOne(id, trials);
      note({ end: id, limit: 60_000 });
      // A mutant may leave behind what fails without it as well: the rest is for a new process.
      const dirty = by !== undefined && (await by.fails());
      if (dirty && index > 0) return note({ again: id });
      note({ id, outcome, by: by?.name });
      if (dirty) return undefined;
    }
    return undefined;
  }

  /** @param {string} id of a test, or a test file @param {{ hits: number, limit: number }} expected @returns {Trial} */
  #trial(id, expected = { hits: 10_000, limit: 60_000 }) {
    const test = this.#tests.get(id);
    if (test !== undefined) return { name: nameOf(test), ...expected, fails: () => fails(test) };
    return { name: id, ...expected, fails: () => this.#fileFails(id) };
  }

  /** Whether a test of the file fails when it and the package are loaded anew. @param {string} file */
  async #fileFails(file) {
    this.#forgetModules();
    const runner = new QuietRunner(this.config);
    const { moduleRunner, _otel } = /** @type {any} */ (this);
    Object.defineProperties(runner, { moduleRunner: { value: moduleRunner }, _otel: { value: _otel } });
    const [result] = await startTests([join(this.config.root, file)], runner);
    return runner.failed || result?.result?.state === 'fail';
  }

  /** Forgets the modules of the package and of its tests. */
  #forgetModules() {
    /** @type {Map<string, any>} */
    const modules = /** @type {any} */ (this).moduleRunner.evaluatedModules.idToModuleMap;
    for (const [id, node] of modules) {
      if (!id.includes(this.config.root)) continue;
      node.promise = undefined;
      node.exports = undefined;
      node.evaluated = false;
      node.importers.clear();
    }
  }
}

/** Runs tests up to the first that fails, and tells vitest nothing. */
class QuietRunner extends TestRunner {
  failed = false;

  /** @param {Test} test */
  async runTask(test) {
    if (this.failed || unsteady.has(test.id)) return;
    try {
      await TestRunner.getTestFn(test)();
    } catch (error) {
      if (/** @type {any} */ (error)?.code !== 'VITEST_PENDING') this.failed = true;
      throw error;
    }
  }

  /** @override */
  async onBeforeRunSuite() {}
  /** @override */
  async onAfterRunSuite() {}
  /** @override */
  onBeforeTryTask() {}
  /** @override */
  onAfterTryTask() {}
}

/** @param {string} id @param {Trial[]} trials @returns {Promise<{ outcome: import('./plan.js').Outcome, by?: Trial }>} */
async function tryOne(id, trials) {
  for (const trial of trials) {
    note({ begin: id, limit: trial.limit });
    Object.assign(switches, { activeMutant: id, hitCount: 0, hitLimit: 100 * trial.hits + 1000 });
    const failed = await trial.fails();
    switches.activeMutant = undefined;
    if (!failed) continue;
    return { outcome: switches.hitCount > switches.hitLimit ? 'timeout' : 'killed', by: trial };
  }
  return { outcome: 'survived' };
}

/** Whether the test fails, with what is run before and after each. @param {Test} test */
async function fails(test) {
  /** @type {Suite[]} */
  const suites = [];
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) suites.unshift(suite);
  suites.unshift(test.file);
  let failed = false;
  const guarded = async (/** @type {() => unknown} */ run) => {
    try {
      await run();
    } catch (error) {
      if (/** @type {any} */ (error)?.code !== 'VITEST_PENDING') failed = true;
    }
  };
  const hooksOf = (/** @type {Suite} */ suite) => /** @type {any} */ (TestRunner.getSuiteHooks(suite));
  for (const suite of suites) {
    for (const hook of hooksOf(suite).beforeEach) await guarded(() => hook(test.context, suite));
  }
  if (!failed) await guarded(() => TestRunner.getTestFn(test)());
  for (const suite of suites.reverse()) {
    for (const hook of hooksOf(suite).afterEach) await guarded(() => hook(test.context, suite));
  }
  return failed;
}

/** How often each mutant was reached, from now on counted anew. */
function takeHits() {
  /** @type {Record<string, number>} */
  const taken = {};
  for (const [id, count] of hits.entries()) if (count > 0) taken[id] = count;
  hits.fill(0);
  return taken;
}

/** @param {Test} test */
function nameOf(test) {
  return `${test.file.name}: ${test.name}`;
}

/** @param {object} event */
function note(event) {
  appendFileSync(plan.results, `${JSON.stringify(event)}\n`);
}
