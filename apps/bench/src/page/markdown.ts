/** docs/benchmarks.md, from the figures of a run. */
import { type Figures, type Group, growsTooFast, type RowFigures, type Single } from '../figures.ts';
import { tried } from '../tried.ts';
import { barsMet, losses } from './losses.ts';
import { triedParts } from './tried.ts';
import { against, disturbance, machine, number, ours, rivals, table, time } from './words.ts';

export const PLOTS = { ratios: 'benchmarks/ratios.svg', scaling: 'benchmarks/scaling.svg' } as const;

export function pageText(figures: Figures): string {
  return `${[
    '# Benchmarks',
    `Written by \`npm run bench -- --page\` on ${figures.date}: ${machine(figures)}.`,
    'Every library of a row works on the same numbers, in turns, in one process (Python in two others: one held to a thread and AVX2, ' +
      `one as it comes). Times are medians of up to ${figures.rounds} rounds, ratios medians of the rounds' ratios, ours divided by ` +
      "theirs: below 1 we are faster. Ours and those of this language run on one thread (tfjs and jax-js use no others in Node). Answers are checked against Python's, or ours where there is none.",
    ...disturbance(figures),
    '## What is lost',
    losses(figures).join('\n'),
    barsMet(figures),
    ...triedParts(figures, tried),
    '## All rows',
    `![Ours divided by theirs, for each row](${PLOTS.ratios})`,
    table(
      ['work', 'ours', 'ours / this language', 'ours / Python, one thread', 'ours / Python as shipped'],
      'lrlll',
      figures.rows.map(rowCells),
    ),
    '## Growth',
    'Each algorithm at five sizes, each twice the one before: the slope of log time over log n, beside that of the stated cost over the same n.',
    `![Time over size for each algorithm](${PLOTS.scaling})`,
    table(
      ['algorithm', 'n', 'time', 'stated', 'its slope', 'slope', ''],
      'lrrlrrl',
      figures.scaling.map((one) => [
        ...[one.title, `${one.n[0]} - ${one.n.at(-1)}`, `${time(one.ms[0]!)} - ${time(one.ms.at(-1)!)}`, one.cost],
        ...[one.stated.toFixed(2), one.exponent.toFixed(2), growsTooFast(one) ? '**too fast**' : ''],
      ]),
    ),
    ...figures.groups.flatMap(groupParts),
    '## Every time',
    '<details><summary>All libraries of all rows</summary>',
    table(
      ['work', 'library', 'median', 'from', 'to', 'rounds', 'answer', ''],
      'llrrrrll',
      figures.rows.flatMap(timesOf),
    ),
    '</details>',
    '## Who took part',
    versionsText(figures),
  ].join('\n\n')}\n`;
}

function rowCells(row: RowFigures): string[] {
  const own = ours(row);
  if (own === undefined) return [row.title, '', row.missing ?? Object.values(row.absent)[0] ?? '', '', ''];
  const cell = (side: 'js' | 'python' | 'shipped') =>
    rivals(row, side)
      .map((one) => against(one, true))
      .join(', ');
  const wrong = own.right === false ? ' **wrong answer**' : '';
  return [row.title, time(own.ms) + wrong, cell('js'), cell('python'), cell('shipped')];
}

function timesOf(row: RowFigures): string[][] {
  const answers = { true: 'right', false: '**wrong**', null: 'not compared' };
  return [
    ...row.contenders.map((one) => [
      ...[row.title, one.name, time(one.ms), time(one.low), time(one.high), String(one.rounds)],
      answers[`${one.right}`] + (one.off === null || one.off === 0 ? '' : `, off by ${one.off}`),
      one.note ?? '',
    ]),
    ...Object.entries(row.absent).map(([name, error]) => [row.title, name, '', '', '', '', 'absent', error]),
  ];
}

function groupParts({ id, title, unit, bound, entries, absent }: Group): string[] {
  const sorted = [...entries].sort((a, b) => order(a) - order(b));
  const limit = (one: Single) =>
    bound === null || one.side !== 'ours' ? '' : one.value <= bound ? 'met' : '**missed**';
  const notes = entries.some(({ note }) => note !== undefined);
  return [
    `## ${title}`,
    ...(bound === null ? [] : [`${id === 'bundle' ? 'Bound for each of ours' : 'Bound'}: ${bound} ${unit}.`]),
    table(
      ['', unit, ...(bound === null ? [] : ['bound']), ...(notes ? [''] : [])],
      `lr${bound === null ? '' : 'l'}${notes ? 'l' : ''}`,
      sorted.map((one) => [
        one.name,
        number(one.value),
        ...(bound === null ? [] : [limit(one)]),
        ...(notes ? [one.note ?? ''] : []),
      ]),
    ),
    ...(Object.keys(absent).length === 0
      ? []
      : [
          Object.entries(absent)
            .map(([name, why]) => `${name}: ${why}`)
            .join('; '),
        ]),
  ];
}

function order({ side }: Single): number {
  return side === 'ours' ? 0 : 1;
}

function versionsText({ versions, absent }: Figures): string {
  const present = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const missing = Object.entries(absent).map(([name, error]) => `- ${name}: ${error}`);
  return [
    `${present.join(', ')}.`,
    missing.length === 0 ? 'Nobody was absent.' : `Absent:\n\n${missing.join('\n')}`,
  ].join('\n\n');
}
