/** One run: peers installed, rows measured one after the other, then growth, starts, sizes and memory. */
import { existsSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { busyShare } from './busy.ts';
import { type Figures, type Group, growsTooFast, isMet, type RowFigures, type ScalingFigures } from './figures.ts';
import { Jobs } from './jobs.ts';
import { type MeasureOptions, sentence } from './measure.ts';
import { ratio, time } from './page/words.ts';
import { installPeers, PEERS } from './peers.ts';
import { rows, waiting } from './rows.ts';
import { scalings } from './scaling.ts';

export interface RunOptions extends MeasureOptions {
  /** The rows that are wanted; all if null. */
  readonly only: readonly string[] | null;
}

/** Seconds that a row may take, and the one scaling. */
const [ROW_LIMIT, LONG_LIMIT, SCALING_LIMIT] = [300, 1800, 60];

const GROUPS = ['cold', 'import', 'install', 'bundle', 'memory'] as const;

/** All that `--only` may name. */
export function jobsOf(): { id: string; title: string }[] {
  return [
    ...rows.map(({ id, title, long }) => ({ id, title: title + (long ? ' (--long)' : '') })),
    { id: 'scaling', title: `the growth of ${scalings.length} algorithms` },
    { id: 'cold', title: 'import, load, predict once' },
    { id: 'import', title: 'the time of importing each package' },
    { id: 'install', title: 'the size of each package on the disk' },
    { id: 'bundle', title: 'what each estimator brings into a page' },
    { id: 'memory', title: 'the most memory of the heavy rows' },
  ];
}

export async function run({ only, ...options }: RunOptions): Promise<Figures> {
  const unknown = only?.filter((id) => !jobsOf().some((job) => job.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`--only: there is no row ${unknown.join(', ')}; see --list`);
  const wanted = (id: string) => only === null || only.includes(id);
  const begin = performance.now();
  const missing = await installPeers((peer) => console.log(`installing ${peer} to compare with`));
  const { versions, absent } = await whoIsThere(missing);
  for (const [name, reason] of Object.entries(absent)) console.log(`${name} is absent: ${reason}`);
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; medians, ratios ours / theirs\n`);

  const before = await busyShare();
  const jobs = new Jobs();
  const found: RowFigures[] = [];
  const scaling: ScalingFigures[] = [];
  const groups: Group[] = [];
  try {
    for (const row of rows.filter(({ id }) => wanted(id))) {
      const reason = reasonAgainst(row, options.long);
      const result: { done: RowFigures } | { failed: string } =
        reason === null
          ? await jobs.run({ row: row.id, options }, row.long ? LONG_LIMIT : ROW_LIMIT)
          : { failed: reason };
      const empty = { id: row.id, title: row.title, contenders: [], absent: {}, open: [] };
      const figures = 'done' in result ? result.done : { ...empty, missing: result.failed };
      found.push(figures);
      console.log(printed(figures));
    }
    for (const { id, title, package: name } of only === null ? waiting : []) {
      found.push({ id, title, contenders: [], absent: {}, open: [], missing: `there is no package ${name} yet` });
    }
    if (wanted('scaling')) {
      for (const { id, title } of scalings) {
        const result = await jobs.run<ScalingFigures>({ scaling: id }, SCALING_LIMIT);
        if ('done' in result) scaling.push(result.done);
        console.log('done' in result ? grown(result.done) : `${title}: ${result.failed}`);
      }
    }
  } finally {
    jobs.end();
  }
  for (const id of GROUPS.filter(wanted)) {
    try {
      const group = await groupOf(id, options);
      groups.push(group);
      console.log(`\n${group.title}`);
      for (const one of group.entries) console.log(`  ${one.name}: ${one.value.toPrecision(3)} ${group.unit}`);
      for (const [name, why] of Object.entries(group.absent)) console.log(`  ${name}: ${why}`);
    } catch (error) {
      console.log(`${id} failed: ${sentence(error)}`);
      groups.push({ id, title: id, unit: 'ms', bound: null, entries: [], absent: { all: sentence(error) } });
    }
  }
  const busy = Math.max(before, await busyShare());
  if (busy > 0.1) console.log(`\nOther programs had ${Math.round(100 * busy)}% of the cores: these times tell little.`);
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(`\n${seconds} s`);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      processor: (cpus()[0]?.model ?? 'unknown processor').replace(/\s+/g, ' ').trim(),
      cores: cpus().length,
      memory: Math.round(totalmem() / 2 ** 30),
      system: type(),
    },
    node: process.version,
    rounds: options.rounds,
    turn: options.turn,
    seconds,
    busy,
    ...{ versions, absent, rows: found, scaling, groups },
  };
}

function reasonAgainst({ long, data }: (typeof rows)[number], all: boolean): string | null {
  if (long && !all) return 'only with --long';
  if (data === undefined) return null;
  const folder = process.env.MARU_DATA;
  return folder !== undefined && existsSync(join(folder, data)) ? null : `needs --data with ${data}`;
}

async function groupOf(id: Group['id'], { rounds, long }: MeasureOptions): Promise<Group> {
  switch (id) {
    case 'cold':
      return (await import('./groups/cold.ts')).coldStarts(rounds);
    case 'import':
      return (await import('./groups/imports.ts')).importTimes(Math.min(rounds, 5));
    case 'install':
      return (await import('./groups/installs.ts')).installSizes();
    case 'bundle':
      return (await import('./groups/bundles.ts')).bundles();
    case 'memory':
      return (await import('./groups/memory.ts')).memoryPeaks(rows.filter((row) => reasonAgainst(row, long) === null));
  }
}

/** The versions of peers and of Python's libraries, and why others are absent. */
async function whoIsThere(peers: Record<string, string | null>): Promise<Pick<Figures, 'versions' | 'absent'>> {
  const versions: Record<string, string> = {};
  const absent: Record<string, string> = {};
  for (const [name, error] of Object.entries(peers)) {
    if (error !== null) absent[name] = error;
    else versions[name] = PEERS[name as keyof typeof PEERS][0].split('@').at(-1)!;
  }
  try {
    const { outputOf } = await import('./groups/fresh.ts');
    const { pythonCommand } = await import('./python.ts');
    const python = await outputOf<Record<string, string>>({ command: pythonCommand('versions') });
    for (const [name, version] of Object.entries(python))
      (version.includes('Error') ? absent : versions)[name] = version;
  } catch (error) {
    absent.Python = sentence(error);
  }
  return { versions, absent };
}

/** A table of a row: each contender's time, what ours divided by it is, and whether its bar is met. */
function printed(row: RowFigures): string {
  if (row.missing !== undefined) return `${row.title}: ${row.missing}\n`;
  const table = new Table({
    head: [row.title, 'median', 'spread', 'ours / theirs', 'bar', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const one of row.contenders) {
    const met = isMet(one);
    const verdict = met === null ? '' : met ? 'met' : 'missed';
    table.push([
      one.name,
      time(one.ms),
      `${time(one.low)} - ${time(one.high)}`,
      ratio(one),
      one.bar ?? '',
      one.right === false ? `wrong answer, off by ${one.off}` : verdict,
    ]);
  }
  for (const [name, error] of Object.entries(row.absent)) table.push([name, '', '', '', '', `absent: ${error}`]);
  return table.toString();
}

function grown(one: ScalingFigures): string {
  const flag = growsTooFast(one) ? '  GROWS TOO FAST' : '';
  const times = one.ms.map(time).join(', ');
  return `${one.title}: n^${one.exponent.toFixed(2)}, stated ${one.cost} (n^${one.stated.toFixed(2)}); ${times}${flag}`;
}
