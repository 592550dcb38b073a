import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError, setSeed, shared } from '@maru-ml/base';
import { memory, memoryInUse } from '@maru-ml/kernels/memory';
import { fromBytes, type MatrixLike, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage, ticksDuring } from '@maru-ml/tooling/testing';
import {
  checkClusterer,
  checkTransformer,
  type Spec,
  type Traits,
  traitsTable,
} from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KMeans, KMeansModel, type KMeansOptions } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const spec: Spec = {
  name: 'KMeans',
  Estimator: KMeans,
  Model: KMeansModel,
  traits: traits.KMeans as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { nClusters: 3, seed: 0 },
  settled: {
    init: [
      [1, 1, 1, 1],
      [5, 5, 0, -5],
      [-5, 5, 5, 2],
    ],
  },
};
checkClusterer(spec);
checkTransformer({ ...spec, traits: { ...spec.traits, kind: 'transformer' } });

/** Rows around `centers`, with a spread of 1. */
function blobs(seed: number, centers: number[][], n: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: n }, () => centers[random.integer(centers.length)]!.map((c) => random.normal(c)));
}

const squared = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((s, v, j) => s + (v - b[j]!) ** 2, 0);

const large = 'KMeans: squared distances in x overflow; divide x by a constant first';

describe('C1: k-means, worked by hand', () => {
  it('moves two centers on a line as on paper', () => {
    // Centers 1 and 2 label the rows 0 1 1 1: J = 0 + 0 + 64 + 81. Their means 1 and 23/3 label them 0 0 1 1:
    // J = 0 + 1 + 49/9 + 100/9. Their means 1.5 and 10.5 change no label: J = 4 · .25.
    const model = new KMeans({ init: [[1], [2]], tol: 0 }).fit([[1], [2], [10], [11]]);
    expectClose(model.inertias, [145, 1 + 149 / 9, 1]);
    expect(model.clusterCenters.toArray()).toEqual([[1.5], [10.5]]);
    expect([...model.labels]).toEqual([0, 0, 1, 1]);
    expect([model.inertia, model.nIter, model.converged, model.nFeaturesIn, model.nFeaturesOut]).toEqual([
      1,
      3,
      true,
      1,
      2,
    ]);
    expect(model.transform([[1.5], [5.5]]).toArray()).toEqual([
      [0, 9],
      [4, 5],
    ]);
    expect(model.score([[1], [10]])).toBe(-0.5);
    expect(model.score([[1], [10]], { sampleWeight: [1, 3] })).toBe(-1);
    expect([model.predictOne([6]), model.predictOne([6.5])]).toEqual([0, 1]);
  });

  it('finds the two columns of points in the example of scikit-learn', () => {
    const x = [
      [1, 2],
      [1, 4],
      [1, 0],
      [10, 2],
      [10, 4],
      [10, 0],
    ];
    const model = new KMeans({ nClusters: 2, nInit: 10, seed: 0 }).fit(x);
    expect(model.clusterCenters.toArray().sort()).toEqual([
      [1, 2],
      [10, 2],
    ]);
    expect(model.inertia).toBe(16);
    const [left, right] = model.predict([
      [0, 0],
      [12, 3],
    ]);
    expect(model.labels).toEqual(Int32Array.from([left, left, left, right, right, right].map((label) => label!)));
  });

  it('labels a row that is equally near to several centers with the first of them', () => {
    const model = new KMeans({ init: [[-1], [1]] }).fit([[-1], [1]]);
    expect(model.predictOne([0])).toBe(0);
    expect([...model.predict([[0], [0.5], [0]])]).toEqual([0, 1, 0]);
    const [first, second] = new KMeans({ init: [[1], [-1]] }).fit([[-1], [1], [0]]).labels;
    expect([first, second]).toEqual([1, 0]);
  });

  it('weighs rows: one of weight 3 counts as three', () => {
    const model = new KMeans({ nClusters: 1, seed: 0 }).fit([[0], [4]], { sampleWeight: [3, 1] });
    expect(model.clusterCenters.toArray()).toEqual([[1]]);
    expect(model.inertia).toBe(3 * 1 + 9);
  });
});

interface Case {
  name: string;
  dtype: 'float32' | 'float64';
  x: number[][];
  init: number[][];
  weights: number[] | null;
  maxIter: number;
  tol: number;
  centers: number[][];
  labels: number[];
  inertia: number;
  nIter: number;
  fresh?: number[][];
  predict: number[];
  transform: number[][];
  score: number;
}

describe('KMeans, as scikit-learn', () => {
  const path = new URL('./fixtures/kmeans.json', import.meta.url);
  const { cases, starts } = JSON.parse(readFileSync(path, 'utf8')) as {
    cases: Case[];
    starts: { name: string; x: number[][]; nClusters: number; inertia: number }[];
  };

  for (const c of cases) {
    it(`from given centers: ${c.name}`, () => {
      const options = { init: c.init, maxIter: c.maxIter, tol: c.tol };
      const fitOptions = c.weights === null ? {} : { sampleWeight: c.weights };
      const model = new KMeans(options).fit(tensor(c.x, { dtype: c.dtype }), fitOptions);
      const tolerance = c.dtype === 'float32' ? { rtol: 1e-5, atol: 1e-5 } : { rtol: 1e-9, atol: 1e-12 };
      expect(model.clusterCenters.dtype).toBe(c.dtype);
      expectClose(model.clusterCenters, c.centers, tolerance);
      expect([...model.labels]).toEqual(c.labels);
      expectClose(model.inertia, c.inertia, tolerance);
      expect(model.nIter).toBe(c.nIter);
      if (c.fresh === undefined) return;
      const fresh = tensor(c.fresh, { dtype: c.dtype });
      expect([...model.predict(fresh)]).toEqual(c.predict);
      expectClose(model.transform(fresh), c.transform, tolerance);
      expectClose(model.score(fresh), c.score, tolerance);
    });
  }

  for (const { name, x, nClusters, inertia } of starts) {
    for (const init of ['k-means++', 'random'] as const) {
      it(`finds the best of many starts of its k-means++: ${name}, from ${init}`, () => {
        expectClose(new KMeans({ nClusters, init, nInit: 20, seed: 1 }).fit(x).inertia, inertia, { rtol: 1e-9 });
      });
    }
  }

  it('starts 10 times from random rows and once from others', () => {
    const x = blobs(3, [[0, 0], [9, 9]], 40); // biome-ignore format: two centers
    const startsOf = (options: KMeansOptions) => {
      const seen = new Set<number>();
      new KMeans({ nClusters: 3, seed: 0, ...options }).fit(x, { onProgress: (p) => void seen.add(p.metrics.start!) });
      return seen.size;
    };
    expect(startsOf({})).toBe(1);
    expect(startsOf({ init: 'random' })).toBe(10);
    expect(startsOf({ init: x.slice(0, 3), nInit: 5 })).toBe(1);
    expect(startsOf({ nInit: 4 })).toBe(4);
  });
});

describe('KMeans, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 1, max: 60 }),
    d: fc.integer({ min: 1, max: 5 }),
    k: fc.integer({ min: 1, max: 9 }),
    init: fc.constantFrom('k-means++' as const, 'random' as const),
    grid: fc.boolean(),
  });

  it('J never rises, every row is with its nearest center, and centers are the means of their rows', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, k, init, grid }) => {
        const random = new Random(seed);
        // On a grid rows coincide and lie equally far from several centers.
        const value = () => (grid ? random.integer(4) : random.normal());
        const x = Array.from({ length: n }, () => Array.from({ length: d }, value));
        const model = new KMeans({ nClusters: Math.min(k, n), init, nInit: 1, tol: 0, seed }).fit(x);
        const { inertias } = model;
        for (let t = 1; t < inertias.length; t++) {
          expect(inertias[t]!).toBeLessThanOrEqual(inertias[t - 1]! * (1 + 1e-12) + 1e-12);
        }
        const centers = model.clusterCenters.toArray();
        const distances = x.map((row) => centers.map((center) => squared(row, center)));
        expectClose(
          distances.map((row, i) => row[model.labels[i]!]!),
          distances.map((row) => Math.min(...row)),
          { atol: 1e-12 },
        );
        expectClose(
          model.inertia,
          distances.reduce((sum, row) => sum + Math.min(...row), 0),
          { atol: 1e-12 },
        );
        expect(model.converged).toBe(true);
        for (const [c, center] of centers.entries()) {
          const own = x.filter((_, i) => model.labels[i] === c);
          if (own.length === 0) continue;
          const mean = center.map((_, j) => own.reduce((sum, row) => sum + row[j]!, 0) / own.length);
          expectClose(center, mean, { atol: 1e-12 });
        }
      }),
    );
  });

  it('only the distances count: rows scaled by a power of two and moved give the same labels', () => {
    fc.assert(
      fc.property(problem, fc.integer({ min: -20, max: 20 }), ({ seed, n, d, k }, power) => {
        const random = new Random(seed);
        const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.integer(2 ** 20)));
        const fit = (rows: number[][]) => new KMeans({ nClusters: Math.min(k, n), seed }).fit(rows);
        const model = fit(x);
        const scaled = fit(x.map((row) => row.map((value) => value * 2 ** power)));
        expect(scaled.labels).toEqual(model.labels);
        expect(scaled.inertia).toBe(model.inertia * 4 ** power);
        expectClose(fit(x.map((row) => row.map((value) => value + 1))).inertia, model.inertia, { rtol: 1e-6 });
      }),
    );
  });

  it('k-means++ starts lower than random rows do, on the average', () => {
    const x = blobs(5, [[0, 0], [8, 0], [0, 8], [8, 8], [4, 20]], 200); // biome-ignore format: five centers
    const firstJ = (init: 'k-means++' | 'random') => {
      let sum = 0;
      for (let seed = 0; seed < 20; seed++)
        sum += new KMeans({ nClusters: 5, init, nInit: 1, seed }).fit(x).inertias[0]!;
      return sum / 20;
    };
    expect(firstJ('k-means++')).toBeLessThan(0.5 * firstJ('random'));
  });

  it('more starts never end higher', () => {
    const x = blobs(6, [[0, 0], [3, 0], [0, 3], [3, 3]], 120); // biome-ignore format: four centers
    const inertia = (nInit: number) => new KMeans({ nClusters: 6, init: 'random', nInit, seed: 2 }).fit(x).inertia;
    expect(inertia(5)).toBeLessThanOrEqual(inertia(1));
    expect(inertia(20)).toBeLessThanOrEqual(inertia(5));
  });

  it('the same numbers with WebAssembly and without', { tags: ['wasm'] }, () => {
    const x = blobs(8, [[0, 0, 0], [5, 5, 5], [9, 0, 0]], 500); // biome-ignore format: three centers
    const fit = (dtype: 'float32' | 'float64') =>
      JSON.stringify(new KMeans({ nClusters: 7, nInit: 3, seed: 4 }).fit(tensor(x, { dtype })));
    const usual = [fit('float32'), fit('float64')];
    // How kernels are chosen stands in the program's one record.
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    expect(choice.calls).toBeGreaterThan(0);
    const { calls } = choice;
    choice.mode = 'js';
    try {
      expect([fit('float32'), fit('float64')]).toEqual(usual);
      expect(choice.calls).toBe(calls);
    } finally {
      choice.mode = 'auto';
    }
  });
});

describe('KMeans, memory', () => {
  it('the same numbers where the memory of WebAssembly is exhausted', { tags: ['wasm'] }, () => {
    const x = blobs(11, [[0, 0], [5, 5], [9, 0]], 3000); // biome-ignore format: three centers
    const fit = () => JSON.stringify(new KMeans({ nClusters: 5, nInit: 2, seed: 4 }).fit(x));
    const usual = fit();
    const m = memory()!;
    const { top } = m;
    const free = new Map(m.free);
    // Beyond what memory can grow to.
    m.top = 2 ** 32;
    m.free.clear();
    try {
      expect(fit()).toBe(usual);
    } finally {
      m.top = top;
      for (const [size, blocks] of free) m.free.set(size, blocks);
    }
  });
});

describe('KMeans, the seed', () => {
  const x = blobs(9, [[0, 0], [4, 4]], 60); // biome-ignore format: two centers
  const fit = (options: KMeansOptions) =>
    new KMeans({ nClusters: 6, init: 'random', nInit: 1, ...options }).fit(x).inertias[0];

  it('repeats the starts, and other seeds give others', () => {
    expect(fit({ seed: 1 })).toBe(fit({ seed: 1 }));
    expect(fit({ seed: 1 })).not.toBe(fit({ seed: 2 }));
  });

  it('may be a generator, which goes on', () => {
    const random = new Random(1);
    const first = fit({ seed: random });
    expect(first).toBe(fit({ seed: 1 }));
    expect(fit({ seed: random })).not.toBe(first);
  });

  it('comes from the default stream if there is none', () => {
    setSeed(0);
    const first = [fit({}), fit({})];
    setSeed(0);
    expect([fit({}), fit({})]).toEqual(first);
    expect(first[0]).not.toBe(first[1]);
  });
});

describe('KMeans, hostile input', () => {
  const twoPlaces = [[0, 0], [0, 0], [0, 0], [3, 4], [3, 4]]; // biome-ignore format: five rows

  it('fewer different rows than clusters: all on their centers, and clusters that no row has', () => {
    for (const init of ['k-means++', 'random'] as const) {
      const model = new KMeans({ nClusters: 4, init, seed: 0 }).fit(twoPlaces);
      expect(model.inertia).toBe(0);
      expect(model.clusterCenters.shape).toEqual([4, 2]);
      expect(new Set(model.labels).size).toBe(2);
      expect(model.converged).toBe(true);
      expect(model.warnings).toEqual(['only 2 of 4 clusters have rows; x may have fewer different rows than clusters']);
      expect(KMeansModel.fromJSON(model.toJSON()).warnings).toEqual(model.warnings);
      expect(new KMeans({ nClusters: 2, init, seed: 0 }).fit(twoPlaces).warnings).toEqual([]);
      const removed = new KMeans({ nClusters: 4, init, emptyCluster: 'remove', seed: 0 }).fit(twoPlaces);
      expect(removed.clusterCenters.toArray().sort()).toEqual([
        [0, 0],
        [3, 4],
      ]);
      expect([...removed.labels.slice(0, 3)]).toEqual(Array(3).fill(removed.labels[0]));
      expect(removed.nFeaturesOut).toBe(2);
      expect(removed.inertia).toBe(0);
    }
  });

  it('empty clusters: started anew at the farthest row, or removed', () => {
    const x = [[0], [1], [2], [10]];
    const init = [[1], [100]];
    const anew = new KMeans({ init, tol: 0 }).fit(x);
    expect(anew.clusterCenters.toArray()).toEqual([[1], [10]]);
    expect([...anew.labels]).toEqual([0, 0, 0, 1]);
    expect([...anew.inertias]).toEqual([83, 2, 2].slice(0, anew.inertias.length));
    const removed = new KMeans({ init, tol: 0, emptyCluster: 'remove' }).fit(x);
    expect(removed.clusterCenters.toArray()).toEqual([[3.25]]);
    expect([...removed.labels]).toEqual([0, 0, 0, 0]);
    expect(removed.converged).toBe(true);
  });

  it('removes clusters whose rows weigh nothing, and labels these rows with what is left', () => {
    const x = [[0], [1], [50], [51]];
    const options = { sampleWeight: [1, 1, 0, 0] };
    const model = new KMeans({ init: [[0], [50]], emptyCluster: 'remove' }).fit(x, options);
    expect(model.clusterCenters.toArray()).toEqual([[0.5]]);
    expect([...model.labels]).toEqual([0, 0, 0, 0]);
    const anew = new KMeans({ init: [[0], [50]] }).fit(x, options);
    expect(anew.clusterCenters.toArray().sort()).toEqual([[0], [1]]);
    expect([...anew.labels].slice(2)).toEqual([anew.labels[1], anew.labels[1]]);
  });

  it('starts far apart among rows of which some weigh nothing', () => {
    const x = [[0], [1], [10], [11], [50]];
    for (let seed = 0; seed < 5; seed++) {
      const model = new KMeans({ nClusters: 2, seed }).fit(x, { sampleWeight: [1, 1, 1, 1, 0] });
      expect(model.clusterCenters.toArray().sort()).toEqual([[0.5], [10.5]]);
      expect(model.inertia).toBe(1);
    }
  });

  it('more clusters than rows, or than rows that weigh something', () => {
    const message = 'KMeans: nClusters is 3, but the number of rows is 2';
    expectError(() => new KMeans({ nClusters: 3 }).fit([[1], [2]]), ShapeError, message);
    expectError(
      () => new KMeans({ nClusters: 2 }).fit([[1], [2], [3]], { sampleWeight: [0, 1, 0] }),
      ShapeError,
      'KMeans: nClusters is 2, but the number of rows that weigh something is 1',
    );
  });

  it('constant data: the constant, at once', () => {
    const model = new KMeans({ nClusters: 2, seed: 0 }).fit(Array(5).fill([7, 7]));
    expect(model.clusterCenters.toArray()).toEqual([
      [7, 7],
      [7, 7],
    ]);
    expect([...model.labels]).toEqual([0, 0, 0, 0, 0]);
    expect([model.inertia, model.converged, model.nIter]).toEqual([0, true, 1]);
  });

  it('one row, one cluster', () => {
    const model = new KMeans({ nClusters: 1, seed: 0 }).fit([[3, 4]]);
    expect(model.clusterCenters.toArray()).toEqual([[3, 4]]);
    expect(model.inertia).toBe(0);
  });

  it('numbers that are too large to be squared are refused, others near the limit are not', () => {
    const fit =
      (x: MatrixLike, options: KMeansOptions = { nClusters: 2, seed: 0 }) =>
      () =>
        new KMeans(options).fit(x);
    expectError(fit([[1e308], [-1e308], [0]]), DataError, large);
    expectError(fit([[1e308], [1e308], [1e308]]), DataError, large);
    expect(fit(tensor([[3e38], [0], [1]]))().inertia).toBe(0.5); // float32 numbers have float64 squares
    expect(fit([[1], [2]], { init: [[0], [1e200]] })().inertia).toBe(0); // the far center starts anew
    expectClose([...fit([[1e150], [0], [1]])().clusterCenters.data].sort(), [0.5, 1e150]);
    const model = fit([[0], [1]])();
    const far = (place: string) => `KMeans: ${place} is too far from the centers: squared distances overflow`;
    expectError(() => model.predict([[0], [1e200]]), DataError, far('x[1]'));
    expectError(() => model.transform([[0], [1e200]]), DataError, far('x[1]'));
    expectError(() => model.score([[1e200]]), DataError, far('x[0]'));
    expectError(() => model.predictOne([1e200]), DataError, far('the row'));
    expectError(() => model.transformOne([1e200], new Float64Array(2)), DataError, far('the row'));
  });

  it('numbers that are too close together to be told apart by squares are refused, others are not', () => {
    const fit = (x: number[][]) => () => new KMeans({ nClusters: 2, seed: 0 }).fit(x);
    const message = 'KMeans: squared distances in x vanish; multiply x by a constant first';
    expectError(fit([[1e-160], [0], [0]]), DataError, message);
    expect([...fit([[1e-140], [0], [0]])().labels.slice(1)]).toHaveLength(2);
    const near = fit([[1], [1 + 2 ** -50], [1 + 2 ** -51]])();
    expect(new Set(near.labels).size).toBe(2);
  });

  it('rows that weigh nothing may be the only ones that differ', () => {
    for (const place of [0, 1, 2]) {
      const x = [0, 1, 2].map((i) => [i === place ? 3 : 1]);
      const sampleWeight = x.map(([value]) => (value === 3 ? 0 : 2));
      const model = new KMeans({ nClusters: 1, seed: 0 }).fit(x, { sampleWeight });
      expect([model.clusterCenters.toArray(), model.inertia, model.predictOne([3])]).toEqual([[[1]], 0, 0]);
    }
  });

  it('wide tables: more columns than rows', () => {
    const random = new Random(0);
    const x = Array.from({ length: 3 }, () => Array.from({ length: 1000 }, () => random.normal()));
    const model = new KMeans({ nClusters: 3, seed: 0 }).fit(x);
    expect(model.inertia).toBe(0);
    expect(new Set(model.labels).size).toBe(3);
  });
});

describe('KMeans, options', () => {
  const refuses = (options: object, message: string, ErrorClass: new () => Error = OptionError) =>
    expectError(() => new KMeans(options as KMeansOptions), ErrorClass, message);

  it('has the defaults of scikit-learn', () => {
    expect(new KMeans().options).toEqual({
      nClusters: 8,
      init: 'k-means++',
      nInit: 'auto',
      maxIter: 300,
      tol: 1e-4,
      emptyCluster: 'reinit',
      seed: undefined,
    });
    expect(new KMeans({ init: [[1], [2]] }).options.nClusters).toBe(2);
    expect(new KMeans({ init: tensor([[1.5], [2]]) }).options.init).toEqual([[1.5], [2]]);
  });

  it('says what is wrong with an option', () => {
    refuses({ nClusters: 0 }, 'KMeans: nClusters must be an integer ≥ 1, got 0');
    refuses({ nClusters: 2.5 }, 'KMeans: nClusters must be an integer ≥ 1, got 2.5');
    refuses({ nInit: 0 }, 'KMeans: nInit must be an integer ≥ 1, got 0');
    refuses({ nInit: 'Auto' }, "KMeans: nInit must be an integer ≥ 1, got 'Auto'");
    refuses({ maxIter: 0 }, 'KMeans: maxIter must be an integer ≥ 1, got 0');
    refuses({ tol: -1 }, 'KMeans: tol must be a number ≥ 0, got -1');
    refuses({ emptyCluster: 'drop' }, "KMeans: emptyCluster must be 'reinit' or 'remove', got 'drop'");
    refuses({ seed: -1 }, 'KMeans: seed must be an integer from 0 to 2^53 - 1 or a Random, got -1');
    refuses({ init: 'kmeans' }, "KMeans: init must be 'k-means++', 'random' or the centers [k, d], got 'kmeans'");
    refuses({ init: 3 }, "KMeans: init must be 'k-means++', 'random' or the centers [k, d], got 3");
    refuses(
      { init: [[1], [Number.NaN]] },
      'KMeans: init[1, 0] is NaN; impute or drop missing values first (see SimpleImputer)',
      DataError,
    );
    refuses({ init: [[1], [2]], nClusters: 3 }, 'KMeans: init has 2 centers, but nClusters is 3', ShapeError);
    refuses(
      { n_clusters: 3 },
      'KMeans: there is no option n_clusters, only nClusters, init, nInit, maxIter, tol, emptyCluster and seed',
    );
    expectError(
      () => new KMeans({ init: [[1], [2]] }).fit([[1, 2]]),
      ShapeError,
      'KMeans: init is [2, 1], but x is [1, 2]',
    );
  });

  it('cannot be changed afterwards', () => {
    const init = [[1], [2]];
    const { options } = new KMeans({ init });
    init[0]![0] = 9;
    expect(options.init).toEqual([[1], [2]]);
    expect(() => {
      (options.init as number[][])[0]![0] = 9;
    }).toThrow(TypeError);
  });
});

describe('KMeans, fitting and serving', () => {
  const x = blobs(10, [[0, 0, 0], [6, 6, 6], [0, 9, 0]], 300); // biome-ignore format: three centers

  it('tells of every iteration of every start', () => {
    const seen: object[] = [];
    const model = new KMeans({ nClusters: 3, nInit: 2, maxIter: 50, seed: 0 }).fit(x, {
      onProgress: (p) => void seen.push(p),
    });
    expect(seen[0]).toMatchObject({ step: 1, total: 100, unit: 'iteration', metrics: { start: 1 } });
    expect(Object.keys((seen[0] as { metrics: object }).metrics)).toEqual(['start', 'inertia', 'shift']);
    expect(seen.length).toBeGreaterThanOrEqual(model.nIter);
  });

  it('keeps the model so far when onProgress returns false: labels fit centers', () => {
    const model = new KMeans({ nClusters: 9, init: 'random', seed: 0 }).fit(x, { onProgress: () => false });
    expect(model.nIter).toBe(1);
    expect(model.converged).toBe(false);
    expect(model.predict(x)).toEqual(model.labels);
    expectClose(model.score(x), -model.inertia);
  });

  it('lets timers run during fitAsync, and can be aborted in the middle', async () => {
    const random = new Random(1);
    const data = Float64Array.from({ length: 60_000 * 8 }, () => random.uniform());
    const big = { data, shape: [60_000, 8] as const };
    const used = memoryInUse();
    const fit = () => new KMeans({ nClusters: 32, maxIter: 20, seed: 0 }).fitAsync(big);
    const { value: model, ticks } = await ticksDuring(fit);
    expect(ticks).toBeGreaterThan(1);
    expect(model.labels).toHaveLength(60_000);
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 1);
    const promise = new KMeans({ nClusters: 32, maxIter: 1000, tol: 0, seed: 0 }).fitAsync(big, {
      signal: controller.signal,
    });
    await expect(promise).rejects.toBe(reason);
    expect(memoryInUse()).toBe(used);
  });

  it('gives all its memory back, also when it is stopped or fails', () => {
    const used = memoryInUse();
    new KMeans({ nClusters: 3, seed: 0 }).fit(x);
    new KMeans({ nClusters: 3, seed: 0 }).fit(x, { onProgress: () => false });
    const fail = () => {
      throw new RangeError('mine');
    };
    expectError(() => new KMeans({ nClusters: 3, seed: 0 }).fit(x, { onProgress: fail }), RangeError, 'mine');
    expectError(() => new KMeans({ nClusters: 3, seed: 0 }).fit([[1e308], [0], [1]]), DataError, large);
    expect(memoryInUse()).toBe(used);
  });

  it('serves single rows without allocating', { tags: ['node'] }, async () => {
    const model = KMeansModel.fromJSON(JSON.parse(JSON.stringify(new KMeans({ nClusters: 3, seed: 0 }).fit(x))));
    const row = Float64Array.from(x[0]!);
    const out = new Float64Array(3);
    await expectNoGarbage((i) => {
      row[0] = i % 7;
      model.predictOne(row);
      model.transformOne(row, out);
    });
  });

  it('is not changed by changing what it hands out', () => {
    const model = new KMeans({ nClusters: 3, seed: 0 }).fit(x);
    const before = [...model.predict(x)];
    const json = JSON.stringify(model);
    model.clusterCenters.data.fill(0);
    expect([...model.predict(x)]).toEqual(before);
    expect(JSON.stringify(model)).toBe(json);
  });

  it('prints what there is to know', () => {
    const model = new KMeans({ init: [[1], [2]], tol: 0 }).fit([[1], [2], [10], [11]]);
    expect(String(model)).toBe(
      'KMeansModel: 2 clusters of 4 rows (2, 2) in 1 column, inertia 1, converged after 3 iterations',
    );
    expect(String(new KMeans({ nClusters: 3, seed: 1 }))).toBe(
      "KMeans { nClusters: 3, init: 'k-means++', nInit: 'auto', maxIter: 300, tol: 0.0001, emptyCluster: 'reinit', seed: 1 }",
    );
  });

  it('refuses a saved model whose parts do not fit together', () => {
    const json = () => JSON.parse(JSON.stringify(new KMeans({ init: [[1], [2]] }).fit([[1], [2]])));
    const encoded = (data: Int32Array | Float64Array, dtype: string, shape = [data.length]) => ({
      dtype,
      shape,
      data: btoa(String.fromCharCode(...new Uint8Array(data.buffer))),
    });
    const refuses = (change: object, message: string) =>
      expectError(() => KMeansModel.fromJSON({ ...json(), ...change }), DataError, `KMeansModel.fromJSON: ${message}`);
    refuses({ labels: encoded(Int32Array.of(0, 2), 'int32') }, 'labels must be from 0 to 1');
    refuses({ labels: encoded(Float64Array.of(0), 'float64') }, 'labels must be int32, got float64');
    refuses({ inertias: encoded(new Float64Array(0), 'float64') }, 'inertias must not be empty');
    refuses({ clusterCenters: encoded(Int32Array.of(1, 2), 'int32', [2, 1]) }, 'clusterCenters must be floats');
    refuses({ nIter: 'many' }, "nIter must be an integer from 0 to 2147483647, got 'many'");
    refuses({ converged: 1 }, 'converged must be true or false, got 1');
  });
});

describe('README', () => {
  it('has the table of what the estimators promise, as the conformance checks are run with', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
  });
});
