import { Random } from '@maru-ml/base';
import { readCifar10 } from '@maru-ml/datasets';
import { digits } from '@maru-ml/datasets/digits';
import { accuracy, DataLoader, multiClassHingeLoss } from '@maru-ml/nn';
import { SGD } from '@maru-ml/optim';
import { images, lines } from '@maru-ml/plot';
import {
  cast,
  concat,
  fromTypedArray,
  grad,
  linear,
  noGrad,
  ones,
  parameter,
  randn,
  resident,
  scope,
  slice,
  type Tensor,
  tensor,
  zeros,
} from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

const DRAWS = 1000;

/** E4: how to find weights: by trying, by numeric gradients, by gradients of batches. */
export const randomSearchOrGradient: Study = {
  row: 'E4',
  title: 'Random search, numeric gradients, and stochastic gradient descent',
  source: '004 L300-425',
  async run(context) {
    const task = await load(context);
    const searched = randomSearch(context, task);
    numericGradient(context, task);
    descend(context, task, searched);
    batches(context, task);
  },
};

/** Pictures as rows of pixels less the mean picture, with a 1 at the end, which makes the bias a weight; and their classes. */
interface Task {
  x: Tensor;
  y: Tensor;
  testX: Tensor;
  testY: Tensor;
  /** How many rows random search looks at. */
  searchRows: number;
  /** The scale of random weights, and a learning rate for so many pixels. */
  scale: number;
  lr: number;
  what: string;
  /** The shape of a picture, and the names of the classes. */
  shape: readonly number[];
  names: readonly string[];
  /** Whether these are the source's data. */
  isCifar: boolean;
}

async function load(context: Context): Promise<Task> {
  const folder = context.find('cifar10-subset');
  if (folder !== null) {
    const limit = context.full ? 50_000 : 2000;
    const { train, test } = await readCifar10(folder, { limit });
    const n = train.y.length;
    const searchRows = context.full ? n : 300;
    context.shrunk(
      `The subset of CIFAR-10 has 15,000 of its 50,000 pictures to learn from${context.full ? '' : `; ${n} of them are used, and ${searchRows} by random search (--full takes all)`}.`,
    );
    const pixels = ({ x }: typeof train) => cast(fromTypedArray(x.data, x.shape), 'float32');
    return {
      ...centered(pixels(train), pixels(test)),
      ...{ y: tensor(train.y), testY: tensor(test.y), searchRows, scale: 1e-4, lr: 1e-7 },
      ...{ what: `${n} pictures of CIFAR-10`, shape: [3, 32, 32], names: train.targetNames, isCifar: true },
    };
  }
  context.shrunk(
    'Without --data the embedded digits stand for CIFAR-10, with weights larger by as much as pixels are fewer.',
  );
  const { x, y, targetNames } = digits();
  const pixels = tensor(x.data, { dtype: 'float32' })
    .reshape(-1, 64)
    .mul(255 / 16);
  const cut = 1400;
  return {
    ...centered(slice(pixels, [[0, cut]]), slice(pixels, [[cut, null]])),
    ...{ y: tensor(y.subarray(0, cut)), testY: tensor(y.subarray(cut)), searchRows: cut, scale: 6e-4, lr: 4e-6 },
    ...{ what: `${cut} handwritten digits`, shape: [8, 8], names: targetNames, isCifar: false },
  };
}

function centered(train: Tensor, test: Tensor): { x: Tensor; testX: Tensor } {
  const mean = train.mean(0);
  const withOne = (t: Tensor) => resident(concat([t.sub(mean), ones([t.shape[0]!, 1])], 1));
  return { x: withOne(train), testX: withOne(test) };
}

/** The loss of the notes: Σ over wrong classes of max(0, s_j - s_y + 1), of scores s = W x. */
function lossOf(x: Tensor, y: Tensor, w: Tensor): Tensor {
  return multiClassHingeLoss(linear(x, w), y);
}

function randomSearch(context: Context, task: Task): number[] {
  const { x, y, testX, testY, searchRows, scale, what, isCifar } = task;
  const random = new Random(1);
  const [rows, classes] = [resident(slice(x, [[0, searchRows]])), slice(y, [[0, searchRows]])];
  const losses: number[] = [];
  const sofar: number[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, w: zeros(1) };
  for (let draw = 0; draw < DRAWS; draw++) {
    const w = randn([10, x.shape[1]!], { seed: random }).mul(scale);
    const loss = scope(() => lossOf(rows, classes, w).item());
    if (loss < best.loss) best = { loss, w };
    losses.push(loss);
    sofar.push(best.loss);
    if (draw % 20 === 0) context.progress((draw / DRAWS) * 0.7, `random search: ${best.loss.toFixed(2)}`);
  }
  context.text(
    `A linear classifier of ${what}, its loss the hinge loss of all wrong classes. Strategy 1: draw ${DRAWS} weight matrices and keep the best. (From each pixel its mean is taken away; the source does not say so, but only then its losses are as likely as they are.)`,
  );
  context.code(
    losses
      .slice(0, 7)
      .map((loss, i) => `in attempt ${i} the loss was ${loss.toFixed(6)}, best ${sofar[i]!.toFixed(6)}`)
      .join('\n'),
  );
  const right = accuracy(linear(testX, best.w), testY);
  context.figure('best loss of the first 7 draws', isCifar ? 8.605604 : null, sofar[6]!, { atMost: true });
  context.figure(`best loss of ${DRAWS} draws`, null, best.loss);
  context.figure(`test accuracy of the best of ${DRAWS}`, isCifar ? 0.1555 : null, right, { atLeast: true });
  const sevens = Array.from({ length: Math.floor(DRAWS / 7) }, (_, i) => Math.min(...losses.slice(7 * i, 7 * i + 7)));
  context.text(
    `Luck decides: of ${sevens.length} rows of seven draws the best loss lies between ${Math.min(...sevens).toFixed(2)} and ${Math.max(...sevens).toFixed(2)}, and the accuracy has a standard error of ${Math.sqrt((right * (1 - right)) / testY.size).toFixed(3)}.`,
  );
  return sofar;
}

function numericGradient(context: Context, { x, y, scale }: Task): void {
  const random = new Random(2);
  const rows = slice(x, [[0, 100]]);
  const [x64, y100] = [tensor(rows, { dtype: 'float64' }), slice(y, [[0, 100]])];
  const w = randn([10, x.shape[1]!], { seed: random, dtype: 'float64' }).mul(scale).detach();
  w.requiresGrad = true;
  const exact = grad(lossOf(x64, y100, w), w).toTypedArray();
  const values = w.toTypedArray();
  const at = (place: number, change: number) => {
    const moved = values.slice() as Float64Array;
    moved[place]! += change;
    return noGrad(() => lossOf(x64, y100, fromTypedArray(moved, w.shape)).item());
  };
  const [h, value] = [1e-9, at(0, 0)];
  let [forward, central] = [0, 0];
  for (const place of random.permutation(values.length).subarray(0, 50)) {
    const relative = (slope: number) => Math.abs(slope - exact[place]!) / Math.max(1, Math.abs(exact[place]!));
    forward = Math.max(forward, relative((at(place, h) - value) / h));
    central = Math.max(central, relative((at(place, h) - at(place, -h)) / (2 * h)));
  }
  context.text(
    `Strategy 2: follow the slope. The limit (f(x + h) - f(x)) / h gives it number by number, which takes ${values.length.toLocaleString('en-US')} evaluations for one gradient; backward takes about two. The numeric one is for checking the other.`,
  );
  context.figure('numeric against exact, 50 of the weights, largest relative difference', null, forward);
  context.figure('the same from both sides, (f(x + h) - f(x - h)) / 2h', null, central);
}

function descend(context: Context, task: Task, searched: number[]): void {
  const { x, y, testX, testY, lr, searchRows, shape, names } = task;
  const w = parameter(zeros([10, x.shape[1]!]));
  const optimizer = new SGD([w], { lr });
  // On the same rows as the search, and with as many evaluations: a backward counts as two more.
  const [rows, classes] = [resident(slice(x, [[0, searchRows]])), slice(y, [[0, searchRows]])];
  const steps = Math.floor(searched.length / 3);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(stepOn(optimizer, w, rows, classes));
  const evaluations = losses.map((_, i) => 3 * (i + 1));
  context.plot(
    lines(
      { 'random search': searched, 'gradient descent': { x: evaluations, y: losses } },
      { xLabel: 'evaluations of the loss', yLabel: 'loss', title: 'Trying or following the slope' },
    ),
    'A step downhill (counted as three evaluations) against the best of all tries so far.',
  );
  context.figure('loss of gradient descent after as many evaluations', null, losses.at(-1)!);

  const epochs = context.full ? 50 : 10;
  const batched = new DataLoader([x, y], { batchSize: 256, shuffle: true, seed: 3 });
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [batch, target] of batched) stepOn(optimizer, w, batch!, target!);
    context.progress(0.7 + (0.2 * epoch) / epochs, `epoch ${epoch + 1}`);
  }
  const right = accuracy(linear(testX, w), testY);
  context.figure(`test accuracy after ${epochs} epochs of batches of 256`, null, right);
  const templates = slice(w, [null, [0, -1]])
    .detach()
    .reshape(10, ...shape);
  context.plot(
    images(templates, { labels: names, columns: 5, range: 'each', title: 'What the weights look for' }),
    'Each row of W as a picture: the template of a class.',
  );
}

function stepOn(optimizer: SGD, w: Tensor, x: Tensor, y: Tensor): number {
  return scope(() => {
    optimizer.zeroGrad();
    const loss = lossOf(x, y, w);
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

function batches(context: Context, { x, y, lr }: Task): void {
  const all = x.shape[0]!;
  const curves: Record<string, { x: number[]; y: number[] }> = {};
  const rows = [32, 64, 128, 256, all].map((batchSize) => {
    const w = parameter(zeros([10, x.shape[1]!]));
    const optimizer = new SGD([w], { lr });
    const loader = new DataLoader([x, y], { batchSize, shuffle: true, seed: 4 });
    const name = batchSize === all ? `all ${all}` : String(batchSize);
    const curve = { x: [0], y: [noGrad(() => lossOf(x, y, w).item())] };
    for (let epoch = 1; epoch <= 3; epoch++) {
      for (const [batch, target] of loader) stepOn(optimizer, w, batch!, target!);
      curve.x.push(epoch);
      curve.y.push(noGrad(() => lossOf(x, y, w).item()));
    }
    curves[name] = curve;
    return [name, loader.length, curve.y.at(-1)!];
  });
  context.text(
    `An epoch is one pass over all N = ${all} examples, a batch the n of them that one step looks at, an iteration one such step: N / n of them make an epoch (the last batch may be smaller).`,
  );
  context.table(['batch n', 'iterations an epoch', 'loss after 3 epochs'], rows);
  context.plot(
    lines(curves, { xLabel: 'epoch', yLabel: 'loss', title: 'The same number of epochs', legend: 'batch' }),
    'Small batches take more steps for the same work, and learn more by it.',
  );
}
