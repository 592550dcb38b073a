/**
 * The layer check: a package may depend on packages of strictly lower layers only, and import only what it declares.
 * The layers are those of the table in ARCHITECTURE.md.
 */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder, packages, root, scope } from './workspace.js';

/** The layer of each package by its short name, planned ones included. @param {string} page @returns {Map<string, number>} */
export function readLayers(page) {
  const layers = new Map();
  for (const [, layer, names] of page.matchAll(/^\| *(\d+) *\|([^|]*)\|/gm)) {
    for (const [, name] of (names ?? '').matchAll(/`([\w-]+)`/g)) layers.set(name, Number(layer));
  }
  return layers;
}

/**
 * The module names that a source imports or exports from: whether the import runs only where it is reached, and
 * whether it is for types alone, which leaves nothing in the built file.
 *
 * @param {string} source
 */
export function importsOf(source) {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const still =
    /^\s*(?:import|export)\s+(type\s)?(?:[\w*\s{},$]*?\sfrom\s+|[\w*{}][\w*\s{},$]*?from\s*)?['"]([^'"]+)['"]/gm;
  const found = [...code.matchAll(still)].map((m) => ({ name: m[2] ?? '', types: m[1] !== undefined, lazy: false }));
  for (const m of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push({ name: m[1] ?? '', types: false, lazy: true });
  return found;
}

/** @param {import('./workspace.js').Package} entry @param {Map<string, number>} layers */
export function checkLayers({ folder, short, manifest }, layers) {
  const layer = layers.get(short);
  if (layer === undefined) return [`${short}: it is in no layer of the table in ARCHITECTURE.md`];
  const problems = new Set();
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  for (const name of Object.keys(declared).filter((name) => name.startsWith(scope))) {
    const below = layers.get(name.slice(scope.length)) ?? Number.POSITIVE_INFINITY;
    if (below >= layer)
      problems.add(`${short} (layer ${layer}) depends on ${name} (layer ${below}); only lower layers are allowed`);
  }
  const used = new Set();
  for (const file of filesUnder(join(folder, 'src'), ['.ts', '.js'])) {
    const where = relative(root, file);
    for (const { name, types, lazy } of importsOf(readFileSync(file, 'utf8'))) {
      if (name.startsWith('.')) continue;
      if (isBuiltin(name)) {
        if (!name.startsWith('node:')) problems.add(`${where}: write node:${name} for ${name}`);
        if (!lazy) problems.add(`${where}: import ${name} dynamically where it is used, since browsers do not have it`);
        continue;
      }
      const target = name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');
      used.add(target);
      if (target in declared || target === manifest.name || (types && target in (manifest.devDependencies ?? {})))
        continue;
      problems.add(`${where}: ${target} is imported but not among the dependencies`);
    }
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (!used.has(name)) problems.add(`${short}: ${name} is among the dependencies but never imported`);
  }
  return [...problems];
}

/** All problems of all packages. */
export function checkAllLayers() {
  const layers = readLayers(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  return packages().flatMap((entry) => checkLayers(entry, layers));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkAllLayers();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
