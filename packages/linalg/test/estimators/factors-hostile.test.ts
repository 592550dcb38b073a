import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { encodeArray } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  FactorAnalysis,
  FactorAnalysisModel,
  type FactorAnalysisOptions,
  HebbianPCA,
  HebbianPCAModel,
  type HebbianPCAOptions,
  mergeCorrelated,
  rotateLoadings,
} from '../../src/index.ts';

describe('factors, hostile input', () => {
  const rows = [[1, 2, 4], [2, 1, 3], [3, 5, 1], [4, 4, 9]]; // biome-ignore format: four rows

  it('constant, duplicate and dependent columns, more columns than rows, as many factors as columns', () => {
    const odd = rows.map(([a, b]) => [a!, b!, a!, 7, a! - b!, 2 * a!]);
    for (const method of ['ml', 'principal'] as const) {
      for (const nComponents of [1, 6]) {
        const model = new FactorAnalysis({ method, nComponents, maxIter: 200 }).fit(odd);
        const numbers = [...model.components.data, ...model.noiseVariance, ...model.transform(odd).data];
        expect(numbers.every(Number.isFinite)).toBe(true);
        expectClose(model.communalities[3], 0, { atol: 1e-9 });
      }
    }
  });

  it('all rows equal, one row, too many factors', () => {
    const fit = (options: FactorAnalysisOptions, given: number[][]) => () => new FactorAnalysis(options).fit(given);
    expectError(
      fit({}, [[1, 2], [1, 2]]), // biome-ignore format: two rows
      DataError,
      'FactorAnalysis: all rows of x are equal, so there is nothing to explain',
    );
    expectError(fit({}, [[1, 2]]), ShapeError, 'FactorAnalysis: x has 1 row, but variances need at least 2');
    expectError(fit({ nComponents: 4 }, rows), ShapeError, 'FactorAnalysis: nComponents is 4, but x has 3 columns');
    expectError(
      fit({ noiseVarianceInit: [1] }, rows),
      ShapeError,
      'FactorAnalysis: noiseVarianceInit has 1 numbers, but x has 3 columns',
    );
    expectError(
      fit({}, [[1e200, 0], [-1e200, 0]]), // biome-ignore format: two rows
      DataError,
      'FactorAnalysis: squares of the numbers in x overflow; divide x by a constant first',
    );
    const one = [[1], [2]];
    expectError(fit({ nComponents: 2 }, one), ShapeError, 'FactorAnalysis: nComponents is 2, but x has 1 column');
    for (const [options, message] of [
      [{ nComponents: 0 }, 'nComponents must be an integer ≥ 1, got 0'],
      [{ method: 'map' }, "method must be 'ml' or 'principal', got 'map'"],
      [{ tol: -1 }, 'tol must be a number ≥ 0, got -1'],
      [{ maxIter: 0 }, 'maxIter must be an integer ≥ 1, got 0'],
    ] as const) {
      expectError(() => new FactorAnalysis(options as object), OptionError, `FactorAnalysis: ${message}`);
    }
    expectError(
      fit({ noiseVarianceInit: 1 as never }, rows),
      OptionError,
      'FactorAnalysis: noiseVarianceInit must be an array of numbers or null, got 1',
    );
    expectError(
      fit({ noiseVarianceInit: { 0: 1 } as never }, rows),
      OptionError,
      'FactorAnalysis: noiseVarianceInit must be an array of numbers or null, got an object',
    );
    expectError(
      fit({ noiseVarianceInit: [1, 0, 1] }, rows),
      OptionError,
      'FactorAnalysis: noiseVarianceInit[1] must be a number > 0, got 0',
    );
    expectError(
      fit({ rotation: 'promax' as 'varimax' }, rows),
      OptionError,
      "FactorAnalysis: rotation must be 'varimax' or 'quartimax', got 'promax'",
    );
  });

  it('saved factors: figures by hand, and what is no model', () => {
    const floats = (...values: number[]) => encodeArray(Float64Array.from(values));
    const load = (changes: object = {}) =>
      FactorAnalysisModel.fromJSON({
        type: 'FactorAnalysisModel',
        version: 1,
        components: encodeArray(Float64Array.of(1, 1), [1, 2]),
        mean: floats(0, 0),
        noiseVariance: floats(1, 3),
        loglike: floats(Number.NaN),
        nIter: 1,
        converged: true,
        ...changes,
      });
    // Communalities are 1 / (1 + 1) and 1 / (1 + 3).
    const model = load();
    expect(String(model)).toBe(
      'FactorAnalysisModel: 1 factor of 2 columns, communality 37.5 % on the average, converged after 1 iteration',
    );
    const single = load({
      components: encodeArray(Float64Array.of(0, 0), [2, 1]),
      mean: floats(0),
      noiseVariance: floats(1),
      nIter: 2,
      converged: false,
    });
    expect(String(single)).toBe(
      'FactorAnalysisModel: 2 factors of 1 column, communality 0 % on the average, not converged after 2 iterations',
    );
    model.getCovariance().data.fill(0);
    expect(model.getCovariance().toArray()).toEqual([[2, 1], [1, 4]]); // biome-ignore format: a matrix
    const mistakes: [run: () => unknown, message: string][] = [
      [
        () =>
          model.scoreSamples([[0, 0], [1e200, 0]]), // biome-ignore format: two rows
        'x[1] is so far from the mean that its likelihood underflows',
      ],
      [
        () => load({ noiseVariance: floats(1e-9, 1e-9) }).scoreSamples([[1e308, -1e308]]),
        'x[0] holds numbers so large that what the model makes of it overflows',
      ],
      [
        () =>
          load({
            components: encodeArray(Float64Array.of(1e-3, 1e-3), [1, 2]),
            noiseVariance: floats(1e-8, 1e-8),
          }).transform([[1e308, 1e308]]),
        'x[0] holds numbers so large that what the model makes of it overflows',
      ],
      [
        () => load({ noiseVariance: floats(1e-200, 1e-200) }).getPrecision(),
        'the covariance of the model has no inverse; drop columns that depend on others, or take fewer factors',
      ],
      [
        () => load({ noiseVariance: floats(5e-324, 1) }),
        'x is too large or too small; multiply it by a constant first',
      ],
    ];
    for (const [run, message] of mistakes) expectError(run, DataError, `FactorAnalysis: ${message}`);
    for (const [changes, message] of [
      [{ components: encodeArray(new Float64Array(0), [0, 2]) }, 'components must not be empty'],
      [{ components: encodeArray(Float32Array.of(1, 1), [1, 2]) }, 'components must be float64, got float32'],
      [{ components: floats(1, 1) }, 'components must have the shape [any, 2], got [2]'],
      [{ mean: floats(0, Number.NaN) }, 'mean must be finite, got NaN at place 1'],
      [{ noiseVariance: floats(0, 1) }, 'noiseVariance must be above 0'],
      [{ noiseVariance: floats(1, -1) }, 'noiseVariance must be above 0'],
    ] as const) {
      expectError(() => load(changes), DataError, `FactorAnalysisModel.fromJSON: ${message}`);
    }
  });

  it('networks: rows that are equal, rates that are too large, weights that do not fit', () => {
    const fit = (options: HebbianPCAOptions, given: number[][]) => () =>
      new HebbianPCA({ seed: 0, ...options }).fit(given);
    expectError(
      fit({}, [[1, 2], [1, 2]]), // biome-ignore format: two rows
      DataError,
      'HebbianPCA: all rows of x are equal, so no component varies',
    );
    expectError(
      fit({ learningRate: 100 }, rows),
      DataError,
      'HebbianPCA: the weights grow without bounds; choose a smaller learningRate',
    );
    expectError(fit({ nComponents: 4 }, rows), ShapeError, 'HebbianPCA: nComponents is 4, but x has 3 columns');
    expectError(fit({ init: [[1, 2]] }, rows), ShapeError, 'HebbianPCA: init is [1, 2], but x has 3 columns');
    expectError(fit({ init: [[1], [2]] }, rows), ShapeError, 'HebbianPCA: init has 2 rows, but nComponents is 1');
    expectError(fit({ init: 3 as never }, rows), OptionError, 'HebbianPCA: init must be weights [k, d] or null, got 3');
    const model = new HebbianPCA({ nComponents: 2, seed: 0 }).fit(rows);
    expectError(
      () => model.inverseTransform([[1, 2, 3]]),
      ShapeError,
      'HebbianPCA: z has 3 columns, but the model was fitted with 2',
    );
    const overflows = (what: string) =>
      `HebbianPCA: ${what} holds numbers so large that what the model makes of it overflows`;
    // Two neurons of one input, and one of two.
    const made = (...shape: [number, number]) =>
      HebbianPCAModel.fromJSON({
        type: 'HebbianPCAModel',
        version: 1,
        components: encodeArray(Float64Array.of(1, 1), shape),
        mean: encodeArray(new Float64Array(shape[1])),
        nIter: 1,
        converged: true,
      });
    expectError(() => made(1, 2).transform([[1e308, 1e308]]), DataError, overflows('x[0]'));
    expectError(() => made(2, 1).inverseTransform([[1e308, 1e308]]), DataError, overflows('z[0]'));
    const saved = JSON.parse(JSON.stringify(model));
    const damaged = (changes: object) => () => HebbianPCAModel.fromJSON({ ...saved, ...changes });
    const nan = { dtype: 'float64', shape: [1], data: 'AAAAAAAA+H8=' };
    expectError(damaged({ mean: nan }), DataError, 'HebbianPCAModel.fromJSON: mean must be finite, got NaN at place 0');
    expectError(
      damaged({ mean: { ...nan, dtype: 'float32' } }),
      DataError,
      'HebbianPCAModel.fromJSON: mean must be float64, got float32',
    );
    expectError(
      damaged({ mean: saved.components }),
      DataError,
      'HebbianPCAModel.fromJSON: mean must have the shape [any], got [2, 3]',
    );
    for (const [components, what] of [
      [{ ...saved.components, dtype: 'float32' }, ' be float64, got float32'],
      [{ ...saved.components, shape: [3, 2] }, ' have the shape [any, 3], got [3, 2]'],
      [{ ...nan, shape: [1, 3], data: `${nan.data.slice(0, 11)}${'A'.repeat(21)}` }, ' be finite, got NaN at place 0'],
      [{ ...nan, shape: [0, 3], data: '' }, ' not be empty'],
    ] as const) {
      expectError(damaged({ components }), DataError, `HebbianPCAModel.fromJSON: components must${what}`);
    }
    expectError(fit({ decay: -1 }, rows), OptionError, 'HebbianPCA: decay must be a number ≥ 0, got -1');
    expectError(fit({ shuffle: 1 as never }, rows), OptionError, 'HebbianPCA: shuffle must be true or false, got 1');
  });

  it('merging: constant columns, one row, more variables than columns', () => {
    expectError(
      () => mergeCorrelated([[1, 5], [2, 5]]), // biome-ignore format: two rows
      DataError,
      'mergeCorrelated: column 1 of x is constant and correlates with nothing; drop it',
    );
    expectError(
      () => mergeCorrelated([[1, 5]]),
      ShapeError,
      'mergeCorrelated: x has 1 row, but correlations need at least 2',
    );
    expectError(
      () => mergeCorrelated(rows, { nVariables: 4 }),
      ShapeError,
      'mergeCorrelated: nVariables is 4, but x has 3 columns',
    );
    expect(mergeCorrelated([[1], [2]]).groups).toEqual([[0]]);
  });

  it('loadings of zeros, and huge ones', () => {
    expectClose(rotateLoadings([[0, 0], [0, 0]]), [[0, 0], [0, 0]]); // biome-ignore format: two rows
    const [a, b] = [[[1, 2], [3, 1]], [[1e200, 2e200], [3e200, 1e200]]]; // biome-ignore format: two tables
    expectClose(
      Array.from(rotateLoadings(b!).data, (v) => v / 1e200),
      rotateLoadings(a!).data,
      { rtol: 1e-12 },
    );
    for (const [options, message] of [
      [{ method: 'oblimin' }, "method must be 'varimax' or 'quartimax', got 'oblimin'"],
      [{ tol: -1 }, 'tol must be a number ≥ 0, got -1'],
      [{ maxIter: 0 }, 'maxIter must be an integer ≥ 1, got 0'],
      [{ maxiter: 9 }, 'there is no option maxiter, only method, tol and maxIter'],
    ] as const) {
      expectError(() => rotateLoadings([[1]], options as object), OptionError, `rotateLoadings: ${message}`);
    }
  });

  it('loadings that stay as they are come back as a copy', () => {
    const random = new Random(303607846);
    for (const data of [new Float64Array(6), Float64Array.from({ length: 21 }, () => random.normal())]) {
      const turned = rotateLoadings({ data, shape: [data.length / 3, 3] }, { tol: 1e-10, maxIter: 1000 });
      expect(turned.data).toEqual(data);
      expect(turned.data.buffer).not.toBe(data.buffer);
    }
  });
});
