import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OptionError } from '@maru-ml/base';
import {
  add,
  matmul,
  mean,
  mul,
  neg,
  noGrad,
  parameter,
  pow,
  softplus,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as optim from '../src/index.ts';
import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  clipGradNorm,
  clipGradValue,
  LBFGS,
  NAdam,
  type Optimizer,
  RMSprop,
  SGD,
} from '../src/index.ts';

const fixture = JSON.parse(readFileSync(fileURLToPath(new URL('fixtures/optimizers.json', import.meta.url)), 'utf8'));
const float64 = (values: number[]) => tensor(values, { dtype: 'float64' });
const c = float64(fixture.c);
const t = float64(fixture.t);

/** The loss of the fixtures: Σ c a⁴ / 4 + a₀ b₀ + Σ (b - t)². */
function lossOf(a: Tensor, b: Tensor): Tensor {
  const first = float64([1, 0, 0]);
  const firstOfTwo = float64([1, 0]);
  const product = mul(sum(mul(a, first)), sum(mul(b, firstOfTwo)));
  return add(add(mul(sum(mul(c, pow(a, 4))), 0.25), product), sum(pow(sub(b, t), 2)));
}

const classes: Record<string, new (params: Iterable<Tensor>, options?: never) => Optimizer> = {
  SGD: SGD as never,
  Adagrad: Adagrad as never,
  Adadelta: Adadelta as never,
  RMSprop: RMSprop as never,
  Adam: Adam as never,
  AdamW: AdamW as never,
  NAdam: NAdam as never,
};

function step(optimizer: Optimizer, a: Tensor, b: Tensor): void {
  optimizer.zeroGrad();
  lossOf(a, b).backward();
  optimizer.step();
}

describe('against PyTorch', () => {
  for (const { name, options, path } of fixture.optimizers) {
    it(`${name} ${JSON.stringify(options)}`, () => {
      const a = parameter(float64(fixture.a));
      const b = parameter(float64(fixture.b));
      const optimizer = new classes[name]!([a, b], options as never);
      for (const expected of path) {
        step(optimizer, a, b);
        expectClose([...a.toTypedArray(), ...b.toTypedArray()], expected, { rtol: 1e-9, atol: 1e-13 });
      }
    });
  }

  it('clipGradValue', () => {
    for (const { limit, gradients } of fixture.clippedValues) {
      const a = parameter(float64(fixture.a));
      const b = parameter(float64(fixture.b));
      lossOf(a, b).backward();
      clipGradValue([a, b], limit);
      expectClose([...a.grad!.toTypedArray(), ...b.grad!.toTypedArray()], gradients, { rtol: 1e-12 });
    }
  });

  it('LBFGS: the loss at the beginning, and where it ends', () => {
    const { x, y, LBFGS: wanted } = fixture.minima;
    const w = parameter(float64([0, 0, 0, 0]));
    const optimizer = new LBFGS([w], { maxIter: 40, historySize: 5, toleranceGrad: 1e-13, toleranceChange: 1e-16 });
    const loss = () => {
      const margins = mul(matmul(tensor(x, { dtype: 'float64' }), w), float64(y));
      return add(sum(softplus(neg(margins))), mul(sum(mul(w, w)), 0.05));
    };
    expectClose(optimizer.step(loss), wanted.start, { rtol: 1e-12 });
    expectClose(w.toTypedArray(), wanted.x, { rtol: 1e-7 });
    expectClose(loss().item(), wanted.value, { rtol: 1e-12 });
  });

  it('clipGradNorm', () => {
    for (const { limit, norm, gradients } of fixture.clipped) {
      const a = parameter(float64(fixture.a));
      const b = parameter(float64(fixture.b));
      lossOf(a, b).backward();
      expectClose(clipGradNorm([a, b], limit), norm, { rtol: 1e-12 });
      expectClose([...a.grad!.toTypedArray(), ...b.grad!.toTypedArray()], gradients, { rtol: 1e-12 });
    }
  });
});

describe('worked by hand', () => {
  /** One parameter at 1 with gradient 2 in every step. */
  function walk(optimizer: (p: Tensor) => Optimizer, steps: number): number {
    const p = parameter(tensor([1], { dtype: 'float64' }));
    const o = optimizer(p);
    for (let i = 0; i < steps; i++) {
      o.zeroGrad();
      sum(mul(p, 2)).backward();
      o.step();
    }
    return p.item();
  }

  it('gradient descent: 1 - .1 · 2', () => {
    expectClose(
      walk((p) => new SGD([p], { lr: 0.1 }), 1),
      0.8,
      { rtol: 1e-15 },
    );
  });

  it('momentum .5: steps .2 and .3', () => {
    expectClose(
      walk((p) => new SGD([p], { lr: 0.1, momentum: 0.5 }), 2),
      0.5,
      { rtol: 1e-15 },
    );
  });

  it("Nesterov's momentum .5: steps .3 and .35", () => {
    expectClose(
      walk((p) => new SGD([p], { lr: 0.1, momentum: 0.5, nesterov: true }), 2),
      0.35,
      { rtol: 1e-15 },
    );
  });

  it('AdaGrad: steps .1 and .1 / √2', () => {
    expectClose(
      walk((p) => new Adagrad([p], { lr: 0.1, eps: 0 }), 2),
      1 - 0.1 - 0.1 / Math.SQRT2,
      { rtol: 1e-15 },
    );
  });

  it("Adam's first step is lr whatever the gradient", () => {
    expectClose(
      walk((p) => new Adam([p], { lr: 0.1, eps: 0 }), 1),
      0.9,
      { rtol: 1e-14 },
    );
  });

  it('RMSProp with Nesterov: s = .01 · 4, the step .1 (.5 · 10 + 10)', () => {
    const walked = walk((p) => new RMSprop([p], { lr: 0.1, momentum: 0.5, nesterov: true, eps: 0 }), 1);
    expectClose(walked, 1 - 0.1 * 15, { rtol: 1e-12 });
  });

  it('clipGradValue limits each element', () => {
    const p = parameter(float64([1, 1, 1]));
    sum(mul(p, float64([3, -4, 0.5]))).backward();
    clipGradValue([p], 1);
    expect(p.grad!.toArray()).toEqual([1, -1, 0.5]);
  });
});

describe('groups, states and resuming', () => {
  it('a group has options of its own', () => {
    const a = parameter(float64([1]));
    const b = parameter(float64([1]));
    const optimizer = new SGD([{ params: [a], lr: 0.5 }, { params: [b] }], { lr: 0.1 });
    sum(add(a, b)).backward();
    optimizer.step();
    expectClose([a.item(), b.item()], [0.5, 0.9], { rtol: 1e-15 });
  });

  for (const [name, make] of Object.entries(classes)) {
    it(`${name} goes on bit for bit after saving and loading`, () => {
      const options = (name === 'SGD' ? { lr: 0.05, momentum: 0.9 } : { lr: 0.05 }) as never;
      const a = parameter(float64(fixture.a));
      const b = parameter(float64(fixture.b));
      const through = new make([a, b], options);
      for (let i = 0; i < 3; i++) step(through, a, b);
      const a2 = parameter(tensor(a));
      const b2 = parameter(tensor(b));
      const resumed = new make([a2, b2], options);
      resumed.loadStateDict(through.stateDict());
      for (let i = 0; i < 3; i++) {
        step(through, a, b);
        step(resumed, a2, b2);
      }
      expect([...a2.toTypedArray(), ...b2.toTypedArray()]).toEqual([...a.toTypedArray(), ...b.toTypedArray()]);
    });
  }

  it('a parameter without a gradient stays as it is', () => {
    const a = parameter(float64([1]));
    const b = parameter(float64([1]));
    const optimizer = new Adam([a, b]);
    sum(a).backward();
    optimizer.step();
    expect(b.item()).toBe(1);
  });

  it('float32 parameters stay float32', () => {
    const p = parameter(tensor([1, 2]));
    sum(pow(p, 2)).backward();
    new AdamW([p]).step();
    expect(p.dtype).toBe('float32');
  });
});

describe('L-BFGS', () => {
  it("finds Rosenbrock's minimum", () => {
    const x = parameter(float64([-1.2]));
    const y = parameter(float64([1]));
    const optimizer = new LBFGS([x, y], { maxIter: 100, toleranceGrad: 1e-10, toleranceChange: 0 });
    optimizer.step(() => sum(add(mul(pow(sub(y, pow(x, 2)), 2), 100), pow(sub(1, x), 2))));
    expectClose([x.item(), y.item()], [1, 1], { rtol: 1e-8 });
  });

  it('fits a line in one call', () => {
    const xs = float64([0, 1, 2, 3]);
    const w = parameter(float64([0]));
    const b = parameter(float64([0]));
    const target = add(mul(xs, 3), -2);
    const first = new LBFGS([w, b]).step(() => mean(pow(sub(add(mul(xs, w), b), target), 2)));
    expectClose(first, (4 + 1 + 16 + 49) / 4, { rtol: 1e-12 });
    expectClose([w.item(), b.item()], [3, -2], { rtol: 1e-6 });
  });

  it('takes a closure that goes back itself, as in PyTorch', () => {
    const x = parameter(float64([3, -1]));
    const optimizer = new LBFGS([x]);
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = sum(pow(sub(x, 1), 2));
      loss.backward();
      return loss;
    });
    expectClose(x.toArray(), [1, 1], { rtol: 1e-9 });
  });
});

describe('errors', () => {
  const p = parameter(tensor([1, 2]));
  const cases: [string, () => unknown, string][] = [
    ['no parameters', () => new SGD([]), 'SGD: there are no parameters to optimize'],
    [
      'a tensor without gradient',
      () => new Adam([tensor([1])]),
      'Adam: parameter 0 must be a leaf that requires a gradient; parameter(t) makes one',
    ],
    [
      'a module',
      () => new Adam({ parameters: () => [p] } as never),
      'Adam: params must be tensors, got a module; pass its parameters()',
    ],
    [
      'no array',
      () => new Adam(7 as never),
      'Adam: params must be an array of tensors or of groups { params, ... }, got 7',
    ],
    ['a parameter twice', () => new Adam([p, p]), 'Adam: parameter 1 of group 0 is there twice'],
    ['a negative rate', () => new SGD([p], { lr: -1 }), 'SGD: lr must be a number ≥ 0, got -1'],
    [
      'an unknown option',
      () => new SGD([p], { learningRate: 1 } as never),
      'SGD: there is no option learningRate, only lr, momentum, dampening, weightDecay and nesterov',
    ],
    [
      'Nesterov without momentum',
      () => new SGD([p], { nesterov: true }),
      'SGD: nesterov needs momentum > 0 and dampening 0',
    ],
    [
      'betas out of range',
      () => new Adam([p], { betas: [0.9, 1] }),
      'Adam: betas[1] must be a number ≥ 0 and < 1, got 1',
    ],
  ];
  for (const [name, make, message] of cases) it(name, () => expectError(make, OptionError, message));

  it('gradients that are not finite are not clipped', () => {
    const q = parameter(tensor([1]));
    sum(mul(q, Number.POSITIVE_INFINITY)).backward();
    expect(() => clipGradNorm([q], 1)).toThrow(
      'clipGradNorm: the norm of the gradients is Infinity; lower the learning rate, or check the loss',
    );
  });

  it('every optimizer prints its options', () => {
    expect(String(new SGD([p], { lr: 0.1 }))).toBe(
      'SGD(1 parameters, lr: 0.1, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false)',
    );
    expect(noGrad(() => Object.keys(optim).length)).toBeGreaterThan(20);
  });
});
