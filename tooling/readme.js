/**
 * Runs the examples of READMEs and docstrings and compares what they print with what they say they print.
 *
 *   node tooling/readme.js              all of them (after `npm run build`)
 *   node tooling/readme.js nn cluster   those of these packages
 *
 * `examples.js` tells what an example is. They run, and are type-checked, in an empty project that has exactly the packages of
 * the README's `npm i` lines; those of docstrings in one with the package and what it depends on.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { examplesOfReadme, examplesOfSource, installedBy } from './examples.js';
import { filesUnder, packages, root, scope, withProject } from './workspace.js';

/** @typedef {import('./examples.js').Example} Example */

/**
 * Type-checks and runs examples in a project that has these packages and nothing else.
 *
 * @param {Example[]} examples
 * @param {Record<string, string>} installed the folder of each package
 * @returns {Promise<string[]>} problems, one sentence each
 */
export function runExamples(examples, installed) {
  const all = { '@types/node': join(root, 'node_modules/@types/node'), ...installed };
  return withProject(all, (project) => exampleProblems(examples, project));
}

/**
 * Type-checks and runs examples in a project that is there already.
 *
 * @param {Example[]} examples @param {string} project its folder @returns {Promise<string[]>} problems, one sentence each
 */
export async function exampleProblems(examples, project) {
  for (const [i, { code }] of examples.entries()) {
    writeFileSync(join(project, `example${i}.ts`), code);
    writeFileSync(
      join(project, `example${i}.js`),
      (await transform(code, { loader: 'ts', format: 'esm', target: 'es2022' })).code,
    );
  }
  const tasks = [checkTypes(project, examples), ...examples.map((example, i) => () => runOne(project, example, i))];
  const problems = examples.flatMap((example) => example.problems);
  return problems.concat(...(await atOnce(tasks, availableParallelism())));
}

/** @param {string} project @param {Example[]} examples */
function checkTypes(project, examples) {
  return async () => {
    const compilerOptions = {
      ...{ target: 'ES2022', module: 'nodenext', lib: ['ES2022', 'ESNext.Disposable', 'DOM'], types: ['node'] },
      ...{ strict: true, skipLibCheck: true, noEmit: true },
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const { output } = await run(project, [
      join(root, 'node_modules/typescript/bin/tsc'),
      '-p',
      '.',
      '--pretty',
      'false',
    ]);
    return output
      .split('\n')
      .filter((line) => line.includes('error TS'))
      .map((line) =>
        line.replace(/^example(\d+)\.ts\((\d+),\d+\)/, (_, i, at) => `${examples[i]?.where} (its line ${at})`),
      );
  };
}

/** @param {string} project @param {Example} example @param {number} i */
async function runOne(project, { where, expected }, i) {
  const { code, output, errors } = await run(project, [`example${i}.js`]);
  if (code !== 0) return [`${where}: the example fails\n${errors || output}`];
  const printed =
    output === ''
      ? []
      : output
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => line.trimEnd());
  for (const [j, line] of expected.entries()) {
    const came = printed[j];
    const same = line.text.endsWith('…') ? came?.startsWith(line.text.slice(0, -1)) : came === line.text;
    if (!same)
      return [
        `${line.where}: the example says '${line.text}' but prints ${came === undefined ? 'no more' : `'${came}'`}`,
      ];
  }
  if (printed.length === expected.length) return [];
  return [`${where}: the example prints '${printed[expected.length]}' after what it says`];
}

/** @param {string} cwd @param {string[]} args @returns {Promise<{ code: number, output: string, errors: string }>} */
function run(cwd, args) {
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd, timeout: 120_000, maxBuffer: 2 ** 26 }, (error, output, errors) => {
      done({
        code: error === null ? 0 : 1,
        output,
        errors: errors || (error?.killed ? 'it took longer than two minutes' : ''),
      });
    });
  });
}

/** @template T @param {(() => Promise<T>)[]} tasks @param {number} n @returns {Promise<T[]>} */
async function atOnce(tasks, n) {
  /** @type {T[]} */
  const results = [];
  const queue = [...tasks.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await next[1]();
  };
  await Promise.all(Array.from({ length: n }, worker));
  return results;
}

/**
 * The folders of packages by their names: ours, or those that the package at `from` has from elsewhere.
 *
 * @param {string[]} names
 * @param {string} from
 * @param {string} where for messages
 */
function foldersOf(names, from, where) {
  /** @type {Record<string, string>} */
  const folders = {};
  const problems = [];
  for (const name of names) {
    const ours = join(root, 'packages', name.slice(scope.length));
    const places = name.startsWith(scope)
      ? [ours]
      : [join(from, 'node_modules', name), join(root, 'node_modules', name)];
    const folder = places.find((place) => existsSync(join(place, 'package.json')));
    if (folder === undefined) problems.push(`${where}: ${name} is not in the workspace`);
    else if (folder === ours && !existsSync(join(ours, 'dist/index.js')))
      problems.push(`${name} is not built; npm run build`);
    else folders[name] = folder;
  }
  return { folders, problems };
}

/** Runs the examples of these packages; of all, and of the README at the root, if none is named. @param {string[]} names */
export async function checkExamples(names) {
  /** @type {string[]} */
  const problems = [];
  let count = 0;
  /** @param {string} where @param {Example[]} examples @param {string[]} installed @param {string} from */
  const check = async (where, examples, installed, from) => {
    if (examples.length === 0) return;
    const found = foldersOf(installed, from, where);
    problems.push(...found.problems);
    if (found.problems.length === 0) problems.push(...(await runExamples(examples, found.folders)));
    count += examples.length;
  };
  /** @param {string} folder */
  const checkReadme = async (folder) => {
    const file = relative(root, join(folder, 'README.md'));
    if (!existsSync(join(root, file))) return;
    const text = readFileSync(join(root, file), 'utf8');
    await check(file, examplesOfReadme(file, text), installedBy(text), folder);
  };
  if (names.length === 0) await checkReadme(root);
  for (const { folder, short, manifest } of packages()) {
    if (names.length > 0 && !names.includes(short)) continue;
    await checkReadme(folder);
    const examples = filesUnder(join(folder, 'src'), ['.ts']).flatMap((file) =>
      examplesOfSource(relative(root, file), readFileSync(file, 'utf8')),
    );
    const known = { ...manifest.dependencies, ...manifest.peerDependencies };
    await check(`${short}'s docstrings`, examples, [manifest.name, ...Object.keys(known)], folder);
  }
  return { count, problems };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { count, problems } = await checkExamples(process.argv.slice(2));
  for (const problem of problems) console.error(problem);
  console.log(`${count} examples run`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
