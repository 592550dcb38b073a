/**
 * Trains nets without a scope or a free in the user's code and prints the memory of the process (RSS) and the WebAssembly
 * bytes in use after the first steps and at the end:
 *
 *   node packages/nn/scripts/memory.js [--steps 10000] [--first 1000] [--only plain] [--nursery 4]
 *
 * The last line says whether RSS grew by at most 20 MB between the two and the bytes in use stayed equal. Each training runs
 * in a process of its own. `--nursery` limits the space of V8's young objects, in MB: V8 doubles it up to 16 when it likes,
 * which a short run may take for a leak.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { Conv2d, DataLoader, Flatten, Linear, MaxPool2d, ReLU, Sequential, Trainer } from '@maru-ml/nn';
import { Adam, SGD } from '@maru-ml/optim';
import { crossEntropy, randint, randn, scope } from '@maru-ml/tensor';

const mlp = () => new Sequential(new Linear(784, 256, { seed: 1 }), new ReLU(), new Linear(256, 10, { seed: 2 }));
const x = randn([64, 784], { seed: 3 });
const y = randint([64], 0, 10, { seed: 4 });

/**
 * Trainings that call `note` after each step.
 *
 * @type {Record<string, (steps: number, note: (step: number) => void) => void | Promise<unknown>>}
 */
export const trainings = {
  /** The MLP 784-256-10 with batches of 64 and SGD, in a plain loop. */
  plain(steps, note) {
    const net = mlp();
    const optimizer = new SGD(net.parameters(), { lr: 0.01 });
    for (let step = 1; step <= steps; step++) {
      optimizer.zeroGrad();
      crossEntropy(net.forward(x), y).backward();
      optimizer.step();
      note(step);
    }
  },

  /** The same with Adam. */
  adam(steps, note) {
    const net = mlp();
    const optimizer = new Adam(net.parameters());
    for (let step = 1; step <= steps; step++) {
      optimizer.zeroGrad();
      crossEntropy(net.forward(x), y).backward();
      optimizer.step();
      note(step);
    }
  },

  /** The same as the first with the Trainer. */
  trainer(steps, note) {
    const net = mlp();
    const trainer = new Trainer(net, { optimizer: new SGD(net.parameters(), { lr: 0.01 }), loss: crossEntropy });
    const loader = new DataLoader([x, y], { batchSize: 64, shuffle: true, seed: 5 });
    const onProgress = ({ unit, step }) => (unit === 'epoch' ? note(step) : undefined);
    return trainer.fit(loader, { epochs: steps, onProgress });
  },

  /** A small convolutional net with Adam, each step in a scope. */
  cnn(steps, note) {
    const net = new Sequential(
      new Conv2d(1, 4, 5, { seed: 1 }),
      new ReLU(),
      new MaxPool2d(2),
      new Flatten(),
      new Linear(144, 10, { seed: 2 }),
    );
    const pictures = randn([16, 1, 16, 16], { seed: 3 });
    const labels = randint([16], 0, 10, { seed: 4 });
    const optimizer = new Adam(net.parameters());
    for (let step = 1; step <= steps; step++) {
      scope(() => {
        optimizer.zeroGrad();
        crossEntropy(net.forward(pictures), labels).backward();
        optimizer.step();
      });
      note(step);
    }
  },
};

const LIMIT = 20;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    first: { type: 'string', default: '1000' },
    only: { type: 'string' },
    nursery: { type: 'string' },
    here: { type: 'string' },
  },
});
const [first, steps] = [Number(values.first), Number(values.steps)];

if (values.here !== undefined) {
  /** @type {{ rss: number, inUse: number }[]} */
  const notes = [];
  await trainings[values.here]?.(steps, (step) => {
    if (step === first || step === steps)
      notes.push({ rss: process.memoryUsage.rss() / 2 ** 20, inUse: memoryInUse() });
  });
  console.log(JSON.stringify(notes));
} else {
  const names = Object.keys(trainings).filter((name) => values.only === undefined || name === values.only);
  let allRight = names.length > 0;
  for (const name of names) {
    const nursery = values.nursery ?? (name === 'cnn' ? '4' : undefined);
    const flags = nursery === undefined ? [] : [`--max-semi-space-size=${nursery}`];
    const args = [
      ...flags,
      fileURLToPath(import.meta.url),
      '--here',
      name,
      '--steps',
      `${steps}`,
      '--first',
      `${first}`,
    ];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const [before, after] = JSON.parse(stdout);
    const right = after.rss <= before.rss + LIMIT && after.inUse === before.inUse;
    allRight &&= right;
    console.log(
      `${name}: RSS ${before.rss.toFixed(1)} MB after ${first} steps, ${after.rss.toFixed(1)} after ${steps}; ` +
        `WebAssembly bytes in use ${before.inUse} and ${after.inUse}: ${right ? 'steady' : 'GROWING'}`,
    );
  }
  console.log(allRight ? 'memory is steady' : 'MEMORY GROWS');
  process.exitCode = allRight ? 0 : 1;
}
