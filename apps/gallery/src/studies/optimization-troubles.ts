import { Random } from '@maru-ml/base';
import {
  Adagrad,
  Adam,
  exponentialDecay,
  inverseTimeDecay,
  type Optimizer,
  RMSprop,
  type Schedule,
  Scheduler,
  SGD,
  stepDecay,
} from '@maru-ml/optim';
import { contour, lines } from '@maru-ml/plot';
import {
  cos,
  exp,
  full,
  grad,
  hessian,
  neg,
  parameter,
  randn,
  scope,
  sigmoid,
  slice,
  square,
  sub,
  type Tensor,
  tensor,
} from '@maru-ml/tensor';
import * as printed from '../printed-optimizers.ts';
import type { Context, Study } from '../study.ts';
import { descend, gridOf, type Path, type Surface } from '../surfaces.ts';

/** C9: where optimization gets into trouble, and how each optimizer gets out. */
export const optimizationTroubles: Study = {
  row: 'C9',
  title: 'Plateaus, saddles, cliffs and local minima, and the paths of optimizers there',
  source: '002 L2280-2960',
  run(context) {
    plateau(context);
    saddle(context);
    localMinima(context);
    cliff(context);
    newton(context);
    decay(context);
    asPrinted(context);
  },
};

type Maker = (params: Tensor[]) => Pick<Optimizer, 'step' | 'zeroGrad'>;
type Pair = [number, number];

/** The optimizers of the slides. The adaptive ones move by about their rate, whatever the slope. */
function family(lr: number, adaptive: number): Record<string, Maker> {
  return {
    'gradient descent': (p) => new SGD(p, { lr }),
    momentum: (p) => new SGD(p, { lr, momentum: 0.9 }),
    Nesterov: (p) => new SGD(p, { lr, momentum: 0.9, nesterov: true }),
    AdaGrad: (p) => new Adagrad(p, { lr: 5 * adaptive, eps: 1e-7 }),
    RMSProp: (p) => new RMSprop(p, { lr: adaptive, alpha: 0.9 }),
    'RMSProp, Nesterov': (p) => new RMSprop(p, { lr: adaptive / 3, alpha: 0.9, momentum: 0.9, nesterov: true }),
    Adam: (p) => new Adam(p, { lr: adaptive }),
  };
}

interface Scene {
  title: string;
  f: Surface;
  x: Pair;
  y: Pair;
  start: Pair;
  steps: number;
  /** Reached when the value is at most this. */
  goal: number;
}

/** Draws the paths of all optimizers and says when each reached the goal. */
function compare(
  context: Context,
  { title, f, x, y, start, steps, goal }: Scene,
  makers: Record<string, Maker>,
  caption: string,
): void {
  const paths = Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [name, descend(f, start, make, steps)]),
  );
  context.plot(contour(gridOf(f, x, y), { x, y, paths: places(paths), title }), caption);
  const rows = Object.entries(paths).map(([name, { values }]) => {
    const reached = values.findIndex((value) => value <= goal);
    return [name, reached < 0 ? 'not reached' : reached, values.at(-1)!];
  });
  context.table(['optimizer', `steps to ${goal}`, `value after ${steps} steps`], rows);
}

const places = (paths: Record<string, Path>) =>
  Object.fromEntries(Object.entries(paths).map(([name, { x, y }]) => [name, { x, y }]));

/** A hollow in a plain: 1 - e^-(x²/2 + y²). */
const hollow: Surface = (x, y) => sub(1, exp(neg(square(x).div(2).add(square(y)))));

function plateau(context: Context): void {
  context.text(
    'A plateau: far from the hollow the slope is almost 0, and a step is the slope times the rate. Momentum adds many small steps up; those that divide by the root of past squares move as fast there as anywhere.',
  );
  const scene = { title: 'Plateau', f: hollow, x: [-3.5, 1.5] as Pair, y: [-1, 3] as Pair, start: [-2.6, 1.5] as Pair };
  compare(context, { ...scene, steps: 80, goal: 0.1 }, family(0.2, 0.1), 'Paths go from the dot to the ring.');
}

/** Downhill in y, uphill in x at the origin; minima at y = ±√2. */
const pass: Surface = (x, y) =>
  square(x)
    .sub(square(y))
    .add(square(square(y)).div(4));

function saddle(context: Context): void {
  context.text(
    'A saddle at the origin, x² - y² + y⁴/4: the way there is steep, the way out is flat at first. All leave it, since the start is a thousandth off the ridge, but they need different times.',
  );
  const scene = { title: 'Saddle', f: pass, x: [-1.5, 1.5] as Pair, y: [-2, 2] as Pair, start: [1.2, 0.001] as Pair };
  compare(
    context,
    { ...scene, steps: 120, goal: -0.9 },
    family(0.05, 0.05),
    'Gradient descent passes the saddle without stopping in it.',
  );
}

/** A valley with hollows every 2.9 along x, the deepest at the origin. */
const hollows: Surface = (x, y) =>
  square(x)
    .div(16)
    .sub(cos(x.mul(2.2)).mul(0.5))
    .add(square(y).div(2));

function localMinima(context: Context): void {
  context.text(
    'Local minima: in each hollow the gradient is 0, so plain descent ends in the first one. A ball with momentum can roll through.',
  );
  const scene = {
    title: 'Local minima',
    f: hollows,
    x: [-3, 5] as Pair,
    y: [-1.5, 1.5] as Pair,
    start: [4.3, 1.2] as Pair,
  };
  compare(context, { ...scene, steps: 150, goal: -0.45 }, family(0.1, 0.1), 'The deepest hollow is at the origin.');
}

/** The loss of a recurrent neuron x ← w σ(x) + b after fifty steps from .5, whose output should be .7. */
const recurrent: Surface = (w, b) => {
  let x = w.mul(0).add(0.5);
  for (let t = 0; t < 50; t++) x = sigmoid(x).mul(w).add(b);
  return square(sigmoid(x).sub(0.7));
};

function cliff(context: Context): void {
  context.text(
    'A cliff: the error of a recurrent neuron after fifty steps, over its weight and bias (R. Pascanu, T. Mikolov and Y. Bengio, 2013). At the foot of the wall lies the valley; a step onto the wall meets a gradient a thousand times as large and is thrown far away. Clipping the norm of the gradient keeps its direction and limits the throw.',
  );
  const [x, y, start, steps]: [Pair, Pair, Pair, number] = [[4, 7], [-3.4, -2], [6.2, -2.9], 150];
  const [descent, rolling]: Maker[] = [
    (p) => new SGD(p, { lr: 0.3 }),
    (p) => new SGD(p, { lr: 0.03, momentum: 0.9 }),
  ] as const;
  const paths = {
    descent: descend(recurrent, start, descent!, steps),
    'descent, clipped': descend(recurrent, start, descent!, steps, 0.5),
    momentum: descend(recurrent, start, rolling!, steps),
    'momentum, clipped': descend(recurrent, start, rolling!, steps, 0.5),
  };
  context.plot(
    contour(gridOf(recurrent, x, y, 160), { x, y, paths: places(paths), xLabel: 'w', yLabel: 'b', title: 'Cliff' }),
    'Paths that leave the picture were thrown off the wall; the clipped ones walk along its foot.',
  );
  const rows = Object.entries(paths).map(([name, { x, y, values }]) => {
    const moves = x.slice(1).map((xi, i) => Math.hypot(xi - x[i]!, y[i + 1]! - y[i]!));
    return [name, moves[0]!, Math.max(...moves), Math.min(...values), values.at(-1)!];
  });
  context.table(['optimizer', 'first step', 'longest step', 'least value', `value after ${steps} steps`], rows);
}

function newton(context: Context): void {
  const f = (p: Tensor) => pass(slice(p, [0]), slice(p, [1]));
  const start: Pair = [0.7, 0.4];
  let [x, y] = start;
  const path = { x: [x], y: [y] };
  for (let step = 0; step < 8; step++) {
    const { gradient, curvature } = derivatives(f, [x, y]);
    const [[a, b], [, d]] = curvature;
    // θ ← θ - H⁻¹g, with the inverse of a 2 x 2 matrix.
    const determinant = a * d - b * b;
    x -= (d * gradient[0] - b * gradient[1]) / determinant;
    y -= (a * gradient[1] - b * gradient[0]) / determinant;
    path.x.push(x);
    path.y.push(y);
  }
  const slow = descend(pass, start, (p) => new SGD(p, { lr: 0.05 }), 120);
  context.text(
    "Newton's method goes to where the quadratic through its place has no slope, whether that is a minimum or not: from near a saddle it walks into it and stops, while gradient descent passes by.",
  );
  const [xs, ys]: Pair[] = [
    [-1.5, 1.5],
    [-2, 2],
  ];
  context.plot(
    contour(gridOf(pass, xs!, ys!), {
      x: xs!,
      y: ys!,
      paths: { Newton: path, ...places({ 'gradient descent': slow }) },
      title: 'Newton at a saddle',
    }),
    `Newton ends at (${x.toFixed(6)}, ${y.toFixed(6)}), gradient descent at (${slow.x.at(-1)!.toFixed(3)}, ${slow.y.at(-1)!.toFixed(3)}).`,
  );
  context.figure("Newton's method ends", 'at the saddle', Math.hypot(x, y) < 1e-9 ? 'at the saddle' : 'elsewhere');

  context.text(
    'What kind of place has no slope is told by the signs of the eigenvalues of the Hessian there: all positive, a minimum; of both signs (indefinite), a saddle.',
  );
  const critical: [name: string, f: (p: Tensor) => Tensor, place: Pair, kind: string][] = [
    ['x² - y² + y⁴/4', f, [0, 0], 'saddle'],
    ['x² - y² + y⁴/4', f, [0, Math.SQRT2], 'minimum'],
    ['1 - e^-(x²/2 + y²)', (p) => hollow(slice(p, [0]), slice(p, [1])), [0, 0], 'minimum'],
    ['e^-(x²/2 + y²)', (p) => sub(1, hollow(slice(p, [0]), slice(p, [1]))), [0, 0], 'maximum'],
  ];
  const rows = critical.map(([name, f, place]) => {
    const { gradient, curvature } = derivatives(f, place);
    const [low, high] = eigenvalues(curvature);
    const kind = low > 0 ? 'minimum' : high < 0 ? 'maximum' : 'saddle';
    const at = `(${place.map((v) => Number(v.toFixed(3))).join(', ')})`;
    return [`${name} at ${at}`, Math.hypot(...gradient), low, high, kind];
  });
  context.table(['function', '‖gradient‖', 'eigenvalue', 'eigenvalue', 'by the signs'], rows);
  const right = critical.every(([, , , kind], i) => rows[i]!.at(-1) === kind);
  context.figure('the sign test tells minima, saddles and maxima', 'right', right ? 'right' : 'wrong');
}

function derivatives(f: (p: Tensor) => Tensor, place: Pair): { gradient: Pair; curvature: [Pair, Pair] } {
  const p = tensor(place, { dtype: 'float64', requiresGrad: true });
  return { gradient: grad(f(p), p).toArray() as Pair, curvature: hessian(f, p).toArray() as [Pair, Pair] };
}

function eigenvalues([[a, b], [, d]]: [Pair, Pair]): Pair {
  const [middle, radius] = [(a + d) / 2, Math.hypot((a - d) / 2, b)];
  return [middle - radius, middle + radius];
}

function decay(context: Context): void {
  const steps = 300;
  const schedules: Record<string, Schedule> = {
    constant: () => 1,
    'step: × .5 every 50': stepDecay({ stepSize: 50, gamma: 0.5 }),
    'exponential: e^-kt, k = .015': exponentialDecay({ gamma: Math.exp(-0.015) }),
    '1/t: 1 / (1 + kt), k = .1': inverseTimeDecay({ k: 0.1 }),
  };
  context.text(
    'Large steps first, small ones later: three ways to lower the rate α₀ with time. Noise in the gradient (here of standard deviation 1, as from batches) keeps descent with a constant rate jittering around the minimum; with a falling rate it settles.',
  );
  const times = Array.from({ length: steps + 1 }, (_, t) => t);
  const rates = Object.fromEntries(Object.entries(schedules).map(([name, rate]) => [name, times.map(rate)]));
  context.plot(
    lines(rates, { x: times, xLabel: 'step t', yLabel: 'α / α₀', title: 'Learning rates' }),
    'The shapes of the formulas.',
  );
  const errors = Object.fromEntries(Object.entries(schedules).map(([name, rate]) => [name, noisyDescent(rate, steps)]));
  context.plot(
    lines(errors, { x: times, xLabel: 'step t', yLabel: 'mean of x²', yScale: 'log', title: 'Noisy descent on x²/2' }),
    'The mean of 500 runs with α₀ = .3, all from x = 3.',
  );
  context.figure(
    'exponential decay at t = 100, k = .015: e^-1.5',
    Math.exp(-1.5),
    rates['exponential: e^-kt, k = .015']![100]!,
    { digits: 12 },
  );
  context.figure('1/t decay at t = 100, k = .1: 1/11', 1 / 11, rates['1/t: 1 / (1 + kt), k = .1']![100]!, {
    digits: 12,
  });
}

/** The mean square of 500 numbers that descend x²/2 by noisy gradients, before each step. */
function noisyDescent(rate: Schedule, steps: number): number[] {
  const random = new Random(1);
  const x = parameter(full([500], 3));
  const optimizer = new SGD([x], { lr: 0.3 });
  const scheduler = new Scheduler(optimizer, rate);
  const errors: number[] = [];
  for (let t = 0; t <= steps; t++) {
    scope(() => {
      errors.push(square(x).mean().item());
      optimizer.zeroGrad();
      const noise = randn([500], { seed: random });
      square(x).div(2).add(x.mul(noise)).sum().backward();
    });
    optimizer.step();
    scheduler.step();
  }
  return errors;
}

/** The algorithms as the slides print them, on plain numbers, beside the package's. */
function asPrinted(context: Context): void {
  const [start, steps]: [Pair, number] = [[-1.4, 0.8], 200];
  // A curved valley, its gradient by hand.
  const valley: Surface = (x, y) => square(x.sub(1)).add(square(y.sub(square(x))).mul(5));
  const gradient = ([x, y]: printed.Vector) => [2 * (x! - 1) - 20 * x! * (y! - x! * x!), 10 * (y! - x! * x!)];
  const settings = { lr: 0.01, momentum: 0.9, rho: 0.9 };
  const { lr, momentum, rho: alpha } = settings;
  const pairs: [name: string, rule: printed.Rule, maker: Maker][] = [
    ['8.2 momentum', printed.momentum(settings), (p) => new SGD(p, { lr, momentum })],
    ['8.3 Nesterov', printed.nesterov(settings), (p) => new SGD(p, { lr, momentum, nesterov: true })],
    ['8.4 AdaGrad', printed.adagrad(settings), (p) => new Adagrad(p, { lr, eps: 1e-7 })],
    ['8.5 RMSProp', printed.rmsprop(settings), (p) => new RMSprop(p, { lr, alpha })],
    [
      '8.6 RMSProp, Nesterov',
      printed.rmspropNesterov(settings),
      (p) => new RMSprop(p, { lr, alpha, momentum, nesterov: true, eps: 0 }),
    ],
    ['8.7 Adam', printed.adam(settings), (p) => new Adam(p, { lr })],
  ];
  const rows = pairs.map(([name, rule, maker]) => {
    const places = rule(start, gradient, steps);
    const { x, y } = descend(valley, start, maker, steps);
    return [name, Math.max(...places.map((p, i) => Math.hypot(p[0]! - x[i]!, p[1]! - y[i]!)))];
  });
  context.text(
    `Algorithms 8.2 to 8.7 as the slides print them, in plain numbers, against the optimizers of the package, over ${steps} steps in a curved valley. 8.3 and 8.6 take the gradient ahead of the parameters; the package, like PyTorch, calls that place the parameters. RMSProp differs slightly: the slides have δ = 1e-6 under the root, PyTorch 1e-8 beside it.`,
  );
  context.table(['algorithm', 'largest distance of the two paths'], rows);
  context.erratum(
    "AdaGrad's text sums the squares up to t - 1 and has no δ; the algorithm on the next slide includes the present gradient and δ = 1e-7, and is right. In Adam's formula δ stands under the root on one slide and beside it on another; beside it is right.",
  );
}
