import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import {
  DataError,
  nextTurn,
  OptionError,
  Random,
  randomFrom,
  runSteps,
  runStepsAsync,
  type Steps,
  setSeed,
} from '@maru-ml/base';
import { TaskError } from '@maru-ml/base/workers';
import { LinearDiscriminantAnalysis, LinearDiscriminantAnalysisModel } from '@maru-ml/linalg';
import { StandardScaler } from '@maru-ml/preprocessing';
import { fromBytes, tensor, toBytes, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  crossValidate,
  gridSearch,
  KFold,
  PipelineModel,
  pipeline,
  randomizedSearch,
  SearchResult,
  type SearchState,
  StratifiedKFold,
  scorerOf,
} from '../src/index.ts';
import { Centering, type NearestCentroid, Ridge, RidgeModel } from './estimators.ts';

interface Reference {
  params: Record<string, number | boolean>[];
  scores: Record<
    string,
    Record<'test' | 'train', number[][]> & Record<'meanTest' | 'stdTest' | 'meanTrain' | 'stdTrain' | 'rank', number[]>
  >;
  bestIndex: number;
  bestScore: number;
  predictions: (string | number)[];
}

const reference = JSON.parse(readFileSync(new URL('./fixtures/search.json', import.meta.url), 'utf8')) as {
  x3: number[][];
  three: string[];
  x: number[][];
  y: number[];
  discriminant: Reference;
  ridge: Reference;
  order: Record<string, unknown>[];
};
const { x3, three, x, y } = reference;

const url = new URL('./fixtures/factory.js', import.meta.url);
/** The types of the module. */
type Fault = 'throw' | 'exit' | 'hang' | 'forever';
declare function nearest(params: { k?: number; fault?: Fault; ticks?: Int32Array }): NearestCentroid;
const byModule = (grid: { k?: number[]; fault?: Fault[]; ticks?: Int32Array[] }, options = {}) =>
  gridSearch<typeof nearest>(url, grid, { cv: 3, ...options });

/** The result without times, which no two runs share. */
const timeless = (result: object) =>
  JSON.parse(JSON.stringify(result), (key, value) => (/Time$/.test(key) ? 0 : value)) as object;

async function caught(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('searches, worked by hand', () => {
  it('two folds and three penalties: the least shrinks least and fits a line best', () => {
    const rows = [[0], [1], [2], [3]];
    // Without penalty both folds give y = 2x + 1 exactly. A penalty α shrinks the slope 2 to 2 · .5 / (.5 + α), as Σ(x - x̄)² = .5.
    const result = gridSearch(
      (p) => new Ridge(p),
      { alpha: [0, 0.5, 0] },
      { cv: new KFold({ nSplits: 2 }), scoring: scorerOf('negMeanAbsoluteError') },
    ).fit(rows, [1, 3, 5, 7]);
    // At α = .5 the slope is 1; the mean at x = .5 is 2, so 5 and 7 are predicted as 3.5 and 4.5: errors 1.5 and 2.5; so, too, backwards.
    expect(result.candidates.map(({ meanTestScore }) => meanTestScore)).toEqual([0, -2, 0]);
    expect(result.candidates.map(({ rank }) => rank)).toEqual([1, 3, 1]);
    expect(result.bestIndex).toBe(0);
    expectClose(result.predict([[10]]), [21]);
  });
});

describe('searches against scikit-learn', () => {
  const close = (
    result: SearchResult<object, unknown>,
    { params, scores, bestIndex, bestScore }: Reference,
    names: Record<string, string>,
  ) => {
    expect(result.candidates.map((candidate) => candidate.params).map(snake)).toEqual(params);
    for (const [theirs, ours] of Object.entries(names)) {
      const expected = scores[theirs]!;
      const got = result.candidates.map((candidate) => candidate.scores[ours]!);
      const options = { rtol: 1e-9, atol: 1e-12 };
      expectClose(
        got.map(({ testScores }) => testScores),
        expected.test,
        options,
      );
      expectClose(
        got.map(({ trainScores }) => trainScores!),
        expected.train,
        options,
      );
      expectClose(
        got.map(({ meanTestScore }) => meanTestScore),
        expected.meanTest,
        options,
      );
      expectClose(
        got.map(({ stdTestScore }) => stdTestScore),
        expected.stdTest,
        { rtol: 1e-9, atol: 1e-10 },
      );
      expectClose(
        got.map(({ meanTrainScore }) => meanTrainScore!),
        expected.meanTrain,
        options,
      );
      expectClose(
        got.map(({ stdTrainScore }) => stdTrainScore!),
        expected.stdTrain,
        { rtol: 1e-9, atol: 1e-10 },
      );
      expect(got.map(({ rank }) => rank)).toEqual(expected.rank);
    }
    expect(result.bestIndex).toBe(bestIndex);
    expectClose(result.bestScore, bestScore, { rtol: 1e-9 });
  };
  const snake = (params: object) =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [name === 'withStd' ? 'with_std' : name, value]));

  it('several grids, several scores, the best by one of them', async () => {
    const grid = [{ shrinkage: [0, 0.1, 0.5, 1] }, { shrinkage: [0.9], tol: [1e-4, 1e-3] }] as const;
    const search = gridSearch((p) => new LinearDiscriminantAnalysis({ solver: 'lsqr', ...p }), grid, {
      cv: 3,
      scoring: ['accuracy', 'negLogLoss'],
      refit: 'negLogLoss',
      returnTrainScore: true,
    });
    const result = await search.fitAsync(x3, three);
    close(result, reference.discriminant, { accuracy: 'accuracy', neg_log_loss: 'negLogLoss' });
    expect(result.predict(x3).slice(0, 10)).toEqual(reference.discriminant.predictions);
    const names = ['accuracy', 'negLogLoss'] as const;
    const functions = Object.fromEntries(names.map((name) => [name, scorerOf(name)]));
    const sync = gridSearch((p) => new LinearDiscriminantAnalysis({ solver: 'lsqr', ...p }), grid, {
      cv: 3,
      scoring: functions,
      refit: 'negLogLoss',
      returnTrainScore: true,
    });
    expect(timeless(sync.fit(x3, three))).toEqual(timeless(result));
    const message =
      "GridSearch: fit takes scorers as functions, such as scorerOf('accuracy'), and no names, which are loaded when they are needed; use fitAsync";
    expectError(() => search.fit(x3, three), OptionError, message);
  });

  it('a pipeline of which two steps are searched, by its own score', () => {
    const search = gridSearch(
      ({ withStd, alpha }) => pipeline(new StandardScaler({ withStd }), new Ridge({ alpha })),
      { withStd: [true, false], alpha: [0.01, 1, 10, 100] },
      { returnTrainScore: true },
    );
    const result = search.fit(x, y);
    // Their names are ridge__alpha and scale__with_std, and so is their order.
    close(result, reference.ridge, { score: 'score' });
    expectClose(result.predict(x).slice(0, 10), reference.ridge.predictions as number[], { rtol: 1e-9 });
  });

  it('combinations come in its order', () => {
    const seen: object[] = [];
    const factory = (params: object) => {
      seen.push(params);
      return new Ridge();
    };
    gridSearch(factory, [{ b: [1, 2], a: ['x', 'y', 'z'] }, { c: [true] }], {
      cv: [{ train: Int32Array.of(0, 1, 2), test: Int32Array.of(3, 4) }],
    }).fit(x, y);
    // The first is made once more to divide the rows, and the best to refit.
    expect(seen.slice(1, -1)).toEqual(reference.order);
  });
});

describe('what a search gives', () => {
  const search = gridSearch((p) => new Ridge(p), { alpha: [100, 1, 1, 0.01] }, { cv: 3 });

  it('is typed by the factory and the grid', () => {
    const result = gridSearch((p) => pipeline(new StandardScaler(), new Ridge(p)), { alpha: [1, 10] }).fit(x, y);
    expectTypeOf(result.bestParams).toEqualTypeOf<{ alpha: 1 | 10 }>();
    expectTypeOf(result.predict(x)).toEqualTypeOf<Float64Array>();
    expectTypeOf(result.bestModel.steps[1]).toEqualTypeOf<RidgeModel>();
    // @ts-expect-error alpha is no text
    gridSearch((p) => new Ridge(p), { alpha: ['one'] });
    // @ts-expect-error a regressor has no classes
    expect(result.classes).toBeUndefined();
  });

  it('prints as a table, the best first', () => {
    const result = search.fit(x, y);
    const lines = String(result).split('\n');
    expect(lines[0]).toMatch(/^GridSearch of 4 candidates on 3 folds: best score 0\.\d{4} with alpha: (1|0\.01)$/);
    expect(lines[1]).toBe('  rank  score             parameters');
    expect(lines).toHaveLength(6);
    expect(lines[5]).toMatch(/^ {2}4 {5}-0\.\d{4} ± 0\.\d{4} {2}alpha: 100$/);
    expect(inspect(result)).toBe(String(result));
    expect(String(search)).toBe('GridSearch { grid: 4 candidates, refit: true }');
    expect(String(randomizedSearch((p) => new Ridge(p), { alpha: [1] }, { seed: 3 }))).toBe(
      'RandomizedSearch { nIter: 10, seed: 3, refit: true }',
    );
  });

  it('survives JSON with parameters that JSON has no numbers for', () => {
    const grid = { p: [Number.POSITIVE_INFINITY, 2, Number.NaN, Number.NEGATIVE_INFINITY], name: ['Infinity', null] };
    const result = gridSearch(({ p }) => new Ridge({ alpha: p === 2 ? 1 : 2 }), grid, { cv: 2 }).fit(x, y);
    const copy = SearchResult.fromJSON(JSON.parse(JSON.stringify(result)), { classes: { RidgeModel } });
    expect(copy.candidates).toEqual(result.candidates);
    expect(copy.bestParams).toEqual(result.bestParams);
    expect(new Set(copy.candidates.map(({ params }) => params.p))).toEqual(new Set(grid.p));
  });

  it('survives JSON and bytes, with infinite scores and without a model', () => {
    const result = search.fit(x, y);
    const copy = SearchResult.fromJSON<{ alpha: number }, RidgeModel>(JSON.parse(JSON.stringify(result)), {
      classes: { RidgeModel },
    });
    expect(JSON.stringify(copy)).toBe(JSON.stringify(result));
    expect(String(copy)).toBe(String(result));
    expectClose(copy.predict(x), result.predict(x), { rtol: 0 });
    expect(String(fromBytes(SearchResult, toBytes(result), { classes: { RidgeModel } }))).toBe(String(result));
    const odd = gridSearch(
      (p) => new Ridge(p),
      { alpha: [1, 2] },
      { cv: 3, refit: false, scoring: ({ nFeaturesIn }) => nFeaturesIn / 0 },
    ).fit(x, y);
    expect(odd.candidates[0]!.meanTestScore).toBe(Number.POSITIVE_INFINITY);
    const again = SearchResult.fromJSON(JSON.parse(JSON.stringify(odd)));
    expect(again.candidates[1]!.testScores).toEqual(odd.candidates[1]!.testScores);
    expectError(
      () => SearchResult.fromJSON(JSON.parse(JSON.stringify(result))),
      OptionError,
      'SearchResult.fromJSON: the class of the best model, RidgeModel, is missing; give it as { classes: { RidgeModel } }',
    );
    expectError(
      () => SearchResult.fromJSON({ type: 'SearchResult', version: 1 }),
      DataError,
      'SearchResult.fromJSON: the scores of the candidates are missing or damaged',
    );
    expectError(() => odd.bestModel, OptionError, 'GridSearch: there is no bestModel, as refit is false');
  });

  it('is an estimator: nested cross-validation, and pipelines as best models', async () => {
    const nested = await crossValidate(search, x, y, { cv: 3, returnModels: true });
    expect(nested.models!.map(({ candidates }) => candidates.length)).toEqual([4, 4, 4]);
    const byHand = search.fit(x.slice(10), y.slice(10));
    expectClose(nested.testScore[0], byHand.score(x.slice(0, 10), y.slice(0, 10)), { rtol: 1e-12 });
    const piped = gridSearch(
      (p) => pipeline(new StandardScaler(), new LinearDiscriminantAnalysis({ solver: 'lsqr', ...p })),
      { shrinkage: [0.1] },
      { cv: 3 },
    ).fit(x3, three);
    expect(piped.classes).toEqual(['ash', 'birch', 'oak']);
    expect(piped.bestModel.predictProba(x3).shape).toEqual([45, 3]);
    expect(() =>
      SearchResult.fromJSON(JSON.parse(JSON.stringify(piped)), {
        classes: { PipelineModel, LinearDiscriminantAnalysisModel },
      }),
    ).toThrow(/StandardScalerModel, is missing/);
  });

  it('the best may be chosen by a function', () => {
    const simplest = gridSearch(
      (p) => new Ridge(p),
      { alpha: [0.01, 1, 100] },
      { cv: 3, refit: (candidates) => candidates.length - 1 },
    ).fit(x, y);
    expect(simplest.bestParams).toEqual({ alpha: 100 });
    expect(simplest.bestScore).toBe(simplest.candidates[2]!.meanTestScore);
    const wrong = gridSearch((p) => new Ridge(p), { alpha: [1] }, { refit: () => 7 });
    expectError(() => wrong.fit(x, y), OptionError, 'GridSearch: refit must choose a place from 0 to 0, got 7');
  });

  it('a fit that fails is an error that names the candidate, or has the errorScore and is worst', () => {
    const factory = ({ alpha }: { alpha: number }) => {
      const ridge = new Ridge({ alpha });
      if (alpha < 0)
        ridge.fit = () => {
          throw new DataError('Ridge: no');
        };
      return ridge;
    };
    expectError(
      () => gridSearch(factory, { alpha: [1, -1] }).fit(x, y),
      DataError,
      'GridSearch: alpha: -1, fold 0: Ridge: no',
    );
    const result = gridSearch(factory, { alpha: [-1, 1] }, { errorScore: Number.NaN, cv: 3 }).fit(x, y);
    expect(result.candidates.map(({ rank }) => rank)).toEqual([2, 1]);
    expect(result.candidates[0]!.errors).toEqual(['Ridge: no', 'Ridge: no', 'Ridge: no']);
    expect(result.bestParams).toEqual({ alpha: 1 });
    expectError(
      () => gridSearch(factory, { alpha: [-1] }, { errorScore: Number.NaN }).fit(x, y),
      DataError,
      'GridSearch: no candidate has a score, as on some fold of each the fit failed; the first said: Ridge: no',
    );
  });
});

describe('searches of estimators without a seed', () => {
  /** Draws its penalty from the default stream in three steps, after each of which everyone else has a turn. */
  const drawn = (p: { alpha: number }) => {
    const ridge = new Ridge(p);
    function* steps(rows: number[][], targets: number[]): Steps<RidgeModel> {
      let { alpha } = p;
      for (let step = 0; step < 3; step++) {
        alpha += randomFrom(undefined).uniform();
        yield;
      }
      return new Ridge({ alpha }).fit(rows, targets);
    }
    ridge.fit = (rows, targets) => runSteps(steps(rows as number[][], targets as number[]));
    ridge.fitAsync = (rows, targets) => {
      return runStepsAsync(steps(rows as number[][], targets as number[]), { pending: () => nextTurn() });
    };
    return ridge;
  };
  const draws = (n: number) => Array.from({ length: n }, () => randomFrom(undefined).uniform());

  it('two at once give what each gives alone, and the default stream is everyone else’s in between', async () => {
    const plain = () => gridSearch(drawn, { alpha: [0.1, 1] }, { cv: 3 });
    const piped = () => gridSearch((p: { alpha: number }) => pipeline(new Centering(), drawn(p)), { alpha: [2] });
    const alone = [timeless(plain().fit(x, y)), timeless(await piped().fitAsync(x, y))];
    setSeed(7);
    const undisturbed = draws(40);
    setSeed(7);
    const together = Promise.all([plain().fitAsync(x, y), piped().fitAsync(x, y), plain().fitAsync(x, y)]);
    const between: number[] = [];
    for (let turn = 0; turn < 40; turn++) {
      between.push(...draws(1));
      await nextTurn();
    }
    const [first, second, third] = await together;
    expect([timeless(first), timeless(second), timeless(third)]).toEqual([alone[0], alone[1], alone[0]]);
    expect(between).toEqual(undisturbed);
  });

  it('one that is aborted gives the default stream back', async () => {
    const controller = new AbortController();
    setSeed(7);
    const expected = draws(2);
    setSeed(7);
    const run = caught(gridSearch(drawn, { alpha: [1] }, { cv: 3 }).fitAsync(x, y, { signal: controller.signal }));
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    controller.abort(new Error('enough'));
    const first = draws(1);
    expect((await run).message).toBe('enough');
    expect([...first, ...draws(1)]).toEqual(expected);
  });
});

describe('randomized searches', () => {
  const drawn = (seed: number, nIter = 300) =>
    randomizedSearch(
      (p) => new Ridge({ alpha: p.a }),
      {
        a: { logUniform: [0.01, 100] },
        b: { uniform: [-1, 3] },
        c: { integer: [2, 4] },
        d: ['u', 'v'],
        e: (random: Random) => random.normal(),
      },
      { nIter, seed, cv: [{ train: Int32Array.of(0, 1, 2, 3), test: Int32Array.of(4, 5) }], refit: false },
    )
      .fit(x, y)
      .candidates.map(({ params }) => params);

  it('draw from the distributions, the same for the same seed', () => {
    const points = drawn(1);
    expect(drawn(1)).toEqual(points);
    expect(drawn(2)).not.toEqual(points);
    expect(
      points.every(
        ({ a, b, c, d }) => a >= 0.01 && a <= 100 && b >= -1 && b < 3 && [2, 3, 4].includes(c) && 'uv'.includes(d),
      ),
    ).toBe(true);
    const share = (holds: (point: (typeof points)[number]) => boolean) => points.filter(holds).length / points.length;
    // Half of the logarithms lie below that of 1, half of the numbers below 1, a third of the integers are 4: within 4 deviations.
    for (const [got, p] of [
      [share(({ a }) => a < 1), 0.5],
      [share(({ b }) => b < 1), 0.5],
      [share(({ c }) => c === 4), 1 / 3],
      [share(({ d }) => d === 'u'), 0.5],
      [share(({ e }) => e < 0), 0.5],
    ] as const) {
      expect(Math.abs(got - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / points.length));
    }
  });

  it('draw from lists without repetition, and take all where there are not more', () => {
    const search = (nIter: number) =>
      randomizedSearch(
        (p) => new Ridge({ alpha: p.a + p.b }),
        { a: [1, 2, 3], b: [0.1, 0.2] },
        { nIter, seed: 0, cv: 2 },
      );
    const keys = (nIter: number) =>
      search(nIter)
        .fit(x, y)
        .candidates.map(({ params }) => `${params.a} ${params.b}`);
    expect(new Set(keys(5)).size).toBe(5);
    expect(keys(99).sort()).toEqual(['1 0.1', '1 0.2', '2 0.1', '2 0.2', '3 0.1', '3 0.2']);
  });

  it('take several sets, and a generator as the seed', () => {
    const result = randomizedSearch(
      (p) => new Ridge({ alpha: 'a' in p ? p.a : p.b }),
      [{ a: { uniform: [1, 2] } }, { b: { uniform: [8, 9] } }],
      { nIter: 20, seed: new Random(4), cv: 2 },
    ).fit(x, y);
    const names = result.candidates.map(({ params }) => Object.keys(params)[0]);
    expect(new Set(names)).toEqual(new Set(['a', 'b']));
  });

  it('refuse what is no distribution', () => {
    const refuse = (a: unknown, message: string) =>
      expectError(
        () => randomizedSearch(() => new Ridge(), { a: a as [] }),
        OptionError,
        `RandomizedSearch: ${message}`,
      );
    refuse([], 'distributions.a must hold at least one value, got an empty array');
    refuse(
      { normal: [0, 1] },
      'distributions.a must be a list, { uniform: [a, b] }, { logUniform: [a, b] }, { integer: [a, b] } or a function, got an object',
    );
    refuse({ uniform: [2, 1] }, 'distributions.a.uniform must be numbers [a, b] with a ≤ b, got [2, 1]');
    refuse({ logUniform: [0, 1] }, 'distributions.a.logUniform must be numbers > 0 [a, b] with a ≤ b, got [0, 1]');
    refuse({ integer: [0.5, 1] }, 'distributions.a.integer must be integers [a, b] with a ≤ b, got [0.5, 1]');
    expectError(
      () => randomizedSearch(() => new Ridge(), { a: [1] }, { nIter: 0 }),
      OptionError,
      'RandomizedSearch: nIter must be an integer ≥ 1, got 0',
    );
  });
});

describe('searches on workers', () => {
  const grid = { k: [1, 3, 5, 9] };
  const options = { scoring: ['accuracy', 'rocAucOvr'], refit: 'accuracy', returnTrainScore: true, cv: 3 };

  it('give the same on any number, in every form of rows', async () => {
    const alone = await byModule(grid, options).fitAsync(x3, three);
    const forms = { rows: x3, flat: { data: x3.flat(), shape: [45, 3] }, tensor: tensor(x3, { dtype: 'float64' }) };
    for (const workers of [2, 3]) {
      for (const form of Object.values(forms)) {
        const found = await byModule(grid, options).fitAsync(form, three, { workers });
        expect(timeless(found)).toEqual(timeless(alone));
        expect(found.predict(x3)).toEqual(alone.predict(x3));
      }
    }
  });

  it("use the model's own score, and functions that the module exports", async () => {
    const own = await byModule(grid).fitAsync(x3, three, { workers: 2 });
    expect(timeless(own)).toEqual(timeless(await byModule(grid).fitAsync(x3, three)));
    expect(own.candidates[0]!.meanTestScore).toBe(
      (await byModule(grid, { scoring: 'accuracy' }).fitAsync(x3, three)).candidates[0]!.meanTestScore,
    );
    const module = new URL('./fixtures/factory-with-scoring.js', import.meta.url);
    const search = gridSearch<typeof nearest>(module, grid, { cv: 3, refit: 'classes' });
    const found = await search.fitAsync(tensor(x3), three, { workers: 2 });
    expect(found.scoring).toEqual(['accuracy', 'classes']);
    expectClose(found.bestScore, 3 + 0.015 + 15e-6, { rtol: 1e-12 });
    expect(timeless(found)).toEqual(timeless(await search.fitAsync(tensor(x3), three)));
  });

  it('take weights, numbers as labels, sparse rows and columns to the workers', { tags: ['node'] }, async () => {
    const seen = `data:text/javascript,${encodeURIComponent(`
      class M { constructor(s) { this.s = s; this.nFeaturesIn = 1; } score(x, y) { return this.s + JSON.stringify([x, y]).length / 1e6; } toJSON() { return { type: 'M', version: 1 }; } }
      const sum = (v) => Array.from(v).reduce((a, b) => a + Number(b), 0);
      const rows = (x) => Array.isArray(x) ? sum(x.map((t) => t.length)) : x.data ? sum(x.data) + (x.indices ? sum(x.indices) + sum(x.indptr) : 0) : sum(Object.values(x).map((c) => sum(c.map((v) => typeof v === 'string' ? v.length : v))));
      export const estimator = ({ f }) => ({ options: {}, fit(x, y, o) { return new M(f * (rows(x) + sum(y.map((v) => v === true ? 1 : v))) + sum(o.sampleWeight ?? [])); }, async fitAsync(x, y, o) { return this.fit(x, y, o); } });
    `)}`;
    const flags = x3.map((_, i) => i % 4 === 0);
    const forms: [unknown, ArrayLike<number | boolean>][] = [
      [
        toSparse(
          tensor(
            x3.map((row) => row.map((v) => (v > 0.5 ? v : 0))),
            { dtype: 'float64' },
          ),
        ),
        x3.map((_, i) => i),
      ],
      [{ size: Float64Array.from(x3, ([a]) => a!), name: x3.map(([, b]) => (b! > 0 ? 'long name' : null)) }, flags],
      [x3.map(([a]) => 'word '.repeat(1 + Math.abs(Math.round(a!)))), flags],
    ];
    for (const [rows, targets] of forms) {
      const search = gridSearch<(p: { f: number }) => never>(seen, { f: [1, 2] }, { cv: new KFold({ nSplits: 3 }) });
      const sampleWeight = x3.map((_, i) => i / 8);
      const run = (workers: number) => search.fitAsync(rows as never, targets as never, { workers, sampleWeight });
      // Sums of text lengths and of numbers to the last bit; JSON of typed arrays and of arrays differ, so scores are of close length.
      const [one, two] = [await run(1), await run(2)];
      expectClose(
        two.candidates.map(({ testScores }) => testScores),
        one.candidates.map(({ testScores }) => testScores),
        { rtol: 0, atol: 2e-3 },
      );
    }
  });

  it('a factory that is a function cannot travel', { tags: ['node'] }, async () => {
    const search = gridSearch((p) => new Ridge(p), { alpha: [1] });
    const error = await caught(search.fitAsync(x, y, { workers: 2 }));
    expectError(
      () => {
        throw error;
      },
      OptionError,
      'GridSearch: with 2 workers the factory must be the URL of a module that exports it as estimator, got a function, which workers cannot receive',
    );
    const scored = await caught(byModule(grid, { scoring: () => 1 }).fitAsync(x3, three, { workers: 2 }));
    expectError(
      () => {
        throw scored;
      },
      OptionError,
      "GridSearch: with 2 workers scoring must go by names, as workers cannot receive functions; export the function as scoring from the factory's module",
    );
    expectError(
      () => byModule(grid).fit(x3, three),
      OptionError,
      'GridSearch: fit needs the factory as a function; with a module use fitAsync',
    );
    expectError(
      () => gridSearch('./factory.js', grid),
      OptionError,
      "GridSearch: the factory must have the absolute URL of a module, such as new URL('./factory.js', import.meta.url), got './factory.js'",
    );
    const empty = await caught(
      gridSearch<typeof nearest>('data:text/javascript,export const a = 1', grid).fitAsync(x3, three),
    );
    expect(empty.message).toBe('GridSearch: the module of the factory must export a function estimator, got undefined');
  });

  it('a worker that dies is an error that names the fit', { tags: ['node'] }, async () => {
    const error = await caught(
      byModule({ k: [1], fault: ['exit'] }, { cv: new StratifiedKFold({ nSplits: 3 }) }).fitAsync(x3, three, {
        workers: 2,
      }),
    );
    expect(error).toBeInstanceOf(TaskError);
    expect(error.message).toMatch(/^GridSearch: fault: 'exit', k: 1, fold [01]: its worker died \(exit code 7\)$/);
    expect((error as TaskError).index).toBeLessThan(2);
  });

  it('what a fit throws on a worker is thrown in its class, or has the errorScore', async () => {
    const error = await caught(byModule({ k: [1], fault: ['throw'] }).fitAsync(x3, three, { workers: 2 }));
    expect(error.message).toMatch(/^GridSearch: fault: 'throw', k: 1, fold [01]: no fit with fault: throw$/);
    expect(error.cause).toBeInstanceOf(RangeError);
    const search = gridSearch<typeof nearest>(url, [{ k: [1], fault: ['throw'] }, { k: [3] }], {
      cv: 3,
      errorScore: -1,
    });
    const two = await search.fitAsync(x3, three, { workers: 2 });
    expect(two.candidates.map(({ rank }) => rank)).toEqual([2, 1]);
    expect(timeless(two)).toEqual(timeless(await search.fitAsync(x3, three)));
  });

  it('an abort ends workers that never yield and such that wait, and nothing goes on', { tags: ['node'] }, async () => {
    for (const fault of ['hang', 'forever'] as const) {
      // Every fit counts as long as it runs, on memory that this thread sees.
      const ticks = new Int32Array(new SharedArrayBuffer(4));
      const controller = new AbortController();
      const reason = new Error('enough');
      const search = byModule({ fault: [fault], ticks: [ticks] }, { cv: new StratifiedKFold({ nSplits: 3 }) });
      const done = caught(search.fitAsync(x3, three, { workers: 2, signal: controller.signal }));
      while (ticks[0] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort(reason);
      expect(await done).toBe(reason);
      const [count] = ticks;
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(ticks[0]).toBe(count);
    }
  });

  it('an abort on the calling thread closes the steps of the fit', async () => {
    const controller = new AbortController();
    let closed = false;
    function* endless(): Steps<never> {
      try {
        for (let step = 1; ; step++) {
          if (step === 3) controller.abort(new Error('enough'));
          yield { step, unit: 'iteration', metrics: {} };
        }
      } finally {
        closed = true;
      }
    }
    const factory = (p: object) => {
      const ridge = new Ridge(p);
      ridge.fitAsync = (_x, _y, { signal } = {}) => runStepsAsync(endless(), signal === undefined ? {} : { signal });
      return ridge;
    };
    const error = await caught(gridSearch(factory, { alpha: [1] }).fitAsync(x, y, { signal: controller.signal }));
    expect([error.message, closed]).toEqual(['enough', true]);
    const early = caught(
      gridSearch(factory, { alpha: [1] }).fitAsync(x, y, { signal: AbortSignal.abort(new Error('before')) }),
    );
    expect((await early).message).toBe('before');
  });

  it('takes moved files, and says on workers what it says in-process', { tags: ['node'] }, async () => {
    const moved = {
      workers: 2,
      workerUrl: new URL('../../base/src/worker.js', import.meta.url),
      searchWorkerUrl: new URL('../src/search-worker.js', import.meta.url).href,
    };
    const alone = await byModule(grid).fitAsync(x3, three);
    expect(timeless(await byModule(grid).fitAsync(x3, three, moved))).toEqual(timeless(alone));
    const bare = `data:text/javascript,${encodeURIComponent(`
      class Odd { nFeaturesIn = 1; classes = [1, 2]; predict(x) { return x; } }
      export const estimator = () => ({ options: {}, fit: () => new Odd(), fitAsync: async () => new Odd() });
    `)}`;
    for (const scoring of ['rocAuc', 'negLogLoss', undefined] as const) {
      const options = { cv: new KFold({ nSplits: 3 }), ...(scoring !== undefined && { scoring }) };
      const run = (workers: number) =>
        caught(gridSearch(bare, { k: [1] }, options).fitAsync(x3 as never, three as never, { workers }));
      const [one, two] = [await run(1), await run(2)];
      expect(one).toBeInstanceOf(OptionError);
      expect(two).toBeInstanceOf(OptionError);
      expect(two.message.replace(/fold \d/, 'fold 0')).toBe(one.message);
    }
  });
});

describe('progress and resuming', () => {
  const search = gridSearch((p) => new Ridge(p), { alpha: [0.1, 1, 10] }, { cv: 3, returnTrainScore: true });
  const whole = timeless(search.fit(x, y));

  it('tells of every fit, and the state is plain JSON', async () => {
    const told: [number, number, string, number][] = [];
    await search.fitAsync(x, y, {
      onProgress: ({ step, total, unit, metrics, state }) =>
        void told.push([step, total!, unit, state.fits.length * Number('score' in metrics)]),
    });
    expect(told).toEqual(Array.from({ length: 9 }, (_, i) => [i + 1, 9, 'fit', i + 1]));
  });

  it('a stopped search has the candidates that are finished, and goes on to the same result from any fit', async () => {
    for (const stop of [1, 4, 8]) {
      let state: SearchState | undefined;
      const run = () =>
        search.fit(x, y, {
          onProgress: (progress) => {
            state = JSON.parse(JSON.stringify(progress.state));
            return progress.step < stop;
          },
        });
      if (stop === 1)
        expectError(
          run,
          OptionError,
          'GridSearch: onProgress ended it before a candidate was finished; go on with resume: progress.state',
        );
      else expect(run().candidates).toHaveLength(Math.floor(stop / 3));
      let fits = 0;
      const resumed = await search.fitAsync(x, y, { resume: state!, onProgress: () => void fits++ });
      expect(fits).toBe(9 - stop);
      expect(timeless(resumed)).toEqual(whole);
      expect(timeless(search.fit(x, y, { resume: JSON.parse(JSON.stringify(resumed.state)) }))).toEqual(whole);
    }
  });

  it('on workers, too', async () => {
    const byUrl = byModule({ k: [1, 3, 5] }, { scoring: 'accuracy' });
    let state: SearchState | undefined;
    const run = byUrl.fitAsync(x3, three, {
      workers: 2,
      onProgress: (progress) => {
        state = progress.state;
        return progress.step < 5;
      },
    });
    expect((await run).candidates.length).toBeLessThan(3);
    const resumed = await byUrl.fitAsync(x3, three, { workers: 2, resume: state! });
    expect(timeless(resumed)).toEqual(timeless(await byUrl.fitAsync(x3, three)));
  });

  it('a search with a seed resumes, and the state of another is refused', () => {
    const random = (seed: number) =>
      randomizedSearch(
        (p) => new Ridge(p),
        { alpha: { logUniform: [0.1, 10] } },
        { nIter: 3, seed, cv: new KFold({ shuffle: true, seed: 1 }) },
      );
    const state = random(1).fit(x, y).state!;
    expect(timeless(random(1).fit(x, y, { resume: state }))).toEqual(timeless(random(1).fit(x, y)));
    const other =
      'resume is the state of another search: candidates, folds, targets and scores must be the same; give a seed to whatever draws them';
    expectError(() => random(2).fit(x, y, { resume: state }), OptionError, `RandomizedSearch: ${other}`);
    expectError(
      () =>
        search.fit(
          x,
          y.map((v) => v + 1),
          { resume: search.fit(x, y).state! },
        ),
      OptionError,
      `GridSearch: ${other}`,
    );
    expectError(
      () => search.fit(x, y, { resume: {} as never }),
      DataError,
      'GridSearch: resume must be the state of a search, got an object',
    );
  });
});

describe('what searches refuse', () => {
  it('grids, factories and options that make no sense', () => {
    const ridge = (p: object) => new Ridge(p);
    const refuse = (grid: unknown, options: object, message: string) =>
      expectError(() => gridSearch(ridge, grid as [], options), OptionError, `GridSearch: ${message}`);
    refuse({ alpha: [] }, {}, 'grid.alpha must be an array of at least one value, got an empty one');
    refuse({ alpha: 1 }, {}, 'grid.alpha must be an array of at least one value, got 1');
    refuse([], {}, 'grid must be an object of parameters or an array of such, got []');
    refuse(
      { alpha: [1] },
      { nIter: 3 },
      'there is no option nIter, only cv, scoring, refit, returnTrainScore and errorScore',
    );
    refuse(
      { alpha: [1] },
      { scoring: ['r2', 'negMaxError'] },
      'refit must name one of the scores r2, negMaxError, be a function that chooses, or false, as there are several',
    );
    refuse(
      { alpha: [1] },
      { scoring: ['r2', 'negMaxError'], refit: 'mse' },
      "refit must be one of the scores r2, negMaxError, got 'mse'",
    );
    refuse({ alpha: [1] }, { refit: 3 }, 'refit must be true, false, the name of a score or a function, got 3');
    refuse({ alpha: [1] }, { errorScore: '0' }, "errorScore must be a number, got '0'");
    expectError(
      () => gridSearch(3 as never, {}),
      OptionError,
      'GridSearch: the factory must be a function of the parameters or the URL of a module, got 3',
    );
    expectError(
      () => gridSearch(() => 3 as never, { a: [1] }).fit(x as never, y as never),
      OptionError,
      'GridSearch: the factory must give an estimator, got 3',
    );
    expectError(
      () => gridSearch(ridge, { a: [1] }).fit(x, y, { workers: 2 } as object),
      OptionError,
      'GridSearch: there is no option workers, only groups, sampleWeight, onProgress and resume',
    );
  });
});
