import { DataError, type FitOptions, OptionError, ShapeError } from '@maru-ml/base';
import { fromBytes, type MatrixLike, tensor, toBytes } from '@maru-ml/tensor';
import { expectError } from '@maru-ml/tooling/testing';
import { failuresOf, type Traits } from '@maru-ml/tooling/testing/conformance';
import { describe, expect, it } from 'vitest';
import { SearchResult } from '../src/index.ts';
import { GridSearch } from '../src/search/grid-search.ts';
import { RandomizedSearch } from '../src/search/randomized-search.ts';
import { NearestCentroid, NearestCentroidModel, Ridge, RidgeModel } from './estimators.ts';

/** Errors of the estimator within, which name it and in a fit its candidate and fold, in the name of the search. */
function named<T>(search: string, run: () => T): T {
  const inside = /^(\w+: of: '\w+', fold \d+: )?(NearestCentroid|Ridge): |^\w+: of: '\w+', fold \d+: /;
  const rename = (error: unknown) => {
    if (error instanceof Error) error.message = error.message.replace(inside, `${search}: `);
    throw error;
  };
  try {
    const result = run();
    return result instanceof Promise ? (result.catch(rename) as T) : result;
  } catch (error) {
    return rename(error);
  }
}

/** A model whose errors come in the name of the search. */
function inNameOf<M extends object>(search: string, model: M): M {
  return new Proxy(model, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => named(search, () => value.apply(target, args) as unknown);
    },
  });
}

type Inner = new () => { fit(x: MatrixLike, y: never, options?: FitOptions): object };
type Options = Record<string, unknown>;

/** The estimator of a candidate. */
const candidate = (search: string, Estimator: Inner) => () => {
  const fit = (x: MatrixLike, y: never, options?: FitOptions) => inNameOf(search, new Estimator().fit(x, y, options));
  return { fit, fitAsync: async (...args: Parameters<typeof fit>) => fit(...args) };
};

/** The kit makes estimators of their options alone, so what is searched is always the same. */
function withoutSpace(options: Options): Options {
  if (typeof options !== 'object') return options;
  const { grid: _, distributions: __, ...rest } = options;
  return rest;
}
const space = { of: ['one', 'other'] };

function searches(Estimator: Inner) {
  class Grid extends GridSearch<object> {
    constructor(options: Options = {}) {
      super(candidate('GridSearch', Estimator), space, withoutSpace(options));
    }
    override fit(...args: Parameters<GridSearch<object>['fit']>) {
      return named('GridSearch', () => super.fit(...args));
    }
    override fitAsync(...args: Parameters<GridSearch<object>['fitAsync']>) {
      return named('GridSearch', () => super.fitAsync(...args));
    }
  }
  class Randomized extends RandomizedSearch<object> {
    constructor(options: Options = {}) {
      super(candidate('RandomizedSearch', Estimator), space, withoutSpace(options));
    }
    override fit(...args: Parameters<RandomizedSearch<object>['fit']>) {
      return named('RandomizedSearch', () => super.fit(...args));
    }
    override fitAsync(...args: Parameters<RandomizedSearch<object>['fitAsync']>) {
      return named('RandomizedSearch', () => super.fitAsync(...args));
    }
  }
  return { GridSearch: Grid, RandomizedSearch: Randomized };
}

const classes = { NearestCentroidModel, RidgeModel };
const traits = {
  missing: 'refuse',
  sparse: false,
  float32: 'widen',
  sampleWeight: 'use',
  rowOrder: 'matters',
} as const;
const cases = [
  { kind: 'classifier', search: 'GridSearch', Estimator: NearestCentroid, options: { cv: 3 } },
  { kind: 'regressor', search: 'GridSearch', Estimator: Ridge, options: { cv: 3 } },
  { kind: 'classifier', search: 'RandomizedSearch', Estimator: NearestCentroid, options: { nIter: 2, seed: 0 } },
  { kind: 'regressor', search: 'RandomizedSearch', Estimator: Ridge, options: { nIter: 2, seed: 0 } },
] as const;

describe.each(cases)(
  '$search conforms as a $kind, as what it searches over',
  ({ kind, search, Estimator, options }) => {
    const Search = searches(Estimator as Inner)[search];

    it('but for the checks of what it leaves to that, or does without', async () => {
      const { now } = performance;
      // A result holds the times of its fits, which no two runs share.
      performance.now = () => 0;
      const failures = await failuresOf(kind, {
        name: search,
        Estimator: Search,
        Model: { fromJSON: (json: unknown) => SearchResult.fromJSON(json, { classes }) },
        traits: { ...traits, kind, deterministic: search === 'GridSearch', iterative: false } as Traits,
        toBytes,
        fromBytes,
        tensor: (rows, dtype) => tensor(rows, { dtype }),
        options,
      }).finally(() => {
        performance.now = now;
      });
      const bad = {
        classifier: 'labels that are missing, no labels',
        regressor: 'targets that are missing, no numbers',
      };
      expect(Object.keys(failures)).toEqual([
        // Their number is checked as that of any list with an entry for each row.
        `refuses ${bad[kind]}, or not one for each row`,
        // It takes whatever the estimator takes, so it asks for rows only.
        'refuses empty input',
        // A list can be cut into folds; what is refused is that of a fold.
        'refuses what is no table of numbers',
        // Likewise.
        'weights come as a list or typed array, and are checked',
        // With `refit: false` a result has no model.
        'refuses to load what is no such model',
      ]);
    });

    it('what these checks would check', () => {
      const [x, y] = [
        [[0], [1], [2], [10], [11], [12]],
        [0, 0, 0, 1, 1, 1],
      ];
      const fit = (rows: unknown, targets: unknown, more = {}) =>
        new Search({ ...options, cv: 3 }).fit(rows as never, targets as never, more);
      expectError(() => fit([], []), DataError, `${search}: x must have at least one row`);
      const list = `${search}: x must be a Tensor [n, d], an array of rows, or { data, shape }, got [1, 2, 11, 12]; wrap each number in a row: x.map((v) => [v])`;
      expectError(() => fit(x.flat(), y), OptionError, list);
      for (const [nothing, shown] of [
        [null, 'null'],
        ['abc', "'abc'"],
        [{}, 'an object'],
      ] as const) {
        const none = `${search}: x must be a table of rows, named columns or a list, got ${shown}`;
        expectError(() => fit(nothing, y), OptionError, none);
      }
      expectError(() => fit(x, y.slice(1)), ShapeError, `${search}: y has length 5, but x has 6 rows`);
      expectError(() => fit(x, 'abc'), OptionError, `${search}: y must be an array, got 'abc'`);
      const weighted = (sampleWeight: unknown) => fit(x, y, { sampleWeight });
      expectError(() => weighted(y.slice(1)), ShapeError, `${search}: sampleWeight has length 5, but x has 6 rows`);
      expectError(() => weighted('abc'), OptionError, `${search}: sampleWeight must be an array, got 'abc'`);
      // A fold counts its own rows.
      const negative = `${search}: sampleWeight[0] must be a finite number ≥ 0, got -1`;
      expectError(() => weighted([-1, 1, 1, 1, 1, 1]), DataError, negative);
      expectError(() => weighted([0, 0, 0, 0, 0, 0]), DataError, `${search}: sampleWeight must not be all 0`);
      const model = fit(x, y);
      const load = (json: object) => SearchResult.fromJSON(json, { classes });
      const saved = JSON.parse(JSON.stringify(model)) as { bestModel: unknown; type: string };
      const { bestModel: _, ...without } = saved;
      expectError(() => load(without).bestModel, OptionError, `${search}: there is no bestModel, as refit is false`);
      for (const key of ['search', 'scoring', 'by', 'bestIndex', 'candidates']) {
        const damaged = 'SearchResult.fromJSON: the scores of the candidates are missing or damaged';
        expectError(() => load({ ...saved, [key]: undefined }), DataError, damaged);
      }
      for (const version of [undefined, 99]) expect(() => load({ ...saved, version })).toThrow(DataError);
      expectError(
        () => load({ ...saved, type: 'OtherModel' }),
        DataError,
        'SearchResult.fromJSON: this is a saved OtherModel, not a SearchResult',
      );
    });
  },
);
