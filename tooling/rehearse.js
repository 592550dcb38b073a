/**
 * Rehearses a release: `npm run rehearse`.
 *
 * In a clone of what is committed, versions are raised by the waiting changesets, everything is built and published to a registry on this
 * machine's own loopback address, and one package of each layer is installed from there into an empty project and its README run. Then one
 * package gets a patch, and a second release shows that nothing is published but what must be. Nothing leaves this machine.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { examplesOfReadme, installedBy } from './examples.js';
import { readLayers } from './layers.js';
import { exampleProblems } from './readme.js';
import { packages, root } from './workspace.js';

/** The registry, as an ordinary package; later versions need a later Node than ours. */
const VERDACCIO = {
  dependencies: { verdaccio: '6.8.0' },
  overrides: { 'node-fetch': '2.7.0', 'node-fetch-cjs': 'npm:node-fetch@2.7.0' },
};

/** @param {string} folder @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
function run(folder, command, args, env = process.env) {
  return execFileSync(command, args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A registry that asks the usual one for what is not ours. @param {string} folder */
async function startRegistry(folder) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, ...VERDACCIO }));
  run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--silent']);
  const port = await freePort();
  const usual = run(folder, 'npm', ['config', 'get', 'registry']).trim();
  const config = {
    storage: join(folder, 'storage'),
    uplinks: { usual: { url: usual, cache: false } },
    packages: {
      '@maru-ml/*': { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'usual' },
    },
    log: { type: 'stdout', format: 'pretty', level: 'error' },
  };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
  const args = [join(folder, 'node_modules/verdaccio/bin/verdaccio'), '-c', 'config.yaml', '-l', `127.0.0.1:${port}`];
  const server = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  const address = `http://127.0.0.1:${port}/`;
  for (let tries = 0; ; tries++) {
    if (
      await fetch(`${address}-/ping`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    if (tries > 100 || server.exitCode !== null) throw new Error('the registry does not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const settings = join(folder, 'npmrc');
  writeFileSync(settings, `registry=${address}\n//127.0.0.1:${port}/:_authToken=rehearsal\n`);
  const env = { ...process.env, npm_config_userconfig: settings, npm_config_registry: address, CI: 'true' };
  return { address, env, stop: () => server.kill() };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** Raises versions by the waiting changesets, builds and publishes. @param {string} clone @param {NodeJS.ProcessEnv} env */
function release(clone, env) {
  run(clone, 'npx', ['changeset', 'version'], env);
  run(clone, 'npx', ['pnpm', 'install', '--lockfile-only', '--prefer-offline'], process.env);
  run(clone, 'git', ['add', '-A'], env);
  run(
    clone,
    'git',
    ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost', 'commit', '-qm', 'Versions'],
    env,
  );
  run(clone, 'npm', ['run', '--silent', 'build', '--', '--output-logs', 'errors-only'], env);
  const unpublished = JSON.parse(run(clone, process.execPath, ['tooling/release.js', 'unpublished'], env));
  const path = `${join(clone, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  run(clone, process.execPath, ['tooling/release.js', 'publish', ...unpublished], { ...env, PATH: path });
}

/** @param {string} clone @returns {Record<string, string>} */
function versions(clone) {
  return Object.fromEntries(packages(join(clone, 'packages')).map(({ short, manifest }) => [short, manifest.version]));
}

/** What the registry has of a package. @param {string} address @param {string} short @returns {Promise<string[]>} */
async function published(address, short) {
  const answer = await fetch(`${address}@maru-ml%2f${short}`);
  return answer.ok ? Object.keys((await answer.json()).versions) : [];
}

/** Installs from the registry what the README says and runs it. @param {string} folder @param {string} readme @param {NodeJS.ProcessEnv} env */
async function tryReadme(folder, readme, env) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  run(
    folder,
    'npm',
    ['install', '--no-audit', '--no-fund', '--silent', ...installedBy(readme), '@types/node@~20.19.0'],
    env,
  );
  return exampleProblems(examplesOfReadme('README.md', readme), folder);
}

/** One package of each layer: the first by name. @param {string} clone */
function ofEachLayer(clone) {
  const layers = readLayers(readFileSync(join(clone, 'ARCHITECTURE.md'), 'utf8'));
  /** @type {Map<number, string>} */
  const chosen = new Map();
  for (const { short } of packages(join(clone, 'packages'))) {
    const layer = layers.get(short) ?? -1;
    if (!chosen.has(layer)) chosen.set(layer, short);
  }
  return [...chosen].sort(([a], [b]) => a - b);
}

async function rehearse() {
  const folder = mkdtempSync(join(tmpdir(), 'maru-rehearsal-'));
  /** @type {string[]} */
  const problems = [];
  const registry = await startRegistry(join(folder, 'registry'));
  try {
    const clone = join(folder, 'clone');
    run(folder, 'git', ['clone', '--quiet', root, clone]);
    run(clone, 'npm', ['run', '--silent', 'setup']);
    release(clone, registry.env);
    for (const [short, version] of Object.entries(versions(clone))) {
      const there = await published(registry.address, short);
      if (!there.includes(version)) problems.push(`${short} ${version} was not published`);
      if (version !== '1.0.0' && version.startsWith('0.')) problems.push(`${short} has version ${version}`);
    }
    console.log(
      `published: ${Object.entries(versions(clone))
        .map(([short, version]) => `${short} ${version}`)
        .join(', ')}`,
    );
    for (const [layer, short] of ofEachLayer(clone)) {
      const readme = readFileSync(join(clone, 'packages', short, 'README.md'), 'utf8');
      const found = await tryReadme(join(folder, short), readme, registry.env);
      console.log(`layer ${layer}: ${short} installed, its README ${found.length === 0 ? 'runs' : 'fails'}`);
      problems.push(...found);
    }

    // A patch to a package that others depend on.
    const before = versions(clone);
    const patched = 'kernels';
    writeFileSync(join(clone, '.changeset/rehearsal.md'), `---\n'@maru-ml/${patched}': patch\n---\n\nA rehearsal.\n`);
    release(clone, registry.env);
    const raised = Object.entries(versions(clone)).filter(([short, version]) => version !== before[short]);
    console.log(`after a patch to ${patched}: ${raised.map(([short, version]) => `${short} ${version}`).join(', ')}`);
    if (raised.length !== 1 || raised[0]?.[0] !== patched) problems.push(`only ${patched} had to be raised`);
    for (const short of Object.keys(before)) {
      const there = await published(registry.address, short);
      if (there.length !== (short === patched ? 2 : 1)) problems.push(`${short} has the versions ${there.join(', ')}`);
    }
  } finally {
    registry.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = await rehearse();
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? 'The release works.' : `${problems.length} problems.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
