import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  batchNorm,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  crossEntropy,
  einsum,
  interpolate,
  layerNorm,
  linear,
  maxPool1d,
  maxPool2d,
  type Tensor,
} from '../../src/index.ts';
import type { Draw, Sample } from '../draw.ts';

/** What nets are made of: linear maps, convolutions, pooling, normalization, the loss. */
export const layers = {
  linear: (draw) => {
    const [rows, k, n] = [draw.shape(0, 2), draw.length(1, 4), draw.length(1, 4)];
    const inputs = [draw.values([...rows, k]), draw.values([n, k]), draw.values([n])];
    return draw.chance()
      ? { inputs, f: linear }
      : { inputs: inputs.slice(0, 2), f: (x: Tensor, weight: Tensor) => linear(x, weight) };
  },
  einsum: (draw) => {
    const [equation, shapes] = draw.pick(equations(draw));
    return { inputs: shapes.map((shape) => draw.values(shape)), f: (...operands) => einsum(equation, ...operands) };
  },
  conv2d: (draw) => {
    const groups = draw.pick([1, 1, 2]);
    const [c, o] = [groups * draw.length(1, 2), groups * draw.length(1, 2)];
    const [stride, dilation] = [pairOf(draw, 1, 2), pairOf(draw, 1, 2)];
    const kernel = [draw.integer(1, 3), draw.integer(1, 2)] as const;
    const same = draw.chance(0.2);
    const padding = same ? 'same' : draw.chance(0.2) ? 'valid' : pairOf(draw, 0, 1);
    const least = kernel.map((k, i) => dilation[i]! * (k - 1) + 1);
    const x = [...draw.pick([[1], [2], []]), c, least[0]! + draw.length(0, 2), least[1]! + draw.length(0, 2)];
    const options = { stride: same ? 1 : stride, padding, dilation, groups } as const;
    const inputs = [draw.values(x), draw.values([o, c / groups, ...kernel]), draw.values([o])];
    return draw.chance()
      ? { inputs, f: (a, w, b) => conv2d(a, w, b, options) }
      : { inputs: inputs.slice(0, 2), f: (a: Tensor, w: Tensor) => conv2d(a, w, null, options) };
  },
  conv1d: (draw) => {
    const groups = draw.pick([1, 1, 2]);
    const [c, o, k] = [groups * draw.integer(1, 2), groups * draw.integer(1, 2), draw.integer(1, 3)];
    const [stride, dilation, padding] = [draw.integer(1, 2), draw.integer(1, 2), draw.integer(0, 1)];
    const x = [...draw.pick([[1], [2], []]), c, dilation * (k - 1) + 1 + draw.length(0, 4)];
    const inputs = [draw.values(x), draw.values([o, c / groups, k]), draw.values([o])];
    return { inputs, f: (a, w, b) => conv1d(a, w, b, { stride, padding, dilation, groups }) };
  },
  convTranspose2d: (draw) => {
    const groups = draw.pick([1, 1, 2]);
    const [c, o] = [groups * draw.length(1, 2), groups * draw.length(1, 2)];
    const [stride, dilation] = [pairOf(draw, 1, 2), pairOf(draw, 1, 2)];
    const kernel = [draw.integer(1, 3), draw.integer(1, 2)] as const;
    // No more padding than leaves a row of what one pixel spreads to.
    const padding = kernel.map((k, i) => draw.integer(0, Math.min(1, (dilation[i]! * (k - 1)) >> 1))) as [
      number,
      number,
    ];
    const outputPadding = stride.map((s, i) => draw.integer(0, Math.max(s, dilation[i]!) - 1)) as [number, number];
    const x = [...draw.pick([[1], [2], []]), c, draw.length(1, 3), draw.length(1, 3)];
    const options = { stride, padding, outputPadding, dilation, groups };
    const inputs = [draw.values(x), draw.values([c, o / groups, ...kernel]), draw.values([o])];
    return { inputs, f: (a, w, b) => convTranspose2d(a, w, b, options) };
  },
  convTranspose1d: (draw) => {
    const [c, o, k] = [draw.integer(1, 2), draw.integer(1, 2), draw.integer(1, 3)];
    const [stride, dilation] = [draw.integer(1, 3), draw.integer(1, 2)];
    const outputPadding = draw.integer(0, stride - 1);
    const x = [...draw.pick([[1], [2], []]), c, draw.length(1, 4)];
    const inputs = [draw.values(x), draw.values([c, o, k])];
    return { inputs, f: (a, w) => convTranspose1d(a, w, null, { stride, dilation, outputPadding }) };
  },
  maxPool2d: (draw) => {
    const kernel = pairOf(draw, 1, 3);
    const stride = draw.chance() ? kernel : pairOf(draw, 1, 2);
    const padding = kernel.map((k) => draw.integer(0, k >> 1)) as [number, number];
    const dilation = draw.chance(0.7) ? 1 : pairOf(draw, 1, 2);
    const f = (x: Tensor) => maxPool2d(x, kernel, { stride, padding, dilation });
    return { inputs: [pictures(draw, 5, 5)], f };
  },
  avgPool2d: (draw) => {
    const kernel = pairOf(draw, 1, 3);
    const stride = draw.chance() ? kernel : pairOf(draw, 1, 2);
    const padding = kernel.map((k) => draw.integer(0, k >> 1)) as [number, number];
    const countIncludePad = draw.chance();
    const f = (x: Tensor) => avgPool2d(x, kernel, { stride, padding, countIncludePad });
    return { inputs: [pictures(draw, 3, 3)], f };
  },
  maxPool1d: (draw) => {
    const [kernel, stride, padding] = [draw.integer(2, 3), draw.integer(1, 2), draw.integer(0, 1)];
    const x = draw.values([...draw.pick([[1], [2], []]), 2, draw.length(3, 6)], { distinct: true });
    return { inputs: [x], f: (a) => maxPool1d(a, kernel, { stride, padding }) };
  },
  avgPool1d: (draw) => {
    const [kernel, stride, padding] = [draw.integer(2, 3), draw.integer(1, 2), draw.integer(0, 1)];
    const x = draw.values([...draw.pick([[1], [2], []]), 2, draw.length(3, 6)]);
    return { inputs: [x], f: (a) => avgPool1d(a, kernel, { stride, padding }) };
  },
  adaptiveAvgPool2d: (draw) => {
    const size = pairOf(draw, 1, 4);
    return { inputs: [pictures(draw, 2, 2)], f: (x) => adaptiveAvgPool2d(x, size) };
  },
  adaptiveMaxPool2d: (draw) => {
    const size = pairOf(draw, 1, 4);
    return { inputs: [pictures(draw, 2, 2)], f: (x) => adaptiveMaxPool2d(x, size) };
  },
  interpolate: (draw) => {
    const size = pairOf(draw, 1, 6);
    const mode = draw.pick(['bilinear', 'nearest'] as const);
    const alignCorners = draw.chance();
    return { inputs: [pictures(draw, 1, 1)], f: (x) => interpolate(x, size, { mode, alignCorners }) };
  },
  batchNorm: [
    (draw) => {
      const x = draw.values([draw.length(2, 3), draw.length(1, 3), ...draw.pick([[], [2], [2, 2]])]);
      const [w, b] = [draw.values([x.shape[1]!]), draw.values([x.shape[1]!])];
      return { inputs: [x, w, b], f: (a, weight, bias) => batchNorm(a, weight, bias, { eps: 0.1 }).output };
    },
    (draw) => {
      const x = draw.values([2, 2, 2]);
      return { inputs: [x], f: (a) => batchNorm(a, null, null, { eps: 0.1 }).output };
    },
    (draw) => {
      const x = draw.values([draw.integer(1, 3), 2, 2]);
      const statistics = { mean: draw.values([2]), variance: draw.values([2], { low: 0.5, high: 2 }) };
      const [w, b] = [draw.values([2]), draw.values([2])];
      return { inputs: [x, w, b], f: (a, weight, bias) => batchNorm(a, weight, bias, { statistics }).output };
    },
  ],
  layerNorm: (draw) => {
    const shape = draw.pick([[3], [2, 2], [4]]);
    const inputs = [draw.values([...draw.shape(0, 2), ...shape]), draw.values(shape), draw.values(shape)];
    const count = draw.integer(1, 3);
    return {
      inputs: inputs.slice(0, count),
      f: (x: Tensor, weight?: Tensor, bias?: Tensor) => layerNorm(x, shape, weight ?? null, bias ?? null, { eps: 0.1 }),
    };
  },
  crossEntropy: [
    (draw) => {
      const [n, k] = [draw.length(1, 4), draw.length(1, 4)];
      const further = draw.pick([[], [2]]);
      const labels = draw.integers([n, ...further], 0, k - 1);
      const weight = draw.chance() ? draw.values([k], { low: 0.2, high: 2 }) : undefined;
      const labelSmoothing = draw.pick([0, 0.2]);
      const reduction = draw.pick(['mean', 'sum', 'none'] as const);
      // With two rows or more and a class to ignore, rows of another class may be left.
      const ignoreIndex = draw.chance(0.3) && labels.toTypedArray().some((label) => label !== 0) ? 0 : undefined;
      const options = {
        reduction,
        labelSmoothing,
        ...(weight && { weight }),
        ...(ignoreIndex === 0 && { ignoreIndex }),
      };
      return { inputs: [draw.values([n, k, ...further])], f: (x) => crossEntropy(x, labels, options) };
    },
    (draw) => {
      const shape = draw.pick([[3], [2, 3], [2, 3, 2]]);
      const weight = draw.values([3], { low: 0.2, high: 2 });
      const [labelSmoothing, reduction] = [draw.pick([0, 0.2]), draw.pick(['mean', 'sum', 'none'] as const)];
      const target = draw.values(shape, { low: 0, high: 1 });
      const f = (x: Tensor, y: Tensor) => crossEntropy(x, y, { weight, labelSmoothing, reduction });
      return { inputs: [draw.values(shape), target], f };
    },
  ],
} satisfies Record<string, Sample | readonly Sample[]>;

function pairOf(draw: Draw, low: number, high: number): [number, number] {
  return [draw.integer(low, high), draw.integer(low, high)];
}

/** A batch of pictures or one, of at least the given size, with no two equal values. */
function pictures(draw: Draw, height: number, width: number): Tensor {
  const shape = [draw.length(1, 2), height + draw.length(0, 2), width + draw.length(0, 2)];
  return draw.values(draw.chance() ? shape : [draw.integer(1, 2), ...shape], { distinct: true });
}

function equations(draw: Draw): [equation: string, shapes: number[][]][] {
  const [i, j, k, b] = [draw.length(1, 3), draw.length(1, 3), draw.length(1, 3), draw.integer(1, 3)];
  return [
    [
      'ij,jk->ik',
      [
        [i, j],
        [j, k],
      ],
    ],
    [
      'ij,kj',
      [
        [i, j],
        [k, j],
      ],
    ],
    [
      'bij,bjk->bik',
      [
        [b, i, j],
        [b, j, k],
      ],
    ],
    ['ii', [[i, i]]],
    ['ii->i', [[i, i]]],
    ['ij->ji', [[i, j]]],
    ['i,j->ij', [[i], [j]]],
    [
      'ij,ij->',
      [
        [i, j],
        [i, j],
      ],
    ],
    [
      'bi,bi->b',
      [
        [b, i],
        [b, i],
      ],
    ],
    [
      '...ij,...jk->...ik',
      [
        [b, 1, i, j],
        [2, j, k],
      ],
    ],
    [
      'bi,ijk,bk->bj',
      [
        [b, i],
        [i, j, k],
        [b, k],
      ],
    ],
    ['ijk->k', [[i, j, k]]],
    ['iji,j->i', [[i, j, i], [j]]],
  ];
}
