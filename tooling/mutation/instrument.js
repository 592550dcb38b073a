/** Mutants of a package's sources, by Stryker's instrumenter: each file once, with all its mutants in it behind a switch. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/**
 * @typedef {object} Mutant
 * @property {string} id the name of its switch in the instrumented text
 * @property {string} key what stays the same when other code changes: file, kind, text and how often it came before
 * @property {string} place file, line and column
 * @property {string} change
 */

const silent = () => {};
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/**
 * @param {string} folder the package's
 * @param {string[]} files
 * @returns {Promise<{ texts: Record<string, string>, mutants: Mutant[] }>} the instrumented text of each file
 */
export async function instrument(folder, files) {
  const sources = files.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const result = await new Instrumenter(logger).instrument(sources, options);
  const lines = new Map(sources.map(({ name, content }) => [name, content.split('\n')]));
  /** @type {Map<string, number>} */
  const seen = new Map();
  const mutants = result.mutants
    .filter(({ status }) => status === undefined)
    .map(({ id, fileName, location, mutatorName, replacement }) => {
      const file = relative(folder, fileName);
      const change = `${mutatorName}: ${onOneLine(textAt(lines.get(fileName) ?? [], location))} → ${onOneLine(replacement)}`;
      const kind = `${file} ${change}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      const place = `${file}:${location.start.line + 1}:${location.start.column + 1}`;
      return { id, key: `${kind} ${seen.get(kind)}`, place, change };
    });
  return { texts: Object.fromEntries(result.files.map(({ name, content }) => [name, content])), mutants };
}

/**
 * So many of the mutants, drawn without replacement. Each is placed by a digest of its own, so that a change of other code leaves the sample as it was.
 *
 * @param {Mutant[]} mutants
 * @param {number} size
 * @param {string} seed
 */
export function sampleOf(mutants, size, seed) {
  const digest = (/** @type {Mutant} */ { key }) => createHash('sha256').update(`${seed} ${key}`).digest('hex');
  return mutants
    .map((mutant) => ({ mutant, order: digest(mutant) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, size)
    .map(({ mutant }) => mutant);
}

/** @typedef {{ line: number, column: number }} Position */

/** @param {string[]} lines @param {{ start: Position, end: Position }} location */
function textAt(lines, { start, end }) {
  const text = lines.slice(start.line, end.line + 1);
  const last = text.length - 1;
  text[last] = (text[last] ?? '').slice(0, end.column);
  text[0] = (text[0] ?? '').slice(start.column);
  return text.join('\n');
}

/** @param {string} text */
const onOneLine = (text) => text.replace(/\s+/g, ' ');
