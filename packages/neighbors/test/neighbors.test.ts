import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random } from '@maru-ml/base';
import { checkSparse, encodeArray, fromBytes, tensor, toBytes, toDense } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClassifier, checkRegressor, type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  KNeighborsClassifier,
  KNeighborsClassifierModel,
  KNeighborsRegressor,
  KNeighborsRegressorModel,
  type Metric,
  NearestNeighbors,
  NearestNeighborsModel,
  RadiusNeighborsClassifier,
  RadiusNeighborsClassifierModel,
  RadiusNeighborsRegressor,
  RadiusNeighborsRegressorModel,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const make = (rows: number[][], dtype: 'float32' | 'float64') => tensor(rows, { dtype });
const common = (name: keyof typeof traits) => ({
  ...{ name, traits: traits[name] as Traits, tensor: make, toBytes, fromBytes },
});
checkClassifier({
  ...common('KNeighborsClassifier'),
  Estimator: KNeighborsClassifier,
  Model: KNeighborsClassifierModel,
  options: { nNeighbors: 3 },
});
checkClassifier({
  ...common('RadiusNeighborsClassifier'),
  Estimator: RadiusNeighborsClassifier,
  Model: RadiusNeighborsClassifierModel,
  options: { radius: 4 },
});
checkRegressor({
  ...common('KNeighborsRegressor'),
  Estimator: KNeighborsRegressor,
  Model: KNeighborsRegressorModel,
  options: { nNeighbors: 3 },
});
checkRegressor({
  ...common('RadiusNeighborsRegressor'),
  Estimator: RadiusNeighborsRegressor,
  Model: RadiusNeighborsRegressorModel,
  options: { radius: 2, weights: 'distance' },
});

describe('worked by hand', () => {
  it('three on a line', () => {
    const x = [[0], [1], [2], [10], [11]];
    const model = new KNeighborsClassifier({ nNeighbors: 3 }).fit(x, ['a', 'a', 'b', 'b', 'b']);
    const { indices, distances } = model.kneighbors([[1.2]]);
    expect(indices).toEqual(Int32Array.of(1, 2, 0));
    expectClose(distances.toArray(), [[0.2, 0.8, 1.2]]);
    expect(model.predict([[1.2], [6]])).toEqual(['a', 'b']);
    expectClose(model.predictProba([[1.2]]).toArray(), [[2 / 3, 1 / 3]]);
    // By distance: 1/.2 + 1/1.2 for a, 1/.8 for b.
    const weighed = new KNeighborsClassifier({ nNeighbors: 3, weights: 'distance' }).fit(x, ['a', 'a', 'b', 'b', 'b']);
    const [a, b] = [1 / 0.2 + 1 / 1.2, 1 / 0.8];
    expectClose(weighed.predictProba([[1.2]]).toArray(), [[a / (a + b), b / (a + b)]]);
    // A row that is there has all the say.
    expect(weighed.predictProba([[2]]).toArray()).toEqual([[0, 1]]);
    expectClose(new KNeighborsRegressor({ nNeighbors: 2 }).fit(x, [0, 10, 20, 30, 40]).predict([[10.4]]), [35]);
    expect(new RadiusNeighborsRegressor({ radius: 1 }).fit(x, [0, 10, 20, 30, 40]).predictOne([1])).toBe(10);
  });

  it('of equally near rows the first count', () => {
    for (const algorithm of ['brute', 'kdTree', 'ballTree'] as const) {
      const model = new NearestNeighbors({ nNeighbors: 2, algorithm, leafSize: 1 }).fit([[1], [-1], [1], [-1]]);
      expect(model.kneighbors([[0]]).indices).toEqual(Int32Array.of(0, 1));
      expect(model.kneighbors().indices).toEqual(Int32Array.of(2, 1, 3, 0, 0, 1, 1, 0));
    }
  });
});

const fixture = JSON.parse(readFileSync(new URL('fixtures/neighbors.json', import.meta.url), 'utf8'));

describe('beside scikit-learn', () => {
  const { x, y, t, test } = fixture;

  it.each<[string, Record<string, never>]>(
    fixture.nearest.map((one: { metric: string; p: number }) => [`${one.metric} ${one.p}`, one]),
  )('%s', (_, given) => {
    const one = given as Record<string, never>;
    const algorithms = one.metric === 'cosine' ? (['brute'] as const) : (['brute', 'kdTree', 'ballTree'] as const);
    for (const algorithm of algorithms) {
      const model = new NearestNeighbors({ nNeighbors: 4, metric: one.metric, p: one.p, algorithm, leafSize: 5 }).fit(
        x,
      );
      const near = model.kneighbors(test);
      expect(Array.from(near.indices)).toEqual((one.indices as number[][]).flat());
      expectClose(near.distances.toArray(), one.distances, { rtol: 1e-11, atol: 1e-12 });
      const own = model.kneighbors();
      expect(Array.from(own.indices).slice(0, 20)).toEqual((one.ownIndices as number[][]).flat());
      expectClose(own.distances.toArray().slice(0, 5), one.ownDistances, { rtol: 1e-11, atol: 1e-12 });
      const { indices, indptr } = model.radiusNeighbors(test, one.radius);
      const within = Array.from({ length: 10 }, (_, i) => Array.from(indices.subarray(indptr[i]!, indptr[i + 1]!)));
      expect(within).toEqual(one.within);
      const graph = model.kneighborsGraph(test, { mode: 'distance' });
      checkSparse('test', graph);
      expectClose((toDense(graph).toArray() as number[][]).slice(0, 3), one.graph, { rtol: 1e-11, atol: 1e-12 });
    }
  });

  it.each<[string, Record<string, never>]>(
    fixture.models.map((one: { kind: string; metric: string; p: number; weights: string }) => [
      `${one.kind} ${one.metric} ${one.p} ${one.weights}`,
      one,
    ]),
  )('%s', (_, one) => {
    const options = { metric: one.metric as Metric, p: one.p as number, weights: one.weights as 'uniform' };
    if (one.kind === 'k') {
      const classes = new KNeighborsClassifier({ nNeighbors: 7, ...options }).fit(x, y);
      expect(classes.predict(test)).toEqual(one.predict);
      expectClose(classes.predictProba(test).toArray(), one.proba, { rtol: 1e-11 });
      expectClose(classes.score(x, y), one.score);
      const numbers = new KNeighborsRegressor({ nNeighbors: 7, ...options }).fit(x, t);
      expectClose(numbers.predict(test), one.numbers, { rtol: 1e-11 });
      expectClose(numbers.score(x, t), one.r2);
    } else {
      const classes = new RadiusNeighborsClassifier({ radius: 1.5, outlierLabel: 9, ...options }).fit(x, y as number[]);
      expect(classes.predict(test)).toEqual(one.predict);
      expectClose(new RadiusNeighborsRegressor({ radius: 2.5, ...options }).fit(x, t).predict(test), one.numbers, {
        rtol: 1e-11,
      });
    }
  });
});

describe('laws', () => {
  const rows = fc.array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 }), {
    minLength: 6,
    maxLength: 60,
  });
  const metrics = fc.constantFrom<Metric>('euclidean', 'manhattan', 'chebyshev', 'minkowski');

  it('trees find what comparing with all rows finds, ties and duplicates included', () => {
    fc.assert(
      fc.property(
        rows,
        metrics,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 5 }),
        (x, metric, leafSize, radius) => {
          const [brute, ...trees] = (['brute', 'kdTree', 'ballTree'] as const).map((algorithm) =>
            new NearestNeighbors({ nNeighbors: 5, metric, p: 3, algorithm, leafSize }).fit(x),
          );
          const queries = [...x.slice(0, 5), [0.5, -0.5, 0], [100, 0, 0]];
          for (const tree of trees) {
            expect(tree.kneighbors(queries)).toEqual(brute!.kneighbors(queries));
            expect(tree.kneighbors()).toEqual(brute!.kneighbors());
            expect(tree.radiusNeighbors(queries, radius)).toEqual(brute!.radiusNeighbors(queries, radius));
          }
        },
      ),
    );
  });

  it('products of matrices find what exact distances find, far from 0 too', () => {
    const random = new Random(3);
    for (const [offset, scale] of [
      [0, 1],
      [1e6, 1],
      [1e9, 1e-3],
      [0, 1e150],
      [0, 1e-150],
    ] as const) {
      for (const float32 of [false, true]) {
        if (float32 && (offset > 0 || scale !== 1)) continue;
        const [n, d, m] = [1200, 20, 30];
        const draw = (count: number) => {
          const data = Array.from({ length: count * d }, () => scale * (offset + Math.round(random.normal() * 8) / 8));
          return { data: float32 ? Float32Array.from(data) : Float64Array.from(data), shape: [count, d] };
        };
        const [x, queries] = [draw(n), draw(m)];
        const fast = new NearestNeighbors({ nNeighbors: 6, algorithm: 'brute' }).fit(x).kneighbors(queries);
        const tree = new NearestNeighbors({ nNeighbors: 6, algorithm: 'ballTree' }).fit(x).kneighbors(queries);
        expect(fast).toEqual(tree);
      }
    }
  });
});

describe('models', () => {
  const x = [[0], [1], [2], [10], [11]];

  it('of neighbors survive JSON and bytes', () => {
    const model = new NearestNeighbors({
      nNeighbors: 2,
      radius: 3,
      algorithm: 'ballTree',
      p: Number.POSITIVE_INFINITY,
    }).fit(x);
    for (const copy of [
      NearestNeighborsModel.fromJSON(JSON.parse(JSON.stringify(model))),
      fromBytes(NearestNeighborsModel, toBytes(model)),
    ]) {
      expect(copy.kneighbors([[3]])).toEqual(model.kneighbors([[3]]));
      expect(copy.radiusNeighbors()).toEqual(model.radiusNeighbors());
      expect(String(copy)).toBe('NearestNeighborsModel: 5 rows in 1 columns, by ballTree');
    }
    expect(toDense(model.radiusNeighborsGraph(null, { radius: 1 })).toArray()).toEqual([
      [0, 1, 0, 0, 0],
      [1, 0, 1, 0, 0],
      [0, 1, 0, 0, 0],
      [0, 0, 0, 0, 1],
      [0, 0, 0, 1, 0],
    ]);
  });

  it('print', () => {
    expect(String(new KNeighborsClassifier({ nNeighbors: 2 }).fit(x, ['a', 'a', 'b', 'b', 'b']))).toBe(
      'KNeighborsClassifierModel: 2 nearest of 5 rows in 1 columns, classes a, b, by brute',
    );
  });

  it('keep their rows, whatever becomes of the data', () => {
    const data = Float64Array.of(0, 1, 10);
    const model = new KNeighborsRegressor({ nNeighbors: 1 }).fit({ data, shape: [3, 1] }, [5, 6, 7]);
    data.fill(0);
    expect(model.predictOne([9])).toBe(7);
  });
});

describe('errors', () => {
  it.each<[string, new (message: string) => Error, () => unknown]>([
    [
      'KNeighborsClassifier: nNeighbors is 5, but the model was fitted with 2 rows',
      OptionError,
      () => new KNeighborsClassifier().fit([[1], [2]], [0, 1]),
    ],
    [
      'NearestNeighbors: nNeighbors is 2, but a row among 2 has only 1 other',
      OptionError,
      () => new NearestNeighbors({ nNeighbors: 2 }).fit([[1], [2]]).kneighbors(),
    ],
    [
      "KNeighborsRegressor: weights must be 'uniform' or 'distance', got 'far'",
      OptionError,
      () => new KNeighborsRegressor({ weights: 'far' as never }),
    ],
    [
      "NearestNeighbors: algorithm must be 'auto' or 'brute' for metric 'cosine', got 'kdTree'",
      OptionError,
      () => new NearestNeighbors({ metric: 'cosine', algorithm: 'kdTree' }),
    ],
    ['NearestNeighbors: p must be a number ≥ 1, got 0.5', OptionError, () => new NearestNeighbors({ p: 0.5 })],
    [
      'NearestNeighbors: nNeighbors is 5, but a row among 3 has only 2 others',
      OptionError,
      () => new NearestNeighbors().fit([[0], [1], [2]]).kneighbors(),
    ],
    [
      'NearestNeighbors: nNeighbors is 1, but a row among 1 has no other',
      OptionError,
      () => new NearestNeighbors({ nNeighbors: 1 }).fit([[0]]).kneighborsGraph(),
    ],
    [
      'NearestNeighbors: there is no option nNeighbours, only nNeighbors and mode',
      OptionError,
      () => new NearestNeighbors().fit([[0], [1]]).kneighborsGraph(null, { nNeighbours: 1 } as object),
    ],
    [
      'NearestNeighbors: options must be an object, got null',
      OptionError,
      () => new NearestNeighbors().fit([[0], [1]]).radiusNeighborsGraph(null, null as never),
    ],
    [
      'RadiusNeighborsClassifier: x[1] has no neighbors within 1; enlarge radius, or set outlierLabel',
      DataError,
      () => new RadiusNeighborsClassifier().fit([[0], [1]], [0, 1]).predict([[0.5], [9]]),
    ],
    [
      'RadiusNeighborsRegressor: x[0] has no neighbors within 1; enlarge radius',
      DataError,
      () => new RadiusNeighborsRegressor().fit([[0], [1]], [0, 1]).predict([[9]]),
    ],
    [
      'KNeighborsRegressor: distances in x overflow; divide x by a constant first',
      DataError,
      () => new KNeighborsRegressor({ nNeighbors: 1 }).fit([[1e200], [-1e200]], [0, 1]).predict([[1e200 * 1.5]]),
    ],
    [
      'RadiusNeighborsClassifier: outlierLabel must be a label or null, got 0.5',
      OptionError,
      () => new RadiusNeighborsClassifier({ outlierLabel: 0.5 }),
    ],
  ])('%s', (message, type, run) => {
    expectError(run, type, message);
  });

  it('an outlier gets its label, and a probability if that is a class', () => {
    const fitted = (outlierLabel: string | null) =>
      new RadiusNeighborsClassifier({ radius: 0.5, outlierLabel }).fit([[0], [1]], ['a', 'b']);
    expect(fitted('none').predict([[0.2], [9]])).toEqual(['a', 'none']);
    expect(
      fitted('none')
        .predictProba([[9]])
        .toArray(),
    ).toEqual([[0, 0]]);
    expect(fitted('b').predict([[0.2], [9]])).toEqual(['a', 'b']);
    expect(
      fitted('b')
        .predictProba([[0.2], [9]])
        .toArray(),
    ).toEqual([
      [1, 0],
      [0, 1],
    ]);
    const nobody = 'RadiusNeighborsClassifier: x[1] has no neighbors within 0.5; enlarge radius, or set outlierLabel';
    expectError(() => fitted(null).predictProba([[0.2], [9]]), DataError, nobody);
  });

  it('an outlier counted as right whatever other unknown label it had', () => {
    const fitted = (outlierLabel: string) =>
      new RadiusNeighborsClassifier({ radius: 0.5, outlierLabel }).fit<string>([[0], [1]], ['a', 'b']);
    expect(fitted('none').score([[9]], ['other'])).toBe(0);
    expect(fitted('none').score([[9]], ['none'])).toBe(1);
    expect(fitted('b').score([[9]], ['b'])).toBe(1);
    expect(fitted('b').predictOne([9])).toBe('b');
  });
});

it('the table of traits in the README is that of the tests', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
});

describe('damaged files', () => {
  it('with half a neighbor, a radius below 0 or rows that are NaN are refused', () => {
    const saved = JSON.parse(JSON.stringify(new NearestNeighbors().fit([[1], [2]])));
    const rows = JSON.parse(JSON.stringify(encodeArray(Float64Array.of(1, Number.NaN), [2, 1])));
    const refused: [object, string][] = [
      [{ nNeighbors: 0.5 }, 'nNeighbors must be an integer from 1 to 2147483647, got 0.5'],
      [{ radius: -1 }, 'radius must be ≥ 0, got -1'],
      [{ rows }, 'rows must be finite, got NaN at place 1'],
      [{ leafSize: 0 }, 'leafSize must be an integer ≥ 1, got 0'],
    ];
    for (const [damage, message] of refused) {
      expectError(
        () => NearestNeighborsModel.fromJSON({ ...saved, ...damage }),
        DataError,
        `NearestNeighborsModel.fromJSON: ${message}`,
      );
    }
  });
});

it('by cosine each row of 1e200 was its own neighbor three times, and rows of 1e-200 were all at a distance of 1', () => {
  const rows = [[1, 0.2], [1.1, -1], [-0.5, 3], [2, 2], [0, 0]]; // biome-ignore format: five rows
  const nearest = (x: number[][]) => new NearestNeighbors({ metric: 'cosine', nNeighbors: 3 }).fit(x).kneighbors(x);
  const { indices, distances } = nearest(rows);
  for (const size of [5e307, 1e200, 1e-200, 1e-307]) {
    const found = nearest(rows.map((row, i) => row.map((value) => value * (i === 3 ? 1 : size))));
    expect(found.indices).toEqual(indices);
    expectClose(found.distances.toArray(), distances.toArray(), { atol: 1e-15 });
  }
});
