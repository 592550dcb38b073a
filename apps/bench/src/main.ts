/** The command: times every row against its rivals and prints ratios. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { agrees, isOurs, measure, median, type Result, ratioOf } from './measure.ts';
import { installPeers } from './peers.ts';
import { python } from './python.ts';
import type { Row } from './row.ts';
import { rows } from './rows.ts';
import { singles } from './sizes.ts';

const HELP = `Times Maru against other libraries, in turns, one thread each, and checks every answer.

  npm run bench -- [options]

  --only matmul32,mlp   these rows only
  --rounds 9            turns of each contender
  --turn 60             milliseconds of a turn, about
  --json FILE           write all times
  --list                list the rows and stop
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '9' },
      turn: { type: 'string', default: '60' },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.list) {
    for (const { id, title } of rows) console.log(`${id.padEnd(10)} ${title}`);
    return;
  }
  const wanted = values.only?.split(',');
  const unknown = wanted?.filter((id) => !rows.some((row) => row.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`--only: there is no row ${unknown.join(', ')}; see --list`);
  const options = { rounds: Number(values.rounds), turn: Number(values.turn) };
  if (!(options.rounds >= 1) || !(options.turn > 0)) throw new Error('--rounds and --turn must be positive numbers');

  const missing = await installPeers((peer) => console.log(`installing ${peer} to compare with`));
  for (const [peer, reason] of Object.entries(missing))
    if (reason !== null) console.log(`${peer} is absent: ${reason}`);
  console.log(
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; median times, ratios ours / theirs per turn\n`,
  );

  const all: { row: string; results: Result[] }[] = [];
  for (const row of rows.filter(({ id }) => wanted === undefined || wanted.includes(id))) {
    const results = await measure(row, options);
    all.push({ row: row.id, results });
    console.log(tableOf(row, results));
  }
  python.end();
  if (wanted === undefined) {
    for (const { title, value, unit, bound } of await singles()) {
      console.log(`${title}: ${value.toFixed(1)} ${unit} (bound ${bound}: ${value <= bound ? 'met' : 'missed'})`);
    }
  }
  if (values.json !== undefined) {
    const file = resolve(process.env.INIT_CWD ?? '.', values.json);
    await writeFile(file, JSON.stringify({ node: process.version, processor: cpus()[0]?.model, rows: all }, null, 1));
  }
}

/** A table of a row: each contender's time, what ours divided by it is, and whether its bar is met. */
function tableOf(row: Row, results: readonly Result[]): string {
  const table = new Table({
    head: [row.title, 'ms', 'spread', 'ours / theirs', 'bar', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  const ours = results.filter((result) => isOurs(result) && result.error === null);
  const reference = results.find((result) => result.error === null && result.answer.length > 0);
  for (const result of results) {
    if (result.error !== null) {
      table.push([result.name, '', '', '', '', `absent: ${result.error}`]);
      continue;
    }
    const right = reference !== undefined && agrees(row, result, reference);
    const ratios = isOurs(result) ? [] : ours.map((own) => ratioOf(own, result));
    const bar = row.bars.find(({ against }) => against.includes(result.name));
    const verdict =
      bar === undefined || ratios.length === 0 ? '' : ratios.every((r) => r <= bar.ratio) ? 'met' : 'missed';
    table.push([
      result.name,
      median(result.times).toPrecision(3),
      `${Math.min(...result.times).toPrecision(3)}-${Math.max(...result.times).toPrecision(3)}`,
      ratios.map((r) => r.toPrecision(2)).join(', '),
      bar?.ratio ?? '',
      right ? verdict : 'wrong answer',
    ]);
  }
  return table.toString();
}

main().catch((error: Error) => {
  python.end();
  console.error(error.message);
  process.exitCode = 1;
});
