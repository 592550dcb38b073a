import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { isSparse, Table, tensor, toDense, toSparse } from '@maru-ml/tensor';
import { expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as splitters from '../src/index.ts';
import {
  GroupKFold,
  GroupShuffleSplit,
  KFold,
  LeaveOneGroupOut,
  LeaveOneOut,
  LeavePOut,
  RepeatedKFold,
  RepeatedStratifiedKFold,
  ShuffleSplit,
  type Split,
  type Splitter,
  StratifiedGroupKFold,
  StratifiedKFold,
  StratifiedShuffleSplit,
  selectRows,
  TimeSeriesSplit,
  trainTestSplit,
  trainValidationTestSplit,
} from '../src/index.ts';

const plain = (splits: Iterable<Split>) =>
  [...splits].map(({ train, test }) => ({ train: [...train], test: [...test] }));
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const ascending = (...lists: ArrayLike<number>[]) => lists.flatMap((list) => Array.from(list)).sort((a, b) => a - b);

describe('splits, worked by hand', () => {
  it('C7: 7 : 3 of ten rows and 5 : 3 : 2 of a hundred', () => {
    const two = trainTestSplit(range(10).map((i) => [i]), range(10), { testSize: 0.3, seed: 0 }); // biome-ignore format: a line
    expect([two.xTrain.length, two.xTest.length]).toEqual([7, 3]);
    expect(two.yTest).toEqual(two.xTest.map(([value]) => value));
    const three = trainValidationTestSplit(range(100).map((i) => [i]), range(100), { ratio: [5, 3, 2], seed: 0 }); // biome-ignore format: a line
    expect([three.train.length, three.validation.length, three.test.length]).toEqual([50, 30, 20]);
    expect(ascending(three.train, three.validation, three.test)).toEqual(range(100));
    expect(three.yValidation).toEqual([...three.validation]);
  });

  it('folds of seven rows: the first have one more', () => {
    expect(plain(new KFold({ nSplits: 3 }).split(7)).map(({ test }) => test)).toEqual([[0, 1, 2], [3, 4], [5, 6]]); // biome-ignore format: folds
  });
});

interface Case {
  name: string;
  options: object;
  n: number;
  y: number[] | null;
  groups: number[] | null;
  splits: { train: number[]; test: number[] }[];
}

describe('splits, as scikit-learn', () => {
  const { cases, sizes, usual, unshuffled, strata } = JSON.parse(
    readFileSync(new URL('./fixtures/splits.json', import.meta.url), 'utf8'),
  ) as {
    cases: Case[];
    sizes: { n: number; testSize: number | null; trainSize: number | null; train: number; test: number }[];
    usual: { n: number; train: number; test: number };
    unshuffled: { train: number[]; test: number[] };
    strata: { y: number[]; testSize: number; train: number[]; test: number[] }[];
  };

  for (const [i, { name, options, n, y, groups, splits }] of cases.entries()) {
    it(`${name} (${i})`, () => {
      const Class = (splitters as unknown as Record<string, new (options: object) => Splitter>)[name]!;
      const splitter = new Class(options);
      expect(plain(splitter.split(n, y, groups))).toEqual(splits);
      // The rows themselves, in any form, are as good as their number.
      const rows = range(n).map((value) => [value]);
      expect(plain(splitter.split(rows, y, groups))).toEqual(splits);
      expect(plain(splitter.split(tensor(rows), y, groups))).toEqual(splits);
      expect(plain(splitter.split({ a: Float64Array.from(range(n)) }, y, groups))).toEqual(splits);
    });
  }

  it('the sizes of parts', () => {
    for (const { n, testSize, trainSize, train, test } of sizes) {
      const options = { ...(testSize !== null && { testSize }), ...(trainSize !== null && { trainSize }) };
      const [split] = new ShuffleSplit({ nSplits: 1, ...options, seed: 1 }).split(n);
      expect([split!.train.length, split!.test.length]).toEqual([train, test]);
    }
    const parts = trainTestSplit(range(usual.n).map(String), undefined, { seed: 0 });
    expect([parts.train.length, parts.test.length]).toEqual([usual.train, usual.test]);
    const first = trainTestSplit(range(11).map(String), undefined, { testSize: 0.3, trainSize: 0.5, shuffle: false });
    expect({ train: [...first.train], test: [...first.test] }).toEqual(unshuffled);
  });

  it('the classes in stratified parts', () => {
    for (const { y, testSize, train, test } of strata) {
      const [split] = new StratifiedShuffleSplit({ nSplits: 1, testSize, seed: 3 }).split(y.length, y);
      const counts = (rows: Int32Array) => [0, 1, 2].map((label) => [...rows].filter((row) => y[row] === label).length);
      expect([counts(split!.train), counts(split!.test)]).toEqual([train, test]);
    }
  });
});

describe('splits, laws', () => {
  const problem = fc.record({
    n: fc.integer({ min: 6, max: 60 }),
    nSplits: fc.integer({ min: 2, max: 5 }),
    seed: fc.nat(2 ** 31),
    kinds: fc.integer({ min: 1, max: 4 }),
  });

  it('folds test every row once and fit with all others; a seed repeats them, and split by split they go on', () => {
    fc.assert(
      fc.property(problem, ({ n, nSplits, seed, kinds }) => {
        const random = new Random(seed);
        const y = range(n).map((i) => (i < kinds * nSplits ? i % kinds : random.integer(kinds)));
        const groups = range(n).map((i) => (i < 6 ? i : random.integer(6)));
        fc.pre(n >= kinds * nSplits);
        const all: Splitter[] = [
          new KFold({ nSplits, shuffle: true, seed }),
          new StratifiedKFold({ nSplits, shuffle: true, seed }),
          new GroupKFold({ nSplits }),
          new StratifiedGroupKFold({ nSplits, shuffle: true, seed }),
          new LeaveOneOut(),
        ];
        for (const splitter of all) {
          const splits = plain(splitter.split(n, y, groups));
          expect(ascending(...splits.map(({ test }) => test))).toEqual(range(n));
          for (const { train, test } of splits) expect(ascending(train, test)).toEqual(range(n));
          expect(plain(splitter.split(n, y, groups))).toEqual(splits);
        }
      }),
    );
  });

  it('stratified folds differ by at most one row of each class, and groups are never torn', () => {
    fc.assert(
      fc.property(problem, ({ n, nSplits, seed, kinds }) => {
        const random = new Random(seed);
        const y = range(n).map(() => random.integer(kinds));
        const most = Math.max(...range(kinds).map((kind) => y.filter((label) => label === kind).length));
        fc.pre(most >= nSplits);
        const folds = plain(new StratifiedKFold({ nSplits, shuffle: true, seed }).split(n, y));
        for (const kind of range(kinds)) {
          const counts = folds.map(({ test }) => test.filter((row) => y[row] === kind).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
        const groups = range(n).map((i) => `g${i < 5 ? i : random.integer(5)}`);
        const grouped: Splitter[] = [
          new GroupKFold({ nSplits }),
          new StratifiedGroupKFold({ nSplits, shuffle: true, seed }),
          new GroupShuffleSplit({ nSplits, seed }),
          new LeaveOneGroupOut(),
        ];
        for (const splitter of grouped) {
          for (const { train, test } of plain(splitter.split(n, y, groups))) {
            const inTest = new Set(test.map((row) => groups[row]));
            expect(train.some((row) => inTest.has(groups[row]!))).toBe(false);
            expect(train.length * test.length).toBeGreaterThan(0);
          }
        }
        const parts = trainTestSplit(range(n).map(String), y, { groups, testSize: 0.4, seed });
        const inTest = new Set(Array.from(parts.test, (row) => groups[row]));
        expect(parts.train.some((row) => inTest.has(groups[row]!))).toBe(false);
        expect(ascending(parts.train, parts.test)).toEqual(range(n));
      }),
    );
  });

  it('drawn parts never share a row', () => {
    fc.assert(
      fc.property(problem, ({ n, nSplits, seed }) => {
        const y = range(n).map((i) => i % 2);
        for (const splitter of [
          new ShuffleSplit({ nSplits, testSize: 0.4, trainSize: 0.4, seed }),
          new StratifiedShuffleSplit({ nSplits, testSize: 0.4, trainSize: 0.4, seed }),
        ]) {
          const splits = plain(splitter.split(n, y));
          expect(splits).toHaveLength(nSplits);
          for (const { train, test } of splits)
            expect(new Set([...train, ...test]).size).toBe(train.length + test.length);
          expect(plain(splitter.split(n, y))).toEqual(splits);
        }
      }),
    );
  });

  it('repeated folds are shuffled anew each time', () => {
    const splits = plain(new RepeatedKFold({ nSplits: 3, nRepeats: 2, seed: 1 }).split(12));
    expect(splits).toHaveLength(6);
    expect(ascending(...splits.slice(0, 3).map(({ test }) => test))).toEqual(range(12));
    expect(splits[0]).not.toEqual(splits[3]);
    const y = range(12).map((i) => i % 3);
    const stratified = plain(new RepeatedStratifiedKFold({ nSplits: 2, nRepeats: 3, seed: 1 }).split(12, y));
    expect(stratified).toHaveLength(6);
    for (const { test } of stratified) expect(ascending(test.map((row) => y[row]!))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('a generator as seed goes on', () => {
    const random = new Random(2);
    const splitter = new KFold({ nSplits: 2, shuffle: true, seed: random });
    expect(plain(splitter.split(20))).not.toEqual(plain(splitter.split(20)));
  });
});

describe('trainTestSplit', () => {
  it('keeps the form of what it divides, and of tensors gives tables', () => {
    const rows = range(8).map((i) => [i, i / 2]);
    const options = { testSize: 2, seed: 5 };
    const ofRows = trainTestSplit(rows, range(8), options);
    expectTypeOf(ofRows.xTrain).toEqualTypeOf<number[][]>();
    expectTypeOf(ofRows.yTrain).toEqualTypeOf<number[]>();
    expect(ofRows.xTest).toEqual(Array.from(ofRows.test, (row) => rows[row]));
    const ofTensor = trainTestSplit(tensor(rows), Int32Array.from(range(8)), options);
    expectTypeOf(ofTensor.xTest).toEqualTypeOf<Table>();
    expect(ofTensor.xTest).toBeInstanceOf(Table);
    expect(ofTensor.xTest.dtype).toBe('float32');
    expect(ofTensor.xTest.toArray()).toEqual(ofRows.xTest);
    expect(ofTensor.yTest).toEqual(Int32Array.from(ofRows.yTest));
    const ofFlat = trainTestSplit({ data: rows.flat(), shape: [8, 2] }, undefined, options);
    expect(ofFlat.xTest.toArray()).toEqual(ofRows.xTest);
    expect(ofFlat.yTest).toBeUndefined();
  });

  it('sparse rows, named columns and texts', () => {
    const rows = range(8).map((i) => [i % 3, 0]);
    const sparse = trainTestSplit(toSparse(tensor(rows)), range(8), { testSize: 3, seed: 1 });
    expect(isSparse(sparse.xTest)).toBe(true);
    expect(toDense(sparse.xTest).toArray()).toEqual(Array.from(sparse.test, (row) => rows[row]));
    const columns = { size: Float64Array.of(1, 2, 3, 4), name: ['a', null, 'c', 'd'], big: [false, false, true, true] };
    const named = trainTestSplit(columns, ['x', 'y', 'x', 'y'], { testSize: 1, seed: 1 });
    const [row] = named.test;
    expect(named.xTest).toEqual({ size: Float64Array.of(row! + 1), name: [columns.name[row!]], big: [row! >= 2] });
    const texts = trainTestSplit(['one', 'two', 'three'], undefined, { testSize: 1, seed: 1 });
    expectTypeOf(texts.xTest).toEqualTypeOf<string[]>();
    expect(ascending(texts.train, texts.test)).toEqual([0, 1, 2]);
  });

  it('keeps the shares of the labels in two and three parts', () => {
    const y = range(100).map((i) => (i < 80 ? 'ham' : 'spam'));
    const x = range(100).map((i) => [i]);
    const count = (labels: string[]) => labels.filter((label) => label === 'spam').length;
    const two = trainTestSplit(x, y, { testSize: 0.3, stratify: true, seed: 0 });
    expect([count(two.yTrain), count(two.yTest)]).toEqual([14, 6]);
    const three = trainValidationTestSplit(x, y, { stratify: true, seed: 0 });
    expect([count(three.yTrain), count(three.yValidation), count(three.yTest)]).toEqual([10, 6, 4]);
    const other = trainTestSplit(x, range(100), { stratify: y, testSize: 10, seed: 0 });
    expect(count(other.yTest.map((row) => y[row]!))).toBe(2);
    const grouped = trainValidationTestSplit(x, y, { groups: range(100).map((i) => i % 10), seed: 0 });
    expect([grouped.train.length, grouped.validation.length, grouped.test.length]).toEqual([50, 30, 20]);
  });

  it('selects rows in any order, more than once', () => {
    expect(selectRows([[1], [2], [3]], [2, 0, 2])).toEqual([[3], [1], [3]]);
    expect(selectRows(new Table(Float32Array.of(1, 2, 3, 4), 2, 2), Int32Array.of(1)).toArray()).toEqual([[3, 4]]);
    expectError(() => selectRows([[1]], [1]), OptionError, 'selectRows: rows[0] must be an integer from 0 to 0, got 1');
    expectError(
      () => selectRows(tensor([1, 2, 3]), [1]),
      ShapeError,
      'selectRows: x must have 2 axes [n, d], got 1; of other tensors take the rows with indexSelect',
    );
  });
});

describe('splits, what cannot be divided', () => {
  const run = (splitter: Splitter, x: unknown, y?: unknown, groups?: unknown) => () => [
    ...splitter.split(x, y as string[], groups as string[]),
  ];

  it('more folds than rows, members or groups', () => {
    expectError(run(new KFold(), 3), DataError, 'KFold: nSplits is 5, but x has only 3 rows');
    expectError(run(new KFold({ nSplits: 2 }), 1), DataError, 'KFold: nSplits is 2, but x has only 1 row');
    expectError(
      run(new StratifiedKFold({ nSplits: 3 }), 4, ['a', 'a', 'b', 'b']),
      DataError,
      'StratifiedKFold: nSplits is 3, but no class has more than 2 of the rows',
    );
    // A class with a single member is in one fold, as in scikit-learn.
    expect(run(new StratifiedKFold({ nSplits: 3 }), 4, ['a', 'a', 'a', 'b'])()).toHaveLength(3);
    expectError(
      run(new GroupKFold({ nSplits: 3 }), 4, null, [1, 1, 2, 2]),
      DataError,
      'GroupKFold: nSplits is 3, but the number of groups is 2',
    );
    expectError(
      run(new StratifiedGroupKFold({ nSplits: 3 }), 4, [1, 1, 1, 1], [1, 1, 2, 2]),
      DataError,
      'StratifiedGroupKFold: nSplits is 3, but the number of groups is 2',
    );
    expectError(
      run(new LeaveOneGroupOut(), 2, null, [1, 1]),
      DataError,
      'LeaveOneGroupOut: there must be at least two groups, got one',
    );
    expectError(run(new LeaveOneOut(), 1), DataError, 'LeaveOneOut: there must be more than 1 row, got 1');
    expectError(run(new LeavePOut({ p: 2 }), 2), DataError, 'LeavePOut: there must be more than 2 rows, got 2');
    expectError(
      run(new TimeSeriesSplit(), 5),
      DataError,
      'TimeSeriesSplit: 5 rows are too few for 5 splits with a gap of 0 and 1 to test with',
    );
    expectError(
      run(new TimeSeriesSplit({ nSplits: 2, gap: 5 }), 9),
      DataError,
      'TimeSeriesSplit: 9 rows are too few for 2 splits with a gap of 5 and 3 to test with',
    );
  });

  it('labels and groups that are missing or wrong', () => {
    expectError(
      run(new StratifiedKFold(), 9),
      OptionError,
      'StratifiedKFold: y is needed, as the split keeps the shares of its labels; call split(x, y)',
    );
    expectError(
      run(new StratifiedKFold(), 9, range(8)),
      ShapeError,
      'StratifiedKFold: y has 8 labels, but x has 9 rows',
    );
    expectError(
      run(new StratifiedKFold(), 5, [1, 2, 0.5, 1, 1]),
      DataError,
      'StratifiedKFold: y[2] must be a string, an integer or a boolean, got 0.5',
    );
    expectError(
      run(new GroupKFold(), 9, range(9)),
      OptionError,
      'GroupKFold: groups are needed, as rows of a group stay together; call split(x, y, groups)',
    );
    expectError(
      run(new GroupKFold(), 9, null, range(8)),
      ShapeError,
      'GroupKFold: groups has length 8, but x has 9 rows',
    );
    expectError(
      run(new GroupKFold(), 5, null, [1, 'a', 2, 3, 4]),
      DataError,
      "GroupKFold: groups must hold strings, integers or booleans of one type, but groups[0] is 1 and groups[1] is 'a'",
    );
  });

  it('sizes that cannot be taken', () => {
    expectError(
      run(new ShuffleSplit(), 1),
      DataError,
      'ShuffleSplit: of 1 row, 0 to fit with and 1 to test with cannot be taken; each part needs one',
    );
    expectError(
      run(new ShuffleSplit({ testSize: 6, trainSize: 5 }), 10),
      DataError,
      'ShuffleSplit: of 10 rows, 5 to fit with and 6 to test with cannot be taken; each part needs one',
    );
    expectError(
      () => new ShuffleSplit({ testSize: 1.5 }),
      OptionError,
      'ShuffleSplit: testSize must be a share between 0 and 1 or an integer ≥ 1, got 1.5',
    );
    expectError(
      () => new ShuffleSplit({ testSize: 0.6, trainSize: 0.6 }),
      OptionError,
      'ShuffleSplit: testSize and trainSize must add up to at most 1, got 0.6 and 0.6',
    );
    expectError(
      run(new StratifiedShuffleSplit({ testSize: 2 }), 4, ['a', 'a', 'a', 'b']),
      DataError,
      'StratifiedShuffleSplit: every class must have at least 2 rows to be in all parts, but one has 1',
    );
    expectError(
      run(new StratifiedShuffleSplit({ testSize: 1 }), 4, ['a', 'a', 'b', 'b']),
      DataError,
      'StratifiedShuffleSplit: a part has 1 row, fewer than the 2 classes',
    );
    const split = (options: object, y?: unknown) => () =>
      trainTestSplit([[1], [2], [3]], y as string[] | undefined, options);
    expectError(split({}, ['a']), ShapeError, 'trainTestSplit: y has length 1, but x has 3 rows');
    expectError(split({}, 5), OptionError, 'trainTestSplit: y must be an array, got 5');
    expectError(
      split({ stratify: true }),
      OptionError,
      'trainTestSplit: stratify needs y, or give the labels themselves',
    );
    expectError(
      split({ shuffle: false, seed: 1 }),
      OptionError,
      'trainTestSplit: shuffle: false takes no stratify, groups or seed',
    );
    expectError(
      split({ stratify: true, groups: [1, 2, 3] }, ['a', 'b', 'a']),
      OptionError,
      'trainTestSplit: stratify and groups cannot both be kept; use StratifiedGroupKFold',
    );
    expectError(() => trainTestSplit([]), DataError, 'trainTestSplit: x must have at least one row');
    expectError(
      () => trainTestSplit(5 as never, undefined),
      OptionError,
      'trainTestSplit: x must be a table of rows, named columns or a list, got 5',
    );
    expectError(
      () => trainTestSplit({ a: Float64Array.of(1, 2), b: Float64Array.of(1) }),
      ShapeError,
      "trainTestSplit: the column 'b' of x has 1 values, but 'a' has 2",
    );
    expectError(
      () => trainValidationTestSplit([[1], [2]]),
      DataError,
      'trainValidationTestSplit: 2 rows are too few for three parts',
    );
    expectError(
      () => trainValidationTestSplit([[1], [2]], undefined, { ratio: [1, 0, 1] }),
      OptionError,
      'trainValidationTestSplit: ratio must be three numbers > 0, got [1, 0, 1]',
    );
  });

  it('options that have no meaning', () => {
    expectError(() => new KFold({ nSplits: 1 }), OptionError, 'KFold: nSplits must be an integer ≥ 2, got 1');
    expectError(() => new KFold({ seed: 1 }), OptionError, 'KFold: a seed does nothing without shuffle: true');
    expectError(
      () => new KFold({ n: 1 } as object),
      OptionError,
      'KFold: there is no option n, only nSplits, shuffle and seed',
    );
    expectError(
      () => new LeavePOut({} as { p: number }),
      OptionError,
      'LeavePOut: p must be an integer ≥ 1, got undefined',
    );
    expectError(
      () => new TimeSeriesSplit({ gap: -1 }),
      OptionError,
      'TimeSeriesSplit: gap must be an integer ≥ 0, got -1',
    );
    expectError(
      () => new RepeatedKFold({ nRepeats: 0 }),
      OptionError,
      'RepeatedKFold: nRepeats must be an integer ≥ 1, got 0',
    );
    expectError(run(new KFold(), 2.5), OptionError, 'KFold: the number of rows must be an integer ≥ 1, got 2.5');
    expectError(
      run(new KFold(), undefined),
      OptionError,
      'KFold: x must be a table of rows, named columns or a list, got undefined',
    );
  });

  it('prints its options', () => {
    expect(inspect(new KFold({ nSplits: 3 }))).toBe('KFold { nSplits: 3, shuffle: false, seed: undefined }');
    expect(inspect(new LeaveOneOut())).toBe('LeaveOneOut');
    expect(String(new TimeSeriesSplit())).toBe(
      'TimeSeriesSplit { nSplits: 5, maxTrainSize: null, testSize: null, gap: 0 }',
    );
  });
});
