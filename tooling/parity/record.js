/**
 * A set-up file of vitest, used when MARU_PARITY=1: notes what every `expectClose` of a test file compared, how far the numbers were apart, and from which lines it
 * was called, in `.test/parity/<test file>.json` of the package. `npm run parity` reads these.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect } from 'vitest';

/** @typedef {import('../testing/close.js').Comparison} Comparison */

/**
 * What the calls of one place in one test with one name came to.
 *
 * @typedef {object} Recording
 * @property {string} test the test's whole name
 * @property {string} name what the comparison was called
 * @property {[file: string, line: number, column: number][]} frames places of the calls, the innermost first
 * @property {number} calls
 * @property {number} values numbers compared
 * @property {number} rtol the largest
 * @property {number} atol the largest; above 1, divided by the largest number of its comparison
 * @property {number} relative the largest relative difference, of numbers that the relative tolerance governs; -1 without any
 * @property {number} absolute the largest difference of those that the absolute tolerance governs, divided likewise; -1 without any
 * @property {number} failed calls that failed
 */

/** @type {Map<string, Recording>} */
const recordings = new Map();
const packageFolder = process.cwd();

/** @type {any} */ (globalThis).maruCompared = (/** @type {Comparison} */ comparison) => {
  const { currentTestName: test = '' } = expect.getState();
  const key = [places(), test, comparison.name].join('\n');
  let recording = recordings.get(key);
  if (recording === undefined) {
    recording = { test, name: comparison.name, frames: frames(), calls: 0, values: 0, rtol: 0, atol: 0, relative: -1, absolute: -1, failed: 0 }; // biome-ignore format: one line
    recordings.set(key, recording);
  }
  recording.calls++;
  recording.values += comparison.values;
  if (comparison.failed) recording.failed++;
  // An absolute tolerance above 1 goes with the size of what is compared.
  const scale = comparison.atol > 1 ? Math.max(1, comparison.scale) : 1;
  recording.rtol = Math.max(recording.rtol, comparison.rtol);
  recording.atol = Math.max(recording.atol, comparison.atol / scale);
  recording.relative = Math.max(recording.relative, comparison.relative);
  if (comparison.absolute >= 0) recording.absolute = Math.max(recording.absolute, comparison.absolute / scale);
};

afterAll(() => {
  const { testPath } = expect.getState();
  if (recordings.size === 0 || testPath === undefined) return;
  const folder = join(packageFolder, '.test/parity');
  mkdirSync(folder, { recursive: true });
  const file = relative(packageFolder, testPath).replaceAll(/[\\/]/g, '-');
  writeFileSync(join(folder, `${file}.json`), `${JSON.stringify([...recordings.values()], null, 1)}\n`);
});

/** Where the running code stands, before source maps: cheap, and enough to tell places apart. */
function places() {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, sites) => sites.map((site) => `${site.getFileName()}:${site.getPosition()}`).join();
  const text = new Error().stack;
  Error.prepareStackTrace = prepareStackTrace;
  return text;
}

/** The places in the package's tests from which this was called. @returns {Recording['frames']} */
function frames() {
  const lines = new Error().stack?.split('\n') ?? [];
  return lines.flatMap((line) => {
    const [, path = '', row, column] = line.match(/(?:\(|at )(?:file:\/\/)?(\/.*|[A-Z]:.*):(\d+):(\d+)\)?$/) ?? [];
    const file = relative(packageFolder, path);
    return file.startsWith('test') ? [[file, Number(row), Number(column)]] : [];
  });
}
