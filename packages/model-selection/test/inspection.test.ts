import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { DataError, OptionError, Random } from '@maru-ml/base';
import { LinearDiscriminantAnalysis } from '@maru-ml/linalg';
import { type MatrixLike, Table, tensor, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { partialDependence, permutationImportance, type ScoringName } from '../src/index.ts';
import { NearestCentroid, Ridge } from './estimators.ts';

interface Dependence {
  features: [number] | [number, number];
  gridResolution: number;
  percentiles: [number, number];
  responseMethod: 'auto' | 'predictProba' | 'decisionFunction';
  grid: number[][];
  average: number[][];
  individual: number[][][];
}
const reference = JSON.parse(readFileSync(new URL('./fixtures/inspection.json', import.meta.url), 'utf8')) as {
  x: number[][];
  y: number[];
  two: number[];
  three: string[];
  importance: Record<string, { orders: number[][]; importances: number[][]; mean: number[]; std: number[] }>;
  dependence: Record<'two' | 'three' | 'numbers', Dependence[]>;
};
const { x, y, two, three } = reference;
const ridge = new Ridge({ alpha: 0.5 }).fit(x, y);
const discriminant = new LinearDiscriminantAnalysis().fit(x, three);

/** A generator that gives the orders that the reference drew, the same for every column. */
class Replayed extends Random {
  readonly #orders: number[][];
  #next = 0;
  constructor(orders: number[][]) {
    super(0);
    this.#orders = orders;
  }
  override fork(): Random {
    return new Replayed(this.#orders);
  }
  override shuffle<T extends { length: number; [index: number]: unknown }>(array: T): T {
    for (const [i, place] of this.#orders[this.#next++]!.entries()) array[i] = place;
    return array;
  }
}

async function caught(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('inspection, worked by hand', () => {
  /** 2 a + 3 b + a b. */
  const model = {
    nFeaturesIn: 2,
    predict: (rows: MatrixLike) => {
      const { data } = rows as Table;
      return Float64Array.from(
        { length: data.length / 2 },
        (_, i) => 2 * data[2 * i]! + 3 * data[2 * i + 1]! + data[2 * i]! * data[2 * i + 1]!,
      );
    },
  } as never;

  it('partial dependence: the mean over the rows with one column set', () => {
    const rows = [
      [0, 1],
      [1, 2],
      [2, 6],
    ];
    // The mean of b is 3: 2 a + 9 + 3 a.
    const one = partialDependence(model, rows, 0);
    expect(one.grid.map((values) => [...values])).toEqual([[0, 1, 2]]);
    expectClose(one.average.toArray(), [[9, 14, 19]]);
    const both = partialDependence(model, rows, [1, 0], { individual: true });
    // a goes fastest: at b = 1 it is 3, 6, 9; at b = 2: 6, 10, 14; at b = 6: 18, 26, 34.
    expectClose(both.average.toArray(), [[3, 6, 9, 6, 10, 14, 18, 26, 34]]);
    expectClose(both.individual![0]!.toArray()[2], [3, 6, 9, 6, 10, 14, 18, 26, 34]);
    expect(String(both)).toBe('PartialDependence on columns 1 and 0, 3 × 3 points\n  from 3.000 to 34.00');
  });

  it('a column that is not used has no importance, and one of two rows loses by half of the shuffles', async () => {
    const rows = [
      [1, 5],
      [2, 6],
    ];
    const first = {
      nFeaturesIn: 2,
      predict: (table: Table) => Float64Array.of(table.data[0]!, table.data[2]!),
    } as never;
    const found = await permutationImportance(first, { data: rows.flat(), shape: [2, 2] }, [1, 2], {
      scoring: 'negMeanSquaredError',
      nRepeats: 200,
      seed: 1,
    });
    expect(found.importancesMean[1]).toBe(0);
    expect(new Set(found.importances.toArray()[0])).toEqual(new Set([0, 1]));
    // Two rows change places in half of the shuffles, and each then errs by 1.
    expect(Math.abs(found.importancesMean[0]! - 0.5)).toBeLessThan(0.15);
  });
});

describe('inspection against scikit-learn', () => {
  for (const scoring of ['accuracy', 'negLogLoss', 'negMeanSquaredError']) {
    it(`permutation importance by ${scoring}, with its orders`, async () => {
      const { orders, importances, mean, std } = reference.importance[scoring]!;
      const [model, targets] = scoring === 'negMeanSquaredError' ? [ridge, y] : [discriminant, three];
      const options = { scoring: scoring as ScoringName, nRepeats: orders.length, seed: new Replayed(orders) };
      const found = await permutationImportance(model, x, targets, options);
      expectClose(found.importances.toArray(), importances, { rtol: 1e-9, atol: 1e-12 });
      expectClose(found.importancesMean, mean, { rtol: 1e-9, atol: 1e-12 });
      expectClose(found.importancesStd, std, { rtol: 1e-9, atol: 1e-10 });
    });
  }

  it('partial dependence', () => {
    const models = { two: new LinearDiscriminantAnalysis().fit(x, two), three: discriminant, numbers: ridge };
    for (const [name, cases] of Object.entries(reference.dependence)) {
      for (const { features, gridResolution, percentiles, responseMethod, grid, average, individual } of cases) {
        const model = models[name as keyof typeof models];
        const options = { gridResolution, percentiles, responseMethod, individual: true };
        const found = partialDependence(model, x, features, options);
        const close = { rtol: 1e-9, atol: 1e-11 };
        expectClose(
          found.grid.map((values) => [...values]),
          grid,
          close,
        );
        expectClose(found.average.toArray(), average, close);
        expectClose(
          found.individual!.map((table) => table.toArray().slice(0, 3)),
          individual,
          close,
        );
        expect(found.outputs).toEqual({ two: [1], three: ['ash', 'birch', 'oak'], numbers: undefined }[name]);
      }
    }
  });
});

describe('permutation importance', () => {
  it('is the same for the same seed, in every form of rows, and leaves them alone', async () => {
    const before = structuredClone(x);
    const found = await permutationImportance(discriminant, x, three, { seed: 5 });
    const flat = { data: Float64Array.from(x.flat()), shape: [25, 3] };
    for (const rows of [x, flat, tensor(x, { dtype: 'float64' }), new Table(Float64Array.from(x.flat()), 25, 3)]) {
      expect(JSON.stringify(await permutationImportance(discriminant, rows as MatrixLike, three, { seed: 5 }))).toBe(
        JSON.stringify(found),
      );
    }
    expect(x).toEqual(before);
    expect(found.baseline).toBe(discriminant.score(x, three));
    expect(JSON.stringify(await permutationImportance(discriminant, x, three, { seed: 6 }))).not.toBe(
      JSON.stringify(found),
    );
  });

  it('approaches the mean over all shuffles', async () => {
    // Of a linear model: the mean of (y - ŷ - b (x' - x))² over every pair of rows, less that of (y - ŷ)².
    const predicted = ridge.predict(x);
    const square = (j: number) => {
      let sum = 0;
      for (const [i, row] of x.entries())
        for (const other of x)
          sum += (y[i]! - predicted[i]! - ridge.coef[j]! * (other[j]! - row[j]!)) ** 2 - (y[i]! - predicted[i]!) ** 2;
      return sum / x.length ** 2;
    };
    const found = await permutationImportance(ridge, x, y, { scoring: 'negMeanSquaredError', nRepeats: 400, seed: 0 });
    for (const j of [0, 1, 2]) {
      expect(Math.abs(found.importancesMean[j]! - square(j))).toBeLessThan((4 * found.importancesStd[j]!) / 20);
    }
  });

  it('takes named columns and prints the most important first', async () => {
    const names = ['blue', 'red', 'green'];
    const columns = Object.fromEntries(names.map((name, j) => [name, Float64Array.from(x, (row) => row[j]!)]));
    const rowsOf = (given: typeof columns) => x.map((_, i) => names.map((name) => given[name]![i]!));
    const model = {
      nFeaturesIn: 3,
      score: (given: typeof columns, labels: string[]) => discriminant.score(rowsOf(given), labels),
    } as never;
    const found = await permutationImportance(model, columns, three, { seed: 5 });
    expect(found.importances.toArray()).toEqual(
      (await permutationImportance(discriminant, x, three, { seed: 5 })).importances.toArray(),
    );
    expect(found.features).toEqual(names);
    const lines = inspect(found).split('\n');
    expect(lines[0]).toBe(`PermutationImportance of 3 columns, score ${found.baseline.toFixed(4)}`);
    expect(lines[1]).toMatch(/^ {2}(red {2}|blue |green) {2}-?0\.\d{4} ± 0\.\d{4}$/);
    expect(lines).toHaveLength(4);
  });

  it('shuffles the column that it tells of, though another has the same name', async () => {
    const table = new Table(Float64Array.from(x.flat()), 25, 3, ['a', 'a', 'b']);
    const wanted = await permutationImportance(ridge, x, y, { seed: 1 });
    const found = await permutationImportance(ridge, table, y, { seed: 1 });
    expect(found.features).toEqual(['a', 'a', 'b']);
    expect(found.importances).toEqual(wanted.importances);
  });

  it('tells of its progress, aborts, and refuses what it cannot shuffle', async () => {
    let count = 0;
    await permutationImportance(ridge, x, y, {
      nRepeats: 2,
      onProgress: ({ total, unit }) => {
        if (total === 6 && unit === 'shuffle') count++;
      },
    });
    expect(count).toBe(6);
    expect(
      (await caught(permutationImportance(ridge, x, y, { signal: AbortSignal.abort(new Error('enough')) }))).message,
    ).toBe('enough');
    const refuse = async (promise: Promise<unknown>, message: string) => {
      const error = await caught(promise);
      expectError(
        () => {
          throw error;
        },
        OptionError,
        message,
      );
    };
    await refuse(
      permutationImportance(ridge, x, y, { nRepeats: 0 }),
      'permutationImportance: nRepeats must be an integer ≥ 1, got 0',
    );
    await refuse(
      permutationImportance(ridge, x, y, { onProgress: () => false }),
      'permutationImportance: onProgress ended it after 1 of 15 shuffles; all are needed',
    );
    await refuse(
      permutationImportance(ridge, toSparse(tensor(x)) as never, y),
      'permutationImportance: x must be a Tensor [n, d], an array of rows, or { data, shape }, got an object; make sparse rows dense: toDense(x)',
    );
    await refuse(
      permutationImportance(ridge, x, y, { scoring: ['r2'] as never }),
      "permutationImportance: scoring must be the name of a score or a function, got ['r2']",
    );
  });
});

describe('partial dependence', () => {
  /** Named columns: age + 10 for every letter of the town + 100 for members. */
  const visitors = {
    age: Float64Array.of(20, Number.NaN, 30),
    town: ['Busan', null, 'Jeju'],
    member: [true, false, false],
    visits: [1, null, 3],
  };
  const byName = {
    nFeaturesIn: 4,
    predict: ({ age, town, member }: typeof visitors) => {
      return Float64Array.from(age, (years, i) => (years || 0) + 10 * (town[i]?.length ?? 0) + (member[i] ? 100 : 0));
    },
  } as never;

  it('takes named columns: numbers by steps, words and booleans by all values that there are', () => {
    const before = structuredClone(visitors);
    const town = partialDependence(byName, visitors, 'town');
    // The mean age is (20 + 0 + 30) / 3, and one of three is a member.
    expect(town.features).toEqual(['town']);
    expect(town.grid).toEqual([['Busan', 'Jeju']]);
    expectClose(town.average.toArray(), [[50 + 150 / 3, 40 + 150 / 3]]);
    const both = partialDependence(byName, visitors, ['member', 'age'], { individual: true });
    expect(both.grid).toEqual([[false, true], Float64Array.of(20, 30)]);
    expectClose(both.individual![0]!.toArray(), [
      [70, 80, 170, 180],
      [20, 30, 120, 130],
      [60, 70, 160, 170],
    ]);
    expect(String(both)).toBe("PartialDependence on columns 'member' and 'age', 2 × 2 points\n  from 50.00 to 160.0");
    expect(partialDependence(byName, visitors, 'visits').grid).toEqual([Float64Array.of(1, 3)]);
    expect(visitors).toEqual(before);
  });

  it('is the same for named columns as for a matrix of them', () => {
    const names = ['a', 'b', 'c'];
    const columns = Object.fromEntries(names.map((name, j) => [name, Float64Array.from(x, (row) => row[j]!)]));
    const model = {
      nFeaturesIn: 3,
      predict: (given: typeof columns) => ridge.predict(x.map((_, i) => names.map((name) => given[name]![i]!))),
    } as never;
    const options = { gridResolution: 5 };
    const found = partialDependence(model, columns, ['c', 'a'], options);
    const wanted = partialDependence(ridge, x, [2, 0], options);
    expect(found.grid).toEqual(wanted.grid);
    expect(found.average).toEqual(wanted.average);
  });

  it('refuses names that are not there', () => {
    const refuse = (columns: object, features: unknown, message: string) =>
      expectError(
        () => partialDependence(byName, columns as never, features as never),
        OptionError,
        `partialDependence: features must be the name of a column, ${message}`,
      );
    refuse(visitors, 'height', "one of 'age', 'town', 'member', 'visits', or of two different ones, got 'height'");
    refuse(visitors, 0, "one of 'age', 'town', 'member', 'visits', or of two different ones, got 0");
    refuse(
      Object.fromEntries(Array.from({ length: 9 }, (_, j) => [`x${j}`, [1]])),
      ['x1', 'x1'],
      "one of the 9, or of two different ones, got ['x1', 'x1']",
    );
    expectError(
      () => partialDependence(byName, { ...visitors, age: Float64Array.of(Number.NaN, Number.NaN, Number.NaN) }, 'age'),
      DataError,
      "partialDependence: column 'age' has no values, as all are missing",
    );
    for (const [visits, got] of [
      [[1, Number.NEGATIVE_INFINITY, 3], '-Infinity'],
      [[1, null, 'three'], "'three'"],
    ] as const) {
      expectError(
        () => partialDependence(byName, { ...visitors, visits } as never, 'visits' as never),
        DataError,
        `partialDependence: column 'visits' must hold finite numbers, strings or booleans alone, got ${got}`,
      );
    }
  });

  it('names no classes for scores of pairs of them', () => {
    const scores = (columns: number) => ({
      nFeaturesIn: 3,
      classes: ['a', 'b', 'c'],
      decisionFunctionShape: 'ovo',
      decisionFunction: (rows: { shape: number[] }) =>
        new Table(new Float64Array(rows.shape[0]! * columns), rows.shape[0]!, columns),
    });
    expect(partialDependence(scores(3) as never, x, 0).outputs).toBe(undefined);
    expect(partialDependence({ ...scores(3), decisionFunctionShape: 'ovr' } as never, x, 0).outputs).toEqual([
      'a',
      'b',
      'c',
    ]);
    const withBoth = { ...scores(3), predictProba: scores(3).decisionFunction };
    expect(partialDependence(withBoth as never, x, 0).outputs).toEqual(['a', 'b', 'c']);
  });

  it('refuses places, grids and models that make no sense', () => {
    const refuse = (
      features: never,
      options: object,
      message: string,
      ErrorClass: new (message: string) => Error = OptionError,
    ) => expectError(() => partialDependence(ridge, x, features, options), ErrorClass, `partialDependence: ${message}`);
    refuse(3 as never, {}, 'features must be the place of a column from 0 to 2, or of two different ones, got 3');
    refuse(
      [1, 1] as never,
      {},
      'features must be the place of a column from 0 to 2, or of two different ones, got [1, 1]',
    );
    refuse(
      0 as never,
      { percentiles: [0.5, 0.5] },
      'percentiles must be [low, high] with 0 ≤ low < high ≤ 1, got [0.5, 0.5]',
    );
    refuse(0 as never, { gridResolution: 1 }, 'gridResolution must be an integer ≥ 2, got 1');
    refuse(
      0 as never,
      { responseMethod: 'predictProba' },
      "responseMethod must be 'auto' for a RidgeModel, which has no classes",
    );
    const centroid = new NearestCentroid().fit(x, three);
    expectError(
      () => partialDependence(centroid, x, 0, { responseMethod: 'decisionFunction' }),
      OptionError,
      'partialDependence: a NearestCentroidModel has no decisionFunction',
    );
    const even = Array.from({ length: 40 }, (_, i) => [i < 38 ? 1 : i, 0, 0]);
    expectError(
      () => partialDependence(ridge, even, 0, { gridResolution: 2, percentiles: [0.1, 0.5] }),
      DataError,
      'partialDependence: the percentiles of column 0 are both 1, so there is no grid between them; move them apart',
    );
  });
});
