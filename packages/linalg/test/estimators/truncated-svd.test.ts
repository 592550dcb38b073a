import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError, shared } from '@maru-ml/base';
import { fromBytes, tensor, toBytes, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkTransformer, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PCA, TruncatedSVD, TruncatedSVDModel } from '../../src/index.ts';
import traits from '../../traits.json' with { type: 'json' };

const spec: Spec = {
  name: 'TruncatedSVD',
  Estimator: TruncatedSVD,
  Model: TruncatedSVDModel,
  traits: traits.TruncatedSVD as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  sparseRows: (rows) => toSparse(tensor(rows, { dtype: 'float64' })),
  options: { nComponents: 4, seed: 0 },
};
checkTransformer(spec);
describe('in full', () => checkTransformer({ ...spec, options: { nComponents: 4, algorithm: 'full' } }));
describe('two components', () =>
  checkTransformer({ ...spec, options: { seed: 0 }, traits: { ...spec.traits, lossy: true } }));

describe('TruncatedSVD, worked by hand', () => {
  it('rows along two axes', () => {
    // The singular values are 5 and 2; along (1, 0): 3, 4, 0.
    const model = new TruncatedSVD({ nComponents: 1, seed: 0 }).fit([[3, 0], [4, 0], [0, 2]]); // biome-ignore format: rows
    expectClose(model.singularValues, [5]);
    expectClose(model.components, [[1, 0]], { atol: 1e-12 });
    expectClose(model.explainedVariance, [(9 + 16) / 3 - (7 / 3) ** 2]);
    expectClose(model.explainedVarianceRatio, [26 / 9 / (26 / 9 + 8 / 9)]);
    expectClose(model.transform([[2, 9]]), [[2]]);
    expectClose(model.inverseTransform([[2]]), [[2, 0]], { atol: 1e-12 });
    expect(String(model)).toBe(
      'TruncatedSVDModel: 1 component of 2 columns, singular values 5, explain 76.47 % of the variance',
    );
  });
});

interface Case {
  name: string;
  x: number[][];
  sparse: boolean;
  dtype: 'float32' | 'float64';
  nComponents: number;
  components: number[][];
  singularValues: number[];
  explainedVariance: number[];
  explainedVarianceRatio: number[];
  fresh: number[][];
  transform: number[][];
  inverse: number[][];
}

describe('TruncatedSVD, as scikit-learn', () => {
  const path = new URL('../fixtures/estimators/truncated_svd.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };
  for (const c of cases) {
    for (const algorithm of ['randomized', 'full'] as const) {
      it(`${c.name}, ${algorithm}`, () => {
        const rows = (x: number[][]) => {
          const t = tensor(x, { dtype: c.dtype });
          return c.sparse ? toSparse(t) : t;
        };
        const model = new TruncatedSVD({ nComponents: c.nComponents, algorithm, nIter: 30, seed: 1 }).fit(rows(c.x));
        const tolerance = c.dtype === 'float32' ? { rtol: 1e-4, atol: 1e-4 } : { rtol: 1e-9, atol: 1e-10 };
        expect(model.components.dtype).toBe(c.dtype);
        expectClose(model.components, c.components, tolerance);
        expectClose(model.singularValues, c.singularValues, tolerance);
        expectClose(model.explainedVariance, c.explainedVariance, tolerance);
        expectClose(model.explainedVarianceRatio, c.explainedVarianceRatio, tolerance);
        const z = model.transform(rows(c.fresh));
        expect(z.dtype).toBe(c.dtype);
        expectClose(z, c.transform, tolerance);
        expectClose(model.inverseTransform(z), c.inverse, { ...tolerance, rtol: 1e-4 });
      });
    }
  }
});

describe('TruncatedSVD, laws', () => {
  const table = (seed: number, n: number, d: number) => {
    const random = new Random(seed);
    return Array.from({ length: n }, () =>
      Array.from({ length: d }, (_, j) => (random.uniform() < 0.5 ? 0 : random.normal(0, 1 / (j + 1)))),
    );
  };

  it('x V has the singular values as lengths of its columns, which are at right angles', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32), fc.integer({ min: 2, max: 25 }), fc.integer({ min: 2, max: 8 }), (seed, n, d) => {
        const x = table(seed, n, d);
        if (x.flat().every((v) => v === 0)) return;
        const k = Math.min(n, d);
        const model = new TruncatedSVD({ nComponents: k, seed }).fit(toSparse(tensor(x, { dtype: 'float64' })));
        const z = model.transform(x).toArray();
        const products = Array.from({ length: k }, (_, a) =>
          Array.from({ length: k }, (_, b) => z.reduce((sum, row) => sum + row[a]! * row[b]!, 0)),
        );
        const wanted = products.map((_, a) => products.map((_, b) => (a === b ? model.singularValues[a]! ** 2 : 0)));
        expectClose(products, wanted, { rtol: 1e-8, atol: 1e-9 });
      }),
      { numRuns: 60 },
    );
  });

  it('of centered rows it is PCA', () => {
    const x = table(2, 30, 5);
    const means = [0, 1, 2, 3, 4].map((j) => x.reduce((sum, row) => sum + row[j]!, 0) / 30);
    const centered = x.map((row) => row.map((v, j) => v - means[j]!));
    const [a, b] = [new TruncatedSVD({ nComponents: 3, seed: 0 }).fit(centered), new PCA({ nComponents: 3 }).fit(x)];
    expectClose(a.components, b.components, { rtol: 1e-7, atol: 1e-9 });
    expectClose(a.explainedVarianceRatio, b.explainedVarianceRatio, { rtol: 1e-8 });
  });

  it('the same numbers with WebAssembly and without', () => {
    const x = tensor(table(3, 90, 40), { dtype: 'float64' });
    const fit = () => [x, toSparse(x)].map((rows) => JSON.stringify(new TruncatedSVD({ seed: 2 }).fit(rows)));
    const usual = fit();
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    choice.mode = 'js';
    try {
      expect(fit()).toEqual(usual);
    } finally {
      choice.mode = 'auto';
    }
  });
});

describe('TruncatedSVD, hostile input', () => {
  it('rows of zeros, constant columns, one row, one column', () => {
    const zero = new TruncatedSVD({ nComponents: 1, seed: 0 }).fit([[0, 0], [0, 0]]); // biome-ignore format: rows
    expect([...zero.singularValues, ...zero.explainedVarianceRatio]).toEqual([0, 0]);
    expect(zero.transform([[1, 1]]).data.every(Number.isFinite)).toBe(true);
    const constant = new TruncatedSVD({ nComponents: 1, seed: 0 }).fit([[2, 2], [2, 2]]); // biome-ignore format: rows
    expectClose(constant.singularValues, [4]);
    expect(constant.explainedVarianceRatio[0]).toBe(0);
    expectClose(new TruncatedSVD({ nComponents: 1, seed: 0 }).fit([[3, 4]]).singularValues, [5]);
    expectClose(new TruncatedSVD({ nComponents: 1, seed: 0 }).fit([[3], [4]]).singularValues, [5]);
  });

  it('refuses what does not fit together', () => {
    expectError(
      () => new TruncatedSVD({ nComponents: 3 }).fit([[1, 2], [3, 4], [5, 6]]), // biome-ignore format: rows
      ShapeError,
      'TruncatedSVD: nComponents is 3, but x is [3, 2], which has at most 2',
    );
    expectError(
      () => new TruncatedSVD({ nComponents: 1 }).fit([[1e200, 2]]),
      DataError,
      'TruncatedSVD: squares of the numbers in x overflow; divide x by a constant first',
    );
    expectError(
      () => new TruncatedSVD({ nComponents: 1 }).fit([[1e-200, 0]]),
      DataError,
      'TruncatedSVD: squares of the numbers in x vanish; multiply x by a constant first',
    );
    expectError(
      () => new TruncatedSVD({ algorithm: 'arpack' as 'full' }),
      OptionError,
      "TruncatedSVD: algorithm must be 'randomized' or 'full', got 'arpack'",
    );
  });
});
