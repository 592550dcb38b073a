/**
 * What one run of the tests has to do. The command writes it, the settings of vitest and its runner read it.
 *
 * @typedef {object} Plan
 * @property {'cover' | 'mutate' | 'load'} phase note which tests reach which mutants; try mutants, one after the other, in one process; or run all tests with one mutant that is there from the first line on
 * @property {string[]} tests test files, from the package's folder
 * @property {Record<string, string>} texts where the instrumented text of each source file is
 * @property {string} results where the runner writes, a line of JSON for each event
 * @property {string[]} unsteady tests that are not run
 * @property {PlannedMutant[]} mutants
 *
 * @typedef {object} PlannedMutant
 * @property {string} id
 * @property {number} limit milliseconds
 * @property {{ id: string, hits: number }[]} tests those that reach it, fastest first, with how often each does
 *
 * @typedef {object} Covered what the phase `cover` writes
 * @property {Record<string, { name: string, milliseconds: number, passed: boolean, hits: Record<string, number> }>} tests
 * @property {string[]} loaded mutants that are reached outside a test: while modules load, or in the body of a `describe`
 *
 * @typedef {{ begin: string } | { id: string, outcome: Outcome, by?: string } | { again: string } | { unsteady: string[] }} Event
 * @typedef {'killed' | 'timeout' | 'survived' | 'no coverage'} Outcome
 */
import { readFileSync } from 'node:fs';

/** @returns {Plan} */
export function readPlan() {
  return JSON.parse(readFileSync(process.env.MARU_MUTATION_PLAN ?? '', 'utf8'));
}

/**
 * Instrumented text without the counting, and with the switches of these mutants alone, so that it runs as fast as the source.
 *
 * @param {string} text
 * @param {Set<string>} mutants
 */
export function withSwitches(text, mutants) {
  return text
    .replace(/stryMutAct_9fa48\("(\d+)"\)/g, (call, id) => (mutants.has(id) ? call : 'false'))
    .replace(/stryCov_9fa48\("[^)]*\)/g, '0');
}
