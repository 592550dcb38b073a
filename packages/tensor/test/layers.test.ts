import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as m from '../src/index.ts';

const { tensor, zeros, ones } = m;

function float64(shape: readonly number[], seed: number): m.Tensor {
  return m.randn(shape, { dtype: 'float64', seed });
}

/** Σ a b, a scalar product of tensors of one shape. */
function product(a: m.Tensor, b: m.Tensor): number {
  return m.sum(m.mul(a, b)).item();
}

describe('worked by hand', () => {
  it('linear is x Wᵀ + b', () => {
    const out = m.linear(
      tensor([[1, 2]]),
      tensor([
        [3, 4],
        [5, 6],
        [0, 1],
      ]),
      tensor([10, 20, 30]),
    );
    expect(out.toArray()).toEqual([[21, 37, 32]]);
    expect(m.linear(tensor([1, 2]), tensor([[3, 4]])).toArray()).toEqual([11]);
  });

  it('conv2d slides its kernel without flipping it', () => {
    const x = tensor([
      [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
    ]);
    const w = tensor([
      [
        [
          [1, 0],
          [0, -1],
        ],
      ],
    ]);
    expect(m.conv2d(x, w).toArray()).toEqual([
      [
        [
          [-4, -4],
          [-4, -4],
        ],
      ],
    ]);
    expect(m.conv2d(x, w, tensor([10]), { stride: 2, padding: 1 }).toArray()).toEqual([
      [
        [
          [9, 7],
          [3, 6],
        ],
      ],
    ]);
    expect(m.conv1d(tensor([[1, 2, 3, 4]]), tensor([[[1, 10]]])).toArray()).toEqual([[21, 32, 43]]);
  });

  it("'same' keeps the size, with the odd zero at the end", () => {
    const out = m.conv1d(tensor([[1, 2, 3, 4]]), tensor([[[1, 10]]]), null, { padding: 'same' });
    expect(out.toArray()).toEqual([[21, 32, 43, 4]]);
  });

  it('convTranspose2d spreads its kernel', () => {
    const out = m.convTranspose1d(tensor([[1, 2]]), tensor([[[1, 10, 100]]]), null, { stride: 2 });
    expect(out.toArray()).toEqual([[1, 10, 102, 20, 200]]);
  });

  it('pooling takes the largest or the mean', () => {
    const x = tensor([
      [
        [1, 2, 5, 6],
        [3, 4, 7, 8],
      ],
    ]);
    expect(m.maxPool2d(x, 2).toArray()).toEqual([[[4, 8]]]);
    expect(m.avgPool2d(x, 2).toArray()).toEqual([[[2.5, 6.5]]]);
    expect(m.adaptiveAvgPool2d(x, 1).toArray()).toEqual([[[4.5]]]);
    expect(m.adaptiveMaxPool2d(x, [1, 3]).toArray()).toEqual([[[4, 7, 8]]]);
  });

  it('padding takes no part in maxima, and in means unless told', () => {
    const x = tensor([
      [
        [-1, -2],
        [-3, -4],
      ],
    ]);
    expect(m.maxPool2d(x, 2, { stride: 2, padding: 1 }).toArray()).toEqual([
      [
        [-1, -2],
        [-3, -4],
      ],
    ]);
    expect(m.avgPool2d(x, 2, { stride: 2, padding: 1 }).toArray()).toEqual([
      [
        [-0.25, -0.5],
        [-0.75, -1],
      ],
    ]);
    const alone = m.avgPool2d(x, 2, { stride: 2, padding: 1, countIncludePad: false });
    expect(alone.toArray()).toEqual([
      [
        [-1, -2],
        [-3, -4],
      ],
    ]);
  });

  it('interpolate doubles pixels or blends them', () => {
    const x = tensor([[[0, 4]]]);
    expect(m.interpolate(x, [1, 4], { mode: 'nearest' }).toArray()).toEqual([[[0, 0, 4, 4]]]);
    expect(m.interpolate(x, [1, 4]).toArray()).toEqual([[[0, 1, 3, 4]]]);
    expect(m.interpolate(x, [1, 3], { alignCorners: true }).toArray()).toEqual([[[0, 2, 4]]]);
  });

  it('batchNorm gives the statistics that it used', () => {
    const { output, mean, variance, count } = m.batchNorm(
      tensor([
        [1, 0],
        [3, 0],
      ]),
      null,
      null,
      { eps: 0 },
    );
    expect(output.toArray()).toEqual([
      [-1, Number.NaN],
      [1, Number.NaN],
    ]);
    expect([mean.toArray(), variance.toArray(), count]).toEqual([[2, 0], [1, 0], 2]);
    const statistics = { mean: tensor([1, 1]), variance: tensor([4, 1]) };
    const fixed = m.batchNorm(tensor([[3, 2]]), tensor([1, 10]), tensor([0, 5]), { eps: 0, statistics });
    expect(fixed.output.toArray()).toEqual([[1, 15]]);
    expect(fixed.mean.toArray()).toEqual([1, 1]);
  });

  it('layerNorm makes mean 0 and variance 1 of each row', () => {
    expectClose(
      m.layerNorm(
        tensor([
          [1, 3],
          [10, 30],
        ]),
        2,
        null,
        null,
        { eps: 0 },
      ),
      [
        [-1, 1],
        [-1, 1],
      ],
      { rtol: 1e-6 },
    );
  });

  it('crossEntropy is -ln of the probability of the label', () => {
    const logits = m.log(
      tensor(
        [
          [0.5, 0.25, 0.25],
          [0.1, 0.8, 0.1],
        ],
        { dtype: 'float64' },
      ),
    );
    const labels = tensor([0, 1], { dtype: 'int32' });
    expectClose(m.crossEntropy(logits, labels, { reduction: 'none' }), [-Math.log(0.5), -Math.log(0.8)]);
    expectClose(m.crossEntropy(logits, labels).item(), -(Math.log(0.5) + Math.log(0.8)) / 2);
    expectClose(m.crossEntropy(logits, tensor([-100, 1], { dtype: 'int32' })).item(), -Math.log(0.8));
    expect(m.crossEntropy(logits, tensor([-100, -100], { dtype: 'int32' })).item()).toBeNaN();
  });

  it('einsum names indices', () => {
    const a = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(m.einsum('ii', a).item()).toBe(5);
    expect(m.einsum('ij->j', a).toArray()).toEqual([4, 6]);
    expect(m.einsum('ij,j', a, tensor([1, 10])).toArray()).toEqual([21, 43]);
    expect(m.einsum(' i j , j k -> i k ', a, a).toArray()).toEqual([
      [7, 10],
      [15, 22],
    ]);
    expect(m.einsum('...j->...', a).toArray()).toEqual([3, 7]);
  });
});

describe('laws', () => {
  const lengths = fc.integer({ min: 1, max: 5 });

  it('softmax is positive and sums to 1, whatever is added to all', () => {
    const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(values, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (data, shift) => {
        const x = tensor(data, { dtype: 'float64' });
        const p = m.softmax(x);
        expectClose(m.sum(p).item(), 1);
        expect(m.min(p).item()).toBeGreaterThanOrEqual(0);
        expectClose(m.softmax(x.add(shift)), p, { rtol: 1e-9, atol: 1e-12 });
        expectClose(m.exp(m.logSoftmax(x)), p, { rtol: 1e-9, atol: 1e-300 });
      }),
    );
  });

  it('convTranspose2d is the adjoint of conv2d: ⟨Ax, u⟩ = ⟨x, Aᵀu⟩', () => {
    fc.assert(
      fc.property(lengths, lengths, fc.integer({ min: 1, max: 3 }), lengths, (c, o, stride, seed) => {
        const x = float64([2, c, 7, 7], seed);
        const w = float64([o, c, 3, 2], seed + 1);
        const y = m.conv2d(x, w, null, { stride, padding: 1 });
        const u = float64(y.shape, seed + 2);
        const outputPadding = [(7 - 1) % stride, (7 + 2 - 2) % stride] as const;
        const back = m.convTranspose2d(u, w, null, { stride, padding: 1, outputPadding });
        expect(back.shape).toEqual(x.shape);
        expectClose(product(y, u), product(x, back), { atol: 1e-9 });
      }),
    );
  });

  it('einsum equals the loops', () => {
    fc.assert(
      fc.property(lengths, lengths, lengths, (i, j, k) => {
        const [a, b] = [float64([i, j, k], 1), float64([k, i], 2)];
        const wanted = Array.from({ length: j }, (_, q) => {
          let total = 0;
          for (let p = 0; p < i; p++) {
            for (let r = 0; r < k; r++) total += m.slice(a, [p, q, r]).item() * m.slice(b, [r, p]).item();
          }
          return total;
        });
        expectClose(m.einsum('ijk,ki->j', a, b), wanted, { atol: 1e-12 });
      }),
      { numRuns: 20 },
    );
  });

  it('batchNorm leaves nothing of a scale and a shift of x', () => {
    const x = float64([5, 3, 4], 1);
    const moved = x.mul(3).add(7);
    expectClose(m.batchNorm(moved, null, null, { eps: 0 }).output, m.batchNorm(x, null, null, { eps: 0 }).output, {
      atol: 1e-12,
    });
  });
});

describe('no elements', () => {
  it('an empty batch goes through', () => {
    const x = zeros([0, 2, 4, 4]);
    expect(m.conv2d(x, ones([3, 2, 3, 3]), ones([3])).shape).toEqual([0, 3, 2, 2]);
    expect(m.maxPool2d(x, 2).shape).toEqual([0, 2, 2, 2]);
    expect(m.avgPool2d(x, 2).shape).toEqual([0, 2, 2, 2]);
    expect(m.linear(zeros([0, 3]), ones([2, 3]), ones([2])).shape).toEqual([0, 2]);
    const weight = m.parameter(ones([3, 2, 3, 3]));
    m.sum(m.conv2d(x, weight)).backward();
    expect(m.max(m.abs(weight.grad!)).item()).toBe(0);
  });
});

describe('errors', () => {
  const x = zeros([1, 2, 4, 4]);
  const w = ones([3, 2, 3, 3]);
  const labels = (data: number[]) => tensor(data, { dtype: 'int32' });

  it.each<[() => unknown, new (message: string) => Error, string]>([
    [
      () => m.linear(zeros([2, 3]), ones([4, 2])),
      ShapeError,
      'linear: x must be [..., in] and weight [out, in], got [2, 3] and [4, 2]',
    ],
    [
      () => m.linear(zeros([2, 3]), ones([4, 3]), ones([3])),
      ShapeError,
      'linear: bias must be [4] for a weight [4, 3], got [3]',
    ],
    [
      () => m.conv2d(zeros([1, 3, 4, 4]), w),
      ShapeError,
      'conv2d: x is [1, 3, 4, 4] but weight [3, 2, 3, 3] takes 2 channels, not 3',
    ],
    [
      () => m.conv2d(x, ones([4, 2, 3, 3]), null, { groups: 2 }),
      ShapeError,
      'conv2d: x is [1, 2, 4, 4] but weight [4, 2, 3, 3] and 2 groups takes 4 channels, not 2',
    ],
    [
      () => m.conv2d(x, ones([3, 1, 3, 3]), null, { groups: 2 }),
      ShapeError,
      "conv2d: 2 groups do not divide the weight's first axis of [3, 1, 3, 3]",
    ],
    [
      () => m.conv2d(x, ones([3, 2, 7, 7]), null, { padding: 1 }),
      ShapeError,
      'conv2d: the window [7, 7] is larger than the padded input [6, 6]',
    ],
    [
      () => m.conv2d(x, w, null, { dilation: 2 }),
      ShapeError,
      'conv2d: the window [3, 3] (dilated to [5, 5]) is larger than the padded input [4, 4]',
    ],
    [() => m.conv2d(x, w, ones([2])), ShapeError, 'conv2d: bias must be [3], one for each output channel, got [2]'],
    [() => m.conv2d(zeros([4, 4]), w), ShapeError, 'conv2d: x must be [n, c, h, w] or [c, h, w], got [4, 4]'],
    [
      () => m.conv2d(x, w, null, { stride: 2, padding: 'same' }),
      OptionError,
      "conv2d: padding 'same' needs stride 1, got 2 and 2",
    ],
    [
      () => m.conv2d(x, w, null, { padding: 'full' as never }),
      OptionError,
      "conv2d: padding must be a number, a pair of them, 'same' or 'valid', got 'full'",
    ],
    [() => m.conv2d(x, w, null, { stride: 0 }), OptionError, 'conv2d: stride must be an integer ≥ 1, got 0'],
    [
      () => m.conv1d(zeros([1, 2, 4, 4]), ones([1, 2, 3])),
      ShapeError,
      'conv1d: x must be [n, c, l] or [c, l], got [1, 2, 4, 4]',
    ],
    [
      () => m.conv1d(zeros([2, 2]), ones([1, 2, 3])),
      ShapeError,
      'conv1d: the window [1, 3] is larger than the padded input [1, 2]',
    ],
    [
      () => m.conv1d(zeros([2, 2]), ones([1, 2, 3]), null, { stride: 0 }),
      OptionError,
      'conv1d: stride must be an integer ≥ 1, got 0',
    ],
    [
      () => m.maxPool1d(zeros([2, 3]), 4),
      ShapeError,
      'maxPool1d: the window [1, 4] is larger than the padded input [1, 3]',
    ],
    [
      () => m.convTranspose2d(x, ones([3, 2, 2, 2])),
      ShapeError,
      'convTranspose2d: x is [1, 2, 4, 4] but weight [3, 2, 2, 2] takes 3 channels, not 2',
    ],
    [
      () => m.convTranspose2d(x, ones([2, 2, 2, 2]), null, { outputPadding: 1 }),
      OptionError,
      'convTranspose2d: outputPadding must be less than stride or dilation, got [1, 1]',
    ],
    [
      () => m.convTranspose2d(zeros([1, 1, 1, 1]), ones([1, 1, 2, 2]), null, { padding: 1 }),
      ShapeError,
      'convTranspose2d: x [1, 1, 1, 1] would give pictures of [0, 0]; padding cuts all off',
    ],
    [
      () => m.maxPool2d(x, 2, { padding: 2 }),
      OptionError,
      'maxPool2d: padding must be at most half the window [2, 2], got [2, 2]',
    ],
    [() => m.avgPool2d(x, 5), ShapeError, 'avgPool2d: the window [5, 5] is larger than the padded input [4, 4]'],
    [() => m.adaptiveAvgPool2d(x, 0), OptionError, 'adaptiveAvgPool2d: outputSize must be an integer ≥ 1, got 0'],
    [
      () => m.interpolate(x, 2, { mode: 'bicubic' as never }),
      OptionError,
      "interpolate: mode must be 'bilinear' or 'nearest', got 'bicubic'",
    ],
    [
      () => m.batchNorm(zeros([1, 2])),
      ShapeError,
      'batchNorm: x [1, 2] has 1 elements for each channel; a mean and variance need at least two',
    ],
    [
      () => m.batchNorm(zeros([2, 2]), ones([3])),
      ShapeError,
      'batchNorm: weight must be [2] for an x of [2, 2], got [3]',
    ],
    [() => m.batchNorm(zeros([2])), ShapeError, 'batchNorm: x must be [n, c, ...], got [2]'],
    [() => m.layerNorm(zeros([2, 3]), 2), ShapeError, 'layerNorm: x is [2, 3], whose last axes are not [2]'],
    [() => m.layerNorm(zeros([2, 3]), 3, ones([2])), ShapeError, 'layerNorm: weight must be [3], got [2]'],
    [
      () => m.crossEntropy(zeros([2, 3]), labels([0, 3])),
      DataError,
      'crossEntropy: label 1 is 3, but the logits have 3 classes, 0 to 2',
    ],
    [
      () => m.crossEntropy(zeros([2, 3]), labels([0])),
      ShapeError,
      'crossEntropy: labels must be [2] for logits [2, 3], got [1]',
    ],
    [
      () => m.crossEntropy(zeros([2, 3]), zeros([2])),
      OptionError,
      "crossEntropy: labels must be int32, got float32; make them with { dtype: 'int32' } or cast(target, 'int32')",
    ],
    [
      () => m.crossEntropy(zeros([2, 3]), zeros([3, 2])),
      ShapeError,
      "crossEntropy: logits are [2, 3] but the target's probabilities [3, 2]",
    ],
    [
      () => m.crossEntropy(zeros([2, 3]), tensor([true, false])),
      OptionError,
      "crossEntropy: labels must be integers, got bool; cast(target, 'int32') converts them",
    ],
    [
      () => m.crossEntropy(zeros([2, 3]), labels([0, 1]), { weight: ones([2]) }),
      ShapeError,
      'crossEntropy: weight must be [3], one for each class, got [2]',
    ],
    [
      () => m.crossEntropy(zeros([2, 3]), labels([0, 1]), { labelSmoothing: 2 }),
      OptionError,
      'crossEntropy: labelSmoothing must be a number ≥ 0 and ≤ 1, got 2',
    ],
    [() => m.einsum('ij-ik', x), OptionError, 'einsum: the equation must be like \'ij,jk->ik\', got "ij-ik"'],
    [() => m.einsum('ij,jk', zeros([2, 2])), OptionError, "einsum: 'ij,jk' is for 2 tensors, got 1"],
    [() => m.einsum('ij->ik', zeros([2, 2])), OptionError, "einsum: 'ij->ik' asks for the index k, which no input has"],
    [() => m.einsum('ij->ii', zeros([2, 2])), OptionError, "einsum: the result of 'ij->ii' names an index twice"],
    [() => m.einsum('ij', zeros([2, 2, 2])), ShapeError, "einsum: 'ij' names 2 axes, but tensor 0 is [2, 2, 2]"],
    [() => m.einsum('ij,jk', zeros([2, 3]), zeros([2, 3])), ShapeError, 'einsum: the index j has the lengths 3 and 2'],
    [
      () => m.einsum('ii', zeros([2, 3])),
      ShapeError,
      'einsum: the index i stands for both axes 0 and 1 of [2, 3]; their lengths differ',
    ],
  ])('%# tell what is wrong', (run, type, message) => {
    expectError(run, type, message);
  });
});
