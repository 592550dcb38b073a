import { Random, ShapeError } from '@maru-ml/base';
import {
  assign,
  cast,
  decodeTensor,
  type EncodedArray,
  jsonFromBytes,
  linear,
  parameter,
  randn,
  sub,
  type Tensor,
  tanh,
  tensor,
  toBytes,
} from '@maru-ml/tensor';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  LBFGS,
  linearDecay,
  multiStepDecay,
  NAdam,
  type Optimizer,
  oneCycle,
  ReduceOnPlateau,
  RMSprop,
  type Schedule,
  Scheduler,
  SGD,
  stepDecay,
  warmup,
} from '../src/index.ts';

type Group = { params: Tensor[]; lr?: number; weightDecay?: number };

/** Each with the options that make it remember most. */
const optimizers: Record<string, (groups: Group[]) => Optimizer> = {
  SGD: (groups) => new SGD(groups, { lr: 0.05 }),
  momentum: (groups) => new SGD(groups, { lr: 0.05, momentum: 0.9, dampening: 0.1 }),
  Nesterov: (groups) => new SGD(groups, { lr: 0.05, momentum: 0.9, nesterov: true }),
  Adagrad: (groups) => new Adagrad(groups, { lr: 0.05, lrDecay: 0.01 }),
  Adadelta: (groups) => new Adadelta(groups, { lr: 1 }),
  RMSprop: (groups) => new RMSprop(groups, { lr: 0.01, momentum: 0.5, centered: true }),
  Adam: (groups) => new Adam(groups, { lr: 0.01 }),
  AdamW: (groups) => new AdamW(groups, { lr: 0.01 }),
  NAdam: (groups) => new NAdam(groups, { lr: 0.01 }),
};

const schedules: Schedule[] = [
  stepDecay({ stepSize: 4, gamma: 0.7 }),
  multiStepDecay({ milestones: [3, 9] }),
  exponentialDecay({ gamma: 0.95 }),
  inverseTimeDecay({ k: 0.1 }),
  linearDecay({ final: 0.1, steps: 15 }),
  cosineDecay({ steps: 18 }),
  oneCycle({ steps: 20 }),
  // biome-ignore lint/suspicious/noThenProperty: schedules are not awaited
  warmup({ steps: 5, start: 0.1, then: exponentialDecay({ gamma: 0.9 }) }),
];

const x = randn([32, 20], { seed: 1 });
const target = randn([32, 3], { seed: 2 });

interface Training {
  parameters: Tensor[];
  optimizer: Optimizer;
  scheduler: { step(loss: number): void; stateDict(): object; loadStateDict(state: never): void };
}

/** Two layers, the second a group with a rate and a penalty of its own; elements in and beyond what a kernel takes. */
function start(make: (groups: Group[]) => Optimizer, schedule: Schedule | 'plateau', dtype: 'float32' | 'float64') {
  const parameters = [[30, 20], [30], [3, 30], [3]].map((shape, i) =>
    parameter(randn(shape, { seed: i + 10, dtype }).mul(0.3)),
  );
  const optimizer = make([{ params: parameters.slice(0, 2) }, { params: parameters.slice(2), lr: 0.003 }]);
  const scheduler =
    schedule === 'plateau'
      ? new ReduceOnPlateau(optimizer, { patience: 1, cooldown: 1, threshold: 0.05 })
      : new Scheduler(optimizer, schedule);
  return { parameters, optimizer, scheduler } as Training;
}

function train({ parameters, optimizer, scheduler }: Training, steps: number): void {
  const [w1, b1, w2, b2] = parameters as [Tensor, Tensor, Tensor, Tensor];
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    const off = sub(linear(tanh(linear(cast(x, w1.dtype), w1, b1)), w2, b2), target);
    const loss = off.mul(off).mean();
    loss.backward();
    optimizer.step();
    scheduler.step(loss.item());
  }
}

interface Saved {
  parameters: EncodedArray[];
  states: { step: number; tensors: Record<string, EncodedArray> }[];
  groups: Record<string, unknown>[];
  scheduler: object;
}

/** What a program writes to a file and another one reads. */
function throughBytes({ parameters, optimizer, scheduler }: Training): Saved {
  const state = { parameters, ...optimizer.stateDict(), scheduler: scheduler.stateDict() };
  return jsonFromBytes('load', toBytes(state)) as Saved;
}

function load(into: Training, { parameters, states, groups, scheduler }: Saved): void {
  const decoded = (name: string, array: EncodedArray) => decodeTensor('load', name, array);
  for (const [i, p] of parameters.entries()) {
    const values = decoded(`${i}`, p);
    assign(into.parameters[i]!, values);
  }
  into.optimizer.loadStateDict({
    groups,
    states: states.map(({ step, tensors }) => ({
      step,
      tensors: Object.fromEntries(Object.entries(tensors).map(([name, array]) => [name, decoded(name, array)])),
    })),
  });
  into.scheduler.loadStateDict(scheduler as never);
}

const numbers = ({ parameters }: Training) => parameters.map((p) => p.toTypedArray());

const STEPS = 20;

describe('a training that goes on from a random step gives the same bits', () => {
  const random = new Random(3);
  for (const [name, make] of Object.entries(optimizers)) {
    for (const dtype of ['float32', 'float64'] as const) {
      it(`${name}, ${dtype}, two groups, every schedule`, () => {
        for (const schedule of [...schedules, 'plateau'] as const) {
          const at = 1 + random.integer(STEPS - 1);
          const whole = start(make, schedule, dtype);
          train(whole, STEPS);
          const first = start(make, schedule, dtype);
          train(first, at);
          const second = start(make, schedule, dtype);
          load(second, throughBytes(first));
          train(second, STEPS - at);
          expect(numbers(second)).toEqual(numbers(whole));
          expect(second.optimizer.paramGroups.map(({ lr }) => lr)).toEqual(
            whole.optimizer.paramGroups.map(({ lr }) => lr),
          );
        }
      });
    }
  }

  it('L-BFGS', () => {
    const begin = () => {
      const p = parameter(tensor([-1.2, 1, 0.4], { dtype: 'float64' }));
      const optimizer = new LBFGS([p], { maxIter: 3 });
      const centers = tensor([1, 2, -1], { dtype: 'float64' });
      const go = (steps: number) => {
        for (let i = 0; i < steps; i++) optimizer.step(() => p.sub(centers).pow(4).add(p.mul(0.3).pow(2)).sum());
      };
      return { p, optimizer, go };
    };
    for (const at of [0, 1 + random.integer(4), 1 + random.integer(4)]) {
      const [whole, first, second] = [begin(), begin(), begin()];
      whole.go(5);
      first.go(at);
      const { steps, changes } = first.optimizer.stateDict();
      expect(steps.length > 0).toBe(at > 0);
      const saved = jsonFromBytes('load', toBytes({ p: first.p, steps, changes })) as {
        p: EncodedArray;
        steps: EncodedArray[];
        changes: EncodedArray[];
      };
      const decoded = (array: EncodedArray) => decodeTensor('load', 'it', array);
      second.optimizer.write(Float64Array.from(decoded(saved.p).toTypedArray()));
      second.optimizer.loadStateDict({ steps: saved.steps.map(decoded), changes: saved.changes.map(decoded) });
      second.go(5 - at);
      expect(second.p.toTypedArray()).toEqual(whole.p.toTypedArray());
    }
    expectError(
      () => begin().optimizer.loadStateDict({ steps: [tensor([1, 2])], changes: [tensor([1, 2])] }),
      ShapeError,
      'LBFGS: the saved steps have 2 elements, but the parameters have 3',
    );
  });
});
