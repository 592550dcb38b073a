/**
 * The table of packages in the README, made from what is built.
 *
 *   node tooling/table.js            writes it
 *   node tooling/table.js --check    says whether it is up to date; sizes may be off by a tenth or half a KB
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleSize } from './bundle-size.js';
import { readLayers } from './layers.js';
import { packages, root } from './workspace.js';

const start = '<!-- packages: written by `npm run fix` -->';
const end = '<!-- /packages -->';

/** @typedef {{ short: string, name: string, version: string, description: string, gzip: number }} Row */

/** The rows of the table, lower layers first. @returns {Promise<Row[]>} */
export async function measureRows() {
  const layers = readLayers(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  const order = [...layers.keys()];
  const sorted = packages().sort((a, b) => order.indexOf(a.short) - order.indexOf(b.short));
  return Promise.all(
    sorted.map(async ({ short, manifest: { name, version, description } }) => {
      const { gzip } = await bundleSize(`export * from '${name}';`);
      return { short, name, version, description, gzip };
    }),
  );
}

/** @param {Row[]} rows */
export function tableText(rows) {
  const lines = rows.map(({ short, name, version, description, gzip }) => {
    // Before its first release a package has no version that anyone could install.
    const released = version === '0.0.0' ? 'not yet' : version;
    return `| [\`${name}\`](packages/${short}) | ${description} | ${(gzip / 1000).toFixed(1)} KB | ${released} |`;
  });
  return ['| package | what it is | all of it, gzip | version |', '| --- | --- | ---: | --- |', ...lines].join('\n');
}

/** Whether two tables say the same, sizes within a tenth or half a KB. @param {string} a @param {string} b */
export function sameTable(a, b) {
  const size = / ([\d.]+) KB /g;
  if (a.replaceAll(size, ' ') !== b.replaceAll(size, ' ')) return false;
  const [left, right] = [a, b].map((text) => [...text.matchAll(size)].map((match) => Number(match[1])));
  return left?.every((x, i) => Math.abs(x - (right?.[i] ?? 0)) <= Math.max(0.5, x / 10)) ?? false;
}

/** What stands between the markers. @param {string} readme */
export function tableIn(readme) {
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md: the lines '${start}' and '${end}' are missing`);
  return {
    before: readme.slice(0, from + start.length),
    table: readme.slice(from + start.length, to).trim(),
    after: readme.slice(to),
  };
}

/** @param {boolean} check @returns {Promise<string[]>} problems */
export async function updateTable(check) {
  const file = join(root, 'README.md');
  const { before, table, after } = tableIn(readFileSync(file, 'utf8'));
  const text = tableText(await measureRows());
  if (!check) writeFileSync(file, `${before}\n${text}\n${after}`);
  return !check || sameTable(table, text) ? [] : ['README.md: the table of packages is out of date; npm run fix'];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = await updateTable(process.argv.includes('--check'));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
