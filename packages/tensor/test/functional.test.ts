import { OptionError, Random, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  add,
  assign,
  bernoulli,
  checkpoint,
  customGrad,
  exp,
  type GraphNode,
  grad,
  graphOf,
  hessian,
  hvp,
  jacobian,
  matmul,
  mul,
  noGrad,
  parameter,
  randn,
  scope,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.ts';

const leaf = (data: number[] | number[][] | number) => tensor(data, { dtype: 'float64', requiresGrad: true });

describe('customGrad', () => {
  it('replaces the gradient, in the first and second order', () => {
    const cube = customGrad(
      (x: Tensor) => x.pow(3),
      (g, [x]) => g.mul(x.mul(x)).mul(3),
    );
    const x = leaf([1, 2]);
    const first = grad(cube(x).sum(), x, { createGraph: true });
    expectClose(first, [3, 12]);
    expectClose(grad(first.sum(), x), [6, 12]);
    expect(cube(x).gradFn?.name).toBe('customGrad');
  });

  it('lets a gradient pass through what has none', () => {
    const straight = customGrad(
      (x: Tensor) => mul(x.detach(), 0),
      (g) => g,
    );
    const x = leaf([1.4, -2.6]);
    expectClose(grad(straight(x).sum(), x), [1, 1]);
    const same = customGrad(
      (x: Tensor) => x,
      (g) => [g.neg()],
    );
    expectClose(grad(same(x).mul(x).sum(), x), [0, 0], { atol: 1e-15 });
  });

  it('gives several inputs their gradients, some of them none', () => {
    const f = customGrad(
      (a: Tensor, b: Tensor) => a.mul(b),
      (g, [, b], out) => [g.mul(b).add(out.mul(0)), null],
    );
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    f(a, b).sum().backward();
    expectClose(a.grad, [3, 4]);
    expect(b.grad).toBeNull();
  });

  it('checks what the product gives', () => {
    const x = leaf([1, 2]);
    const wrong = (gradients: unknown) =>
      customGrad(
        (t: Tensor) => t.mul(2),
        () => gradients as Tensor,
      );
    const message = 'customGrad: vjp gave 2 gradients for 1 inputs';
    expectError(() => wrong([null, null])(x).sum().backward(), OptionError, message);
    expectError(
      () => wrong(zeros(3))(x).sum().backward(),
      ShapeError,
      'customGrad: vjp gave a gradient of shape [3] for inputs[0] of shape [2]',
    );
    expectError(
      () => wrong(1)(x).sum().backward(),
      OptionError,
      'customGrad: gradient 0 of vjp must be a Tensor; tensor(gradient 0 of vjp) makes one of numbers',
    );
  });
});

describe('checkpoint', () => {
  const net = () => {
    const w1 = parameter(randn([3, 4], { seed: 1, dtype: 'float64' }));
    const w2 = parameter(randn([4, 2], { seed: 2, dtype: 'float64' }));
    const block = (x: Tensor) => matmul(exp(matmul(x, w1).mul(0.3)), w2);
    const x = tensor(randn([5, 3], { seed: 3, dtype: 'float64' }), { requiresGrad: true });
    return { w1, w2, block, x };
  };
  const gradients = (run: (f: (x: Tensor) => Tensor, x: Tensor) => Tensor) => {
    const { w1, w2, block, x } = net();
    const y = run(block, x);
    y.mul(y).sum().backward();
    return [y, x.grad, w1.grad, w2.grad].map((t) => t!.toTypedArray());
  };

  it('gives exactly the gradients without it, of parameters used inside too', () => {
    const plain = gradients((f, x) => f(x));
    expect(gradients((f, x) => checkpoint(f, x))).toEqual(plain);
    expect(gradients((f, x) => checkpoint((t) => checkpoint(f, t), x))).toEqual(plain);
    expect(scope(() => gradients((f, x) => checkpoint(f, x)))).toEqual(plain);
  });

  it('gives them to grad() too, and to tensors that the function caught', () => {
    const { w1, block, x } = net();
    const middle = x.mul(2);
    const f = (t: Tensor) => block(t).sum().mul(middle.sum());
    const plain = grad(f(x), [x, w1, middle], { retainGraph: true }).map((g) => g.toArray());
    // The sum of both ways that x goes: as the argument and through `middle`.
    expect(grad(checkpoint(f, x), [x, w1, middle]).map((g) => g.toArray())).toEqual(plain);
    expect(
      checkpoint(f, x)
        .gradFn?.next.map((node) => node?.name)
        .sort(),
    ).toEqual(['AccumulateGrad', 'AccumulateGrad', 'AccumulateGrad', 'mul']);
  });

  it('can be differentiated again', () => {
    const f = (x: Tensor) => sum(exp(x.mul(x)));
    const x = leaf([0.3, -0.5]);
    const second = (g: (x: Tensor) => Tensor) => {
      const first = grad(g(x), x, { createGraph: true });
      return [first.toArray(), grad(first.mul(first).sum(), x).toArray()];
    };
    expect(second((t) => checkpoint(f, t))).toEqual(second(f));
    expect(second((t) => checkpoint((u) => checkpoint(f, u.mul(2)), t))).toEqual(second((t) => f(t.mul(2))));
  });

  it('saves no more than the result', () => {
    const x = leaf([1, 2]);
    const y = checkpoint((t) => exp(exp(exp(t))), x);
    expect(y.gradFn?.saved.length).toBe(2);
    expect(y.gradFn?.next.length).toBe(1);
  });

  it('repeats random numbers of the default stream and of its inputs', () => {
    const x = leaf(Array.from({ length: 50 }, () => 1));
    const dropped = (t: Tensor) => t.mul(bernoulli([50], 0.5)).mul(t);
    const y = checkpoint(dropped, x);
    const after = bernoulli([50], 0.5).toArray();
    y.sum().backward();
    expectClose(x.grad, y.mul(2));
    expect(bernoulli([50], 0.5).toArray()).not.toEqual(after);

    const random = new Random(5);
    x.grad = null;
    const z = checkpoint((t, seed) => t.mul(bernoulli([50], 0.5, { seed })).mul(t), x, random);
    const next = new Random(5);
    bernoulli([50], 0.5, { seed: next });
    z.sum().backward();
    expectClose(x.grad, z.mul(2));
    expect(random.state).toEqual(next.state);

    const layer = {
      random: new Random(6),
      forward: (t: Tensor): Tensor => t.mul(bernoulli([50], 0.5, { seed: layer.random })).mul(t),
      randomStates: () => ({ random: layer.random.state }),
      loadRandomStates: (states: Record<string, Random['state']>) => {
        Object.assign(layer.random.state, states.random);
      },
    };
    x.grad = null;
    const out = checkpoint((t, module) => module.forward(t), x, layer);
    out.sum().backward();
    expectClose(x.grad, out.mul(2));
  });

  it('passes through what it cannot spare', () => {
    const x = leaf([1, 2]);
    expect(checkpoint((t) => t, x)).toBe(x);
    const y = x.mul(2);
    expect(checkpoint((_) => y, x)).toBe(y);
    expect(noGrad(() => checkpoint((t) => t.mul(2), x)).requiresGrad).toBe(false);
    expect(checkpoint((t) => t.mul(2), tensor([1])).requiresGrad).toBe(false);
  });

  it('refuses a function that changes, and what was changed since', () => {
    const random = new Random(0);
    const x = leaf([1, 2, 3, 4, 5, 6, 7, 8]);
    const y = checkpoint((t) => t.mul(bernoulli([8], 0.5, { seed: random })), x);
    expectError(
      () => y.sum().backward(),
      OptionError,
      'checkpoint: fn gave another result when it was computed again; pass the generators and modules that it draws random numbers from as inputs, and change nothing inside it',
    );
    const w = parameter(tensor([2]));
    w.name = 'fc.weight';
    const z = checkpoint((t) => t.mul(w), x);
    assign(w, tensor([3]));
    expectError(
      () => z.sum().backward(),
      OptionError,
      'backward: fc.weight [1] that checkpoint needs was changed in place after the forward pass; run forward again, or change a clone',
    );
  });
});

describe('jacobian, hessian and hvp', () => {
  it('agree with what they are by hand', () => {
    // f(x, y) = (x²y, 5x + sin-free y²) at (2, 3).
    const f = (t: Tensor) => {
      const [x, y] = [t.mul(tensor([1, 0])).sum(), t.mul(tensor([0, 1])).sum()];
      return add(
        x
          .mul(x)
          .mul(y)
          .mul(tensor([1, 0])),
        add(x.mul(5), y.mul(y)).mul(tensor([0, 1])),
      );
    };
    expectClose(jacobian(f, leaf([2, 3])), [
      [12, 4],
      [5, 6],
    ]);
    // x³ + xy² has the Hessian [[6x, 2y], [2y, 2x]].
    const h = (t: Tensor) => {
      const [x, y] = [t.mul(tensor([1, 0])).sum(), t.mul(tensor([0, 1])).sum()];
      return x.pow(3).add(x.mul(y.mul(y)));
    };
    const at = tensor([2, 3], { dtype: 'float64' });
    expectClose(hessian(h, at), [
      [12, 6],
      [6, 4],
    ]);
    expectClose(hvp(h, at, tensor([1, -1], { dtype: 'float64' })), [6, 2]);
  });

  it('have the shapes of the result and the argument', () => {
    const x = tensor([[1, 2, 3]], { dtype: 'float64' });
    const w = randn([3, 2], { seed: 0, dtype: 'float64' });
    expect(jacobian((t) => matmul(t, w), x).shape).toEqual([1, 2, 1, 3]);
    expectClose(jacobian((t) => matmul(t, w), x).reshape(2, 3), w.transpose());
    expect(hessian((t) => exp(t).sum(), x).shape).toEqual([1, 3, 1, 3]);
    expect(jacobian((t) => t.sum(), tensor(2)).shape).toEqual([]);
  });

  it('are zero where nothing depends on x', () => {
    const x = tensor([1, 2]);
    expectClose(
      jacobian(() => tensor([5]), x),
      [[0, 0]],
    );
    expectClose(
      hessian((t) => t.sum(), x),
      [
        [0, 0],
        [0, 0],
      ],
    );
    expectClose(
      hvp((t) => t.sum(), x, x),
      [0, 0],
    );
    expect(jacobian((t) => t, zeros([0])).shape).toEqual([0, 0]);
  });

  it('can be differentiated again', () => {
    const x = leaf([0.5, 0.25]);
    const trace = sum(
      mul(
        hessian((t) => t.pow(4).sum(), x, { createGraph: true }),
        tensor([
          [1, 0],
          [0, 1],
        ]),
      ),
    );
    expectClose(grad(trace, x), [12, 6]);
    const f = jacobian((t) => t.pow(3), x, { createGraph: true }).sum();
    expectClose(grad(f, x), [3, 1.5]);
  });

  it('refuse what has no such derivative', () => {
    const x = tensor([1, 2]);
    expectError(() => hessian((t) => t, x), ShapeError, 'hessian: f must return one number, got shape [2]');
    expectError(() => hessian(() => tensor(1), x), OptionError, 'hessian: what f returns does not depend on x');
    expectError(() => hvp((t) => t.sum(), x, tensor([1])), ShapeError, 'hvp: v is [1] but x is [2]');
    expectError(
      () => jacobian((t) => t, tensor([1], { dtype: 'int32' })),
      OptionError,
      "jacobian: x must be float32 or float64, got int32; cast(x, 'float32') converts it",
    );
  });
});

describe('graphOf', () => {
  it('gives the nodes and edges behind a tensor, as plain data', () => {
    const w = parameter(tensor([[1, 2]]));
    w.name = 'fc.weight';
    const x = tensor([[3, 4]]);
    const y = matmul(x, w, { transB: true });
    const loss = y.mul(y).sum();
    const graph = graphOf(loss);
    expect(JSON.parse(JSON.stringify(graph))).toEqual({
      nodes: [
        { id: 0, name: 'sum', shape: [], variable: null },
        { id: 1, name: 'mul', shape: [1, 1], variable: null },
        { id: 2, name: 'matmul', shape: [1, 1], variable: null },
        { id: 3, name: 'AccumulateGrad', shape: [1, 2], variable: 'fc.weight' },
      ],
      edges: [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
        { from: 1, to: 2 },
        { from: 2, to: 3 },
      ],
    });
    expect(loss.gradFn?.next[0]?.next.map((node) => node?.name)).toEqual(['matmul', 'matmul']);
    expect(y.gradFn?.next).toEqual([null, graphNodeOf(w)]);
  });

  it('needs a graph', () => {
    const message = 'graphOf: the tensor was not computed from anything that requires a gradient';
    expectError(() => graphOf(leaf([1])), OptionError, message);
    expectError(() => graphOf(tensor([1]).mul(2)), OptionError, message);
  });

  const graphNodeOf = (w: Tensor) => w.accumulator;
  const named = (nodes: readonly GraphNode[]) => nodes.map(({ name }) => name);

  it('can be taken after the graph was run', () => {
    const x = leaf([1]);
    const y = exp(x.mul(2)).sum();
    y.backward();
    expect(named(graphOf(y).nodes)).toEqual(['sum', 'exp', 'mul', 'AccumulateGrad']);
  });
});
