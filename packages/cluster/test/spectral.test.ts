import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError, ticksDuring } from '@maru-ml/tooling/testing';
import { checkClusterer, type Traits } from '@maru-ml/tooling/testing/conformance';
import { describe, expect, it } from 'vitest';
import { SpectralClustering, SpectralClusteringModel, type SpectralClusteringOptions } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

for (const options of [
  { affinity: 'rbf', gamma: 0.1 },
  { affinity: 'nearestNeighbors', nNeighbors: 6 },
]) {
  checkClusterer({
    name: 'SpectralClustering',
    Estimator: SpectralClustering,
    Model: SpectralClusteringModel,
    traits: traits.SpectralClustering as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype) => tensor(rows, { dtype }),
    options: { nClusters: 3, seed: 0, ...options },
  });
}

/** The labels renamed in the order in which they come. */
const partition = (labels: ArrayLike<number>) => Array.from(labels, (label) => Array.from(labels).indexOf(label));

describe('SpectralClustering, worked by hand', () => {
  it('cuts a path of four where it is thin', () => {
    // Affinities 1, a, 1 along the path: D = 1, 1 + a, 1 + a, 1. By symmetry the second vector of D^-1 A is (1, t, -t, -1)
    // with t = λ and 1 - a t = λ (1 + a) t: λ² (1 + a) + a λ - 1 = 0.
    const a = 0.5;
    const x = [[0, 1, 0, 0], [1, 0, a, 0], [0, a, 0, 1], [0, 0, 1, 0]]; // biome-ignore format: a matrix
    const model = new SpectralClustering({ nClusters: 2, affinity: 'precomputed', seed: 0 }).fit(x);
    expect(partition(model.labels)).toEqual([0, 0, 2, 2]);
    const lambda = (-a + Math.sqrt(a * a + 4 * (1 + a))) / (2 * (1 + a));
    expectClose(model.eigenvalues, [0, 1 - lambda], { atol: 1e-12 });
    const column = model.embedding.toArray().map((row) => row[1]!);
    expectClose(
      column.map((v) => v / column[0]!),
      [1, lambda, -lambda, -1],
    );
    // The first is constant: D^-1/2 of √D / √(Σ D).
    expectClose(
      model.embedding.toArray().map((row) => row[0]!),
      Array(4).fill(1 / Math.sqrt(4 + 2 * a)),
    );
  });

  it('parts that nothing joins are clusters', () => {
    const x = [[0], [0.1], [100], [100.1], [0.2], [100.2]];
    const model = new SpectralClustering({ nClusters: 2, seed: 0 }).fit(x);
    expect(partition(model.labels)).toEqual([0, 0, 2, 2, 0, 2]);
    expectClose(model.eigenvalues, [0, 0], { atol: 1e-12 });
    expect(model.warnings).toEqual([]);
    expect(String(model)).toBe('SpectralClusteringModel: 2 clusters of 6 rows (3, 3) in 1 column, by 2 eigenvectors');
  });
});

interface Case {
  name: string;
  x: number[][];
  options: SpectralClusteringOptions;
  labels: number[];
  eigenvalues: number[];
  embedding: number[][];
}

describe('SpectralClustering, as scikit-learn', () => {
  const path = new URL('./fixtures/spectral.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };
  for (const c of cases) {
    it(c.name, () => {
      const model = new SpectralClustering({ ...c.options, seed: 1 }).fit(c.x);
      expect(partition(model.labels)).toEqual(partition(c.labels));
      expectClose(model.eigenvalues, c.eigenvalues, { rtol: 1e-8, atol: 1e-12 });
      expect(model.warnings).toEqual([]);
      const ours = model.embedding.toArray();
      for (let column = 0; column < c.eigenvalues.length; column++) {
        const [u, v] = [ours.map((row) => row[column]!), c.embedding.map((row) => row[column]!)];
        const sign = Math.sign(u.reduce((sum, value, i) => sum + value * v[i]!, 0));
        expectClose(
          u.map((value) => sign * value),
          v,
          { rtol: 1e-6, atol: 1e-8 },
        );
      }
    });
  }
});

describe('SpectralClustering, laws', () => {
  it('eigenvectors of many rows solve the generalized problem, and fitAsync lets timers run', async () => {
    const random = new Random(7);
    const n = 900;
    const x = Array.from({ length: n }, (_, i) => [random.normal(3 * (i % 3)), random.normal(3 * (i % 2))]);
    const fit = () => new SpectralClustering({ nClusters: 6, gamma: 0.5, seed: 0 }).fitAsync(x);
    const { value: model, ticks } = await ticksDuring(fit);
    expect(ticks).toBeGreaterThan(1);
    expect(model.warnings).toEqual([]);
    const y = model.embedding.toArray();
    const affinity = x.map((a) => x.map((b) => Math.exp(-0.5 * ((a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2))));
    for (const [i, row] of affinity.entries()) row[i] = 0;
    for (let c = 0; c < 6; c++) {
      // D y - A y = λ D y
      for (let i = 0; i < n; i += 37) {
        const degree = affinity[i]!.reduce((s, v) => s + v, 0);
        const product = affinity[i]!.reduce((s, v, j) => s + v * y[j]![c]!, 0);
        expectClose(degree * y[i]![c]! - product, model.eigenvalues[c]! * degree * y[i]![c]!, { atol: 1e-7 });
      }
    }
  });

  it('given affinities of any size give the same clusters', () => {
    const random = new Random(8);
    const x = Array.from({ length: 20 }, (_, i) => random.normal(5 * (i % 2), 0.5));
    const affinity = x.map((a) => x.map((b) => Math.exp(-((a - b) ** 2) / 4)));
    const labels = (scale: number) =>
      partition(
        new SpectralClustering({ nClusters: 2, affinity: 'precomputed', seed: 0 }).fit(
          affinity.map((row) => row.map((v) => v * scale)),
        ).labels,
      );
    expect(labels(1)).toEqual(x.map((_, i) => i % 2));
    expect(labels(1e305)).toEqual(labels(1));
    expect(labels(1e-200)).toEqual(labels(1));
  });
});

describe('SpectralClustering, input and options', () => {
  const name = 'SpectralClustering';
  it('has the defaults of scikit-learn, and says what is wrong with an option', () => {
    expect(new SpectralClustering().options).toEqual({
      nClusters: 8,
      affinity: 'rbf',
      gamma: 1,
      nNeighbors: 10,
      nComponents: null,
      nInit: 10,
      seed: undefined,
    });
    const refuses = (options: object, message: string) =>
      expectError(
        () => new SpectralClustering(options as SpectralClusteringOptions),
        OptionError,
        `${name}: ${message}`,
      );
    refuses({ nClusters: 0 }, 'nClusters must be an integer ≥ 1, got 0');
    refuses({ affinity: 'cosine' }, "affinity must be 'rbf', 'nearestNeighbors' or 'precomputed', got 'cosine'");
    refuses({ gamma: -1 }, 'gamma must be a number ≥ 0, got -1');
    refuses({ nNeighbors: 0 }, 'nNeighbors must be an integer ≥ 1, got 0');
  });

  it('says what does not fit together', () => {
    const fit = (options: SpectralClusteringOptions, x: number[][]) => () => new SpectralClustering(options).fit(x);
    expectError(fit({}, [[1], [2]]), ShapeError, `${name}: nClusters is 8, but the number of rows is 2`);
    expectError(
      fit({ nClusters: 2, nComponents: 3 }, [[1], [2]]),
      ShapeError,
      `${name}: nComponents is 3, but the number of rows is 2`,
    );
    expectError(
      fit({ nClusters: 1, affinity: 'precomputed' }, [[0, 1], [2, 0]]), // biome-ignore format: a matrix
      DataError,
      `${name}: affinities must be the same both ways, but x[1, 0] is 2 and x[0, 1] is 1`,
    );
    const x = { data: new Float64Array(50_000), shape: [50_000, 1] };
    expectError(
      () => new SpectralClustering({ nClusters: 2 }).fit(x),
      DataError,
      `${name}: the affinities of 50000 rows take 20.0 GB, more than there is room for; take fewer rows or affinity 'nearestNeighbors'`,
    );
  });

  it('rows that are near to no other: a warning', () => {
    const model = new SpectralClustering({ nClusters: 2, seed: 0 }).fit([[0], [0.1], [1000]]);
    expect(model.warnings).toEqual(['1 row without affinity to any other; lower gamma or drop such rows']);
    expect(partition(model.labels)).toEqual([0, 0, 2]);
  });
});
