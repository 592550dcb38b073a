import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectError } from '@maru-ml/tooling/testing';
import { checkClusterer, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DBSCAN, DBSCANModel, type DBSCANOptions, type VicinityMetric } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

checkClusterer({
  name: 'DBSCAN',
  Estimator: DBSCAN,
  Model: DBSCANModel,
  traits: traits.DBSCAN as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { eps: 2, minSamples: 3 },
});

describe('DBSCAN, worked by hand', () => {
  it('finds runs on a line: core rows, border rows, noise', () => {
    // With eps 1 and three neighbors, 1 and 2 are core rows of the first run, 11 of the second; 5 is alone.
    const model = new DBSCAN({ eps: 1, minSamples: 3 }).fit([[0], [1], [5], [2], [3], [12], [11], [10]]);
    expect([...model.labels]).toEqual([0, 0, -1, 0, 0, 1, 1, 1]);
    expect([...model.coreSampleIndices]).toEqual([1, 3, 6]);
    expect([model.nClusters, model.nFeaturesIn]).toEqual([2, 1]);
    expect(String(model)).toBe('DBSCANModel: 2 clusters of 8 rows (4, 3) in 1 column, 3 core rows, 1 row of noise');
  });

  it('finds the groups of the example of scikit-learn', () => {
    const x = [[1, 2], [2, 2], [2, 3], [8, 7], [8, 8], [25, 80]]; // biome-ignore format: six rows
    expect([...new DBSCAN({ eps: 3, minSamples: 2 }).fit(x).labels]).toEqual([0, 0, 0, 1, 1, -1]);
  });

  it('gives a border row between two clusters to the first of them', () => {
    // 2 is a neighbor of the core rows 1 and 3, which are not each other's.
    const x = [[3], [3.5], [4], [2], [1], [0.5], [0]];
    expect([...new DBSCAN({ eps: 1, minSamples: 4 }).fit(x).labels]).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });

  it('counts weights: a heavy row is a core row by itself', () => {
    const model = new DBSCAN({ eps: 1, minSamples: 3 }).fit([[0], [5]], { sampleWeight: [3, 2] });
    expect([...model.labels]).toEqual([0, -1]);
  });
});

interface Case {
  name: string;
  x: number[][];
  eps: number;
  minSamples: number;
  metric: VicinityMetric;
  weights: number[] | null;
  labels: number[];
  core: number[];
}

describe('DBSCAN, as scikit-learn', () => {
  const path = new URL('./fixtures/dbscan.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };
  for (const { name, x, eps, minSamples, metric, weights, labels, core } of cases) {
    it(name, () => {
      const model = new DBSCAN({ eps, minSamples, metric }).fit(x, weights === null ? {} : { sampleWeight: weights });
      expect([...model.labels]).toEqual(labels);
      expect([...model.coreSampleIndices]).toEqual(core);
    });
  }
});

/** DBSCAN as it is defined: neighbors by comparing all rows, clusters by a search through core rows. */
function byDefinition(x: number[][], eps: number, minSamples: number, distance: (a: number[], b: number[]) => number) {
  const near = x.map((a) => [...x.keys()].filter((j) => distance(a, x[j]!) <= eps));
  const labels = x.map(() => -1);
  let clusters = 0;
  for (const i of x.keys()) {
    if (labels[i] !== -1 || near[i]!.length < minSamples) continue;
    const queue = [i];
    labels[i] = clusters;
    for (const row of queue) {
      if (near[row]!.length < minSamples) continue;
      for (const j of near[row]!) {
        if (labels[j] !== -1) continue;
        labels[j] = clusters;
        queue.push(j);
      }
    }
    clusters++;
  }
  return labels;
}

describe('DBSCAN, laws', () => {
  const metrics = {
    euclidean: (a: number[], b: number[]) => Math.sqrt(a.reduce((s, v, j) => s + (v - b[j]!) ** 2, 0)),
    manhattan: (a: number[], b: number[]) => a.reduce((s, v, j) => s + Math.abs(v - b[j]!), 0),
    chebyshev: (a: number[], b: number[]) => Math.max(...a.map((v, j) => Math.abs(v - b[j]!))),
  };
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 1, max: 90 }),
    d: fc.integer({ min: 1, max: 5 }),
    minSamples: fc.integer({ min: 1, max: 6 }),
    metric: fc.constantFrom('euclidean' as const, 'manhattan' as const, 'chebyshev' as const),
    eps: fc.constantFrom(1, 2, 3, 7),
    wide: fc.boolean(),
  });

  it('labels as the definition does, on a lattice where many rows are exactly eps apart', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, minSamples, metric, eps, wide }) => {
        const random = new Random(seed);
        const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.integer(wide ? 40 : 6)));
        const model = new DBSCAN({ eps, minSamples, metric }).fit(x);
        expect([...model.labels]).toEqual(byDefinition(x, eps, minSamples, metrics[metric]));
        const all = x.map((a) => x.map((b) => metrics[metric](a, b)));
        expect(new DBSCAN({ eps, minSamples, metric: 'precomputed' }).fit(all).labels).toEqual(model.labels);
        const weighted = new DBSCAN({ eps, minSamples, metric }).fit(x, { sampleWeight: x.map(() => 1) });
        expect(weighted.labels).toEqual(model.labels);
      }),
      { numRuns: 60 },
    );
  });

  it('scaled and moved rows have the same labels', () => {
    const random = new Random(4);
    const x = Array.from({ length: 200 }, () => [random.normal(), random.normal()]);
    const { labels } = new DBSCAN({ eps: 0.25, minSamples: 4 }).fit(x);
    expect(Math.max(...labels)).toBeGreaterThan(1);
    for (const scale of [2 ** -400, 2 ** 20, 2 ** 500]) {
      const scaled = x.map((row) => row.map((v) => v * scale));
      expect(new DBSCAN({ eps: 0.25 * scale, minSamples: 4 }).fit(scaled).labels).toEqual(labels);
    }
  });

  it('more rows than one block of the grid, and than the engine sorts', () => {
    const random = new Random(5);
    const x = Array.from({ length: 9000 }, (_, i) => [
      random.normal(i % 2 ? 60 : 0),
      5 * random.normal(),
      5 * random.normal(),
    ]);
    const model = new DBSCAN({ eps: 3, minSamples: 5 }).fit(x);
    expect([...model.labels].every((label, i) => label === i % 2 || label === -1)).toBe(true);
    expect(model.nClusters).toBe(2);
  });
});

describe('DBSCAN, input and options', () => {
  const refuses = (options: object, message: string) =>
    expectError(() => new DBSCAN(options as DBSCANOptions), OptionError, message);

  it('has the defaults of scikit-learn, and says what is wrong with an option', () => {
    expect(new DBSCAN().options).toEqual({ eps: 0.5, minSamples: 5, metric: 'euclidean' });
    expect(String(new DBSCAN())).toBe("DBSCAN { eps: 0.5, minSamples: 5, metric: 'euclidean' }");
    refuses({ eps: 0 }, 'DBSCAN: eps must be a number > 0, got 0');
    refuses({ eps: Number.POSITIVE_INFINITY }, 'DBSCAN: eps must be a number > 0, got Infinity');
    refuses({ eps: 1e-200 }, 'DBSCAN: eps must be at least 1e-146, got 1e-200; multiply x and eps by a constant first');
    refuses({ minSamples: 0 }, 'DBSCAN: minSamples must be an integer ≥ 1, got 0');
    const metrics = "'euclidean', 'manhattan', 'chebyshev' or 'precomputed'";
    refuses({ metric: 'cosine' }, `DBSCAN: metric must be ${metrics}, got 'cosine'`);
    refuses({ minPts: 3 }, 'DBSCAN: there is no option minPts, only eps, minSamples and metric');
  });

  it('a huge eps makes all rows neighbors, unless their distances overflow', () => {
    const fit = (eps: number, x: number[][]) => () => new DBSCAN({ eps, minSamples: 2 }).fit(x);
    expect([...fit(1e200, [[0], [5], [1e100]])().labels]).toEqual([0, 0, 0]);
    const message = 'DBSCAN: squared distances in x overflow; divide x by a constant first';
    expectError(fit(1e300, [[1e308], [-1e308]]), DataError, message);
    // Beside a usual eps such distances are simply far.
    expect([...fit(1, [[1e308], [-1e308], [-1e308]])().labels]).toEqual([-1, 0, 0]);
  });

  it('given distances must be square, symmetric and not negative', () => {
    const fit = (x: number[][]) => () => new DBSCAN({ metric: 'precomputed' }).fit(x);
    expectError(
      fit([[0, 1]]),
      ShapeError,
      'DBSCAN: x must hold distances of all pairs of rows [n, n], got shape [1, 2]',
    );
    expectError(fit([[0, -1], [-1, 0]]), DataError, 'DBSCAN: distances must be ≥ 0, but x[1, 0] is -1'); // biome-ignore format: a matrix
    expectError(
      fit([[0, 1], [2, 0]]), // biome-ignore format: a matrix
      DataError,
      'DBSCAN: distances must be the same both ways, but x[1, 0] is 2 and x[0, 1] is 1',
    );
  });

  it('fitAsync lets timers run', async () => {
    const random = new Random(6);
    const data = Float64Array.from({ length: 40_000 }, () => random.uniform());
    const x = { data, shape: [20_000, 2] as const };
    let [last, longest] = [performance.now(), 0];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const model = await new DBSCAN({ eps: 0.05 }).fitAsync(x);
    clearInterval(timer);
    expect(model.nClusters).toBe(1);
    expect(longest).toBeGreaterThan(0);
  });

  it('refuses a saved model whose parts do not fit together', () => {
    const json = () => JSON.parse(JSON.stringify(new DBSCAN({ minSamples: 1 }).fit([[1], [2]])));
    const { labels } = JSON.parse(JSON.stringify(new DBSCAN().fit([[1], [2]])));
    const owner = 'DBSCANModel.fromJSON';
    expectError(
      () => DBSCANModel.fromJSON({ ...json(), labels }),
      DataError,
      `${owner}: coreSampleIndices must be places of rows with a cluster`,
    );
  });
});
