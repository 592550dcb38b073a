/** What is lost and against whom. */
import { type ContenderFigures, type Figures, growsTooFast, isMet, type RowFigures, worstRatio } from '../figures.ts';
import { number, ratio } from './words.ts';

/** Within a tenth two times are equal on a machine that has other work. */
const EVEN = 1.1;

/** So many are told of each kind. */
const MOST = 12;

type Pair = readonly [row: RowFigures, rival: ContenderFigures];

function pairs({ rows }: Figures, keep: (rival: ContenderFigures) => boolean): Pair[] {
  return rows.flatMap((row) => row.contenders.filter(keep).map((rival): Pair => [row, rival]));
}

/** Rivals of a side that are faster than ours and right, the largest loss first. */
export function fasterThanOurs(figures: Figures, side: ContenderFigures['side']): Pair[] {
  return pairs(figures, (one) => one.side === side && one.right !== false && (worstRatio(one) ?? 0) > EVEN).sort(
    (a, b) => worstRatio(b[1])! - worstRatio(a[1])!,
  );
}

function listed(found: readonly Pair[]): string {
  return found.map(([row, one]) => `${row.title}: ${ratio(one)} of ${one.name.replace(' as shipped', '')}`).join('; ');
}

/** Of how many bars how many are met. */
export function barsMet({ rows }: Figures): string {
  const bars = rows.flatMap(({ contenders }) => contenders.map(isMet).filter((met) => met !== null));
  const open = rows.reduce((sum, row) => sum + row.open.length, 0);
  const nobody = open > 0 ? `; ${open} more had nobody to be held against` : '';
  return `Of ${bars.length} bars, ${bars.filter(Boolean).length} are met${nobody}.`;
}

/** The bars that are missed, the worst first. */
export function barsMissed(figures: Figures): string {
  const missed = pairs(figures, (one) => isMet(one) === false).sort(([, a], [, b]) => excess(b) - excess(a));
  return missed
    .map(([row, one]) => `${row.title}: ${ratio(one)} of ${one.name}, the bar is ${number(one.bar!)}`)
    .join('; ');
}

/** One line for each kind of loss; a line says so where there is none. */
export function losses(figures: Figures): string[] {
  const wrong = pairs(figures, ({ side, right }) => side === 'ours' && right === false);
  const [js, python, shipped] = (['js', 'python', 'shipped'] as const).map((side) => fasterThanOurs(figures, side));
  const over = figures.groups.flatMap(({ bound, unit, title, entries }) =>
    entries
      .filter(({ side, value }) => side === 'ours' && bound !== null && value > bound)
      .sort((a, b) => b.value - a.value)
      .map(({ name, value }) => ({ title, text: `${name} ${number(value)} ${unit}` })),
  );
  const titles = [...new Set(over.map(({ title }) => title))];
  const fast = figures.scaling.filter(growsTooFast);
  const lines: [string, string][] = [
    ['Our wrong answers', wrong.map(([row, one]) => `${row.title} (${one.name}, off by ${one.off ?? '?'})`).join('; ')],
    ['Bars that are missed', barsMissed(figures)],
    ['Slower than a library of this language', listed(js!)],
    ['Slower than Python on one thread', listed(python!)],
    ['Slower than Python as shipped', listed(shipped!)],
    ...titles.map((title): [string, string] => [
      `Above the bound: ${title}`,
      over
        .filter((one) => one.title === title)
        .map(({ text }) => text)
        .join('; '),
    ]),
    [
      'Growing faster than stated',
      fast.map(({ title, exponent, stated }) => `${title}: n^${exponent}, stated n^${stated}`).join('; '),
    ],
    [
      'Not measured',
      figures.rows
        .filter(({ missing }) => missing)
        .map(({ title, missing }) => `${title} (${missing})`)
        .join('; '),
    ],
  ];
  return lines.map(([what, found]) => `- ${what}: ${cut(found) || 'none'}.`);
}

/** How many times the bar a ratio is. */
function excess(one: ContenderFigures): number {
  return worstRatio(one)! / one.bar!;
}

/** The first of a list, and how many more there are: the tables below have them all. */
function cut(text: string): string {
  const all = text.split('; ');
  return all.length <= MOST ? text : `${all.slice(0, MOST).join('; ')}; and ${all.length - MOST} more`;
}
