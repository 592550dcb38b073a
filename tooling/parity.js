/**
 * `npm run parity`: runs all tests with MARU_PARITY=1, in which every comparison of numbers is noted (`parity/record.js`), and writes `docs/parity.md`: what each public
 * name is held against, how closely, and how much of scikit-learn, torch.nn and statsmodels is here.
 *
 *   npm run parity                 runs the tests, or takes from turbo's cache what has not changed
 *   npm run parity -- --write      only writes the page, from the notes that there are
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageText } from './parity/page.js';
import { readRows } from './parity/rows.js';
import { readJson, Sources } from './parity/sources.js';
import { packages, root } from './workspace.js';

/** @typedef {import('./parity/page.js').Row} Row */
/** @typedef {import('./parity/page.js').Coverage} Coverage */

const aliases = readJson('tooling/parity/aliases.json');

/** What is here of the libraries in names.json: by its alias, the same name, or the same name in another case. @param {Row[]} rows @returns {Coverage[]} */
export function readCoverage(rows) {
  return readJson('tooling/parity/names.json').map((/** @type {any} */ { kinds, names, ...list }) => ({
    ...list,
    names: names.map((/** @type {string} */ name) => {
      const wanted = aliases.names[list.library][name] ?? name;
      const homes = aliases.packages[list.library];
      const same = rows.filter(
        (row) =>
          (homes?.includes(row.package) ?? true) &&
          (row.name === wanted || (kinds.includes(row.kind) && row.name.toLowerCase() === wanted.toLowerCase())),
      );
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
  const rows = readRows(new Sources(), aliases.libraries);
  if (rows.every(({ calls }) => calls === 0)) throw new Error('no comparison was noted; run it without --write');
  mkdirSync(join(root, 'docs'), { recursive: true });
  const run = `${total('passed')} tests passed and ${total('failed')} failed in ${results.length} of ${packages().length} packages, on Node ${process.versions.node.split('.')[0]}`; // biome-ignore format: one line
  writeFileSync(join(root, 'docs/parity.md'), pageText(rows, readCoverage(rows), run));
  console.log('docs/parity.md is written');
}
