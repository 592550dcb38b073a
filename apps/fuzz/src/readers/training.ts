import { Random, type RandomState, ShapeError } from '@maru-ml/base';
import { BatchNorm1d, DataLoader, Dropout, Linear, ReLU, Sequential, type StateDict, Trainer } from '@maru-ml/nn';
import {
  Adagrad,
  Adam,
  exponentialDecay,
  LBFGS,
  NAdam,
  type Optimizer,
  ReduceOnPlateau,
  RMSprop,
  Scheduler,
  SGD,
} from '@maru-ml/optim';
import { crossEntropy, decodeTensor, jsonFromBytes, type Tensor, tensor, toBytes } from '@maru-ml/tensor';
import { mutateBytes, mutateJson } from '@maru-ml/tooling/testing/mutate';
import { type Reader, whole } from '../reader.ts';
import { type Header, mutateSafetensors } from './arrays.ts';

const draws = new Random(3);
const X = tensor(Array.from({ length: 12 }, () => [draws.normal(), draws.normal()]));
const Y = tensor(
  Array.from({ length: 12 }, (_, i) => i % 2),
  { dtype: 'int32' },
);

function net(): Sequential {
  return new Sequential(
    new Linear(2, 3, { seed: 1 }),
    new BatchNorm1d(3),
    new ReLU(),
    new Dropout(0.2, { seed: 2 }),
    new Linear(3, 2, { seed: 3 }),
  );
}

const OPTIMIZERS: ((groups: { params: Tensor[]; lr?: number }[]) => Optimizer)[] = [
  (groups) => new SGD(groups, { lr: 0.1, momentum: 0.9 }) as unknown as Optimizer,
  (groups) => new Adam(groups) as unknown as Optimizer,
  (groups) => new NAdam(groups) as unknown as Optimizer,
  (groups) => new Adagrad(groups) as unknown as Optimizer,
  (groups) => new RMSprop(groups, { centered: true, momentum: 0.5 }) as unknown as Optimizer,
];

/** A net and what trains it, some steps on its way. */
function training(i: number, steps: number) {
  const model = net();
  const parameters = model.parameters();
  const optimizer = OPTIMIZERS[i % OPTIMIZERS.length]!([
    { params: parameters.slice(0, 2) },
    { params: parameters.slice(2), lr: 0.01 },
  ]);
  const scheduler =
    i % 2 === 0
      ? new Scheduler(optimizer, exponentialDecay({ gamma: 0.9 }))
      : new ReduceOnPlateau(optimizer, { patience: 0 });
  const go = (count: number) => {
    for (let step = 0; step < count; step++) {
      optimizer.zeroGrad();
      const loss = crossEntropy(model.forward(X), Y);
      loss.backward();
      optimizer.step();
      scheduler.step(loss.item());
    }
  };
  go(steps);
  return { model, optimizer, scheduler, go };
}

function trainer(i: number) {
  const { model, optimizer, scheduler } = training(i, 0);
  const loader = new DataLoader([X, Y], { batchSize: 5, shuffle: true, seed: 4 });
  return { model, loader, trainer: new Trainer(model, { optimizer, scheduler, loss: crossEntropy }) };
}

const json = (state: object): unknown => JSON.parse(JSON.stringify(state));
const OPTIMIZER_STATES = OPTIMIZERS.map((_, i) => {
  const { optimizer, scheduler } = training(i, 3);
  const { states, groups } = jsonFromBytes('fuzz', toBytes(optimizer.stateDict())) as {
    states: object;
    groups: object;
  };
  return json({ states, groups, scheduler: scheduler.stateDict() });
});
/** A net and L-BFGS that trains it, some steps on their way; without dropout, since a line search wants the same loss again. */
function minimizing(steps: number) {
  const model = net().eval();
  const optimizer = new LBFGS(model.parameters(), { maxIter: 2 });
  const go = (count: number) => {
    for (let step = 0; step < count; step++) optimizer.step(() => crossEntropy(model.forward(X), Y));
  };
  go(steps);
  return { model, optimizer, go };
}

const LBFGS_STATE = json(jsonFromBytes('fuzz', toBytes(minimizing(3).optimizer.stateDict())) as object);
const MODEL_STATE = json(jsonFromBytes('fuzz', toBytes(training(0, 3).model.stateDict())) as object);
const CHECKPOINTS = await Promise.all(
  OPTIMIZERS.map(async (_, i) => {
    const { trainer: it, loader } = trainer(i);
    const saved: Uint8Array[] = [];
    const validation = new DataLoader([X, Y], { batchSize: 6 });
    await it.fit(loader, {
      epochs: 2,
      validation,
      earlyStopping: { patience: 5 },
      checkpointEvery: { batches: 2 },
      onCheckpoint: (bytes) => void saved.push(bytes),
    });
    return saved.at(-1)!;
  }),
);

/** Shapes that differ from a net's are a `ShapeError`, as their docstrings say. */
const mayThrow = (error: Error): boolean => error instanceof ShapeError;

/** The readers of what training saves. */
export const trainingReaders: Reader[] = [
  {
    name: 'state-dict',
    mayThrow,
    draw(random) {
      const given = mutateJson(MODEL_STATE, random);
      return {
        given,
        run() {
          const model = net();
          unchangedIfRefused(model, () => model.loadStateDict(decoded(given)));
          wholeNet(model);
        },
      };
    },
  },
  {
    name: 'optimizer',
    mayThrow,
    draw(random, i) {
      const given = mutateJson(OPTIMIZER_STATES[i % OPTIMIZERS.length], random);
      return {
        given,
        run() {
          const { model, optimizer, scheduler, go } = training(i % OPTIMIZERS.length, 0);
          const { states, groups, scheduler: schedule } = Object(given);
          const list = Array.isArray(states)
            ? states.map((state: object) => ({ ...state, tensors: decoded(Object(state).tensors) }))
            : states;
          optimizer.loadStateDict({ states: list, groups });
          scheduler.loadStateDict(schedule as never);
          go(2);
          wholeNet(model);
        },
      };
    },
  },
  {
    name: 'lbfgs',
    mayThrow,
    draw(random) {
      const given = mutateJson(LBFGS_STATE, random);
      return {
        given,
        run() {
          const { model, optimizer, go } = minimizing(0);
          const read = (list: unknown) =>
            Array.isArray(list) ? list.map((array, i) => decodeTensor('fuzz', `${i}`, array)) : list;
          const { steps, changes } = Object(given);
          const state = { steps: read(steps), changes: read(changes) } as ReturnType<LBFGS['stateDict']>;
          optimizer.loadStateDict(state);
          whole(optimizer.history.size === state.steps.length, 'some of the saved steps were left out');
          go(2);
          wholeNet(model);
        },
      };
    },
  },
  {
    name: 'random-state',
    draw(random) {
      const given = mutateJson(new Random(5).fork().state, random);
      return {
        given,
        run() {
          const model = new Sequential(new Dropout(0.5, { seed: 1 }));
          model.loadRandomStates({
            '0.random': given as RandomState,
            random: given as RandomState,
            ...named(model, given),
          });
          whole(model.forward(X).shape[0] === 12, 'no rows');
        },
      };
    },
  },
  {
    name: 'checkpoint',
    mayThrow,
    draw(random, i) {
      const bytes = CHECKPOINTS[i % OPTIMIZERS.length]!;
      const given =
        random.integer(3) === 0
          ? mutateBytes(bytes, random)
          : mutateSafetensors(bytes, random, (header) => damaged(header, random));
      return {
        given,
        async run() {
          const { trainer: it, loader, model } = trainer(i % OPTIMIZERS.length);
          unchangedIfRefused(model, () => it.load(given));
          const { epoch } = it.position;
          if (epoch > 3) return;
          await it.fit(loader, { epochs: epoch + 1 });
          wholeNet(model);
        },
      };
    },
  },
];

/** The state of every random generator of a net. */
function named(model: Sequential, state: unknown): Record<string, RandomState> {
  return Object.fromEntries(Object.keys(model.randomStates()).map((path) => [path, state as RandomState]));
}

function damaged(header: Header, random: Random): unknown {
  if (random.integer(3) === 0) return mutateJson(header, random);
  return {
    ...header,
    __metadata__: { maru: JSON.stringify(mutateJson(JSON.parse(header.__metadata__.maru!), random)) },
  };
}

function decoded(saved: unknown): StateDict {
  return Object.fromEntries(
    Object.entries(Object(saved)).map(([name, array]) => [name, decodeTensor('load', name, array)]),
  );
}

/** Loads; a refusal must have changed nothing. */
function unchangedIfRefused(model: Sequential, load: () => unknown): void {
  const before = text(model);
  try {
    load();
  } catch (error) {
    whole(text(model) === before, `it was changed, though it was refused: ${error}`);
    throw error;
  }
}

function text(model: Sequential): string {
  const tensors = Object.entries(model.stateDict()).map(([name, t]) => [name, Array.from(t.toTypedArray())]);
  return JSON.stringify([tensors, model.randomStates()]);
}

/** The parameters keep their shapes, and the net answers. */
function wholeNet(model: Sequential): void {
  const fresh = net().stateDict();
  for (const [name, t] of Object.entries(model.stateDict())) {
    whole(
      `${t.shape} ${t.dtype}` === `${fresh[name]?.shape} ${fresh[name]?.dtype}`,
      `${name} became [${t.shape}] ${t.dtype}`,
    );
  }
  whole(`${model.eval().forward(X).shape}` === '12,2', 'it does not answer');
}
