import { Random } from '@maru-ml/base';
import { bceWithLogits, initConstant, initUniform, Linear, type Module, ReLU, Sequential, Sigmoid } from '@maru-ml/nn';
import { Adam, SGD } from '@maru-ml/optim';
import { bar, decisionRegions, lines } from '@maru-ml/plot';
import {
  abs,
  concat,
  elu,
  leakyRelu,
  linspace,
  maxout,
  mean,
  noGrad,
  piecewiseLinear,
  relu,
  scope,
  sigmoid,
  sign,
  step,
  type Tensor,
  tanh,
  tensor,
} from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

/** The four points of XOR and their classes. */
const points = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const classes = [0, 1, 1, 0];

/** B4: XOR by a net, ten layers of sigmoids against ten of ReLUs, and the activations. */
export const xor: Study = {
  row: 'B4',
  title: 'XOR with neural networks, vanishing gradients, activations',
  source: '001, neural networks; worked example 1',
  run(context) {
    fixedWeights(context);
    trainedNets(context);
    tenLayers(context);
    activations(context);
  },
};

function fixedWeights(context: Context): void {
  const x = tensor(points, { dtype: 'float64' });
  const unit = (input: Tensor, weights: number[], bias: number) =>
    sigmoid(input.matmul(tensor(weights, { dtype: 'float64' })).add(bias));
  const y1 = unit(x, [5, 5], -8);
  const y2 = unit(x, [-7, -7], 3);
  const y = unit(concat([y1.reshape(-1, 1), y2.reshape(-1, 1)], 1), [-11, -11], 6);
  const rounded = (t: Tensor) => Array.from(t.toTypedArray(), (value) => value.toFixed(0)).join(', ');
  context.text(
    'No line separates XOR, but three units do: y₁ = σ(5x₁ + 5x₂ - 8) is AND, y₂ = σ(-7x₁ - 7x₂ + 3) is NOR, and y = σ(-11y₁ - 11y₂ + 6) is neither of them.',
  );
  context.figure('y₁ of 00, 01, 10, 11', '0, 0, 0, 1', rounded(y1));
  context.figure('y₂', '1, 0, 0, 0', rounded(y2));
  context.figure('y', '0, 1, 1, 0', rounded(y));
  context.code(`y before rounding: ${Array.from(y.toTypedArray(), (value) => value.toFixed(5)).join('  ')}`);
}

interface Trained {
  net: Sequential;
  costs: number[];
  accuracy: number;
  outputs: number[];
}

/** Trains a net, which gives logits, on the four points at once. */
function train(net: Sequential, optimizer: Adam | SGD, steps: number, onStep?: (i: number) => void): Trained {
  const x = tensor(points);
  const y = tensor(classes).reshape(4, 1);
  const costs: number[] = [];
  for (let i = 0; i < steps; i++) {
    scope(() => {
      optimizer.zeroGrad();
      const cost = bceWithLogits(net.forward(x), y);
      cost.backward();
      optimizer.step();
      costs.push(cost.item());
    });
    onStep?.(i);
  }
  const outputs = Array.from(noGrad(() => sigmoid(net.forward(x))).toTypedArray());
  const accuracy = outputs.filter((output, i) => Number(output > 0.5) === classes[i]).length / 4;
  return { net, costs, accuracy, outputs };
}

/** Layers of the given widths with an activation between them. */
function layered(widths: number[], activation: () => Module, seed = 0): Sequential {
  const random = new Random(seed);
  const layers = widths.slice(1).flatMap((width, i) => {
    const linear = new Linear(widths[i]!, width, { seed: random });
    return i < widths.length - 2 ? [linear, activation()] : [linear];
  });
  return new Sequential(...layers);
}

function trainedNets(context: Context): void {
  context.text(
    'The same found by training: a single layer cannot, a hidden layer can; "wide" and "deep" are the slides\' exercises.',
  );
  const sigmoids = (widths: number[], seed = 0) => {
    const net = layered(widths, () => new Sigmoid(), seed);
    return train(net, new Adam(net.parameters(), { lr: 0.05 }), 1000);
  };
  const nets: [name: string, source: number | null, trained: Trained][] = [
    ['one layer, 2-1', null, sigmoids([2, 1])],
    ['two hidden units, 2-2-1', null, sigmoids([2, 2, 1])],
    ['wide, 2-10-1', 1, sigmoids([2, 10, 1])],
    ['deep, 2-10-10-10-1', 1, sigmoids([2, 10, 10, 10, 1])],
  ];
  for (const [name, , { net }] of nets) {
    const predict = (rows: number[][]) =>
      Array.from(noGrad(() => net.forward(tensor(rows))).toTypedArray(), (logit) => (logit > 0 ? 1 : 0));
    const axes = { xDomain: [-0.5, 1.5], yDomain: [-0.5, 1.5], xLabel: 'x₁', yLabel: 'x₂' } as const;
    context.plot(decisionRegions(predict, points, classes, { ...axes, title: name, width: 200, height: 200 }), '');
  }
  context.plot(
    lines(Object.fromEntries(nets.map(([name, , { costs }]) => [name, costs])), {
      title: 'Cost by step',
      xLabel: 'step',
      yLabel: 'cost',
      yScale: 'log',
    }),
    'A single layer stays at ln 2 = .693, a coin toss.',
  );
  for (const [name, source, { accuracy }] of nets) {
    context.figure(`accuracy, ${name}`, source, accuracy, { atLeast: true });
  }
  const found = Array.from({ length: 10 }, (_, seed) => sigmoids([2, 2, 1], seed).accuracy).filter((a) => a === 1);
  context.figure('two hidden units: starts of ten that find XOR', null, found.length);
  context.text('Two hidden units suffice in principle, but from many starts descent ends in a local minimum.');
}

/** The slides' ten hidden layers of five units, by their recipe: weights uniform in ±1, descent with rate .1. */
function tenLayers(context: Context): void {
  const steps = context.full ? 200_000 : 5_000;
  context.text(
    'Ten hidden layers. A sigmoid passes on at most a quarter of the gradient, so ten of them leave nothing for the first layers and the net stays at a coin toss; ReLUs can learn it.',
  );
  if (!context.full)
    context.shrunk('5,000 steps of the nets with ten hidden layers instead of 200,000; --full runs them all.');
  const gradients: Record<string, number[]> = {};
  const costs: Record<string, number[]> = {};
  const starts = context.full ? 10 : 3;
  const all = 2 * steps + 2000 * starts;
  let done = 0;
  const train10 = (name: 'sigmoid' | 'ReLU', seed: number, count: number) => {
    const random = new Random(seed);
    const net = layered([2, ...new Array<number>(10).fill(5), 1], () => (name === 'ReLU' ? new ReLU() : new Sigmoid()));
    for (const p of net.parameters()) {
      if (p.ndim === 2) initUniform(p, -1, 1, { seed: random });
      else initConstant(p, 0);
    }
    gradients[name] ??= firstGradients(net);
    const result = train(net, new SGD(net.parameters(), { lr: 0.1 }), count, (i) => {
      if (i % 500 === 0) context.progress((done + i) / all, `ten ${name} layers, start ${seed}, step ${i}`);
    });
    done += count;
    costs[name] ??= result.costs;
    return result;
  };
  const sigmoids = train10('sigmoid', 1, steps);
  const relus = train10('ReLU', 1, steps);
  const layers = gradients.sigmoid!.map((_, i) => String(i + 1));
  context.plot(
    bar(layers, gradients, { title: 'Mean |gradient| before training', xLabel: 'layer', yLabel: 'mean |gradient|' }),
    'The gradient that arrives at each layer of weights.',
  );
  context.plot(
    lines(costs, { title: 'Cost by step, ten hidden layers', xLabel: 'step', yLabel: 'cost', yScale: 'log' }),
    'Sigmoids do not move; ReLUs go to 0.',
  );
  context.figure('ten sigmoid layers: accuracy', null, sigmoids.accuracy);
  context.figure(
    'ten sigmoid layers: gradient of layer 1 / layer 11',
    null,
    gradients.sigmoid![0]! / gradients.sigmoid!.at(-1)!,
  );
  context.figure(
    'ten ReLU layers: gradient of layer 1 / layer 11',
    null,
    gradients.ReLU![0]! / gradients.ReLU!.at(-1)!,
  );
  context.figure('ten ReLU layers: accuracy', 1, relus.accuracy, { atLeast: true });
  context.figure('ten ReLU layers: cost', 2.607708e-6, relus.costs.at(-1)!, { atMost: true });
  const learned = Array.from({ length: starts }, (_, seed) => train10('ReLU', seed, 2000).costs.at(-1)! < 0.1);
  context.figure(`ten ReLU layers: starts of ${starts} that learn XOR`, null, learned.filter(Boolean).length);
  context.text(
    'The slides show one start that works. Layers of only five ReLUs often die: from most starts no unit of some layer is active for any of the four points, and no gradient comes through.',
  );
  context.code(`outputs of the ReLU net: ${relus.outputs.map((output) => output.toExponential(3)).join('  ')}`);
}

function firstGradients(net: Sequential): number[] {
  bceWithLogits(net.forward(tensor(points)), tensor(classes).reshape(4, 1)).backward();
  return net
    .parameters()
    .filter((p) => p.ndim === 2)
    .map((p) => mean(abs(p.grad!)).item());
}

function activations(context: Context): void {
  const z = linspace(-3, 3, 121);
  // Maxout takes the largest of several linear functions: here of x and -x / 2.
  const pairs = concat([z.reshape(-1, 1), z.mul(-0.5).reshape(-1, 1)], 1);
  const shapes: [name: string, values: Tensor][] = [
    ['unit step', step(z)],
    ['sign', sign(z)],
    ['linear', z],
    ['piece-wise linear', piecewiseLinear(z)],
    ['sigmoid', sigmoid(z)],
    ['tanh', tanh(z)],
    ['ReLU', relu(z)],
    ['leaky ReLU (.1)', leakyRelu(z, 0.1)],
    ['ELU', elu(z)],
    ['maxout of x, -x/2', maxout(pairs, 2).reshape(-1)],
  ];
  context.text('The activations of the slides.');
  for (const [title, values] of shapes) {
    context.plot(lines(values, { x: z, title, width: 110, height: 90, xLabel: '', yLabel: '' }), '');
  }
  context.figure('step(0), sign(0)', '0.5, 0', `${step(tensor(0)).item()}, ${sign(tensor(0)).item()}`);
  context.figure('leaky ReLU (.1) at -2', -0.2, leakyRelu(tensor(-2), 0.1).item(), { digits: 6 });
  context.figure('ELU at -1: e⁻¹ - 1', Math.exp(-1) - 1, elu(tensor(-1)).item(), { digits: 6 });
  context.text('Maxout of more than two functions, which the layer also offers, is our addition.');
}
