import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { DataError, OptionError, type Progress, ShapeError } from '@maru-ml/base';
import { LinearDiscriminantAnalysis, PCA } from '@maru-ml/linalg';
import { StandardScaler } from '@maru-ml/preprocessing';
import { type Columns, type MatrixLike, Table, tensor, toSparse } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  crossValidate,
  crossValidateSync,
  crossValPredict,
  crossValScore,
  GroupKFold,
  KFold,
  LeaveOneOut,
  learningCurve,
  pipeline,
  type ScoringName,
  ShuffleSplit,
  StratifiedKFold,
  scorerOf,
  TimeSeriesSplit,
  validationCurve,
} from '../src/index.ts';
import { Centering, NearestCentroid, type NearestCentroidModel, Ridge, type RidgeModel } from './estimators.ts';

interface Scores {
  test: Record<string, number[]>;
  train: Record<string, number[]>;
}

const reference = JSON.parse(readFileSync(new URL('./fixtures/validation.json', import.meta.url), 'utf8')) as {
  x3: number[][];
  three: string[];
  codes: number[];
  two: number[];
  groups: number[];
  x: number[][];
  y: number[];
  positive: number[];
  counts: number[];
  weights: number[];
  cases: Record<string, Scores>;
  weighted: number[];
  predictions: { labels: string[]; numbers: number[] } & Record<
    'proba' | 'logProba' | 'decision' | 'lacking',
    number[][]
  > & { two: number[] };
  learning: { sizes: number[]; train: number[][]; test: number[][] }[];
  alphas: number[];
  validation: { train: number[][]; test: number[][] };
};
const { x3, three, codes, two, groups, x, y, positive, counts, weights, cases, predictions } = reference;

const centroid = () => pipeline(new StandardScaler(), new NearestCentroid());
const discriminant = () => new LinearDiscriminantAnalysis();
const ridge = (alpha = 1) => pipeline(new StandardScaler(), new Ridge({ alpha }));

/** 'neg_mean_squared_error' as we call it. */
const camel = (name: string) =>
  name.replace('max_error', 'neg_max_error').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const named = (scores: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(scores).map(([name, values]) => [camel(name), values]));

const namesOf = (scores: Scores) => Object.keys(named(scores.test)) as ScoringName[];

describe('cross-validation, worked by hand', () => {
  it('two folds on a line: each half is judged by the means of the other', () => {
    const rows = [[0], [1], [10], [11], [2], [3], [12], [7]];
    const labels = ['low', 'low', 'high', 'high', 'low', 'low', 'high', 'high'];
    // From rows 4 to 7 the means are 2.5 and 9.5: all of 0 to 3 are right. From 0 to 3 they are .5 and 10.5: 7 is high.
    const found = crossValidateSync(new NearestCentroid(), rows, labels, { cv: 2, returnTrainScore: true });
    expect([...found.testScore]).toEqual([1, 1]);
    expect(found.splits.map(({ test }) => [...test])).toEqual([[0, 1, 2, 3], [4, 5, 6, 7]]); // biome-ignore format: folds
    expect(String(found)).toBe(
      'CrossValidation of 2 folds\n  score: 1.0000 ± 0.0000, on the rows fitted with 1.0000 ± 0.0000',
    );
    expect(inspect(found)).toBe(String(found));
  });

  it('scaling inside a pipeline sees the training rows only', () => {
    const seen: number[] = [];
    class Spy extends Centering {
      override fit(rows: MatrixLike, options = {}) {
        seen.push((rows as number[][]).length);
        return super.fit(rows, options);
      }
    }
    crossValidateSync(pipeline(new Spy(), new NearestCentroid()), x3, three, { cv: 3 });
    expect(seen).toEqual([36, 36, 36]);
  });
});

describe('cross-validation, as scikit-learn', () => {
  const check = async (
    name: string,
    run: (scoring: ScoringName[]) => Promise<{ testScores: object; trainScores: object | undefined }>,
    tolerance = 1e-9,
  ) => {
    const expected = cases[name]!;
    const found = await run(namesOf(expected));
    const sign = (scores: Record<string, number[]>) => named(scores);
    expectClose(found.testScores, sign(expected.test), { rtol: tolerance, atol: 1e-12, name: `${name}, test` });
    expectClose(found.trainScores, sign(expected.train), { rtol: tolerance, atol: 1e-12, name: `${name}, train` });
  };
  const train = { returnTrainScore: true };

  it('scores of labels, folds by class', () =>
    check('labels', (scoring) => crossValidate(centroid(), x3, three, { scoring, ...train })));

  it('scores of probabilities of three classes', () =>
    check('proba', (scoring) =>
      crossValidate(discriminant(), x3, three, { scoring, cv: new StratifiedKFold({ nSplits: 3 }), ...train }),
    ));

  it('scores of two classes, whose labels are integers', () =>
    check('binary', (scoring) => crossValidate(discriminant(), x3, two, { scoring, cv: 4, ...train })));

  it('scores of numbers', () => check('numbers', (scoring) => crossValidate(ridge(), x, y, { scoring, ...train })));

  it('scores of positive numbers', () =>
    check('above', (scoring) => crossValidate(ridge(1e4), x, positive, { scoring, ...train })));

  it('whole numbers that are no labels: folds are not by class', () =>
    check('counts', (scoring) => crossValidate(ridge(), x, counts, { scoring, ...train })));

  it('by groups', () =>
    check('groups', (scoring) =>
      crossValidate(centroid(), x3, three, { scoring, cv: new GroupKFold({ nSplits: 3 }), groups, ...train }),
    ));

  it('by time', () =>
    check('time', (scoring) =>
      crossValidate(ridge(), x, y, { scoring, cv: new TimeSeriesSplit({ nSplits: 4 }), ...train }),
    ));

  it('one row at a time', () =>
    check('one out', (scoring) =>
      crossValidate(ridge(), x.slice(0, 12), y.slice(0, 12), { scoring, cv: new LeaveOneOut(), ...train }),
    ));

  it('weights go to the steps that are fitted, not to the score', async () => {
    const scores = await crossValScore(ridge(), x3, two, {
      scoring: 'r2',
      cv: new KFold({ nSplits: 4 }),
      sampleWeight: weights,
    });
    expectClose(scores, reference.weighted);
  });

  it('predictions of each row by the model that did not see it', async () => {
    const cv = new StratifiedKFold();
    expect(await crossValPredict(centroid(), x3, three, { cv })).toEqual(predictions.labels);
    const numbers = await crossValPredict(ridge(), x, y);
    expect(numbers).toBeInstanceOf(Float64Array);
    expectClose(numbers, predictions.numbers);
    const lda = discriminant();
    const close = { rtol: 1e-9, atol: 1e-12 };
    expectClose(await crossValPredict(lda, x3, three, { cv, method: 'predictProba' }), predictions.proba, close);
    expectClose(await crossValPredict(lda, x3, three, { cv, method: 'predictLogProba' }), predictions.logProba, close);
    expectClose(await crossValPredict(lda, x3, three, { cv, method: 'decisionFunction' }), predictions.decision, close);
    const decisions = await crossValPredict(lda, x3, two, { cv, method: 'decisionFunction' });
    expectClose(decisions, predictions.two, close);
    // Classes that a training part lacks.
    const order = [...codes.keys()].sort((a, b) => codes[a]! - codes[b]! || a - b);
    const sorted = order.map((row) => codes[row]!);
    const splits = [0, 1, 2].map((code) => {
      const places = (is: boolean) => Int32Array.from(sorted.keys()).filter((i) => (sorted[i] === code) === is);
      return { train: places(false), test: places(true) };
    });
    const rows = order.map((row) => x3[row]!);
    const lacking = await crossValPredict(lda, rows, sorted, { cv: splits, method: 'predictProba' });
    expectClose(lacking, predictions.lacking, close);
  });

  it('scores of pairs of classes come in the columns that they have, as long as folds have the same classes', async () => {
    /** Whether a row says the first or the second of each pair of the classes that it was fitted with. */
    const fitPairs = (_: number[][], y: ArrayLike<number>) => {
      const classes = [...new Set(Array.from(y))].sort();
      const pairs = classes.flatMap((a, i) => classes.slice(i + 1).map((b) => [a, b]));
      const scores = (rows: number[][]) =>
        rows.flatMap(([v]) => pairs.map(([a, b]) => (v === a ? 1 : v === b ? -1 : 0)));
      const decisionFunction = (rows: number[][]) =>
        new Table(Float64Array.from(scores(rows)), rows.length, pairs.length);
      return { nFeaturesIn: 1, classes, decisionFunctionShape: 'ovo', decisionFunction };
    };
    const estimator = { options: {}, fit: fitPairs, fitAsync: async (x: number[][], y: number[]) => fitPairs(x, y) };
    const labels = [0, 1, 2, 3, 0, 1, 2, 3];
    const rows = labels.map((label) => [label]);
    const predict = (cv: unknown) =>
      crossValPredict(estimator as never, rows as never, labels as never, { cv, method: 'decisionFunction' } as never);
    const found = (await predict(new KFold({ nSplits: 2 }))) as unknown as Table;
    expect(found.toArray()[1]).toEqual([-1, 0, 0, 1, 1, 0]);
    const without = (label: number) => ({
      train: Int32Array.from(labels.keys()).filter((i) => labels[i] !== label),
      test: Int32Array.from(labels.keys()).filter((i) => i < 4 === (label === 0)),
    });
    const refused = await predict([without(0), without(3)]).catch((error: unknown) => error);
    expectError(
      () => {
        throw refused;
      },
      DataError,
      'crossValPredict: decisionFunction of fold 1 scores pairs of other classes than that of fold 0; use folds that hold all classes',
    );
  });

  it('many rows are predicted in blocks as they would be at once, in tensors too', async () => {
    const n = 700;
    const many = Array.from({ length: n }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const target = many.map(([a, b]) => 2 * a! - b! + 1);
    const cv = [
      {
        train: Int32Array.from({ length: 50 }, (_, i) => i),
        test: Int32Array.from({ length: n - 1 }, (_, i) => n - 1 - i),
      },
      { train: Int32Array.from({ length: 50 }, (_, i) => n - 1 - i), test: Int32Array.of(0) },
    ];
    const predicted = await crossValPredict(ridge(), many, target, { cv });
    const first = ridge().fit(many.slice(0, 50), target.slice(0, 50)).predict(many);
    expect(Array.from(predicted).slice(1)).toEqual(Array.from(first).slice(1));
    expect(await crossValPredict(ridge(), tensor(many, { dtype: 'float64' }), target, { cv })).toEqual(predicted);
  });

  it('many rows are scored in blocks as they would be at once, by any scorer', async () => {
    const n = 1500;
    const many = Array.from({ length: n }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const labels = many.map(([a, b], i) => (a! > b! === i % 7 > 0 ? 'left' : 'right'));
    const numbers = many.map(([a, b], i) => 2 * a! - b! + Math.sin(i * i));
    const lda = new LinearDiscriminantAnalysis();
    const scoring = ['accuracy', 'f1Macro', 'rocAuc', 'negLogLoss'] as const;
    const named = await crossValidate(lda, many, labels, {
      cv: 2,
      scoring,
      returnTrainScore: true,
      returnModels: true,
    });
    const own = await crossValidate(lda, many, labels, { cv: 2, returnModels: true });
    const squares = await crossValidate(ridge(), many, numbers, { cv: 2, returnModels: true });
    for (const [fold, { train, test }] of named.splits.entries()) {
      const take = <T>(list: readonly T[], places: Int32Array) => Array.from(places, (i) => list[i]!);
      const [x, y] = [take(many, test), take(labels, test)];
      for (const name of scoring) {
        const scoreOf = (rows: Int32Array) =>
          scorerOf(name)(named.models![fold]!, take(many, rows) as never, take(labels, rows) as never);
        expect(named.testScores[name]![fold]).toBe(scoreOf(test));
        expect(named.trainScores![name]![fold]).toBe(scoreOf(train));
      }
      expect(own.testScore[fold]).toBe(own.models![fold]!.score(x, y));
      const split = squares.splits[fold]!;
      const wanted = squares.models![fold]!.score(take(many, split.test), take(numbers, split.test));
      expect(squares.testScore[fold]).toBe(wanted);
    }
  });

  it("a model's own score of many rows is asked for where it is not made of right predictions", async () => {
    const n = 1500;
    const many = Array.from({ length: n }, (_, i) => [i % 3]);
    const labels = many.map(([a], i) => (i % 11 === 0 ? 2 : a! % 2));
    const odd = {
      nFeaturesIn: 1,
      predict: (x: number[][]) => x.map(([a]) => a! % 2),
      score: (x: number[][]) => -x.length,
    };
    const estimator = {
      options: {},
      fit: (_x: unknown, _y: unknown) => odd,
      fitAsync: async (_x: unknown, _y: unknown) => odd,
    };
    const { testScore } = await crossValidate(estimator as never, many as never, labels as never, {
      cv: new KFold({ nSplits: 2 }),
    });
    expect([...testScore]).toEqual([-750, -750]);
  });

  it('learning curves', async () => {
    const [all, some] = reference.learning;
    const curve = await learningCurve(ridge(), x, y, { cv: new KFold() });
    expect(curve.values).toEqual(all!.sizes);
    expectClose([curve.trainScores, curve.testScores], [all!.train, all!.test], { rtol: 1e-8 });
    const sizes = await learningCurve(centroid(), x3, three, {
      trainSizes: [20, 10, 30, 20],
      scoring: 'accuracy',
      cv: new StratifiedKFold(),
    });
    expect(sizes.values).toEqual(some!.sizes);
    expectClose([sizes.trainScores, sizes.testScores], [some!.train, some!.test]);
  });

  it('validation curves', async () => {
    const { alphas, validation } = reference;
    const curve = await validationCurve(ridge, alphas, x, y, { scoring: 'negMeanSquaredError', cv: new KFold() });
    expect(curve.values).toEqual(alphas);
    expectClose([curve.trainScores, curve.testScores], [validation.train, validation.test]);
    expect(String(curve).split('\n')).toHaveLength(6);
    expect(String(curve).split('\n')[0]).toBe('value     train      test');
  });
});

describe('cross-validation, laws', () => {
  it('on the calling thread and off it: the same scores', async () => {
    const options = { scoring: ['accuracy', 'f1Macro'], returnTrainScore: true } as const;
    const sync = crossValidateSync(centroid(), x3, three, options);
    const async = await crossValidate(centroid(), x3, three, options);
    expect(async.testScores).toEqual(sync.testScores);
    expect(async.trainScores).toEqual(sync.trainScores);
    expect([...(await crossValScore(centroid(), x3, three, { scoring: 'accuracy' }))]).toEqual([...sync.testScore]);
  });

  it('rows in any form, the same scores', () => {
    const expected = crossValidateSync(new NearestCentroid(), x3, three).testScore;
    const forms: MatrixLike[] = [
      tensor(x3, { dtype: 'float64' }),
      { data: x3.flat(), shape: [x3.length, 3] },
      new Table(Float64Array.from(x3.flat()), x3.length, 3),
    ];
    for (const form of forms) expect(crossValidateSync(new NearestCentroid(), form, three).testScore).toEqual(expected);
    const sparse = crossValidateSync(new StandardScaler({ withMean: false }), toSparse(tensor(x3)), null, {
      scoring: (model, rows) => model.transform(rows as MatrixLike).shape[0],
    });
    expect([...sparse.testScore]).toEqual([11, 11, 11, 11, 10]);
  });

  it('the mean prediction of each row is right as often as the folds say, where they are equally large', async () => {
    const cv = new StratifiedKFold({ nSplits: 3 });
    const { testScore } = crossValidateSync(centroid(), x3, three, { cv });
    const predicted = await crossValPredict(centroid(), x3, three, { cv });
    const right = predicted.filter((label, i) => label === three[i]).length / three.length;
    expectClose((testScore[0]! + testScore[1]! + testScore[2]!) / 3, right);
  });
});

describe('cross-validation, options', () => {
  it('scores by a function, or by several of their own names', async () => {
    const found = await crossValidate(centroid(), x3, three, {
      scoring: {
        accuracy: 'accuracy',
        oaks: (model, rows, labels) => {
          expectTypeOf(model.classes).toEqualTypeOf<readonly (string | number | boolean)[]>();
          return model.predict(rows).filter((label) => label === 'oak').length / (labels as string[]).length;
        },
      },
      returnModels: true,
    });
    expect(Object.keys(found.testScores)).toEqual(['accuracy', 'oaks']);
    expect(found.models).toHaveLength(5);
    expect(JSON.parse(JSON.stringify(found)).testScores.accuracy).toEqual([...found.testScores.accuracy!]);
    expect(found.fitTime).toHaveLength(5);
    expect(found.scoreTime.every((time) => time >= 0)).toBe(true);
    const model = new NearestCentroid().fit(x3, three);
    expect(scorerOf('accuracy')(model, x3 as never, three as never)).toBe(model.score(x3, three));
  });

  it('types: x and y are what the estimator takes, and models are its own', () => {
    const found = crossValidateSync(new NearestCentroid(), x3, three, { returnModels: true });
    expectTypeOf(found.models!).toEqualTypeOf<readonly NearestCentroidModel[]>();
    expectTypeOf(crossValPredict(new Ridge(), x, y)).resolves.toEqualTypeOf<Float64Array>();
    expectTypeOf(crossValPredict(centroid(), x3, three)).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(
      crossValPredict(discriminant(), x3, three, { method: 'predictProba' }),
    ).resolves.toEqualTypeOf<Table>();
    // @ts-expect-error Ridge needs numbers
    expect(() => crossValidateSync(new Ridge(), x3, three)).toThrow(DataError);
    // @ts-expect-error columns are no matrix
    expect(() => crossValidateSync(new Ridge(), { a: Float64Array.from(y) } as Columns, y)).toThrow(OptionError);
    validationCurve((alpha) => new Ridge({ alpha }), [1], x, y, {
      scoring: (model) => {
        expectTypeOf(model).toEqualTypeOf<RidgeModel>();
        return model.intercept;
      },
    });
  });

  it('tells of each fold, and ends with those so far when told to', async () => {
    const seen: Progress[] = [];
    const found = await crossValidate(centroid(), x3, three, {
      scoring: 'accuracy',
      onProgress: (progress) => {
        seen.push(progress);
        return seen.length < 3;
      },
    });
    expect(found.testScore).toHaveLength(3);
    expect(found.splits).toHaveLength(3);
    expect(seen[1]).toEqual({ step: 2, total: 5, unit: 'fold', metrics: { accuracy: found.testScore[1] } });
    const stop = { onProgress: () => false };
    await expectError(
      () => crossValPredict(centroid(), x3, three, stop),
      OptionError,
      'crossValPredict: onProgress ended it after 1 of 5 folds; no row can be left out',
    );
    await expectError(
      () => learningCurve(ridge(), x, y, { cv: new KFold(), ...stop }),
      OptionError,
      'learningCurve: onProgress ended it after 1 of 25 fits; a curve needs all of them',
    );
  });

  it('can be aborted, and lets timers run', async () => {
    const reason = new Error('enough');
    await expect(crossValidate(centroid(), x3, three, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    let folds = 0;
    const promise = crossValidate(centroid(), x3, three, {
      signal: controller.signal,
      cv: new ShuffleSplit({ nSplits: 1000, seed: 1 }),
      onProgress: () => void folds++,
    });
    setTimeout(() => controller.abort(reason), 1);
    await expect(promise).rejects.toBe(reason);
    expect(folds).toBeLessThan(1000);
  });

  it('needs no y where nothing is predicted', async () => {
    const found = await crossValidate(new PCA({ nComponents: 1 }), x3, null);
    expect(found.testScore).toHaveLength(5);
    const table = await crossValPredict(new Centering(), x3, null, { method: 'transform' });
    expect(table.shape).toEqual([54, 3]);
  });

  it('shuffled learning curves repeat with their seed', async () => {
    const run = (seed: number) => learningCurve(ridge(), x, y, { shuffle: true, seed });
    expect(await run(1)).toEqual(await run(1));
    expect((await run(1)).testScores).not.toEqual((await run(2)).testScores);
  });
});

describe('cross-validation, errors', () => {
  const refused = (options: object, Class: typeof OptionError, message: string, labels: unknown = three) =>
    expectError(() => crossValidateSync(new NearestCentroid(), x3, labels as string[], options), Class, message);

  it('folds that cannot be made', async () => {
    refused({ cv: 1 }, OptionError, 'crossValidateSync: cv must be an integer ≥ 2, a splitter or splits, got 1');
    refused({ cv: 60 }, DataError, 'KFold: nSplits is 60, but x has only 54 rows');
    refused({ cv: 30 }, DataError, 'StratifiedKFold: nSplits is 30, but no class has more than 24 of the rows');
    refused({ cv: [] }, OptionError, 'crossValidateSync: cv must give at least one split');
    refused(
      { cv: {} },
      OptionError,
      'crossValidateSync: cv must be a number of folds, a splitter or splits, got an object',
    );
    refused(
      { cv: [{ train: [0], test: [54] }] },
      OptionError,
      'crossValidateSync: test of split 0 must hold integers from 0 to 53, got 54',
    );
    refused(
      { cv: [{ train: [], test: [1] }] },
      OptionError,
      'crossValidateSync: train of split 0 must be places of rows, got []',
    );
    refused(
      { groups },
      OptionError,
      'crossValidateSync: groups need a splitter that keeps them together, such as cv: new GroupKFold()',
    );
    await expectError(
      () => crossValPredict(centroid(), x3, three, { cv: new TimeSeriesSplit() }),
      OptionError,
      'crossValPredict: cv must test every row once, but row 0 is tested 0 times; use a KFold or its kin',
    );
  });

  it('data that do not fit together', () => {
    refused({}, ShapeError, 'crossValidateSync: y has length 2, but x has 54 rows', ['a', 'b']);
    refused({}, OptionError, "crossValidateSync: y must be an array, got 'abc'", 'abc');
    refused({}, OptionError, 'NearestCentroid: y must be an array of labels, got undefined', null);
    refused({ sampleWeight: [1] }, ShapeError, 'crossValidateSync: sampleWeight has length 1, but x has 54 rows');
    expectError(
      () => crossValidateSync(new NearestCentroid(), [], []),
      DataError,
      'crossValidateSync: x must have at least one row',
    );
  });

  it('scores that cannot be given', async () => {
    expect(() => crossValidateSync(centroid(), x3, three, { scoring: 'acuracy' as 'accuracy' })).toThrow(
      "crossValidateSync: scoring must be the name of a score, got 'acuracy'; the names are accuracy, balancedAccuracy,",
    );
    refused(
      { scoring: 'neg_mean_squared_error' },
      OptionError,
      "crossValidateSync: scoring must be the name of a score, got 'neg_mean_squared_error'; did you mean negMeanSquaredError?",
    );
    for (const [name, meant] of [
      ['meanSquaredError', 'negMeanSquaredError'],
      ['logLoss', 'negLogLoss'],
      ['RMSE', 'negRootMeanSquaredError'],
      ['f1Score', 'f1'],
      ['adjustedRand', 'adjustedRandScore'],
      ['roc_auc_score', 'rocAuc'],
    ]) {
      const message = `scoring must be the name of a score, got '${name}'; did you mean ${meant}?`;
      refused({ scoring: name }, OptionError, `crossValidateSync: ${message}`);
    }
    refused({ scoring: [] }, OptionError, 'crossValidateSync: scoring must name at least one score');
    refused(
      { scoring: 5 },
      OptionError,
      'crossValidateSync: scoring must be a name, a function, or several of them by name, got 5',
    );
    refused({ scoring: () => Number.NaN }, DataError, 'crossValidateSync: the score score must be a number, got NaN');
    refused(
      { scoring: 'rocAuc' },
      OptionError,
      'crossValidate: rocAuc is for two classes, but there are 3; use rocAucOvr or rocAucOvo',
    );
    refused(
      { scorin: 1 },
      OptionError,
      'crossValidateSync: there is no option scorin, only cv, groups, sampleWeight, scoring, returnTrainScore, returnModels and onProgress',
    );
    await expectError(
      () => crossValidate(new Centering(), x3, null),
      OptionError,
      'crossValidate: a CenteringModel has no score of its own; choose one with scoring',
    );
    await expectError(
      () => crossValPredict(new Centering(), x3, null),
      OptionError,
      'crossValPredict: a CenteringModel has no predict',
    );
    await expectError(
      () => learningCurve(ridge(), x, y, { trainSizes: [0.5, 40] }),
      OptionError,
      'learningCurve: trainSizes must be shares up to 1 or integers from 1 to 36, the rows of the first training part, got [0.5, 40]',
    );
    await expectError(
      () => learningCurve(ridge(), x, y, { seed: 1 }),
      OptionError,
      'learningCurve: a seed does nothing without shuffle: true',
    );
    await expectError(
      () => validationCurve(ridge, [], x, y),
      OptionError,
      'validationCurve: values must be an array of at least one value, got []',
    );
  });
});
