/**
 * Installs what the repository needs, if that is not done or out of date: `npm test`, `npm run gallery` and the others
 * start with it, so that Node and npm are all that a fresh clone asks for. The version of pnpm is the one that
 * package.json pins. It imports nothing but Node's own modules, since nothing else is there yet.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules/.cache/maru-setup');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

checkNode(manifest.engines.node.replace('>=', ''));
const state = installedFrom();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== state) {
  console.log('Setting up (a minute at most the first time) …');
  run('npx', '--yes', manifest.packageManager, 'install', '--frozen-lockfile', '--prefer-offline');
  run('npx', '--no', 'turbo', 'run', 'generate', '--ui', 'stream', '--output-logs', 'errors-only');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/** @param {string} wanted */
function checkNode(wanted) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  console.error(`Maru needs Node ${wanted} or later, and this is ${process.versions.node}; see https://nodejs.org`);
  process.exit(1);
}

/** A digest of all that decides what is installed: manifests, the lockfile, settings, and Node's major version. */
function installedFrom() {
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tooling/package.json'];
  for (const group of ['packages', 'apps']) {
    if (!existsSync(join(root, group))) continue;
    for (const name of readdirSync(join(root, group)).sort()) files.push(`${group}/${name}/package.json`);
  }
  const hash = createHash('sha256').update(process.versions.node.split('.')[0] ?? '');
  for (const file of files) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** @param {string} command @param {string[]} args */
function run(command, ...args) {
  // npm's own commands are scripts on Windows, which only a shell runs.
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell });
  if (status === 0) return;
  console.error(`Set-up failed: ${command} ${args.join(' ')}${error ? `: ${error.message}` : ''}`);
  if (args.includes('install')) console.error("If you changed a package.json, run 'npx pnpm install' first.");
  process.exit(status || 1);
}
