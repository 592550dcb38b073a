/** Which public names an assertion of a test holds, and against which fixtures: from its expressions, its title and its label. */
import ts from 'typescript-5';

/** @typedef {import('./sources.js').Export} Export */
/** @typedef {import('./sources.js').Sources} Sources */

/** Which names of the package an assertion holds, and with which fixtures; null if it reads none.
 *
 * @param {Sources} sources
 * @param {string} short the package
 * @param {readonly ts.Node[]} actual the expressions that are checked
 * @param {readonly (readonly ts.Node[])[]} expected what they are checked with, and the arguments of the helpers that do so, from the inside out
 * @param {ts.Node} outermost
 * @param {string} title the test's whole name
 * @param {string} label what the comparison is called
 * @returns {{ fixtures: Set<string>, names: Export[], counts?: Map<Export, number> } | null} with `counts`, how many rows of the fixtures name each
 */
export function attribute(sources, short, actual, expected, outermost, title, label) {
  const parts = title.split(' > ');
  const own = parts.at(-1) ?? '';
  // What a table may be looked up by: the titles, what stands behind a colon in them, their first words, and the label.
  const texts = [
    ...parts.flatMap((part) => [part, part.split(': ').at(-1) ?? '']),
    own.split(' ')[0],
    label,
    label.split(',')[0],
  ];
  const labels = texts.filter((text) => text !== undefined).filter(String);
  const fixtures = expected.map((nodes) => sources.reach(nodes, labels).fixtures).find((found) => found.size > 0);
  if (fixtures === undefined) return null;
  /** @type {Export[]} */
  const exports = sources.exports.filter((entry) => entry.package === short);
  let all = false;
  for (const nodes of [actual, ...expected.slice(1), [testAround(outermost)]]) {
    const reached = sources.reach(nodes, labels);
    const names = [...reached.names].filter(([entry]) => entry.package === short);
    all ||= reached.all;
    for (const text of [`${own} ${label}`, title]) {
      const mentioned = names.map(([entry]) => entry).filter(({ name }) => mentions(text, name));
      if (mentioned.length > 0) return { fixtures, names: mentioned };
      // A function that is looked up in the whole package is the first that is mentioned.
      const words = all ? text.split(/\W+/) : [];
      const first = words.flatMap((word) => exports.find(({ name }) => name === word) ?? [])[0];
      if (first !== undefined) return { fixtures, names: [first] };
    }
    const least = Math.min(...names.map(([, depth]) => depth));
    if (names.length > 0 && !all)
      return { fixtures, names: names.filter(([, depth]) => depth === least).map(([entry]) => entry) };
  }
  if (!all) return { fixtures, names: [] };
  // The functions are looked up by names that stand in the fixture.
  const found = namesIn([...fixtures].map((file) => sources.fixtures.get(file)));
  const counts = new Map(exports.map((entry) => [entry, found.get(entry.name) ?? 0]));
  return { fixtures, names: exports.filter((entry) => counts.get(entry) ?? 0), counts };
}

/** Whether a text has a name as a word, or a long one in another spelling: 'cross-entropy'. @param {string} text @param {string} name */
export function mentions(text, name) {
  if (text.split(/\W+/).includes(name)) return true;
  const parts = name.split(/(?=[A-Z])/);
  return name.length >= 8 && new RegExp(`\\b${parts.join('[- ]?')}\\b`, 'i').test(text);
}

/** The call of `it` or `test` around an expression, or else its whole statement. @param {ts.Node} node @returns {ts.Node} */
function testAround(node) {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isCallExpression(at) && /^(it|test)\b/.test(at.expression.getText())) return at;
    if (ts.isSourceFile(at.parent)) return at;
  }
  return node;
}

/** How often a string stands first in a row or under a `name`. @param {unknown} value @returns {Map<string, number>} */
function namesIn(value, /** @type {Map<string, number>} */ found = new Map()) {
  if (typeof value !== 'object' || value === null) return found;
  const name = Array.isArray(value) ? value[0] : /** @type {any} */ (value).name;
  if (typeof name === 'string') found.set(name, (found.get(name) ?? 0) + 1);
  for (const part of Object.values(value)) namesIn(part, found);
  return found;
}
