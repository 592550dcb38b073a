import { readFileSync } from 'node:fs';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../src/index.ts';
import * as m from '../src/index.ts';

type Call = (...inputs: Tensor[]) => Tensor;

/** Our call for each case of test/fixtures/make_pytorch.py. */
const calls: Record<string, Record<string, Call>> = {
  elementwise: {
    ...named('exp expm1 sin cos tan atan tanh sigmoid erf square abs sign sinh cosh floor ceil round trunc asin acos'),
    ...named('log log1p sqrt rsqrt reciprocal step maximum minimum remainder pow'),
    'remainder of integers': m.remainder,
    'clamp -1 1': (x) => m.clamp(x, -1, 1),
    'clamp below': (x) => m.clamp(x, Number.NEGATIVE_INFINITY, 0.5),
    'pow 3': (x) => m.pow(x, 3),
    where: (a, b) => m.where(m.tensor([true, false, true]), a, b),
  },
  activations: {
    ...named('relu selu silu mish softplus logSigmoid softsign'),
    'leakyRelu .1': (x) => m.leakyRelu(x, 0.1),
    'prelu one': m.prelu,
    'prelu channels': m.prelu,
    'elu 1.5': (x) => m.elu(x, 1.5),
    gelu: (x) => m.gelu(x),
    'gelu tanh': (x) => m.gelu(x, { approximate: 'tanh' }),
    hardtanh: (x) => m.hardtanh(x),
    softmax: (x) => m.softmax(x),
    'softmax 1': (x) => m.softmax(x, 1),
    logSoftmax: (x) => m.logSoftmax(x),
    'logSoftmax 0': (x) => m.logSoftmax(x, 0),
  },
  reductions: {
    'sum 0 2': (x) => m.sum(x, [0, 2]),
    'sum -1 kept': (x) => m.sum(x, -1, { keepDims: true }),
    'mean 0 2': (x) => m.mean(x, [0, 2]),
    'mean -1 kept': (x) => m.mean(x, -1, { keepDims: true }),
    'prod 1': (x) => m.prod(x, 1),
    'prod with a zero': (x) => m.prod(x, 1),
    'max 1': (x) => m.max(x, 1),
    'min 1': (x) => m.min(x, 1),
    max: (x) => m.max(x),
    'min 0 2': (x) => m.min(x, [0, 2]),
    'argmax 1': (x) => m.argmax(x, 1),
    argmin: (x) => m.argmin(x),
    'variance 1': (x) => m.variance(x, 1),
    'variance 0 2, correction 0': (x) => m.variance(x, [0, 2], { correction: 0 }),
    std: (x) => m.std(x),
    'std of equal elements': (x) => m.std(x, 1),
    'logSumExp 1': (x) => m.logSumExp(x, 1),
    logSumExp: (x) => m.logSumExp(x),
    ...Object.fromEntries([2, 1, 3, 1.5].map((p) => [`norm ${p} of zeros`, (x: Tensor) => m.norm(x, p, 1)])),
    ...Object.fromEntries([2, 1, 3, 1.5, 0].map((p) => [`norm ${p}`, (x: Tensor) => m.norm(x, p, 1)])),
    'norm inf': (x) => m.norm(x, Number.POSITIVE_INFINITY, 1),
    'norm -inf': (x) => m.norm(x, Number.NEGATIVE_INFINITY, 1),
    'norm of a matrix': (x) => m.norm(x, 2, [1, 2]),
    'median 1': (x) => m.median(x, 1),
    median: (x) => m.median(x),
    'quantile .5 1': (x) => m.quantile(x, 0.5, 1),
    'quantile .3': (x) => m.quantile(x, 0.3),
    'quantiles 2': (x) => m.quantile(x, [0, 0.25, 0.9, 1], 2),
    'cumsum 1': (x) => m.cumsum(x, 1),
    'cumprod 1': (x) => m.cumprod(x, 1),
    'cumprod with zeros': (x) => m.cumprod(x, 1),
    'countNonzero 1': (x) => m.countNonzero(x, 1),
    'any 1': (x) => m.any(m.greater(x, 2), 1),
    'all 1': (x) => m.all(m.lessEqual(x, 0), 1),
  },
  products: {
    ...named('dot inner outer'),
    matmul: (a, b) => m.matmul(a, b),
    'matmul of batches': (a, b) => m.matmul(a, b),
    'matmul of a vector': (a, b) => m.matmul(a, b),
    linear: m.linear,
    'linear without bias': (x, w) => m.linear(x, w),
    ...equations('ij,jk->ik', 'ij,jk', 'ii', 'ii->i', 'ij->ji', 'i,j->ij', 'bij,bjk->bik', '...ij,...jk->...ik'),
    ...equations('bi,ijk,bk->bj', 'ijk,ijk->', 'ijij->j', 'ab,cb,db->acd', 'b...,b...->...'),
  },
  convolution: {
    conv2d: (x, w, b) => m.conv2d(x, w, b),
    'conv2d stride 2 padding 1': (x, w, b) => m.conv2d(x, w, b, { stride: 2, padding: 1 }),
    'conv2d pairs': (x, w) => m.conv2d(x, w, null, { stride: [2, 1], padding: [0, 2], dilation: [1, 2] }),
    'conv2d same': (x, w) => m.conv2d(x, w, null, { padding: 'same' }),
    'conv2d same dilation 3': (x, w) => m.conv2d(x, w, null, { padding: 'same', dilation: 3 }),
    'conv2d groups': (x, w, b) => m.conv2d(x, w, b, { groups: 2 }),
    'conv2d depthwise': (x, w, b) => m.conv2d(x, w, b, { groups: 3, padding: 1 }),
    'conv2d unbatched': (x, w) => m.conv2d(x, w),
    conv1d: (x, w, b) => m.conv1d(x, w, b, { stride: 2, padding: 1, dilation: 2 }),
    'conv1d same': (x, w) => m.conv1d(x, w, null, { padding: 'same' }),
    convTranspose2d: (x, w, b) => m.convTranspose2d(x, w, b),
    'convTranspose2d stride 2': (x, w, b) => m.convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1 }),
    'convTranspose2d pairs': (x, w) =>
      m.convTranspose2d(x, w, null, { stride: [1, 3], dilation: [2, 1], outputPadding: [1, 2], groups: 2 }),
    convTranspose1d: (x, w, b) => m.convTranspose1d(x, w, b, { stride: 2, padding: 1 }),
  },
  pooling: {
    'maxPool2d 2': (x) => m.maxPool2d(x, 2),
    'maxPool2d 3 stride 2 padding 1': (x) => m.maxPool2d(x, 3, { stride: 2, padding: 1 }),
    'maxPool2d pairs': (x) => m.maxPool2d(x, [2, 3], { stride: [1, 2], padding: [1, 0], dilation: [2, 1] }),
    'maxPool2d of ties': (x) => m.maxPool2d(x, 2),
    'avgPool2d 2': (x) => m.avgPool2d(x, 2),
    'avgPool2d 3 stride 2 padding 1': (x) => m.avgPool2d(x, 3, { stride: 2, padding: 1 }),
    'avgPool2d without the padding': (x) => m.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
    maxPool1d: (x) => m.maxPool1d(x, 3, { stride: 2, padding: 1 }),
    avgPool1d: (x) => m.avgPool1d(x, 3, { stride: 2, padding: 1 }),
    ...sizes(
      'adaptiveAvgPool2d',
      [
        [1, 1],
        [2, 3],
        [3, 4],
        [7, 2],
      ],
      m.adaptiveAvgPool2d,
    ),
    ...sizes(
      'adaptiveMaxPool2d',
      [
        [1, 1],
        [2, 3],
        [3, 4],
        [7, 2],
      ],
      m.adaptiveMaxPool2d,
    ),
    ...sizes(
      'interpolate bilinear',
      [
        [3, 4],
        [8, 9],
        [1, 13],
      ],
      (x, size) => m.interpolate(x, size),
    ),
    ...sizes(
      'interpolate corners',
      [
        [3, 4],
        [8, 9],
        [1, 13],
      ],
      (x, size) => m.interpolate(x, size, { alignCorners: true }),
    ),
    ...sizes(
      'interpolate nearest',
      [
        [3, 4],
        [8, 9],
        [1, 13],
      ],
      (x, size) => m.interpolate(x, size, { mode: 'nearest' }),
    ),
  },
  normalization: {
    'batchNorm [n, c]': (x, w, b) => m.batchNorm(x, w, b).output,
    'batchNorm [n, c, h, w]': (x, w, b) => m.batchNorm(x, w, b, { eps: 1e-3 }).output,
    'batchNorm bare': (x) => m.batchNorm(x).output,
    'batchNorm fixed': (x, w, b) => {
      const [mean, variance] = [float64([0.1, -0.2]), float64([1.5, 0.5])];
      return m.batchNorm(x, w, b, { statistics: { mean, variance } }).output;
    },
    'layerNorm 4': (x, w, b) => m.layerNorm(x, 4, w, b),
    'layerNorm 3 4': (x, w, b) => m.layerNorm(x, [3, 4], w, b, { eps: 1e-3 }),
    'layerNorm bare': (x) => m.layerNorm(x, [4]),
  },
  'cross-entropy': {
    ...Object.fromEntries(
      (['mean', 'sum', 'none'] as const).flatMap((reduction): [string, Call][] => [
        [`labels ${reduction}`, (x) => m.crossEntropy(x, LABELS, { reduction })],
        [
          `labels weighted, smoothed, ignored ${reduction}`,
          (x) => m.crossEntropy(x, LABELS, { weight: WEIGHT, ignoreIndex: 1, labelSmoothing: 0.1, reduction }),
        ],
        [
          `probabilities ${reduction}`,
          (x, y) => m.crossEntropy(x, y!, { weight: WEIGHT, labelSmoothing: 0.2, reduction }),
        ],
      ]),
    ),
    places: (x) =>
      m.crossEntropy(
        x,
        int32([
          [0, 2],
          [1, 1],
        ]),
        { weight: WEIGHT },
      ),
    'places of probabilities': (x, y) => m.crossEntropy(x, y),
    'one row': (x) => m.crossEntropy(x, m.full([], 1, { dtype: 'int32' })),
    'huge logits': (x) => m.crossEntropy(x, int32([0, 1])),
  },
  comparison: {
    ...named('add sub mul div neg equal notEqual less lessEqual greater greaterEqual'),
    logicalAnd: (a, b) => m.logicalAnd(m.greater(a, 0), m.greater(b, 0)),
    logicalOr: (a, b) => m.logicalOr(m.greater(a, 0), m.greater(b, 0)),
    logicalXor: (a, b) => m.logicalXor(m.greater(a, 0), m.greater(b, 0)),
    allClose: (a, b) => m.tensor(m.allClose(a, b, { rtol: 1e-2 })),
    'allClose of NaN': (a, b) => m.tensor(m.allClose(a, b, { rtol: 1e-2, equalNaN: true })),
  },
  layout: {
    'concat 0': (a, b) => m.concat([a, b], 0),
    'concat 1': (a, b) => m.concat([a, b], 1),
    'stack 0': (a, b) => m.stack([a, b]),
    'stack 1': (a, b) => m.stack([a, b], 1),
    'stack -1': (a, b) => m.stack([a, b], -1),
    reshape: (x) => m.reshape(x, [3, -1]),
    transpose: (x) => m.transpose(x, [2, 0, 1]),
    'transpose of the last': (x) => m.transpose(x),
    'unsqueeze 1': (x) => m.unsqueeze(x, 1),
    broadcastTo: (x) => m.broadcastTo(x, [2, 3, 4]),
    clone: m.clone,
    oneHot: (x) => m.oneHot(x, 4),
    'meshgrid ij 0': (a, b) => m.meshgrid([a, b])[0]!,
    'meshgrid ij 1': (a, b) => m.meshgrid([a, b])[1]!,
    'meshgrid xy 0': (a, b) => m.meshgrid([a, b], { indexing: 'xy' })[0]!,
    'meshgrid xy 1': (a, b) => m.meshgrid([a, b], { indexing: 'xy' })[1]!,
    maskedSelect: (x) => m.maskedSelect(x, m.tensor([true, false, true, false, true, true]).reshape(2, 3)),
    indexPut: (x, v) => m.indexPut(x, [int32([1, 0, 1]), int32([2, 2, 0])], v),
    'indexPut accumulate': (x, v) => m.indexPut(x, [int32([1, 0, 1])], v, { accumulate: true }),
    sliceScatter: (x, v) => m.sliceScatter(x, [null, [1, 3]], v),
    'maxout 2': (x) => m.maxout(x, 2),
    'maxout 3 of axis 0': (x) => m.maxout(x, 3, 0),
    piecewiseLinear: m.piecewiseLinear,
  },
  creation: {
    arange: () => m.arange(1, 4, 0.75),
    'arange down': () => m.arange(5, -1, -2),
    linspace: () => m.linspace(-1, 2, 7),
    'linspace of one': () => m.linspace(3, 9, 1),
    eye: () => m.eye(3),
    full: () => m.full([2, 3], 1.5),
    zeros: () => m.zeros([2, 0]),
    ones: () => m.ones([2, 1, 3]),
    zerosLike: m.zerosLike,
    onesLike: m.onesLike,
    promoteTypes: () => int32(DTYPES.map((a) => DTYPES.map((b) => DTYPES.indexOf(m.promoteTypes(a, b))))),
  },
  derivatives: {
    jacobian: (x) => m.jacobian(bend, x, { createGraph: true }),
    hessian: (x) => m.hessian(bowl, x, { createGraph: true }),
    hvp: (x, v) => m.hvp(bowl, x, v, { createGraph: true }),
    valueAndGrad: (x) => m.valueAndGrad(bowl)(x).grads[0]!,
    checkpoint: (a, b) => m.checkpoint((p, q) => m.tanh(m.matmul(p, q)), a, b),
    customGrad: m.customGrad(
      (x: Tensor) => m.pow(x, 3),
      (g, [x]) => g.mul(m.clamp(m.square(x!).mul(3), Number.NEGATIVE_INFINITY, 2)),
    ),
  },
};

const DTYPES = ['bool', 'uint8', 'int32', 'float32', 'float64'] as const;

function bend(x: Tensor): Tensor {
  return m.sin(x).mul(m.square(m.flip(x, [0])));
}

function bowl(x: Tensor): Tensor {
  return m.add(m.sum(m.mul(m.exp(x.div(2)), m.roll(x, 1, 0))), m.prod(m.pow(x, 3)));
}

const LABELS = int32([0, 2, 1, 2]);
const WEIGHT = float64([0.5, 1, 2]);

interface Fixture {
  name: string;
  dtypes?: m.DType[];
  inputs: unknown[];
  output: unknown;
  gradients?: unknown[];
}

describe.each(Object.keys(calls))('PyTorch: %s', (family) => {
  const path = new URL(`fixtures/pytorch-${family}.json`, import.meta.url);
  const cases: Fixture[] = JSON.parse(readFileSync(path, 'utf8')).cases;

  it('has the same cases as the fixtures', () => {
    expect(Object.keys(calls[family]!).sort()).toEqual(cases.map(({ name }) => name).sort());
  });

  it.each(cases)('$name', (fixture) => {
    const { name, leaves, out, weights } = ours(family, fixture, 'float64');
    const tolerance = { rtol: 1e-9, atol: 1e-12 };
    expectClose(out.toArray(), numbers(fixture.output), { ...tolerance, name });
    if (fixture.gradients === undefined) return;
    const options = { gradOutputs: weights, allowUnused: true };
    const found = m.grad(out, leaves, { ...options, retainGraph: true });
    const again = m.grad(out, leaves, { ...options, createGraph: true });
    for (const [i, wanted] of fixture.gradients.entries()) {
      expectClose(found[i], numbers(wanted), { ...tolerance, name: `${name}, gradient ${i}` });
      expectClose(again[i], numbers(wanted), { ...tolerance, name: `${name}, gradient ${i} with createGraph` });
    }
  });

  it('in float32, to its precision', () => {
    for (const fixture of cases) {
      const { name, leaves, out, weights } = ours(family, fixture, 'float32');
      const tolerance = { rtol: 1e-4, atol: 3e-5 };
      expectClose(out.toArray(), numbers(fixture.output), { ...tolerance, name });
      if (fixture.gradients === undefined) continue;
      const found = m.grad(out, leaves, { gradOutputs: weights, allowUnused: true });
      for (const [i, wanted] of fixture.gradients.entries()) {
        expect(found[i]!.dtype).toBe('float32');
        expectClose(found[i], numbers(wanted), { ...tolerance, name: `${name}, gradient ${i}` });
      }
    }
  });
});

/** Our result for a fixture, and the weights that its output is summed with before it is differentiated. */
function ours(family: string, { name, dtypes, inputs, gradients }: Fixture, float: 'float32' | 'float64') {
  const leaves = inputs.map((data, i) => {
    const dtype = dtypes?.[i] === undefined || dtypes[i] === 'float64' ? float : dtypes[i];
    return m.tensor(numbers(data), { dtype, requiresGrad: dtype === float && gradients !== undefined });
  });
  const out = calls[family]![name]!(...leaves);
  const weights = m.tensor(
    Array.from({ length: out.size }, (_, i) => (i % 7) + 1),
    { dtype: float },
  );
  return { name, leaves, out, weights: weights.reshape(out.shape) };
}

/** Calls that have the name of the function. */
function named(names: string): Record<string, Call> {
  const wanted = names.split(' ');
  return Object.fromEntries(Object.entries(m).filter(([name]) => wanted.includes(name))) as Record<string, Call>;
}

function equations(...all: string[]): Record<string, Call> {
  return Object.fromEntries(
    all.map((equation) => [`einsum ${equation}`, (...t: Tensor[]) => m.einsum(equation, ...t)]),
  );
}

function sizes(name: string, all: [number, number][], f: (x: Tensor, size: [number, number]) => Tensor) {
  return Object.fromEntries(all.map((size) => [`${name} ${size[0]} ${size[1]}`, (x: Tensor) => f(x, size)]));
}

/** The numbers of a fixture, whose NaN and infinities are written as strings. */
function numbers(value: unknown): m.TensorData {
  if (Array.isArray(value)) return value.map(numbers);
  return typeof value === 'string' ? Number(value) : (value as number);
}

function float64(data: m.TensorData): Tensor {
  return m.tensor(data, { dtype: 'float64' });
}

function int32(data: m.TensorData): Tensor {
  return m.tensor(data, { dtype: 'int32' });
}
