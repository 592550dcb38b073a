/** The command: times every row against its rivals, prints ratios and writes the pages. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkPages, readFigures, writePages } from './pages.ts';

const HELP = `Times Maru against other libraries, in turns, one thread each, and checks every answer.

  npm run bench -- [options]

  --only matmul32,mlp   these rows only; 'scaling', 'cold', 'import', 'install', 'bundle' and 'memory' are rows too
  --rounds 9            turns of each contender
  --turn 60             milliseconds of a turn, about
  --long                the rows that take minutes too
  --data FOLDER         a folder with real data (nsmc)
  --json FILE           write all figures
  --page                write docs/benchmarks.md, its plots, and the README's table
  --write               the same from docs/benchmarks.json, without measuring
  --check               say whether they are what docs/benchmarks.json gives
  --list                list the rows and stop
`;

const root = fileURLToPath(new URL('../../..', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '9' },
      turn: { type: 'string', default: '60' },
      long: { type: 'boolean', default: false },
      data: { type: 'string' },
      json: { type: 'string' },
      page: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.check) {
    const problems = await checkPages(root);
    for (const problem of problems) console.error(problem);
    process.exitCode = problems.length > 0 ? 1 : 0;
    return;
  }
  if (values.write) return writePages(root, await readFigures(root));
  if (values.list) {
    const { jobsOf } = await import('./run.ts');
    for (const { id, title } of jobsOf()) console.log(`${id.padEnd(16)} ${title}`);
    return;
  }
  if (values.page && values.only !== undefined) throw new Error('--page needs all rows, so it does not go with --only');
  const options = { rounds: Number(values.rounds), turn: Number(values.turn), long: values.long };
  if (!Number.isInteger(options.rounds) || options.rounds < 1 || !(options.turn > 0)) {
    throw new Error('--rounds must be an integer and --turn a number, both above 0');
  }
  if (values.data !== undefined) {
    process.env.MARU_DATA = resolve(process.env.INIT_CWD ?? '.', values.data);
    if (!existsSync(process.env.MARU_DATA)) throw new Error(`--data: there is no folder ${values.data}`);
  }
  const { run } = await import('./run.ts');
  const figures = await run({ ...options, only: values.only?.split(',') ?? null });
  if (values.json !== undefined) {
    const file = resolve(process.env.INIT_CWD ?? '.', values.json);
    await writeFile(file, `${JSON.stringify(figures)}\n`);
  }
  if (values.page) {
    await writePages(root, figures);
    console.log('docs/benchmarks.md, its plots and the table in README.md are written');
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
