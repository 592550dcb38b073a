import { exponentOf, type ScalingFigures, short } from './figures.ts';

/** An algorithm with a stated cost, at five sizes, each twice the one before. */
export interface Scaling {
  readonly id: string;
  readonly title: string;
  /** The smallest size. */
  readonly from: number;
  /** The cost as its docstring states it, up to a factor. */
  readonly cost: string;
  readonly costOf: (n: number) => number;
  /** Makes what the work needs, and returns the work. */
  readonly prepare: (n: number) => () => unknown;
}

const DOUBLINGS = 4;
/** Milliseconds for each size, about, and runs of it at most. */
const [TIME, RUNS] = [150, 50];

/**
 * Times all sizes, each by its fastest run, and fits the exponent. The processor's time is taken, which other programs disturb less;
 * the least of it is a microsecond.
 */
export function scale({ id, title, from, cost, costOf, prepare }: Scaling): ScalingFigures {
  const n = Array.from({ length: DOUBLINGS + 1 }, (_, i) => from * 2 ** i);
  const work = n.map(prepare);
  // Code is compiled before anything is timed.
  for (const run of work.slice(0, 2)) fastest(run);
  const ms = work.map((run) => short(fastest(run)));
  return {
    ...{ id, title, cost, n, ms },
    exponent: Number(exponentOf(n, ms).toFixed(2)),
    stated: Number(exponentOf(n, n.map(costOf)).toFixed(2)),
  };
}

function fastest(run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let runs = 0; runs < 2 || (runs < RUNS && spent < TIME); runs++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    const ms = Math.max(user + system, 1) / 1000;
    spent += ms;
    least = Math.min(least, ms);
  }
  return least;
}
