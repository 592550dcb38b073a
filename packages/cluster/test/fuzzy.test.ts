import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClusterer, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FuzzyCMeans, FuzzyKMeans, type FuzzyKMeansOptions, FuzzyModel } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const common = {
  Model: FuzzyModel,
  toBytes,
  fromBytes,
  tensor: (rows: number[][], dtype: 'float32' | 'float64') => tensor(rows, { dtype }),
  settled: { init: [[1, 1, 1, 1], [5, 5, 0, -5], [-5, 5, 5, 2]] }, // biome-ignore format: three centers
};
const options = { nClusters: 3, seed: 0 };
checkClusterer({
  ...common,
  name: 'FuzzyKMeans',
  Estimator: FuzzyKMeans,
  traits: traits.FuzzyKMeans as Traits,
  options,
});
checkClusterer({
  ...common,
  name: 'FuzzyCMeans',
  Estimator: FuzzyCMeans,
  traits: traits.FuzzyCMeans as Traits,
  options,
});

describe('C2: fuzzy k-means, worked by hand', () => {
  it('memberships are the softmax of -β d²', () => {
    // β = ln 2, centers 0 and 2: the row 0 has d² 0 and 4, so e^-βd² is 1 and 1/16; the row 1 shares alike.
    const model = new FuzzyKMeans({ beta: Math.LN2, init: [[0], [2]], maxIter: 1 }).fit([[0], [1], [2]]);
    // Centers after one step: (16/17 · 0 + 1/2 · 1 + 1/17 · 2) / 1.5 and its mirror image.
    const center = (1 / 2 + 2 / 17) / 1.5;
    expectClose(model.clusterCenters, [[center], [2 - center]]);
    // The objective before and after: -Σ log2 Σ 2^-d².
    const log2 = Math.log2;
    expectClose(model.objectives[0]!, -(2 * log2(17 / 16) + log2(1 / 2 + 1 / 2)));
    const own = 2 ** -(center ** 2) / (2 ** -(center ** 2) + 2 ** -((2 - center) ** 2));
    expectClose(model.memberships, [[own, 1 - own], [0.5, 0.5], [1 - own, own]]); // biome-ignore format: three rows
    expectClose(model.predictProba([[0]]), [[own, 1 - own]]);
    expect([...model.labels]).toEqual([0, 0, 1]);
    expect([model.nIter, model.converged, model.nFeaturesIn]).toEqual([1, false, 1]);
  });

  it('a sharp β gives the centers of k-means, a blunt one the mean', () => {
    const x = [[1], [2], [10], [11]];
    expectClose(new FuzzyKMeans({ beta: 100, init: [[1], [2]] }).fit(x).clusterCenters, [[1.5], [10.5]]);
    expectClose(new FuzzyKMeans({ beta: 1e-3, init: [[1], [2]] }).fit(x).clusterCenters, [[6], [6]], { atol: 1e-3 });
  });
});

describe('FuzzyCMeans, worked by hand', () => {
  it('memberships are inverse squared distances for m = 2', () => {
    const model = new FuzzyCMeans({ init: [[0], [3]], maxIter: 1 }).fit([[1], [3]]);
    // Row 1: d² 1 and 4, u 4/5 and 1/5; row 3 lies on the second center. Means weigh u².
    expectClose(model.clusterCenters, [[1], [((1 / 25) * 1 + 3) / (1 / 25 + 1)]]);
    expectClose(model.objectives[0]!, 16 / 25 + 4 / 25);
    expect([...model.labels]).toEqual([0, 1]);
  });

  it('a row on several centers belongs to these alike', () => {
    const model = new FuzzyCMeans({ init: [[0], [0], [5]], maxIter: 1 }).fit([[0], [0], [5]]);
    expect(model.memberships.toArray()).toEqual([[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]); // biome-ignore format: three rows
  });
});

interface Case {
  name: string;
  beta?: number;
  m?: number;
  x: number[][];
  init: number[][];
  weights: number[] | null;
  steps: number;
  centers: number[][];
  memberships: number[][];
  objective: number;
}

describe('fuzzy clustering, as written out in NumPy', () => {
  const path = new URL('./fixtures/fuzzy.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };
  for (const { name, beta, m, x, init, weights, steps, ...expected } of cases) {
    it(name, () => {
      const shared = { init, maxIter: steps, tol: steps > 100 ? 1e-22 : 0 };
      const estimator =
        beta === undefined ? new FuzzyCMeans({ ...shared, m: m! }) : new FuzzyKMeans({ ...shared, beta });
      const model = estimator.fit(x, weights === null ? {} : { sampleWeight: weights });
      const close = { rtol: 1e-9, atol: 1e-10 };
      expectClose(model.clusterCenters, expected.centers, close);
      expectClose(model.memberships, expected.memberships, close);
      expectClose(model.objective, expected.objective, close);
      expectClose(model.predictProba(x), expected.memberships, close);
    });
  }
});

describe('fuzzy clustering, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 1, max: 40 }),
    d: fc.integer({ min: 1, max: 4 }),
    k: fc.integer({ min: 1, max: 5 }),
    kind: fc.constantFrom({ beta: 0.2 }, { beta: 1 }, { beta: 50 }, { m: 1.1 }, { m: 2 }, { m: 5 }),
    init: fc.constantFrom('k-means++' as const, 'random' as const),
    grid: fc.boolean(),
  });

  it('the objective never rises, memberships add up to 1, and predictions are those of the fit', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, k, kind, init, grid }) => {
        const random = new Random(seed);
        const value = () => (grid ? random.integer(3) : random.normal());
        const x = Array.from({ length: n }, () => Array.from({ length: d }, value));
        const shared = { nClusters: Math.min(k, n), init, seed, maxIter: 40 };
        const estimator =
          'beta' in kind ? new FuzzyKMeans({ ...shared, ...kind }) : new FuzzyCMeans({ ...shared, ...kind });
        const model = estimator.fit(x);
        for (let t = 1; t < model.objectives.length; t++) {
          const before = model.objectives[t - 1]!;
          expect(model.objectives[t]!).toBeLessThanOrEqual(before + 1e-12 * Math.max(1, Math.abs(before)));
        }
        for (const row of model.memberships.toArray())
          expectClose(
            row.reduce((s, v) => s + v, 0),
            1,
          );
        expect(model.predict(x)).toEqual(model.labels);
        expect(x.map((row) => model.predictOne(row))).toEqual([...model.labels]);
        expect(model.predictProba(x)).toEqual(model.memberships);
      }),
      { numRuns: 100 },
    );
  });

  it('c-means does not depend on units, and k-means with β does', () => {
    const random = new Random(3);
    const x = Array.from({ length: 30 }, (_, i) => [random.normal(i % 2 ? 4 : 0), random.normal()]);
    const large = x.map((row) => row.map((v) => v * 1024));
    const c = (rows: number[][]) => new FuzzyCMeans({ nClusters: 2, seed: 0 }).fit(rows).memberships.data;
    expect(c(large)).toEqual(c(x));
    const k = (rows: number[][], beta: number) =>
      new FuzzyKMeans({ nClusters: 2, seed: 0, beta }).fit(rows).memberships.data;
    expect(k(large, 2 ** -20)).toEqual(k(x, 1));
    expect(k(large, 1)).not.toEqual(k(x, 1));
  });
});

describe('fuzzy clustering, input and options', () => {
  it('says what is wrong', () => {
    const refuses = (given: object, message: string, ErrorClass: new () => Error = OptionError) =>
      expectError(() => new FuzzyKMeans(given as FuzzyKMeansOptions), ErrorClass, `FuzzyKMeans: ${message}`);
    refuses({ beta: 0 }, 'beta must be a number ≥ 1e-200, got 0');
    refuses({ nClusters: 0 }, 'nClusters must be an integer ≥ 1, got 0');
    refuses({ init: 'far' }, "init must be 'k-means++', 'random' or the centers [k, d], got 'far'");
    refuses({ init: [[1], [2]], nClusters: 3 }, 'init has 2 centers, but nClusters is 3', ShapeError);
    expectError(() => new FuzzyCMeans({ m: 1 }), OptionError, 'FuzzyCMeans: m must be a number > 1, got 1');
    const model = new FuzzyCMeans({ init: [[0], [1]] }).fit([[0], [1], [2]]);
    const far = (place: string) => `FuzzyCMeans: ${place} is too far from the centers: squared distances overflow`;
    expectError(() => model.predict([[0], [1e200]]), DataError, far('x[1]'));
    expectError(() => model.predictOne([1e200]), DataError, far('the row'));
    expectError(
      () => new FuzzyCMeans({ nClusters: 3 }).fit([[0], [1]]),
      ShapeError,
      'FuzzyCMeans: nClusters is 3, but the number of rows is 2',
    );
    expectError(
      () => new FuzzyCMeans({ init: [[0], [1]] }).fit([[0, 1]]),
      ShapeError,
      'FuzzyCMeans: init is [2, 1], but x is [1, 2]',
    );
    const json = JSON.parse(JSON.stringify(model));
    expectError(() => FuzzyModel.fromJSON({ ...json, m: 1 }), DataError, 'FuzzyModel.fromJSON: m must be > 1, got 1');
  });
});
