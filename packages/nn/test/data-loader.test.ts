import { OptionError, ShapeError } from '@maru-ml/base';
import { arange, type Tensor, tensor } from '@maru-ml/tensor';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { DataLoader } from '../src/index.ts';

const x = arange(10).reshape(10, 1);

function order(loader: DataLoader<Tensor[]>): number[][] {
  return [...loader].map(([rows]) => [...rows!.toTypedArray()]);
}

describe('DataLoader', () => {
  it('hands out the examples in order, the last batch smaller', () => {
    const loader = new DataLoader([x], { batchSize: 4 });
    expect(loader.length).toBe(3);
    expect(order(loader)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  it('leaves the smaller batch out', () => {
    const loader = new DataLoader([x], { batchSize: 4, dropLast: true });
    expect(loader.length).toBe(2);
    expect(order(loader)).toHaveLength(2);
  });

  it('shuffles anew in each pass, the same for the same seed', () => {
    const loader = new DataLoader([x], { batchSize: 10, shuffle: true, seed: 3 });
    const again = new DataLoader([x], { batchSize: 10, shuffle: true, seed: 3 });
    const passes = [order(loader)[0]!, order(loader)[0]!];
    expect(passes[0]).not.toEqual(passes[1]);
    for (const pass of passes) expect([...pass].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([order(again)[0], order(again)[0]]).toEqual(passes);
  });

  it('keeps rows of several tensors together, with their dtypes', () => {
    const y = tensor(Array.from({ length: 10 }, (_, i) => i % 2 === 1));
    for (const [rows, labels] of new DataLoader([x, y], { batchSize: 3, shuffle: true, seed: 1 })) {
      expect(labels!.dtype).toBe('bool');
      expect(labels!.toArray()).toEqual([...rows!.toTypedArray()].map((v) => v % 2 === 1));
    }
  });

  it.each([0, 1, 3, 5])('goes on exactly after %i batches', (stop) => {
    const make = () => new DataLoader([x], { batchSize: 2, shuffle: true, seed: 9 });
    const whole = make();
    const expected = [...order(whole), ...order(whole)];
    const left = make();
    const seen: number[][] = [];
    for (const [rows] of left) {
      if (seen.length === stop) break;
      seen.push([...rows!.toTypedArray()]);
      if (seen.length === stop) break;
    }
    const state = JSON.parse(JSON.stringify(left.saveState()));
    if (stop === 0) state.batch = 0;
    const resumed = make();
    resumed.loadState(state);
    expect([...seen, ...order(resumed), ...order(resumed)]).toEqual(expected);
  });

  it('takes data sets of its own kind', () => {
    const squares = { length: 5, batch: (indices: Int32Array) => [...indices].map((i) => i * i) };
    expect([...new DataLoader(squares, { batchSize: 2 })]).toEqual([[0, 1], [4, 9], [16]]);
  });

  it('says what does not fit', () => {
    expectError(() => new DataLoader([]), OptionError, 'DataLoader: there are no tensors to take batches from');
    expectError(
      () => new DataLoader(x as never, arange(10) as never),
      OptionError,
      'DataLoader: data must be an array of tensors or a data set, got a Tensor; wrap it as [x], and with targets as [x, y]',
    );
    expectError(
      () => new DataLoader([x, arange(9)]),
      ShapeError,
      'DataLoader: data[0] has 10 examples but data[1] has 9',
    );
    expectError(
      () => new DataLoader([[[1, 2]], [0]] as never),
      OptionError,
      'DataLoader: data[0] must be a Tensor, got [[…]]; tensor(...) makes one of numbers',
    );
    expectError(
      () => new DataLoader([tensor(1)]),
      OptionError,
      'DataLoader: data[0] must have a first axis of examples',
    );
    expectError(
      () => new DataLoader([x], { batchSize: 0 }),
      OptionError,
      'DataLoader: batchSize must be an integer ≥ 1, got 0',
    );
  });
});
