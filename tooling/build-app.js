/**
 * Builds the example app in the current folder into `dist` as a stranger would: the packages that it depends on are packed as they would be
 * published, installed from their tarballs into a project outside the repository, and its sources built there by Vite. So what only works
 * inside this repository, a missing file or a worker that bundlers do not find, fails here.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { install, pack } from './tarballs.js';
import { readManifest, scope } from './workspace.js';

/** What Vite reads; all else in an app's folder (tests, settings of types) is for the repository. */
const SOURCES = ['index.html', 'src', 'public', 'vite.config.js'];

const app = process.cwd();
const { name, dependencies = {} } = readManifest(app);
const folder = mkdtempSync(join(tmpdir(), 'maru-app-'));
try {
  const tarballs = pack(['--filter-prod', `${name}^...`], folder);
  const project = join(folder, 'project');
  const names = Object.entries(dependencies).map(([name, range]) =>
    name.startsWith(scope) ? name : `${name}@${range}`,
  );
  const problems = install(project, names, tarballs);
  if (problems.length > 0) throw new Error(`${name}: ${problems[0]}`);
  for (const part of SOURCES.filter((part) => existsSync(join(app, part)))) {
    cpSync(join(app, part), join(project, part), { recursive: true });
  }
  // Warnings of how long a plugin takes say nothing on a busy machine.
  const rolldownOptions = { checks: { pluginTimings: false } };
  await build({ root: project, logLevel: 'warn', build: { rolldownOptions } });
  rmSync(join(app, 'dist'), { recursive: true, force: true });
  cpSync(join(project, 'dist'), join(app, 'dist'), { recursive: true });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
