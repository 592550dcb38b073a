import {
  Conv2d,
  DataLoader,
  Flatten,
  Linear,
  MaxPool2d,
  type Module,
  mseLoss,
  ReLU,
  Sequential,
  Tanh,
  Trainer,
} from '@maru-ml/nn';
import { Adam, SGD } from '@maru-ml/optim';
import { assign, conv2d, crossEntropy, resident, scope, type Tensor, tensor } from '@maru-ml/tensor';
import { inPython } from '../python.ts';
import * as jax from '../rivals/jax.js';
import { convnet } from '../rivals/others.js';
import * as tfjs from '../rivals/tfjs.js';
import { type Contender, type Row, randoms } from '../row.ts';

/** Fills the parameters with the streams 1, 2, 3, ... that all contenders use. */
function filled<M extends Module>(net: M, scale: number): M {
  for (const [i, p] of net.parameters().entries()) {
    assign(p, tensor(randoms(p.size, i + 1).map((v) => v * scale)).reshape(p.shape));
  }
  return net;
}

interface Training {
  net: Module;
  optimizer: { zeroGrad(): void; step(): void };
  loss(output: Tensor): Tensor;
  x: Tensor;
}

/** A step of training, which returns the loss. */
function stepOf({ net, optimizer, loss, x }: Training): () => number {
  return () => {
    const value = loss(net.forward(x));
    optimizer.zeroGrad();
    value.backward();
    optimizer.step();
    return value.item();
  };
}

/** The loop as everybody writes it, without a scope or inside one; it answers with the losses of three steps from the start. */
function plainLoop(make: () => Training, scoped: boolean): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const step = stepOf(make());
      const again = stepOf(make());
      return { run: scoped ? () => scope(step) : step, answer: () => [again(), again(), again()] };
    },
  };
}

function xorTraining(): Training {
  const net = filled(new Sequential(new Linear(2, 10), new Tanh(), new Linear(10, 1)), 1);
  const y = tensor([[0], [1], [1], [0]]);
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  return { net, optimizer: new SGD(net.parameters(), { lr: 0.1 }), loss: (output) => mseLoss(output, y), x };
}

export const xorRow: Row = {
  id: 'xor',
  title: 'training step of a 2-10-1 net on 4 rows',
  contenders: [plainLoop(xorTraining, false), tfjs.xor, jax.xor, ...inPython('PyTorch', 'xor')],
  bars: [
    { against: ['tfjs cpu', 'jax-js'], ratio: 0.5 },
    { against: ['PyTorch'], ratio: 1 },
  ],
  tolerance: 1e-3,
};

const labels = tensor(
  Array.from({ length: 64 }, (_, i) => i % 10),
  { dtype: 'int32' },
);

function mlp(): Module {
  return filled(new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 10)), 0.1);
}

function mlpTraining(): Training {
  const net = mlp();
  const x = tensor(randoms(64 * 784, 5)).reshape(64, 784);
  return { net, optimizer: new SGD(net.parameters(), { lr: 0.01 }), loss: (output) => crossEntropy(output, labels), x };
}

/** The Trainer, five epochs of twenty batches at a time; the time of one batch is told. */
const mlpTrainer: Contender = {
  name: 'maru Trainer',
  unchecked: 'it goes on through other batches',
  setUp: () => {
    const net = mlp();
    const trainer = new Trainer(net, { optimizer: new SGD(net.parameters(), { lr: 0.01 }), loss: crossEntropy });
    const x = tensor(randoms(1280 * 784, 5)).reshape(1280, 784);
    const y = tensor(
      Array.from({ length: 1280 }, (_, i) => i % 10),
      { dtype: 'int32' },
    );
    const loader = new DataLoader([x, y], { batchSize: 64, shuffle: true, seed: 1 });
    let epochs = 0;
    let last = Number.NaN;
    return {
      run: async () => {
        const begin = performance.now();
        epochs += 5;
        const history = await trainer.fit(loader, { epochs });
        last = history.epochs.at(-1)!.loss;
        return { ms: (performance.now() - begin) / 100 };
      },
      answer: () => [last],
    };
  },
};

export const mlpRow: Row = {
  id: 'mlp',
  title: 'MLP 784-256-10, batch 64, SGD step',
  contenders: [
    plainLoop(mlpTraining, false),
    mlpTrainer,
    jax.mlp,
    tfjs.mlp,
    tfjs.mlpCpu,
    ...inPython('PyTorch', 'mlp'),
  ],
  bars: [
    { against: ['jax-js'], ratio: 0.5 },
    { against: ['tfjs wasm'], ratio: 0.2 },
    { against: ['PyTorch'], ratio: 1.6 },
  ],
  tolerance: 1e-3,
};

function cnnTraining(): Training {
  const net = filled(
    new Sequential(
      new Conv2d(1, 16, 5, { padding: 2 }),
      new ReLU(),
      new MaxPool2d(2),
      new Conv2d(16, 32, 5, { padding: 2 }),
      new ReLU(),
      new MaxPool2d(2),
      new Flatten(),
      new Linear(1568, 10),
    ),
    0.1,
  );
  const x = resident(tensor(randoms(64 * 784, 7)).reshape(64, 1, 28, 28));
  return { net, optimizer: new Adam(net.parameters()), loss: (output) => crossEntropy(output, labels), x };
}

export const cnnRow: Row = {
  id: 'cnn',
  title: 'CNN 16-32 5x5, 28x28, batch 64, Adam step',
  contenders: [plainLoop(cnnTraining, true), convnet, ...inPython('PyTorch', 'cnn')],
  bars: [
    { against: ['convnetjs'], ratio: 0.25 },
    { against: ['PyTorch'], ratio: 1.8 },
  ],
  tolerance: 1e-3,
};

const convOurs: Contender = {
  name: 'maru',
  setUp: () => {
    const x = resident(tensor(randoms(16 * 64 * 32 * 32, 1)).reshape(16, 64, 32, 32));
    const w = resident(tensor(randoms(64 * 64 * 9, 2)).reshape(64, 64, 3, 3));
    return {
      run: () => void scope(() => void conv2d(x, w, null, { padding: 1 })),
      answer: () => {
        const values = conv2d(x, w, null, { padding: 1 }).toTypedArray();
        return [0, 1000, 100000, 1000000].map((i) => values[i]!);
      },
    };
  },
};

export const convRow: Row = {
  id: 'conv',
  title: 'convolution 64->64 3x3, 32x32, batch 16',
  contenders: [convOurs, tfjs.conv, ...inPython('PyTorch', 'conv')],
  bars: [
    { against: ['tfjs wasm'], ratio: 0.9 },
    { against: ['PyTorch'], ratio: 2.5 },
  ],
  tolerance: 1e-3,
};
