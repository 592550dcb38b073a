import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OptionError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  linearDecay,
  multiStepDecay,
  oneCycle,
  ReduceOnPlateau,
  type Schedule,
  Scheduler,
  stepDecay,
  warmup,
} from '../src/index.ts';

const { schedules } = JSON.parse(
  readFileSync(fileURLToPath(new URL('fixtures/optimizers.json', import.meta.url)), 'utf8'),
);

function rates(schedule: Schedule, steps: number, lr = 0.5): number[] {
  const optimizer = { paramGroups: [{ lr }] };
  const scheduler = new Scheduler(optimizer, schedule);
  const out = [optimizer.paramGroups[0]!.lr];
  for (let i = 0; i < steps; i++) {
    scheduler.step();
    out.push(optimizer.paramGroups[0]!.lr);
  }
  return out;
}

describe('against PyTorch', () => {
  const cases: [string, Schedule][] = [
    ['stepDecay', stepDecay({ stepSize: 3, gamma: 0.5 })],
    ['multiStepDecay', multiStepDecay({ milestones: [2, 5], gamma: 0.3 })],
    ['exponentialDecay', exponentialDecay({ gamma: 0.9 })],
    ['linearDecay', linearDecay({ final: 0.2, steps: 6 })],
    ['inverseTimeDecay', inverseTimeDecay({ k: 0.4 })],
    ['cosineDecay', cosineDecay({ steps: 8 })],
    ['warmup', warmup({ steps: 5, start: 0.25 })],
    ['oneCycle', oneCycle({ steps: 20 })],
    ['oneCycleLinear', oneCycle({ steps: 20, pctStart: 0.4, divFactor: 10, finalDivFactor: 100, anneal: 'linear' })],
  ];
  for (const [name, schedule] of cases) {
    it(name, () =>
      expectClose(rates(schedule, schedules[name].length - 1), schedules[name], { rtol: 1e-9, atol: 1e-12 }),
    );
  }

  it.each([
    ['plateau', { factor: 0.5, patience: 2, cooldown: 1 }],
    ['plateauMax', { mode: 'max', factor: 0.1, patience: 1, threshold: 0.05, thresholdMode: 'abs', minLr: 0.01 }],
  ] as const)('ReduceOnPlateau: %s', (name, options) => {
    const optimizer = { paramGroups: [{ lr: 0.5 }] };
    const scheduler = new ReduceOnPlateau(optimizer, options);
    const out = [0.5];
    for (const value of schedules[name].values) {
      scheduler.step(value);
      out.push(optimizer.paramGroups[0]!.lr);
    }
    expectClose(out, schedules[name].rates, { rtol: 1e-12 });
  });
});

describe('worked by hand', () => {
  it('1/t: a₀ / (1 + kt)', () => {
    expectClose(rates(inverseTimeDecay({ k: 0.5 }), 3, 1), [1, 1 / 1.5, 1 / 2, 1 / 2.5], { rtol: 1e-15 });
  });

  it("A23's linear decay from .15 to .05 over 50 epochs", () => {
    const all = rates(linearDecay({ final: 0.05 / 0.15, steps: 49 }), 49, 0.15);
    expectClose([all[0]!, all[1]!, all[49]!], [0.15, 0.15 - 0.1 / 49, 0.05], { rtol: 1e-12 });
  });

  it('a warm-up hands over to another schedule', () => {
    expectClose(
      // biome-ignore lint/suspicious/noThenProperty: schedules are not awaited
      rates(warmup({ steps: 2, start: 0, then: exponentialDecay({ gamma: 0.5 }) }), 4, 1),
      [0, 0.5, 1, 0.5, 0.25],
      { rtol: 1e-15 },
    );
  });

  it('the schedule after a warm-up rules from its end on', () => {
    // biome-ignore lint/suspicious/noThenProperty: schedules are not awaited
    expect(rates(warmup({ steps: 2, start: 0, then: () => 0.75 }), 3, 1)).toEqual([0, 0.5, 0.75, 0.75]);
    expect(rates(warmup({ steps: 2, start: 0.5 }), 3, 1)).toEqual([0.5, 0.75, 1, 1]);
  });

  it('a cycle whose way up is one step begins at the top', () => {
    expectClose(
      rates(oneCycle({ steps: 10, pctStart: 0.1, anneal: 'linear', divFactor: 2, finalDivFactor: 5 }), 9, 1),
      [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
    );
  });

  it.each([
    // What is better than 8 by a threshold of 1/4: of the value, or as a difference.
    ['min', 'rel', 6],
    ['min', 'abs', 7.75],
    ['max', 'rel', 10],
    ['max', 'abs', 8.25],
  ] as const)('a plateau, %s and %s: better is beyond %d', (mode, thresholdMode, limit) => {
    const after = (value: number) => {
      const scheduler = new ReduceOnPlateau({ paramGroups: [] }, { mode, thresholdMode, threshold: 0.25 });
      scheduler.step(8);
      scheduler.step(value);
      return scheduler.stateDict();
    };
    const beyond = mode === 'min' ? limit - 0.01 : limit + 0.01;
    expect(after(limit)).toEqual({ best: 8, badSteps: 1, cooling: 0 });
    expect(after(beyond)).toEqual({ best: beyond, badSteps: 0, cooling: 0 });
    expect(after(Number.NaN)).toEqual({ best: 8, badSteps: 1, cooling: 0 });
  });

  it('a plateau of as many steps as patience, and one more', () => {
    const optimizer = { paramGroups: [{ lr: 0.5 }, { lr: 0.25 }] };
    const scheduler = new ReduceOnPlateau(optimizer, { patience: 2, factor: 0.5, cooldown: 2, eps: 0.125 });
    const lrs = () => optimizer.paramGroups.map(({ lr }) => lr);
    for (const _ of [1, 2, 3]) scheduler.step(1);
    expect(lrs()).toEqual([0.5, 0.25]);
    scheduler.step(1);
    // A change of .125 is no larger than eps.
    expect(lrs()).toEqual([0.25, 0.25]);
    expect(scheduler.stateDict()).toEqual({ best: 1, badSteps: 0, cooling: 2 });
    scheduler.step(1);
    const resumed = new ReduceOnPlateau({ paramGroups: [] });
    resumed.loadStateDict(JSON.parse(JSON.stringify(scheduler.stateDict())));
    expect(resumed.stateDict()).toEqual({ best: 1, badSteps: 0, cooling: 1 });
    scheduler.step(1);
    expect(scheduler.stateDict()).toEqual({ best: 1, badSteps: 0, cooling: 0 });
  });

  it.each([
    ['min', Number.POSITIVE_INFINITY],
    ['max', Number.NEGATIVE_INFINITY],
  ] as const)('a plateau, %s: %d is no best value, which a file could not hold', (mode, worst) => {
    const scheduler = new ReduceOnPlateau({ paramGroups: [] }, { mode });
    scheduler.step(worst);
    expect(scheduler.stateDict()).toEqual({ best: null, badSteps: 1, cooling: 0 });
    scheduler.step(8);
    expect(scheduler.stateDict()).toEqual({ best: 8, badSteps: 0, cooling: 0 });
  });

  it('a rate is not taken below minLr', () => {
    const optimizer = { paramGroups: [{ lr: 0.5 }] };
    const scheduler = new ReduceOnPlateau(optimizer, { patience: 0, minLr: 0.2 });
    scheduler.step(Number.NaN);
    expect(scheduler.best).toBe(null);
    expect(optimizer.paramGroups[0]!.lr).toBe(0.2);
  });
});

describe('states and errors', () => {
  it('a scheduler goes on where another stood', () => {
    const optimizer = { paramGroups: [{ lr: 1 }] };
    const scheduler = new Scheduler(optimizer, exponentialDecay({ gamma: 0.5 }));
    scheduler.step();
    const other = { paramGroups: [{ lr: 7 }] };
    const resumed = new Scheduler(other, exponentialDecay({ gamma: 0.5 }));
    resumed.loadStateDict(JSON.parse(JSON.stringify(scheduler.stateDict())));
    resumed.step();
    expect(other.paramGroups[0]!.lr).toBe(0.25);
  });

  it('says what is wrong', () => {
    expectError(
      () => new Scheduler({ paramGroups: [{ lr: 1 }] }, 'cosine' as never),
      OptionError,
      "Scheduler: schedule must be a function of the step, such as cosineDecay({ steps: 100 }), got 'cosine'",
    );
    expectError(() => stepDecay({ stepSize: 0 }), OptionError, 'stepDecay: stepSize must be an integer ≥ 1, got 0');
    expectError(
      () => oneCycle({ steps: 10, anneal: 'sin' as never }),
      OptionError,
      "oneCycle: anneal must be 'cos' or 'linear', got 'sin'",
    );
    expectError(
      () => multiStepDecay({ milestones: [5, 2] }),
      OptionError,
      'multiStepDecay: milestones[1] must be an integer ≥ 6, got 2',
    );
  });

  it('a misspelt option, none at all and a number for a list are told', () => {
    const schedules = {
      stepDecay,
      multiStepDecay,
      exponentialDecay,
      inverseTimeDecay,
      linearDecay,
      cosineDecay,
      oneCycle,
      warmup,
    };
    for (const [name, schedule] of Object.entries(schedules) as [string, (options?: unknown) => Schedule][]) {
      expectError(() => schedule(), OptionError, `${name}: options must be an object, got undefined`);
    }
    expectError(
      () => cosineDecay({ steps: 10, finl: 0.1 } as never),
      OptionError,
      'cosineDecay: there is no option finl, only steps and final',
    );
    expectError(
      () => multiStepDecay({ milestones: 5 as never }),
      OptionError,
      'multiStepDecay: milestones must be an array of steps, got 5',
    );
  });
});
