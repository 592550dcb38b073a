import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { tensor, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage, ticksDuring } from '@maru-ml/tooling/testing';
import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MaxAbsScaler,
  MaxAbsScalerModel,
  MinMaxScaler,
  MinMaxScalerModel,
  Normalizer,
  NormalizerModel,
  RobustScaler,
  RobustScalerModel,
  StandardScaler,
  StandardScalerModel,
} from '../src/index.ts';
import { dense, fixture, numbers, oneByOne, rowsAs, type Written } from './reference.ts';
import { spec } from './spec.ts';

// Sparse rows cannot be centered, so the checks of them run with other options.
checkTransformer(spec('StandardScaler', StandardScaler, StandardScalerModel, { traits: { sparse: false } }));
checkTransformer(spec('StandardScaler', StandardScaler, StandardScalerModel, { options: { withMean: false } }));
checkTransformer(spec('MinMaxScaler', MinMaxScaler, MinMaxScalerModel));
checkTransformer(
  spec('MinMaxScaler', MinMaxScaler, MinMaxScalerModel, { options: { featureRange: [-2, 5], clip: true } }),
);
checkTransformer(spec('MaxAbsScaler', MaxAbsScaler, MaxAbsScalerModel));
checkTransformer(spec('RobustScaler', RobustScaler, RobustScalerModel));
checkTransformer(spec('RobustScaler', RobustScaler, RobustScalerModel, { options: { unitVariance: true } }));
for (const norm of ['l1', 'l2', 'max']) {
  checkTransformer(spec('Normalizer', Normalizer, NormalizerModel, { options: { norm } }));
}

describe('scalers, worked by hand', () => {
  // B3, L803-808: the table before zero-centering and normalizing.
  const table = [
    [1, 9000],
    [2, -5000],
    [4, -2000],
    [6, 8000],
    [9, 9000],
  ];

  it('B3 (L803-808): standardization of the unscaled table', () => {
    // Means 22/5 = 4.4 and 19000/5 = 3800; variances 41.2/5 = 8.24 and 182.8e6/5 = 36.56e6.
    const model = new StandardScaler().fit(table);
    expectClose(model.mean, [4.4, 3800]);
    expectClose(model.var, [8.24, 36.56e6]);
    expect(model.nSamplesSeen).toBe(5);
    const z = model.transform(table).toArray();
    expectClose(z[0], [-3.4 / Math.sqrt(8.24), 5200 / Math.sqrt(36.56e6)]);
    expectClose(z[4], [4.6 / Math.sqrt(8.24), 5200 / Math.sqrt(36.56e6)]);
    expectClose(model.inverseTransform(z), table);
  });

  it('B3 (L803-808): zero-centering alone, the first step of the slide', () => {
    expectClose(
      new StandardScaler({ withStd: false }).fit(table).transform(table),
      table.map(([a = 0, b = 0]) => [a - 4.4, b - 3800]),
      { atol: 1e-12 },
    );
  });

  it('B3 (L803-808): normalization of the unscaled table, (x - min) / (max - min)', () => {
    const model = new MinMaxScaler().fit(table);
    expectClose(model.transform(table), [
      [0, 1],
      [1 / 8, 0],
      [3 / 8, 3 / 14],
      [5 / 8, 13 / 14],
      [1, 1],
    ]);
    expect([model.dataMin, model.dataMax, model.dataRange].map((list) => [...list])).toEqual([
      [1, -5000],
      [9, 9000],
      [8, 14000],
    ]);
    expectClose([...model.scale, ...model.min], [1 / 8, 1 / 14000, -1 / 8, 5000 / 14000]);
  });

  it('C8, feature scaling: gradient descent on the table takes thousands of times fewer steps after it', () => {
    // Least squares of y = 0, 0, 1, 1, 2 (A, B, C) by the largest steady step: the number of steps grows with the condition of XᵀX.
    const steps = (x: number[][]) => {
      const y = [0, 0, 1, 1, 2];
      const rows = x.map((row) => [1, ...row]);
      const weights = [0, 0, 0];
      const largest = rows.reduce((sum, row) => sum + row.reduce((s, v) => s + v * v, 0), 0);
      for (let t = 1; t < 200_000; t++) {
        const gradient = [0, 0, 0];
        for (const [i, row] of rows.entries()) {
          const error = row.reduce((s, v, j) => s + v * weights[j]!, -y[i]!);
          for (let j = 0; j < 3; j++) gradient[j]! += error * row[j]!;
        }
        if (
          Math.max(...gradient.map((g, j) => Math.abs(g) / Math.max(...rows.map((row) => Math.abs(row[j]!))))) < 1e-6
        ) {
          return t;
        }
        for (let j = 0; j < 3; j++) weights[j]! -= gradient[j]! / largest;
      }
      return 200_000;
    };
    expect(steps(new StandardScaler().fit(table).transform(table).toArray())).toBeLessThan(200);
    expect(steps(table)).toBe(200_000);
  });

  it('medians and quartiles: outliers move nothing', () => {
    // Of 1 2 3 4 100 the median is 3 and the quartiles are 2 and 4.
    const model = new RobustScaler().fit([[1], [2], [3], [4], [100]]);
    expect([...model.center!, ...model.scale!]).toEqual([3, 2]);
    expect(model.transform([[100], [5]]).toArray()).toEqual([[48.5], [1]]);
    expect(new RobustScaler().fit([[1], [2], [3], [4], [1e9]]).scale).toEqual(model.scale);
    // The quartiles of a normal distribution lie 1.349 apart.
    expectClose(new RobustScaler({ unitVariance: true }).fit([[1], [2], [3], [4], [5]]).scale, [
      2 / 1.3489795003921634,
    ]);
  });

  it('largest absolute values, and norms of rows', () => {
    expect(new MaxAbsScaler().fit([[-4, 0], [2, 0]]).transform([[2, 3]]).toArray()).toEqual([[0.5, 3]]); // biome-ignore format: two rows
    const norms = (norm: 'l1' | 'l2' | 'max') => new Normalizer({ norm }).fit([[3, -4]]).transform([[3, -4], [0, 0]]).toArray(); // biome-ignore format: two rows
    expect(norms('l2')).toEqual([[0.6, -0.8], [0, 0]]); // biome-ignore format: two rows
    expectClose(norms('l1'), [[3 / 7, -4 / 7], [0, 0]]); // biome-ignore format: two rows
    expect(norms('max')).toEqual([[0.75, -1], [0, 0]]); // biome-ignore format: two rows
  });

  it('weights are repetitions: three times 0 and once 4', () => {
    const model = new StandardScaler().fit([[0], [4]], { sampleWeight: [3, 1] });
    expect([model.mean![0], model.var![0], model.nSamplesSeen]).toEqual([1, 3, 4]);
  });
});

interface Case {
  name: string;
  estimator: string;
  options: object;
  dtype: string;
  sparse: boolean;
  x: string;
  weights: number[] | null;
  more: string | null;
  fresh: string;
  attributes: Record<string, Written>;
  transform: Written;
  inverse?: Written;
}

interface Scaling {
  transform(x: never): unknown;
  transformOne(row: ArrayLike<number>, out: Float64Array): Float64Array;
  inverseTransform?(x: never): unknown;
  update?(x: never): Scaling;
  readonly nFeaturesOut: number;
}

describe('scalers, as scikit-learn', () => {
  const { tables, cases } = fixture<{ tables: Record<string, Written>; cases: Case[] }>('scalers');
  const classes = { StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, Normalizer };
  for (const c of cases) {
    it(`${c.estimator}: ${c.name}`, () => {
      const Estimator = classes[c.estimator as keyof typeof classes] as unknown as new (
        options: object,
      ) => { fit(x: unknown, options?: object): Scaling };
      const of = (name: string) => rowsAs(tables[name], c.dtype, c.sparse);
      const fitted = new Estimator(c.options).fit(of(c.x), c.weights === null ? {} : { sampleWeight: c.weights });
      const model = c.more === null ? fitted : fitted.update!(of(c.more) as never);
      const tolerance = c.dtype === 'float32' ? { rtol: 2e-6, atol: 2e-6 } : { rtol: 1e-9, atol: 1e-12 };
      for (const [key, value] of Object.entries(c.attributes)) {
        const got = (model as unknown as Record<string, unknown>)[key];
        if (value === null) expect(got, key).toBeNull();
        else expectClose(got, numbers(value), { ...tolerance, name: key });
      }
      const fresh = of(c.fresh);
      const made = model.transform(fresh as never);
      expectClose(dense(made), numbers(c.transform), { ...tolerance, name: 'transform' });
      const given: number[][] = numbers(tables[c.fresh]);
      if (c.dtype === 'float64') {
        expectClose(oneByOne(model, given), numbers(c.transform), { ...tolerance, name: 'transformOne' });
      }
      if (c.inverse === undefined) return;
      expectClose(dense(model.inverseTransform!(made as never)), numbers(c.inverse), { ...tolerance, name: 'inverse' });
    });
  }
});

describe('scalers, laws', () => {
  // Smaller numbers are refused, as their variance vanishes.
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => (Math.abs(x) < 1e-100 ? 0 : x));
  const table = fc
    .record({ n: fc.integer({ min: 1, max: 20 }), d: fc.integer({ min: 1, max: 4 }) })
    .chain(({ n, d }) => fc.array(fc.array(value, { minLength: d, maxLength: d }), { minLength: n, maxLength: n }));

  it('scaling and unscaling is the identity', () => {
    fc.assert(
      fc.property(table, (x) => {
        const size = Math.max(1, ...x.flat().map(Math.abs));
        for (const Estimator of [StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler]) {
          const model = new Estimator().fit(x);
          expectClose(model.inverseTransform(model.transform(x)), x, { atol: 1e-9 * size, name: Estimator.name });
        }
      }),
    );
  });

  it('standardized columns have the mean 0 and the variance 1, or are constant', () => {
    fc.assert(
      fc.property(table, (x) => {
        const first = new StandardScaler().fit(x);
        const again = new StandardScaler().fit(first.transform(x));
        for (let j = 0; j < again.nFeaturesIn; j++) {
          // What rounding of the mean makes of a column that is nearly constant.
          const limit = 1e-9 + (1e-15 * Math.abs(first.mean![j]!)) / first.scale![j]!;
          expect(Math.abs(again.mean![j]!)).toBeLessThan(limit);
          expect(Math.min(Math.abs(again.var![j]! - 1), again.var![j]!)).toBeLessThan(Math.sqrt(limit));
        }
      }),
    );
  });

  it('batches give what all rows at once give', () => {
    fc.assert(
      fc.property(table, fc.nat(20), (x, cut) => {
        if (x.length < 2) return;
        const at = 1 + (cut % (x.length - 1));
        const [whole, size] = [new StandardScaler().fit(x), Math.max(1, ...x.flat().map(Math.abs))];
        const parts = new StandardScaler().fit(x.slice(0, at)).update(x.slice(at));
        expectClose(parts.mean, whole.mean, { atol: 1e-9 * size });
        expectClose(parts.var, whole.var, { rtol: 1e-7, atol: 1e-9 * size });
        expect(JSON.stringify(new MinMaxScaler().fit(x.slice(0, at)).update(x.slice(at)))).toBe(
          JSON.stringify(new MinMaxScaler().fit(x)),
        );
        expect(JSON.stringify(new MaxAbsScaler().fit(x.slice(0, at)).update(x.slice(at)))).toBe(
          JSON.stringify(new MaxAbsScaler().fit(x)),
        );
      }),
    );
  });

  it('normalized rows have the norm 1, whatever their size', () => {
    const row = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(row, (values) => {
        const [z = []] = new Normalizer().fit([values]).transform([values]).toArray();
        const norm = Math.sqrt(z.reduce((sum, v) => sum + v * v, 0));
        expectClose(norm, values.every((v) => v === 0) ? 0 : 1, { rtol: 1e-12 });
      }),
    );
  });
});

describe('scalers, regressions and edges', () => {
  it('a column of one far value keeps its digits: variances are not differences of squares', () => {
    const x = [[1e9 + 1], [1e9 + 2], [1e9 + 3]];
    expectClose(new StandardScaler().fit(x).var, [2 / 3]);
    expectClose(new StandardScaler().fit(x).transform(x), [[-Math.sqrt(1.5)], [0], [Math.sqrt(1.5)]]);
  });

  it('one row, constant columns and zeros are scaled by 1', () => {
    const x = [[3, 0.1, 0], [3, 0.1, 0], [3, 0.1, 0]]; // biome-ignore format: three rows
    for (const Estimator of [StandardScaler, MinMaxScaler, RobustScaler]) {
      expectClose(new Estimator().fit(x).transform(x), [[0, 0, 0], [0, 0, 0], [0, 0, 0]], { atol: 1e-15 }); // biome-ignore format: three rows
      expectClose(new Estimator().fit(x).transform([[4, 1.1, -2]]), [[1, 1, -2]], { atol: 1e-15 });
      expectClose(new Estimator().fit(x.slice(0, 1)).transform([[4, 1.1, -2]]), [[1, 1, -2]], { atol: 1e-15 });
    }
  });

  it('writes rows into an array that is there already, whatever becomes of them in a new one', () => {
    const model = new StandardScaler().fit([[1, 5], [3, 7], [5, 5]]); // biome-ignore format: rows
    for (const data of [Float64Array.of(2, Number.NaN, 4, 8), Float32Array.of(2, Number.NaN, 4, 8)]) {
      const rows = { data, shape: [2, 2] };
      const out = data.slice().fill(9);
      const table = model.transformInto(rows, out);
      expect(table.data).toBe(out);
      expect(table).toEqual(model.transform(rows));
      expect(model.transformInto(rows, data).data).toEqual(out);
    }
    expectError(
      () => model.transformInto([[1, 2], [3, 4]], new Float64Array(2)), // biome-ignore format: rows
      ShapeError,
      'StandardScaler: out has length 2, but the rows make 4 numbers',
    );
    expectError(
      () => model.transformInto([[1, Number.POSITIVE_INFINITY]], new Float64Array(2)),
      DataError,
      'StandardScaler: x[0, 1] is Infinity; all numbers must be finite',
    );
  });

  it('says which column overflows, and which value', () => {
    const big = [[1, 1e308], [2, -1e308]]; // biome-ignore format: two rows
    const says = (what: string) => `the ${what} of column 1 overflows; divide the column by a constant first`;
    expectError(() => new StandardScaler().fit(big), DataError, `StandardScaler: ${says('variance')}`);
    expectError(
      () => new StandardScaler().fit([[1e308], [1e308]]),
      DataError,
      `StandardScaler: the mean of column 0 overflows; divide the column by a constant first`,
    );
    expectError(() => new MinMaxScaler().fit(big), DataError, `MinMaxScaler: ${says('range')}`);
    expectError(
      () => new RobustScaler({ quantileRange: [0, 100] }).fit(big),
      DataError,
      `RobustScaler: ${says('range')}`,
    );
    const model = new StandardScaler().fit([[0], [0.5]]);
    const message = 'is too large, its result overflows; scale it down first';
    expectError(() => model.transform([[0], [1e308]]), DataError, `StandardScaler: x[1, 0] ${message}`);
    expectError(
      () => model.transformOne([1e308], new Float64Array(1)),
      DataError,
      `StandardScaler: column 0 of the row ${message}`,
    );
    expectError(
      () => new StandardScaler().fit([[0], [1e10]]).inverseTransform([[1e300]]),
      DataError,
      `StandardScaler: x[0, 0] ${message}`,
    );
  });

  it('an infinite number is told as such, behind a result that overflows and behind missing values too', () => {
    const rows = [[Number.NaN], [1e308], [Number.NEGATIVE_INFINITY]];
    for (const Estimator of [StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler]) {
      const model = new Estimator().fit([[0], [0.5], [0.1]]);
      const message = `${Estimator.name}: x[2, 0] is -Infinity; all numbers must be finite`;
      expectError(() => model.transform(rows), DataError, message);
      expectError(() => model.inverseTransform(rows), DataError, message);
      expect([...model.transform([[Number.NaN]]).data, ...model.inverseTransform([[Number.NaN]]).data]).toEqual([
        Number.NaN,
        Number.NaN,
      ]);
    }
  });

  it('a result that overflows only in float32 is told', () => {
    const model = new StandardScaler().fit({ data: Float32Array.of(0, 0.5), shape: [2, 1] });
    const message = 'is too large, its result overflows; scale it down first';
    const x = { data: Float32Array.of(Number.NaN, 3e38), shape: [2, 1] };
    expectError(() => model.transform(x), DataError, `StandardScaler: x[1, 0] ${message}`);
    expectError(
      () => model.transformOne([3e38], new Float32Array(1)),
      DataError,
      `StandardScaler: column 0 of the row ${message}`,
    );
    expect(model.transformOne([3e38], new Float64Array(1))[0]).toBeCloseTo(1.2e39, -36);
  });

  it('says where a variance vanishes, though the column is not constant', () => {
    const message = (owner: string) =>
      `${owner}: the variance of column 1 vanishes, since its numbers are so small; multiply the column by a constant first`;
    const tiny = [[1, 1e-170], [2, 0], [3, -3e-170]]; // biome-ignore format: three rows
    expectError(() => new StandardScaler().fit(tiny), DataError, message('StandardScaler'));
    expectError(
      () => new StandardScaler({ withMean: false }).fit(toSparse(tensor(tiny, { dtype: 'float64' }))),
      DataError,
      message('StandardScaler'),
    );
    expectError(() => new StandardScaler().fit([[0, 0]]).update([[0, 1e-200]]), DataError, message('StandardScaler'));
    expect([...new StandardScaler().fit([[1, 1e-170], [2, 1e-170]]).scale!]).toEqual([0.5, 1]); // biome-ignore format: two rows
    expect([...new StandardScaler().fit(tiny, { sampleWeight: [1, 0, 0] }).scale!]).toEqual([1, 1]);
    expect(new MinMaxScaler().fit(tiny).transform(tiny).data.every(Number.isFinite)).toBe(true);
  });

  it('a column without values is refused by its number, in a batch it is not', () => {
    const x = [[1, Number.NaN], [2, Number.NaN]]; // biome-ignore format: two rows
    for (const Estimator of [StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler]) {
      expectError(
        () => new Estimator().fit(x),
        DataError,
        `${Estimator.name}: column 1 of x has no value that counts; drop it or impute it first (see SimpleImputer)`,
      );
    }
    const more = new StandardScaler().fit([[1, 4], [2, 6]]).update(x); // biome-ignore format: two rows
    expect([...more.mean!]).toEqual([1.5, 5]);
    expect([...(more.nSamplesSeen as Float64Array)]).toEqual([4, 2]);
    expect(more.transform([[1.5, Number.NaN]]).toArray()).toEqual([[0, Number.NaN]]);
  });

  it('refuses what has no meaning', () => {
    const sparse = toSparse(tensor([[1, 0]]));
    expectError(
      () => new StandardScaler().fit(sparse),
      OptionError,
      'StandardScaler: x is sparse, but subtracting the mean would fill it; use withMean: false or toDense(x)',
    );
    expectError(
      () => new MinMaxScaler().fit(sparse),
      OptionError,
      'MinMaxScaler: x must be a Tensor [n, d], an array of rows, or { data, shape }, got an object; make sparse rows dense: toDense(x)',
    );
    expectError(
      () => new StandardScaler({ withMean: 1 as never }),
      OptionError,
      'StandardScaler: withMean must be true or false, got 1',
    );
    const range = 'MinMaxScaler: featureRange must be two finite numbers [low, high] with low < high, got';
    expectError(() => new MinMaxScaler({ featureRange: [1, 0] }), OptionError, `${range} [1, 0]`);
    expectError(() => new MinMaxScaler({ featureRange: [-1e308, 1e308] }), OptionError, `${range} [-1e+308, 1e+308]`);
    const quantiles = 'RobustScaler: quantileRange must be two numbers [low, high] with';
    expectError(
      () => new RobustScaler({ quantileRange: [75, 25] }),
      OptionError,
      `${quantiles} 0 ≤ low < high ≤ 100, got [75, 25]`,
    );
    expectError(
      () => new RobustScaler({ quantileRange: [0, 50], unitVariance: true }),
      OptionError,
      `${quantiles} 0 < low < high < 100, as unitVariance is true, got [0, 50]`,
    );
    expectError(
      () => new Normalizer({ norm: 'l3' as never }),
      OptionError,
      "Normalizer: norm must be 'l1', 'l2' or 'max', got 'l3'",
    );
    expectError(
      () => new StandardScaler().fit([[1, 2]]).update([[1]]),
      ShapeError,
      'StandardScaler: x has 1 column, but the model was fitted with 2',
    );
    expectError(
      () => new StandardScaler().fit([[1, 2]]).featureNamesOut(['a']),
      ShapeError,
      'StandardScaler: there are 1 name, but the model was fitted with 2 columns',
    );
  });

  it('names its columns', () => {
    const model = new StandardScaler().fit([[1, 2]]);
    expect(model.featureNamesOut()).toEqual(['x0', 'x1']);
    expect(model.featureNamesOut(['age', 'fare'])).toEqual(['age', 'fare']);
    expect(String(new StandardScaler())).toBe('StandardScaler { withMean: true, withStd: true }');
    expect(String(model)).toBe('StandardScalerModel: 2 columns');
  });

  it('embeddings of 100,000 x 768 in float32 take little more than their result', { tags: ['node'] }, () => {
    const data = new Float32Array(100_000 * 768);
    for (let at = 0; at < data.length; at++) data[at] = (at % 911) - 455;
    const x = { data, shape: [100_000, 768] as const };
    const before = process.memoryUsage().arrayBuffers;
    const model = new StandardScaler().fit(x);
    const z = model.transform(x);
    expect(z.dtype).toBe('float32');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1.1 * data.byteLength);
    expectClose(model.mean![0], 0, { atol: 1 });
    expect(Math.abs(z.data[5]!)).toBeLessThan(2);
  });

  it('lets timers run during fitAsync, and can be aborted in the middle', async () => {
    const data = Float64Array.from({ length: 60_000 * 64 }, (_, at) => at % 97);
    const x = { data, shape: [60_000, 64] as const };
    for (const estimator of [new StandardScaler(), new RobustScaler(), new MinMaxScaler()]) {
      const { value: model, ticks } = await ticksDuring(async () => estimator.fitAsync(x));
      expect(ticks).toBeGreaterThan(0);
      expect(model.nFeaturesIn).toBe(64);
    }
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 1);
    await expect(new RobustScaler().fitAsync(x, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('serves single rows without allocating', { tags: ['node'] }, async () => {
    const x = [[1, 2], [3, 5], [4, 4]]; // biome-ignore format: three rows
    const models = [StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, Normalizer].map((E) => new E().fit(x));
    const [row, out] = [new Float64Array(2).fill(1), new Float64Array(2)];
    await expectNoGarbage((i) => {
      row[0] = i % 7;
      for (const model of models) model.transformOne(row, out);
    });
  });
});
