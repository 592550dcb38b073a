/**
 * What users will install, tried outside the repository: `npm run packed`, or `npm run packed -- nn tensor` for some packages.
 *
 * Each package is packed as it would be published and installed from its tarball, with what it depends on, into an empty project. There it
 * is imported as ESM and through `require`, every export; type-checked by two versions of TypeScript in two ways of resolving modules, without
 * the types of Node and without skipping declarations; and its README is run. The tarball holds what it must and nothing else, and
 * publint and attw find nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as attw from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { examplesOfReadme, installedBy } from './examples.js';
import { exampleProblems } from './readme.js';
import { install, pack } from './tarballs.js';
import { packages, root } from './workspace.js';

/** @typedef {import('./workspace.js').Package} Package */

/** The files that belong into a tarball. */
const BELONGS = [
  /^package\.json$/,
  /^README\.md$/,
  /^LICENSE$/,
  /^dist\/.+\.(js|d\.ts)(\.map)?$/,
  /^src\/.+\.(ts|js)$/,
];

/** What is wrong with the files of an installed package. @param {string} folder @param {Record<string, any>} exported */
export function fileProblems(folder, exported) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  const has = new Set(files);
  const problems = files
    .filter((file) => !BELONGS.some((form) => form.test(file)))
    .map((file) => `${file} is a stray file`);
  for (const file of ['package.json', 'README.md', 'LICENSE']) if (!has.has(file)) problems.push(`${file} is missing`);
  for (const target of Object.values(exported).flatMap((targets) => Object.values(targets))) {
    if (!has.has(String(target).slice(2))) problems.push(`${target} is exported but missing`);
  }
  for (const file of files.filter((file) => /^dist\/.+\.js$/.test(file))) {
    if (!has.has(`${file}.map`)) problems.push(`${file} has no source map`);
  }
  return problems;
}

/** The names that a package is imported by, all of its exports. @param {import('./workspace.js').Manifest} manifest */
function importsOf(manifest) {
  return Object.entries(manifest.exports ?? {}).map(([path, target]) => ({
    name: manifest.name + path.slice(1),
    typed: target.types !== undefined,
  }));
}

/** @param {string} project @param {{ name: string, typed: boolean }[]} imports */
function loadProblems(project, imports) {
  // The entry of a worker waits for messages, so it is only resolved.
  const modules = imports.filter(({ typed }) => typed).map(({ name }) => name);
  const esm = modules.map(
    (name, i) => `import * as m${i} from '${name}';\nif (Object.keys(m${i}).length === 0) throw 0;`,
  );
  const cjs = modules.map((name) => `if (Object.keys(require('${name}')).length === 0) throw 0;`);
  const all = imports.map(({ name }) => `import.meta.resolve('${name}');`);
  writeFileSync(join(project, 'esm.mjs'), [...esm, ...all].join('\n'));
  writeFileSync(join(project, 'cjs.cjs'), cjs.join('\n'));
  return ['esm.mjs', 'cjs.cjs'].flatMap((file) => {
    const { status, stderr } = spawnSync(process.execPath, [file], { cwd: project, encoding: 'utf8' });
    return status === 0 ? [] : [`${file === 'esm.mjs' ? 'import' : 'require'} fails: ${stderr.slice(0, 600)}`];
  });
}

/** @param {string} project @param {{ name: string, typed: boolean }[]} imports */
function typeProblems(project, imports) {
  const modules = imports.filter(({ typed }) => typed).map(({ name }) => name);
  writeFileSync(
    join(project, 'user.ts'),
    modules.map((name, i) => `import * as m${i} from '${name}';\nexport type M${i} = typeof m${i};`).join('\n'),
  );
  const problems = [];
  for (const compiler of ['typescript-5', 'typescript']) {
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = {
        ...{ target: 'ES2022', module, moduleResolution, lib: ['ES2022', 'DOM'], types: [] },
        ...{ strict: true, skipLibCheck: false, noEmit: true, exactOptionalPropertyTypes: false },
      };
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
      const tsc = join(root, 'node_modules', compiler, 'bin/tsc');
      const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], {
        cwd: project,
        encoding: 'utf8',
      });
      if (status !== 0) problems.push(`types under ${compiler} and ${moduleResolution}: ${stdout.slice(0, 800)}`);
    }
  }
  return problems;
}

/** @param {string} tarball @param {{ name: string, typed: boolean }[]} imports @param {string} name */
async function attwProblems(tarball, imports, name) {
  const { problems, types } = /** @type {any} */ (
    await attw.checkPackage(attw.createPackageFromTarballData(readFileSync(tarball)))
  );
  if (types === false) return ['attw finds no types'];
  const typed = imports.filter(({ typed }) => typed).map((entry) => `.${entry.name.slice(name.length)}`);
  // Packages are ESM only: `require` gives the same module, by the engine.
  return problems
    .filter((/** @type {any} */ problem) => {
      const { kind, entrypoint, resolutionKind } = problem;
      // Node 10 knows no exports, and a worker's entry has no types.
      return kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10' && (!entrypoint || typed.includes(entrypoint));
    })
    .map((/** @type {any} */ problem) => `attw: ${problem.kind} ${problem.entrypoint ?? ''}`);
}

/** @param {Package} entry @param {Record<string, string>} tarballs @param {string} projects */
async function check({ folder, short, manifest }, tarballs, projects) {
  const project = join(projects, short);
  const tarball = tarballs[manifest.name] ?? '';
  const problems = install(project, [manifest.name], tarballs);
  if (problems.length > 0) return problems;
  const installed = join(project, 'node_modules', manifest.name);
  const published = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const imports = importsOf(published);
  problems.push(...fileProblems(installed, published.exports));
  problems.push(...loadProblems(project, imports), ...typeProblems(project, imports));
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  problems.push(...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`));
  problems.push(...(await attwProblems(tarball, imports, manifest.name)));

  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const reader = join(projects, `${short}-readme`);
  problems.push(...install(reader, [...installedBy(readme), '@types/node@~20.19.0'], tarballs));
  problems.push(...(await exampleProblems(examplesOfReadme('README.md', readme), reader)));
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = process.argv.slice(2);
  const all = packages();
  const unknown = wanted.filter((name) => !all.some(({ short }) => short === name));
  if (unknown.length > 0) throw new Error(`there is no package ${unknown.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'maru-packed-'));
  let failed = 0;
  try {
    const tarballs = pack(
      all.flatMap(({ manifest }) => ['--filter', manifest.name]),
      folder,
    );
    for (const entry of all.filter(({ short }) => wanted.length === 0 || wanted.includes(short))) {
      const problems = await check(entry, tarballs, join(folder, 'projects'));
      console.log(`${problems.length === 0 ? 'ok    ' : 'WRONG '} ${entry.manifest.name}`);
      for (const problem of problems) console.log(`  ${problem}`);
      if (problems.length > 0) failed++;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(failed === 0 ? 'All packages work outside the repository.' : `${failed} packages do not.`);
  process.exitCode = failed === 0 ? 0 : 1;
}
