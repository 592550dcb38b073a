import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What one package's tests came to; the counter in `test.js` adds these up.
 *
 * @typedef {object} Results
 * @property {number} passed
 * @property {number} failed tests that failed, and files and promises that failed outside a test
 * @property {number} needNode tests that carry the tag `node`; in Node they count as passed, failed or skipped too
 * @property {number} needWasm tests with the tag `wasm` that were left out
 * @property {{ name: string, reason: string }[]} skipped
 * @property {string[]} problems what failed and the first line of why, one entry for each of `failed`
 */

/** A reporter for vitest that writes what a package's tests came to into its `.test/results.json`. */
export class CountingReporter {
  /** @type {import('vitest/node').Vitest | undefined} */
  #vitest;

  /** @param {import('vitest/node').Vitest} vitest */
  onInit(vitest) {
    this.#vitest = vitest;
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Results} */
    const results = { passed: 0, failed: 0, needNode: 0, needWasm: 0, skipped: [], problems: [] };
    const fail = (/** @type {string} */ name, /** @type {readonly unknown[]} */ errors) => {
      results.failed++;
      const { message } = /** @type {{ message?: unknown }} */ (errors[0] ?? {});
      results.problems.push(`${name}: ${String(message ?? errors[0]).split('\n')[0]}`);
    };
    for (const error of unhandledErrors) fail('outside a test', [error]);
    for (const module of modules) {
      for (const error of module.errors()) fail(module.relativeModuleId, [error]);
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) fail(`${module.relativeModuleId} > ${suite.fullName}`, [error]);
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        const { tags } = test;
        if (tags.includes('node')) results.needNode++;
        if (result.state === 'skipped' && result.note === undefined && tags.length > 0) {
          // Left out by the filter of tags.
          if (!tags.includes('node')) results.needWasm++;
          continue;
        }
        if (result.state === 'passed') results.passed++;
        else if (result.state === 'skipped') results.skipped.push({ name: test.fullName, reason: result.note ?? '' });
        else fail(`${module.relativeModuleId} > ${test.fullName}`, result.errors ?? []);
      }
    }
    const folder = join(this.#vitest?.config.root ?? '.', '.test');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  }
}
