import { Adam, cosineDecay, exponentialDecay, NAdam, oneCycle, Scheduler, SGD } from '@maru-ml/optim';
import { crossEntropy, randint, randn, type Tensor } from '@maru-ml/tensor';
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  DataLoader,
  Dropout,
  Flatten,
  GELU,
  LayerNorm,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
  Tanh,
  Trainer,
} from '../../src/index.ts';

// Trainings whose parameters must come out bit for bit the same wherever they run.

interface Training {
  model: Sequential;
  trainer: Trainer;
  loader: DataLoader<Tensor[]>;
}

/** An MLP with dropout, two normalizations, smooth activations, Adam along a cosine. */
export function mlp(): Training {
  const model = new Sequential(
    new Linear(20, 64, { seed: 1 }),
    new BatchNorm1d(64),
    new Tanh(),
    new Dropout(0.2, { seed: 2 }),
    new Linear(64, 32, { seed: 3 }),
    new LayerNorm(32),
    new GELU(),
    new Linear(32, 5, { seed: 4 }),
  );
  const optimizer = new Adam(model.parameters(), { lr: 0.01, weightDecay: 1e-3 });
  const scheduler = new Scheduler(optimizer, cosineDecay({ steps: 40, final: 0.1 }));
  const options = { optimizer, scheduler, scheduleBy: 'batch', loss: crossEntropy, clipGradNorm: 1 } as const;
  const data = [randn([200, 20], { seed: 5 }), randint([200], 0, 5, { seed: 6 })];
  return {
    model,
    trainer: new Trainer(model, options),
    loader: new DataLoader(data, { batchSize: 20, shuffle: true, seed: 7 }),
  };
}

/** A convolutional net with batch normalization, max pooling, dropout; NAdam in one cycle. */
export function cnn(): Training {
  const model = new Sequential(
    new Conv2d(1, 8, 3, { padding: 1, seed: 1 }),
    new BatchNorm2d(8),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(8, 12, 3, { stride: 2, seed: 2 }),
    new ReLU(),
    new Flatten(),
    new Dropout(0.3, { seed: 3 }),
    new Linear(108, 4, { seed: 4 }),
  );
  const optimizer = new NAdam(model.parameters(), { lr: 0.01 });
  const scheduler = new Scheduler(optimizer, oneCycle({ steps: 18 }));
  const options = { optimizer, scheduler, scheduleBy: 'batch', loss: crossEntropy } as const;
  const data = [randn([96, 1, 16, 16], { seed: 5 }), randint([96], 0, 4, { seed: 6 })];
  return {
    model,
    trainer: new Trainer(model, options),
    loader: new DataLoader(data, { batchSize: 16, shuffle: true, seed: 7 }),
  };
}

/** The net of the MLP with momentum and decaying rates in a plain loop, without a scope. */
export function plain(): Sequential {
  const { model, loader } = mlp();
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, nesterov: true });
  const scheduler = new Scheduler(optimizer, exponentialDecay({ gamma: 0.93 }));
  for (let epoch = 0; epoch < 3; epoch++) {
    for (const [x, y] of loader) {
      optimizer.zeroGrad();
      crossEntropy(model.forward(x!), y!).backward();
      optimizer.step();
    }
    scheduler.step();
  }
  return model;
}

/** 64 bits of the bytes of all parameters and buffers, by FNV-1a. */
export function fingerprint(model: Sequential): string {
  let hash = 0xcbf29ce484222325n;
  for (const t of Object.values(model.stateDict())) {
    const { buffer, byteOffset, byteLength } = t.toTypedArray();
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}

/** Trains all of them and returns their fingerprints. */
export async function run(): Promise<Record<string, string>> {
  const [first, second] = [mlp(), cnn()];
  await first.trainer.fit(first.loader, { epochs: 4 });
  await second.trainer.fit(second.loader, { epochs: 3 });
  return { mlp: fingerprint(first.model), cnn: fingerprint(second.model), plain: fingerprint(plain()) };
}
