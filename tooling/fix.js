/** `npm run fix`: puts manifests, sources, the README's table of packages and the reports of interfaces into their form, as far as a program can. */
import { spawnSync } from 'node:child_process';
import { root } from './workspace.js';

const commands = [
  'node tooling/manifests.js --fix',
  'biome check --write .',
  'turbo run build --ui stream --output-logs errors-only',
  'node tooling/table.js',
  'node apps/bench/dist/main.js --write',
  'node tooling/api.js --fix',
];
for (const command of commands) {
  const { status } = spawnSync(command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: true });
  if (status !== 0) process.exitCode = 1;
}
