import { OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as m from '../src/index.ts';

const { tensor } = m;

function float64(data: m.TensorData): m.Tensor {
  return tensor(data, { dtype: 'float64', requiresGrad: true });
}

function int32(data: m.TensorData): m.Tensor {
  return tensor(data, { dtype: 'int32' });
}

function gradient(f: (x: m.Tensor) => m.Tensor, data: m.TensorData): unknown {
  const x = float64(data);
  return m.grad(m.sum(f(x)), x).toArray();
}

describe('worked by hand', () => {
  it('reduces over one axis, several, or all', () => {
    const x = tensor([
      [1, 5, 2],
      [4, 0, 6],
    ]);
    expect(m.max(x).item()).toBe(6);
    expect(m.max(x, 0).toArray()).toEqual([4, 5, 6]);
    expect(m.min(x, 1, { keepDims: true }).toArray()).toEqual([[1], [0]]);
    expect(m.prod(x, -1).toArray()).toEqual([10, 0]);
    expect(m.argmax(x).item()).toBe(5);
    expect(m.argmax(x, 0).toArray()).toEqual([1, 0, 1]);
    expect(m.argmin(x, 1, { keepDims: true }).toArray()).toEqual([[0], [1]]);
    expect(m.countNonzero(x, 1).toArray()).toEqual([3, 2]);
    expect(m.all(x, 1).toArray()).toEqual([true, false]);
    expect(m.any(m.greater(x, 4), 1).toArray()).toEqual([true, true]);
    expect(m.cumsum(x, 1).toArray()).toEqual([
      [1, 6, 8],
      [4, 4, 10],
    ]);
    expect(m.cumprod(x, 0).toArray()).toEqual([
      [1, 5, 2],
      [4, 0, 12],
    ]);
    expect(
      m
        .max(
          tensor([
            [
              [1, 2],
              [3, 4],
            ],
            [
              [5, 0],
              [7, 8],
            ],
          ]),
          [0, 2],
        )
        .toArray(),
    ).toEqual([5, 8]);
  });

  it('variance divides by n - 1, or by n', () => {
    const x = tensor([2, 4, 4, 4, 5, 5, 7, 9]);
    expectClose(m.variance(x).item(), 32 / 7, { rtol: 1e-6 });
    expectClose(m.variance(x, 0, { correction: 0 }).item(), 4, { rtol: 1e-6 });
    expectClose(m.std(x, 0, { correction: 0 }).item(), 2, { rtol: 1e-6 });
    expect(m.variance(tensor([3])).item()).toBeNaN();
  });

  it('quantiles lie between neighbours, the median is the lower middle', () => {
    const x = tensor([3, 1, 4, 2]);
    expect(m.quantile(x, 0.5).item()).toBe(2.5);
    expect(m.quantile(x, [0, 0.25, 1]).toArray()).toEqual([1, 1.75, 4]);
    expect(m.median(x).item()).toBe(2);
    expect(
      m
        .median(
          tensor([
            [3, 1, 2],
            [9, 7, 8],
          ]),
          1,
        )
        .toArray(),
    ).toEqual([2, 8]);
    expect(
      m
        .quantile(
          tensor([
            [3, 1],
            [9, 7],
          ]),
          1,
          0,
          { keepDims: true },
        )
        .toArray(),
    ).toEqual([[9, 7]]);
  });

  it('norms of (3, 4)', () => {
    const x = tensor([3, -4]);
    const norms = [2, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 3].map((p) => m.norm(x, p).item());
    expectClose(norms, [5, 7, 4, 3, 2, 91 ** (1 / 3)], { rtol: 1e-6 });
  });

  it('logSumExp does not overflow', () => {
    expectClose(m.logSumExp(float64([1000, 1000])).item(), 1000 + Math.LN2);
    expect(m.logSumExp(float64([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).item()).toBe(
      Number.NEGATIVE_INFINITY,
    );
    expect(
      gradient(
        (x) => m.logSumExp(x, 1),
        [
          [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
          [Number.NEGATIVE_INFINITY, 1],
        ],
      ),
    ).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it('dot, inner and outer', () => {
    expect(m.dot(tensor([1, 2, 3]), tensor([4, 5, 6])).item()).toBe(32);
    expect(
      m
        .inner(
          tensor([
            [1, 2],
            [3, 4],
          ]),
          tensor([
            [1, 0],
            [1, 1],
          ]),
        )
        .toArray(),
    ).toEqual([
      [1, 3],
      [3, 7],
    ]);
    expect(m.outer(tensor([1, 2]), tensor([3, 4, 5])).toArray()).toEqual([
      [3, 4, 5],
      [6, 8, 10],
    ]);
  });
});

describe('gradients where the slope is not unique', () => {
  it('extremes that tie share it evenly', () => {
    expect(
      gradient(
        (x) => m.max(x, 1),
        [
          [1, 3, 3],
          [2, 2, 2],
        ],
      ),
    ).toEqual([
      [0, 0.5, 0.5],
      [1 / 3, 1 / 3, 1 / 3],
    ]);
    expect(gradient((x) => m.min(x), [1, 1, 2])).toEqual([0.5, 0.5, 0]);
  });

  it('norms of zeros have none', () => {
    for (const p of [2, 1, 1.5, 3]) expect(gradient((x) => m.norm(x, p), [0, 0])).toEqual([0, 0]);
    expect(gradient((x) => m.std(x), [1, 1])).toEqual([0, 0]);
  });

  it('products with zeros have those of the other factors, to second order', () => {
    expect(gradient((x) => m.prod(x), [2, 0, 3])).toEqual([0, 6, 0]);
    expect(gradient((x) => m.prod(x), [0, 0, 3])).toEqual([0, 0, 0]);
    const x = float64([0, 0, 3]);
    const first = m.grad(m.prod(x), x, { createGraph: true });
    expect(m.grad(m.sum(first), x).toArray()).toEqual([3, 3, 0]);
  });
});

describe('NaN', () => {
  const x = tensor([
    [1, Number.NaN, 3],
    [1, 2, 3],
  ]);

  it('wins', () => {
    expect(m.max(x, 1).toArray()).toEqual([Number.NaN, 3]);
    expect(m.min(x, 1).toArray()).toEqual([Number.NaN, 1]);
    expect(m.argmax(x, 1).toArray()).toEqual([1, 2]);
    expect(m.argmin(x, 1).toArray()).toEqual([1, 0]);
    expect(m.median(x, 1).toArray()).toEqual([Number.NaN, 2]);
    expect(m.quantile(x, 0, 1).toArray()).toEqual([Number.NaN, 1]);
    expect(m.norm(x, Number.POSITIVE_INFINITY, 1).toArray()).toEqual([Number.NaN, 3]);
  });
});

describe('dtypes', () => {
  it('integers multiply and add to int32, and keep their dtype in extremes', () => {
    const x = int32([
      [2, 3],
      [4, 5],
    ]);
    for (const [out, wanted] of [
      [m.prod(x), 120],
      [m.max(x), 5],
      [m.sum(x), 14],
    ] as const) {
      expect([out.dtype, out.item()]).toEqual(['int32', wanted]);
    }
    expect(m.cumsum(int32([1, 2, 3]), 0).dtype).toBe('int32');
    expect(m.max(tensor([1, 2], { dtype: 'uint8' })).dtype).toBe('uint8');
    expect(m.argmax(x).dtype).toBe('int32');
    expect(m.any(x).dtype).toBe('bool');
  });
});

describe('no elements', () => {
  const empty = m.zeros([0, 2]);

  it('sum to 0 and multiply to 1', () => {
    expect(m.sum(empty, 0).toArray()).toEqual([0, 0]);
    expect(m.prod(empty, 0).toArray()).toEqual([1, 1]);
    expect(m.logSumExp(empty, 0).toArray()).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(m.any(empty).item()).toBe(0);
    expect(m.all(empty).item()).toBe(1);
    expect(m.max(empty, 1).shape).toEqual([0]);
    expect(m.cumsum(empty, 0).shape).toEqual([0, 2]);
    expect(m.norm(empty, 2, 0).toArray()).toEqual([0, 0]);
  });

  it.each<[() => unknown, string]>([
    [() => m.max(empty, 0), 'max: no element to choose from in a tensor of shape [0, 2]'],
    [() => m.argmin(empty), 'argmin: no element to choose from in a tensor of shape [0, 2]'],
    [() => m.quantile(empty, 0.5), 'quantile: no element in a tensor of shape [0, 2]'],
  ])('%# have no largest, smallest or middle one', (run, message) => {
    expectError(run, ShapeError, message);
  });
});

describe('errors', () => {
  it.each<[() => unknown, new (message: string) => Error, string]>([
    [() => m.max(m.zeros([2, 2]), 2), OptionError, 'max: axis must be an integer from -2 to 1, got 2'],
    [() => m.prod(m.zeros([2, 2]), [0, -2]), OptionError, 'prod: axis 0 is named twice'],
    [() => m.quantile(m.zeros([2]), 1.5), OptionError, 'quantile: q must be from 0 to 1, got 1.5'],
    [() => m.norm(m.zeros([2]), Number.NaN), OptionError, 'norm: p must be a number, got NaN'],
    [
      () => m.variance(int32([1, 2])),
      OptionError,
      "variance: x must be float32 or float64, got int32; cast(x, 'float32') converts it",
    ],
    [
      () => m.variance(m.zeros([2]), 0, { correction: Number.NaN }),
      OptionError,
      'variance: correction must be a finite number, got NaN',
    ],
    [
      () => m.dot(m.zeros([2]), m.zeros([3])),
      ShapeError,
      'dot: a and b must be vectors of one length, got [2] and [3]',
    ],
    [
      () => m.inner(m.zeros([2, 3]), m.zeros([2])),
      ShapeError,
      'inner: a is [2, 3] but b is [2]; the last lengths differ',
    ],
    [() => m.outer(m.zeros([2, 3]), m.zeros([2])), ShapeError, 'outer: a and b must be vectors, got [2, 3] and [2]'],
    [() => m.cumsum(m.zeros([2]), 1), OptionError, 'cumsum: axis must be an integer from -1 to 0, got 1'],
  ])('%# tell what is wrong', (run, type, message) => {
    expectError(run, type, message);
  });
});
