import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClusterer, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AgglomerativeClustering,
  AgglomerativeClusteringModel,
  type AgglomerativeClusteringOptions,
  dendrogram,
  type Linkage,
  type PairMetric,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

for (const linkage of ['ward', 'complete', 'average', 'single']) {
  checkClusterer({
    name: 'AgglomerativeClustering',
    Estimator: AgglomerativeClustering,
    Model: AgglomerativeClusteringModel,
    traits: traits.AgglomerativeClustering as Traits,
    toBytes,
    fromBytes,
    tensor: (rows, dtype) => tensor(rows, { dtype }),
    options: { nClusters: 3, linkage },
  });
}

const line = [[0], [1], [5], [11]];

describe('AgglomerativeClustering, worked by hand', () => {
  it('merges four numbers', () => {
    const tree = (linkage: Linkage) => new AgglomerativeClustering({ linkage }).fit(line);
    expect([...tree('single').distances]).toEqual([1, 4, 6]);
    expect([...tree('complete').distances]).toEqual([1, 5, 11]);
    expect([...tree('average').distances]).toEqual([1, 4.5, 9]);
    // √(2 · 2/3) · 4.5, then √(2 · 3/4) · 9
    expectClose(tree('ward').distances, [1, Math.sqrt(4 / 3) * 4.5, Math.sqrt(1.5) * 9]);
    for (const linkage of ['ward', 'complete', 'average', 'single'] as const) {
      expect([...tree(linkage).labels]).toEqual([0, 0, 0, 1]);
      expect(tree(linkage).linkage().toArray().map(([a, b, , rows]) => [a, b, rows])).toEqual([[0, 1, 2], [2, 4, 3], [3, 5, 4]]); // biome-ignore format: three merges
    }
  });

  it('cuts at a distance, and anywhere later', () => {
    const model = new AgglomerativeClustering({ linkage: 'single', distanceThreshold: 5 }).fit(line);
    expect([model.nClusters, model.nLeaves, model.nFeaturesIn]).toEqual([2, 4, 1]);
    expect(new Set(model.cut({ nClusters: 4 })).size).toBe(4);
    expect(model.cut({ nClusters: 2 })).toEqual(model.labels);
    expect(model.cut({ distanceThreshold: 6 })).toEqual(model.labels);
    expect(new Set(model.cut({ distanceThreshold: 6.1 })).size).toBe(1);
    expect(String(model)).toBe(
      'AgglomerativeClusteringModel: 2 clusters of 4 rows (3, 1) in 1 column, merged up to distance 6',
    );
  });

  it('lays out a dendrogram', () => {
    const model = new AgglomerativeClustering({ linkage: 'single' }).fit(line);
    const { leaves, x, y } = dendrogram(model.linkage());
    expect([...leaves]).toEqual([3, 2, 0, 1]);
    expect(x.toArray()).toEqual([[25, 25, 35, 35], [15, 15, 30, 30], [5, 5, 22.5, 22.5]]); // biome-ignore format: three brackets
    expect(y.toArray()).toEqual([[0, 1, 1, 0], [0, 4, 4, 1], [0, 6, 6, 4]]); // biome-ignore format: three brackets
  });

  it('merges only what is connected: the ends of a chain last', () => {
    const x = [[0], [1], [0.1]];
    const near = new AgglomerativeClustering({ linkage: 'single' }).fit(x);
    expect([...near.distances]).toEqual([0.1, 0.9]);
    const pairs: [number, number][] = [[0, 1], [1, 2]]; // biome-ignore format: two pairs
    const model = new AgglomerativeClustering({ linkage: 'complete', connectivity: pairs }).fit(x);
    expectClose(model.distances, [0.9, 1]);
  });
});

interface Case {
  name: string;
  x: number[][];
  linkage: Linkage;
  metric: PairMetric;
  tree: number[][];
  children: number[][];
  labels: Record<string, number[]>;
  threshold: number;
  thresholdLabels: number[];
  leaves: number[];
  dcoord: number[][];
  icoord: number[][];
}

interface GraphCase {
  name: string;
  x: number[][];
  linkage: Linkage;
  pairs: [number, number][];
  children: number[][];
  distances: number[];
  labels: number[];
}

describe('AgglomerativeClustering, as SciPy and scikit-learn', () => {
  it('single linkage of angles numbers clusters as SciPy has the nodes: the lower one first', () => {
    const x = [[1, 0], [4, 1], [1, 3], [-2, 1], [3, 2], [-1, -2]]; // biome-ignore format: six rows
    const model = new AgglomerativeClustering({ linkage: 'single', metric: 'cosine', nClusters: 3 }).fit(x);
    expect([...model.children]).toEqual([0, 1, 4, 6, 2, 7, 3, 8, 5, 9]);
    expect([...model.labels]).toEqual([0, 0, 0, 2, 0, 1]);
    expect([...model.cut({ nClusters: 4 })]).toEqual([0, 0, 3, 2, 0, 1]);
  });

  const path = new URL('./fixtures/agglomerative.json', import.meta.url);
  const { cases, graphs } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[]; graphs: GraphCase[] };

  for (const c of cases) {
    it(c.name, () => {
      const { linkage, metric } = c;
      const model = new AgglomerativeClustering({ linkage, metric }).fit(c.x);
      expectClose(model.linkage(), c.tree, { rtol: 1e-9, atol: 1e-12 });
      expect([...model.children]).toEqual(c.children.flat());
      for (const [k, labels] of Object.entries(c.labels)) {
        const options = { linkage, metric, nClusters: Number(k) };
        expect([...new AgglomerativeClustering(options).fit(c.x).labels]).toEqual(labels);
      }
      const cut = new AgglomerativeClustering({ linkage, metric, distanceThreshold: c.threshold }).fit(c.x);
      expect([...cut.labels]).toEqual(c.thresholdLabels);
      const { leaves, x, y } = dendrogram(model.linkage());
      expect([...leaves]).toEqual(c.leaves);
      expectClose(x, c.icoord);
      expectClose(y, c.dcoord, { rtol: 1e-9, atol: 1e-12 });
    });
  }

  for (const c of graphs) {
    it(`connectivity: ${c.name}`, () => {
      const options = { linkage: c.linkage, connectivity: c.pairs, nClusters: 3 };
      const model = new AgglomerativeClustering(options).fit(c.x);
      expectClose(model.distances, c.distances, { rtol: 1e-9 });
      const ascending = (pairs: number[][]) => pairs.map(([a, b]) => [Math.min(a!, b!), Math.max(a!, b!)]);
      const tree = model.linkage().toArray();
      expect(tree.map(([a, b]) => [a, b])).toEqual(ascending(c.children));
      // Which node of a merge stands first is another matter in single linkage, and clusters are numbered by it.
      const partition = (labels: ArrayLike<number>) => Array.from(labels, (label) => Array.from(labels).indexOf(label));
      if (c.linkage === 'single') expect(partition(model.labels)).toEqual(partition(c.labels));
      else expect([...model.labels]).toEqual(c.labels);
    });
  }
});

/** The heights of the merges as they are defined: all pairs of clusters are compared. */
function heights(x: number[][], linkage: Linkage): number[] {
  const distance = (a: number[], b: number[]) => Math.sqrt(a.reduce((s, v, j) => s + (v - b[j]!) ** 2, 0));
  const mean = (rows: number[][]) => rows[0]!.map((_, j) => rows.reduce((s, row) => s + row[j]!, 0) / rows.length);
  const apart = (a: number[][], b: number[][]) => {
    const all = a.flatMap((p) => b.map((q) => distance(p, q)));
    if (linkage === 'complete') return Math.max(...all);
    if (linkage === 'single') return Math.min(...all);
    if (linkage === 'average') return all.reduce((s, v) => s + v, 0) / all.length;
    return Math.sqrt((2 * a.length * b.length) / (a.length + b.length)) * distance(mean(a), mean(b));
  };
  const clusters = x.map((row) => [row]);
  const found: number[] = [];
  while (clusters.length > 1) {
    let [least, i, j] = [Number.POSITIVE_INFINITY, 0, 0];
    for (let a = 0; a < clusters.length; a++) {
      for (let b = 0; b < a; b++) {
        const value = apart(clusters[a]!, clusters[b]!);
        if (value < least) [least, i, j] = [value, a, b];
      }
    }
    found.push(least);
    clusters[j] = [...clusters[j]!, ...clusters[i]!];
    clusters.splice(i, 1);
  }
  return found;
}

describe('AgglomerativeClustering, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 2, max: 18 }),
    d: fc.integer({ min: 1, max: 4 }),
    linkage: fc.constantFrom<Linkage>('ward', 'complete', 'average', 'single'),
  });

  it('merges as the definition does; with all pairs connected too', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, linkage }) => {
        const random = new Random(seed);
        const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
        const model = new AgglomerativeClustering({ linkage }).fit(x);
        const expected = heights(x, linkage);
        expectClose(model.distances, expected, { rtol: 1e-9 });
        const connectivity = x.flatMap((_, i) => x.slice(0, i).map((_, j) => [i, j] as const));
        const other = new AgglomerativeClustering({ linkage, connectivity }).fit(x);
        expectClose(other.distances, expected, { rtol: 1e-9 });
        expect(new Set(other.cut({ nClusters: n })).size).toBe(n);
      }),
      { numRuns: 60 },
    );
  });

  it('heights never fall, and every number of clusters can be cut', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, linkage }) => {
        const random = new Random(seed);
        // On a lattice rows coincide and distances are equal.
        const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.integer(3)));
        const model = new AgglomerativeClustering({ linkage }).fit(x);
        for (let i = 1; i < n - 1; i++) expect(model.distances[i]!).toBeGreaterThanOrEqual(model.distances[i - 1]!);
        for (let k = 1; k <= n; k++) {
          expect([...new Set(model.cut({ nClusters: k }))].sort((a, b) => a - b)).toEqual([...Array(k).keys()]);
        }
        expect([...dendrogram(model.linkage()).leaves].sort((a, b) => a - b)).toEqual([...x.keys()]);
        expect(Number.isFinite(model.distances.reduce((s, v) => s + v, 0))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('more rows than a block: single linkage of given and of measured distances', () => {
    const random = new Random(3);
    const x = Array.from({ length: 150 }, () => [random.normal(), random.normal()]);
    const all = x.map((a) => x.map((b) => Math.sqrt((a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2)));
    for (const linkage of ['complete', 'average', 'single'] as const) {
      const model = new AgglomerativeClustering({ linkage }).fit(x);
      const given = new AgglomerativeClustering({ linkage, metric: 'precomputed' }).fit(all);
      expectClose(given.linkage(), model.linkage(), { rtol: 1e-12 });
    }
  });
});

describe('AgglomerativeClustering, input and options', () => {
  const refuses = (options: object, message: string) =>
    expectError(() => new AgglomerativeClustering(options as AgglomerativeClusteringOptions), OptionError, message);

  it('has the defaults of scikit-learn, and says what is wrong with an option', () => {
    const defaults = {
      nClusters: 2,
      distanceThreshold: null,
      linkage: 'ward',
      metric: 'euclidean',
      connectivity: null,
    };
    expect(new AgglomerativeClustering().options).toEqual(defaults);
    expect(new AgglomerativeClustering({ distanceThreshold: 3 }).options.nClusters).toBe(null);
    const name = 'AgglomerativeClustering';
    refuses({ nClusters: 0 }, `${name}: nClusters must be an integer ≥ 1, got 0`);
    refuses({ distanceThreshold: -1 }, `${name}: distanceThreshold must be a number ≥ 0, got -1`);
    refuses(
      { nClusters: 2, distanceThreshold: 1 },
      `${name}: one of nClusters and distanceThreshold must be given, got both`,
    );
    refuses({ nClusters: null }, `${name}: one of nClusters and distanceThreshold must be given, got neither`);
    refuses({ linkage: 'mean' }, `${name}: linkage must be 'ward', 'complete', 'average' or 'single', got 'mean'`);
    refuses(
      { metric: 'manhattan' },
      `${name}: linkage 'ward' needs metric 'euclidean', got 'manhattan'; take another linkage`,
    );
    refuses({ connectivity: 3 }, `${name}: connectivity must be pairs of rows [i, j] or null, got 3`);
    refuses({ connectivity: [[0, 1], [1]] }, `${name}: connectivity[1] must be a pair of rows [i, j], got [1]`);
  });

  it('says what does not fit together', () => {
    const fit = (options: AgglomerativeClusteringOptions, x: number[][]) => () =>
      new AgglomerativeClustering(options).fit(x);
    const name = 'AgglomerativeClustering';
    expectError(fit({}, [[1]]), ShapeError, `${name}: nClusters is 2, but the number of rows is 1`);
    expect([...fit({ nClusters: 1 }, [[1]])().labels]).toEqual([0]);
    expectError(
      fit({ connectivity: [[0, 1]] }, [[1], [2], [3]]),
      DataError,
      `${name}: connectivity leaves x in 2 parts; add pairs between them`,
    );
    expectError(
      fit({ connectivity: [[0, 5]] }, [[1], [2], [3]]),
      ShapeError,
      `${name}: connectivity[0] names row 5, but x has 3 rows`,
    );
    expectError(
      fit({ linkage: 'average', metric: 'cosine' }, [[1, 2], [0, 0]]), // biome-ignore format: two rows
      DataError,
      `${name}: x[1] is all 0, which has no direction; drop it or take another metric`,
    );
    expectError(
      fit({ linkage: 'average', metric: 'precomputed' }, [[1, 2]]),
      ShapeError,
      `${name}: x must hold distances of all pairs of rows [n, n], got shape [1, 2]`,
    );
    const far = Number.MAX_VALUE;
    const apart = [[0, 1, far], [1, 0, far], [far, far, 0]]; // biome-ignore format: three rows
    expectError(
      fit({ linkage: 'average', metric: 'precomputed' }, apart),
      DataError,
      `${name}: sums of distances overflow; divide x by a constant first`,
    );
    expect([...fit({ linkage: 'complete', metric: 'precomputed' }, apart)().labels]).toEqual([0, 0, 1]);
  });

  it('too many rows for their distances are refused before memory is taken, but not by single linkage', () => {
    const x = { data: new Float64Array(100_000), shape: [100_000, 1] };
    expectError(
      () => new AgglomerativeClustering().fit(x),
      DataError,
      "AgglomerativeClustering: the distances of 100000 rows take 40.0 GB, more than there is room for; take fewer rows, linkage 'single', or connectivity",
    );
  });

  it('says what is no tree', () => {
    expectError(() => dendrogram([[0, 1, 1]]), ShapeError, 'dendrogram: linkage must have 4 columns, got 3');
    expectError(
      () => dendrogram([[0, 0, 1, 2]]),
      DataError,
      'dendrogram: linkage[0, 1] must be a node that is not merged yet, got 0',
    );
    const json = JSON.parse(JSON.stringify(new AgglomerativeClustering().fit(line)));
    const other = JSON.parse(JSON.stringify(new AgglomerativeClustering().fit(line.slice(1))));
    const owner = 'AgglomerativeClusteringModel.fromJSON';
    expectError(
      () => AgglomerativeClusteringModel.fromJSON({ ...json, labels: other.labels }),
      DataError,
      `${owner}: labels must be 4, got 3`,
    );
    const model = new AgglomerativeClustering().fit(line);
    expectError(
      () => model.cut({ nClusters: 5 }),
      OptionError,
      'AgglomerativeClusteringModel.cut: nClusters must be an integer ≥ 1 and ≤ 4, got 5',
    );
    expectError(
      () => model.cut({} as { nClusters: number }),
      OptionError,
      'AgglomerativeClusteringModel.cut: one of nClusters and distanceThreshold must be given',
    );
  });
});
