import { OptionError, Random, ShapeError, setSeed } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClassDataset,
  makeBlobs,
  makeCircles,
  makeClassification,
  makeLinear,
  makeMoons,
  makeRegression,
  makeSpirals,
  makeXor,
  type RegressionDataset,
} from '../src/index.ts';
import { reference } from './reference.ts';

type Options = { nSamples?: number; noise?: number; seed?: number | Random };

const MAKERS: [string, (options?: Options) => ClassDataset | RegressionDataset][] = [
  ['makeBlobs', ({ noise, ...options } = {}) => makeBlobs({ ...options, clusterStd: noise ?? 1 })],
  ['makeMoons', makeMoons],
  ['makeCircles', makeCircles],
  ['makeSpirals', makeSpirals],
  ['makeXor', makeXor],
  ['makeLinear', makeLinear],
  ['makeRegression', makeRegression],
  ['makeClassification', ({ noise, ...options } = {}) => makeClassification(options)],
];

const rowsOf = ({ x }: { x: ClassDataset['x'] }): number[][] =>
  Array.from({ length: x.shape[0] }, (_, i) => Array.from(x.data.subarray(i * x.shape[1], (i + 1) * x.shape[1])));

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
const std = (values: ArrayLike<number>): number => {
  const center = mean(values);
  return Math.sqrt(mean(Array.from(values, (v) => (v - center) ** 2)));
};

describe.each(MAKERS)('%s: the one contract of generators', (name, make) => {
  test('the same seed gives the same data, another seed others; without one they repeat by default', () => {
    const data = (seed?: number | Random): number[] => Array.from(make({ noise: 0.1, seed }).x.data);
    expect(data(1)).toEqual(data(1));
    expect(data(new Random(1))).toEqual(data(1));
    expect(data(2)).not.toEqual(data(1));
    setSeed(0);
    const [first, second] = [data(), data()];
    expect(second).not.toEqual(first);
    setSeed(0);
    expect(data()).toEqual(first);
  });

  test('100 samples by default, as many as asked for, and parts that fit', () => {
    expect(make().y).toHaveLength(100);
    const set = make({ nSamples: 37, seed: 1 });
    expect(set.x.shape[0]).toBe(37);
    expect(set.x.data).toHaveLength(37 * set.x.shape[1]);
    expect(set.featureNames).toHaveLength(set.x.shape[1]);
    expect(Object.keys(set.columns())).toEqual([...set.featureNames, set.targetName]);
    if ('targetNames' in set) {
      expect(new Set(set.y)).toEqual(new Set(set.targetNames.map((_, k) => k)));
      expect(set.labels()[36]).toBe(set.targetNames[set.y[36]!]);
    }
  });

  test('refuses options that mean nothing', () => {
    expectError(
      () => make({ nSamples: 0 }),
      OptionError,
      `${name}: nSamples must be an integer ≥ ${least(name)}, got 0`,
    );
    const message = expect.stringMatching(
      new RegExp(`^${name}: there is no option nSample, only nSamples, [\\w, ]+ and seed$`),
    );
    expect(() => make({ nSample: 5 } as Options)).toThrow(expect.objectContaining({ name: 'OptionError', message }));
  });
});

/** The fewest samples that a generator makes. */
function least(name: string): number {
  return { makeBlobs: 3, makeMoons: 2, makeCircles: 2, makeSpirals: 2, makeXor: 4 }[name] ?? 1;
}

describe('worked by hand', () => {
  test('makeXor: four points without noise are the truth table', () => {
    const set = makeXor({ nSamples: 4, shuffle: false });
    expect(rowsOf(set)).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(set.y).toEqual(Int32Array.of(0, 1, 1, 0));
  });

  test('makeSpirals: two arms of one turn', () => {
    const set = makeSpirals({ nSamples: 8, shuffle: false });
    const arm = [
      [0, 0.25],
      [-0.5, 0],
      [0, -0.75],
      [1, 0],
    ];
    expectClose(rowsOf(set), [...arm, ...arm.map(([a, b]) => [-a!, -b!])], { atol: 1e-15 });
    expect(set.y).toEqual(Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1));
  });

  test('makeBlobs: centers given, no spread, the points of each blob', () => {
    const centers = [
      [1, 2, 3],
      [-1, 0, 1],
    ];
    const set = makeBlobs({ nSamples: [1, 2], centers, clusterStd: 0, shuffle: false });
    expect(rowsOf(set)).toEqual([centers[0], centers[1], centers[1]]);
    expect([set.centers, set.y, set.targetNames]).toEqual([centers, Int32Array.of(0, 1, 1), ['0', '1']]);
    expect(makeBlobs({ nSamples: 5 }).y.slice().sort()).toEqual(Int32Array.of(0, 0, 1, 1, 2));
  });

  test('makeLinear: without noise every point is on the line (studies A22: y = x + 1)', () => {
    const { x, y, coef, intercept } = makeLinear({ intercept: 1, seed: 3 });
    expect(Array.from(y)).toEqual(Array.from(x.data, (v) => v + 1));
    expect([coef, intercept]).toEqual([[1], 1]);
    const plane = makeLinear({ coef: [2, -3], nSamples: 5, seed: 3 });
    expectClose(
      plane.y,
      rowsOf(plane).map(([a, b]) => 2 * a! - 3 * b!),
      { rtol: 1e-14, atol: 1e-14 },
    );
  });

  test('makeClassification: redundant columns are combinations, repeated ones copies, classes have their shares', () => {
    const set = makeClassification({
      ...{ nSamples: 200, nFeatures: 7, nInformative: 2, nRedundant: 2, nRepeated: 2, weights: [0.7, 0.3] },
      ...{ flipY: 0, shuffle: false, seed: 5 },
    });
    const rows = rowsOf(set);
    expect(set.y.filter((label) => label === 0)).toHaveLength(140);
    // Two rows give the two weights of a redundant column; they hold for all rows.
    for (const column of [2, 3]) {
      const [[a, b], [c, d]] = rows as [number[], number[]];
      const determinant = a! * d! - b! * c!;
      const u = (rows[0]![column]! * d! - b! * rows[1]![column]!) / determinant;
      const v = (a! * rows[1]![column]! - c! * rows[0]![column]!) / determinant;
      expectClose(
        rows.map((row) => row[column]!),
        rows.map((row) => u * row[0]! + v * row[1]!),
        { atol: 1e-9 },
      );
      expect(Math.max(Math.abs(u), Math.abs(v))).toBeLessThan(1 + 1e-9);
    }
    for (const column of [4, 5]) {
      const same = [0, 1, 2, 3].filter((j) => rows.every((row) => row[j] === row[column]));
      expect(same).toHaveLength(1);
    }
    expect([0, 1, 2, 3, 4, 5].some((j) => rows.every((row) => row[j] === row[6]))).toBe(false);
  });

  test('makeRegression: the target is the sum of its parts', () => {
    const set = makeRegression({ nFeatures: 8, nInformative: 3, bias: 5, seed: 2 });
    expect(set.coef.filter((w) => w !== 0)).toHaveLength(3);
    expect(set.coef.every((w) => w >= 0 && w < 100)).toBe(true);
    const sums = rowsOf(set).map((row) => 5 + row.reduce((sum, v, j) => sum + v * set.coef[j]!, 0));
    expectClose(set.y, sums, { rtol: 1e-12, atol: 1e-12 });
    const plain = makeRegression({ nFeatures: 8, nInformative: 3, shuffle: false, seed: 2 });
    expect(plain.coef.map((w) => w > 0)).toEqual([true, true, true, false, false, false, false, false]);
  });
});

describe('reference: scikit-learn', () => {
  test.each([
    ['makeMoons', makeMoons({ nSamples: 7, shuffle: false }), reference.generators.moons],
    ['makeCircles', makeCircles({ nSamples: 7, shuffle: false, factor: 0.5 }), reference.generators.circles],
  ] as const)('%s without noise', (_, set, wanted) => {
    expectClose(rowsOf(set), wanted.x, { rtol: 1e-14, atol: 1e-15 });
    expect(Array.from(set.y)).toEqual(wanted.y);
  });
});

describe('laws', () => {
  test('shuffling changes the order of the rows and nothing else', () => {
    const pairs = (set: ClassDataset): string[] => rowsOf(set).map((row, i) => [...row, set.y[i]].join(' '));
    const shuffled = pairs(makeMoons({ nSamples: 50, noise: 0.2, seed: 7 }));
    const ordered = pairs(makeMoons({ nSamples: 50, noise: 0.2, seed: 7, shuffle: false }));
    expect(shuffled).not.toEqual(ordered);
    expect(shuffled.slice().sort()).toEqual(ordered.slice().sort());
  });

  test('all points of a total find a group, and groups differ by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 40 }), (groups, more) => {
        const nSamples = groups + more;
        const { y } = makeSpirals({ nSamples, nClasses: groups, shuffle: false });
        const sizes = Array.from({ length: groups }, (_, k) => y.filter((label) => label === k).length);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(nSamples);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('noise and spread are what was asked for', () => {
    const nSamples = 20_000;
    const blobs = makeBlobs({ nSamples, centers: [[3, -4]], clusterStd: 2, seed: 1 });
    const column = (j: number): number[] => rowsOf(blobs).map((row) => row[j]!);
    expectClose([mean(column(0)), mean(column(1)), std(column(0)), std(column(1))], [3, -4, 2, 2], { atol: 0.06 });
    const line = makeLinear({ nSamples, coef: 2, intercept: 3, noise: 0.2, range: [-10, 10], seed: 1 });
    const rest = Array.from(line.y, (y, i) => y - 2 * line.x.data[i]! - 3);
    expectClose([mean(rest), std(rest)], [0, 0.2], { atol: 0.005 });
    expectClose([mean(line.x.data), std(line.x.data)], [0, 20 / Math.sqrt(12)], { atol: 0.1 });
    const wide = makeLinear({ nSamples, mean: 5, std: 2, seed: 1 });
    expectClose([mean(wide.x.data), std(wide.x.data)], [5, 2], { atol: 0.05 });
    const { y } = makeClassification({ nSamples, weights: [1, 0], flipY: 0.5, seed: 1 });
    expectClose(mean(y), 0.25, { atol: 0.01 });
  });

  test('clusters of makeClassification lie at different corners, classSep away', () => {
    const set = makeClassification({
      ...{ nSamples: 8000, nFeatures: 3, nInformative: 3, nRedundant: 0, nClasses: 4, classSep: 50 },
      ...{ flipY: 0, seed: 4 },
    });
    const corners = new Map<string, Set<number>>();
    for (const [i, row] of rowsOf(set).entries()) {
      const corner = row.map(Math.sign).join();
      corners.set(corner, (corners.get(corner) ?? new Set()).add(set.y[i]!));
    }
    expect(corners.size).toBe(8);
    expect([...corners.values()].every((classes) => classes.size === 1)).toBe(true);
    expectClose(mean(set.x.data.map(Math.abs)), 50, { atol: 0.5 });
  });
});

describe('bad options are refused', () => {
  const refusals: [() => unknown, string][] = [
    [() => makeBlobs({ centers: 0 }), 'makeBlobs: centers must be an integer ≥ 1, got 0'],
    [() => makeBlobs({ centers: [] }), 'makeBlobs: centers must be a number or rows of numbers [k, d], got []'],
    [() => makeBlobs({ centers: [[0, Number.NaN]] }), 'makeBlobs: centers[0, 1] must be a number, got NaN'],
    [() => makeBlobs({ centerBox: [1, 0] }), 'makeBlobs: centerBox must be [low, high], got [1, 0]'],
    [() => makeBlobs({ clusterStd: -1 }), 'makeBlobs: clusterStd must be a number ≥ 0, got -1'],
    [
      () => makeMoons({ nSamples: [1, 2, 3] as never }),
      'makeMoons: nSamples must be a number or 2 numbers, got [1, 2, 3]',
    ],
    [() => makeMoons({ nSamples: [1, 0] }), 'makeMoons: nSamples[1] must be an integer ≥ 1, got 0'],
    [() => makeCircles({ factor: 1 }), 'makeCircles: factor must be a number ≥ 0 and < 1, got 1'],
    [() => makeSpirals({ turns: -1 }), 'makeSpirals: turns must be a number ≥ 0, got -1'],
    [() => makeXor({ shuffle: 1 as never }), 'makeXor: shuffle must be true or false, got 1'],
    [() => makeLinear({ coef: [] }), 'makeLinear: coef must be a number or a list of numbers, got []'],
    [() => makeLinear({ coef: [1, Number.NaN] }), 'makeLinear: coef[1] must be a number, got NaN'],
    [() => makeLinear({ range: [1, 0] }), 'makeLinear: range must be [low, high], got [1, 0]'],
    [() => makeLinear({ range: [0, 1], std: 2 }), 'makeLinear: give either range or mean and std, got both'],
    [
      () => makeClassification({ nFeatures: 3 }),
      'makeClassification: nInformative + nRedundant + nRepeated must be at most nFeatures = 3, got 4',
    ],
    [
      () => makeClassification({ nClasses: 3 }),
      'makeClassification: nClasses · nClustersPerClass must be at most 2^nInformative = 4, the corners of the cube, got 6',
    ],
    [
      () => makeClassification({ weights: [1] }),
      'makeClassification: weights must be 2 numbers, one for each class, got 1',
    ],
    [() => makeClassification({ weights: [0.5, 0.6] }), 'makeClassification: weights must add up to 1, got 1.1'],
  ];
  test.each(refusals)('%#', (run, message) => expectError(run, OptionError, message));

  test('centers and spreads that do not fit together', () => {
    expectError(
      () => makeBlobs({ centers: [[0, 0], [1]] }),
      ShapeError,
      'makeBlobs: centers[1] has 1 columns, but centers[0] has 2',
    );
    expectError(
      () => makeBlobs({ centers: [[0, 0]], nFeatures: 3 }),
      ShapeError,
      'makeBlobs: centers[0] has 2 columns, but nFeatures is 3',
    );
    expectError(
      () => makeBlobs({ clusterStd: [1, 2] }),
      ShapeError,
      'makeBlobs: clusterStd has 2 numbers, but there are 3 centers',
    );
  });
});
