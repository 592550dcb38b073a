import { Random } from '@maru-ml/base';
import { DataLoader, initConstant, Linear, mseLoss } from '@maru-ml/nn';
import { SGD } from '@maru-ml/optim';
import { contour, lines, regression } from '@maru-ml/plot';
import { scope, tensor } from '@maru-ml/tensor';
import type { Context, Study } from '../study.ts';

const N = 100;

/** A22: how the line y = wx + b is learned, under different rates, batches, noise and data. */
export const learningProcess: Study = {
  row: 'A22',
  title: 'The learning process of a line: rate, batch size, noise, spread and mean of the data',
  source: '000, deep learning (10)',
  run(context) {
    context.text(
      `${N} points of y = x + 1 are learned by gradient descent on the mean squared error of wx + b, from w = -1, b = -1. Paths are drawn over the loss; the goal is w = 1, b = 1.`,
    );
    rates(context);
    batches(context);
    noises(context);
    spreads(context);
  },
};

interface Data {
  x: Float64Array;
  y: Float64Array;
}

interface Options {
  lr: number;
  epochs: number;
  batchSize?: number;
}

/** The parameters and the loss over all data: before training, and after each step. */
interface Way {
  epoch: number[];
  w: number[];
  b: number[];
  loss: number[];
}

/** y = x + 1 with normal x and normal noise on y. */
function makeData({ mean = 0, std = 1, noise = 0, seed = 1 }): Data {
  const random = new Random(seed);
  const x = Float64Array.from({ length: N }, () => random.normal(mean, std));
  return { x, y: x.map((value) => value + 1 + random.normal(0, noise)) };
}

/** The loop that the whole study is about. */
function learn({ x, y }: Data, { lr, epochs, batchSize = N }: Options): Way {
  const line = new Linear(1, 1);
  initConstant(line.weight, -1);
  initConstant(line.bias!, -1);
  const optimizer = new SGD(line.parameters(), { lr });
  const points = [tensor(x, { dtype: 'float32' }).reshape(N, 1), tensor(y, { dtype: 'float32' }).reshape(N, 1)];
  const loader = new DataLoader(points, { batchSize, shuffle: true, seed: 7 });

  const way: Way = { epoch: [], w: [], b: [], loss: [] };
  const note = () => {
    const [w, b] = [line.weight.item(), line.bias!.item()];
    way.epoch.push(way.epoch.length / loader.length);
    way.w.push(w);
    way.b.push(b);
    way.loss.push(meanSquaredError({ x, y }, w, b));
  };
  note();
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [inputs, targets] of loader) {
      scope(() => {
        optimizer.zeroGrad();
        mseLoss(line.forward(inputs!), targets!).backward();
        optimizer.step();
      });
      note();
      const loss = way.loss.at(-1)!;
      if (loss > 1e12 || loss < 1e-12) return way;
    }
  }
  return way;
}

function meanSquaredError({ x, y }: Data, w: number, b: number): number {
  return x.reduce((sum, value, i) => sum + (w * value + b - y[i]!) ** 2, 0) / N;
}

/** The rate above which gradient descent diverges: 2 over the largest eigenvalue of the Hessian, 2/n Σ [x², x; x, 1]. */
function limitOfRate({ x }: Data): number {
  const mean = x.reduce((sum, value) => sum + value, 0) / N;
  const square = x.reduce((sum, value) => sum + value * value, 0) / N;
  const largest = square + 1 + Math.sqrt((square - 1) ** 2 + 4 * mean * mean);
  return 2 / largest;
}

/** The same limit found by trying: bisection between a rate that converges and one that does not. */
function triedLimit(data: Data): number {
  let [low, high] = [1e-4, 4];
  for (let i = 0; i < 14; i++) {
    const lr = Math.sqrt(low * high);
    const { loss } = learn(data, { lr, epochs: 150 });
    if (loss.at(-1)! > loss[0]!) high = lr;
    else low = lr;
  }
  return Math.sqrt(low * high);
}

/** The ways of w and b over the loss, and the loss epoch by epoch. */
function showWays(context: Context, data: Data, ways: Record<string, Way>, title: string, epochs: number): void {
  const all = Object.entries(ways);
  const drawn = 60;
  context.plot(
    contour((w, b) => meanSquaredError(data, w, b), {
      x: [-2, 4],
      y: [-2, 4],
      levelScale: 'log',
      paths: Object.fromEntries(all.map(([name, { w, b }]) => [name, { x: w.slice(0, drawn), y: b.slice(0, drawn) }])),
      title,
      xLabel: 'w',
      yLabel: 'b',
      valueLabel: 'loss',
    }),
    `Where w and b go in the first ${drawn} steps, from the dot to the ring.`,
  );
  context.plot(
    lines(Object.fromEntries(all.map(([name, { epoch, loss }]) => [name, { x: epoch, y: loss }])), {
      title,
      xDomain: [0, epochs],
      yScale: 'log',
      yDomain: [Math.max(1e-5, 0.3 * Math.min(...all.flatMap(([, { loss }]) => loss))), 1e3],
      xLabel: 'epoch',
      yLabel: 'loss over all data',
    }),
    'The loss after each step, on a logarithmic axis.',
  );
}

function stepsTo(goal: number, { loss }: Way): number {
  const step = loss.findIndex((value) => value < goal);
  return step < 0 ? Number.POSITIVE_INFINITY : step;
}

function rates(context: Context): void {
  const data = makeData({});
  const ways = Object.fromEntries([0.01, 0.1, 0.5, 1.2].map((lr) => [`rate ${lr}`, learn(data, { lr, epochs: 300 })]));
  context.text(
    '1. Learning rate, same data. The speed is proportional to the rate, until the steps are so long that they climb.',
  );
  showWays(context, data, ways, 'Learning rates', 100);
  const ratio = stepsTo(0.1, ways['rate 0.01']!) / stepsTo(0.1, ways['rate 0.1']!);
  context.figure('steps to loss .1: rate .01 over rate .1', null, ratio);
  context.figure('rate 1.2 diverges', 'yes', ways['rate 1.2']!.loss.at(-1)! > 1e12 ? 'yes' : 'no');
}

function batches(context: Context): void {
  const data = makeData({ noise: 0.5, seed: 2 });
  // One point far off its place.
  data.y[0]! += 10;
  const sizes = [1, 8, 100];
  const ways: Record<string, Way> = {};
  const rows: (string | number)[][] = [];
  for (const batchSize of sizes) {
    const begin = performance.now();
    const way = learn(data, { lr: 0.05, epochs: 100, batchSize });
    const time = (performance.now() - begin) / 100;
    const tail = way.w.slice(-Math.ceil(N / batchSize) * 20);
    const mean = tail.reduce((sum, w) => sum + w, 0) / tail.length;
    const wobble = Math.sqrt(tail.reduce((sum, w) => sum + (w - mean) ** 2, 0) / tail.length);
    ways[`batch ${batchSize}`] = way;
    rows.push([`batch ${batchSize}`, Math.ceil(N / batchSize), wobble, `${time.toFixed(2)} ms`]);
  }
  context.text(
    '2. Batch size, with some noise and an outlier of 10. A step that follows one point is thrown off by the outlier; in a batch its effect is pooled, and an epoch takes fewer, larger steps and less time.',
  );
  showWays(context, data, ways, 'Batch sizes', 30);
  context.table(['', 'steps an epoch', 'wobble of w at the end', 'time an epoch'], rows);
  const [one, eight] = [rows[0]![2] as number, rows[1]![2] as number];
  context.figure('larger batches are steadier', 'yes', one > eight && eight > (rows[2]![2] as number) ? 'yes' : 'no');
}

function noises(context: Context): void {
  context.text(
    '3. Noise. The line is still found, but the loss ends at the variance of the noise instead of 0, and w and b are off by about std / √n.',
  );
  const rows = [0, 0.5, 2].map((noise) => {
    const data = makeData({ noise, seed: 1 });
    const way = learn(data, { lr: 0.1, epochs: 300 });
    const [w, b] = [way.w.at(-1)!, way.b.at(-1)!];
    context.plot(
      regression(data, { fit: { slope: w, intercept: b }, title: `noise of standard deviation ${noise}` }),
      `After 300 steps: y = ${w.toFixed(3)} x + ${b.toFixed(3)}.`,
    );
    return [`noise ${noise}`, w, b, way.loss.at(-1)!, noise ** 2];
  });
  context.table(['', 'w', 'b', 'loss at the end', 'variance of the noise'], rows);
}

function spreads(context: Context): void {
  context.text(
    '4 and 5. Standard deviation and mean of x. The gradient of w grows with the square of x, so a larger spread or a larger |mean| acts like a larger rate: what was a good rate diverges. Theory says that descent diverges above 2 / λ, with λ the largest eigenvalue of the second derivatives; trying rates finds the same limit.',
  );
  const cases = [
    { mean: 0, std: 1 },
    { mean: 0, std: 5 },
    { mean: 0, std: 15 },
    { mean: 5, std: 2 },
    { mean: 15, std: 2 },
  ];
  const limits: number[] = [];
  const rows: (string | number)[][] = [];
  for (const [i, { mean, std }] of cases.entries()) {
    context.progress(i / cases.length, 'rates that converge');
    const data = makeData({ mean, std });
    const name = `mean ${mean}, std ${std}`;
    const ways = Object.fromEntries(
      [0.0005, 0.005, 0.05].map((lr) => [`rate ${lr}`, learn(data, { lr, epochs: 200 })]),
    );
    if (i > 0) {
      context.text(`x of mean ${mean} and standard deviation ${std}:`);
      showWays(context, data, ways, name, 50);
    }
    limits.push(triedLimit(data));
    const way = ways['rate 0.0005']!;
    rows.push([name, limitOfRate(data), limits[i]!, Math.abs(way.w[1]! - way.w[0]!)]);
  }
  context.table(['data', '2 / λ', 'limit found by trying', 'first change of w at rate .0005'], rows);
  const worst = Math.max(...rows.map(([, theory, tried]) => Math.abs((tried as number) / (theory as number) - 1)));
  context.figure('limit of the rate: tried against 2 / λ, largest relative difference', null, worst);
  const falls = (indices: number[]) => indices.every((at, k) => k === 0 || limits[at]! < limits[indices[k - 1]!]!);
  context.figure('a larger standard deviation acts like a larger rate', 'yes', falls([0, 1, 2]) ? 'yes' : 'no');
  context.figure('a larger mean acts like a larger rate', 'yes', falls([3, 4]) ? 'yes' : 'no');
}
