import { readFileSync } from 'node:fs';
import { OptionError, Random, shared } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkTransformer, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FactorAnalysis,
  FactorAnalysisModel,
  type FactorAnalysisOptions,
  HebbianPCA,
  HebbianPCAModel,
  type HebbianPCAOptions,
  hypercubeEdge,
  mergeCorrelated,
  PCA,
  rotateLoadings,
} from '../../src/index.ts';
import traits from '../../traits.json' with { type: 'json' };

const factors: Spec = {
  name: 'FactorAnalysis',
  Estimator: FactorAnalysis,
  Model: FactorAnalysisModel,
  traits: traits.FactorAnalysis as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { nComponents: 1, tol: 1e-10 },
};
checkTransformer(factors);
describe('principal factors, varimax', () =>
  checkTransformer({ ...factors, options: { nComponents: 2, method: 'principal', rotation: 'varimax', maxIter: 30 } }));

const hebbian: Spec = {
  name: 'HebbianPCA',
  Estimator: HebbianPCA,
  Model: HebbianPCAModel,
  traits: traits.HebbianPCA as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { nComponents: 2, seed: 0, maxIter: 20 },
};
checkTransformer(hebbian);

interface Fixture {
  x: number[][];
  likelihood: {
    name: string;
    options: Required<FactorAnalysisOptions>;
    components: number[][];
    noiseVariance: number[];
    mean: number[];
    transform: number[][];
    covariance: number[][];
    precision: number[][];
    scoreSamples: number[];
    score: number;
    loglike: number[];
    nIter: number;
  }[];
  principal: {
    name: string;
    options: Required<FactorAnalysisOptions>;
    components: number[][];
    uniqueness: number[];
  }[];
  rotations: {
    method: 'varimax' | 'quartimax';
    tol: number;
    maxIter: number;
    loadings: number[][];
    rotated: number[][];
  }[];
  networks: (HebbianPCAOptions & { weights: number[][] })[];
  merged: {
    nVariables: number;
    negative?: boolean;
    groups: number[][];
    merges: { first: number[]; second: number[]; correlation: number }[];
    variables: number[][];
  }[];
  edges: { fraction: number; dimensions: number; edge: number }[];
}

const path = new URL('../fixtures/estimators/factors.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
const { x } = fixture;

describe('factors, worked by hand', () => {
  it('C3, worked example 9: what of each dimension it takes to see 1 % and 10 % of the data', () => {
    expect(hypercubeEdge(0.01, 10).toFixed(2)).toBe('0.63');
    expect(hypercubeEdge(0.1, 10).toFixed(3)).toBe('0.794');
    expect(hypercubeEdge(0.25, 2)).toBe(0.5);
    expectError(() => hypercubeEdge(2, 3), OptionError, 'hypercubeEdge: fraction must be a number ≥ 0 and ≤ 1, got 2');
  });

  it('three columns with one factor: communalities from their correlations', () => {
    // r12 = .72, r13 = .63, r23 = .56 come from loadings .9, .8, .7, and no others.
    const l = [[1, 0, 0], [0.72, Math.sqrt(1 - 0.72 ** 2), 0]]; // biome-ignore format: rows of a Cholesky factor
    const c = [0.63, (0.56 - 0.72 * 0.63) / l[1]![1]!];
    l.push([c[0]!, c[1]!, Math.sqrt(1 - c[0]! ** 2 - c[1]! ** 2)]);
    // Rows that are exactly uncorrelated, of variance 1, become correlated by the Cholesky factor.
    const signs = [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]; // biome-ignore format: four rows
    const rows = signs.map((z) => l.map((row) => row.reduce((sum, v, j) => sum + v * z[j]!, 0)));
    for (const method of ['ml', 'principal'] as const) {
      const model = new FactorAnalysis({ nComponents: 1, method, tol: 1e-13, maxIter: 10000 }).fit(rows);
      expectClose(model.components, [[0.9, 0.8, 0.7]], { rtol: 1e-5 });
      expectClose(model.communalities, [0.81, 0.64, 0.49], { rtol: 1e-5 });
    }
  });

  it("one step of Oja's rule", () => {
    // Rows -1 and 1 on a line, w = .5, mean squared length 1: y = ∓.5, and each adds η .5 (1 - .25).
    const model = new HebbianPCA({ init: [[0.5]], maxIter: 1, learningRate: 0.1, shuffle: false }).fit([[-1], [1]]);
    const once = 0.5 + 0.1 * 0.5 * 0.75;
    expectClose(model.components, [[once + 0.1 * once * (1 - once ** 2)]]);
    expect(String(model)).toBe('HebbianPCAModel: 1 neuron of 1 input, not converged after 1 epoch');
  });

  it('the tolerance is 1e-2 of likelihoods, 1e-8 of communalities', () => {
    for (const [method, tol] of [
      ['ml', 1e-2],
      ['principal', 1e-8],
    ] as const) {
      // biome-ignore format: a table
      const [usual, same] = [{}, { tol }].map((more) => new FactorAnalysis({ nComponents: 2, method, ...more }).fit(x));
      expect(JSON.stringify(usual)).toBe(JSON.stringify(same));
    }
  });

  it('models say whether they converged, and after how much', () => {
    const words = (options: FactorAnalysisOptions) => String(new FactorAnalysis({ nComponents: 1, ...options }).fit(x));
    expect(words({})).toMatch(/^FactorAnalysisModel: 1 factor of 6 columns, communality [\d.]+ % on the average, converged after \d+ iterations$/); // biome-ignore format: one line
    expect(words({ maxIter: 1 })).toMatch(/, not converged after 1 iteration$/);
    const settled = new HebbianPCA({ tol: 1, seed: 0 }).fit(x);
    expect(String(settled)).toBe('HebbianPCAModel: 1 neuron of 6 inputs, converged after 1 epoch');
    const taught = new HebbianPCA({ nComponents: 2, maxIter: 2, tol: 0, seed: 0 }).fit(x);
    expect(String(taught)).toBe('HebbianPCAModel: 2 neurons of 6 inputs, not converged after 2 epochs');
  });

  it('merging: two columns that are one with its sign turned, and a third', () => {
    const rows = [[1, -2, 1], [2, -4, -1], [3, -6, -1], [4, -8, 1]]; // biome-ignore format: four rows
    const found = mergeCorrelated(rows, { nVariables: 2 });
    expect(found.groups).toEqual([[0, 1], [2]]);
    expect([...found.signs]).toEqual([1, -1, 1]);
    expectClose(found.merges[0]!.correlation, -1);
    const s = Math.sqrt(1.25);
    expectClose(found.variables, [[-1.5 / s, 1], [-0.5 / s, -1], [0.5 / s, -1], [1.5 / s, 1]]); // biome-ignore format: rows
    expect(mergeCorrelated(rows, { threshold: 0.5 }).groups).toEqual([[0, 1], [2]]);
  });
});

describe('FactorAnalysis, as scikit-learn and statsmodels', () => {
  for (const c of fixture.likelihood) {
    it(`maximum likelihood: ${c.name}`, () => {
      const model = new FactorAnalysis(c.options).fit(x);
      const tolerance = { rtol: 1e-7, atol: 1e-9 };
      expectClose(model.components, c.components, tolerance);
      expectClose(model.noiseVariance, c.noiseVariance, tolerance);
      expectClose(model.mean, c.mean, tolerance);
      expectClose(model.loglike.slice(0, 5), c.loglike, tolerance);
      expect(model.nIter).toBe(c.nIter);
      expect(model.converged).toBe(c.nIter < c.options.maxIter);
      expectClose(model.transform(x.slice(0, 5)), c.transform, tolerance);
      expectClose(model.getCovariance(), c.covariance, tolerance);
      expectClose(model.getPrecision(), c.precision, tolerance);
      expectClose(model.scoreSamples(x.slice(0, 5)), c.scoreSamples, tolerance);
      expectClose(model.score(x), c.score, tolerance);
    });
  }

  for (const c of fixture.principal) {
    it(`principal factors: ${c.name}`, () => {
      const model = new FactorAnalysis(c.options).fit(x);
      expectClose(model.components, c.components, { rtol: 1e-6, atol: 1e-7 });
      expectClose(
        model.communalities.map((value) => 1 - value),
        c.uniqueness,
        { rtol: 1e-6, atol: 1e-8 },
      );
      expect(model.loglike).toHaveLength(0);
    });
  }

  for (const { method, tol, maxIter, loadings, rotated } of fixture.rotations) {
    it(`${method} with tolerance ${tol} and at most ${maxIter} iterations`, () => {
      expectClose(rotateLoadings(loadings, { method, tol, maxIter }), rotated, { rtol: 1e-8, atol: 1e-10 });
    });
  }
});

describe('HebbianPCA and mergeCorrelated, as their definitions in NumPy', () => {
  for (const { weights, ...options } of fixture.networks) {
    it(`${options.rule}, ${options.nComponents} neurons`, () => {
      const model = new HebbianPCA({ ...options, shuffle: false, tol: 0 }).fit(x);
      expectClose(model.components, weights, { rtol: 1e-10 });
    });
  }

  for (const c of fixture.merged) {
    it(`merging to ${c.nVariables}${c.negative ? ', with negative correlations' : ''}`, () => {
      const rows = c.negative ? x.map((row) => row.map((v, j) => (j === 1 || j === 4 ? -v : v))) : x;
      const found = mergeCorrelated(rows, { nVariables: c.nVariables });
      expect(found.groups).toEqual(c.groups);
      expect(found.merges.map(({ first, second }) => ({ first, second }))).toEqual(
        c.merges.map(({ first, second }) => ({ first, second })),
      );
      expectClose(
        found.merges.map((m) => m.correlation),
        c.merges.map((m) => m.correlation),
        { rtol: 1e-9 },
      );
      expectClose(found.variables.toArray().slice(0, 4), c.variables, { rtol: 1e-9, atol: 1e-11 });
    });
  }
});

it("hypercubeEdge, as SciPy's beta distribution", () => {
  expectClose(
    fixture.edges.map(({ fraction, dimensions }) => hypercubeEdge(fraction, dimensions)),
    fixture.edges.map(({ edge }) => edge),
    { rtol: 1e-13 },
  );
});

describe('factors, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 8, max: 40 }),
    d: fc.integer({ min: 2, max: 6 }),
  });
  const table = (seed: number, n: number, d: number) => {
    const random = new Random(seed);
    const mix = Array.from({ length: d }, () => random.normal(0, 2));
    return Array.from({ length: n }, () => {
      const h = random.normal();
      return mix.map((m) => m * h + random.normal());
    });
  };

  it('the likelihood never falls and ends at the score', () => {
    fc.assert(
      fc.property(problem, fc.integer({ min: 1, max: 3 }), ({ seed, n, d }, k) => {
        const rows = table(seed, n, d);
        const options = { nComponents: Math.min(k, d), tol: 0, maxIter: 40 };
        const model = new FactorAnalysis({ ...options, noiseVarianceInit: Array(d).fill(10) }).fit(rows);
        for (let t = 1; t < model.nIter; t++) {
          expect(model.loglike[t]!).toBeGreaterThanOrEqual(model.loglike[t - 1]! - 1e-9 * Math.abs(model.loglike[t]!));
        }
        // The noise is brought up to date once more, unless it has converged.
        const [score, last] = [model.score(rows) * n, model.loglike.at(-1)!];
        expect(score).toBeGreaterThanOrEqual(last - 1e-9 * Math.abs(last));
        if (model.converged) expectClose(score, last, { rtol: 1e-8 });
      }),
      { numRuns: 50 },
    );
  });

  it('columns in other units: the same communalities', () => {
    const rows = table(1, 30, 4);
    const units = [1e8, 1e-6, 3, 1];
    const scaled = rows.map((row) => row.map((v, j) => v * units[j]!));
    for (const method of ['ml', 'principal'] as const) {
      // The first noise variances are in the columns' units too.
      const fit = (given: number[][], noiseVarianceInit: number[]) =>
        new FactorAnalysis({ nComponents: 1, method, tol: 1e-12, maxIter: 5000, noiseVarianceInit }).fit(given);
      const usual = fit(rows, [1, 1, 1, 1]);
      expectClose(
        fit(
          scaled,
          units.map((unit) => unit ** 2),
        ).communalities,
        usual.communalities,
        { rtol: 1e-4 },
      );
    }
  });

  it('a rotation changes no communality, and raises its criterion', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32), (seed) => {
        const random = new Random(seed);
        const loadings = Array.from({ length: 7 }, () => [random.normal(), random.normal(), random.normal()]);
        const varimax = (b: number[][]) =>
          [0, 1, 2].reduce((sum, c) => {
            const squares = b.map((row) => row[c]! ** 2);
            return sum + squares.reduce((s, v) => s + v * v, 0) - squares.reduce((s, v) => s + v, 0) ** 2 / 7;
          }, 0);
        const turned = rotateLoadings(loadings, { tol: 1e-10, maxIter: 1000 }).toArray();
        const lengths = (b: number[][]) => b.map((row) => row.reduce((sum, v) => sum + v * v, 0));
        expectClose(lengths(turned), lengths(loadings), { rtol: 1e-9 });
        expect(varimax(turned)).toBeGreaterThanOrEqual(varimax(loadings) - 1e-9);
      }),
      // Steps from these go to a maximum that is lower than where they start.
      { examples: [[303607846]] },
    );
  });

  it("Sanger's neurons become the principal components, their variances the eigenvalues; Oja's span the same space", () => {
    const random = new Random(5);
    const rows = Array.from({ length: 300 }, () => [3, 1.5, 0.5].map((s, j) => j + random.normal(0, s)));
    const exact = new PCA({ nComponents: 2 }).fit(rows);
    const sanger = new HebbianPCA({ nComponents: 2, maxIter: 400, seed: 1 }).fit(rows);
    const size = (z: number[][]) => z.map((row) => row.map(Math.abs));
    expectClose(size(sanger.components.toArray()), size(exact.components.toArray()), { rtol: 0, atol: 0.02 });
    const z = sanger.transform(rows).toArray();
    for (const c of [0, 1]) {
      const variance = z.reduce((sum, row) => sum + row[c]! ** 2, 0) / 299;
      expectClose(variance, exact.explainedVariance[c]!, { rtol: 0.02 });
    }
    const oja = new HebbianPCA({ nComponents: 2, rule: 'oja', maxIter: 400, seed: 1 }).fit(rows);
    expectClose(oja.inverseTransform(oja.transform(rows.slice(0, 5))), exact.reconstruct(rows.slice(0, 5)), { rtol: 0, atol: 0.05 }); // biome-ignore format: one line
    const settled = new HebbianPCA({ learningRate: 0.05, decay: 5, tol: 1e-3, seed: 2 }).fit(rows);
    expect([settled.converged, settled.nIter < 200]).toEqual([true, true]);
  });

  it('the same numbers with WebAssembly and without', () => {
    const rows = table(6, 80, 30);
    const fit = () =>
      [
        new FactorAnalysis({ nComponents: 3, rotation: 'varimax' }).fit(rows),
        new FactorAnalysis({ nComponents: 3, method: 'principal' }).fit(rows),
        new HebbianPCA({ nComponents: 3, maxIter: 3, seed: 0 }).fit(rows),
      ].map((model) => JSON.stringify([model, model.transform(rows)]));
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
