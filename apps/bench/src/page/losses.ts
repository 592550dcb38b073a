/** What is lost and against whom. */
import {
  type ContenderFigures,
  type Figures,
  type Group,
  growsTooFast,
  isMet,
  type RowFigures,
  type Single,
  worstRatio,
} from '../figures.ts';
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

/** The groups of figures in which some of ours are above the bound, each with these, the worst first. */
function aboveBounds({ groups }: Figures): (Group & { bound: number; ours: number; above: Single[] })[] {
  return groups.flatMap((group) => {
    const { bound } = group;
    if (bound === null) return [];
    const ours = group.entries.filter(({ side }) => side === 'ours');
    const above = ours.filter(({ value }) => value > bound).sort((a, b) => b.value - a.value);
    return above.length === 0 ? [] : [{ ...group, bound, ours: ours.length, above }];
  });
}

/** The same in short: how many of each group, and the worst. */
export function boundsMissed(figures: Figures): string {
  return aboveBounds(figures)
    .map(({ title, unit, bound, ours, above: [worst, ...others] }) => {
      const most = `${number(worst!.value)} ${unit} (${worst!.name})`;
      return `${title}: ${others.length + 1} of ${ours}, up to ${most}, the bound is ${number(bound)} ${unit}`;
    })
    .join('; ');
}

/** One line for each kind of loss; a line says so where there is none. */
export function losses(figures: Figures): string[] {
  const wrong = pairs(figures, ({ side, right }) => side === 'ours' && right === false);
  const [js, python, shipped] = (['js', 'python', 'shipped'] as const).map((side) => fasterThanOurs(figures, side));
  const fast = figures.scaling.filter(growsTooFast);
  const lines: [string, string][] = [
    ['Our wrong answers', wrong.map(([row, one]) => `${row.title} (${one.name}, off by ${one.off ?? '?'})`).join('; ')],
    ['Bars that are missed', barsMissed(figures)],
    ['Slower than a library of this language', listed(js!)],
    ['Slower than Python on one thread', listed(python!)],
    ['Slower than Python as shipped', listed(shipped!)],
    ...aboveBounds(figures).map(({ title, unit, above }): [string, string] => [
      `Above the bound: ${title}`,
      above.map(({ name, value }) => `${name} ${number(value)} ${unit}`).join('; '),
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
