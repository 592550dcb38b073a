import { ticksDuring } from '@maru-ml/tooling/testing';
import { DecisionTreeClassifier, DecisionTreeRegressor } from '@maru-ml/tree';
import { describe, expect, it } from 'vitest';
import {
  AdaBoostClassifier,
  AdaBoostRegressor,
  BaggingClassifier,
  BaggingRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  HistGradientBoostingClassifier,
  HistGradientBoostingRegressor,
  IsolationForest,
  RandomForestClassifier,
  RandomForestRegressor,
} from '../src/index.ts';
import { numbers } from './data.ts';

const x = numbers(7, 200, 4);
const y = x.map(([a, b, c]) => a! + b! * c!);
const labels = y.map((value) => Number(value > 0));

interface Run {
  signal: AbortSignal;
  onProgress(progress: { step: number }): void;
}
const seeded = { nEstimators: 40, seed: 0 };
const boosted = { maxIter: 40, seed: 0 };
const shallow = { maxDepth: 3 };
const fits: Record<string, (run: Run) => Promise<unknown>> = {
  BaggingClassifier: (run) => new BaggingClassifier(new DecisionTreeClassifier(), seeded).fitAsync(x, labels, run),
  BaggingRegressor: (run) => new BaggingRegressor(new DecisionTreeRegressor(), seeded).fitAsync(x, y, run),
  AdaBoostClassifier: (run) => {
    return new AdaBoostClassifier(new DecisionTreeClassifier(shallow), seeded).fitAsync(x, labels, run);
  },
  AdaBoostRegressor: (run) => new AdaBoostRegressor(new DecisionTreeRegressor(shallow), seeded).fitAsync(x, y, run),
  GradientBoostingClassifier: (run) => new GradientBoostingClassifier(seeded).fitAsync(x, labels, run),
  GradientBoostingRegressor: (run) => new GradientBoostingRegressor(seeded).fitAsync(x, y, run),
  HistGradientBoostingClassifier: (run) => new HistGradientBoostingClassifier(boosted).fitAsync(x, labels, run),
  HistGradientBoostingRegressor: (run) => new HistGradientBoostingRegressor(boosted).fitAsync(x, y, run),
  RandomForestClassifier: (run) => new RandomForestClassifier(seeded).fitAsync(x, labels, run),
  RandomForestRegressor: (run) => new RandomForestRegressor(seeded).fitAsync(x, y, run),
  ExtraTreesClassifier: (run) => new ExtraTreesClassifier(seeded).fitAsync(x, labels, run),
  ExtraTreesRegressor: (run) => new ExtraTreesRegressor(seeded).fitAsync(x, y, run),
  IsolationForest: (run) => new IsolationForest(seeded).fitAsync(x, run),
};

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe.each(Object.entries(fits))('%s aborted during a fit', (_, fit) => {
  it('by its third step: no other comes, and it rejects with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const steps: number[] = [];
    const onProgress = ({ step }: { step: number }) => {
      steps.push(step);
      if (step === 3) controller.abort(reason);
    };
    await expect(fit({ signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(steps).toEqual([1, 2, 3]);
    await turn();
    expect(steps).toEqual([1, 2, 3]);
  });

  it('between its slices: no step comes after, and it rejects with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const events: (number | string)[] = [];
    const onProgress = ({ step }: { step: number }) => {
      events.push(step);
      if (step !== 3) return;
      setTimeout(() => {
        events.push('aborted');
        controller.abort(reason);
      });
    };
    const { value } = await ticksDuring(async () => {
      const outcome = await fit({ signal: controller.signal, onProgress }).catch((error: unknown) => error);
      await turn();
      return outcome;
    });
    expect(value).toBe(reason);
    expect(events.slice(0, 3)).toEqual([1, 2, 3]);
    expect(events.at(-1)).toBe('aborted');
    expect(events.length).toBeLessThan(41);
  });
});
