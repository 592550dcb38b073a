import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import {
  DecisionTreeClassifier,
  DecisionTreeClassifierModel,
  DecisionTreeRegressor,
  DecisionTreeRegressorModel,
} from '@maru-ml/tree';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  AdaBoostClassifier,
  AdaBoostRegressor,
  BaggingClassifier,
  BaggingRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  GradientBoostingClassifier,
  GradientBoostingRegressor,
  HistGradientBoostingClassifier,
  HistGradientBoostingRegressor,
  IsolationForest,
  RandomForestClassifier,
  RandomForestRegressor,
  StackingClassifier,
  StackingRegressor,
  VotingClassifier,
  VotingRegressor,
} from '../src/index.ts';

const random = new Random(1);
const normal = (n: number, d: number) =>
  Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));

const few = normal(12, 3);
const line = (rows: number[][]) => rows.map((row) => row[0]! - 2 * (row[1] ?? 0) + 1);
const halves = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
const wide = normal(6, 15);
const nearly = few.map(([a, b, c]) => [a!, b!, a! + 1e-9 * c!]);
const sides = few.map((row) => (row[0]! > 0 ? 'a' : 'b'));

/** What is put in: x, a y of numbers and a y of labels. */
const inputs: [name: string, x: number[][], numbers: number[], labels: string[]][] = [
  ['0 rows', [], [], []],
  ['1 row', [[1, 2, 3]], [4], ['a']],
  ['1 column', few.map(([a]) => [a!]), line(few), halves(12)],
  ['a constant column', few.map(([a, b]) => [a!, b!, 5]), line(few), halves(12)],
  ['a column twice', few.map(([a, b]) => [a!, b!, a!]), line(few), halves(12)],
  ['a column nearly twice', nearly, line(few), halves(12)],
  ['dependent columns', few.map(([a, b]) => [a!, b!, a! + b!]), line(few), halves(12)],
  ['more columns than rows', wide, line(wide), halves(6)],
  ['all rows equal', few.map(() => [1, 2, 3]), line(few), halves(12)],
  ['y constant, one class', few, few.map(() => 3), few.map(() => 'a')],
  ['separable classes', few, line(few), sides],
  ['a class with one member', few, line(few), few.map((_, i) => (i === 5 ? 'a' : 'b'))],
  ['x up to 1e308', few.map((row) => row.map((v) => v * 5e307)), line(few), halves(12)],
  ['y up to 1e308', few, line(few).map((v) => v * 2e307), halves(12)],
  ['x about 1e-200', few.map((row) => row.map((v) => v * 1e-200)), line(few), halves(12)],
];

interface Fitted {
  predict(x: number[][]): ArrayLike<number | string>;
  predictProba?(x: number[][]): { data: ArrayLike<number> };
}

const quick = { nEstimators: 5, seed: 0 };
const stump = new DecisionTreeClassifier({ maxDepth: 1 });
const small = new DecisionTreeRegressor({ maxDepth: 2 });
const classes = { DecisionTreeClassifierModel, DecisionTreeRegressorModel };
const hist = { maxIter: 5, minSamplesLeaf: 2, seed: 0 };
type Fit = (x: number[][], y: never[]) => Fitted;
const estimators: [name: string, labels: boolean, fit: Fit][] = [
  ['RandomForestClassifier', true, (x, y) => new RandomForestClassifier(quick).fit(x, y)],
  ['RandomForestRegressor', false, (x, y) => new RandomForestRegressor(quick).fit(x, y)],
  ['ExtraTreesClassifier', true, (x, y) => new ExtraTreesClassifier(quick).fit(x, y)],
  ['ExtraTreesRegressor', false, (x, y) => new ExtraTreesRegressor(quick).fit(x, y)],
  ['GradientBoostingClassifier', true, (x, y) => new GradientBoostingClassifier(quick).fit(x, y)],
  ['GradientBoostingRegressor', false, (x, y) => new GradientBoostingRegressor(quick).fit(x, y)],
  [
    'GradientBoostingRegressor huber',
    false,
    (x, y) => new GradientBoostingRegressor({ ...quick, loss: 'huber' }).fit(x, y),
  ],
  ['HistGradientBoostingClassifier', true, (x, y) => new HistGradientBoostingClassifier(hist).fit(x, y)],
  ['HistGradientBoostingRegressor', false, (x, y) => new HistGradientBoostingRegressor(hist).fit(x, y)],
  [
    'HistGradientBoostingRegressor early',
    false,
    (x, y) => new HistGradientBoostingRegressor({ ...hist, earlyStopping: true }).fit(x, y),
  ],
  ['AdaBoostClassifier', true, (x, y) => new AdaBoostClassifier(stump, quick).fit(x, y)],
  ['AdaBoostRegressor', false, (x, y) => new AdaBoostRegressor(small, quick).fit(x, y)],
  ['BaggingClassifier', true, (x, y) => new BaggingClassifier(stump, quick).fit(x, y)],
  ['BaggingRegressor', false, (x, y) => new BaggingRegressor(small, quick).fit(x, y)],
  ['VotingClassifier', true, (x, y) => new VotingClassifier({ stump }, { voting: 'soft' }).fit(x, y)],
  ['VotingRegressor', false, (x, y) => new VotingRegressor({ small }).fit(x, y)],
  ['StackingClassifier', true, (x, y) => new StackingClassifier({ stump }, stump, { cv: 2 }).fit(x, y)],
  ['StackingRegressor', false, (x, y) => new StackingRegressor({ small }, small, { cv: 2 }).fit(x, y)],
  ['IsolationForest', true, (x) => new IsolationForest(quick).fit(x)],
];

/** What there is to say about the model. */
function described(model: Fitted, x: number[][]): string {
  for (const value of Array.from(model.predict(x)))
    expect(typeof value === 'string' || Number.isFinite(value)).toBe(true);
  for (const value of Array.from(model.predictProba?.(x).data ?? [])) expect(value >= 0 && value <= 1).toBe(true);
  expectSavable(model, models, (loaded: Fitted) => Array.from(loaded.predict(x)), { classes });
  return 'a model';
}

it('every input by every estimator: an error or a finite model, as the table says', () => {
  const about =
    'A model here always has finite predictions, and probabilities from 0 to 1, and is the same after saving and loading.';
  const cells = inputs.flatMap(([input, x, numbers, labels]) =>
    estimators
      .filter(([, wantsLabels]) => !(wantsLabels && input.startsWith('y up to')))
      .map(([name, wantsLabels, fit]): [string, string, () => string] => {
        return [input, name, () => described(fit(x, (wantsLabels ? labels : numbers) as never[]), x)];
      }),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells);
  expect(page).toBe(made);
});
