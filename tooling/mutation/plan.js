/**
 * What one run of the tests has to do. The command writes it, the settings of vitest and its runner read it.
 *
 * @typedef {object} Plan
 * @property {'cover' | 'mutate' | 'load'} phase note which tests reach which mutants; try mutants by the tests that reach them; or by test files that reach them before their first test
 * @property {string} folder the package's
 * @property {string[]} tests test files, from the package's folder
 * @property {Record<string, string>} texts where the instrumented text of each source file is
 * @property {number} count how many mutants there are
 * @property {string} results where the runner writes, a line of JSON for each event
 * @property {string[]} unsteady tests, or test files, that are not run
 * @property {boolean} repeated whether it is known which of them fail when they are repeated
 * @property {PlannedMutant[]} mutants
 *
 * @typedef {object} PlannedMutant
 * @property {string} id
 * @property {{ id: string, hits: number, limit: number }[]} tests those that reach it, fastest first, with how often each does, and how many
 *   milliseconds it may take
 * @property {string[]} files test files that reach it while they and the package load
 *
 * @typedef {object} Covered what the phase `cover` writes
 * @property {Record<string, { name: string, milliseconds: number, passed: boolean, hits: Record<string, number> }>} tests
 * @property {Record<string, string[]>} loaded the test files that reach a mutant before a test: while modules load, or in the body of a `describe`
 *
 * @typedef {{ begin: string, limit: number } | { end: string, limit: number } | { id: string, outcome: Outcome, by?: string } | { again: string } | { unsteady: string[] }} Event
 * @typedef {'killed' | 'timeout' | 'survived' | 'no coverage'} Outcome
 */
import { readFileSync } from 'node:fs';

/** @returns {Plan} */
export function readPlan() {
  return JSON.parse(readFileSync(process.env.MARU_MUTATION_PLAN ?? '', 'utf8'));
}

/**
 * Instrumented text with the switches of these mutants alone and, where a run counts which mutants are reached, with an element of an array for each
 * in place of Stryker's counting, so that it runs about as fast as the source.
 *
 * @param {string} text
 * @param {Set<string>} mutants
 * @param {boolean} counts
 */
export function withSwitches(text, mutants, counts) {
  const counter = (/** @type {string} */ _, /** @type {string} */ ids) =>
    counts ? `(${ids.replace(/"(\d+)"/g, `globalThis.${HITS}[$1]++`)})` : '0';
  return text
    .replace(/stryMutAct_9fa48\("(\d+)"\)/g, (call, id) => (mutants.has(id) ? call : 'false'))
    .replace(/stryCov_9fa48\(("[^)]*)\)/g, counter);
}

/** The global array in which a run counts. */
export const HITS = '__mutantHits__';
