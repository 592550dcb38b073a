/**
 * Runs the tests on several versions of Node, each taken from the npm registry's package `node` into the cache:
 *
 *   npm run test-node-versions                          Node 20.19, 22 and 24, all packages
 *   npm run test-node-versions -- 20.19 24 --only nn,cluster
 *
 * The last line tells what each version came to.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { addUp } from './test.js';
import { readManifest, root } from './workspace.js';

/**
 * The path of this version's executable, installed if it is not there yet.
 *
 * @param {string} version such as '22' or '20.19'
 */
export function nodeExecutable(version) {
  const folder = join(root, 'node_modules/.cache/node-versions', version);
  const file = join(folder, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    // The package's install script fetches the executable of this platform, which is a package too.
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--foreground-scripts', `node@${version}`];
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0 || !existsSync(file)) throw new Error(`Node ${version} could not be installed from the registry`);
  }
  return file;
}

/** Runs the tests of a folder's package on this Node and returns its report. @param {string} node @param {string} folder */
function testOn(node, folder) {
  const report = join(folder, '.test/results.json');
  rmSync(report, { force: true });
  const path = dirname(node) + delimiter + process.env.PATH;
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run'];
  spawnSync(node, args, { cwd: folder, stdio: 'inherit', env: { ...process.env, PATH: path } });
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
  const only = values.only?.split(',');
  const folders = ['packages', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => ({ name, folder: join(root, group, name) })))
    .filter(
      ({ name, folder }) => existsSync(join(folder, 'package.json')) && (only === undefined || only.includes(name)),
    )
    .filter(({ folder }) => readManifest(folder).scripts?.test !== undefined);
  const lines = [];
  for (const version of positionals.length > 0 ? positionals : ['20.19', '22', '24']) {
    const node = nodeExecutable(version);
    const exact = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    console.log(`Node ${exact}`);
    const total = addUp(folders.map(({ name, folder }) => [name, testOn(node, folder)]));
    lines.push(...total.problems, `Node ${exact}: ${total.passed} passed, ${total.failed} failed`);
    if (total.failed > 0) process.exitCode = 1;
  }
  console.log(lines.join('\n'));
}
