/**
 * `npm run check`: all that is checked beside the tests. It runs everything, says what is wrong at the end of each step, and
 * fails if anything is.
 */
import { spawnSync } from 'node:child_process';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { checkReports } from './api.js';
import { checkAllLayers } from './layers.js';
import { checkPackage } from './manifests.js';
import { checkExamples } from './readme.js';
import { updateTable } from './table.js';
import { packages, root } from './workspace.js';

/** @param {string} name @param {string[]} args @returns {string[]} problems */
function command(name, ...args) {
  const shell = process.platform === 'win32';
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
  const { status } = spawnSync(name, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env, shell });
  return status === 0 ? [] : [`${name} ${args[0]} failed`];
}

/** @param {...string} tasks */
const turbo = (...tasks) =>
  command(
    'turbo',
    'run',
    ...tasks,
    '--ui',
    'stream',
    '--continue=dependencies-successful',
    '--output-logs',
    'errors-only',
  );

/** What a package would look like to those who install it: packed as it is published. */
async function checkPublished() {
  const problems = [];
  for (const { folder, short } of packages()) {
    const { messages, pkg } = await publint({ pkgDir: folder, pack: 'pnpm', strict: true });
    for (const message of messages) problems.push(`${short}: ${formatMessage(message, pkg, { color: false })}`);
  }
  return problems;
}

/** @type {[string, () => string[] | Promise<string[]>][]} */
const steps = [
  ['layers', checkAllLayers],
  ['manifests', () => packages().flatMap(checkPackage)],
  ['lint', () => command('biome', 'ci', '--colors=off', '--error-on-warnings', '.')],
  ['types and build', () => turbo('typecheck', 'build')],
  ['published form', checkPublished],
  ['interfaces', () => checkReports(false)],
  ['examples', async () => (await checkExamples([])).problems],
  ['table of packages', () => updateTable(true)],
  ['benchmark figures', () => command('node', 'apps/bench/dist/main.js', '--check')],
];

let failed = 0;
for (const [name, check] of steps) {
  const begin = performance.now();
  /** @type {string[]} */
  let problems;
  try {
    problems = await check();
  } catch (error) {
    problems = [`the check itself failed: ${/** @type {Error} */ (error).message}`];
  }
  for (const problem of problems) console.log(`  ${problem}`);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? 'ok    ' : 'WRONG '} ${name} (${seconds} s)`);
  if (problems.length > 0) failed++;
}
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${steps.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
