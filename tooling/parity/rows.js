/** Rows of the page: what the tests hold each public name against, from what `record.js` noted and from the assertions that it cannot note. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-5';
import { filesUnder, packages } from '../workspace.js';
import { attribute } from './attribute.js';
import { librariesOf, path } from './sources.js';

/** @typedef {import('./page.js').Row} Row */
/** @typedef {import('./record.js').Recording} Recording */
/** @typedef {import('./sources.js').Export} Export */
/** @typedef {import('./sources.js').Sources} Sources */
/** @typedef {ReturnType<typeof attribute>} Found */

const isTest = (/** @type {string} */ file) => /\.test\.[jt]s$/.test(file);

/**
 * A row for each public class and function of these packages.
 *
 * @param {Sources} sources of the packages
 * @param {Record<string, string>} spellings other spellings of libraries
 * @returns {Row[]}
 */
export function readRows(sources, spellings, list = packages()) {
  const rows = emptyRows(sources);
  const libraries = new Map([...sources.fixtures].map(([file, fixture]) => [file, librariesOf(fixture, spellings)]));
  for (const { short, folder } of list) {
    for (const recording of recordingsOf(folder)) {
      const { found, test } = whatIsRecorded(sources, short, path(folder), recording);
      for (const row of rowsOf(found, test)) addRecording(row, recording);
    }
  }
  for (const [file, { package: short, source }] of sources.tests) {
    if (!isTest(file)) continue;
    for (const { actual, expected, title } of otherAssertions(source)) {
      const found = attribute(sources, short, actual, [expected], actual[0] ?? source, title, '');
      const known = new Set(found?.names.filter((entry) => rows.get(entry)?.tests.includes(file)));
      for (const row of rowsOf(found, file)) {
        // A test of all rows of a fixture counts once, however much it asserts of them.
        const count = found?.counts?.get(row.entry);
        if (count === undefined) row.others++;
        else if (!known.has(row.entry)) row.others += count;
      }
    }
  }
  for (const row of rows.values()) if (row.tests.length === 0) row.tests = testsNaming(sources, row);
  return [...rows.values()];

  /** The rows that an assertion counts for, told where it stands. @param {Found} found @param {string} test */
  function rowsOf(found, test) {
    if (found === null) return [];
    // What a model of an estimator does counts with the estimator, and a result with what gives it.
    const owners = found.names.flatMap((entry) => {
      const row = rows.get(entry) ?? [...rows.values()].find((row) => row.package === entry.package && `${row.name}Model` === entry.name); // biome-ignore format: one line
      return (
        row ?? [...rows.values()].filter((row) => row.package === entry.package && row.entry.gives.has(entry.name))
      );
    });
    const counted = [...new Set(owners)];
    for (const row of counted) {
      if (!row.tests.includes(test)) row.tests.push(test);
      row.libraries = [
        ...new Set([...row.libraries, ...[...found.fixtures].flatMap((file) => libraries.get(file) ?? [])]),
      ].sort();
    }
    return counted;
  }
}

/** A row for each public class and function, not yet held against anything; for none that others give and only the package constructs. @param {Sources} sources @returns {Map<Export, Row>} */
function emptyRows(sources) {
  const names = new Set(sources.exports.map((entry) => `${entry.package} ${entry.name}`));
  const models = (/** @type {Export} */ { package: short, name }) => name.endsWith('Model') && names.has(`${short} ${name.slice(0, -5)}`); // biome-ignore format: one line
  const isResult = (/** @type {Export} */ entry) =>
    entry.internal && sources.exports.some((other) => other.package === entry.package && other !== entry && other.gives.has(entry.name)); // biome-ignore format: one line
  return new Map(
    sources.exports
      .filter((entry) => entry.kind !== 'value' && !models(entry) && !isResult(entry))
      .map((entry) => [
        entry,
        { ...entry, entry, libraries: [], calls: 0, values: 0, failed: 0, bounds: new Map(), others: 0, tests: [] }, // biome-ignore format: one line
      ]),
  );
}

/** @param {string} folder of a package @returns {Recording[]} */
function recordingsOf(folder) {
  return filesUnder(join(folder, '.test/parity'), ['.json']).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')));
}

/** @param {Sources} sources @param {string} short @param {string} folder @param {Recording} recording @returns {{ found: Found, test: string }} */
function whatIsRecorded(sources, short, folder, { frames, name, test: title }) {
  const calls = frames.flatMap(([file, line, column]) => sources.callAt(`${folder}/${file}`, line, column) ?? []);
  const [inner, ...outer] = calls.map((call) => [...(call.arguments ?? [])]);
  const outermost = calls.at(-1);
  const test = `${folder}/${frames.at(-1)?.[0]}`;
  if (inner === undefined || outermost === undefined) return { found: null, test };
  const label = name === 'expectClose' ? '' : name;
  return {
    found: attribute(sources, short, inner.slice(0, 1), [inner.slice(1), ...outer], outermost, title, label),
    test,
  };
}

/** @param {Row} row @param {Recording} recording */
function addRecording(row, { calls, values, failed, rtol, atol, relative, absolute }) {
  row.calls += calls;
  row.values += values;
  row.failed += failed;
  const bound = row.bounds.get(rtol) ?? { atol: 0, relative: -1, absolute: -1 };
  row.bounds.set(rtol, {
    atol: Math.max(atol, bound.atol),
    relative: Math.max(relative, bound.relative),
    absolute: Math.max(absolute, bound.absolute),
  });
}

/** Assertions of a test file by vitest's own `expect`. @param {ts.SourceFile} source */
function otherAssertions(source) {
  /** @type {{ actual: ts.Node[], expected: ts.Node[], title: string }[]} */
  const found = [];
  const visit = (/** @type {ts.Node} */ node, /** @type {string} */ title) => {
    if (ts.isCallExpression(node)) {
      const text = node.arguments[0];
      if (text !== undefined && ts.isStringLiteralLike(text) && /^(it|test|describe)\b/.test(node.expression.getText())) title = `${title}${title === '' ? '' : ' > '}${text.text}`; // biome-ignore format: one line
      let inner = node.expression;
      while (ts.isPropertyAccessExpression(inner)) inner = inner.expression;
      if (inner !== node.expression && ts.isCallExpression(inner) && inner.expression.getText() === 'expect') {
        const actual = inner.arguments.slice(0, 1);
        // An error that is held below a bound has the fixture in itself; elsewhere it may only be what goes in.
        const bounded =
          ts.isPropertyAccessExpression(node.expression) && /^toBeLessThan/.test(node.expression.name.text);
        found.push({ actual, expected: [...node.arguments, ...(bounded ? actual : [])], title });
      }
    }
    ts.forEachChild(node, (child) => visit(child, title));
  };
  visit(source, '');
  return found;
}

/** Test files of the package that name an export. @param {Sources} sources @param {Row} row */
function testsNaming({ tests }, row) {
  const word = new RegExp(`\\b${row.name}\\b`);
  const files = [...tests].filter(
    ([file, test]) => isTest(file) && test.package === row.package && word.test(test.source.text),
  );
  return files.map(([file]) => file);
}
