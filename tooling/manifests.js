/**
 * The one form of a package: its manifest, its files and the parts of its README.
 *
 *   node tooling/manifests.js          says what differs
 *   node tooling/manifests.js --fix    writes the manifests anew in their form
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder, packages, root, scope } from './workspace.js';

/** Packages from outside the workspace that users have to install with ours; every one of them is a decision. */
const external = /** @type {Record<string, string[]>} */ ({ linalg: ['ml-matrix'] });

/** @typedef {import('./workspace.js').Manifest} Manifest @typedef {import('./workspace.js').Package} Package */

/**
 * A manifest in its form, made from what is a package's own: name, version, description, keywords, the names of its
 * exports, further scripts, and what it depends on.
 *
 * @param {Manifest} own
 * @returns {Manifest & Record<string, unknown>}
 */
export function manifestForm(own) {
  /** @type {Record<string, unknown>} */
  const development = {};
  /** @type {Record<string, unknown>} */
  const published = {};
  for (const [path, target] of Object.entries(own.exports ?? { '.': {} })) {
    const file = path === '.' ? 'index' : path.slice(2);
    // The entry of a worker is plain JavaScript, so that sources and the published package run the same file.
    const plain = target.default === `./src/${file}.js`;
    const built = plain ? { default: target.default } : { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` };
    development[path] = plain ? built : { source: `./src/${file}.ts`, ...built };
    published[path] = built;
  }
  const { build, typecheck, test, ...scripts } = own.scripts ?? {};
  return {
    name: own.name,
    version: own.version,
    description: own.description,
    keywords: own.keywords ?? ['machine-learning', 'typescript'],
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    exports: development,
    files: ['dist', 'src'],
    publishConfig: { access: 'public', exports: published },
    scripts: {
      ...scripts,
      build: 'node ../../tooling/build.js',
      typecheck: 'tsc -p tsconfig.json',
      test: 'vitest run',
    },
    ...(own.dependencies && { dependencies: own.dependencies }),
    ...(own.peerDependencies && { peerDependencies: own.peerDependencies }),
    ...(own.peerDependenciesMeta && { peerDependenciesMeta: own.peerDependenciesMeta }),
    devDependencies: { ...own.devDependencies, [`${scope}tooling`]: 'workspace:^' },
  };
}

/** The files that every package has, with what is in those that are always the same. @returns {Record<string, string | null>} */
export function filesForm() {
  return {
    'README.md': null,
    LICENSE: readFileSync(join(root, 'LICENSE'), 'utf8'),
    'src/index.ts': null,
    'tsconfig.json': '{ "extends": "../../tooling/tsconfig.package.json" }\n',
    'tsconfig.build.json': '{ "extends": "../../tooling/tsconfig.build.json" }\n',
    'vitest.config.js': "import { packageConfig } from '@maru-ml/tooling/vitest';\n\nexport default packageConfig();\n",
  };
}

/** What differs from the form, one sentence each. @param {Package} entry @returns {string[]} */
export function checkPackage({ folder, short, manifest }) {
  const form = manifestForm(manifest);
  const problems = [];
  for (const key of new Set([...Object.keys(form), ...Object.keys(manifest)])) {
    const [came, wanted] = [manifest, form].map((object) => JSON.stringify(/** @type {any} */ (object)[key]));
    if (wanted === undefined) problems.push(`package.json: "${key}" is not part of the form`);
    else if (came !== wanted) problems.push(`package.json: "${key}" must be ${wanted}, got ${came}`);
  }
  if (problems.length === 0 && Object.keys(manifest).join() !== Object.keys(form).join()) {
    problems.push(`package.json: the order of its fields must be ${Object.keys(form).join(', ')}`);
  }
  if (manifest.name !== scope + short) problems.push(`package.json: the name must be ${scope}${short}, as the folder`);
  if (!/^[A-Z].{19,119}\.$/.test(manifest.description)) {
    problems.push('package.json: the description must be one sentence of 20 to 120 characters with its full stop');
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (!name.startsWith(scope) && !external[short]?.includes(name)) {
      problems.push(
        `package.json: ${name} is from outside the workspace; do without it, or add it to tooling/manifests.js`,
      );
    }
  }
  for (const name of Object.keys(manifest.peerDependencies ?? {})) {
    if (!manifest.peerDependenciesMeta?.[name]?.optional)
      problems.push(`package.json: the peer ${name} must be optional`);
  }
  for (const [group, ranges] of Object.entries({
    dependencies: manifest.dependencies,
    peers: manifest.peerDependencies,
  })) {
    for (const [name, range] of Object.entries(ranges ?? {})) {
      if (name.startsWith(scope) && range !== 'workspace:^') {
        problems.push(`package.json: ${name} in ${group} must be "workspace:^", got "${range}"`);
      }
    }
  }
  for (const [name, text] of Object.entries(filesForm())) {
    const path = join(folder, name);
    if (!existsSync(path)) problems.push(`${name}: it is missing`);
    else if (text !== null && readFileSync(path, 'utf8') !== text) problems.push(`${name}: it differs from all others`);
  }
  for (const { source, default: built } of Object.values(form.exports ?? {})) {
    if (!existsSync(join(folder, source ?? built))) problems.push(`${source ?? built}: it is exported but missing`);
  }
  if (filesUnder(join(folder, 'test'), ['.test.ts']).length === 0) problems.push('test: it holds no test');
  if (existsSync(join(folder, 'README.md'))) {
    problems.push(...checkReadme(manifest, readFileSync(join(folder, 'README.md'), 'utf8')));
  }
  if (manifest.version === '0.0.0' && !hasFirstRelease(manifest.name)) {
    problems.push(`.changeset: none makes version 1.0.0 of it; add one that says '${manifest.name}': major`);
  }
  return problems.map((problem) => `${short}: ${problem}`);
}

/** The parts of a README, in their order. @param {Manifest} manifest @param {string} text */
export function checkReadme(manifest, text) {
  const name = manifest.name.replace('/', '\\/');
  /** @type {[RegExp, string][]} */
  const parts = [
    [new RegExp(`^# ${name}\n`), `the title '# ${manifest.name}'`],
    [/\n\n[A-Z][^\n]*\.\n/, 'a sentence that says what it is'],
    [new RegExp(`\n\`\`\`sh\nnpm i ${name}( |\n)`), `a \`\`\`sh block that starts with 'npm i ${manifest.name}'`],
    [/\n```ts\n[\s\S]*?\n```\n/, 'an example in a ```ts block'],
    [/\n## What is inside\n[\s\S]*?\n\| ?-/, "'## What is inside' with a table"],
    [/\n## When to use which\n/, "'## When to use which'"],
    [/\n## Accuracy and speed\n/, "'## Accuracy and speed'"],
    [/\n## References\n/, "'## References'"],
  ];
  const problems = [];
  let rest = text.replaceAll('\r\n', '\n');
  for (const [pattern, what] of parts) {
    const found = pattern.exec(rest);
    if (found === null) problems.push(`README.md: it must have ${what}${problems.length === 0 ? ' next' : ''}`);
    else rest = rest.slice(found.index + found[0].trimEnd().length);
  }
  return problems;
}

/** Whether a changeset that waits raises the package to 1.0.0. @param {string} name */
function hasFirstRelease(name) {
  return filesUnder(join(root, '.changeset'), ['.md']).some((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .some((line) => line.replaceAll(/['"]/g, '') === `${name}: major`),
  );
}

/** A manifest as a file. @param {object} manifest */
export function manifestText(manifest) {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const all = packages();
  if (process.argv.includes('--fix')) {
    for (const entry of all) {
      entry.manifest = manifestForm(entry.manifest);
      writeFileSync(join(entry.folder, 'package.json'), manifestText(entry.manifest));
    }
  }
  const problems = all.flatMap(checkPackage);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
