import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError, setSeed } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  add,
  arange,
  assign,
  bernoulli,
  broadcastTo,
  buffer,
  cast,
  type DType,
  div,
  encodeTensor,
  equal,
  eye,
  fromTypedArray,
  full,
  grad,
  isTensor,
  less,
  linspace,
  logSumExp,
  matmul,
  max,
  mean,
  mul,
  neg,
  normal,
  ones,
  onesLike,
  parameter,
  pow,
  prod,
  rand,
  randint,
  randn,
  randperm,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  uniform,
  valueAndGrad,
  where,
  zeros,
  zerosLike,
} from '../src/index.ts';

const fixture: {
  meets: [DType, number[], DType, number[], DType][];
  values: number[];
  casts: Record<string, (number | boolean)[]>;
} = JSON.parse(readFileSync(new URL('fixtures/core.json', import.meta.url), 'utf8'));

describe('making tensors', () => {
  it('takes numbers, booleans, nested arrays, typed arrays and tensors', () => {
    expect(tensor(3).shape).toEqual([]);
    expect(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]).shape,
    ).toEqual([3, 2]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect([tensor(1).dtype, tensor(true).dtype, tensor([[true]]).dtype]).toEqual(['float32', 'bool', 'bool']);
    const typed = [new Float32Array(2), new Float64Array(2), new Int32Array(2), new Int16Array(2), new Uint8Array(2)];
    expect(typed.map((array) => tensor(array).dtype)).toEqual(['float32', 'float64', 'int32', 'int32', 'uint8']);
    expect(tensor([Float64Array.of(1, 2), Float64Array.of(3, 4)]).dtype).toBe('float64');
    expect(tensor(Uint32Array.of(2 ** 31 - 1)).toArray()).toEqual([2 ** 31 - 1]);
    const x = tensor([1.5], { dtype: 'float64' });
    expect(tensor(x).storage).not.toBe(x.storage);
    expect(tensor(x, { dtype: 'int32' }).toArray()).toEqual([1]);
    const source = Float32Array.of(1, 2);
    const copied = tensor(source);
    source[0] = 9;
    expect(copied.toArray()).toEqual([1, 2]);
  });

  it('refuses what is no array of numbers', () => {
    const ragged = 'tensor: all rows must have the shape of the first,';
    expectError(() => tensor([[1, 2], [3]]), ShapeError, `${ragged} [2, 2] in all; some row differs`);
    expectError(() => tensor([[1], 2] as never), ShapeError, `${ragged} [2, 1] in all; some row differs`);
    expectError(
      () => tensor([1], { requires_grad: true } as never),
      OptionError,
      'tensor: there is no option requires_grad, only dtype and requiresGrad',
    );
    for (const make of [zeros, ones, randn]) {
      expectError(
        () => make(2, 3 as never),
        OptionError,
        `${make.name}: options must be an object, got 3; a shape is one array, such as [2, 3]`,
      );
    }
    expectError(
      () => parameter([1, 2] as never),
      OptionError,
      'parameter: t must be a Tensor; tensor(t) makes one of numbers',
    );
    for (const reduce of [sum, prod, max, logSumExp]) {
      const message = 'x must be a Tensor; tensor(x) makes one of numbers';
      expectError(() => reduce([1, 2] as never), OptionError, `${reduce.name}: ${message}`);
    }
    expectError(() => tensor([1, [2]] as never), ShapeError, `${ragged} [2] in all; some row differs`);
    expectError(
      () => tensor([1, '2'] as never),
      OptionError,
      "tensor: the elements must be numbers or booleans, got '2'",
    );
    expectError(
      () => tensor(undefined as never),
      OptionError,
      'tensor: the elements must be numbers or booleans, got undefined',
    );
    expectError(
      () => tensor([1], { dtype: 'float16' as never }),
      OptionError,
      "tensor: dtype must be float32, float64, int32, uint8 or bool, got 'float16'",
    );
    expectError(
      () => tensor([256], { dtype: 'uint8' }),
      OptionError,
      'tensor: 256 is outside the range of uint8, 0 to 255',
    );
    expectError(
      () => tensor(Uint32Array.of(2 ** 31)),
      OptionError,
      'tensor: 2147483648 is outside the range of int32, -2147483648 to 2147483647',
    );
    expectError(
      () => tensor([Number.NaN], { dtype: 'int32' }),
      OptionError,
      'tensor: NaN is outside the range of int32, -2147483648 to 2147483647',
    );
    expectError(
      () => tensor([1], { dtype: 'int32', requiresGrad: true }),
      OptionError,
      'tensor: only float32 and float64 tensors can require a gradient, got int32',
    );
  });

  it('takes over typed arrays', () => {
    const data = Float64Array.of(1, 2, 3, 4);
    const t = fromTypedArray(data, [2, 2]);
    expect([t.dtype, t.toArray()]).toEqual([
      'float64',
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(fromTypedArray(Uint8Array.of(1, 0), [2], { dtype: 'bool' }).toArray()).toEqual([true, false]);
    expectError(
      () => fromTypedArray(data, [3]),
      ShapeError,
      'fromTypedArray: the shape [3] has 3 elements, but data has 4',
    );
    expectError(
      () => fromTypedArray(data, [4], { dtype: 'float32' }),
      OptionError,
      "fromTypedArray: dtype must be that of the data (float64), got 'float32'; use tensor() to convert",
    );
  });

  it('fills and counts', () => {
    expect(full([2], 7).toArray()).toEqual([7, 7]);
    expect(full(2, true).toArray()).toEqual([true, true]);
    expect(zeros([2, 0]).shape).toEqual([2, 0]);
    expect(onesLike(zeros([1, 2], { dtype: 'int32' })).dtype).toBe('int32');
    expect(zerosLike(ones([2])).toArray()).toEqual([0, 0]);
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(arange(3).toArray()).toEqual([0, 1, 2]);
    expect([arange(3).dtype, arange(0, 1, 0.5).dtype]).toEqual(['int32', 'float32']);
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(arange(3, 1).toArray()).toEqual([]);
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linspace(2, 9, 1).toArray()).toEqual([2]);
    const message = 'linspace: end must be a number, got Infinity';
    expectError(() => linspace(0, Number.POSITIVE_INFINITY, 3), OptionError, message);
    expectError(
      () => zeros([1e6, 1e6]),
      OptionError,
      'tensor: there is no memory for 1000000000000 elements of float32',
    );
    const shape = 'zeros: the lengths of a shape must be integers ≥ 0, got';
    expectError(() => zeros([2, -1]), ShapeError, `${shape} [2, -1]`);
    expectError(() => rand(1.5), ShapeError, `${shape.replace('zeros', 'rand')} [1.5]`);
    expectError(
      () => arange(0, 1, 0),
      OptionError,
      'arange: start, end and step must be finite and step not 0, got 0, 1, 0',
    );
  });

  it('draws by the seed, within bounds', () => {
    expect(randn([3], { seed: 1 }).toArray()).toEqual(randn([3], { seed: 1 }).toArray());
    setSeed(4);
    const once = [rand([2]), rand([2])].map((t) => t.toArray());
    setSeed(4);
    expect([rand([2]), rand([2])].map((t) => t.toArray())).toEqual(once);
    expect(once[0]).not.toEqual(once[1]);
    const random = new Random(3);
    expect(rand([2], { seed: random }).toArray()).not.toEqual(rand([2], { seed: random }).toArray());
    const u = uniform([10_000], 2, 5, { seed: 0, dtype: 'float64' }).toTypedArray();
    expect(u.every((v) => v >= 2 && v < 5)).toBe(true);
    expectClose(mean(tensor(u)).item(), 3.5, { rtol: 0.01 });
    const n = normal([10_000], 1, 2, { seed: 0, dtype: 'float64' });
    expectClose([mean(n).item(), mean(n.sub(1).pow(2)).item()], [1, 4], { rtol: 0.05 });
    const k = randint([1000], -1, 2, { seed: 0 });
    expect([k.dtype, [...new Set(k.toTypedArray())].sort()]).toEqual(['int32', [-1, 0, 1]]);
    expectClose(mean(bernoulli([10_000], 0.3, { seed: 0 })).item(), 0.3, { atol: 0.02 });
    expect([...randperm(5, { seed: 2 }).toTypedArray()].sort()).toEqual([0, 1, 2, 3, 4]);
    expectError(
      () => randint([1], 2, 2),
      OptionError,
      'randint: low and high must be integers with low < high, got 2 and 2',
    );
    expectError(() => bernoulli([1], 1.5), OptionError, 'bernoulli: p must be a number ≥ 0 and ≤ 1, got 1.5');
    expectError(() => normal([1], 0, -1), OptionError, 'normal: std must be a number ≥ 0, got -1');
    expectError(() => uniform([1], 2, 1), OptionError, 'uniform: high must be a number ≥ 2, got 1');
    expectError(
      () => rand([1], { seed: -1 }),
      OptionError,
      'rand: seed must be an integer from 0 to 2^53 - 1 or a Random, got -1',
    );
  });
});

describe('dtypes', () => {
  it.each(fixture.meets)('%s %j and %s %j meet in %s', (a, shapeA, b, shapeB, wanted) => {
    const [x, y] = [ones(shapeA, { dtype: a }), ones(shapeB, { dtype: b })];
    expect(add(x, y).dtype).toBe(wanted);
    expect(mul(x, y).dtype).toBe(wanted);
    expect(where(tensor([true, false]), x, y).dtype).toBe(wanted);
    expect(div(x, y).dtype).toBe(wanted.startsWith('float') ? wanted : 'float32');
    expect(less(x, y).dtype).toBe('bool');
  });

  it('take plain numbers as PyTorch does', () => {
    const [i, b, u] = [ones([2], { dtype: 'int32' }), tensor([true]), ones([2], { dtype: 'uint8' })];
    expect([i.add(1).dtype, i.add(0.5).dtype, b.add(1).dtype, u.mul(2).dtype]).toEqual([
      'int32',
      'float32',
      'int32',
      'uint8',
    ]);
    expect(ones([2], { dtype: 'float64' }).add(0.1).toArray()).toEqual([1.1, 1.1]);
    expect([sum(i).dtype, sum(b).dtype, sum(u).item()]).toEqual(['int32', 'int32', 2]);
    expect(
      full([2], 2 ** 30, { dtype: 'int32' })
        .add(full([2], 2 ** 30, { dtype: 'int32' }))
        .toArray(),
    ).toEqual([-(2 ** 31), -(2 ** 31)]);
  });

  it('are cast as PyTorch casts them', () => {
    const x = tensor(fixture.values, { dtype: 'float64' });
    for (const dtype of ['bool', 'int32', 'float32', 'float64'] as const) {
      expect(cast(x, dtype).toArray()).toEqual(fixture.casts[dtype]);
    }
    expect(cast(tensor([0, 255, 256, -1, 1000], { dtype: 'int32' }), 'uint8').toArray()).toEqual(
      fixture.casts['uint8 of int32'],
    );
    expect(cast(tensor([Number.NaN, 1 / 0]), 'int32').toArray()[0 as never]).toBe(0);
    expect(cast(tensor([Number.NaN]), 'bool').toArray()).toEqual([true]);
    expect(cast(x, 'float64')).toBe(x);
    expectError(
      () => cast(x, 'int64' as never),
      OptionError,
      "cast: dtype must be float32, float64, int32, uint8 or bool, got 'int64'",
    );
  });

  it('of gradients are those of their tensors', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = tensor([3, 4], { dtype: 'float64', requiresGrad: true });
    x.mul(y).sum().backward();
    expect([x.grad?.dtype, y.grad?.dtype]).toEqual(['float32', 'float64']);
    cast(x, 'float64').sum().backward();
    expectClose(x.grad, [4, 5]);
    expect(cast(x, 'int32').requiresGrad).toBe(false);
  });
});

describe('what does not fit is told', () => {
  const [a, b] = [zeros([2, 3]), zeros([2, 4])];

  it('by arithmetic', () => {
    expectError(() => add(a, b), ShapeError, 'add: a is [2, 3] but b is [2, 4]; lengths 3 and 4 do not broadcast');
    expectError(
      () => a.mul(zeros([3, 3])),
      ShapeError,
      'mul: a is [2, 3] but b is [3, 3]; lengths 2 and 3 do not broadcast',
    );
    expectError(() => equal(a, b), ShapeError, 'equal: a is [2, 3] but b is [2, 4]; lengths 3 and 4 do not broadcast');
    expectError(
      () => add(a, [1, 2, 3] as never),
      OptionError,
      'add: b must be a Tensor or a number; tensor(b) makes one of nested numbers',
    );
    expectError(
      () => sub(tensor([true]), tensor([false])),
      OptionError,
      'sub: booleans cannot be subtracted; use logicalXor, or cast one to int32',
    );
    expectError(() => neg(tensor([true])), OptionError, 'neg: x must not be bool; use logicalNot(x)');
    expectError(
      () => where(a, 1, 0),
      OptionError,
      'where: condition must be bool, got float32; compare it with something first',
    );
    expectError(
      () => mean(tensor([1], { dtype: 'int32' })),
      OptionError,
      "mean: x must be float32 or float64, got int32; cast(x, 'float32') converts it",
    );
  });

  it('by shapes', () => {
    expectError(
      () => reshape(a, [4, 2]),
      ShapeError,
      'reshape: a tensor of shape [2, 3] has 6 elements, but [4, 2] holds 8',
    );
    expectError(() => a.reshape(4, -1), ShapeError, 'reshape: a tensor of shape [2, 3] does not fit [4, -1]');
    expectError(() => a.reshape(-1, -1), ShapeError, 'reshape: a tensor of shape [2, 3] does not fit [-1, -1]');
    expectError(() => zeros([0]).reshape(0, -1), ShapeError, 'reshape: a tensor of shape [0] does not fit [0, -1]');
    expectError(
      () => broadcastTo(a, [3, 3]),
      ShapeError,
      'broadcastTo: a tensor of shape [2, 3] does not broadcast to [3, 3]',
    );
    expectError(() => transpose(a, [0]), OptionError, 'transpose: axes must name each of the 2 axes once, got [0]');
    expectError(() => a.transpose(0, 0), OptionError, 'transpose: axes must name each of the 2 axes once, got [0, 0]');
    expectError(() => sum(a, 2), OptionError, 'sum: axis must be an integer from -2 to 1, got 2');
    expectError(() => sum(a, [0, -2]), OptionError, 'sum: axis 0 is named twice');
    expectError(() => sum(tensor(1), 0), OptionError, 'sum: a scalar has no axes, got 0');
    expectError(() => a.item(), ShapeError, 'item: the tensor must have one element, got shape [2, 3]; use toArray()');
    expectError(() => assign(a, b), ShapeError, 'assign: target is [2, 3] but source is [2, 4]');
  });

  it('by products of matrices', () => {
    expectError(() => matmul(a, b), ShapeError, 'matmul: a is [2, 3] but b is [2, 4]; inner dimensions 3 and 2 differ');
    expectError(
      () => matmul(a, b, { transA: true, transB: true }),
      ShapeError,
      'matmul: a is [2, 3] but b is [2, 4] (a and b transposed); inner dimensions 2 and 4 differ',
    );
    expectError(
      () => matmul(zeros([2, 2, 3]), zeros([3, 3, 4])),
      ShapeError,
      'matmul: the leading axes: a is [2] but b is [3]; lengths 2 and 3 do not broadcast',
    );
    expectError(
      () => matmul(a, tensor(1)),
      ShapeError,
      'matmul: a is [2, 3] and b is [], but a scalar is no matrix; use mul',
    );
    expectError(
      () => matmul(a, [[1]] as never),
      OptionError,
      'matmul: b must be a Tensor; tensor(b) makes one of numbers',
    );
  });

  it('by what makes parameters', () => {
    expectError(
      () => parameter(tensor([1], { dtype: 'int32' })),
      OptionError,
      'parameter: t must be float32 or float64, got int32',
    );
    expect(buffer(tensor([1], { dtype: 'int32' })).dtype).toBe('int32');
    expectError(
      () => JSON.stringify(a),
      OptionError,
      'Tensor: a tensor is not saved by JSON.stringify; use encodeTensor(t), or saveSafetensors for files',
    );
    expect(JSON.stringify(encodeTensor(tensor([1])))).toBe('{"dtype":"float32","shape":[1],"data":"AACAPw=="}');
    expect(DataError.name).toBe('DataError');
  });
});

describe('reading out', () => {
  it('gives copies', () => {
    const x = tensor([[1, 2]]);
    (x.toTypedArray() as Float32Array)[0] = 9;
    (x.toArray() as number[][])[0]![0] = 9;
    expect(x.toArray()).toEqual([[1, 2]]);
    expect(tensor(true).toArray()).toBe(true);
    expect(tensor(true).item()).toBe(1);
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
    expect([x.ndim, x.size, isTensor(x), isTensor({ shape: [1] }), isTensor(null)]).toEqual([2, 2, true, false, false]);
  });
});

describe('empty tensors', () => {
  it('go through arithmetic, sums and products', () => {
    const x = zeros([0, 3]);
    expect(x.add(1).mul(x).shape).toEqual([0, 3]);
    expect(x.sum().item()).toBe(0);
    expect(x.sum(0).toArray()).toEqual([0, 0, 0]);
    expect(x.sum(1).shape).toEqual([0]);
    expect(x.transpose().shape).toEqual([3, 0]);
    expect(matmul(x, zeros([3, 2])).shape).toEqual([0, 2]);
    expect(matmul(zeros([2, 0]), zeros([0, 2])).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(Number.isNaN(mean(zeros([0])).item())).toBe(true);
    const leaf = tensor(zeros([0]), { requiresGrad: true });
    leaf.mul(2).sum().backward();
    expect(leaf.grad?.shape).toEqual([0]);
  });
});

describe('valueAndGrad', () => {
  it('gives the value and the gradient of each argument', () => {
    const f = valueAndGrad((a: Tensor, b: Tensor) => pow(a, 2).mul(b).sum());
    const [a, b] = [tensor([1, 2], { dtype: 'float64' }), tensor([3, 4], { dtype: 'float64' })];
    const { value, grads } = f(a, b);
    expect([value.item(), value.requiresGrad]).toEqual([19, false]);
    expectClose(grads, [
      [6, 16],
      [1, 4],
    ]);
    expect([a.requiresGrad, a.grad]).toEqual([false, null]);
    expectError(
      () => valueAndGrad((t: Tensor) => t)(a),
      ShapeError,
      'grad: a tensor of shape [2] is not a scalar; sum it, or pass the gradient of that shape',
    );
    expectError(
      () => grad([a.sum(), b.sum()], a, { gradOutputs: [tensor(1)] }),
      ShapeError,
      'grad: there are 2 outputs but 1 gradOutputs',
    );
  });
});
