import { readFileSync } from 'node:fs';
import { OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as api from '../src/index.ts';
import {
  allClose,
  arange,
  argsort,
  assign,
  chunk,
  clone,
  concat,
  diag,
  diagonal,
  flatten,
  flip,
  gather,
  grad,
  index,
  indexPut,
  indexSelect,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  maskedSelect,
  meshgrid,
  nonzero,
  oneHot,
  ones,
  pad,
  randn,
  repeatInterleave,
  roll,
  type SliceRange,
  scatter,
  scatterAdd,
  searchsorted,
  shuffle,
  slice,
  sliceScatter,
  sort,
  split,
  squeeze,
  stack,
  type Tensor,
  tensor,
  tile,
  topk,
  tril,
  triu,
  unbind,
  unique,
  unsqueeze,
  zeros,
} from '../src/index.ts';

const int = (data: number[] | number[][]) => tensor(data, { dtype: 'int32' });
const leaf = (data: number[] | number[][]) => tensor(data, { dtype: 'float64', requiresGrad: true });

interface Stored {
  shape: number[];
  values: (number | string | boolean)[];
}

interface Fixture {
  name: keyof typeof api;
  inputs: string[];
  args: unknown[];
  results: Stored[];
  grads: Stored[];
}

const fixtures: { inputs: Record<string, Stored>; cases: Fixture[] } = JSON.parse(
  readFileSync(new URL('fixtures/moving.json', import.meta.url), 'utf8'),
);

const numbers = ({ values }: Stored) =>
  values.map((value) => (typeof value === 'string' ? Number(value.replace('inf', 'Infinity')) : Number(value)));

/** Calls an operation as its fixture says, and gives its results in the order of PyTorch's. */
function call({ name, args }: Fixture, inputs: Tensor[]): Tensor[] {
  const f = new Map(Object.entries(api)).get(name) as unknown as (
    ...args: unknown[]
  ) => Tensor | Tensor[] | api.Sorted | api.Unique;
  const [x, ...others] = inputs;
  switch (name) {
    case 'gather':
    case 'scatter':
    case 'scatterAdd':
      return [f(x, args[0], int(args[1] as number[][]), ...others) as Tensor];
    case 'indexSelect':
      return [f(x, args[0], int(args[1] as number[])) as Tensor];
    case 'index':
      return [f(x, (args[0] as number[][]).map(int)) as Tensor];
    case 'nonzero':
      return [nonzero(api.greater(x!, 0))];
  }
  const result = f(...inputs, ...args);
  if (Array.isArray(result)) return result;
  if ('counts' in result) return [result.values, result.inverse, result.counts];
  if ('indices' in result) return [result.values, result.indices];
  return [result];
}

describe('what PyTorch gives', () => {
  const title = ({ name, inputs, args }: Fixture) =>
    `${name}(${[...inputs, ...args.map((a) => JSON.stringify(a))].join(', ')})`;

  it.each(fixtures.cases.map((c) => [title(c), c] as const))('%s', (_, fixture) => {
    const inputs = fixture.inputs.map((name) => {
      const stored = fixtures.inputs[name]!;
      return tensor(tensor(numbers(stored), { dtype: 'float64' }).reshape(stored.shape), { requiresGrad: true });
    });
    const results = call(fixture, inputs);
    const wanted = fixture.results;
    expect(results.slice(0, wanted.length).map((t) => t.shape)).toEqual(wanted.map(({ shape }) => shape));
    for (const [i, stored] of wanted.entries()) {
      expectClose(results[i]!.toTypedArray(), numbers(stored), { rtol: 0, name: `result ${i}` });
    }
    if (fixture.grads.length === 0) return;
    const weighted = results
      .filter((t) => t.dtype === 'float64')
      .map((t) => t.mul(tensor(arange(t.size).reshape(t.shape), { dtype: 'float64' }).div(10).add(1)).sum());
    const gradients = grad(
      weighted.reduce((a, b) => a.add(b)),
      inputs,
    );
    for (const [i, stored] of fixture.grads.entries()) {
      expectClose(gradients[i]!.toTypedArray(), numbers(stored), { rtol: 1e-14, atol: 1e-14, name: `gradient ${i}` });
    }
  });
});

describe('slice', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  it('shares the elements where they follow each other, and copies them elsewhere', () => {
    const shares = (ranges: SliceRange[]) => slice(x, ranges).storage === x.storage;
    expect([shares([1]), shares([[0, 1]]), shares([1, [1, 3]]), shares([0, 2]), shares([])]).toEqual(
      new Array(5).fill(true),
    );
    expect([shares([null, 1]), shares([null, [0, 2]]), shares([[null, null, -1]])]).toEqual([false, false, false]);
    const base = zeros([3, 2]);
    assign(slice(base, [1]), tensor([7, 8]));
    expect(base.toArray()).toEqual([
      [0, 0],
      [7, 8],
      [0, 0],
    ]);
    const copied = clone(slice(base, [1]));
    assign(copied, tensor([0, 0]));
    expect(base.toArray()[1 as never]).toEqual([7, 8]);
  });

  it('keeps every dtype', () => {
    for (const dtype of ['bool', 'uint8', 'int32', 'float32', 'float64'] as const) {
      const t = tensor([[1, 0, 1]], { dtype });
      expect(slice(t, [null, [0, 3, 2]]).dtype).toBe(dtype);
      expect(slice(t, [null, [0, 3, 2]]).toArray()).toEqual(dtype === 'bool' ? [[true, true]] : [[1, 1]]);
    }
  });

  it('may be empty', () => {
    expect(slice(x, [[2, 1]]).shape).toEqual([0, 3]);
    expect(slice(x, [null, [9, 20]]).shape).toEqual([2, 0]);
    expect(slice(zeros([0, 4]), [null, 1]).shape).toEqual([0]);
    expectClose(grad(slice(leaf([1, 2]), [[2, 2]]).sum(), leaf([1]), { allowUnused: true }), [0]);
  });

  it('replaces a part of a copy', () => {
    expect(sliceScatter(x, [null, 1], tensor([8, 9])).toArray()).toEqual([
      [1, 8, 3],
      [4, 9, 6],
    ]);
    expect(sliceScatter(x, [[0, 1]], 0).toArray()).toEqual([
      [0, 0, 0],
      [4, 5, 6],
    ]);
    expect(sliceScatter(int([1, 2]), [0], 2.9).toArray()).toEqual([2, 2]);
    expect(x.toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const [a, b] = [leaf([1, 2, 3]), leaf([5])];
    sliceScatter(a, [[0, 2]], b)
      .mul(tensor([1, 10, 100]))
      .sum()
      .backward();
    expectClose(a.grad, [0, 0, 100]);
    expectClose(b.grad, [11]);
  });

  it('says what is wrong', () => {
    expectError(() => slice(x, [2]), OptionError, 'slice: index 2 is outside axis 0 of length 2');
    expectError(() => slice(x, [null, -4]), OptionError, 'slice: index -4 is outside axis 1 of length 3');
    expectError(() => slice(x, [0.5]), OptionError, 'slice: index 0.5 is outside axis 0 of length 2');
    expectError(() => slice(x, [0, 0, 0]), ShapeError, 'slice: there are 3 ranges, but the tensor is [2, 3]');
    const range =
      'slice: the range of axis 0 must be an index, null or [start, stop, step] with integers and step ≠ 0, got';
    expectError(() => slice(x, [[0, 2, 0]]), OptionError, `${range} [0, 2, 0]`);
    expectError(() => slice(x, [[0.5, 2]]), OptionError, `${range} [0.5, 2]`);
    expectError(() => slice(x, ['0:2' as never]), OptionError, `${range} '0:2'`);
    expectError(
      () => slice(x, 0 as never),
      OptionError,
      'slice: ranges must be an array with an entry for each axis, got 0',
    );
    expectError(
      () => slice([1] as never, [0]),
      OptionError,
      'slice: x must be a Tensor; tensor(x) makes one of numbers',
    );
    expectError(
      () => sliceScatter(x, [0], tensor([1, 2])),
      ShapeError,
      'broadcastTo: a tensor of shape [2] does not broadcast to [3]',
    );
  });
});

describe('joining and splitting', () => {
  it('undo each other', () => {
    const x = randn([4, 5, 3], { seed: 0 });
    for (const axis of [0, 1, 2, -1]) {
      expect(concat(split(x, 2, axis), axis).toArray()).toEqual(x.toArray());
      expect(concat(chunk(x, 3, axis), axis).toArray()).toEqual(x.toArray());
      expect(stack(unbind(x, axis), axis).toArray()).toEqual(x.toArray());
    }
    expect(concat([x], 1).toArray()).toEqual(x.toArray());
    expect(split(x, [0, 4]).map((t) => t.shape)).toEqual([
      [0, 5, 3],
      [4, 5, 3],
    ]);
  });

  it('meet in a common dtype', () => {
    const joined = concat([int([1]), tensor([2.5]), tensor([true])]);
    expect(joined.dtype).toBe('float32');
    expect(joined.toArray()).toEqual([1, 2.5, 1]);
    const [a, b] = [leaf([1]), tensor([2], { requiresGrad: true })];
    concat([a, b])
      .mul(tensor([2, 3]))
      .sum()
      .backward();
    expect([a.grad?.dtype, b.grad?.dtype]).toEqual(['float64', 'float32']);
    expectClose(b.grad, [3]);
  });

  it('say what does not fit', () => {
    const [a, b] = [zeros([2, 3]), zeros([2, 4])];
    expect(concat([a, b], 1).shape).toEqual([2, 7]);
    expectError(
      () => concat([a, b]),
      ShapeError,
      'concat: tensors[0] is [2, 3] but tensors[1] is [2, 4]; they may differ only along axis 0',
    );
    expectError(
      () => concat([a, zeros([2])], 1),
      ShapeError,
      'concat: tensors[0] is [2, 3] but tensors[1] is [2]; they may differ only along axis 1',
    );
    expectError(
      () => stack([a, b]),
      ShapeError,
      'stack: tensors[0] is [2, 3] but tensors[1] is [2, 4]; all must have one shape',
    );
    expectError(() => concat([]), OptionError, 'concat: tensors must be an array of at least one tensor');
    expectError(() => stack(a as never), OptionError, 'stack: tensors must be an array of at least one tensor');
    expectError(
      () => concat([a, [1] as never]),
      OptionError,
      'concat: tensors[1] must be a Tensor; tensor(tensors[1]) makes one of numbers',
    );
    expectError(() => concat([tensor(1), tensor(2)]), OptionError, 'concat: a scalar has no axes, got 0');
    expectError(() => split(a, 0), OptionError, 'split: size must be an integer ≥ 1, got 0');
    expectError(() => split(a, [1, 3], 1), ShapeError, 'split: the sizes [1, 3] sum to 4, but axis 1 has length 3');
    expectError(() => split(a, [4, -1], 1), OptionError, 'split: size[1] must be an integer ≥ 0, got -1');
    expectError(() => chunk(a, 0), OptionError, 'chunk: count must be an integer ≥ 1, got 0');
    expectError(() => unbind(a, 2), OptionError, 'unbind: axis must be an integer from -2 to 1, got 2');
  });
});

describe('reshaping', () => {
  it('adds and takes axes', () => {
    const x = zeros([2, 1, 3, 1]);
    expect(unsqueeze(x, 0).shape).toEqual([1, 2, 1, 3, 1]);
    expect(unsqueeze(x, -1).shape).toEqual([2, 1, 3, 1, 1]);
    expect(squeeze(x).shape).toEqual([2, 3]);
    expect(squeeze(x, 1).shape).toEqual([2, 3, 1]);
    expect(squeeze(x, [1, -1]).shape).toEqual([2, 3]);
    expect(flatten(x).shape).toEqual([6]);
    expect(flatten(x, 1, 2).shape).toEqual([2, 3, 1]);
    expect(flatten(tensor(1)).shape).toEqual([1]);
    expect(squeeze(x).storage).toBe(x.storage);
    expectError(
      () => squeeze(x, 0),
      ShapeError,
      'squeeze: axis 0 of a tensor of shape [2, 1, 3, 1] has length 2, not 1',
    );
    expectError(() => flatten(x, 2, 1), OptionError, 'flatten: startAxis 2 lies after endAxis 1');
    expectError(() => unsqueeze(x, 5), OptionError, 'unsqueeze: axis must be an integer from -5 to 4, got 5');
  });
});

describe('selecting by index', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);

  it('takes lists, typed arrays and tensors of integers', () => {
    for (const indices of [[2, 0], Int32Array.of(2, 0), int([2, 0]), tensor([2, 0], { dtype: 'uint8' })]) {
      expect(indexSelect(x, 0, indices).toArray()).toEqual([
        [5, 6],
        [1, 2],
      ]);
    }
    expect(indexSelect(x, 0, tensor(1, { dtype: 'int32' })).toArray()).toEqual([3, 4]);
    expect(indexSelect(x, 1, []).shape).toEqual([3, 0]);
    expect(index(x, [[], []]).shape).toEqual([0]);
  });

  it('puts values into a copy, the last of equal places holding', () => {
    expect(
      indexPut(
        x,
        [
          [0, 0],
          [1, 1],
        ],
        tensor([8, 9]),
      ).toArray(),
    ).toEqual([
      [1, 9],
      [3, 4],
      [5, 6],
    ]);
    expect(
      indexPut(
        x,
        [
          [0, 0],
          [1, 1],
        ],
        tensor([8, 9]),
        { accumulate: true },
      ).toArray(),
    ).toEqual([
      [1, 19],
      [3, 4],
      [5, 6],
    ]);
    expect(indexPut(x, [[-1]], 0).toArray()[2 as never]).toEqual([0, 0]);
    const [a, v] = [leaf([1, 2, 3]), leaf([5, 6, 7])];
    const weights = tensor([1, 10, 100]);
    indexPut(a, [[2, 0, 2]], v)
      .mul(weights)
      .sum()
      .backward();
    expectClose(a.grad, [0, 10, 0]);
    expectClose(v.grad, [0, 1, 100]);
    const scattered = scatter(a, 0, int([1, 1]), leaf([5, 6]));
    expect(scattered.toArray()).toEqual([1, 6, 3]);
  });

  it('scatters numbers too', () => {
    expect(scatter(zeros([2, 3]), 1, int([[1], [2]]), 1).toArray()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(scatterAdd(int([1, 1]), 0, int([0, 0]), 2).toArray()).toEqual([5, 1]);
  });

  it('is not disturbed by a change of the indices', () => {
    const [v, places] = [leaf([1, 2, 3]), int([0, 2])];
    const y = index(v, [places]);
    assign(places, int([1, 1]));
    y.sum().backward();
    expectClose(v.grad, [1, 0, 1]);
  });

  it('selects by a mask', () => {
    expect(maskedSelect(x, api.greater(x, 2.5)).toArray()).toEqual([3, 4, 5, 6]);
    expect(maskedSelect(x, tensor([true, false, true])).toArray()).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(maskedSelect(x, tensor([false, false, false])).shape).toEqual([0, 2]);
    expect(
      nonzero(
        tensor([
          [0, 2],
          [3, 0],
        ]),
      ).toArray(),
    ).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(nonzero(tensor(0)).shape).toEqual([0, 0]);
    expect(nonzero(tensor(5)).shape).toEqual([1, 0]);
  });

  it('makes rows of zeros with a one', () => {
    expect(oneHot([1, 0], 3).toArray()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(oneHot(int([[2], [0]]), 3, { dtype: 'bool' }).toArray()).toEqual([
      [[false, false, true]],
      [[true, false, false]],
    ]);
    expect(oneHot([], 3).shape).toEqual([0, 3]);
    expectError(() => oneHot([0, 3], 3), OptionError, 'oneHot: classes[1] is 3; with 3 classes it must be from 0 to 2');
    expectError(() => oneHot([0], 0), OptionError, 'oneHot: numClasses must be an integer ≥ 1, got 0');
  });

  it('says what is wrong', () => {
    expectError(
      () => indexSelect(x, 0, [0, 3]),
      OptionError,
      'indexSelect: indices[1] is 3, outside axis 0 of length 3',
    );
    expectError(
      () => indexSelect(x, 1, int([[0], [-1]])),
      OptionError,
      'indexSelect: indices[1, 0] is -1, outside axis 1 of length 2',
    );
    expectError(
      () => indexSelect(x, 0, tensor([0, 1])),
      OptionError,
      "indexSelect: indices must be int32 or uint8, got float32; cast(indices, 'int32') converts it",
    );
    expectError(
      () => index(x, [tensor([true, false, true])]),
      OptionError,
      'index: indices[0] must be int32 or uint8, got bool; maskedSelect(x, mask) takes booleans',
    );
    expectError(
      () => indexSelect(x, 0, [0.5]),
      OptionError,
      'indexSelect: indices must be an int32 tensor or a list of integers',
    );
    expectError(
      () => indexSelect(x, 0, 1 as never),
      OptionError,
      'indexSelect: indices must be an int32 tensor or a list of integers',
    );
    expectError(
      () => gather(x, 0, int([0, 1])),
      ShapeError,
      'gather: index is [2] but x is [3, 2]; it must have as many axes, none longer but axis 0',
    );
    expectError(
      () => gather(x, 0, int([[0, 1, 1]])),
      ShapeError,
      'gather: index is [1, 3] but x is [3, 2]; it must have as many axes, none longer but axis 0',
    );
    expectError(() => gather(x, 1, int([[0, 2]])), OptionError, 'gather: index[0, 1] is 2, outside axis 1 of length 2');
    expectError(
      () => scatter(x, 0, int([[0, 1]]), zeros([2, 2])),
      ShapeError,
      'scatter: source is [2, 2] but index is [1, 2]; they must agree',
    );
    expectError(() => index(x, [[0, 3]]), OptionError, 'index: indices[0][1] is 3, outside axis 0 of length 3');
    expectError(() => index(x, [[0], [0], [0]]), ShapeError, 'index: there are 3 index arrays, but x is [3, 2]');
    expectError(
      () =>
        index(x, [
          [0, 1],
          [0, 1, 1],
        ]),
      ShapeError,
      'index: a is [2] but b is [3]; lengths 2 and 3 do not broadcast',
    );
    expectError(
      () => index(x, []),
      OptionError,
      'index: indices must be an array with a list or tensor of integers for each of the first axes',
    );
    expectError(
      () => maskedSelect(x, tensor([true, false])),
      ShapeError,
      'maskedSelect: mask is [2] but x is [3, 2]; it must cover the first axes of x',
    );
    expectError(
      () => maskedSelect(x, int([1, 0, 1])),
      OptionError,
      'maskedSelect: mask must be bool, got int32; index(x, [i]) takes integers',
    );
  });
});

describe('padding and repeating', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);

  it('pads the last axes, in any dtype', () => {
    expect(pad(int([1, 2]), [[1, 0]], { value: 9 }).toArray()).toEqual([9, 1, 2]);
    expect(pad(tensor([true]), [[1, 1]]).toArray()).toEqual([false, true, false]);
    expect(pad(x, []).toArray()).toEqual(x.toArray());
    expect(pad(zeros([0]), [[1, 1]]).toArray()).toEqual([0, 0]);
  });

  it('says what is wrong', () => {
    const pairs = 'pad: padding must be an array of pairs [before, after], got';
    expectError(() => pad(x, [1, 1] as never), OptionError, `${pairs} [1, 1]`);
    expectError(
      () =>
        pad(x, [
          [1, 1],
          [0, 0],
          [0, 0],
        ]),
      ShapeError,
      'pad: there are 3 pairs, but x is [2, 2]',
    );
    expectError(() => pad(x, [[-1, 0]]), OptionError, 'pad: padding[0][0] must be an integer ≥ 0, got -1');
    expectError(
      () => pad(x, [[0, 2]], { mode: 'reflect' }),
      ShapeError,
      'pad: axis 1 has length 2 and [0, 2] is to be added; at most 1 places can be mirrored',
    );
    expectError(
      () => pad(zeros([0]), [[1, 0]], { mode: 'replicate' }),
      ShapeError,
      'pad: axis 0 has length 0 and [1, 0] is to be added; an empty axis cannot be padded this way',
    );
    expectError(
      () => pad(x, [[1, 1]], { mode: 'circular' as never }),
      OptionError,
      "pad: mode must be 'constant', 'reflect' or 'replicate', got 'circular'",
    );
    expectError(() => tile(x, [1, -1]), OptionError, 'tile: repeats[1] must be an integer ≥ 0, got -1');
    expectError(() => repeatInterleave(x, 0.5), OptionError, 'repeatInterleave: times must be an integer ≥ 0, got 0.5');
    expectError(() => tril(zeros([2])), ShapeError, 'tril: x must have at least two axes, got shape [2]');
    expectError(() => triu(x, 0.5), OptionError, 'triu: diagonal must be an integer, got 0.5');
    expectError(() => diagonal(x, 0, 1, -1), ShapeError, 'diagonal: axis1 and axis2 must differ, both are 1');
    expectError(() => diag(zeros([1, 1, 1])), ShapeError, 'diag: x must be a vector or a matrix, got shape [1, 1, 1]');
    expectError(() => roll(x, [1, 2]), OptionError, 'roll: several shifts need an axis for each');
    expectError(() => roll(x, [1, 2], 0), ShapeError, 'roll: there are 2 shifts but 1 axes');
  });

  it('repeats nothing at all where asked', () => {
    expect(tile(x, [0, 1]).shape).toEqual([0, 2]);
    expect(repeatInterleave(x, 0, 1).shape).toEqual([2, 0]);
    expect(roll(zeros([0, 2]), 3, 0).shape).toEqual([0, 2]);
  });

  it('keeps what a triangle leaves out at zero, NaN too', () => {
    expect(
      tril(
        tensor([
          [1, Number.NaN],
          [3, 4],
        ]),
      ).toArray(),
    ).toEqual([
      [1, 0],
      [3, 4],
    ]);
    expect(diagonal(zeros([2, 2]), 5).shape).toEqual([0]);
    expect(diag(zeros([0]), 2).shape).toEqual([2, 2]);
    expect(diag(diag(tensor([1, 2, 3]), -2), -2).toArray()).toEqual([1, 2, 3]);
  });

  it('makes the coordinates of a grid', () => {
    const [a, b] = meshgrid([int([1, 2]), int([3, 4, 5])]);
    expect([a?.toArray(), b?.toArray()]).toEqual([
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      [
        [3, 4, 5],
        [3, 4, 5],
      ],
    ]);
    const [p, q] = meshgrid([int([1, 2]), int([3, 4, 5])], { indexing: 'xy' });
    expect([p?.toArray(), q?.toArray()]).toEqual([
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [
        [3, 3],
        [4, 4],
        [5, 5],
      ],
    ]);
    expectError(
      () => meshgrid([zeros([1, 2])]),
      ShapeError,
      'meshgrid: vectors[0] must have one axis, got shape [1, 2]',
    );
    expectError(() => meshgrid([]), OptionError, 'meshgrid: vectors must be an array of at least one vector');
  });

  it('shuffles by the seed', () => {
    const rows = arange(10).reshape(10, 1);
    const once = shuffle(rows, { seed: 3 });
    expect(once.toArray()).toEqual(shuffle(rows, { seed: 3 }).toArray());
    expect(once.toArray()).not.toEqual(rows.toArray());
    expect(sort(once, 0).values.toArray()).toEqual(rows.toArray());
    expect(shuffle(rows.transpose(), { axis: -1, seed: 3 }).toArray()).toEqual(once.transpose().toArray());
    expect(flip(flip(rows)).toArray()).toEqual(rows.toArray());
  });
});

describe('sorting', () => {
  it('is stable, in every dtype', () => {
    const { values, indices } = sort(int([2, 1, 2, 1]), 0);
    expect([values.toArray(), indices.toArray()]).toEqual([
      [1, 1, 2, 2],
      [1, 3, 0, 2],
    ]);
    expect(values.dtype).toBe('int32');
    expect(sort(int([2, 1, 2, 1]), 0, { descending: true }).indices.toArray()).toEqual([0, 2, 1, 3]);
    expect(sort(tensor([true, false])).values.toArray()).toEqual([false, true]);
    expect(sort(tensor(3)).values.shape).toEqual([]);
    expect(sort(zeros([0, 2]), 0).values.shape).toEqual([0, 2]);
  });

  it('agrees with the sort of the language', () => {
    for (const n of [1, 2, 7, 100, 1000]) {
      const x = randn([n], { seed: n, dtype: 'float64' });
      const wanted = (x.toTypedArray() as Float64Array).sort();
      expect(sort(x).values.toTypedArray()).toEqual(wanted);
      expect(index(x, [argsort(x)]).toTypedArray()).toEqual(wanted);
      const descending = wanted.slice().reverse();
      expect(topk(x, n).values.toTypedArray()).toEqual(descending);
      const k = Math.min(n, 10);
      expect(topk(x, k).values.toTypedArray()).toEqual(descending.slice(0, k));
      expect(topk(x, k).indices.toArray()).toEqual(slice(argsort(x, 0, { descending: true }), [[0, k]]).toArray());
      expect(topk(x, k, 0, { largest: false }).values.toTypedArray()).toEqual(wanted.slice(0, k));
    }
  });

  it('says what is wrong', () => {
    const holes = tensor([1, Number.NaN, 2, 2, Number.NaN, 0]);
    expect(topk(holes, 3).indices.toArray()).toEqual([1, 4, 2]);
    expect(topk(holes, 5, 0, { largest: false }).indices.toArray()).toEqual([5, 0, 2, 3, 1]);
    expect(topk(holes, 0).values.shape).toEqual([0]);
    expectError(() => topk(zeros([3]), 4), OptionError, 'topk: k must be an integer ≥ 0 and ≤ 3, got 4');
    expectError(() => sort(zeros([3]), 1), OptionError, 'sort: axis must be an integer from -1 to 0, got 1');
    expectError(
      () => searchsorted(tensor([1, 3, 2]), 1),
      OptionError,
      'searchsorted: sorted must ascend, but element 2 is less than the one before it',
    );
    expectError(
      () => searchsorted(zeros([1, 1]), 1),
      ShapeError,
      'searchsorted: sorted must have one axis, got shape [1, 1]',
    );
  });

  it('finds different elements', () => {
    const { values, inverse, counts } = unique(
      tensor([
        [3, 1],
        [3, Number.NaN],
      ]),
    );
    expect(values.toArray()).toEqual([1, 3, Number.NaN]);
    expect(inverse.toArray()).toEqual([
      [1, 0],
      [1, 2],
    ]);
    expect(counts.toArray()).toEqual([1, 2, 1]);
    expect(unique(tensor([Number.NaN, Number.NaN])).counts.toArray()).toEqual([1, 1]);
    expect(unique(zeros([0])).values.shape).toEqual([0]);
    expect(searchsorted(tensor([1, 2, Number.NaN]), tensor([2, Number.NaN])).toArray()).toEqual([1, 2]);
    expect(searchsorted(tensor([1, 2]), 1.5).item()).toBe(1);
  });
});

describe('logic', () => {
  const a = tensor([0, 2, Number.NaN]);
  it('counts what is not 0 as true', () => {
    expect(logicalAnd(a, tensor([1, 1, 0])).toArray()).toEqual([false, true, false]);
    expect(logicalOr(a, 0).toArray()).toEqual([false, true, true]);
    expect(logicalXor(a, tensor([[1], [0]])).toArray()).toEqual([
      [true, false, false],
      [false, true, true],
    ]);
    expect(logicalNot(tensor([true, false])).toArray()).toEqual([false, true]);
    expect(api.isNaN(int([1])).toArray()).toEqual([false]);
    expect(api.isFinite(tensor([true])).toArray()).toEqual([true]);
    expect(api.isFinite(tensor([1, 1 / 0, -1 / 0, Number.NaN])).toArray()).toEqual([true, false, false, false]);
  });

  it('compares with a tolerance', () => {
    const [x, inf] = [tensor([1, 2], { dtype: 'float64' }), Number.POSITIVE_INFINITY];
    expect(allClose(x, tensor([1, 2 + 1e-5], { dtype: 'float64' }))).toBe(true);
    expect(allClose(x, tensor([1, 2 + 3e-5], { dtype: 'float64' }))).toBe(false);
    expect(allClose(x, tensor([1, 2 + 3e-5], { dtype: 'float64' }), { rtol: 0, atol: 1e-4 })).toBe(true);
    expect(allClose(ones([2, 2]), 1)).toBe(true);
    expect([allClose(inf, inf), allClose(inf, -inf), allClose(1, inf)]).toEqual([true, false, false]);
    expect(allClose(Number.NaN, Number.NaN)).toBe(false);
    expect(allClose(tensor([Number.NaN]), tensor([Number.NaN]), { equalNaN: true })).toBe(true);
    expectError(
      () => allClose(x, zeros([3])),
      ShapeError,
      'allClose: a is [2] but b is [3]; lengths 2 and 3 do not broadcast',
    );
  });
});
