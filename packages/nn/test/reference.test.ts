import { readFileSync } from 'node:fs';
import { Scheduler, SGD, stepDecay } from '@maru-ml/optim';
import { crossEntropy, grad, type Tensor, tensor, zeros } from '@maru-ml/tensor';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as nn from '../src/index.ts';
import { inFloat64, load, type Stored } from './support.ts';

/** A layer alone, as PyTorch has it. */
interface Case {
  name: string;
  args: unknown[];
  train: boolean;
  dtype?: 'int32';
  state?: Record<string, Stored>;
  input: Stored;
  output: Stored;
  /** By parameters, and by the input under ''. */
  gradients: Record<string, Stored>;
  /** Running statistics after the batch. */
  after?: Record<string, Stored>;
}

/** What a fixture names. */
const api: Record<string, unknown> = nn;

type Layer = new (...args: unknown[]) => nn.Module;
type Fill = (t: Tensor, ...args: unknown[]) => Tensor;

const layers = JSON.parse(readFileSync(new URL('fixtures/layers.json', import.meta.url), 'utf8'));
const activations = JSON.parse(readFileSync(new URL('fixtures/activations.json', import.meta.url), 'utf8'));
const training = JSON.parse(readFileSync(new URL('fixtures/training.json', import.meta.url), 'utf8'));
const cases: Case[] = [...layers.cases, ...activations.cases];

const states = (stored: Record<string, Stored> = {}) =>
  Object.fromEntries(Object.entries(stored).map(([name, t]) => [name, load(t)]));

/** Σ output · weights has the gradients of the fixture: 1, 2, 3, ... modulo 7. */
function weightsLike({ size, shape }: Tensor): Tensor {
  return tensor(
    Array.from({ length: size }, (_, i) => (i % 7) + 1),
    { dtype: 'float64' },
  ).reshape(shape);
}

describe('layers alone against PyTorch', () => {
  it.each(cases)(
    '$name $args, train: $train',
    ({ name, args, train, dtype, state, input, output, gradients, after }) => {
      const layer = new (api[name] as Layer)(...args);
      inFloat64(layer).loadStateDict(states(state), { strict: false }).train(train);
      const x = load(input, dtype);
      x.requiresGrad = dtype === undefined;
      const out = layer.forward(x);
      expect(out.shape).toEqual(output.shape);
      const tolerance = { rtol: 1e-10, atol: 1e-11 };
      expectClose(out.toTypedArray(), output.data, tolerance);
      const leaves = [['', x] as const, ...layer.namedParameters()].filter(([, t]) => t.requiresGrad);
      const inputs = leaves.map(([, t]) => t);
      const found = grad(out, inputs, { gradOutputs: weightsLike(out) });
      for (const [i, [path]] of leaves.entries()) {
        expectClose(found[i]!.toTypedArray(), gradients[path]!.data, tolerance);
      }
      for (const [path, t] of layer.namedBuffers()) {
        const { data } = after?.[path] ?? state?.[path] ?? { data: [Number(train)] };
        expectClose(t.toTypedArray(), data, tolerance);
      }
    },
  );

  it('has a case for every layer', () => {
    const names = Object.entries(nn).flatMap(([name, value]) =>
      (value as { prototype?: unknown }).prototype instanceof nn.Module && name !== 'Sequential' ? [name] : [],
    );
    expect([...new Set(cases.map(({ name }) => name))].sort()).toEqual(names.sort());
  });
});

describe('initial values against draws by PyTorch', () => {
  it('calculateGain', () => {
    for (const { nonlinearity, slope, gain } of training.gains) {
      expectClose(nn.calculateGain(nonlinearity, slope), gain, { rtol: 1e-11 });
    }
  });

  it.each(training.inits as { name: string; args: unknown[]; shape: number[]; std: number }[])(
    '$name $args: mean, deviation, ends and tails of many',
    ({ name, args, shape, ...wanted }) => {
      const t = zeros(shape, { dtype: 'float64' });
      const given = name.startsWith('init') ? args : [{ ...(args[0] as object), seed: 1 }];
      const values = (api[name] as Fill)(t, ...given).toTypedArray() as Float64Array;
      const mean = values.reduce((total, v) => total + v, 0) / values.length;
      const std = Math.sqrt(values.reduce((total, v) => total + (v - mean) ** 2, 0) / values.length);
      const tails = values.filter((v) => Math.abs(v - mean) > 2 * std).length / values.length;
      const ends = { low: values.reduce((a, b) => Math.min(a, b)), high: values.reduce((a, b) => Math.max(a, b)) };
      // Of 60,000 numbers a mean is off by std/245, a deviation by 1/350 of it; the ends of normal ones vary more.
      const tolerance = { rtol: 0.02, atol: 0.02 * wanted.std };
      const { low, high, ...moments } = wanted as unknown as Record<string, number>;
      expectClose({ mean, std, tails }, moments, { ...tolerance, atol: tolerance.atol + 0.004 });
      expectClose(ends, { low, high }, { rtol: /normal/i.test(name) ? 0.25 : 0.005 });
    },
  );

  it('orthogonal: rows or columns, whichever are fewer, times gain', () => {
    for (const { shape, gain, products } of training.orthogonal) {
      const [rows, columns] = [shape[0], shape.slice(1).reduce((a: number, b: number) => a * b, 1)];
      const t = nn.orthogonal(zeros(shape, { dtype: 'float64' }), { gain, seed: 1 }).reshape(rows, columns);
      const product = rows <= columns ? t.matmul(t.transpose()) : t.transpose().matmul(t);
      expectClose(product.toTypedArray(), products.data, { rtol: 1e-11, atol: 1e-11 });
    }
  });
});

describe('training against PyTorch', () => {
  it('DataLoader hands out the same batches', () => {
    for (const { n, batchSize, dropLast, length, batches } of training.loaders) {
      const numbers = Array.from({ length: n }, (_, i) => i);
      const data = [tensor(numbers.map((i) => i * 1.5)), tensor(numbers, { dtype: 'int32' })];
      const loader = new nn.DataLoader(data, { batchSize, dropLast });
      expect(loader.length).toBe(length);
      expect([...loader].map((batch) => batch.map((t) => t.toArray()))).toEqual(batches);
    }
  });

  const { start, x, y, validation, epochs, end, parameters, layers: rows } = training.training;
  const net = () => {
    const made = new nn.Sequential(new nn.Linear(4, 5), new nn.BatchNorm1d(5), new nn.Tanh(), new nn.Linear(5, 3));
    return inFloat64(made).loadStateDict(states(start), { strict: false });
  };
  const examples = (from: { x: Stored; y: number[] }) => [load(from.x), tensor(from.y, { dtype: 'int32' })];

  it('Trainer: losses, rates, evaluations with accuracy, and what a Sequential has learned', async () => {
    const model = net();
    const optimizer = new SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
    const trainer = new nn.Trainer(model, {
      optimizer,
      loss: crossEntropy,
      metrics: { accuracy: nn.accuracy },
      scheduler: new Scheduler(optimizer, stepDecay({ stepSize: 2, gamma: 0.5 })),
      clipGradNorm: 0.7,
    });
    const history = await trainer.fit(new nn.DataLoader(examples({ x, y }), { batchSize: 4 }), {
      epochs: epochs.length,
      validation: new nn.DataLoader(examples(validation), { batchSize: 2 }),
    });
    for (const [i, wanted] of epochs.entries()) {
      const { loss, lr, validation: evaluated } = history.epochs[i]!;
      expectClose({ loss, lr, validation: evaluated }, wanted, { rtol: 1e-9 });
    }
    for (const [name, t] of Object.entries(model.stateDict())) {
      if (end[name] !== undefined) expectClose(t.toTypedArray(), end[name].data, { rtol: 1e-8, atol: 1e-10 });
    }
  });

  it('summary: the shapes that hooks see, and how many numbers there are to learn', () => {
    const found = nn.summary(net(), load(validation.x));
    expect(found.rows.map(({ shape, parameters }) => ({ shape, parameters }))).toEqual(rows);
    expect(found.parameters).toBe(parameters);
  });
});
