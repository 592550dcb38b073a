/** What the browser's trace tells of a fit. */

/** The marks between which the fit lies. */
export const BEGIN = 'fit begins';
export const END = 'fit ends';

/** An event of the trace; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** How long it had a processor. */
  readonly tdur?: number;
}

/** The longest task of the page's thread between the marks, in milliseconds of processor time, and how long it was on the clock. */
export function longestTask(events: readonly TraceEvent[]): { longest: number; onClock: number } {
  const begin = events.find(({ name }) => name === BEGIN);
  const end = events.find(({ name }) => name === END);
  if (begin === undefined || end === undefined) throw new Error('the trace holds no marks of the fit');
  const tasks = events.filter(
    ({ name, tid, pid, ts, dur = 0 }) =>
      name.endsWith('RunTask') && tid === begin.tid && pid === begin.pid && ts + dur >= begin.ts && ts <= end.ts,
  );
  const longest = tasks.reduce((a, b) => ((b.tdur ?? 0) > (a.tdur ?? 0) ? b : a));
  return { longest: (longest.tdur ?? 0) / 1000, onClock: (longest.dur ?? 0) / 1000 };
}
