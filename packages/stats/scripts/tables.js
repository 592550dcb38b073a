/**
 * The tables of the README that come from the tests: the digits of NIST's certified values that the package reproduces, and what estimators answer
 * to unusual input. `node scripts/tables.js` prints them, and `node scripts/tables.js --write` puts them into the README.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const { outputFiles } = await build({
  stdin: {
    contents: `export { digitsTables } from '../test/nist-digits.ts'; export { answersTable } from '../test/answers.ts';`,
    resolveDir: here,
    loader: 'js',
  },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  logLevel: 'error',
});
const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
const { digitsTables, answersTable } = await import(`data:text/javascript;base64,${code}`);
const fixture = new URL('../test/fixtures/nist.json', import.meta.url);
/** Each table with what finds its old form. @type {[string, RegExp][]} */
const tables = [
  [digitsTables(JSON.parse(await readFile(fixture, 'utf8'))), /\| linear regression \|[\s\S]*?\| NumAcc4 \|.*\n/],
  [answersTable(), /\| input \| estimator \| answer \|\n(\|.*\n)*/],
];

if (process.argv[2] === '--write') {
  const readme = new URL('../README.md', import.meta.url);
  let text = await readFile(readme, 'utf8');
  for (const [table, old] of tables) {
    if (!old.test(text)) throw new Error(`README.md has no table like ${old}`);
    text = text.replace(old, () => `${table}\n`);
  }
  await writeFile(readme, text);
} else console.log(tables.map(([table]) => table).join('\n\n'));
