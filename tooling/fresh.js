/**
 * Before the tests of one package run by themselves (`vitest`, `pnpm --filter … test`), generates what is older than its
 * sources, so that nobody tests the kernels of yesterday. Under turbo that has been done.
 */
import { spawnSync } from 'node:child_process';
import { packages } from './workspace.js';

export function setup() {
  if (process.env.TURBO_HASH !== undefined) return;
  for (const { folder, short, manifest } of packages()) {
    const command = manifest.scripts?.generate;
    if (command === undefined) continue;
    const { status } = spawnSync(command, { cwd: folder, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) console.warn(`WARNING: '${command}' failed in ${short}: what it made before is tested`);
  }
}
