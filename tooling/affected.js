/** Prints the packages that a change touches, as turbo lists them, as a JSON array: `node tooling/affected.js`. */
import { execFileSync } from 'node:child_process';
import { root } from './workspace.js';

const plan = JSON.parse(
  execFileSync('npx', ['turbo', 'run', 'test', '--affected', '--dry=json'], { cwd: root, encoding: 'utf8' }),
);
const names = plan.tasks
  .filter((/** @type {any} */ { task, command }) => task === 'test' && command !== '<NONEXISTENT>')
  .map((/** @type {any} */ task) => task.package);
console.log(JSON.stringify([...new Set(names)].sort()));
