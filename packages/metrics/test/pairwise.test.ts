import { DataError, OptionError, Random, ShapeError, shared } from '@maru-ml/base';
import { tensor, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  additiveChi2Kernel,
  chi2Kernel,
  cosineDistances,
  cosineSimilarity,
  euclideanDistances,
  haversineDistances,
  laplacianKernel,
  linearKernel,
  type Metric,
  manhattanDistances,
  pairwiseDistances,
  polynomialKernel,
  rbfKernel,
  sigmoidKernel,
} from '../src/index.ts';
import { read } from './read.ts';

const METRICS: Metric[] = [
  'euclidean',
  'sqeuclidean',
  'manhattan',
  'chebyshev',
  'minkowski',
  'cosine',
  'correlation',
  'hamming',
  'jaccard',
  'canberra',
  'braycurtis',
];

describe('distances, worked by hand', () => {
  it('of (1, 2) and (4, 6)', () => {
    const between = (metric: Metric, p?: number) =>
      pairwiseDistances([[1, 2]], [[4, 6]], { metric, ...(p === undefined ? {} : { p }) }).data[0];
    expect(between('euclidean')).toBe(5);
    expect(between('sqeuclidean')).toBe(25);
    expect(between('manhattan')).toBe(7);
    expect(between('chebyshev')).toBe(4);
    expectClose(between('minkowski', 3), Math.cbrt(27 + 64));
    expect(between('minkowski', Number.POSITIVE_INFINITY)).toBe(4);
    expect(between('hamming')).toBe(1);
    expectClose(between('canberra'), 3 / 5 + 4 / 8);
    expectClose(between('braycurtis'), 7 / 13);
    expectClose(between('cosine'), 1 - 16 / Math.sqrt(5 * 52));
  });

  it('a quarter of the way round a sphere', () => {
    const quarter = haversineDistances([[0, 0]], [[0, Math.PI / 2], [Math.PI / 2, 1], [0, Math.PI]]); // biome-ignore format: rows
    expectClose(quarter.toArray(), [[Math.PI / 2, Math.PI / 2, Math.PI]]);
  });
});

describe('distances and kernels, as scikit-learn', () => {
  const { distances, kernels } = read<{
    distances: { metric: Metric; p?: number; x: number[][]; y: number[][]; xy: number[][]; xx: number[][] }[];
    kernels: { x: number[][]; y: number[][]; counts: number[][]; polynomialRoot: number[][] } & Record<
      'rbf' | 'laplacian' | 'polynomial' | 'sigmoid' | 'linear' | 'cosine' | 'chi2' | 'additiveChi2',
      [number[][], number[][]]
    >;
  }>('pairwise');
  // Its euclidean distances are squares of differences of large numbers, ours sums of squares of differences.
  const close = { atol: 1e-12 };

  for (const [i, { metric, p, x, y, xy, xx }] of distances.entries()) {
    it(`${metric}${p === undefined ? '' : ` ${p}`} (${i})`, () => {
      const options = { metric, ...(p === undefined ? {} : { p }) };
      expectClose(pairwiseDistances(x, y, options), xy, close);
      expectClose(pairwiseDistances(x, null, options), xx, { atol: metric === 'euclidean' ? 1e-7 : 1e-12 });
      if (metric === 'euclidean') expectClose(euclideanDistances(x, y), xy, close);
      if (metric === 'manhattan') expectClose(manhattanDistances(x, y), xy, close);
      if (metric === 'haversine') expectClose(haversineDistances(x), xx, close);
      if (metric !== 'cosine') return;
      expectClose(cosineDistances(x, y), xy, close);
      expectClose(cosineDistances(x), xx, close);
    });
  }

  it('kernel functions', () => {
    const { x, y, counts } = kernels;
    const few = counts.slice(0, 2);
    const gamma = 0.7;
    expectClose([rbfKernel(x, y), rbfKernel(x, null, { gamma })], kernels.rbf, close);
    expectClose([laplacianKernel(x, y), laplacianKernel(x, null, { gamma })], kernels.laplacian, close);
    const second = polynomialKernel(x, null, { degree: 2, gamma, coef0: -0.5 });
    expectClose([polynomialKernel(x, y), second], kernels.polynomial, close);
    expectClose([sigmoidKernel(x, y), sigmoidKernel(x, null, { gamma, coef0: -0.5 })], kernels.sigmoid, close);
    expectClose([linearKernel(x, y), linearKernel(x)], kernels.linear, close);
    const withZeros = x.map((row, i) => (i === 2 ? row.map(() => 0) : row));
    expectClose([cosineSimilarity(withZeros, y), cosineSimilarity(withZeros)], kernels.cosine, close);
    expectClose([chi2Kernel(counts, few), chi2Kernel(counts, null, { gamma: 0.3 })], kernels.chi2, close);
    expectClose([additiveChi2Kernel(counts, few), additiveChi2Kernel(counts)], kernels.additiveChi2, close);
    const root = polynomialKernel(counts, null, { degree: 1.5, gamma, coef0: 0.5 });
    expectClose(root, kernels.polynomialRoot, close);
  });
});

describe('distances, laws', () => {
  const tables = fc.record({
    seed: fc.nat(2 ** 31),
    n: fc.integer({ min: 1, max: 7 }),
    d: fc.integer({ min: 2, max: 9 }),
  });

  it('are symmetric, 0 from a row to itself, and the same from tensors and flat data', () => {
    fc.assert(
      fc.property(tables, ({ seed, n, d }) => {
        const random = new Random(seed);
        const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
        for (const metric of METRICS) {
          const table = pairwiseDistances(x, null, { metric, p: 3 });
          const rows = table.toArray();
          for (let i = 0; i < n; i++) {
            expect(rows[i]![i]).toBe(0);
            for (let j = 0; j < n; j++) {
              expectClose(rows[i]![j], rows[j]![i], { name: metric, atol: 1e-15 });
              expect(rows[i]![j]).toBeGreaterThanOrEqual(0);
            }
          }
          expectClose(pairwiseDistances(x, x, { metric, p: 3 }), rows, { atol: 1e-15, name: metric });
          expect(pairwiseDistances(tensor(x, { dtype: 'float64' }), null, { metric, p: 3 })).toEqual(table);
          const flat = { data: x.flat(), shape: [n, d] };
          expect(pairwiseDistances(flat, null, { metric, p: 3 })).toEqual(table);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('sparse rows have the cosines of dense ones', () => {
    fc.assert(
      fc.property(tables, ({ seed, n, d }) => {
        const random = new Random(seed);
        const dense = (rows: number) =>
          Array.from({ length: rows }, () => Array.from({ length: d }, () => Math.max(0, random.integer(5) - 2)));
        const [x, y] = [dense(n), dense(3)];
        const sparse = (rows: number[][]) => toSparse(tensor(rows, { dtype: 'float64' }));
        const close = { atol: 1e-14 };
        expectClose(cosineSimilarity(sparse(x), sparse(y)), cosineSimilarity(x, y), close);
        expectClose(cosineSimilarity(sparse(x), y), cosineSimilarity(x, y), close);
        expectClose(cosineSimilarity(x, sparse(y)), cosineSimilarity(x, y), close);
        expectClose(cosineSimilarity(sparse(x)), cosineSimilarity(x), close);
        expectClose(cosineDistances(sparse(x)), cosineDistances(x), close);
      }),
    );
  });

  it('are the same to the last bit with WebAssembly and without', { tags: ['wasm'] }, () => {
    const random = new Random(6);
    const x = Array.from({ length: 30 }, () => Array.from({ length: 17 }, () => random.normal()));
    const all = () => [
      euclideanDistances(x),
      cosineSimilarity(x),
      linearKernel(x),
      rbfKernel(x),
      sigmoidKernel(x),
      polynomialKernel(x, null, { degree: 2.5, coef0: 9 }),
      laplacianKernel(x),
    ];
    const usual = all();
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    expect(choice.calls).toBeGreaterThan(0);
    choice.mode = 'js';
    try {
      expect(all()).toEqual(usual);
    } finally {
      choice.mode = 'auto';
    }
  });

  it('keep their digits far from 0 and at the ends of the numbers', () => {
    expectClose(euclideanDistances([[1e8]], [[1e8 + 1]]).data, [1]);
    expectClose(cosineSimilarity([[1e200, 1e200]], [[1e-200, 0]]).data, [Math.SQRT1_2]);
    expectClose(pairwiseDistances([[1e-200, 0]], [[0, 1e-200]], { metric: 'cosine' }).data, [1]);
  });
});

describe('distances and kernels, what has no answer', () => {
  it('says what is wrong', () => {
    expectError(
      () => euclideanDistances([[1, 2]], [[1]]),
      ShapeError,
      'euclideanDistances: x has 2 columns, but y has 1; rows must be equally long',
    );
    expectError(
      () => cosineSimilarity(toSparse(tensor([[1, 2]])), [[1]]),
      ShapeError,
      'cosineSimilarity: x has 2 columns, but y has 1; rows must be equally long',
    );
    expectError(
      () => euclideanDistances([[1, Number.NaN]]),
      DataError,
      'euclideanDistances: x[0, 1] is NaN; impute or drop missing values first (see SimpleImputer)',
    );
    expectError(
      () => euclideanDistances([[1]], [[Number.POSITIVE_INFINITY]]),
      DataError,
      'euclideanDistances: y[0, 0] is Infinity; all numbers must be finite',
    );
    expectError(
      () => pairwiseDistances([[1]], null, { metric: 'euclid' as 'euclidean' }),
      OptionError,
      "pairwiseDistances: metric must be 'euclidean', 'sqeuclidean', 'manhattan', 'chebyshev', 'minkowski', 'cosine', 'correlation', 'hamming', 'jaccard', 'canberra', 'braycurtis' or 'haversine', got 'euclid'",
    );
    expectError(
      () => pairwiseDistances([[1]], null, { p: 0.5 }),
      OptionError,
      'pairwiseDistances: p must be a number ≥ 1, got 0.5',
    );
    expectError(
      () => pairwiseDistances([[1, 2], [3, 3]], null, { metric: 'correlation' }), // biome-ignore format: rows
      DataError,
      'pairwiseDistances: x[1] is constant, so it has no correlation with others',
    );
    expectError(
      () => pairwiseDistances([[0, 0]], [[1, 2], [0, 0]], { metric: 'braycurtis' }), // biome-ignore format: rows
      DataError,
      "pairwiseDistances: x[0] and y[1] add up to 0, so 'braycurtis' is not defined",
    );
    expectError(
      () => haversineDistances([[1]]),
      ShapeError,
      "haversineDistances: rows must be [latitude, longitude] for 'haversine', got 1 column",
    );
    expectError(
      () => euclideanDistances([[1e200], [0]]),
      DataError,
      'euclideanDistances: at [0, 1] distances overflow; divide x by a constant first',
    );
    expectError(
      () => linearKernel([[1e200]]),
      DataError,
      'linearKernel: at [0, 0] products overflow; divide x by a constant first',
    );
    expectError(
      () => rbfKernel([[0], [40]], null, { gamma: -1 }),
      DataError,
      'rbfKernel: at [0, 1] the kernel overflows; make gamma larger',
    );
    expectError(
      () => polynomialKernel([[1], [-1]], null, { degree: 1.5, coef0: 0 }),
      DataError,
      'polynomialKernel: at [0, 1] γ a·b + c is -1, which has no power 1.5; use an integer degree',
    );
    expectError(
      () => polynomialKernel([[1]], null, { degree: 0 }),
      OptionError,
      'polynomialKernel: degree must be a number > 0, got 0',
    );
    expectError(() => chi2Kernel([[1, -1]]), DataError, 'chi2Kernel: x[0, 1] must be ≥ 0, as counts are, got -1');
    expectError(
      () => rbfKernel([[1]], null, { gama: 1 } as object),
      OptionError,
      'rbfKernel: there is no option gama, only gamma',
    );
  });
});
