/**
 * `npm test`: runs the tests of all packages through turbo, which takes from its cache what has not changed, adds up
 * their reports and ends with the line 'N passed, N failed'. Arguments go to turbo: `npm test -- --filter @maru-ml/nn`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findChromium } from './browser.js';
import { root } from './workspace.js';

/** @typedef {import('./reporter.js').Results} Results */

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  const env = { MARU_CHROMIUM: findChromium() ?? '', TURBO_TELEMETRY_DISABLED: '1', ...process.env };
  const plan = JSON.parse(turbo(['--dry=json', ...args], 'pipe', env).stdout || '{"tasks":[]}');
  const folders = plan.tasks
    .filter((/** @type {any} */ task) => task.task === 'test' && task.command !== '<NONEXISTENT>')
    .map((/** @type {any} */ task) => task.directory);
  // A report of an earlier run must not stand for one that is missing now; cached tasks put theirs back.
  for (const folder of folders) rmSync(join(root, folder, '.test'), { recursive: true, force: true });
  const { status } = turbo(
    ['--continue=dependencies-successful', '--output-logs', 'new-only', '--concurrency', '50%', ...args],
    'inherit',
    env,
  );

  const total = addUp(folders.map((/** @type {string} */ folder) => [folder, readResults(folder)]));
  if (status !== 0 && total.failed === 0) {
    total.failed = 1;
    total.problems.push('turbo failed, though no test did');
  }
  for (const problem of total.problems) console.log(problem);
  console.log(`${total.needNode} for Node only (see npm run test-runtimes)`);
  console.log(skippedLine(total.skipped));
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

/** @param {string[]} args @param {'pipe' | 'inherit'} output @param {NodeJS.ProcessEnv} env */
function turbo(args, output, env) {
  const options = ['run', 'test', '--ui', 'stream', ...args];
  const shell = process.platform === 'win32';
  return spawnSync('turbo', options, { cwd: root, stdio: ['ignore', output, 'inherit'], encoding: 'utf8', shell, env });
}

/** @param {string} folder @returns {Results | null} */
function readResults(folder) {
  const file = join(root, folder, '.test/results.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/**
 * Sums the packages' results. A package without a report, a test skipped without a reason, and a run without any test
 * count as failures.
 *
 * @param {[string, Results | null][]} reports
 */
export function addUp(reports) {
  const total = {
    passed: 0,
    failed: 0,
    needNode: 0,
    needWasm: 0,
    skipped: /** @type {Results['skipped']} */ ([]),
    problems: /** @type {string[]} */ ([]),
  };
  for (const [folder, results] of reports) {
    if (results === null) {
      total.failed++;
      total.problems.push(`${folder}: there is no report of its tests`);
      continue;
    }
    if (results.passed + results.failed + results.skipped.length === 0) {
      total.failed++;
      total.problems.push(`${folder}: it has no test`);
    }
    total.passed += results.passed;
    total.failed += results.failed;
    total.needNode += results.needNode;
    total.needWasm += results.needWasm;
    for (const problem of results.problems) total.problems.push(`${folder}: ${problem}`);
    for (const { name, reason } of results.skipped) {
      if (reason !== '') {
        total.skipped.push({ name: folder, reason });
      } else {
        total.failed++;
        total.problems.push(`${folder}: '${name}' is skipped without a reason; use context.skip('the reason')`);
      }
    }
  }
  if (reports.length === 0) {
    total.failed++;
    total.problems.push('no package was tested');
  }
  return total;
}

/** How many tests were skipped, by reason and package. @param {Results['skipped']} skipped */
export function skippedLine(skipped) {
  /** @type {Map<string, Map<string, number>>} */
  const reasons = new Map();
  for (const { name, reason } of skipped) {
    const counts = reasons.get(reason) ?? new Map();
    reasons.set(reason, counts.set(name, (counts.get(name) ?? 0) + 1));
  }
  const list = [...reasons].map(([reason, counts]) => {
    return `${reason} (${[...counts].map(([name, count]) => `${count} in ${name}`).join(', ')})`;
  });
  return skipped.length === 0 ? '0 skipped' : `${skipped.length} skipped: ${list.join('; ')}`;
}
