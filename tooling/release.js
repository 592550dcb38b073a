/**
 * Publishes packages one by one, each behind its own gate:
 *
 *   node tooling/release.js unpublished         prints those whose version is not in the registry yet, as a JSON array
 *   node tooling/release.js publish a b c       publishes those, what they depend on first
 *
 * A package goes out only if all that it depends on is published or has just been: what failed its gate holds back its dependents and nobody else.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packages, scope } from './workspace.js';

/** @typedef {import('./workspace.js').Package} Package */

/**
 * A manifest with the repository and the folder that a package comes from, which provenance asks for; as it is outside of a workflow.
 *
 * @param {Package} entry @param {NodeJS.ProcessEnv} env
 */
export function withRepository({ manifest, short }, { GITHUB_SERVER_URL, GITHUB_REPOSITORY }) {
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY) return manifest;
  const url = `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git`;
  return { ...manifest, repository: { type: 'git', url, directory: `packages/${short}` } };
}

/** Whether the registry has this version. @param {Package} entry */
function isPublished({ manifest }) {
  const { status, stdout } = spawnSync('npm', ['view', `${manifest.name}@${manifest.version}`, 'version'], {
    encoding: 'utf8',
  });
  return status === 0 && stdout.trim() === manifest.version;
}

/** The packages of the workspace that a package depends on. @param {Package} entry */
function below({ manifest }) {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length));
}

/**
 * The order in which the allowed ones of the unpublished packages can go out, and those that are held back.
 *
 * @param {Package[]} unpublished @param {string[]} allowed
 */
export function plan(unpublished, allowed) {
  /** @type {Package[]} */
  const order = [];
  let waiting = unpublished.filter(({ short }) => allowed.includes(short));
  for (;;) {
    const missing = new Set(unpublished.filter((entry) => !order.includes(entry)).map(({ short }) => short));
    const ready = waiting.filter((entry) => below(entry).every((short) => !missing.has(short)));
    if (ready.length === 0) break;
    order.push(...ready);
    waiting = waiting.filter((entry) => !ready.includes(entry));
  }
  return { order, held: waiting.map(({ short }) => short) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [command, ...allowed] = process.argv.slice(2);
  // A package of version 0.0.0 waits for its first release.
  const unpublished = packages().filter((entry) => entry.manifest.version !== '0.0.0' && !isPublished(entry));
  if (command === 'unpublished') console.log(JSON.stringify(unpublished.map(({ short }) => short)));
  else if (command === 'publish') {
    const { order, held } = plan(unpublished, allowed);
    for (const entry of order) {
      const { folder, manifest } = entry;
      writeFileSync(join(folder, 'package.json'), `${JSON.stringify(withRepository(entry, process.env), null, 2)}\n`);
      execFileSync('pnpm', ['publish', '--no-git-checks', '--access', 'public'], { cwd: folder, stdio: 'inherit' });
      console.log(`published ${manifest.name}@${manifest.version}`);
    }
    if (held.length > 0) console.error(`held back, since something below them is not published: ${held.join(', ')}`);
    process.exitCode = held.length > 0 ? 1 : 0;
  } else {
    console.error('usage: node tooling/release.js unpublished | publish PACKAGE ...');
    process.exitCode = 2;
  }
}
