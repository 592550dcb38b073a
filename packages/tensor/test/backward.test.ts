import { OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  add,
  assign,
  grad,
  linear,
  matmul,
  mul,
  ones,
  relu,
  sum,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '../src/index.ts';

function leaf(data: number | number[], dtype: 'float32' | 'float64' = 'float64'): Tensor {
  return tensor(data, { dtype, requiresGrad: true });
}

describe('worked by hand', () => {
  it('f = w x + b at (-2, 5, 3)', () => {
    const [w, x, b] = [leaf(-2), leaf(5), leaf(3)];
    const f = add(mul(w, x), b);
    expect(f.item()).toBe(-7);
    expect(grad(f, [x, w, b]).map((g) => g.item())).toEqual([-2, 5, 1]);
  });

  it('what is used in several places gets the sum, in whatever order the graph was made', () => {
    const x = leaf(2);
    const early = mul(x, 3);
    const square = mul(x, x);
    const late = mul(early, square);
    const all = add(add(late, early), mul(late, x));
    // 3x³ + 3x + 3x⁴
    expect(all.item()).toBe(24 + 6 + 48);
    expect(grad(all, x, { createGraph: true }).item()).toBe(36 + 3 + 96);
    all.backward();
    expect(x.grad!.item()).toBe(36 + 3 + 96);
  });
});

describe('the gradient that is sent in', () => {
  it('is taken in the dtype of the output', () => {
    const x = leaf([0.5, -1]);
    const twice = tensor([[1], [2]], { dtype: 'float64' });
    for (const f of [relu, tanh, (t: Tensor) => matmul(t.reshape(1, 2), twice)]) {
      const y = f(x);
      const narrow = grad(y, x, { gradOutputs: ones(y.shape), retainGraph: true });
      expect(narrow.dtype).toBe('float64');
      expectClose(narrow, grad(y, x, { gradOutputs: ones(y.shape, { dtype: 'float64' }) }));
    }
  });

  it('must have the shape of the output', () => {
    const x = leaf([1, 2]);
    expectError(
      () => grad(mul(x, 2), x, { gradOutputs: zeros([3]) }),
      ShapeError,
      'grad: the gradient is [3] but the tensor is [2]',
    );
  });
});

describe('what the graph keeps', () => {
  it('is only what a wanted gradient needs: a parameter may change that none is made of', () => {
    const [w, x] = [leaf([1, 2]), tensor([[3, 4]], { dtype: 'float64' })];
    const doubled = mul(w, 2);
    const product = linear(x, w.reshape(1, 2));
    assign(w, tensor([0, 0]));
    expect(grad(sum(doubled), w).toArray()).toEqual([2, 2]);
    expect(grad(sum(product), w).toArray()).toEqual([3, 4]);
  });

  it('must not change', () => {
    const w = leaf([1, 2]);
    w.name = 'w';
    const squared = mul(w, w);
    assign(w, tensor([0, 0]));
    expectError(
      () => grad(sum(squared), w),
      OptionError,
      'grad: w [2] that mul needs was changed in place after the forward pass; run forward again, or change a clone',
    );
  });
});

describe('hooks', () => {
  it('may replace a gradient by one of its shape, in any dtype', () => {
    const x = leaf([1, 2]);
    const y = mul(x, 3);
    y.registerHook((g) => tensor((g.toArray() as number[]).map((value) => value * 10)));
    sum(y).backward();
    expect([x.grad!.dtype, x.grad!.toArray()]).toEqual(['float64', [30, 30]]);
  });

  it('are told when the shape differs', () => {
    const x = leaf([1, 2]);
    const y = mul(x, 3);
    y.registerHook((g) => sum(g));
    expectError(
      () => sum(y).backward(),
      ShapeError,
      'registerHook: the hook returned a gradient of shape [], but the tensor is [2]',
    );
  });
});
