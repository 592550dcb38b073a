import { DataError, OptionError, Random, runSteps, ShapeError } from '@maru-ml/base';
import { expectClose, expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import { checkTransformer } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimizeScalar } from '../src/brent.ts';
import {
  type ColumnFunction,
  FunctionTransformer,
  FunctionTransformerModel,
  KBinsDiscretizer,
  KBinsDiscretizerModel,
  PolynomialFeatures,
  PolynomialFeaturesModel,
  PowerTransformer,
  PowerTransformerModel,
  VarianceThreshold,
  VarianceThresholdModel,
} from '../src/index.ts';
import { lineKMeans } from '../src/line-kmeans.ts';
import { bestLambda, inversePowerOf, powerOf } from '../src/power.ts';
import { dense, fixture, numbers, oneByOne, type Written } from './reference.ts';
import { spec } from './spec.ts';

checkTransformer(spec('PolynomialFeatures', PolynomialFeatures, PolynomialFeaturesModel));
checkTransformer(
  spec('PolynomialFeatures', PolynomialFeatures, PolynomialFeaturesModel, {
    options: { degree: [2, 3], interactionOnly: true, includeBias: false },
  }),
);
checkTransformer(spec('PowerTransformer', PowerTransformer, PowerTransformerModel));
checkTransformer(
  spec('PowerTransformer', PowerTransformer, PowerTransformerModel, {
    options: { method: 'box-cox', standardize: false },
    adapt: ({ x, y }) => ({ x: x.map((row) => row.map((value) => value + 10)), y }),
  }),
);
checkTransformer(spec('FunctionTransformer', FunctionTransformer, FunctionTransformerModel));
checkTransformer(
  spec('FunctionTransformer', FunctionTransformer, FunctionTransformerModel, { options: { func: 'expm1' } }),
);
checkTransformer(spec('VarianceThreshold', VarianceThreshold, VarianceThresholdModel));

const bins = (options: Record<string, unknown>) =>
  spec('KBinsDiscretizer', KBinsDiscretizer, KBinsDiscretizerModel, { options });
checkTransformer(bins({ encode: 'ordinal', quantileMethod: 'averagedInvertedCdf' }));
checkTransformer(bins({ encode: 'onehotDense', quantileMethod: 'invertedCdf', nBins: [2, 3, 4, 5] }));
checkTransformer(bins({ encode: 'ordinal', strategy: 'kmeans', nBins: 3 }));
for (const strategy of ['quantile', 'uniform']) {
  const { traits, ...rest } = bins({ encode: 'onehotDense', strategy });
  checkTransformer({ ...rest, traits: { ...traits, sampleWeight: 'refuse' } });
}

describe('columns made of others, worked by hand', () => {
  it('products of two columns up to degree 2', () => {
    const model = new PolynomialFeatures().fit([[2, 3]]);
    expect(model.transform([[2, 3]]).toArray()).toEqual([[1, 2, 3, 4, 6, 9]]);
    expect(model.featureNamesOut(['a', 'b'])).toEqual(['1', 'a', 'b', 'a^2', 'a b', 'b^2']);
  });

  it('bins of equal width and of equally many values', () => {
    const x = [[0], [1], [2], [3], [10]];
    const uniform = new KBinsDiscretizer({ nBins: 2, strategy: 'uniform', encode: 'ordinal' }).fit(x);
    expect([...uniform.binEdges[0]!]).toEqual([0, 5, 10]);
    expect(uniform.transform([[-7], [4.9], [5], [99]]).toArray()).toEqual([[0], [0], [1], [1]]);
    expect(uniform.inverseTransform([[0], [1]]).toArray()).toEqual([[2.5], [7.5]]);
    const quantile = new KBinsDiscretizer({ nBins: 2, encode: 'onehotDense' }).fit(x);
    expect([...quantile.binEdges[0]!]).toEqual([0, 2, 10]);
    expect(quantile.transform([[1.9], [2]]).toArray()).toEqual([[1, 0], [0, 1]]); // biome-ignore format: two rows
    const kmeans = new KBinsDiscretizer({ nBins: 2, strategy: 'kmeans', encode: 'ordinal' }).fit(x);
    // The centers 2.5 and 7.5 move to 1.5 and 10, halfway 5.75.
    expect([...kmeans.binEdges[0]!]).toEqual([0, 5.75, 10]);
  });

  it('gives sparse rows unless told otherwise', () => {
    const rows = new KBinsDiscretizer({ nBins: 2 }).fit([[0, 5], [1, 6], [2, 7]]).transform([[0, 7]]); // biome-ignore format: three rows
    expect(dense(rows)).toEqual([[1, 0, 0, 1]]);
  });

  it('the powers of a few numbers', () => {
    // With λ = 0 box-cox is the logarithm, with 1 it is x - 1; yeo-johnson is that of x + 1, and mirrored below 0 with 2 - λ.
    expectClose(powerOf('box-cox', Math.E, 0), 1);
    expect(powerOf('box-cox', 5, 1)).toBe(4);
    expectClose(powerOf('box-cox', 3, 2), 4);
    expect([powerOf('yeo-johnson', 5, 1), powerOf('yeo-johnson', -5, 1)]).toEqual([5, -5]);
    expectClose(powerOf('yeo-johnson', Math.E - 1, 0), 1);
    expectClose(powerOf('yeo-johnson', 1 - Math.E, 2), -1);
    expectClose(powerOf('yeo-johnson', -1, 0), -1.5);
  });

  it('functions by name, of values and of rows', () => {
    const model = new FunctionTransformer({ func: 'log1p' }).fit([[0, 3]]);
    expectClose(model.transform([[0, 3]]), [[0, Math.log(4)]]);
    expectClose(model.inverseTransform([[0, Math.log(4)]]), [[0, 3]]);
    const functions: Record<string, ColumnFunction> = {
      celsius: (value) => (value - 32) / 1.8,
      fahrenheit: (value) => value * 1.8 + 32,
      sums: {
        nFeaturesOut: 2,
        row(row, out) {
          out[0] = row[0]! + row[1]!;
          out[1] = row[0]! - row[1]!;
        },
      },
    };
    const celsius = new FunctionTransformer({ func: 'celsius', inverseFunc: 'fahrenheit' }, functions).fit([[212]]);
    expect(celsius.transform([[212]]).toArray()).toEqual([[100]]);
    expect(celsius.inverseTransform([[100]]).toArray()).toEqual([[212]]);
    const sums = new FunctionTransformer({ func: 'sums' }, functions).fit([[5, 2]]);
    expect(sums.transform([[5, 2]]).toArray()).toEqual([[7, 3]]);
    expect(sums.featureNamesOut()).toEqual(['sums0', 'sums1']);
    const copy = FunctionTransformerModel.fromJSON(JSON.parse(JSON.stringify(sums)), { functions });
    expect([...copy.transformOne([5, 2], new Float64Array(2))]).toEqual([7, 3]);
    expectError(
      () => FunctionTransformerModel.fromJSON(JSON.parse(JSON.stringify(sums))),
      OptionError,
      "FunctionTransformerModel.fromJSON: there is no function 'sums'; hand it over in functions, or use identity, abs, square, sqrt, log, exp, log1p, expm1 or reciprocal",
    );
  });

  it('columns that never change are left out', () => {
    const x = [[0, 2, 0.1], [0, 1, 0.1], [0, 1, 0.1]]; // biome-ignore format: three rows
    const model = new VarianceThreshold().fit(x);
    expect(model.support).toEqual([false, true, false]);
    expect(model.transform(x).toArray()).toEqual([[2], [1], [1]]);
    expect(model.inverseTransform([[7]]).toArray()).toEqual([[0, 7, 0]]);
    expect(model.featureNamesOut(['a', 'b', 'c'])).toEqual(['b']);
  });
});

describe('columns made of others, as scikit-learn', () => {
  interface Fixture {
    tables: Record<string, Written>;
    polynomials: { options: object; x: string; powers: number[][]; names: string[]; transform: Written }[];
    bins: {
      options: object;
      x: string;
      edges: Written[];
      nBins: number[];
      names: string[];
      transform: Written;
      inverse: Written;
    }[];
    powers: { options: object; x: string; lambdas: number[]; transform: Written[] }[];
    variances: { options: object; x: string; variances: number[]; support: boolean[]; names: string[] }[];
    quantiles: { method: 'invertedCdf' | 'averagedInvertedCdf'; bins: number; edges: number[][] }[];
    lines: { values: number[]; start: number[]; centers: number[] }[];
    weighted: { values: number[]; weights: number[]; start: number[]; centers: number[] }[];
    functions: { func: string; transform: number[][] }[];
  }
  const { tables, polynomials, bins, powers, variances, quantiles, lines, weighted, functions } =
    fixture<Fixture>('columns_made');
  const table = (name: string): number[][] => numbers(tables[name]);

  for (const c of polynomials) {
    it(`PolynomialFeatures ${JSON.stringify(c.options)}`, () => {
      const model = new PolynomialFeatures(c.options).fit(table(c.x));
      expect(model.powers.toArray()).toEqual(c.powers);
      expect(model.featureNamesOut()).toEqual(c.names);
      expectClose(model.transform(table(c.x)), c.transform);
      expectClose(oneByOne(model, table(c.x)), c.transform);
    });
  }

  for (const c of bins) {
    it(`KBinsDiscretizer ${JSON.stringify(c.options)} of '${c.x}'`, () => {
      const x = table(c.x);
      const model = new KBinsDiscretizer(c.options as { encode: 'ordinal' }).fit(x);
      expectClose(model.binEdges, numbers(c.edges), { atol: 1e-12 });
      expect([...model.nBins]).toEqual(c.nBins);
      expect(model.featureNamesOut()).toEqual(c.names);
      expect(model.transform(x).toArray()).toEqual(c.transform);
      expect(oneByOne(model, x)).toEqual(c.transform);
      const back = model.inverseTransform(model.transform(x));
      if (c.inverse !== null) expectClose(back, c.inverse);
      else expect(back.data.every(Number.isFinite)).toBe(true);
    });
  }

  for (const { method, bins: nBins, edges } of quantiles) {
    it(`quantiles by ${method}, ${nBins} bins`, () => {
      const model = new KBinsDiscretizer({ nBins, quantileMethod: method, encode: 'ordinal' }).fit(table('skewed'));
      expectClose(model.binEdges.slice(0, 2), edges);
    });
  }

  for (const [i, { values, start, centers }] of lines.entries()) {
    it(`k-means on a line, ${start.length} centers of ${values.length} values, case ${i}`, () => {
      const found = runSteps(lineKMeans(Float64Array.from(values), null, Float64Array.from(start)));
      expectClose(found, centers, { atol: 1e-12 });
    });
  }

  for (const { values, weights, start, centers } of weighted) {
    it('k-means on a line, with weights', () => {
      const found = runSteps(
        lineKMeans(Float64Array.from(values), Float64Array.from(weights), Float64Array.from(start)),
      );
      expectClose(found, centers, { rtol: 1e-6 });
    });
  }

  for (const c of powers) {
    it(`PowerTransformer ${JSON.stringify(c.options)} of '${c.x}'`, () => {
      const model = new PowerTransformer(c.options).fit(table(c.x));
      expectClose(model.lambdas, c.lambdas, { rtol: 1e-6, atol: 1e-6 });
      const x = table(c.x).slice(0, 8);
      expectClose(model.transform(x), numbers(c.transform), { rtol: 1e-5, atol: 1e-6 });
      expectClose(model.inverseTransform(model.transform(x)), x, { atol: 1e-9 });
    });
  }

  for (const c of variances) {
    it(`VarianceThreshold ${JSON.stringify(c.options)} of '${c.x}'`, () => {
      const model = new VarianceThreshold(c.options).fit(table(c.x));
      expectClose(model.variances, c.variances, { atol: 1e-12 });
      expect(model.support).toEqual(c.support);
      expect(model.featureNamesOut()).toEqual(c.names);
      const kept = table(c.x).map((row) => row.filter((_, j) => c.support[j]));
      expectClose(model.transform(table(c.x)), kept);
    });
  }

  for (const { func, transform } of functions) {
    it(`FunctionTransformer ${func}`, () => {
      const x = table('few').map((row) => row.map((value) => value + 4));
      expectClose(new FunctionTransformer({ func }).fit(x).transform(x), transform);
    });
  }
});

describe('columns made of others, laws', () => {
  it('products are the powers of the columns', () => {
    const row = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 4 });
    const options = fc.record({
      degree: fc.integer({ min: 1, max: 4 }),
      interactionOnly: fc.boolean(),
      includeBias: fc.boolean(),
    });
    fc.assert(
      fc.property(row, options, (values, given) => {
        const model = new PolynomialFeatures(given).fit([values]);
        const products = model.powers
          .toArray()
          .map((powers) => powers.reduce((product, power, j) => product * values[j]! ** power, 1));
        expectClose(model.transform([values]), [products], { rtol: 1e-12, atol: 1e-300 });
      }),
    );
  });

  it('every value is in the bin between its edges, and bins of quantiles hold about equally many', () => {
    const column = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 60 });
    const strategy = fc.constantFrom('uniform' as const, 'quantile' as const, 'kmeans' as const);
    fc.assert(
      fc.property(column, strategy, fc.integer({ min: 2, max: 3 }), (values, given, nBins) => {
        const x = values.map((value) => [value]);
        const model = new KBinsDiscretizer({ nBins, strategy: given, encode: 'ordinal' }).fit(x);
        const edges = model.binEdges[0]!;
        for (const [i, bin] of [...model.transform(x).data].entries()) {
          expect(bin === 0 || edges[bin]! <= values[i]!).toBe(true);
          expect(bin === edges.length - 2 || values[i]! < edges[bin + 1]!).toBe(true);
        }
      }),
    );
  });

  it('powers and their inverse, for any λ and number', () => {
    const lambda = fc.double({ min: -3, max: 3, noNaN: true });
    const value = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(lambda, value, (l, x) => {
        const y = powerOf('yeo-johnson', x, l);
        // Powers near their limit -1/λ have lost the digits of x.
        const slope = (1 + Math.abs(x)) ** (x >= 0 ? l - 1 : 1 - l);
        if (slope < 1e-4) return;
        expectClose(inversePowerOf('yeo-johnson', y, l), x, { rtol: 1e-9, atol: 1e-9 });
      }),
    );
  });

  it('the best λ is a minimum: no λ near it is likelier', () => {
    const random = new Random(5);
    for (const shift of [0, 3, -30]) {
      const values = Float64Array.from({ length: 50 }, () => random.normal() ** 3 + shift);
      const best = runSteps(bestLambda('yeo-johnson', values));
      const loss = (lambda: number) => {
        const y = Array.from(values, (x) => powerOf('yeo-johnson', x, lambda));
        const mean = y.reduce((s, v) => s + v, 0) / y.length;
        const variance = y.reduce((s, v) => s + (v - mean) ** 2, 0) / y.length;
        const jacobian = values.reduce((s, x) => s + Math.sign(x) * Math.log1p(Math.abs(x)), 0);
        return (y.length / 2) * Math.log(variance) - (lambda - 1) * jacobian;
      };
      for (const step of [-0.1, -0.001, 0.001, 0.1]) expect(loss(best + step)).toBeGreaterThan(loss(best));
    }
  });

  it('Brent finds minima of functions that are known', () => {
    expectClose(runSteps(minimizeScalar((x) => (x - 1.25) ** 2, -2, 2)), 1.25, { rtol: 1e-7 });
    expectClose(runSteps(minimizeScalar((x) => Math.cosh(x - 40), -2, 2)), 40, { rtol: 1e-7 });
    expectClose(runSteps(minimizeScalar((x) => (x < 0.1 ? Number.POSITIVE_INFINITY : x - Math.log(x)), 0.2, 0.3)), 1, {
      rtol: 1e-6,
    });
    expectClose(runSteps(minimizeScalar((x) => Math.abs(x + 7), -2, 2)), -7, { rtol: 1e-7 });
  });
});

describe('columns made of others, regressions and edges', () => {
  it('a far column whose powers keep no digits is refused, a wide one is not', () => {
    const far = [1, 2, 3, 5, 9].map((value) => [1e12 + value]);
    const message = (lambda: string) =>
      `PowerTransformer: the best power of column 0, λ = ${lambda}, leaves no digits of its values apart; subtract or divide by a constant first`;
    expectError(() => new PowerTransformer().fit(far), DataError, message('-4.72'));
    const wide = [[1e-300], [1], [1e300], [1e200]];
    expectClose(
      new PowerTransformer({ method: 'box-cox' })
        .fit(wide)
        .inverseTransform(new PowerTransformer({ method: 'box-cox' }).fit(wide).transform(wide)),
      wide,
      { rtol: 1e-6 },
    );
  });

  it('constant columns: one bin with its value, λ 1, variance 0', () => {
    const x = [[3], [3]];
    const bins = new KBinsDiscretizer({ encode: 'ordinal' }).fit(x);
    expect([[...bins.binEdges[0]!], [...bins.nBins]]).toEqual([
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      [1],
    ]);
    expect(bins.inverseTransform(bins.transform([[99]])).toArray()).toEqual([[3]]);
    expect([...new PowerTransformer().fit(x).lambdas]).toEqual([1]);
    expect(new PowerTransformer({ method: 'box-cox' }).fit(x).transform(x).toArray()).toEqual([[0], [0]]);
    expectError(
      () => new VarianceThreshold().fit(x),
      DataError,
      'VarianceThreshold: no column of x has a variance above 0',
    );
  });

  it('draws rows to find the bins of very many', () => {
    const x = Array.from({ length: 1000 }, (_, i) => [i]);
    const options = { nBins: 4, encode: 'ordinal', subsample: 200 } as const;
    const model = new KBinsDiscretizer({ ...options, seed: 1 }).fit(x);
    expect(JSON.stringify(new KBinsDiscretizer({ ...options, seed: 1 }).fit(x))).toBe(JSON.stringify(model));
    expectClose(model.binEdges[0], [0, 250, 500, 750, 999], { atol: 60 });
    expect(model.binEdges[0]).not.toEqual(new KBinsDiscretizer({ ...options, subsample: null }).fit(x).binEdges[0]);
  });

  it('says what is wrong', () => {
    const bins =
      (options: object, x: number[][] = [[1], [2], [3]], fit: object = {}) =>
      () =>
        new KBinsDiscretizer(options).fit(x, fit);
    expectError(
      bins({ nBins: 1 }),
      OptionError,
      'KBinsDiscretizer: nBins must be an integer ≥ 2, or one for each column, got 1',
    );
    expectError(bins({ nBins: [2, 2] }), ShapeError, 'KBinsDiscretizer: nBins has 2 numbers, but x has 1 column');
    expectError(
      bins({ strategy: 'kmeans' }),
      ShapeError,
      "KBinsDiscretizer: nBins is 5, but the number of rows that weigh something is 3; 'kmeans' needs as many",
    );
    expectError(
      bins({}, [[1], [2]], { sampleWeight: [1, 2] }),
      OptionError,
      "KBinsDiscretizer: there is no option sampleWeight for quantileMethod 'linear'; use 'averagedInvertedCdf'",
    );
    expectError(
      bins({}, [[1e-10], [2e-10]]),
      DataError,
      'KBinsDiscretizer: the values of column 0 lie within 1e-8, too close together for bins; multiply the column by a constant first',
    );
    expectError(
      bins({ strategy: 'uniform' }, [[-1e308], [1e308]]),
      DataError,
      'KBinsDiscretizer: the range of column 0 overflows; divide the column by a constant first',
    );
    const made = new KBinsDiscretizer({ encode: 'ordinal', nBins: 2 }).fit([[1], [2]]);
    expectError(
      () => made.inverseTransform([[2]]),
      DataError,
      'KBinsDiscretizer: x[0, 0] must be a bin from 0 to 1 of column 0, got 2',
    );
    expectError(
      () => made.inverseTransform([[0, 1]]),
      ShapeError,
      'KBinsDiscretizer: x has 2 columns, but the model makes 1',
    );
    expectError(
      () => new PowerTransformer({ method: 'box-cox' }).fit([[1], [0]]),
      DataError,
      "PowerTransformer: x[1, 0] is 0, but 'box-cox' needs numbers above 0; use method 'yeo-johnson'",
    );
    const power = new PowerTransformer({ method: 'box-cox', standardize: false }).fit([[1], [4], [20], [90]]);
    expectError(
      () => power.transformOne([-1], new Float64Array(1)),
      DataError,
      "PowerTransformer: column 0 of the row is -1, but 'box-cox' needs numbers above 0; use method 'yeo-johnson'",
    );
    const negative = new PowerTransformer({ standardize: false }).fit([[1], [4], [20], [900]]);
    expect(negative.lambdas[0]!).toBeLessThan(0);
    expectError(
      () => negative.inverseTransform([[1e6]]),
      DataError,
      'PowerTransformer: x[0, 0] is 1000000, which the transform gives for no finite number',
    );
    expectError(
      () => new PolynomialFeatures({ degree: -1 }),
      OptionError,
      'PolynomialFeatures: degree must be an integer ≥ 0 or two with 0 ≤ min ≤ max, got -1',
    );
    expectError(
      () => new PolynomialFeatures({ degree: [2, 3], interactionOnly: true, includeBias: false }).fit([[1]]),
      OptionError,
      'PolynomialFeatures: there is no product of degree [2, 3] of 1 column; use a lower degree or includeBias',
    );
    expectError(
      () => new PolynomialFeatures({ degree: 9 }).fit([new Array(100).fill(1)]),
      OptionError,
      'PolynomialFeatures: degree 9 of 100 columns makes more than 4194304 products; use a lower degree or interactionOnly',
    );
    expectError(
      () => new PolynomialFeatures().fit([[1]]).transform([[1e200]]),
      DataError,
      'PolynomialFeatures: x[0, 0] is too large, its result overflows; scale it down first',
    );
    expectError(
      () => new FunctionTransformer({ func: 'log' }).fit([[1]]).transform([[-1]]),
      DataError,
      'FunctionTransformer: log makes NaN of -1 in x[0], column 0, which must be a finite number',
    );
    expectError(
      () => new FunctionTransformer({ func: 'abs' }).fit([[1]]).inverseTransform([[1]]),
      OptionError,
      "FunctionTransformer: 'abs' has no way back; give it an inverseFunc",
    );
    expectError(
      () => new FunctionTransformer({ func: 'square', inverseFunc: 'sqrt' }).fit([[1], [-2]]),
      DataError,
      'FunctionTransformer: inverseFunc does not lead back, as x[1, 0] is -2 and becomes 2; use another or checkInverse: false',
    );
    expectError(
      () => new FunctionTransformer({ func: Math.log as never }),
      OptionError,
      'FunctionTransformer: func must be the name of a function, got a function; hand the function over in the second argument',
    );
  });

  it('serves single rows without allocating', { tags: ['node'] }, async () => {
    const x = [[1, 2], [3, 5], [4, 4]]; // biome-ignore format: three rows
    const models = [
      new PolynomialFeatures({ includeBias: false, interactionOnly: true, degree: 1 }).fit(x),
      new PowerTransformer().fit(x),
      new KBinsDiscretizer({ encode: 'ordinal', nBins: 2 }).fit(x),
      new VarianceThreshold().fit(x),
    ];
    const [row, out] = [new Float64Array(2).fill(1), new Float64Array(2)];
    await expectNoGarbage((i) => {
      row[0] = i % 7;
      for (const model of models) model.transformOne(row, out);
    });
  });
});

describe('damaged and daring files', () => {
  it('powers with a mean and no scale, and the other way round', () => {
    for (const [standardize, name, value, end] of [
      [true, 'mean', null, 'saved, since standardize is true'],
      [true, 'scale', null, 'saved, since standardize is true'],
      [false, 'mean', 'lambdas', 'null, since standardize is false'],
      [false, 'scale', 'lambdas', 'null, since standardize is false'],
    ] as const) {
      const saved = JSON.parse(JSON.stringify(new PowerTransformer({ standardize }).fit([[1], [2], [4]])));
      saved[name] = value && saved[value];
      expectError(
        () => PowerTransformerModel.fromJSON(saved),
        DataError,
        `PowerTransformerModel.fromJSON: mean and scale must be ${end}`,
      );
    }
  });

  it('polynomial features of many columns take no more memory than their products', { tags: ['node'] }, () => {
    const model = new PolynomialFeatures().fit([Array.from({ length: 600 }, (_, j) => j)]);
    expect(model.nFeaturesOut).toBe(1 + 600 + (600 * 601) / 2);
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(2 ** 29);
  });

  it('options that are none are refused as a fault of the file', () => {
    const saved = JSON.parse(JSON.stringify(new PolynomialFeatures().fit([[1, 2]])));
    const owner = 'PolynomialFeaturesModel.fromJSON';
    const refused: [object, string][] = [
      [
        { options: { ...saved.options, toString: 3 } },
        'the saved model is damaged; PolynomialFeatures: there is no option toString, only degree, interactionOnly and includeBias',
      ],
      [{ nFeaturesIn: 1e9 }, 'nFeaturesIn must be an integer from 1 to 16777216, got 1000000000'],
      [
        { nFeaturesIn: 4000 },
        'the saved model is damaged; PolynomialFeatures: degree 2 of 4000 columns makes more than 4194304 products; use a lower degree or interactionOnly',
      ],
    ];
    for (const [damage, message] of refused) {
      expectError(() => PolynomialFeaturesModel.fromJSON({ ...saved, ...damage }), DataError, `${owner}: ${message}`);
    }
  });
});
