import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as m from '../src/index.ts';

const { tensor } = m;

function int32(data: m.TensorData): m.Tensor {
  return tensor(data, { dtype: 'int32' });
}

function gradients(f: (...x: m.Tensor[]) => m.Tensor, ...points: m.TensorData[]): unknown[] {
  const leaves = points.map((data) => tensor(data, { dtype: 'float64', requiresGrad: true }));
  return m.grad(m.sum(f(...leaves)), leaves).map((g) => g.toArray());
}

describe('worked by hand', () => {
  it('sign is 0 and step 1/2 at 0', () => {
    expect(m.sign(tensor([-2, 0, 3])).toArray()).toEqual([-1, 0, 1]);
    expect(m.step(tensor([-2, 0, 3])).toArray()).toEqual([0, 0.5, 1]);
  });

  it('piecewiseLinear is x + 1/2 between -1/2 and 1/2', () => {
    expect(m.piecewiseLinear(tensor([-3, -0.5, -0.25, 0, 0.25, 0.5, 3])).toArray()).toEqual([
      0, 0, 0.25, 0.5, 0.75, 1, 1,
    ]);
  });

  it('maxout takes the largest of neighbours', () => {
    expect(m.maxout(tensor([[1, 5, 2, -3, 0, 4]]), 2).toArray()).toEqual([[5, 2, 4]]);
    expect(m.maxout(tensor([[1, 5, 2, -3, 0, 4]]), 3).toArray()).toEqual([[5, 4]]);
    expect(m.maxout(tensor([[1], [5], [2], [-3]]), 2, 0).toArray()).toEqual([[5], [2]]);
  });

  it('round takes halves to the even neighbour', () => {
    expect(m.round(tensor([0.5, 1.5, 2.5, -0.5, -1.5])).toArray()).toEqual([0, 2, 2, -0, -2]);
  });

  it('remainder has the sign of the divisor', () => {
    expect(m.remainder(int32([7, -7, 7, -7]), int32([3, 3, -3, -3])).toArray()).toEqual([1, 2, -2, -1]);
    expect(m.remainder(tensor([5, -5]), 0).toArray()).toEqual([Number.NaN, Number.NaN]);
  });

  it('prelu has a slope for each channel', () => {
    const x = tensor([
      [
        [-1, 2],
        [-1, 2],
        [-4, 0],
      ],
    ]);
    expect(m.prelu(x, tensor([0.5, 0, 0.25])).toArray()).toEqual([
      [
        [-0.5, 2],
        [-0, 2],
        [-1, 0],
      ],
    ]);
  });

  it('equal operands of maximum and minimum share the gradient', () => {
    expect(gradients(m.maximum, [1, 2, 3], [3, 2, 1])).toEqual([
      [0, 0.5, 1],
      [1, 0.5, 0],
    ]);
    expect(gradients(m.minimum, [1, 2, 3], [3, 2, 1])).toEqual([
      [1, 0.5, 0],
      [0, 0.5, 1],
    ]);
  });

  it('gradients at kinks are those of PyTorch', () => {
    expect(gradients(m.relu, [-1, 0, 1])).toEqual([[0, 0, 1]]);
    expect(gradients(m.abs, [-1, 0, 1])).toEqual([[-1, 0, 1]]);
    expect(gradients((x) => m.leakyRelu(x, 0.1), [-1, 0, 1])).toEqual([[0.1, 0.1, 1]]);
    expect(gradients((x) => m.clamp(x, -1, 1), [-2, -1, 0, 1, 2])).toEqual([[0, 1, 1, 1, 0]]);
    expect(gradients((x) => m.elu(x, 2), [0, 1000])).toEqual([[2, 1]]);
  });
});

describe('dtypes', () => {
  it('float functions take integers as float32', () => {
    const roots = m.sqrt(int32([4, 9]));
    expect([roots.dtype, roots.toArray()]).toEqual(['float32', [2, 3]]);
    expect(m.exp(tensor([true, false])).dtype).toBe('float32');
    expect(m.exp(tensor([0], { dtype: 'float64' })).dtype).toBe('float64');
  });

  it('booleans are 0 or 1, whatever is added or put in', () => {
    const { add, fromTypedArray, full, indexPut, pad, scatterAdd } = m;
    const a = tensor([true, false, true]);
    const b = tensor([true, true, false]);
    const twice = tensor([0, 0], { dtype: 'int32' });
    const made = [
      add(a, b),
      scatterAdd(a, 0, twice, tensor([true, true])),
      indexPut(a, [twice], tensor(true), { accumulate: true }),
      full([2], 5, { dtype: 'bool' }),
      pad(a, [[1, 0]], { value: 5 }),
      fromTypedArray(Uint8Array.of(3, 0), [2], { dtype: 'bool' }),
    ];
    expect(made.map((t) => [t.dtype, ...t.toTypedArray()])).toEqual([
      ['bool', 1, 1, 1],
      ['bool', 1, 0, 1],
      ['bool', 1, 0, 1],
      ['bool', 1, 1],
      ['bool', 1, 1, 0, 1],
      ['bool', 1, 0],
    ]);
  });

  it('integers stay integers where they can', () => {
    for (const f of [m.abs, m.sign, m.square, m.floor, m.ceil, m.round, m.trunc])
      expect(f(int32([-3, 2])).dtype).toBe('int32');
    expect(m.abs(int32([-3, 2])).toArray()).toEqual([3, 2]);
    expect(m.square(int32([-3, 2])).toArray()).toEqual([9, 4]);
    const low = m.clamp(int32([-3, 2, 9]), 0, 5);
    expect([low.dtype, low.toArray()]).toEqual(['int32', [0, 2, 5]]);
    expect(m.clamp(int32([-3, 2, 9]), 0, 2.5).toArray()).toEqual([0, 2, 2.5]);
    const larger = m.maximum(int32([1, 5]), 3);
    expect([larger.dtype, larger.toArray()]).toEqual(['int32', [3, 5]]);
  });
});

describe('values at the edges', () => {
  const edges = tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], { dtype: 'float64' });

  it('functions have their limits at the infinities, and NaN stays', () => {
    // Either zero will do.
    const at = (f: (x: m.Tensor) => m.Tensor) => (f(edges).toArray() as number[]).map((value) => value + 0);
    expect(at(m.sigmoid)).toEqual([Number.NaN, 1, 0]);
    expect(at(m.tanh)).toEqual([Number.NaN, 1, -1]);
    expect(at(m.erf)).toEqual([Number.NaN, 1, -1]);
    expect(at(m.relu)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0]);
    expect(at(m.softplus)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0]);
    expect(at(m.logSigmoid)).toEqual([Number.NaN, 0, Number.NEGATIVE_INFINITY]);
    expect(at(m.elu)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -1]);
    expect(at((x) => m.clamp(x, -1, 1))).toEqual([Number.NaN, 1, -1]);
    expect(at((x) => m.maximum(x, 0))).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0]);
  });

  it('stay precise where naive formulas lose digits', () => {
    const tiny = tensor([1e-20], { dtype: 'float64' });
    expectClose(m.expm1(tiny), [1e-20]);
    expectClose(m.log1p(tiny), [1e-20]);
    expectClose(m.logSigmoid(tensor([-800], { dtype: 'float64' })), [-800]);
    expectClose(m.softplus(tensor([-50], { dtype: 'float64' })), [1.9287498479639178e-22]);
  });

  it('take tensors without elements', () => {
    const empty = m.zeros([0, 3], { requiresGrad: true });
    for (const f of [m.exp, m.relu, m.tanh, m.gelu, m.softmax, m.abs, m.softsign]) {
      const out = f(empty);
      expect(out.shape).toEqual([0, 3]);
      expect(m.grad(out, empty, { gradOutputs: m.zeros([0, 3]) }).shape).toEqual([0, 3]);
    }
    expect(m.maximum(empty, 1).shape).toEqual([0, 3]);
  });
});

describe('dropout', () => {
  it('drops a share of p and scales what is left, the same for the same seed', () => {
    const x = m.ones(10_000);
    const out = m.dropout(x, 0.2, { seed: 1 });
    const kept = m.countNonzero(out).item();
    expect(Math.abs(kept - 8000)).toBeLessThan(200);
    expect(m.max(out).item()).toBe(1.25);
    expect(out.toArray()).toEqual(m.dropout(x, 0.2, { seed: 1 }).toArray());
    expect(out.toArray()).not.toEqual(m.dropout(x, 0.2, { seed: 2 }).toArray());
  });

  it('drops nothing for 0 and all for 1', () => {
    expect(m.dropout(tensor([1, 2]), 0).toArray()).toEqual([1, 2]);
    expect(m.dropout(tensor([1, 2]), 1).toArray()).toEqual([0, 0]);
  });
});

describe('errors', () => {
  it.each<[() => unknown, new (message: string) => Error, string]>([
    [() => m.exp([1] as never), OptionError, 'exp: x must be a Tensor; tensor(x) makes one of numbers'],
    [() => m.clamp(tensor([1]), 2, 1), OptionError, 'clamp: min must be ≤ max, got 2 and 1'],
    [() => m.clamp(tensor([1]), Number.NaN, 1), OptionError, 'clamp: min must be ≤ max, got NaN and 1'],
    [
      () => m.remainder(int32([1]), int32([0])),
      DataError,
      'remainder: b has a zero, which no integer can be divided by; cast to float32 for NaN',
    ],
    [
      () => m.maximum(m.zeros([2]), m.zeros([3])),
      ShapeError,
      'maximum: a is [2] but b is [3]; lengths 2 and 3 do not broadcast',
    ],
    [
      () => m.gelu(tensor([1]), { approximate: 'sigmoid' as never }),
      OptionError,
      "gelu: approximate must be 'none' or 'tanh', got 'sigmoid'",
    ],
    [() => m.maxout(m.zeros([2, 5]), 2), ShapeError, 'maxout: axis 1 of [2, 5] has 5 elements, no multiple of 2'],
    [() => m.maxout(m.zeros([4]), 0), OptionError, 'maxout: pieces must be an integer ≥ 1, got 0'],
    [
      () => m.prelu(m.zeros([2, 3]), m.zeros([2])),
      ShapeError,
      'prelu: weight must have one element or one for each of the 3 channels of x, got [2]',
    ],
    [() => m.dropout(m.zeros([2]), 1.5), OptionError, 'dropout: p must be a number ≥ 0 and ≤ 1, got 1.5'],
    [
      () => m.softmax(int32([1])),
      OptionError,
      "softmax: x must be float32 or float64, got int32; cast(x, 'float32') converts it",
    ],
    [() => m.softmax(m.zeros([2, 2]), 2), OptionError, 'softmax: axis must be an integer from -2 to 1, got 2'],
  ])('%# tell what is wrong', (run, type, message) => {
    expectError(run, type, message);
  });
});

describe('regressions', () => {
  it('a row of three numbers is added to all rows, after a row of other lengths', () => {
    m.scope(() => {
      const x = m.zeros([64, 3]);
      m.add(m.zeros([64, 5]), tensor([9, 9, 9, 9, 9]));
      expect(m.add(x, tensor([1, 2, 3])).toArray()).toEqual(Array.from({ length: 64 }, () => [1, 2, 3]));
    });
  });
});
