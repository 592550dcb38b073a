/** Where the packages are, and what their manifests say. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

export const scope = '@maru-ml/';

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {string} description
 * @property {string[]} [keywords]
 * @property {boolean} [private]
 * @property {Record<string, any>} [exports]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional: boolean }>} [peerDependenciesMeta]
 * @property {Record<string, string>} [devDependencies]
 */

/**
 * @typedef {object} Package
 * @property {string} folder
 * @property {string} short the name without its scope, which is the folder's name
 * @property {Manifest} manifest
 */

/** The published packages, in alphabetic order. @returns {Package[]} */
export function packages(folder = join(root, 'packages')) {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .sort()
    .map((short) => ({ folder: join(folder, short), short, manifest: readManifest(join(folder, short)) }));
}

/** @param {string} folder @returns {Manifest} */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * Makes an empty project in which these packages are installed and nothing else, and removes it when `use` is done.
 *
 * @template T
 * @param {Record<string, string>} installed the folder of each package
 * @param {(project: string) => Promise<T>} use called with the project's folder
 * @returns {Promise<T>}
 */
export async function withProject(installed, use) {
  const project = mkdtempSync(join(tmpdir(), 'maru-project-'));
  try {
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
    for (const [name, folder] of Object.entries(installed)) {
      mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
      symlinkSync(folder, join(project, 'node_modules', name), 'junction');
    }
    return await use(project);
  } finally {
    rmSync(project, { recursive: true });
  }
}

/** All files under a folder with one of these endings, in alphabetic order. @param {string} folder @param {string[]} endings */
export function filesUnder(folder, endings) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .sort()
    .map((file) => join(folder, file));
}
