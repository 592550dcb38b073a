/**
 * `npm run parity`: runs all tests with MARU_PARITY=1, in which every comparison of numbers is noted (`parity/record.js`), and writes `docs/parity.md`: what each public
 * name is held against, how closely, and how much of scikit-learn, torch.nn and statsmodels is here.
 *
 *   node tooling/parity.js            runs the tests, or takes from turbo's cache what has not changed
 *   node tooling/parity.js --write    only writes the page, from the notes that there are
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript-5';
import { pageText } from './parity/page.js';
import { librariesOf, path, readJson, Sources } from './parity/sources.js';
import { filesUnder, packages, root } from './workspace.js';

/** @typedef {import('./parity/page.js').Row} Row */
/** @typedef {import('./parity/page.js').Coverage} Coverage */
/** @typedef {import('./parity/record.js').Recording} Recording */
/** @typedef {import('./parity/sources.js').Export} Export */

const aliases = readJson('tooling/parity/aliases.json');

/** Which names of the package an assertion holds, and with which fixtures; null if it reads none.
 *
 * @param {Sources} sources
 * @param {string} short the package
 * @param {readonly ts.Node[]} actual the expressions that are checked
 * @param {readonly (readonly ts.Node[])[]} expected what they are checked with, and the arguments of the helpers that do so, from the inside out
 * @param {ts.Node} outermost
 * @param {string} title the test's whole name
 * @param {string} label what the comparison is called
 */
export function attribute(sources, short, actual, expected, outermost, title, label) {
  const own = title.split(' > ').at(-1) ?? '';
  const labels = [own, own.split(' ')[0] ?? '', label, label.split(',')[0] ?? ''].filter((text) => text !== '');
  const fixtures = expected.map((nodes) => sources.reach(nodes, [...labels, ...title.split(' > ')]).fixtures).find((found) => found.size > 0); // biome-ignore format: one line
  if (fixtures === undefined) return null;
  for (const nodes of [actual, ...expected.slice(1), [testAround(outermost)]]) {
    const reached = [...sources.reach(nodes, labels).names].filter(([entry]) => entry.package === short);
    for (const text of [`${own} ${label}`, title]) {
      const words = text.split(/\W+/);
      const mentioned = reached.filter(([entry]) => words.includes(entry.name));
      if (mentioned.length > 0) return { fixtures, names: mentioned.map(([entry]) => entry) };
    }
    const least = Math.min(...reached.map(([, depth]) => depth));
    if (reached.length > 0) return { fixtures, names: reached.filter(([, depth]) => depth === least).map(([entry]) => entry) }; // biome-ignore format: one line
  }
  // Tests that look functions up by the names in the fixture itself.
  const named = namesIn([...fixtures].map(readJson));
  return { fixtures, names: sources.exports.filter((entry) => entry.package === short && named.has(entry.name)) };
}

/** The call of `it` or `test` around an expression, or else its whole statement. @param {ts.Node} node @returns {ts.Node} */
function testAround(node) {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isCallExpression(at) && /^(it|test)\b/.test(at.expression.getText())) return at;
    if (ts.isSourceFile(at.parent)) return at;
  }
  return node;
}

/** The strings that stand first in rows or under a `name`. @param {unknown} value @returns {Set<string>} */
function namesIn(value, /** @type {Set<string>} */ found = new Set()) {
  if (Array.isArray(value)) {
    if (typeof value[0] === 'string') found.add(value[0]);
    for (const part of value) if (typeof part === 'object') namesIn(part, found);
  } else if (value !== null && typeof value === 'object') {
    if ('name' in value && typeof value.name === 'string') found.add(value.name);
    for (const part of Object.values(value)) if (typeof part === 'object') namesIn(part, found);
  }
  return found;
}

/** A row for each public class and function, not yet held against anything. @param {Sources} sources @returns {Map<Export, Row>} */
function emptyRows(sources) {
  const names = new Set(sources.exports.map((entry) => `${entry.package} ${entry.name}`));
  const models = (/** @type {Export} */ { package: short, name }) => name.endsWith('Model') && names.has(`${short} ${name.slice(0, -5)}`); // biome-ignore format: one line
  return new Map(
    sources.exports
      .filter((entry) => entry.kind !== 'value' && !models(entry))
      .map((entry) => [
        entry,
        { ...entry, libraries: [], calls: 0, values: 0, rtol: [Number.POSITIVE_INFINITY, 0], atol: 0, relative: -1, absolute: -1, failed: 0, others: 0, tests: [] }, // biome-ignore format: one line
      ]),
  );
}

/** Rows of what the tests hold. @returns {Row[]} */
export function readRows(/** @type {Sources} */ sources) {
  const rows = emptyRows(sources);
  /** @type {Map<string, string[]>} */
  const libraries = new Map();
  for (const file of packages()
    .flatMap(({ folder }) => filesUnder(join(folder, 'test'), ['.json']))
    .map(path)) {
    if (file.includes('/fixtures/')) libraries.set(file, librariesOf(readJson(file), aliases.libraries));
  }

  /** @param {ReturnType<typeof attribute>} found @param {string} test @param {(row: Row) => void} count */
  function add(found, test, count) {
    for (const entry of found?.names ?? []) {
      // What a model of an estimator does counts with the estimator.
      const row = rows.get(entry) ?? rows.get(/** @type {Export} */ (sources.exports.find((other) => other.package === entry.package && `${other.name}Model` === entry.name))); // biome-ignore format: one line
      if (row === undefined) continue;
      count(row);
      if (!row.tests.includes(test)) row.tests.push(test);
      const all = [...row.libraries, ...[...(found?.fixtures ?? [])].flatMap((file) => libraries.get(file) ?? [])];
      row.libraries = [...new Set(all)].sort();
    }
  }

  for (const { short, folder } of packages()) {
    for (const file of filesUnder(join(folder, '.test/parity'), ['.json'])) {
      for (const recording of /** @type {Recording[]} */ (JSON.parse(readFileSync(file, 'utf8')))) {
        const calls = recording.frames.flatMap(([test, line, column]) => sources.callAt(`packages/${short}/${test}`, line, column) ?? []); // biome-ignore format: one line
        const [inner] = calls;
        const outer = recording.frames.at(-1);
        if (inner === undefined || outer === undefined) continue;
        const all = calls.map((call) => [...(call.arguments ?? [])]);
        const label = recording.name === 'expectClose' ? '' : recording.name;
        const expected = [all[0]?.slice(1) ?? [], ...all.slice(1)];
        const found = attribute(sources, short, all[0]?.slice(0, 1) ?? [], expected, calls.at(-1) ?? inner, recording.test, label); // biome-ignore format: one line
        add(found, `packages/${short}/${outer[0]}`, (row) => {
          row.calls += recording.calls;
          row.values += recording.values;
          row.failed += recording.failed;
          row.rtol = [Math.min(row.rtol[0], recording.rtol), Math.max(row.rtol[1], recording.rtol)];
          row.atol = Math.max(row.atol, recording.atol);
          row.relative = Math.max(row.relative, recording.relative);
          row.absolute = Math.max(row.absolute, recording.absolute);
        });
      }
    }
  }
  for (const [file, source] of sources.tests) {
    if (!/\.test\.[jt]s$/.test(file)) continue;
    for (const { actual, expected, title } of otherAssertions(source)) {
      const short = file.split('/')[1] ?? '';
      const found = attribute(sources, short, actual, [[...expected, ...actual]], actual[0] ?? source, title, '');
      add(found, file, (row) => row.others++);
    }
  }
  for (const row of rows.values()) if (row.tests.length === 0) row.tests = testsNaming(sources, row);
  return [...rows.values()];
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
        found.push({ actual: inner.arguments.slice(0, 1), expected: [...node.arguments], title });
      }
    }
    ts.forEachChild(node, (child) => visit(child, title));
  };
  visit(source, '');
  return found;
}

/** Test files of the package that name an export. @param {Sources} sources @param {Row} row */
function testsNaming(sources, row) {
  const word = new RegExp(`\\b${row.name}\\b`);
  return [...sources.tests]
    .filter(([file, source]) => /\.test\.[jt]s$/.test(file) && file.startsWith(`packages/${row.package}/`) && word.test(source.text)) // biome-ignore format: one line
    .map(([file]) => file);
}

/** What is here of the libraries in names.json: by its alias, the same name, or the same name in another case. @param {Row[]} rows @returns {Coverage[]} */
export function readCoverage(rows) {
  return readJson('tooling/parity/names.json').map((/** @type {any} */ { kinds, names, ...list }) => ({
    ...list,
    names: names.map((/** @type {string} */ name) => {
      const wanted = aliases.names[list.library][name] ?? name;
      const same = rows.filter((row) => row.name.toLowerCase() === wanted.toLowerCase() && (kinds.includes(row.kind) || row.name === wanted)); // biome-ignore format: one line
      return { name, ours: same.find((row) => row.name === wanted) ?? same[0] };
    }),
  }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--write')) {
    const env = { ...process.env, MARU_PARITY: '1' };
    const { status } = spawnSync(process.execPath, [join(root, 'tooling/test.js')], {
      cwd: root,
      stdio: 'inherit',
      env,
    });
    process.exitCode = status ?? 1;
  }
  const results = packages().flatMap(({ short }) => readJson(`packages/${short}/.test/results.json`) ?? []);
  const total = (/** @type {'passed' | 'failed'} */ field) => results.reduce((sum, result) => sum + result[field], 0);
  const rows = readRows(new Sources());
  mkdirSync(join(root, 'docs'), { recursive: true });
  const run = `${total('passed')} tests passed and ${total('failed')} failed in ${results.length} of ${packages().length} packages, on Node ${process.versions.node.split('.')[0]}`; // biome-ignore format: one line
  writeFileSync(join(root, 'docs/parity.md'), pageText(rows, readCoverage(rows), run));
  console.log('docs/parity.md is written');
}
