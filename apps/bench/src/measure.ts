import type { Contender, Ready, Row, Side } from './row.ts';
import { sideOf } from './row.ts';

/** The times of a contender in milliseconds, or why there are none. */
export interface Result {
  name: string;
  side: Side;
  /** One median per round; the contenders of a round ran one after the other. A slow one sits out the last rounds. */
  times: number[];
  answer: number[];
  error: string | null;
}

export interface MeasureOptions {
  /** Rounds in which each contender has its turn. */
  rounds: number;
  /** Milliseconds of a turn, about. */
  turn: number;
  long: boolean;
}

/** Milliseconds that a contender may take in nine rounds; a slower one has fewer of them. */
const ALLOWANCE = 3500;

/** Times all contenders of a row in turns A B C A B C, so that a machine that slows down slows all of them. */
export async function measure(row: Row, { rounds, turn, long }: MeasureOptions): Promise<Result[]> {
  const contenders = row.contenders.filter((contender) => long || contender.long !== true);
  const results = contenders.map((contender) => emptyResult(contender));
  const ready: ({ one: Ready; count: number; rounds: number } | null)[] = [];
  for (const [i, contender] of contenders.entries()) {
    try {
      const one = await contender.setUp();
      const time = await warmUp(one, turn);
      ready[i] = { one, count: Math.max(1, Math.round(turn / time)), rounds: roundsOf(time, rounds) };
    } catch (error) {
      ready[i] = null;
      results[i]!.error = sentence(error);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, entry] of ready.entries()) {
      if (entry === null || round >= entry.rounds) continue;
      try {
        results[i]!.times.push(await timeOf(entry.one, entry.count));
      } catch (error) {
        ready[i] = null;
        results[i]!.error = sentence(error);
      }
    }
  }
  for (const [i, entry] of ready.entries()) {
    if (entry === null) continue;
    try {
      results[i]!.answer = await entry.one.answer();
      entry.one.end?.();
    } catch (error) {
      results[i]!.error = sentence(error);
    }
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of the ratios of ours to theirs in the rounds that both were in. */
export function ratioOf(ours: Result, theirs: Result): number {
  const rounds = Math.min(ours.times.length, theirs.times.length);
  return median(Array.from({ length: rounds }, (_, round) => ours.times[round]! / theirs.times[round]!));
}

/** How many rounds a contender has that takes so long: at least three, one if even they would take too long. */
export function roundsOf(time: number, rounds: number): number {
  const allowed = (ALLOWANCE * rounds) / 9;
  if (time > allowed) return 1;
  return Math.min(rounds, Math.max(3, Math.floor(allowed / time)));
}

/** Runs until the code is compiled, or for a second; returns the milliseconds of a run. */
async function warmUp(one: Ready, turn: number): Promise<number> {
  const begin = performance.now();
  let runs = 0;
  for (;;) {
    await one.run();
    runs++;
    const elapsed = performance.now() - begin;
    if (elapsed > 1000 || (runs >= 3 && elapsed > 2 * turn) || runs >= 100_000) return elapsed / runs;
  }
}

/** The time of one run: a contender that times itself returns milliseconds as `{ ms }`. */
async function timeOf(one: Ready, count: number): Promise<number> {
  const times: number[] = [];
  const batch = Math.max(1, Math.floor(count / 5));
  for (let done = 0; done < count; done += batch) {
    const begin = performance.now();
    let own = 0;
    let told = false;
    for (let i = 0; i < batch; i++) {
      const result = one.run();
      const value = result instanceof Promise ? await result : result;
      const ms = (value as { ms?: number } | undefined)?.ms;
      if (typeof ms === 'number') {
        own += ms;
        told = true;
      }
    }
    times.push((told ? own : performance.now() - begin) / batch);
  }
  return median(times);
}

/** By whom answers are judged: Python on one thread where it takes part, else the first contender with an answer that is meant to be the same. */
export function referenceOf(row: Row, results: readonly Result[]): Result | undefined {
  const fit = results.filter(
    ({ name, error, answer }) =>
      error === null &&
      answer.length > 0 &&
      row.contenders.find((contender) => contender.name === name)?.unchecked === undefined,
  );
  return fit.find(({ side }) => side === 'python') ?? fit[0];
}

/** The largest difference of an answer from the reference, relative to its largest number; Infinity for what is no answer. */
export function offBy(answer: readonly number[], reference: readonly number[]): number {
  if (answer.length === 0 || answer.length !== reference.length || !answer.every(Number.isFinite)) {
    return Number.POSITIVE_INFINITY;
  }
  const scale = Math.max(...reference.map(Math.abs), Number.MIN_VALUE);
  return Math.max(...answer.map((value, i) => Math.abs(value - reference[i]!))) / scale;
}

function emptyResult(contender: Contender): Result {
  return { name: contender.name, side: sideOf(contender), times: [], answer: [], error: null };
}

export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.slice(0, 160);
}
