import type { Random } from '@maru-ml/base';
import { BatchNorm1d, DataLoader, Dropout, Linear, ReLU, Sequential, Trainer, type TrainOptions } from '@maru-ml/nn';
import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
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
} from '@maru-ml/optim';
import { crossEntropy, fromTypedArray, randn, type Tensor } from '@maru-ml/tensor';
import { type Reader, whole } from '../reader.ts';

type Groups = { params: Tensor[]; lr?: number; weightDecay?: number }[];

/** Every optimizer, with the options that make it remember most. */
const OPTIMIZERS: Record<string, (groups: Groups) => unknown> = {
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

const SCHEDULES: Record<string, (steps: number) => Schedule> = {
  stepDecay: (steps) => stepDecay({ stepSize: Math.max(1, steps >> 2), gamma: 0.7 }),
  multiStepDecay: (steps) => multiStepDecay({ milestones: [1, 2 + (steps >> 1)] }),
  exponentialDecay: () => exponentialDecay({ gamma: 0.95 }),
  inverseTimeDecay: () => inverseTimeDecay({ k: 0.1 }),
  linearDecay: (steps) => linearDecay({ final: 0.1, steps }),
  cosineDecay: (steps) => cosineDecay({ steps }),
  oneCycle: (steps) => oneCycle({ steps: steps + 1 }),
  // biome-ignore lint/suspicious/noThenProperty: schedules are not awaited
  warmup: (steps) => warmup({ steps: 1 + (steps >> 1), start: 0.1, then: exponentialDecay({ gamma: 0.9 }) }),
};

/** How a training is set up. */
interface Setting {
  optimizer: string;
  /** A schedule's name, 'plateau' or 'none'. */
  schedule: string;
  scheduleBy: 'epoch' | 'batch';
  /** How many parameters each group but the last has, and its own rate and penalty. */
  groups: { params: number; lr?: number; weightDecay?: number }[];
  clipGradNorm: number | null;
  dropout: number;
  batchNorm: boolean;
  examples: number;
  batchSize: number;
  shuffle: boolean;
  dropLast: boolean;
  epochs: number;
  evalEvery: number;
  /** Patience; null for no early stopping. */
  patience: number | null;
  /** After how many steps of the training it ends and goes on in another one: batches and epochs count. */
  at: number;
  /** Whether it ends at a checkpoint, or as it is told to. */
  how: 'checkpoint' | 'stop' | 'same trainer';
}

/** A training that ends at a random step and goes on from bytes, in another program's trainer, gives the same bits as one that did not. */
export const resume: Reader = {
  name: 'resume',
  every: 20,
  draw(random) {
    const given = drawSetting(random);
    return { given, run: () => checkResume(given) };
  },
};

function drawSetting(random: Random): Setting {
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;
  const maybe = () => random.integer(2) === 1;
  const [drawn, batchSize, epochs] = [8 + random.integer(25), 2 + random.integer(7), 1 + random.integer(5)];
  // A batch of one example is none for batch normalization.
  const examples = drawn % batchSize === 1 ? drawn + 1 : drawn;
  const group = () => ({
    params: 1 + random.integer(2),
    ...(maybe() && { lr: 0.001 * (1 + random.integer(20)) }),
    ...(maybe() && { weightDecay: 0.01 }),
  });
  return {
    optimizer: pick(Object.keys(OPTIMIZERS)),
    schedule: pick([...Object.keys(SCHEDULES), 'plateau', 'none']),
    scheduleBy: pick(['epoch', 'batch']),
    groups: Array.from({ length: random.integer(3) }, group),
    clipGradNorm: maybe() ? 0.05 + random.uniform() : null,
    dropout: pick([0, 0.2, 0.5]),
    batchNorm: maybe(),
    examples,
    batchSize,
    shuffle: maybe(),
    dropLast: maybe(),
    epochs,
    evalEvery: 1 + random.integer(2),
    patience: maybe() ? random.integer(3) : null,
    at: 1 + random.integer(epochs * (1 + Math.floor(examples / batchSize))),
    how: pick(['checkpoint', 'stop', 'same trainer']),
  };
}

/** `other` seeds: what they draw has to come from the bytes. */
function setUp(setting: Setting, other = 0) {
  const { examples, batchSize, shuffle, dropLast, dropout, batchNorm, clipGradNorm, scheduleBy } = setting;
  const model = new Sequential(
    new Linear(4, 6, { seed: 1 + other }),
    ...(batchNorm ? [new BatchNorm1d(6)] : []),
    new ReLU(),
    new Dropout(dropout, { seed: 2 + other }),
    new Linear(6, 3, { seed: 3 + other }),
  );
  const rest = model.parameters();
  const groups: Groups = setting.groups.map(({ params, ...own }) => ({ ...own, params: rest.splice(0, params) }));
  if (rest.length > 0) groups.push({ params: rest });
  const optimizer = OPTIMIZERS[setting.optimizer]!(groups.filter(({ params }) => params.length > 0)) as Optimizer;
  const steps = setting.epochs * (scheduleBy === 'epoch' ? 1 : Math.ceil(examples / batchSize));
  const scheduler =
    setting.schedule === 'plateau'
      ? new ReduceOnPlateau(optimizer, { patience: 1, cooldown: 1, threshold: 0.05 })
      : setting.schedule === 'none'
        ? undefined
        : new Scheduler(optimizer, SCHEDULES[setting.schedule]!(steps));
  const trainer = new Trainer(model, {
    optimizer,
    loss: crossEntropy,
    scheduleBy,
    ...(scheduler !== undefined && { scheduler }),
    ...(clipGradNorm !== null && { clipGradNorm }),
  });
  const loader = new DataLoader(data(examples, 5), { batchSize, shuffle, dropLast, seed: 4 + other });
  const validation = new DataLoader(data(9, 6), { batchSize: 4 });
  return { model, optimizer, scheduler, trainer, loader, validation };
}

function data(n: number, seed: number): Tensor[] {
  const x = randn([n, 4], { seed });
  return [
    x,
    fromTypedArray(
      Int32Array.from({ length: n }, (_, i) => (i * 7) % 3),
      [n],
    ),
  ];
}

async function checkResume(setting: Setting): Promise<void> {
  const { epochs, evalEvery, patience, at, how } = setting;
  const options = (validation: DataLoader<Tensor[]>): TrainOptions => ({
    epochs,
    evalEvery,
    validation,
    ...(patience !== null && { earlyStopping: { patience } }),
  });
  const through = setUp(setting);
  const history = await through.trainer.fit(through.loader, options(through.validation));

  const first = setUp(setting);
  let bytes: Uint8Array | undefined;
  let step = 0;
  await first.trainer.fit(first.loader, {
    ...options(first.validation),
    checkpointEvery: { batches: 1, epochs: 1 },
    ...(how === 'checkpoint' && {
      onCheckpoint(saved: Uint8Array) {
        if (++step === at) bytes = saved;
      },
    }),
    ...(how !== 'checkpoint' && { onProgress: () => ++step !== at }),
  });
  if (how === 'stop') bytes = first.trainer.toBytes(first.loader);
  // Where it had ended before, there is nothing to go on with.
  if (how === 'checkpoint' && bytes === undefined) return;
  if (how !== 'checkpoint' && step < at) return;

  const second = how === 'same trainer' ? first : setUp(setting, 100);
  if (how !== 'same trainer') second.trainer.load(bytes!);
  const resumed = await second.trainer.fit(second.loader, options(second.validation));
  same('history', resumed, history);
  same('state', stateOf(second), stateOf(through));
}

/** All that is left of a training. */
function stateOf({ model, optimizer, scheduler, loader }: ReturnType<typeof setUp>): object {
  const numbers = (tensors: Record<string, Tensor>) =>
    Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, bitsOf(t)]));
  const { states, groups } = optimizer.stateDict();
  return {
    model: numbers(model.stateDict()),
    states: states.map(({ step, tensors }) => ({ step, tensors: numbers(tensors) })),
    groups,
    scheduler: scheduler?.stateDict(),
    randoms: model.randomStates(),
    loader: loader.saveState(),
  };
}

function bitsOf(t: Tensor): string {
  const { buffer, byteOffset, byteLength } = t.toTypedArray();
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function same(what: string, came: object, wanted: object): void {
  const [a, b] = [JSON.stringify(came), JSON.stringify(wanted)];
  whole(a === b, `resuming gave another ${what}:\n  ${a}\nthan\n  ${b}`);
}
