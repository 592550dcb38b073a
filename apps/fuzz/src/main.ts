import { parseArgs } from 'node:util';
import { givenOf, runCase, type Tally } from './cases.ts';
import { IsolatedRunner } from './isolated.ts';
import { allReaders } from './readers.ts';

const HELP = `npm run fuzz -- [--cases 100000] [--only csv,npy] [--seed 1] [--replay reader:seed:case] [--list]

Reads damaged copies of valid files with every reader, and resumes trainings at random steps. Each case is refused with a
DataError, or gives something whole; what else comes is printed and makes the command fail.`;

/** Runs the command; the exit code. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      cases: { type: 'string', default: '100000' },
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      replay: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const readers = await allReaders();
  if (values.list) {
    console.log(readers.map(({ name }) => name).join('\n'));
    return 0;
  }
  if (values.replay !== undefined) return replay(values.replay);
  const only = values.only?.split(',') ?? readers.map(({ name }) => name);
  const unknown = only.find((name) => !readers.some((reader) => reader.name === name));
  if (unknown !== undefined) throw new Error(`there is no reader ${unknown}; --list names them`);
  const [cases, seed] = [count('cases', values.cases), count('seed', values.seed)];

  const runner = new IsolatedRunner();
  let problems = 0;
  console.log(row('reader', 'cases', 'refused', 'accepted', 'problems'));
  for (const name of only) {
    const { every = 1 } = readers.find((reader) => reader.name === name)!;
    const to = Math.ceil(cases / every);
    const tally = await runner.run({ reader: name, seed, from: 0, to }, (i) => progress(`${name} ${i}/${to}`));
    progress('');
    console.log(row(name, tally.cases, tally.refused, tally.accepted, tally.problems.length));
    problems += tally.problems.length;
    report(tally);
  }
  await runner.close();
  return problems === 0 ? 0 : 1;
}

/** Runs one case here, so that a debugger can follow it. */
async function replay(which: string): Promise<number> {
  const [name, seed, i] = which.split(':');
  const reader = (await allReaders()).find((reader) => reader.name === name);
  if (reader === undefined || i === undefined) throw new Error(`--replay takes reader:seed:case, got ${which}`);
  console.log(givenOf(reader, count('seed', seed!), count('case', i)));
  const outcome = await runCase(reader, count('seed', seed!), count('case', i));
  console.log(outcome.kind === 'problem' ? `problem: ${outcome.message}` : outcome.kind);
  return outcome.kind === 'problem' ? 1 : 0;
}

/** The first case of each kind of problem, and how many there are. */
function report({ problems }: Tally): void {
  const kinds = new Map<string, typeof problems>();
  for (const problem of problems) {
    const kind = problem.message.split('\n').slice(0, 3).join('\n').replaceAll(/\d+/g, 'N');
    kinds.set(kind, [...(kinds.get(kind) ?? []), problem]);
  }
  for (const [first, ...others] of [...kinds.values()].sort((a, b) => b.length - a.length) as [
    (typeof problems)[number],
    ...typeof problems,
  ][]) {
    const more = others.length === 0 ? '' : ` (and ${others.length} like it)`;
    console.log(
      `\n${first.message}${more}\n  --replay ${first.reader}:${first.seed}:${first.i}\n  ${first.given.slice(0, 2000)}`,
    );
  }
}

function row(name: string, ...cells: (string | number)[]): string {
  return name.padEnd(16) + cells.map((cell) => String(cell).padStart(10)).join('');
}

function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${text.padEnd(40)}\r`);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 24) {
    throw new Error(`--${name} must be an integer from 0 to ${2 ** 24 - 1}, got ${text}`);
  }
  return value;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
