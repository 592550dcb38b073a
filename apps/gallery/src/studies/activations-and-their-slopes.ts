import { Random } from '@maru-ml/base';
import { digits } from '@maru-ml/datasets/digits';
import { DataLoader, ELU, LeakyReLU, Linear, type Module, ReLU, Sequential } from '@maru-ml/nn';
import { SGD } from '@maru-ml/optim';
import { lines } from '@maru-ml/plot';
import {
  any,
  countNonzero,
  crossEntropy,
  elu,
  grad,
  leakyRelu,
  linspace,
  matmul,
  maxout,
  noGrad,
  normal,
  randn,
  relu,
  scope,
  sigmoid,
  square,
  stack,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

/** E2: the activation functions, and three reasons to prefer one to another. */
export const activationsAndTheirSlopes: Study = {
  row: 'E2',
  title: 'Activation functions, their slopes, bias shift and dead rectifiers',
  source: '004 L140-240',
  run(context) {
    curves(context);
    biasShift(context);
    deadRectifiers(context);
  },
};

const ACTIVATIONS: Record<string, { f: (x: Tensor) => Tensor; note: string }> = {
  sigmoid: { f: sigmoid, note: 'σ(x) = 1 / (1 + e⁻ˣ): its slope is at most ¼ and vanishes at both ends.' },
  tanh: { f: tanh, note: 'tanh x = 2σ(2x) - 1: centered at 0, with slope 1 there, but it vanishes too.' },
  ReLU: { f: relu, note: 'max(0, x): cheap, and its slope is 1 wherever it is not 0.' },
  'leaky ReLU': { f: (x) => leakyRelu(x, 0.1), note: 'max(αx, x), here with α = .1: no place without a slope.' },
  maxout: {
    f: (x) => maxout(stack([x, x.mul(-0.5).sub(1)], 1), 2).reshape(-1),
    note: 'max(w₁x + b₁, w₂x + b₂), here of x and -x/2 - 1: a bend whose two slopes are learned.',
  },
  ELU: {
    f: (x) => elu(x, 1),
    note: 'x where x ≥ 0, else α(eˣ - 1), α = 1: runs out at -α, so that means come nearer to 0.',
  },
};

function curves(context: Context): void {
  context.text("Six activations f and their derivatives f', which come from backward.");
  for (const [name, { f, note }] of Object.entries(ACTIVATIONS)) {
    const x = linspace(-5, 5, 401, { requiresGrad: true });
    const y = f(x);
    const slope = grad(sum(y), x);
    context.plot(
      lines({ f: y, "f'": slope }, { x, xLabel: 'x', yLabel: 'f(x)', title: name, width: 200, height: 140 }),
      note,
    );
  }
  const at = (f: (x: Tensor) => Tensor, value: number) => f(tensor([value])).item();
  context.figure('σ(0)', 0.5, at(sigmoid, 0));
  context.figure(
    'ELU far to the left, α = 1',
    null,
    at((x) => elu(x, 1), -30),
  );
}

/** Means of the activations in a deep net of random weights. */
function biasShift(context: Context): void {
  const [layers, width] = [10, 200];
  const random = new Random(3);
  const weights = Array.from({ length: layers }, () =>
    normal([width, width], 0, 1 / Math.sqrt(width), { seed: random }),
  );
  const input = randn([500, width], { seed: random });
  const means: Record<string, number[]> = {};
  const shifts: Record<string, number[]> = {};
  for (const name of ['sigmoid', 'tanh', 'ReLU', 'ELU']) {
    let h = input;
    means[name] = [];
    shifts[name] = [];
    for (const w of weights) {
      h = ACTIVATIONS[name]!.f(matmul(h, w));
      means[name].push(h.mean().item());
      shifts[name].push(h.mean().item() / Math.sqrt(square(h).mean().item()));
    }
  }
  context.text(
    `Bias shift: what leaves a sigmoid is positive, .5 on average, so the inputs of the next layer all lean the same way. Here normal inputs go through ${layers} layers of ${width} units with random weights of mean 0; the plot shows how much of the activations' size is their mean.`,
  );
  context.plot(
    lines(shifts, { xLabel: 'layer', yLabel: 'mean / root mean square', title: 'Bias shift' }),
    'Of a sigmoid almost all is bias, of ReLU most; ELU comes nearer to 0, and tanh is there.',
  );
  context.figure('mean output of a sigmoid', 0.5, means.sigmoid![0]!, { digits: 2 });
  context.figure('mean output of ReLU at normal inputs (1/√(2π) = .399)', null, means.ReLU![0]!);
  context.figure('mean output of ELU at normal inputs', null, means.ELU![0]!);
}

/** Units that are silent for every picture get no gradient, so they never speak again. */
function deadRectifiers(context: Context): void {
  const { x, y } = digits();
  const pictures = tensor(x.data, { dtype: 'float32' }).reshape(-1, 64).div(16);
  const labels = tensor(y);
  const epochs = 10;
  const share = (activation: () => Module, lr: number) => {
    const seed = new Random(4);
    const first = new Linear(64, 100, { seed });
    const act = activation();
    const net = new Sequential(first, act, new Linear(100, 10, { seed }));
    const optimizer = new SGD(net.parameters(), { lr });
    const loader = new DataLoader([pictures, labels], { batchSize: 32, shuffle: true, seed });
    const shares: number[] = [];
    for (let epoch = 0; epoch <= epochs; epoch++) {
      // The slope of each unit at each picture; a unit is dead where it is 0 at all of them.
      const h = noGrad(() => first.forward(pictures));
      h.requiresGrad = true;
      const slopes = grad(sum(act.forward(h)), h);
      const alive = any(slopes, 0);
      shares.push(1 - countNonzero(alive).item() / alive.size);
      if (epoch === epochs) break;
      for (const [batch, target] of loader) {
        scope(() => {
          optimizer.zeroGrad();
          crossEntropy(net.forward(batch!), target!).backward();
          optimizer.step();
        });
      }
    }
    return shares;
  };
  const shares = {
    'ReLU, rate .1': share(() => new ReLU(), 0.1),
    'ReLU, rate .5': share(() => new ReLU(), 0.5),
    'ReLU, rate 1': share(() => new ReLU(), 1),
    'leaky ReLU, rate 1': share(() => new LeakyReLU(0.1), 1),
    'ELU, rate 1': share(() => new ELU(), 1),
  };
  context.text(
    'Dead rectifiers: a large step can push a unit to where it is 0 for every example. It gets no gradient there, so it stays. A net of 100 hidden units learns the embedded digits at several learning rates.',
  );
  const epoch = Array.from({ length: epochs + 1 }, (_, i) => i);
  context.plot(
    lines(shares, { x: epoch, xLabel: 'epoch', yLabel: 'share of dead units', title: 'Dead units' }),
    'The faster the learning, the more rectifiers die; leaky ones and ELU keep a slope.',
  );
  for (const [name, values] of Object.entries(shares)) context.figure(`dead units of ${name}`, null, values.at(-1)!);
}
