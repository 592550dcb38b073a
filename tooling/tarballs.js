/** Packages as they would be published: packed, and installed from their tarballs into a project outside the repository. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, scope } from './workspace.js';

/**
 * The tarball of each package by its name. They must be built.
 *
 * @param {string[]} filters what to pack, as pnpm selects: `--filter` with a name, `--filter-prod` with `name^...` for what it depends on
 * @param {string} folder for the tarballs @returns {Record<string, string>}
 */
export function pack(filters, folder) {
  const options = { cwd: root, encoding: /** @type {const} */ ('utf8'), maxBuffer: 1 << 28 };
  const shell = process.platform === 'win32';
  const printed = execFileSync('pnpm', [...filters, 'pack', '--json', '--pack-destination', folder], {
    ...options,
    shell,
  });
  /** @type {{ name: string, filename: string }[]} */
  const packed = [JSON.parse(printed)].flat();
  return Object.fromEntries(
    packed.map(({ name, filename }) => [name, join(folder, filename.split(/[\\/]/).at(-1) ?? '')]),
  );
}

/**
 * Makes a project and installs packages from their tarballs; what they depend on of ours comes from tarballs too, but only if they say so.
 *
 * @param {string} project its folder @param {string[]} names with their ranges where they are not ours
 * @param {Record<string, string>} tarballs @returns {string[]} why it cannot be installed; nothing if it is
 */
export function install(project, names, tarballs) {
  mkdirSync(project, { recursive: true });
  const spec = (/** @type {string} */ name) => {
    const at = name.lastIndexOf('@');
    const [bare, range] = at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, '*'];
    return [bare, bare.startsWith(scope) ? `file:${tarballs[bare]}` : range];
  };
  const overrides = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]));
  const dependencies = Object.fromEntries(names.map(spec));
  const manifest = { private: true, type: 'module', dependencies, overrides };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--silent'];
  const shell = process.platform === 'win32';
  const { status, stderr } = spawnSync('npm', ['install', ...options], { cwd: project, encoding: 'utf8', shell });
  return status === 0 ? [] : [`it cannot be installed: ${stderr.trim().split('\n').at(-1)}`];
}
