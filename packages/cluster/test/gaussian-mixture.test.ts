import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { slogdet } from '@maru-ml/linalg';
import { encodeArray, fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError, ticksDuring } from '@maru-ml/tooling/testing';
import { checkClusterer, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CovarianceType,
  GaussianMixture,
  GaussianMixtureModel,
  type GaussianMixtureOptions,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const TYPES = ['full', 'tied', 'diag', 'spherical'] as const;

for (const covarianceType of TYPES) {
  checkClusterer({
    name: 'GaussianMixture',
    Estimator: GaussianMixture,
    Model: GaussianMixtureModel,
    traits: traits.GaussianMixture as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype) => tensor(rows, { dtype }),
    options: { nComponents: 3, covarianceType, seed: 0 },
    settled: { meansInit: [[0, 0, 0, 0], [6, 6, 0, -6], [-6, 6, 6, 3]] }, // biome-ignore format: three means
  });
}

describe('GaussianMixture, worked by hand', () => {
  it('one component is the mean and the variance', () => {
    const model = new GaussianMixture({ regCovar: 0 }).fit([[1], [3], [5]]);
    expectClose(model.means, [[3]]);
    expectClose(model.covariances, [8 / 3]);
    expect([...model.weights]).toEqual([1]);
    // ln N(x | 3, 8/3) of 3 and of 5.
    const top = -0.5 * Math.log(2 * Math.PI * (8 / 3));
    expectClose(model.scoreSamples([[3], [5]]), [top, top - 0.5 * (4 / (8 / 3))]);
    expectClose(model.score([[1], [3], [5]]), top - 0.5);
    // Two free numbers.
    expectClose(model.aic([[1], [3], [5]]), -2 * 3 * (top - 0.5) + 4);
    expectClose(model.bic([[1], [3], [5]]), -2 * 3 * (top - 0.5) + 2 * Math.log(3));
  });

  it('one iteration from given numbers', () => {
    // Densities of variance 1 around -1 and 1 share the row x as 1 / (1 + e^2x).
    const x = [[-1], [0], [2]];
    const model = new GaussianMixture({
      nComponents: 2,
      weightsInit: [0.5, 0.5],
      meansInit: [[-1], [1]],
      precisionsInit: [1, 1],
      covarianceType: 'spherical',
      maxIter: 1,
      regCovar: 0,
    }).fit(x);
    const shares = [-1, 0, 2].map((v) => 1 / (1 + Math.exp(2 * v)));
    const total = shares.reduce((s, v) => s + v, 0);
    const mean = (-shares[0]! + 2 * shares[2]!) / total;
    expectClose(model.weights, [total / 3, 1 - total / 3]);
    expectClose(model.means.data[0]!, mean);
    const variance = shares.reduce((s, r, i) => s + r * (x[i]![0]! - mean) ** 2, 0) / total;
    expectClose(model.covariances[0]!, variance);
    expect([model.nIter, model.converged]).toEqual([1, false]);
    const log = Math.log;
    const density = (v: number) => log(0.5 * (Math.exp(-0.5 * (v + 1) ** 2) + Math.exp(-0.5 * (v - 1) ** 2)));
    expectClose(model.lowerBound, [-1, 0, 2].reduce((s, v) => s + density(v), 0) / 3 - 0.5 * log(2 * Math.PI));
  });
});

interface Case {
  name: string;
  of: string;
  options: GaussianMixtureOptions;
  weights: number[];
  means: number[][];
  covariances: number[];
  nIter: number;
  converged: boolean;
  lowerBound: number;
  labels: number[];
  proba: number[][];
  logs: number[];
  score: number;
  aic: number;
  bic: number;
}

describe('GaussianMixture, as scikit-learn', () => {
  const path = new URL('./fixtures/gaussian_mixture.json', import.meta.url);
  type Fixture = { data: Record<string, number[][]>; fresh: Record<string, number[][]>; cases: Case[] };
  const { data, fresh, cases } = JSON.parse(readFileSync(path, 'utf8')) as Fixture;

  /** For each component of theirs the one of ours with the nearest mean: k-means may find them in another order. */
  const orderOf = (ours: number[][], theirs: number[][]) =>
    theirs.map((mean) => {
      const apart = ours.map((other) => other.reduce((s, v, j) => s + (v - mean[j]!) ** 2, 0));
      return apart.indexOf(Math.min(...apart));
    });

  for (const c of cases) {
    it(c.name, () => {
      const x = data[c.of]!;
      const model = new GaussianMixture({ ...c.options, seed: 0 }).fit(x);
      const means = model.means.toArray();
      const order = orderOf(means, c.means);
      if (c.options.meansInit !== null) expect(order).toEqual([...order.keys()]);
      expect(new Set(order).size).toBe(order.length);
      const close = { rtol: 1e-6, atol: 1e-9 };
      expectClose(
        order.map((k) => means[k]),
        c.means,
        close,
      );
      expectClose(
        order.map((k) => model.weights[k]!),
        c.weights,
        close,
      );
      const size = model.covariances.length / (c.options.covarianceType === 'tied' ? 1 : order.length);
      const parts = c.options.covarianceType === 'tied' ? [0] : order;
      const covariances = parts.flatMap((k) => [...model.covariances.subarray(k * size, (k + 1) * size)]);
      expectClose(covariances, c.covariances, { rtol: 1e-6, atol: 1e-7 });
      expect([model.nIter, model.converged]).toEqual([c.nIter, c.converged]);
      expectClose(model.lowerBound, c.lowerBound, close);
      expect([...model.labels].map((label) => order.indexOf(label))).toEqual(c.labels);
      const proba = model.predictProba(fresh[c.of]!).toArray();
      expectClose(
        proba.map((row) => order.map((k) => row[k]!)),
        c.proba,
        close,
      );
      expectClose(model.scoreSamples(fresh[c.of]!), c.logs, close);
      expectClose([model.score(x), model.aic(x), model.bic(x)], [c.score, c.aic, c.bic], close);
    });
  }
});

describe('GaussianMixture, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 4, max: 60 }),
    d: fc.integer({ min: 1, max: 4 }),
    k: fc.integer({ min: 1, max: 4 }),
    covarianceType: fc.constantFrom<CovarianceType>(...TYPES),
    initParams: fc.constantFrom('kmeans', 'k-means++', 'randomFromData', 'random'),
  });

  it('the likelihood never falls, probabilities add up to 1, weights too, and saved models are the same', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, k, covarianceType, initParams }) => {
        const random = new Random(seed);
        const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
        // What is added to variances may take something from the likelihood.
        const options = { nComponents: k, covarianceType, initParams, regCovar: 1e-9, tol: 1e-5, seed } as const;
        const model = new GaussianMixture(options).fit(x);
        for (let t = 1; t < model.nIter; t++) {
          expect(model.lowerBounds[t]!).toBeGreaterThan(model.lowerBounds[t - 1]! - 1e-5);
        }
        expectClose(
          model.weights.reduce((s, v) => s + v, 0),
          1,
        );
        for (const row of model.predictProba(x).toArray())
          expectClose(
            row.reduce((s, v) => s + v, 0),
            1,
          );
        expect([...x.map((row) => model.predictOne(row))]).toEqual([...model.predict(x)]);
        expect(model.score(x)).toBeGreaterThanOrEqual(model.lowerBound - 1e-5);
        const copy = fromBytes(GaussianMixtureModel, toBytes(model));
        expect(copy.scoreSamples(x)).toEqual(model.scoreSamples(x));
      }),
      { numRuns: 60 },
    );
  });

  it('samples have the means and covariances of the mixture', () => {
    const random = new Random(1);
    const x = Array.from({ length: 200 }, (_, i) => {
      const [a, b] = [random.normal(), random.normal()];
      return i % 4 === 0 ? [8 + a, a + 0.5 * b] : [a, -2 * a + b];
    });
    for (const covarianceType of TYPES) {
      const model = new GaussianMixture({ nComponents: 2, covarianceType, seed: 0 }).fit(x);
      const { x: drawn, labels } = model.sample(20_000, { seed: 3 });
      expect(labels).toEqual(model.sample(20_000, { seed: 3 }).labels);
      const rows = drawn.toArray();
      for (const c of [0, 1]) {
        const own = rows.filter((_, i) => labels[i] === c);
        expectClose(own.length / 20_000, model.weights[c]!, { atol: 0.02 });
        const mean = [0, 1].map((j) => own.reduce((s, row) => s + row[j]!, 0) / own.length);
        expectClose(mean, model.means.toArray()[c], { atol: 0.1 });
        const covariance = [0, 1].map((i) =>
          [0, 1].map((j) => own.reduce((s, row) => s + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0) / own.length),
        );
        expectClose(covariance, model.covariance(c), { rtol: 0.1, atol: 0.15 });
      }
    }
  });

  it('more rows than a block, with the same numbers in fitAsync, which lets timers run', async () => {
    const random = new Random(2);
    const data = Float64Array.from({ length: 30_000 * 4 }, (_, i) => random.normal(Math.floor(i / 4) % 2 ? 5 : 0));
    const x = { data, shape: [30_000, 4] as const };
    const estimator = new GaussianMixture({ nComponents: 2, seed: 0 });
    const { value: model, ticks } = await ticksDuring(() => estimator.fitAsync(x));
    expect(ticks).toBeGreaterThan(0);
    expect([...model.labels].every((label, i) => label === model.labels[i % 2])).toBe(true);
    expectClose(model.weights, [0.5, 0.5], { atol: 1e-3 });
  });

  it('one component of many columns is their mean and covariance', () => {
    const random = new Random(5);
    const [n, d] = [150, 40];
    const x = Array.from({ length: n }, () => {
      const common = random.normal();
      return Array.from({ length: d }, (_, j) => 1e3 * j + common + random.normal());
    });
    const model = new GaussianMixture({ regCovar: 0 }).fit(x);
    const mean = Array.from({ length: d }, (_, j) => x.reduce((s, row) => s + row[j]!, 0) / n);
    expectClose(model.means, [mean]);
    const covariance = mean.map((a, i) =>
      mean.map((b, j) => x.reduce((s, row) => s + (row[i]! - a) * (row[j]! - b), 0) / n),
    );
    expectClose(model.covariances, covariance.flat(), { rtol: 1e-9, atol: 1e-12 });
    // The squared Mahalanobis distances from the mean have the mean d.
    const { logabsdet } = slogdet(covariance);
    expectClose(model.score(x), -0.5 * (d * Math.log(2 * Math.PI) + logabsdet.item() + d), { rtol: 1e-10 });
  });

  it('more starts never end lower', () => {
    const random = new Random(4);
    const x = Array.from({ length: 80 }, () => [random.normal(3 * random.integer(4)), random.normal()]);
    const bound = (nInit: number) =>
      new GaussianMixture({ nComponents: 4, initParams: 'random', nInit, seed: 1 }).fit(x).lowerBound;
    expect(bound(4)).toBeGreaterThanOrEqual(bound(1));
  });
});

describe('GaussianMixture, input and options', () => {
  const refuses = (options: object, message: string, ErrorClass: new () => Error = OptionError) =>
    expectError(
      () => new GaussianMixture(options as GaussianMixtureOptions),
      ErrorClass,
      `GaussianMixture: ${message}`,
    );

  it('has the defaults of scikit-learn, and says what is wrong with an option', () => {
    expect(new GaussianMixture().options).toEqual({
      nComponents: 1,
      covarianceType: 'full',
      tol: 1e-3,
      regCovar: 1e-6,
      maxIter: 100,
      nInit: 1,
      initParams: 'kmeans',
      weightsInit: null,
      meansInit: null,
      precisionsInit: null,
      seed: undefined,
    });
    refuses({ nComponents: 0 }, 'nComponents must be an integer ≥ 1, got 0');
    refuses({ covarianceType: 'none' }, "covarianceType must be 'full', 'tied', 'diag' or 'spherical', got 'none'");
    refuses({ regCovar: -1 }, 'regCovar must be a number ≥ 0, got -1');
    refuses({ weightsInit: [1, 1], nComponents: 2 }, 'weightsInit must be numbers ≥ 0 whose sum is 1, got a sum of 2');
    refuses({ weightsInit: [1], nComponents: 2 }, 'weightsInit has 1 weights, but nComponents is 2', ShapeError);
    refuses({ meansInit: [[1]], nComponents: 2 }, 'meansInit has 1 means, but nComponents is 2', ShapeError);
    refuses({ meansInit: [['a']] }, "meansInit must be nested arrays of finite numbers or null, got 'a'");
    refuses({ precisionsInit: 3 }, 'precisionsInit must be nested arrays of finite numbers or null, got 3');
  });

  it('says what does not fit together', () => {
    const fit = (options: GaussianMixtureOptions, x: number[][]) => () => new GaussianMixture(options).fit(x);
    const name = 'GaussianMixture';
    expectError(
      fit({ nComponents: 3 }, [[1], [2]]),
      ShapeError,
      `${name}: nComponents is 3, but the number of rows is 2`,
    );
    expectError(fit({ meansInit: [[1, 2]] }, [[1]]), ShapeError, `${name}: meansInit must have the shape [1, 1]`);
    expectError(
      fit({ meansInit: [[1, [2]]] as never }, [[1, 2]]),
      ShapeError,
      `${name}: meansInit must have the shape [1, 2]`,
    );
    expectError(
      fit({ precisionsInit: [[1]] }, [[1]]),
      ShapeError,
      `${name}: precisionsInit must have the shape [1, 1, 1]`,
    );
    expectError(
      fit({ precisionsInit: [[[-1]]] }, [[1]]),
      OptionError,
      `${name}: precisionsInit must be symmetric and positive definite, for each component`,
    );
    expectError(
      fit({ precisionsInit: [[[2, 1], [0, 3]]] }, [[1, 2]]), // biome-ignore format: one matrix
      OptionError,
      `${name}: precisionsInit must be symmetric and positive definite, for each component`,
    );
    expectError(
      fit({ regCovar: 0 }, [[1, 1], [2, 2], [3, 3]]), // biome-ignore format: three rows
      DataError,
      `${name}: component 0 has a singular covariance, as of few or equal rows; take fewer components or raise regCovar`,
    );
    const given = { weightsInit: [1], meansInit: [[1e200]], precisionsInit: [[[1]]] };
    expectError(
      fit(given, [[0], [1]]),
      OptionError,
      `${name}: rows are too far from the means to start with: their densities vanish`,
    );
    const model = fit({}, [[0], [1]])();
    const far = (place: string) => `${name}: ${place} is too far from the means: its density vanishes`;
    expectError(() => model.predict([[0], [1e200]]), DataError, far('x[1]'));
    expectError(() => model.predictOne([1e200]), DataError, far('the row'));
    expectError(
      () => model.covariance(1),
      OptionError,
      'GaussianMixtureModel.covariance: c must be an integer ≥ 0 and ≤ 0, got 1',
    );
    expectError(() => model.sample(0), OptionError, 'GaussianMixtureModel.sample: n must be an integer ≥ 1, got 0');
  });

  it('fewer different rows than components: a warning, and finite numbers', () => {
    const model = new GaussianMixture({ nComponents: 3, seed: 0 }).fit([[1], [1], [1], [5]]);
    expect(model.warnings).toEqual([
      'only 2 of 3 components have rows; x may have fewer different rows than components',
    ]);
    expect(Number.isFinite(model.score([[1], [2]]))).toBe(true);
  });

  it('a file whose weights draw nothing is refused', () => {
    const saved = JSON.parse(
      JSON.stringify(new GaussianMixture({ nComponents: 2, seed: 0 }).fit([[0], [1], [5], [6]])),
    );
    for (const weights of [
      [1.5, -0.5],
      [0, 0],
    ]) {
      expectError(
        () => GaussianMixtureModel.fromJSON({ ...saved, weights: encodeArray(Float64Array.from(weights)) }),
        DataError,
        'GaussianMixtureModel.fromJSON: weights must be ≥ 0, and not all of them 0',
      );
    }
  });

  it('is not changed by changing what it hands out', () => {
    const x = [[0], [1], [5], [6]];
    const model = new GaussianMixture({ nComponents: 2, seed: 0 }).fit(x);
    const before = model.scoreSamples(x);
    model.means.data.fill(0);
    model.weights.fill(0);
    model.covariances.fill(0);
    expect(model.scoreSamples(x)).toEqual(before);
  });
});
