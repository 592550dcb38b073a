/**
 * `npm run mutation`: whether the tests of a package would tell if its code were wrong. Stryker's mutants, one small change each, are
 * tried against the tests that reach them; a mutant that no test tells is a survivor.
 *
 *   npm run mutation -- linalg                            all mutants
 *   npm run mutation -- linalg --sample 300 --seed 1      a random sample of them, and the standard error of the score
 *   npm run mutation -- linalg --file svd                 those in files whose path has this in it
 *   npm run mutation -- linalg --again --tests '^no'      those that survived the last run, against test files with such names
 *
 * The survivors are printed and kept in `.cache/mutation`. Packages and what is left out stand in `mutation/targets.js`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { instrument, sampleOf } from './mutation/instrument.js';
import { targets } from './mutation/targets.js';
import { filesUnder, root } from './workspace.js';

/** @typedef {import('./mutation/plan.js').Plan} Plan */
/** @typedef {import('./mutation/plan.js').PlannedMutant} PlannedMutant */
/** @typedef {import('./mutation/plan.js').Covered} Covered */
/** @typedef {import('./mutation/plan.js').Outcome} Outcome */
/** @typedef {import('./mutation/instrument.js').Mutant} Mutant */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string', default: '' },
    again: { type: 'boolean', default: false },
    tests: { type: 'string', default: '' },
  },
});
for (const name of positionals) if (targets[name] === undefined) throw new Error(`no package to mutate: '${name}'`);
for (const name of positionals.length > 0 ? positionals : Object.keys(targets)) await mutate(name);

/** @param {string} name */
async function mutate(name) {
  const target = /** @type {import('./mutation/targets.js').Target} */ (targets[name]);
  const folder = join(root, 'packages', name);
  const cache = join(root, '.cache/mutation', name);
  const last = join(cache, 'outcomes.json');
  const files = filesUnder(join(folder, 'src'), ['.ts']).filter(
    (file) => target.sources.test(relative(folder, file)) && file.includes(values.file),
  );
  const tests = filesUnder(join(folder, 'test'), ['.test.ts'])
    .filter((file) => !target.leftOut?.test(basename(file)) && new RegExp(values.tests).test(basename(file)))
    .map((file) => relative(folder, file));

  const { texts, mutants } = await instrument(folder, files);
  let chosen = sampleOf(mutants, Number(values.sample ?? mutants.length), values.seed);
  if (values.again) {
    /** @type {Record<string, Outcome>} */
    const before = JSON.parse(readFileSync(last, 'utf8'));
    chosen = mutants.filter(({ key }) => before[key] === 'survived' || before[key] === 'no coverage');
  }
  mkdirSync(cache, { recursive: true });
  /** @type {Plan} */
  const plan = {
    phase: 'cover',
    folder,
    tests,
    texts: {},
    count: 1 + Math.max(...mutants.map(({ id }) => Number(id))),
    results: join(cache, 'results'),
    unsteady: [],
    repeated: false,
    mutants: [],
  };
  for (const [index, [file, text]] of Object.entries(texts).entries()) {
    plan.texts[file] = join(cache, `${index}.ts`);
    writeFileSync(join(cache, `${index}.ts`), text);
  }

  const [covered] = /** @type {[Covered]} */ (await run(plan));
  const failing = Object.entries(covered.tests).filter(([, { passed }]) => !passed);
  for (const [, test] of failing) console.log(`left out, since it fails with the switches in: ${test.name}`);
  const leftOut = Object.entries(covered.tests).filter(([, test]) => target.leftOutTests?.test(test.name));
  plan.unsteady = [...failing, ...leftOut].map(([id]) => id);
  for (const id of plan.unsteady) delete covered.tests[id];
  const planned = chosen.map(({ id }) => planFor(id, covered));
  /** @type {Map<string, Outcome>} */
  const outcomes = new Map();
  await tryMutants({ ...plan, phase: 'mutate', mutants: planned.filter(({ tests }) => tests.length > 0) }, outcomes);
  const alive = planned.filter(({ id, files }) => files.length > 0 && (outcomes.get(id) ?? 'survived') === 'survived');
  await tryMutants({ ...plan, phase: 'load', mutants: alive }, outcomes);
  report(name, mutants.length, chosen, outcomes);
  const kept = chosen.map(({ id, key }) => [key, outcomes.get(id) ?? 'no coverage']);
  writeFileSync(last, JSON.stringify(Object.fromEntries(kept), null, 1));
}

/** @param {string} id @param {Covered} covered @returns {PlannedMutant} */
function planFor(id, covered) {
  const tests = Object.entries(covered.tests)
    .filter(([, { hits }]) => hits[id] !== undefined)
    .sort(([, a], [, b]) => a.milliseconds - b.milliseconds);
  return {
    id,
    // Generous, since a machine may have other work.
    tests: tests.map(([test, { hits, milliseconds }]) => ({
      id: test,
      hits: hits[id] ?? 0,
      limit: 15_000 + 20 * milliseconds,
    })),
    files: covered.loaded[id] ?? [],
  };
}

/** Tries the plan's mutants in as few processes as they let live. @param {Plan} plan @param {Map<string, Outcome>} outcomes */
async function tryMutants(plan, outcomes) {
  let waiting = plan.mutants;
  let { unsteady, repeated } = plan;
  while (waiting.length > 0) {
    const events = await run({ ...plan, mutants: waiting, unsteady, repeated });
    let begun = '';
    const done = new Set();
    for (const event of events) {
      if (event.begin !== undefined) begun = event.begin;
      if (event.unsteady !== undefined) {
        if (event.unsteady.length > 0)
          console.log(`left out, since it fails when repeated: ${event.unsteady.join(', ')}`);
        unsteady = [...unsteady, ...event.unsteady];
        repeated = true;
      }
      if (event.id !== undefined || event.again !== undefined) begun = '';
      if (event.id === undefined) continue;
      done.add(event.id);
      outcomes.set(event.id, event.outcome);
    }
    if (begun !== '') {
      // What was on when the process ended has held it up or brought it down.
      done.add(begun);
      outcomes.set(begun, 'timeout');
    }
    const again = events.find((event) => event.again !== undefined)?.again;
    if (done.size === 0 && again === undefined) throw new Error(`the tests could not be run: see ${logOf(plan)}`);
    // What asks for a process of its own comes first in the next one.
    const next = waiting.filter(({ id }) => !done.has(id));
    waiting = [...next.filter(({ id }) => id === again), ...next.filter(({ id }) => id !== again)];
    console.log(`${plan.phase}: ${plan.mutants.length - waiting.length} of ${plan.mutants.length} mutants`);
  }
}

/**
 * Runs vitest with the plan, ends it when a mutant takes longer than it may, and returns what the runner wrote.
 *
 * @param {Plan} plan
 * @returns {Promise<any[]>}
 */
async function run(plan) {
  rmSync(plan.results, { force: true });
  const planFile = `${plan.results}.plan`;
  writeFileSync(planFile, JSON.stringify(plan));
  const config = fileURLToPath(new URL('./mutation/vitest.config.js', import.meta.url));
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--root', plan.folder, '--config', config], {
    stdio: ['ignore', openSync(logOf(plan), 'w'), 'inherit'],
    detached: true,
    env: { ...process.env, MARU_MUTATION_PLAN: planFile, NODE_NO_WARNINGS: '1' },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // It leads a group of its own, which ends with us.
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    process.exit(1);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  let over = false;
  ended.then(() => {
    over = true;
    process.off('SIGINT', stop).off('SIGTERM', stop);
  });
  let since = performance.now();
  let lines = 0;
  while (!over) {
    await Promise.race([ended, sleep(500)]);
    const events = eventsIn(plan.results);
    if (events.length !== lines) since = performance.now();
    lines = events.length;
    const allowed = events.at(-1)?.limit ?? Number.POSITIVE_INFINITY;
    if (over || child.pid === undefined) continue;
    if (performance.now() - since > allowed) process.kill(-child.pid, 'SIGKILL');
  }
  return eventsIn(plan.results);
}

/** What vitest says. @param {Plan} plan */
function logOf({ results }) {
  return `${results}.log`;
}

/** @param {string} file @returns {any[]} */
function eventsIn(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

/** @param {string} name @param {number} all @param {Mutant[]} chosen @param {Map<string, Outcome>} outcomes */
function report(name, all, chosen, outcomes) {
  const outcome = (/** @type {Mutant} */ { id }) => outcomes.get(id) ?? 'no coverage';
  const count = (/** @type {Outcome} */ wanted) => chosen.filter((mutant) => outcome(mutant) === wanted).length;
  const missed = chosen.filter((mutant) => ['survived', 'no coverage'].includes(outcome(mutant)));
  for (const mutant of missed.sort((a, b) => a.place.localeCompare(b.place, 'en', { numeric: true }))) {
    console.log(`  ${outcome(mutant)}: ${mutant.place} ${mutant.change}`);
  }
  const score = 1 - missed.length / chosen.length;
  const left = all > 1 ? (all - chosen.length) / (all - 1) : 0;
  const error = Math.sqrt((score * (1 - score) * left) / chosen.length);
  const percent = (/** @type {number} */ part) => (100 * part).toFixed(1);
  console.log(
    `${name}: ${all} mutants, ${chosen.length} tried: ${count('killed')} killed, ${count('timeout')} timed out, ${count('survived')} survived, ${count('no coverage')} not reached; ${percent(score)}% caught, standard error ${percent(error)}`,
  );
}
