import { OptionError } from '@maru-ml/base';
import { toMatrix } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { expect, describe as group, test } from 'vitest';
import { boston } from '../src/boston.ts';
import { breastCancer } from '../src/breast-cancer.ts';
import type { ClassDataset, Dataset } from '../src/dataset.ts';
import { diabetes } from '../src/diabetes.ts';
import { digits } from '../src/digits.ts';
import { describe } from '../src/index.ts';
import { iris } from '../src/iris.ts';
import { wine } from '../src/wine.ts';
import { reference, sha256 } from './reference.ts';

const SETS: [keyof typeof reference.sets, () => Dataset][] = [
  ['iris', iris],
  ['wine', wine],
  ['breast_cancer', breastCancer],
  ['digits', digits],
  ['diabetes', diabetes],
  ['diabetes_raw', () => diabetes({ scaled: false })],
  ['boston', boston],
];

group.each(SETS)('%s: the one form of data sets', (_, load) => {
  test('the parts fit together and any estimator takes x', () => {
    const { x, y, featureNames, targetName, columns, name, description } = load();
    const { rows, columns: d } = toMatrix('Test', x);
    expect([rows, d]).toEqual([y.length, featureNames.length]);
    expect(Object.keys(columns())).toEqual([...featureNames, targetName]);
    expect(new Set([...featureNames, targetName]).size).toBe(d + 1);
    expect(name).not.toBe('');
    for (const part of ['Origin: ', 'License: ', 'Cite: ']) expect(description).toContain(`\n${part}`);
  });

  test('each call gives arrays of its own', () => {
    const first = load();
    first.x.data.fill(-1);
    first.y.fill(-1);
    expect(load().x.data[5]).not.toBe(-1);
    expect(load().y[0]).not.toBe(-1);
  });

  test('columns hold the features, and the classes by name', () => {
    const set = load() as ClassDataset;
    const columns = set.columns();
    const d = set.featureNames.length;
    expect(columns[set.featureNames[1]!]![3]).toBe(set.x.data[3 * d + 1]);
    const target = columns[set.targetName]!;
    if (set.targetNames === undefined) expect(target).toEqual(set.y);
    else {
      expect(target).toEqual(set.labels());
      expect(target[0]).toBe(set.targetNames[set.y[0]!]);
      expect(new Set(set.y).size).toBe(set.targetNames.length);
    }
  });
});

group('worked by hand', () => {
  test('worked example 14 (A2): cosines of the digits 0 and 1, 0 and 8', () => {
    const { x, y } = digits();
    const image = (i: number): Float64Array => x.data.subarray(i * 64, i * 64 + 64);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    const cosine = (a: Float64Array, b: Float64Array): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    expect([y[0], y[1], y[8]]).toEqual([0, 1, 8]);
    expectClose(cosine(image(0), image(1)), 0.5191023426414686, { rtol: 1e-15 });
    expectClose(cosine(image(0), image(8)), 0.7515122122359871, { rtol: 1e-15 });
  });

  test('studies A (L1060): the table of iris, and the two figures that rest on UCI’s wrong rows', () => {
    const round = (set: Pick<Dataset, 'x' | 'y' | 'featureNames'>) =>
      describe(set).map(({ min, max, mean, std, correlation }) => [
        ...[min, max],
        ...[mean, std].map((v) => v.toFixed(2)),
        correlation.toFixed(4),
      ]);
    const right = iris();
    expect(round(right)).toEqual([
      [4.3, 7.9, '5.84', '0.83', '0.7826'],
      [2, 4.4, '3.06', '0.43', '-0.4267'],
      [1, 6.9, '3.76', '1.76', '0.9490'],
      [0.1, 2.5, '1.20', '0.76', '0.9565'],
    ]);
    // The source prints mean 3.05 and correlation -.4194 for the sepals' width: those of rows 35 and 38 as UCI has them.
    const uci = iris();
    uci.x.data.set([4.9, 3.1, 1.5, 0.1], 34 * 4);
    uci.x.data.set([4.9, 3.1, 1.5, 0.1], 37 * 4);
    expect(round(uci)[1]).toEqual([2, 4.4, '3.05', '0.43', '-0.4194']);
  });

  test('describe: four rows on paper, and a constant column', () => {
    const x = { data: Float64Array.of(1, 5, 2, 5, 3, 5, 4, 5), shape: [4, 2] as const };
    const table = describe({ x, y: Int32Array.of(0, 0, 1, 1), featureNames: ['a', 'b'] });
    expectClose(table[0]!.correlation, 2 / Math.sqrt(5), { rtol: 1e-15 });
    expect(table[0]).toMatchObject({ name: 'a', min: 1, max: 4, mean: 2.5, std: Math.sqrt(1.25) });
    expect(table[1]).toEqual({ name: 'b', min: 5, max: 5, mean: 5, std: 0, correlation: Number.NaN });
  });

  test('digits: an image is 8 x 8 with ink from 0 to 16', () => {
    const { x, imageShape } = digits();
    expect(imageShape).toEqual([1, 8, 8]);
    expect([x.data.reduce((a, b) => Math.min(a, b)), x.data.reduce((a, b) => Math.max(a, b))]).toEqual([0, 16]);
  });

  test('boston: 506 areas, 16 values cut off at 50', () => {
    const { y, x } = boston();
    expect([x.shape, y.filter((value) => value === 50).length]).toEqual([[506, 13], 16]);
  });

  test('diabetes: scaled columns have mean 0 and sum of squares 1', () => {
    const { x } = diabetes();
    for (let j = 0; j < 10; j++) {
      const column = Array.from({ length: 442 }, (_, i) => x.data[i * 10 + j]!);
      expectClose(
        column.reduce((sum, v) => sum + v, 0),
        0,
        { atol: 1e-13 },
      );
      expectClose(
        column.reduce((sum, v) => sum + v * v, 0),
        1,
        { rtol: 1e-13 },
      );
    }
  });

  test('diabetes: options are checked', () => {
    expectError(
      () => diabetes({ scale: false } as object),
      OptionError,
      'diabetes: there is no option scale, only scaled',
    );
    expectError(
      () => diabetes({ scaled: 1 as unknown as boolean }),
      OptionError,
      'diabetes: scaled must be true or false, got 1',
    );
  });
});

group.each(SETS)('%s: equal to scikit-learn (Boston: to R)', (key, load) => {
  const wanted = reference.sets[key];
  const set = load();
  const hash = (numbers: ArrayLike<number>) => sha256(new Uint8Array(Float64Array.from(numbers).buffer));

  test('every number to its last bit', async () => {
    const [n, d] = set.x.shape;
    expect([n, d]).toEqual(wanted.shape);
    expect(Array.from(set.x.data.subarray(0, d))).toEqual(wanted.first);
    expect(Array.from(set.x.data.subarray((n - 1) * d))).toEqual(wanted.last);
    expect([set.y[0], set.y[n - 1]]).toEqual(wanted.target);
    expect(await hash(set.x.data)).toBe(wanted.x);
    expect(await hash(set.y)).toBe(wanted.y);
  });

  test('names, means and deviations', () => {
    expect(set.featureNames).toEqual(wanted.features);
    expect((set as Partial<ClassDataset>).targetNames ?? []).toEqual(wanted.classes);
    const table = describe(set);
    expectClose(
      table.map((row) => row.mean),
      wanted.mean,
      { rtol: 1e-12, atol: 1e-15 },
    );
    expectClose(
      table.map((row) => row.std),
      wanted.std,
      { rtol: 1e-12 },
    );
  });
});

test('describe refuses what is no data set', () => {
  expectError(
    () => describe({ a: [1, 2] } as never),
    OptionError,
    'describe: dataset must have x, y and featureNames, as iris() has, got an object; for columns see describe of @maru-ml/stats',
  );
  expectError(
    () => describe(iris as never),
    OptionError,
    'describe: dataset must have x, y and featureNames, as iris() has, got a function; for columns see describe of @maru-ml/stats',
  );
});
