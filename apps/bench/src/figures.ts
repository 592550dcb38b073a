/** What a run found, as it stands in docs/benchmarks.json: everything that the pages are written from. */
import { median, offBy, type Result, ratioOf, referenceOf } from './measure.ts';
import type { Bar, Row, Side } from './row.ts';

export interface ContenderFigures {
  readonly name: string;
  readonly side: Side;
  readonly note?: string;
  /** Median, smallest and largest of the rounds, in milliseconds. */
  readonly ms: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
  /** Whether its answer is right: null where it cannot be compared. */
  readonly right: boolean | null;
  /** How far its answer is from the reference, relative to the largest number. */
  readonly off: number | null;
  /** Ours divided by theirs, for each of ours; the median of the rounds. */
  readonly ratios?: readonly number[];
  readonly bar?: number;
}

export interface RowFigures {
  readonly id: string;
  readonly title: string;
  readonly contenders: readonly ContenderFigures[];
  /** Who was to take part and why it did not. */
  readonly absent: Readonly<Record<string, string>>;
  /** Bars that nobody was there for. */
  readonly open: readonly Bar[];
  /** Why the whole row is missing. */
  readonly missing?: string;
}

export interface ScalingFigures {
  readonly id: string;
  readonly title: string;
  readonly cost: string;
  readonly n: readonly number[];
  readonly ms: readonly number[];
  /** The slope of log time over log n, and that of the stated cost over the same n. */
  readonly exponent: number;
  readonly stated: number;
}

/** One figure of one library: a start, an import, a size. */
export interface Single {
  readonly name: string;
  readonly side: Side;
  readonly value: number;
  readonly note?: string;
}

/** Figures that belong together, in one unit, and what ours must not exceed. */
export interface Group {
  readonly id: 'cold' | 'import' | 'install' | 'bundle' | 'memory';
  readonly title: string;
  readonly unit: 'ms' | 'KB' | 'MB';
  readonly bound: number | null;
  readonly entries: readonly Single[];
  readonly absent: Readonly<Record<string, string>>;
}

export interface Figures {
  readonly date: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memory: number;
    readonly system: string;
  };
  readonly node: string;
  readonly rounds: number;
  readonly turn: number;
  readonly seconds: number;
  /** The share of the cores that other programs had before and after, the larger one. */
  readonly busy: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly absent: Readonly<Record<string, string>>;
  readonly rows: readonly RowFigures[];
  readonly scaling: readonly ScalingFigures[];
  readonly groups: readonly Group[];
}

/** Four digits are more than any time has. */
export function short(value: number): number {
  return Number(value.toPrecision(4));
}

/** The figures of a row from its times and answers. */
export function rowFigures(row: Row, results: readonly Result[]): RowFigures {
  const done = results.filter(({ error }) => error === null);
  const ours = done.filter(({ side }) => side === 'ours');
  const reference = referenceOf(row, done);
  const contenders = done.map((result): ContenderFigures => {
    const { note, unchecked } = row.contenders.find(({ name }) => name === result.name)!;
    const bar = row.bars.find(({ against }) => against.includes(result.name));
    const off = reference === undefined ? Number.POSITIVE_INFINITY : offBy(result.answer, reference.answer);
    const finite = result.answer.length > 0 && result.answer.every(Number.isFinite);
    return {
      name: result.name,
      side: result.side,
      ...(note === undefined ? {} : { note }),
      ms: short(median(result.times)),
      low: short(Math.min(...result.times)),
      high: short(Math.max(...result.times)),
      rounds: result.times.length,
      right: unchecked === undefined ? off <= row.tolerance : finite ? null : false,
      off: unchecked === undefined && Number.isFinite(off) ? Number(off.toPrecision(2)) : null,
      ...(result.side === 'ours' || ours.length === 0
        ? {}
        : { ratios: ours.map((own) => short(ratioOf(own, result))) }),
      ...(bar === undefined ? {} : { bar: short(bar.ratio) }),
    };
  });
  const absent = results.filter(({ error }) => error !== null).map(({ name, error }) => [name, error!]);
  const open = row.bars.filter(({ against }) => !done.some(({ name }) => against.includes(name)));
  return { id: row.id, title: row.title, contenders, absent: Object.fromEntries(absent), open };
}

/** Whether ours meets the bar of a rival; null where there is none. All of ours must. */
export function isMet({ bar, ratios }: ContenderFigures): boolean | null {
  return bar === undefined || ratios === undefined ? null : ratios.every((ratio) => ratio <= bar);
}

/** Ours divided by theirs where we have one way to do the work, the slowest of them where there are several. */
export function worstRatio({ ratios }: ContenderFigures): number | null {
  return ratios === undefined || ratios.length === 0 ? null : Math.max(...ratios);
}

/** The slope of the line of least squares through the logarithms: the exponent e of t = c nᵉ. */
export function exponentOf(n: readonly number[], t: readonly number[]): number {
  const [x, y] = [n.map(Math.log), t.map(Math.log)];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [xMean, yMean] = [mean(x), mean(y)];
  const xy = x.reduce((sum, value, i) => sum + (value - xMean) * (y[i]! - yMean), 0);
  return xy / x.reduce((sum, value) => sum + (value - xMean) ** 2, 0);
}

/** Whether work grows clearly faster than its stated cost. */
export function growsTooFast({ exponent, stated }: Pick<ScalingFigures, 'exponent' | 'stated'>): boolean {
  return exponent > stated + 0.35;
}
