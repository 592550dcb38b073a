import type { Contender, Ready, Row } from './row.ts';

/** The times of a contender in milliseconds, or why there are none. */
export interface Result {
  name: string;
  /** One median per round; the contenders of a round ran one after the other. */
  times: number[];
  answer: number[];
  error: string | null;
}

export interface MeasureOptions {
  /** Rounds in which each contender has its turn. */
  rounds: number;
  /** Milliseconds of a turn, about. */
  turn: number;
}

/** Times all contenders of a row in turns A B C A B C, so that a machine that slows down slows all of them. */
export async function measure(row: Row, { rounds, turn }: MeasureOptions): Promise<Result[]> {
  const results = row.contenders.map(({ name }): Result => ({ name, times: [], answer: [], error: null }));
  const ready: (Ready | null)[] = [];
  const counts: number[] = [];
  for (const [i, contender] of row.contenders.entries()) {
    try {
      ready.push(await contender.setUp());
      counts.push(await warmUp(ready[i]!, turn));
    } catch (error) {
      ready[i] = null;
      counts[i] = 0;
      results[i]!.error = sentence(error);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, one] of ready.entries()) {
      if (one !== null) results[i]!.times.push(await timeOf(one, counts[i]!));
    }
  }
  for (const [i, one] of ready.entries()) {
    if (one === null) continue;
    try {
      results[i]!.answer = await one.answer();
    } catch (error) {
      results[i]!.error = sentence(error);
    }
    one.end?.();
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of the rounds' ratios of ours to theirs. */
export function ratioOf(ours: Result, theirs: Result): number {
  return median(ours.times.map((time, round) => time / theirs.times[round]!));
}

/** Runs until the code is compiled, and says how many runs fill a turn. */
async function warmUp(one: Ready, turn: number): Promise<number> {
  const begin = performance.now();
  let runs = 0;
  while (runs < 3 || (performance.now() - begin < 2 * turn && runs < 100_000)) {
    await one.run();
    runs++;
  }
  return Math.max(1, Math.round((runs * turn) / (performance.now() - begin)));
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

/** Whether an answer agrees with the row's reference, the first contender's that has one. */
export function agrees(row: Row, result: Result, reference: Result): boolean {
  if (!result.answer.every(Number.isFinite) || result.answer.length === 0) return false;
  if (row.tolerance === null) return true;
  const scale = Math.max(...reference.answer.map(Math.abs));
  return (
    result.answer.length === reference.answer.length &&
    result.answer.every((value, i) => Math.abs(value - reference.answer[i]!) <= row.tolerance! * scale)
  );
}

export function isOurs({ name }: Contender | Result): boolean {
  return name === 'maru' || name.startsWith('maru ');
}

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.slice(0, 160);
}
