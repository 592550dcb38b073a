import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { Adam } from '@maru-ml/optim';
import {
  adaptiveAvgPool2d,
  cast,
  crossEntropy,
  elu,
  flatten,
  maxPool2d,
  ones,
  relu,
  type Tensor,
  tensor,
  zeros,
} from '@maru-ml/tensor';
import { parseSafetensors } from '@maru-ml/tensor/safetensors';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  Embedding,
  Flatten,
  LayerNorm,
  Linear,
  Maxout,
  MaxPool2d,
  Module,
  PReLU,
  ReLU,
  Sequential,
  Sign,
  Step,
  summary,
} from '../src/index.ts';
import { fixture, inFloat64, load, type Stored } from './support.ts';

/** The net of make_nn.py. */
class Net extends Module {
  conv1 = new Conv2d(1, 3, 3, { padding: 1 });
  norm = new BatchNorm2d(3);
  conv2 = new Conv2d(3, 4, 3, { stride: 2 });
  up = new ConvTranspose2d(4, 2, 2, { stride: 2 });
  ln = new LayerNorm(8);
  fc = new Linear(8, 3);
  prelu = new PReLU();

  override forward(x: Tensor): Tensor {
    const pooled = maxPool2d(relu(this.norm.forward(this.conv1.forward(x))), 2);
    const upscaled = elu(this.up.forward(this.prelu.forward(this.conv2.forward(pooled))));
    return this.fc.forward(this.ln.forward(flatten(adaptiveAvgPool2d(upscaled, 2), 1)));
  }
}

/** The net with the fixture's parameters, all in float64. */
function loaded(): Net {
  const state = Object.entries(fixture.net.state as Record<string, Stored>).map(([name, t]) => [name, load(t)]);
  return inFloat64(new Net()).loadStateDict(Object.fromEntries(state), { strict: false });
}

describe('a net of many layers against PyTorch', () => {
  const images = load(fixture.net.images);
  const labels = tensor(fixture.net.labels, { dtype: 'int32' });

  it('names its parameters and buffers as PyTorch does', () => {
    const names = [...Object.keys(fixture.net.state), 'norm.num_batches_tracked'];
    expect(Object.keys(new Net().stateDict()).sort()).toEqual(names.sort());
  });

  it('gradients, four steps of Adam, and the output in use', () => {
    const net = loaded();
    const optimizer = new Adam(net.parameters(), { lr: 0.01 });
    for (const [i, expected] of (fixture.net.losses as number[]).entries()) {
      optimizer.zeroGrad();
      const loss = crossEntropy(net.forward(images), labels);
      expectClose(loss.item(), expected, { rtol: 1e-8 });
      loss.backward();
      if (i === 0) {
        for (const [name, p] of net.namedParameters()) {
          const gradient: Stored = fixture.net.gradients[name];
          expectClose(p.grad!.toTypedArray(), gradient.data, { rtol: 1e-8, atol: 1e-12 });
        }
      }
      optimizer.step();
    }
    for (const [name, t] of Object.entries(net.stateDict())) {
      if (name === 'norm.num_batches_tracked') continue;
      expectClose(t.toTypedArray(), fixture.net.after[name].data, { rtol: 1e-6, atol: 1e-9 });
    }
    expectClose(net.eval().forward(images).toTypedArray(), fixture.net.output.data, { rtol: 1e-6, atol: 1e-9 });
  });

  it('batch normalisation over all batches', () => {
    const norm = new BatchNorm1d(2, { momentum: 'all' });
    const { batches, mean, variance, last } = fixture.cumulative;
    let out = zeros([1]);
    for (const batch of batches) out = norm.forward(cast(load(batch), 'float32'));
    expectClose(norm.runningMean!.toTypedArray(), mean.data, { rtol: 1e-5 });
    expectClose(norm.runningVar!.toTypedArray(), variance.data, { rtol: 1e-5 });
    expectClose(out.toTypedArray(), last.data, { rtol: 1e-4, atol: 1e-6 });
  });
});

describe('modules', () => {
  const mlp = () => new Sequential(new Linear(3, 2, { seed: 1 }), new ReLU(), new Linear(2, 1, { seed: 2 }));

  it('reads a state that PyTorch wrote as safetensors', () => {
    const bytes = readFileSync(fileURLToPath(new URL('fixtures/mlp.safetensors', import.meta.url)));
    const net = mlp().loadStateDict(parseSafetensors(bytes).tensors);
    // [1, 1, 1]: W x + b = (3.5, 11.5), then 3.5 - 11.5 + .25
    expect(net.forward(ones([1, 3])).toArray()).toEqual([[-7.75]]);
  });

  it('prints as a tree', () => {
    expect(String(mlp())).toBe(`Sequential(
  (0): Linear(3, 2)
  (1): ReLU()
  (2): Linear(2, 1)
)`);
  });

  it('finds modules and parameters in fields and arrays, shared ones once', () => {
    class Shared extends Module {
      blocks = [new Linear(2, 2), new Linear(2, 2)];
      again = this.blocks[0]!;
      override forward(x: Tensor): Tensor {
        return x;
      }
    }
    const names = new Shared().namedParameters().map(([name]) => name);
    expect(names).toEqual(['blocks.0.weight', 'blocks.0.bias', 'blocks.1.weight', 'blocks.1.bias']);
  });

  it('refuses a state that does not fit, and then has changed nothing', () => {
    const net = mlp();
    const before = net.parameters().map((p) => p.toArray());
    const state = Object.fromEntries(Object.entries(mlp().stateDict()).map(([name, t]) => [name, t.mul(0)]));
    const { '2.bias': _, ...short } = state;
    expectError(() => net.loadStateDict(short), DataError, 'loadStateDict: 2.bias missing from the saved state');
    expectError(
      () => net.loadStateDict({ ...state, extra: ones([1]) }),
      DataError,
      'loadStateDict: the module has no extra',
    );
    expectError(
      () => net.loadStateDict({ ...state, '2.bias': ones([2]) }),
      ShapeError,
      'loadStateDict: 2.bias is [1] but the saved one is [2]',
    );
    expect(net.parameters().map((p) => p.toArray())).toEqual(before);
  });

  it('two layers without a seed never start alike, and a seed repeats', () => {
    expect(new Linear(2, 2).weight.toArray()).not.toEqual(new Linear(2, 2).weight.toArray());
    expect(new Linear(2, 2, { seed: 5 }).weight.toArray()).toEqual(new Linear(2, 2, { seed: 5 }).weight.toArray());
  });

  it('a parameter that changed between forward and backward is named', () => {
    const net = mlp();
    net.parameters();
    const loss = net.forward(ones([1, 3])).sum();
    net.loadStateDict(mlp().stateDict());
    expect(() => loss.backward()).toThrow(
      'backward: 2.weight [1, 2] that linear needs was changed in place after the forward pass; run forward again, or change a clone',
    );
  });

  it('studies A6: zeroGrad and backward leave the weights as they are, only a step moves them', () => {
    const net = mlp();
    const optimizer = new Adam(net.parameters());
    const values = () => net.parameters().map((p) => p.toArray());
    const gradients = () => net.parameters().map((p) => p.grad?.toArray());
    const before = values();
    net
      .forward(ones([1, 3]))
      .sum()
      .backward();
    const first = gradients();
    expect([values(), first.includes(undefined)]).toEqual([before, false]);
    optimizer.zeroGrad();
    expect(values()).toEqual(before);
    net
      .forward(ones([1, 3]))
      .sum()
      .backward();
    expect([values(), gradients()]).toEqual([before, first]);
    optimizer.step();
    expect(values()).not.toEqual(before);
  });

  it('summary', () => {
    const { rows, parameters } = summary(
      new Sequential(new Conv2d(1, 2, 3), new MaxPool2d(2), new Flatten(), new Linear(8, 3)),
      zeros([1, 1, 6, 6]),
    );
    expect(rows.map(({ name, kind, shape, parameters: n }) => [name, kind, shape, n])).toEqual([
      ['0', 'Conv2d', [1, 2, 4, 4], 20],
      ['1', 'MaxPool2d', [1, 2, 2, 2], 0],
      ['2', 'Flatten', [1, 8], 0],
      ['3', 'Linear', [1, 3], 27],
    ]);
    expect(parameters).toBe(47);
  });
});

describe('layers', () => {
  it('Embedding looks rows up', () => {
    const { weight, index } = fixture.embedding;
    const layer = new Embedding(4, 2);
    layer.weight = load(weight);
    expect(layer.forward(tensor(index, { dtype: 'int32' })).toArray()).toEqual([
      [
        [0, 1],
        [6, 7],
      ],
      [
        [2, 3],
        [6, 7],
      ],
    ]);
  });

  it('Embedding refuses a row that it does not have', () => {
    const message = 'Embedding: x must be from 0 to 3, got 4';
    expectError(() => new Embedding(4, 2).forward(tensor([0, 4], { dtype: 'int32' })), DataError, message);
  });

  it('Dropout keeps the mean in training and everything in use', () => {
    const layer = new Dropout(0.3, { seed: 4 });
    const out = layer.forward(ones([10000]));
    expect(Math.abs(out.mean().item() - 1)).toBeLessThan(0.02);
    expect(new Set(out.toTypedArray()).size).toBe(2);
    expect(
      layer
        .eval()
        .forward(ones([4]))
        .toArray(),
    ).toEqual([1, 1, 1, 1]);
  });

  it('step(0) = .5, sign(0) = 0, maxout of neighbours', () => {
    expect(new Step().forward(tensor([-2, 0, 3])).toArray()).toEqual([0, 0.5, 1]);
    expect(new Sign().forward(tensor([-2, 0, 3])).toArray()).toEqual([-1, 0, 1]);
    expect(new Maxout(2).forward(tensor([[1, 5, -3, -4]])).toArray()).toEqual([[5, -3]]);
  });

  it('worked example 10: sizes of convolutions and parameters of the first layer of AlexNet', () => {
    const size = (layer: Module, n: number) => layer.forward(zeros([1, 1, n, n])).shape[2];
    expect(size(new Conv2d(1, 1, 3), 7)).toBe(5);
    expect(size(new Conv2d(1, 1, 3, { stride: 2 }), 7)).toBe(3);
    for (const f of [3, 5, 7]) expect(size(new Conv2d(1, 1, f, { padding: (f - 1) / 2 }), 7)).toBe(7);
    expect(size(new Conv2d(1, 1, 11, { stride: 4 }), 227)).toBe(55);
    expect(size(new MaxPool2d(3, { stride: 2 }), 55)).toBe(27);
    expect(size(new MaxPool2d(3, { stride: 2 }), 13)).toBe(6);
    expect(new Conv2d(3, 96, 11).weight.size).toBe(34_848);
  });

  it('max pooling 2 x 2', () => {
    const x = tensor([1, 1, 2, 4, 5, 6, 7, 8, 3, 2, 1, 0, 1, 2, 3, 4]).reshape(1, 1, 4, 4);
    expect(new MaxPool2d(2).forward(x).toArray()).toEqual([
      [
        [
          [6, 8],
          [3, 4],
        ],
      ],
    ]);
  });

  it('say what they take', () => {
    expectError(
      () => new Linear(3, 2).forward(ones([1, 4])),
      ShapeError,
      'Linear: x is [1, 4] but the layer takes [..., 3]',
    );
    expectError(
      () => new Conv2d(3, 2, 3).forward(ones([1, 4, 5, 5])),
      ShapeError,
      'Conv2d: x is [1, 4, 5, 5] but the layer takes [n, 3, h, w]',
    );
    expectError(() => new Linear(0, 2), OptionError, 'Linear: inFeatures must be an integer ≥ 1, got 0');
    expectError(
      () => new Conv2d(3, 4, 3, { groups: 2 }),
      OptionError,
      'Conv2d: groups must divide inChannels and outChannels, got 2 for 3 and 4',
    );
    expectError(
      () => new BatchNorm1d(2).forward(ones([1, 2])),
      ShapeError,
      'BatchNorm1d: training needs more than one value in each channel, got x [1, 2]',
    );
    expectError(
      () => new Linear(2, 1).forward([[1, 2]] as never),
      OptionError,
      'Linear: x must be a Tensor, got [[…]]; tensor(x) makes one of numbers',
    );
    expectError(
      () => new Sequential(new Linear(2, 1), relu as never),
      OptionError,
      'Sequential: layer 1 must be a module, got a function; functions have modules of their own, such as new ReLU()',
    );
    expectError(
      () => new Sequential([new Linear(2, 1)] as never),
      OptionError,
      'Sequential: layers are arguments, not an array; new Sequential(...layers) passes them',
    );
    expectError(() => new Dropout(1.5), OptionError, 'Dropout: p must be a number ≥ 0 and ≤ 1, got 1.5');
  });
});

describe('what a bundler renames', () => {
  it('layers keep their names in a minified page, in what is printed and in summaries', {
    tags: ['node'],
  }, async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import * as nn from '../src/index.ts';
          const layers = Object.entries(nn).filter(([, value]) => value.prototype instanceof nn.Module);
          export const names = layers.map(([key, layer]) => [key, layer.name]);
          export const printed = String(new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh()));`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
      ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'node', conditions: ['source'] },
    });
    const { names, printed } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
    expect(names.length).toBeGreaterThan(30);
    for (const [key, name] of names) expect(name).toBe(key);
    expect(printed).toBe('Sequential(\n  (0): Linear(2, 3)\n  (1): Tanh()\n)');
  });
});
