import { Random } from '@maru-ml/base';
import { digits } from '@maru-ml/datasets/digits';
import { accuracy, DataLoader, Linear, Sequential, Tanh } from '@maru-ml/nn';
import { Adadelta, Adagrad, Adam, NAdam, type Optimizer, RMSprop, SGD } from '@maru-ml/optim';
import { contour, graph, lines } from '@maru-ml/plot';
import { crossEntropy, noGrad, scope, slice, square, type Tensor, tensor } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';
import { descend, gridOf, type Surface } from '../surfaces.ts';

/** B8: nine optimizers, each an answer to what was wrong with the one before. */
export const familyOfOptimizers: Study = {
  row: 'B8',
  title: 'The family of optimizers on a valley and on a small net',
  source: '001 L2136-2195',
  run(context) {
    familyTree(context);
    valley(context);
    smallNet(context);
  },
};

type StepOptimizer = Pick<Optimizer, 'step' | 'zeroGrad'>;

interface Member {
  /** The slide's idea, in brief. */
  idea: string;
  /** What it changes: where to step, how far, or both. */
  kind: 'descent' | 'direction' | 'step size' | 'both';
  from: readonly string[];
  /** Learning rates that suit it. */
  rates: { valley: number; net: number };
  make(params: Tensor[], lr: number): StepOptimizer;
}

const FAMILY: Record<string, Member> = {
  GD: {
    idea: 'looks at all data,\nthen takes a step',
    ...{ kind: 'descent', from: [], rates: { valley: 0.9, net: 0.5 } },
    make: (params, lr) => new SGD(params, { lr }),
  },
  SGD: {
    idea: 'looks at a few,\nsteps more often',
    ...{ kind: 'descent', from: ['GD'], rates: { valley: 0.9, net: 0.5 } },
    make: (params, lr) => new SGD(params, { lr }),
  },
  Momentum: {
    idea: 'goes on the way\nit was going',
    ...{ kind: 'direction', from: ['SGD'], rates: { valley: 0.1, net: 0.1 } },
    make: (params, lr) => new SGD(params, { lr, momentum: 0.9 }),
  },
  NAG: {
    idea: 'goes on first,\nthen looks',
    ...{ kind: 'direction', from: ['Momentum'], rates: { valley: 0.1, net: 0.1 } },
    make: (params, lr) => new SGD(params, { lr, momentum: 0.9, nesterov: true }),
  },
  Adagrad: {
    idea: 'small steps where\nit has been much',
    ...{ kind: 'step size', from: ['SGD'], rates: { valley: 1.5, net: 0.05 } },
    make: (params, lr) => new Adagrad(params, { lr }),
  },
  RMSProp: {
    idea: 'but forgets what\nwas long ago',
    ...{ kind: 'step size', from: ['Adagrad'], rates: { valley: 0.2, net: 0.005 } },
    make: (params, lr) => new RMSprop(params, { lr, alpha: 0.9 }),
  },
  AdaDelta: {
    idea: 'keeps steps from\nshrinking to a stop',
    ...{ kind: 'step size', from: ['Adagrad'], rates: { valley: 1, net: 1 } },
    // ε sets its first steps: √ε of the unit of the parameters.
    make: (params, lr) => new Adadelta(params, { lr, eps: 1e-2 }),
  },
  Adam: {
    idea: 'RMSProp +\nmomentum',
    ...{ kind: 'both', from: ['Momentum', 'RMSProp'], rates: { valley: 0.3, net: 0.01 } },
    make: (params, lr) => new Adam(params, { lr }),
  },
  Nadam: {
    idea: 'Adam with NAG\nfor momentum',
    ...{ kind: 'both', from: ['Adam', 'NAG'], rates: { valley: 0.3, net: 0.01 } },
    make: (params, lr) => new NAdam(params, { lr }),
  },
};

function familyTree(context: Context): void {
  context.text('How to find the small path down the mountain: who came from whom, and what each one does differently.');
  const nodes = Object.entries(FAMILY).map(([id, { idea, kind }]) => ({ id, detail: idea, kind }));
  const edges = Object.entries(FAMILY).flatMap(([to, { from }]) => from.map((parent) => ({ from: parent, to })));
  context.plot(
    graph({ nodes, edges }, { title: 'The family' }),
    'Momentum and NAG change the direction, Adagrad and its kin the size of the step, Adam and Nadam both.',
  );
}

/** A long valley: 20 times as steep in y as in x. */
const VALLEY: Surface = (x, y) => square(x).div(20).add(square(y));

function valley(context: Context): void {
  const [steps, goal] = [100, 0.01];
  context.text(
    'One surface for all, f = x²/20 + y², from (-7, 2): the slope is steep across the valley and flat along it. (With all data in view GD and SGD are the same here.)',
  );
  const members = Object.entries(FAMILY).filter(([name]) => name !== 'SGD');
  const paths = Object.fromEntries(
    members.map(([name, { make, rates }]) => [name, descend(VALLEY, [-7, 2], (p) => make(p, rates.valley), steps)]),
  );
  const [x, y] = [
    [-8, 4],
    [-3, 3],
  ] as [[number, number], [number, number]];
  for (const names of [
    ['GD', 'Momentum', 'NAG', 'Adagrad'],
    ['RMSProp', 'AdaDelta', 'Adam', 'Nadam'],
  ]) {
    const some = Object.fromEntries(names.map((name) => [name, { x: paths[name]!.x, y: paths[name]!.y }]));
    context.plot(
      contour(gridOf(VALLEY, x, y), { x, y, paths: some, title: names.join(', ') }),
      `${steps} steps from the dot to the ring.`,
    );
  }
  const rows = Object.entries(paths).map(([name, { values }]) => {
    const reached = values.findIndex((value) => value <= goal);
    return [name, reached < 0 ? 'not reached' : reached, values.at(-1)!];
  });
  context.table(['optimizer', `steps to f = ${goal}`, `f after ${steps} steps`], rows);
}

function smallNet(context: Context): void {
  const epochs = context.full ? 100 : 15;
  const goal = 0.1;
  const { x, y } = digits();
  const [pixels, labels] = [tensor(x.data, { dtype: 'float32' }).reshape(-1, 64).div(16), tensor(y)];
  const cut = 1400;
  const [trainX, trainY] = [slice(pixels, [[0, cut]]), slice(labels, [[0, cut]])];
  const [testX, testY] = [slice(pixels, [[cut, null]]), slice(labels, [[cut, null]])];

  context.text(
    `A small net, 64-32-10 with tanh, on ${cut} of the embedded digits: the same start and the same order of batches of 32 for all, but GD, which looks at all ${cut} for each step. Each has a rate that suits it.`,
  );
  const curves: Record<string, number[]> = {};
  const rows = Object.entries(FAMILY).map(([name, { make, rates }], i) => {
    const net = new Sequential(new Linear(64, 32, { seed: 1 }), new Tanh(), new Linear(32, 10, { seed: 2 }));
    const optimizer = make(net.parameters(), rates.net);
    const batchSize = name === 'GD' ? cut : 32;
    const loader = new DataLoader([trainX, trainY], { batchSize, shuffle: true, seed: new Random(3) });
    const lossOfAll = () => noGrad(() => crossEntropy(net.forward(trainX), trainY).item());
    const losses = [lossOfAll()];
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [batch, target] of loader) {
        scope(() => {
          optimizer.zeroGrad();
          crossEntropy(net.forward(batch!), target!).backward();
          optimizer.step();
        });
      }
      losses.push(lossOfAll());
    }
    context.progress((i + 1) / 9, name);
    curves[name] = losses;
    const reached = losses.findIndex((loss) => loss <= goal);
    const right = noGrad(() => accuracy(net.forward(testX), testY));
    return [name, reached < 0 ? 'not reached' : reached * loader.length, losses.at(-1)!, right];
  });
  context.table(
    ['optimizer', `loss after ${epochs} epochs`, 'test accuracy'],
    rows.map(([name, , ...rest]) => [name!, ...rest]),
  );
  for (const [name, steps] of rows) context.figure(`steps to a loss of ${goal}, ${name}`, null, steps!);
  const epoch = Array.from({ length: epochs + 1 }, (_, i) => i);
  const axes = { x: epoch, yScale: 'log', xLabel: 'epoch', yLabel: 'training loss', yDomain: [0.005, 3] } as const;
  const some = (...names: string[]) => Object.fromEntries(names.map((name) => [name, curves[name]!]));
  context.plot(
    lines(some('GD', 'SGD', 'Momentum', 'NAG'), { ...axes, title: 'Direction' }),
    'GD takes one step an epoch, the others 44.',
  );
  context.plot(
    lines(some('SGD', 'Adagrad', 'RMSProp', 'AdaDelta', 'Adam', 'Nadam'), { ...axes, title: 'Size of the step' }),
    'The same batches for all; SGD once more for comparison.',
  );
}
