import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { type Fits, type InnerFit, type Progress, runFits, runFitsAsync } from '../src/index.ts';

/** A fit of `value`, or one that throws it. It notes how it was run. */
function fitOf(value: number | Error, log: string[] = []): InnerFit<number> {
  const fit = () => {
    if (typeof value !== 'number') throw value;
    return value;
  };
  return {
    fit: () => {
      log.push('fit');
      return fit();
    },
    fitAsync: async ({ signal }) => {
      log.push(signal === undefined ? 'fitAsync' : 'fitAsync with a signal');
      await new Promise((resolve) => setTimeout(resolve));
      return fit();
    },
  };
}

/** The sum of two models; a second that fails counts as 10. */
function* sum(first: InnerFit<number>, second: InnerFit<number>, log: string[] = []): Fits<number> {
  try {
    const a = (yield first) as number;
    yield;
    if ((yield { step: 1, unit: 'model', metrics: { a } }) === false) return a;
    try {
      return a + ((yield second) as number);
    } catch {
      return a + 10;
    }
  } finally {
    log.push('closed');
  }
}

describe('runFits and runFitsAsync', () => {
  it('send the models of the fits within, by fit or by fitAsync', async () => {
    const log: string[] = [];
    const signal = new AbortController().signal;
    expect(runFits(sum(fitOf(1, log), fitOf(2, log), log))).toBe(3);
    expect(await runFitsAsync(sum(fitOf(1, log), fitOf(2, log), log), {})).toBe(3);
    expect(await runFitsAsync(sum(fitOf(1, log), fitOf(2), log), { signal })).toBe(3);
    const all = ['fit', 'fit', 'closed', 'fitAsync', 'fitAsync', 'closed', 'fitAsync with a signal', 'closed'];
    expect(log).toEqual(all);
  });

  it('tell of progress, and end where onProgress returns false', async () => {
    const seen: (number | undefined)[] = [];
    const onProgress = ({ metrics }: Progress) => {
      seen.push(metrics.a);
      return false;
    };
    expect(runFits(sum(fitOf(1), fitOf(2)), { onProgress })).toBe(1);
    expect(await runFitsAsync(sum(fitOf(4), fitOf(2)), { onProgress })).toBe(4);
    expect(seen).toEqual([1, 4]);
  });

  it('throw what a fit throws where it was asked for', async () => {
    const wrong = () => fitOf(new RangeError('no fit'));
    expect(runFits(sum(fitOf(1), wrong()))).toBe(11);
    expect(await runFitsAsync(sum(fitOf(1), wrong()), {})).toBe(11);
    const log: string[] = [];
    expectError(() => runFits(sum(wrong(), fitOf(1), log)), RangeError, 'no fit');
    await expectError(() => runFitsAsync(sum(wrong(), fitOf(1), log), {}), RangeError, 'no fit');
    expect(log).toEqual(['closed', 'closed']);
  });

  it('close what is aborted within a fit, which is no failure of that fit', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const stopping: InnerFit<number> = {
      fit: () => 0,
      fitAsync: async ({ signal }) => {
        controller.abort(new Error('enough'));
        signal?.throwIfAborted();
        return 0;
      },
    };
    const run = () => runFitsAsync(sum(fitOf(1), stopping, log), { signal: controller.signal });
    await expectError(run, Error, 'enough');
    expect(log).toEqual(['closed']);
  });
});
