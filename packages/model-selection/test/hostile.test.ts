import { Random } from '@maru-ml/base';
import { LinearDiscriminantAnalysis, LinearDiscriminantAnalysisModel } from '@maru-ml/linalg';
import { StandardScaler, StandardScalerModel } from '@maru-ml/preprocessing';
import type { Label, MatrixLike } from '@maru-ml/tensor';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  CalibratedClassifier,
  crossValidateSync,
  DummyClassifier,
  DummyRegressor,
  gridSearch,
  IsotonicRegression,
  KFold,
  pipeline,
  randomizedSearch,
  StratifiedKFold,
  scorerOf,
  TimeSeriesSplit,
  trainTestSplit,
} from '../src/index.ts';
import { Ridge, RidgeModel } from './estimators.ts';

const random = new Random(1);
const few = Array.from({ length: 24 }, () => Array.from({ length: 3 }, () => random.normal()));
const line = (rows: number[][]) => rows.map((row) => row[0]! - 2 * (row[1] ?? 0) + 1);
const sides = (rows: number[][]) => rows.map((row, i) => (line([row])[0]! + 0.3 * (i % 3) > 1 ? 'b' : 'a'));
const withOne = (value: number) => few.map((row, i) => (i === 2 ? [value, 1, 3] : row));
const times = (factor: number) => few.map((row) => row.map((value) => value * factor));

interface Input {
  name: string;
  x: number[][];
  numbers: number[];
  labels: Label[];
}

const input = (name: string, x: number[][], more: Partial<Input> = {}): Input => ({
  ...{ name, x, numbers: line(x), labels: sides(x) },
  ...more,
});
/** Other rows, with the targets of the usual ones. */
const like = (name: string, x: number[][]) => input(name, x, { numbers: line(few), labels: sides(few) });

const inputs: Input[] = [
  input('0 rows', []),
  input('1 row', few.slice(0, 1)),
  input('2 rows, fewer than folds', few.slice(0, 2), { labels: ['a', 'b'] }),
  like(
    '1 column',
    few.map(([a]) => [a!]),
  ),
  like(
    'a constant column',
    few.map(([a, b]) => [a!, b!, 5]),
  ),
  like(
    'all columns equal',
    few.map(([a]) => [a!, a!, a!]),
  ),
  like(
    'all rows equal',
    few.map(() => [1, 2, 3]),
  ),
  like(
    'more columns than rows',
    few.map((row) => Array.from({ length: 30 }, (_, j) => row[j % 3]! * (j + 1) + Math.sin(7 * j * row[0]!))),
  ),
  input('y constant, one class', few, { numbers: few.map(() => 3), labels: few.map(() => 'a') }),
  input('a class with one member', few, { labels: few.map((_, i) => (i === 5 ? 'a' : 'b')) }),
  input('as many classes as rows', few, { labels: few.map((_, i) => `class ${i}`) }),
  input(
    'classes that a line separates',
    few.map(([a, b, c]) => [a! + (a! > 0 ? 5 : -5), b!, c!]),
    { labels: few.map(([a]) => (a! > 0 ? 'b' : 'a')) },
  ),
  input('one label fewer than rows', few, { numbers: line(few).slice(1), labels: sides(few).slice(1) }),
  input('a missing target', few, {
    numbers: line(few).map((value, i) => (i === 3 ? Number.NaN : value)),
    labels: sides(few).map((label, i) => (i === 3 ? (null as never) : label)),
  }),
  input('labels of two types', few, { labels: sides(few).map((label, i) => (i === 3 ? 1 : label)) }),
  input(
    'a ragged row',
    few.map((row, i) => (i === 2 ? row.slice(1) : row)),
    { labels: sides(few), numbers: line(few) },
  ),
  like('a NaN', withOne(Number.NaN)),
  like('an infinity', withOne(Number.NEGATIVE_INFINITY)),
  like('x up to 1e308', times(5e307)),
  like('x about 1e-200', times(1e-200)),
  like(
    'x far from 0',
    few.map((row) => row.map((value) => value + 1e9)),
  ),
  input('y up to 1e308', few, { numbers: line(few).map((value) => value * 2e307) }),
];

const lda = () => new LinearDiscriminantAnalysis();
const shrunk = ({ shrinkage }: { shrinkage: number }) => new LinearDiscriminantAnalysis({ solver: 'lsqr', shrinkage });
const penalized = (params: { alpha: number }) => new Ridge(params);

interface Predicts {
  predict(x: MatrixLike): ArrayLike<Label>;
}
type Answer = (x: number[][], y: never[]) => string;
const classes = { LinearDiscriminantAnalysisModel, StandardScalerModel, RidgeModel };

/** A model with finite answers, which are the same after saving and loading. */
function model(fitted: Predicts, x: number[][]): string {
  const said = (loaded: Predicts) => Array.from(loaded.predict(x));
  for (const value of said(fitted)) expect(typeof value === 'string' || Number.isFinite(value), `${value}`).toBe(true);
  expectSavable(fitted, models, said, { classes });
  return 'a model';
}
/** The mean of scores, which must be finite. */
function scores(values: ArrayLike<number>): string {
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  expect(Number.isFinite(mean), `${mean}`).toBe(true);
  return `${values.length} scores of ${Number(mean.toPrecision(3))} on average`;
}
function search(found: Predicts & { bestScore: number }, x: number[][]): string {
  return `${model(found, x)} with the score ${scores([found.bestScore]).split(' ')[3]}`;
}
/** The sizes of the test rows of each split. */
const sizes = (splits: Iterable<{ test: Int32Array }>) =>
  `test rows ${Array.from(splits, ({ test }) => test.length).join(', ')}`;

const accuracy = scorerOf('accuracy');
const estimators: [name: string, wants: 'labels' | 'numbers', answer: Answer][] = [
  ['CalibratedClassifier', 'labels', (x, y) => model(new CalibratedClassifier(lda()).fit(x, y), x)],
  [
    'CalibratedClassifier isotonic',
    'labels',
    (x, y) => model(new CalibratedClassifier(lda(), { method: 'isotonic' }).fit(x, y), x),
  ],
  ['DummyClassifier', 'labels', (x, y) => model(new DummyClassifier({ seed: 0 }).fit(x, y), x)],
  ['DummyRegressor', 'numbers', (x, y) => model(new DummyRegressor().fit(x, y), x)],
  [
    'IsotonicRegression of the first column',
    'numbers',
    (x, y) => {
      const first = x.map((row) => row.slice(0, 1));
      return model(new IsotonicRegression().fit(first, y), first);
    },
  ],
  [
    'Pipeline of a scaler and a discriminant',
    'labels',
    (x, y) => model(pipeline(new StandardScaler(), lda()).fit(x, y), x),
  ],
  [
    'GridSearch of a discriminant',
    'labels',
    (x, y) => search(gridSearch(shrunk, { shrinkage: [0, 0.5] }, { cv: 3 }).fit(x, y), x),
  ],
  [
    'RandomizedSearch of ridge regression',
    'numbers',
    (x, y) => {
      const options = { cv: 3, nIter: 3, seed: 0 };
      return search(randomizedSearch(penalized, { alpha: { logUniform: [1e-3, 10] } }, options).fit(x, y), x);
    },
  ],
  [
    'crossValidateSync of a discriminant',
    'labels',
    (x, y) => scores(crossValidateSync(lda(), x, y, { cv: 3, scoring: { accuracy } }).testScores.accuracy!),
  ],
  ['KFold', 'labels', (x) => sizes(new KFold({ nSplits: 3 }).split(x))],
  ['StratifiedKFold', 'labels', (x, y) => sizes(new StratifiedKFold({ nSplits: 3 }).split(x, y))],
  ['TimeSeriesSplit', 'labels', (x) => sizes(new TimeSeriesSplit({ nSplits: 3 }).split(x))],
  [
    'trainTestSplit stratified',
    'labels',
    (x, y) => {
      const { xTrain, xTest } = trainTestSplit(x, y, { testSize: 0.25, stratify: true, seed: 0 });
      return `${xTrain.length} rows and ${xTest.length}`;
    },
  ],
];

it('every input by every estimator: an error or finite answers, as the table says', () => {
  const about =
    'A model here always has finite answers, and is the same after saving and loading; scores are finite; what splits does not look at the numbers of x.';
  const cells = inputs.flatMap((given) =>
    estimators
      .filter(([, wants]) => wants === 'numbers' || !given.name.startsWith('y up to'))
      .filter(([, wants]) => wants === 'labels' || !/class/.test(given.name) || given.name.startsWith('y constant'))
      .map(([name, wants, answer]): [string, string, () => string] => {
        const y = (wants === 'numbers' ? given.numbers : given.labels) as never[];
        return [given.name, name, () => answer(given.x, y)];
      }),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells, '; ');
  expect(page).toBe(made);
});
