/** What was tried for the bars that a run missed. */
import { type Figures, isMet } from '../figures.ts';
import type { Tried } from '../tried.ts';
import { number, table } from './words.ts';

/** A bar that is missed, under its key in `tried`. */
interface Missed {
  readonly key: string;
  readonly title: string;
  /** Whom the bar is against; null for a bound. */
  readonly rival: string | null;
}

function missedBars({ rows, groups }: Figures): Missed[] {
  return [
    ...rows.flatMap(({ id, title, contenders }) =>
      contenders
        .filter((one) => isMet(one) === false)
        .map(({ name }) => ({ key: id, title: `${title}, against ${name}`, rival: name })),
    ),
    ...groups.flatMap(({ bound, entries }) =>
      entries
        .filter(({ side, value }) => side === 'ours' && bound !== null && value > bound)
        .map(({ name }) => ({ key: name, title: name, rival: null })),
    ),
  ];
}

/** A line for each alternative, and which of the missed bars have none; nothing where no bar is missed. */
export function triedParts(figures: Figures, tried: Readonly<Record<string, readonly Tried[]>>): string[] {
  const missed = missedBars(figures).map((bar) => ({
    ...bar,
    entries: (tried[bar.key] ?? []).filter(({ of = null }) => of === bar.rival),
  }));
  if (missed.length === 0) return [];
  const lines = missed.flatMap(({ title, entries }) =>
    entries.flatMap(({ unit, kept, instead }) => {
      const figure = (value: number) => number(value) + (unit === undefined ? '' : ` ${unit}`);
      return Object.entries(instead).map(([what, value]) => [title, what, figure(value), figure(kept)]);
    }),
  );
  const untold = missed.filter(({ entries }) => entries.length === 0).map(({ title }) => title);
  return [
    '## What was tried',
    'For bars that are missed: alternatives beside what is kept. Figures against a rival are ratios between our own variants times the ratio of an earlier run; sizes are those of bundles with parts left out.',
    ...(lines.length === 0 ? [] : [table(['bar', 'tried instead', 'its figure', 'kept'], 'llrr', lines)]),
    ...(untold.length === 0 ? [] : [`Without alternatives so far: ${untold.join('; ')}.`]),
  ];
}
