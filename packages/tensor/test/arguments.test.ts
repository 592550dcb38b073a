import { OptionError, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as m from '../src/index.ts';
import { Draw } from './draw.ts';
import { samples } from './samples.ts';

/** The arguments that take the inputs of a sample, where it is not one x. */
const names: Record<string, readonly string[]> = {
  ...named(['a', 'b'], 'add sub mul div pow maximum minimum remainder where matmul dot inner outer'),
  ...named(['x', 'source'], 'scatter scatterAdd'),
  ...named(['x', 'values'], 'sliceScatter indexPut'),
  ...named(['x', 'weight', 'bias'], 'linear conv2d conv1d convTranspose2d convTranspose1d batchNorm layerNorm prelu'),
  ...named(['tensors[0]', 'tensors[1]', 'tensors[2]'], 'concat stack'),
  ...named(['vectors[0]', 'vectors[1]', 'vectors[2]'], 'meshgrid'),
  ...named(['operand 0', 'operand 1', 'operand 2'], 'einsum'),
  ...named(['logits', 'target'], 'crossEntropy'),
  ...named(['inputs[0]'], 'customGrad'),
};

function named(list: readonly string[], operations: string): Record<string, readonly string[]> {
  return Object.fromEntries(operations.split(' ').map((operation) => [operation, list]));
}

const table = Object.entries(samples).flatMap(([name, given]) =>
  [given].flat().map((sample, i) => ({ name, label: i === 0 ? name : `${name} ${i + 1}`, sample })),
);
const takeNumbers = new Set('add sub mul div pow maximum minimum remainder where'.split(' '));
const takeSources = new Set('sliceScatter scatter scatterAdd indexPut'.split(' '));

/** What computes means, roots and the like, of which integers have none. */
const ofFloats = new Set(
  'mean dropout maxPool2d avgPool2d maxPool1d avgPool1d adaptiveAvgPool2d adaptiveMaxPool2d interpolate batchNorm layerNorm crossEntropy variance std logSumExp norm median quantile softmax logSoftmax'.split(
    ' ',
  ),
);

describe('every operation tells by its own name', () => {
  it.each(table)('$label: which argument is no tensor', ({ name, sample }) => {
    const { f, inputs } = sample(new Draw(1));
    for (const i of inputs.keys()) {
      const argument = (names[name] ?? ['x'])[i]!;
      const numbers = takeNumbers.has(name) || (takeSources.has(name) && i === 1);
      const message = numbers
        ? `${name}: ${argument} must be a Tensor or a number; tensor(${argument}) makes one of nested numbers`
        : `${name}: ${argument} must be a Tensor; tensor(${argument}) makes one of numbers`;
      expectError(() => f(...inputs.map((t, j) => (i === j ? ('text' as never) : t))), OptionError, message);
    }
  });

  it.each(table.filter(({ name }) => ofFloats.has(name)))('$label: that it takes no integers', ({ name, sample }) => {
    const { f, inputs } = sample(new Draw(1));
    const [first, ...rest] = inputs as [m.Tensor, ...m.Tensor[]];
    const argument = names[name]?.[0] ?? 'x';
    const message = `${name}: ${argument} must be float32 or float64, got int32; cast(${argument}, 'float32') converts it`;
    expectError(() => f(m.cast(first, 'int32'), ...rest), OptionError, message);
  });

  const x = m.parameter(m.tensor([[1, 2, 3], [4, 5, 6]])); // biome-ignore format: a matrix
  const alongAxis: Record<string, (axis: number) => unknown> = {
    sum: (axis) => m.sum(x, axis),
    mean: (axis) => m.mean(x, axis),
    prod: (axis) => m.prod(x, axis),
    max: (axis) => m.max(x, axis),
    min: (axis) => m.min(x, axis),
    argmax: (axis) => m.argmax(x, axis),
    argmin: (axis) => m.argmin(x, axis),
    all: (axis) => m.all(x, axis),
    any: (axis) => m.any(x, axis),
    countNonzero: (axis) => m.countNonzero(x, axis),
    variance: (axis) => m.variance(x, axis),
    std: (axis) => m.std(x, axis),
    logSumExp: (axis) => m.logSumExp(x, axis),
    norm: (axis) => m.norm(x, 2, axis),
    median: (axis) => m.median(x, axis),
    quantile: (axis) => m.quantile(x, 0.5, axis),
    cumsum: (axis) => m.cumsum(x, axis),
    cumprod: (axis) => m.cumprod(x, axis),
    softmax: (axis) => m.softmax(x, axis),
    logSoftmax: (axis) => m.logSoftmax(x, axis),
    maxout: (axis) => m.maxout(x, 1, axis),
    transpose: (axis) => m.transpose(x, [axis, 0]),
    squeeze: (axis) => m.squeeze(x, axis),
    flatten: (axis) => m.flatten(x, axis),
    concat: (axis) => m.concat([x, x], axis),
    split: (axis) => m.split(x, 1, axis),
    chunk: (axis) => m.chunk(x, 1, axis),
    unbind: (axis) => m.unbind(x, axis),
    indexSelect: (axis) => m.indexSelect(x, axis, m.tensor([0], { dtype: 'int32' })),
    gather: (axis) => m.gather(x, axis, m.tensor([[0]], { dtype: 'int32' })),
    scatter: (axis) => m.scatter(x, axis, m.tensor([[0]], { dtype: 'int32' }), 1),
    scatterAdd: (axis) => m.scatterAdd(x, axis, m.tensor([[0]], { dtype: 'int32' }), m.tensor([[1]])),
    repeatInterleave: (axis) => m.repeatInterleave(x, 2, axis),
    flip: (axis) => m.flip(x, axis),
    roll: (axis) => m.roll(x, 1, axis),
    shuffle: (axis) => m.shuffle(x, { axis, seed: 1 }),
    sort: (axis) => m.sort(x, axis),
    argsort: (axis) => m.argsort(x, axis),
    topk: (axis) => m.topk(x, 1, axis),
  };
  it.each(Object.entries(alongAxis))('%s: which axes there are', (name, run) => {
    expectError(() => run(5), OptionError, `${name}: axis must be an integer from -2 to 1, got 5`);
  });

  const place = m.tensor([[1, 0, 1]], { dtype: 'int32' });
  const one = m.tensor([1], { dtype: 'int32' });
  const recorded: Record<string, () => m.Tensor> = {
    neg: () => m.neg(x),
    cast: () => m.cast(x, 'float64'),
    gelu: () => m.gelu(x),
    clamp: () => m.clamp(x, 2, 3),
    minimum: () => m.minimum(x, 2),
    slice: () => m.slice(x, [1]),
    sliceScatter: () => m.sliceScatter(x, [1], 0),
    concat: () => m.concat([x, x]),
    gather: () => m.gather(x, 0, place),
    indexSelect: () => m.indexSelect(x, 0, one),
    scatter: () => m.scatter(x, 0, place, 1),
    scatterAdd: () => m.scatterAdd(x, 0, place, m.tensor([[1, 1, 1]])),
    index: () => m.index(x, [one]),
    indexPut: () => m.indexPut(x, [one], 1),
    maskedSelect: () => m.maskedSelect(x, m.greater(x, 2)),
    pad: () => m.pad(x, [[1, 1], [0, 0]]), // biome-ignore format: pairs
    cumsum: () => m.cumsum(x, 0),
    cumprod: () => m.cumprod(x, 0),
    clone: () => m.clone(x),
    sort: () => m.sort(x).values,
    topk: () => m.topk(x, 1).values,
    max: () => m.max(x, 0),
    prod: () => m.prod(x, 0),
    crossEntropy: () => m.crossEntropy(x, m.tensor([0, 1], { dtype: 'int32' })),
  };
  it.each(Object.entries(recorded))('%s: in the graph', (name, run) => {
    expect(run().gradFn?.name).toBe(name);
  });
});

describe('shapes and pairs that do not fit', () => {
  const sequence = m.ones([1, 2, 5]);
  const picture = m.ones([1, 2, 5, 5]);
  const filters = m.ones([3, 2, 3, 3]);
  const conv = (options: m.Conv2dOptions) => () => m.conv2d(picture, filters, null, options);
  const cases: [run: () => unknown, kind: typeof OptionError | typeof ShapeError, message: string][] = [
    [() => m.maxPool1d(m.ones([2]), 1), ShapeError, 'maxPool1d: x must be [n, c, l] or [c, l], got [2]'],
    [() => m.avgPool1d(picture, 1), ShapeError, 'avgPool1d: x must be [n, c, l] or [c, l], got [1, 2, 5, 5]'],
    [() => m.conv1d(m.ones([2]), m.ones([1, 2, 1])), ShapeError, 'conv1d: x must be [n, c, l] or [c, l], got [2]'],
    [
      () => m.conv1d(sequence, filters),
      ShapeError,
      'conv1d: weight must be [channels, channels, k] and not empty, got [3, 2, 3, 3]',
    ],
    [
      () => m.conv2d(picture, m.ones([3, 2, 0, 3])),
      ShapeError,
      'conv2d: weight must be [channels, channels, kh, kw] and not empty, got [3, 2, 0, 3]',
    ],
    [
      () => m.conv2d(picture, filters, m.ones([2])),
      ShapeError,
      'conv2d: bias must be [3], one for each output channel, got [2]',
    ],
    [
      () => m.convTranspose2d(m.ones([1, 3, 2, 2]), filters, m.ones([3])),
      ShapeError,
      'convTranspose2d: bias must be [2], one for each output channel, got [3]',
    ],
    [conv({ stride: [1.5, 1] }), OptionError, 'conv2d: stride[0] must be an integer ≥ 1, got 1.5'],
    [conv({ stride: [1, 0] }), OptionError, 'conv2d: stride[1] must be an integer ≥ 1, got 0'],
    [conv({ padding: [-1, 0] }), OptionError, 'conv2d: padding[0] must be an integer ≥ 0, got -1'],
    [
      conv({ dilation: 'two' as never }),
      OptionError,
      "conv2d: dilation must be an integer or a pair of them, got 'two'",
    ],
  ];
  it.each([
    ['add', m.add],
    ['sub', m.sub],
    ['mul', m.mul],
    ['div', m.div],
    ['pow', m.pow],
    ['maximum', m.maximum],
    ['minimum', m.minimum],
    ['remainder', m.remainder],
  ] as const)('%s: lengths that do not broadcast', (name, f) => {
    const message = `${name}: a is [2, 2] but b is [3]; lengths 2 and 3 do not broadcast`;
    expectError(() => f(m.ones([2, 2]), m.ones([3])), ShapeError, message);
  });

  it('windows of sequences', () => {
    const [x, forth, back] = [m.ones([1, 2, 5]), m.ones([3, 2, 2]), m.ones([2, 3, 2])];
    for (const option of ['stride', 'dilation', 'padding', 'outputPadding'] as const) {
      const least = option === 'stride' || option === 'dilation' ? 1 : 0;
      const wanted = `${option} must be an integer ≥ ${least}, got -1`;
      expectError(() => m.convTranspose1d(x, back, null, { [option]: -1 }), OptionError, `convTranspose1d: ${wanted}`);
      if (option === 'outputPadding') continue;
      expectError(() => m.conv1d(x, forth, null, { [option]: -1 }), OptionError, `conv1d: ${wanted}`);
    }
  });

  it('what chooses is a tensor too', () => {
    const message = 'where: condition must be a Tensor; tensor(condition) makes one of numbers';
    expectError(() => m.where([true] as never, 1, 2), OptionError, message);
  });

  it.each(cases)('%s', (run, kind, message) => expectError(run, kind, message));

  it("padding 'valid' is none", () => {
    expect(conv({ padding: 'valid' })().toArray()).toEqual(conv({})().toArray());
    expect(conv({ padding: 'valid' })().shape).toEqual([1, 3, 3, 3]);
  });

  it('norms of every p keep axes when asked to', () => {
    const rows = m.tensor([[3, -4], [0, 5]]); // biome-ignore format: a matrix
    for (const [p, expected] of [
      [2, [[5], [5]]],
      [1, [[7], [5]]],
      [Number.POSITIVE_INFINITY, [[4], [5]]],
      [Number.NEGATIVE_INFINITY, [[3], [0]]],
      [0, [[2], [1]]],
    ] as const) {
      expect(m.norm(rows, p, 1, { keepDims: true }).toArray()).toEqual(expected);
    }
  });

  it('dropout of everything leaves zeros, and no gradient', () => {
    const p = m.parameter(m.tensor([1, 2, 3]));
    const out = m.dropout(p, 1, { seed: 1 });
    m.sum(out).backward();
    expect([out.toArray(), p.grad!.toArray()]).toEqual([[0, 0, 0], [0, 0, 0]]); // biome-ignore format: vectors
  });
});
