import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { nextTurn, type Progress, runSteps, runStepsAsync, type Steps } from '../src/index.ts';

/** Adds 1 to `total`, each step taking `ms`; pauses once within each step. Notes when it is closed. */
function* count(total: number, ms = 0, log: string[] = []): Steps<number> {
  try {
    for (let step = 1; step <= total; step++) {
      const end = performance.now() + ms;
      while (performance.now() < end);
      yield;
      if ((yield { step, total, unit: 'step', metrics: { sum: step } }) === false) return step;
    }
    return total;
  } finally {
    log.push('closed');
  }
}

describe('runSteps', () => {
  it('runs to the end, telling of every step and of no pause', () => {
    const seen: Progress[] = [];
    expect(runSteps(count(3), (progress) => void seen.push(progress))).toBe(3);
    expect(seen.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(seen[1]).toEqual({ step: 2, total: 3, unit: 'step', metrics: { sum: 2 } });
    expect(runSteps(count(3))).toBe(3);
  });

  it('stops when onProgress returns false, and keeps what there is', () => {
    const log: string[] = [];
    expect(runSteps(count(10, 0, log), ({ step }) => step < 4)).toBe(4);
    expect(log).toEqual(['closed']);
  });

  it('closes the steps when onProgress throws', () => {
    const log: string[] = [];
    const run = () =>
      runSteps(count(10, 0, log), () => {
        throw new RangeError('mine');
      });
    expectError(run, RangeError, 'mine');
    expect(log).toEqual(['closed']);
  });
});

/** What it is told at a pause, before and after a step. */
function* told(): Steps<unknown[]> {
  const before = yield;
  const step = yield { step: 1, unit: 'step', metrics: {} };
  return [before, step, yield];
}

describe('pauses', () => {
  it('are told whether nobody waits for the thread, whatever onProgress says', async () => {
    expect(runSteps(told())).toEqual([true, undefined, true]);
    expect(runSteps(told(), () => false)).toEqual([true, false, true]);
    expect(await runStepsAsync(told())).toEqual([undefined, undefined, undefined]);
    expect(await runStepsAsync(told(), { onProgress: () => false })).toEqual([undefined, false, undefined]);
  });
});

describe('runStepsAsync', () => {
  it('lets timers run between many short ones, and within others', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    for (let i = 0; i < 100; i++) await runStepsAsync(count(1, 1));
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(4);
  });

  it('gives what runSteps gives', async () => {
    const seen: number[] = [];
    expect(await runStepsAsync(count(3), { onProgress: ({ step }) => void seen.push(step) })).toBe(3);
    expect(seen).toEqual([1, 2, 3]);
    expect(await runStepsAsync(count(10), { onProgress: ({ step }) => step < 4 })).toBe(4);
  });

  it('lets timers run in between', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await runStepsAsync(count(100, 2));
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(4);
  });

  it('rejects with the reason of the signal, and leaves nothing running', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const seen: number[] = [];
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 5);
    const promise = runStepsAsync(count(1e6, 1, log), {
      signal: controller.signal,
      onProgress: ({ step }) => void seen.push(step),
    });
    await expect(promise).rejects.toBe(reason);
    expect(log).toEqual(['closed']);
    const told = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen.length).toBe(told);
  });

  it('waits for what a step has begun, and rejects with its error', async () => {
    const events: string[] = [];
    let saving: Promise<void> | null = null;
    const onProgress = ({ step }: Progress) => {
      events.push(`step ${step}`);
      if (step !== 2) return;
      saving = new Promise((resolve) => setTimeout(resolve, 5)).then(() => void events.push('saved'));
    };
    expect(await runStepsAsync(count(3), { onProgress, pending: () => saving })).toBe(3);
    expect(events).toEqual(['step 1', 'step 2', 'saved', 'step 3']);
    const log: string[] = [];
    const pending = () => Promise.reject(new Error('the disk is full'));
    await expectError(() => runStepsAsync(count(3, 0, log), { pending }), Error, 'the disk is full');
    expect(log).toEqual(['closed']);
  });

  it('does nothing when the signal was aborted before', async () => {
    const seen: number[] = [];
    const options = { signal: AbortSignal.abort(new Error('never')), onProgress: () => void seen.push(1) };
    await expectError(() => runStepsAsync(count(3), options), Error, 'never');
    expect(seen).toEqual([]);
  });

  it('ends within the step in which onProgress aborts', async () => {
    const controller = new AbortController();
    const onProgress = ({ step }: Progress) => {
      if (step === 3) controller.abort(new Error('three'));
    };
    await expectError(() => runStepsAsync(count(3), { signal: controller.signal, onProgress }), Error, 'three');
  });

  it('rejects with what the steps throw', async () => {
    // biome-ignore lint/correctness/useYield: it fails before its first step
    function* failing(): Steps<number> {
      throw new RangeError('inside');
    }
    await expectError(() => runStepsAsync(failing()), RangeError, 'inside');
  });
});

describe('nextTurn', () => {
  it('lets a timer that is due run first', async () => {
    let due = false;
    setTimeout(() => {
      due = true;
    }, 0);
    const end = performance.now() + 5;
    while (performance.now() < end);
    await nextTurn();
    await nextTurn();
    expect(due).toBe(true);
  });
});
