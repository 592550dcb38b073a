/** Vitest's runner for mutation testing: it collects all tests in one process, then runs those that reach a mutant, mutant after mutant. */
import { appendFileSync } from 'node:fs';
import { TestRunner } from 'vitest';
import { readPlan } from './plan.js';

/** @typedef {import('vitest').RunnerTestCase} Test */
/** @typedef {import('vitest').RunnerTestSuite} Suite */

const plan = readPlan();
const unsteady = new Set(plan.unsteady);
/** What Stryker's switches read. @type {any} */
const stryker = globalThis;
stryker.__stryker__ ??= {};
const switches = stryker.__stryker__;

export default class MutationRunner extends TestRunner {
  /** @type {Map<string, Test>} */
  #tests = new Map();
  /** @type {import('./plan.js').Covered['tests']} */
  #covered = {};
  #files = 0;

  /** @param {Test} test */
  async runTask(test) {
    if (unsteady.has(test.id)) return;
    this.#tests.set(test.id, test);
    const run = TestRunner.getTestFn(test);
    if (plan.phase === 'load') await run();
    if (plan.phase !== 'cover') return;
    switches.currentTestId = test.id;
    const begin = performance.now();
    let passed = false;
    try {
      await run();
      passed = true;
    } finally {
      switches.currentTestId = undefined;
      const milliseconds = performance.now() - begin;
      const hits = switches.mutantCoverage?.perTest[test.id] ?? {};
      this.#covered[test.id] = { name: nameOf(test), milliseconds, passed, hits };
    }
  }

  /** @override */
  async onAfterRunFiles() {
    super.onAfterRunFiles();
    if (++this.#files < plan.tests.length) return;
    if (plan.phase === 'cover') {
      note({ tests: this.#covered, loaded: Object.keys(switches.mutantCoverage?.static ?? {}) });
    }
    if (plan.phase === 'mutate') await this.#tryMutants();
  }

  async #tryMutants() {
    const failing = [];
    for (const test of this.#tests.values()) if (await fails(test)) failing.push(test.id);
    note({ unsteady: failing });
    for (const [index, { id, tests }] of plan.mutants.entries()) {
      await new Promise((resolve) => setImmediate(resolve));
      note({ begin: id });
      /** @type {import('./plan.js').Outcome} */
      let outcome = 'survived';
      /** @type {Test | undefined} */
      let by;
      for (const { id: testId, hits } of tests) {
        const test = this.#tests.get(testId);
        if (test === undefined || failing.includes(testId)) continue;
        Object.assign(switches, { activeMutant: id, hitCount: 0, hitLimit: 100 * hits + 1000 });
        const failed = await fails(test);
        switches.activeMutant = undefined;
        if (!failed) continue;
        outcome = switches.hitCount > switches.hitLimit ? 'timeout' : 'killed';
        by = test;
        break;
      }
      // A mutant may leave behind what fails without it as well: the rest is for a new process.
      const dirty = by !== undefined && (await fails(by));
      if (dirty && index > 0) return note({ again: id });
      note({ id, outcome, by: by && nameOf(by) });
      if (dirty) return undefined;
    }
    return undefined;
  }
}

/** Whether the test fails, with what is run before and after each. @param {Test} test */
async function fails(test) {
  /** @type {Suite[]} */
  const suites = [];
  for (let suite = test.suite ?? test.file; suite !== undefined; suite = /** @type {any} */ (suite.suite)) {
    suites.unshift(suite);
    if (suite.suite === undefined && suite !== test.file) suites.unshift(test.file);
  }
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

/** @param {Test} test */
function nameOf(test) {
  return `${test.file.name}: ${test.name}`;
}

/** @param {object} event */
function note(event) {
  appendFileSync(plan.results, `${JSON.stringify(event)}\n`);
}
