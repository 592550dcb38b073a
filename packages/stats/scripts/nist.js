/**
 * The digits of NIST's certified values that the package reproduces, as the tables of the README: `node scripts/nist.js` prints them, and
 * `node scripts/nist.js --write` puts them into the README.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const { outputFiles } = await build({
  stdin: { contents: `export { digitsTables } from '../test/nist-digits.ts';`, resolveDir: here, loader: 'js' },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  logLevel: 'error',
});
const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
const { digitsTables } = await import(`data:text/javascript;base64,${code}`);
const fixture = new URL('../test/fixtures/nist.json', import.meta.url);
const tables = digitsTables(JSON.parse(await readFile(fixture, 'utf8')));

if (process.argv[2] === '--write') {
  const readme = new URL('../README.md', import.meta.url);
  const text = await readFile(readme, 'utf8');
  const old = /\| linear regression \|[\s\S]*?\| SmLs09 \|.*\n/;
  if (!old.test(text)) throw new Error('README.md has no such table');
  await writeFile(readme, text.replace(old, `${tables}\n`));
} else console.log(tables);
