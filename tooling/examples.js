/**
 * What an example is: a ```ts block of a README, or of a docstring after `@example`. What a `console.log` prints stands behind it
 * as a comment, or in comment lines right below; a line that ends in … gives only the beginning. A README's block without
 * imports continues the one before.
 */

/**
 * @typedef {object} Example
 * @property {string} where file and line, such as 'packages/nn/README.md:12'
 * @property {string} code
 * @property {{ where: string, text: string }[]} expected the lines that it prints
 * @property {string[]} problems what is wrong with its form
 */

/** The examples of a README. @param {string} file its name for messages @param {string} text @returns {Example[]} */
export function examplesOfReadme(file, text) {
  /** @type {Example[]} */
  const examples = [];
  for (const example of blocksOf(file, text, 1)) {
    const previous = examples.at(-1);
    if (previous === undefined || /^import /m.test(example.code)) {
      examples.push(example);
      continue;
    }
    previous.code += `\n${example.code}`;
    previous.expected.push(...example.expected);
    previous.problems.push(...example.problems);
  }
  return examples;
}

/** The examples in a source's docstrings. @param {string} file @param {string} text @returns {Example[]} */
export function examplesOfSource(file, text) {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const start = comment[0].indexOf('@example');
    if (start < 0) return [];
    const line = text.slice(0, comment.index + start).split('\n').length;
    return blocksOf(file, comment[0].slice(start).replaceAll(/^ *\* ?/gm, ''), line);
  });
}

/** The packages that a README tells to install. @param {string} text @returns {string[]} */
export function installedBy(text) {
  const words = [...text.matchAll(/^npm (?:i|install) (.*)$/gm)].flatMap((line) => (line[1] ?? '').split(/\s+/));
  // A name may say its version: vega-lite@~6.4.3.
  const names = words.map((word) => word.replace(/(?<=.)@.*$/, ''));
  return [...new Set(names.filter((name) => name !== '' && !name.startsWith('-')))];
}

/** @param {string} file @param {string} text @param {number} firstLine @returns {Example[]} */
function blocksOf(file, text, firstLine) {
  return [...text.matchAll(/^```ts\r?\n([\s\S]*?)^```/gm)].map((block) => {
    const code = (block[1] ?? '').replaceAll('\r\n', '\n');
    const line = firstLine + text.slice(0, block.index).split('\n').length;
    return { where: `${file}:${line}`, code, ...expectedOutput(code, (index) => `${file}:${line + index}`) };
  });
}

/** @param {string} code @param {(line: number) => string} where */
function expectedOutput(code, where) {
  const lines = code.split('\n');
  const expected = [];
  const problems = [];
  for (let i = 0; i < lines.length; i++) {
    const start = /^[^'"`/]*\bconsole\.log\(/.exec(lines[i] ?? '');
    if (start === null) continue;
    const first = i;
    let rest = (lines[i] ?? '').slice(start[0].length);
    let end = closing(rest);
    while (end < 0 && i + 1 < lines.length) {
      rest += `\n${lines[++i]}`;
      end = closing(rest);
    }
    const trailing = /^[;)}\s]*\/\/ ?(.*)$/.exec(rest.slice(end + 1));
    const before = expected.length;
    if (trailing !== null) expected.push({ where: where(i), text: (trailing[1] ?? '').trim() });
    else {
      while (/^\s*\/\//.test(lines[i + 1] ?? '')) {
        i++;
        expected.push({ where: where(i), text: (lines[i] ?? '').replace(/^\s*\/\/ ?/, '').trimEnd() });
      }
    }
    if (expected.length === before) problems.push(`${where(first)}: say in a comment what this console.log prints`);
  }
  return { expected, problems };
}

/** Where the bracket closes that was open before `text`, strings left out; -1 if it does not. @param {string} text */
function closing(text) {
  let depth = 1;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (quote !== '') {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === "'" || c === '"' || c === '`') quote = c;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c) && --depth === 0) return i;
  }
  return -1;
}
