import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError, ticksDuring } from '@maru-ml/tooling/testing';
import { checkClusterer, checkTransformer, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import { describe, expect, it } from 'vitest';
import {
  elbow,
  elbowAsync,
  KMeans,
  kneeOf,
  MiniBatchKMeans,
  MiniBatchKMeansModel,
  type MiniBatchKMeansOptions,
} from '../src/index.ts';
import { FittedMiniBatchKMeans } from '../src/mini-batch-model.ts';
import traits from '../traits.json' with { type: 'json' };

const spec: Spec = {
  name: 'MiniBatchKMeans',
  Estimator: MiniBatchKMeans,
  Model: MiniBatchKMeansModel,
  traits: traits.MiniBatchKMeans as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { nClusters: 3, seed: 0 },
};
checkClusterer(spec);
checkTransformer({ ...spec, traits: { ...spec.traits, kind: 'transformer' } });

describe('MiniBatchKMeans, worked by hand', () => {
  it('centers are running means: update by update', () => {
    // All rows equal: whatever is drawn, the center comes to lie on them, with the count of the batches.
    const start = new MiniBatchKMeans({ init: [[0]], maxIter: 1, seed: 0 }).fit([[2], [2], [2], [2]]);
    expect(start.clusterCenters.toArray()).toEqual([[2]]);
    expect([...start.counts]).toEqual([4]);
    // (4 · 2 + 8) / 5 and (5 · 3.2 + 3 · 0) / 8
    const next = start.update([[8]]);
    expectClose(next.clusterCenters, [[3.2]]);
    expect([[...next.counts], next.inertia, next.nSteps, [...next.labels]]).toEqual([[5], 36, 2, [0]]);
    expectClose(next.update([[0]], { sampleWeight: [3] }).clusterCenters, [[2]]);
    expect(start.clusterCenters.toArray()).toEqual([[2]]);
    expect(String(next)).toBe(
      'MiniBatchKMeansModel: 1 cluster of 1 row (1) in 1 column, inertia 36, not converged after 2 batches',
    );
  });
});

interface Case {
  name: string;
  dtype: 'float32' | 'float64';
  init: number[][];
  weights: number[] | null;
  bounds: number[];
  steps: { centers: number[][]; counts: number[] }[];
  labels: number[];
}

describe('MiniBatchKMeans, as scikit-learn', () => {
  const path = new URL('./fixtures/mini_batch.json', import.meta.url);
  const { x, inertia, cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    x: number[][];
    inertia: number;
    cases: Case[];
  };

  for (const { name, dtype, init, weights, bounds, steps, labels } of cases) {
    it(`batch by batch: ${name}`, () => {
      // A model that has seen nothing: the centers that are given, no counts.
      const k = init.length;
      const none = new MiniBatchKMeans({ init, maxIter: 1 }).fit(tensor(x.slice(0, 3), { dtype })).toJSON();
      const zero = new FittedMiniBatchKMeans({
        centers: dtype === 'float32' ? Float32Array.from(init.flat()) : Float64Array.from(init.flat()),
        columns: 3,
        counts: new Float64Array(k),
        labels: new Int32Array(0),
        inertia: 0,
        nSteps: 0,
        nIter: 0,
        converged: false,
        warnings: [],
      });
      expect(Object.keys(zero.toJSON())).toEqual(Object.keys(none));
      let model = zero;
      for (const [i, step] of steps.entries()) {
        const batch = [bounds[i]!, bounds[i + 1]!] as const;
        const options = weights === null ? {} : { sampleWeight: weights.slice(...batch) };
        model = model.update(tensor(x.slice(...batch), { dtype }), options);
        const tolerance = dtype === 'float32' ? { rtol: 1e-5, atol: 1e-6 } : { rtol: 1e-9, atol: 1e-12 };
        expectClose(model.clusterCenters, step.centers, tolerance);
        expectClose(model.counts, step.counts);
      }
      expect([...model.predict(x.slice(0, 20))]).toEqual(labels);
    });
  }

  it('comes near the best J of k-means', () => {
    for (const init of ['k-means++', 'random'] as const) {
      const model = new MiniBatchKMeans({ nClusters: 3, init, batchSize: 50, seed: 1 }).fit(x);
      expect(model.inertia).toBeGreaterThanOrEqual(inertia * (1 - 1e-9));
      expect(model.inertia).toBeLessThan(1.03 * inertia);
      expect(model.converged).toBe(true);
      expectClose(model.score(x), -model.inertia);
    }
  });
});

describe('MiniBatchKMeans, laws', () => {
  it('centers that get few rows start anew', () => {
    const random = new Random(1);
    const x = Array.from({ length: 300 }, (_, i) => [random.normal(10 * (i % 3)), random.normal()]);
    const init = [[0, 0], [500, 500], [600, 600]]; // biome-ignore format: three centers
    const model = new MiniBatchKMeans({ init, batchSize: 60, seed: 0 }).fit(x);
    expect(model.warnings).toEqual([]);
    expect(Math.max(...model.clusterCenters.data)).toBeLessThan(30);
    const kept = new MiniBatchKMeans({ init, batchSize: 60, reassignmentRatio: 0, seed: 0 }).fit(x);
    expect(kept.clusterCenters.toArray()[2]).toEqual([600, 600]);
    expect(kept.warnings).toEqual(['only 1 of 3 clusters have rows; x may have fewer different rows than clusters']);
  });

  it('stops by tol, by no improvement, or after maxIter passes', () => {
    const random = new Random(2);
    const x = Array.from({ length: 500 }, () => [random.normal(), random.normal()]);
    const fit = (options: MiniBatchKMeansOptions) =>
      new MiniBatchKMeans({ nClusters: 4, batchSize: 100, seed: 0, ...options }).fit(x);
    const full = fit({ maxIter: 3, maxNoImprovement: null });
    expect([full.nSteps, full.nIter, full.converged]).toEqual([15, 3, false]);
    expect(fit({ tol: 0.5 }).converged).toBe(true);
    expect(fit({ tol: 0.5 }).nSteps).toBeLessThan(fit({ maxNoImprovement: null }).nSteps);
    expect(fit({ maxNoImprovement: 2 }).nSteps).toBeLessThanOrEqual(fit({}).nSteps);
  });

  it('weights count', () => {
    const x = [[0], [1], [10], [11]];
    const model = new MiniBatchKMeans({ init: [[0], [10]], reassignmentRatio: 0, seed: 0 }).fit(x, {
      sampleWeight: [1, 0, 1, 0],
    });
    expectClose(model.clusterCenters, [[0], [10]]);
  });

  it('fitAsync of many rows lets timers run', async () => {
    const random = new Random(3);
    const data = Float64Array.from({ length: 400_000 }, () => random.uniform());
    const fit = () => new MiniBatchKMeans({ nClusters: 8, seed: 0 }).fitAsync({ data, shape: [100_000, 4] });
    const { value: model, ticks } = await ticksDuring(fit);
    expect(ticks).toBeGreaterThan(0);
    expect(model.labels).toHaveLength(100_000);
  });
});

describe('C1: the elbow', () => {
  const random = new Random(4);
  const centers = [[0, 0], [9, 0], [0, 9]]; // biome-ignore format: three centers
  const x = Array.from({ length: 120 }, (_, i) => centers[i % 3]!.map((c) => random.normal(c)));

  it('J falls with the number of clusters, and its knee is the number of groups', async () => {
    const found = elbow(x, { nInit: 5, seed: 0 });
    expect(found.nClusters).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(found.knee).toBe(3);
    for (let i = 1; i < 10; i++) expect(found.inertias[i]!).toBeLessThan(found.inertias[i - 1]!);
    expect(found.inertias[2]).toBe(new KMeans({ nClusters: 3, nInit: 5, seed: 0 }).fit(x).inertia);
    expect(await elbowAsync(x, { nInit: 5, seed: 0 })).toEqual(found);
    // The counts of the source: K = 2, 3, 10.
    expect(elbow(x, { nClusters: [10, 2, 3], nInit: 5, seed: 0 }).nClusters).toEqual([2, 3, 10]);
  });

  it('the knee of a curve, by hand', () => {
    // Below the line from (1, 10) to (5, 0): 2 is 3/4 - ... of 1/4 across and 8/10 down, 3 of 1/2 and 9/10.
    expect(kneeOf([1, 2, 3, 4, 5], [10, 2, 1, 0.5, 0])).toBe(2);
    expect(kneeOf([1, 2, 3, 4, 5], [4, 3, 2, 1, 0])).toBe(null);
    expect(kneeOf([1, 2], [4, 3])).toBe(null);
    expect(kneeOf([1, 2, 3], [4, 4, 4])).toBe(null);
    expectError(() => kneeOf([1, 2], [1]), ShapeError, 'kneeOf: x has 2 numbers, but y has 1');
  });

  it('says what is wrong with the counts', () => {
    expectError(
      () => elbow(x, { nClusters: [] }),
      OptionError,
      'elbow: nClusters must be an array of integers, got []',
    );
    expectError(
      () => elbow(x, { nClusters: [2, 0] }),
      OptionError,
      'elbow: nClusters[1] must be an integer ≥ 1, got 0',
    );
    const rejects = elbowAsync(x, {}, { signal: AbortSignal.abort(new Error('enough')) });
    return expect(rejects).rejects.toThrow('enough');
  });
});

describe('MiniBatchKMeans, input and options', () => {
  it('has the defaults of scikit-learn, and says what is wrong', () => {
    expect(new MiniBatchKMeans().options).toEqual({
      nClusters: 8,
      init: 'k-means++',
      maxIter: 100,
      batchSize: 1024,
      tol: 0,
      maxNoImprovement: 10,
      initSize: null,
      nInit: 'auto',
      reassignmentRatio: 0.01,
      seed: undefined,
    });
    const name = 'MiniBatchKMeans';
    const refuses = (options: object, message: string, ErrorClass: new () => Error = OptionError) =>
      expectError(() => new MiniBatchKMeans(options as MiniBatchKMeansOptions), ErrorClass, `${name}: ${message}`);
    refuses({ batchSize: 0 }, 'batchSize must be an integer ≥ 1, got 0');
    refuses({ reassignmentRatio: 2 }, 'reassignmentRatio must be a number ≥ 0 and ≤ 1, got 2');
    refuses({ init: 3 }, "init must be 'k-means++', 'random' or the centers [k, d], got 3");
    refuses({ init: [[1]], nClusters: 2 }, 'init has 1 centers, but nClusters is 2', ShapeError);
    const model = new MiniBatchKMeans({ init: [[0]] }).fit([[0], [1]]);
    expectError(() => model.update([[1, 2]]), ShapeError, `${name}: x has 2 columns, but the model was fitted with 1`);
    expectError(
      () => model.update([[1e200]]),
      DataError,
      `${name}: x[0] is too far from the centers: squared distances overflow`,
    );
    expectError(
      () => new MiniBatchKMeans({ init: [[0, 1]] }).fit([[0]]),
      ShapeError,
      `${name}: init is [1, 2], but x is [1, 1]`,
    );
    expectError(
      () => new MiniBatchKMeans({ init: [[1e200]] }).fit([[0]]),
      DataError,
      `${name}: squared distances in x overflow; divide x by a constant first`,
    );
  });
});
