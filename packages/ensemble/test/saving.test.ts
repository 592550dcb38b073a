import { toBytes } from '@maru-ml/tensor';
import { expectSavable } from '@maru-ml/tooling/testing';
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
import { numbers } from './data.ts';

// Holes in the columns, and a last column of 40 categories.
const rows = 1200;
const x = numbers(7, rows, 5).map((row, i) =>
  row.map((value, j) => (j === 4 ? Math.abs(Math.round(value * 40)) : (i + j) % 9 === 0 ? Number.NaN : value)),
);
const filled = x.map((row) => row.map((value) => (Number.isNaN(value) ? 0 : value)));
const y = filled.map((row, i) => row[0]! - row[1]! + 0.1 * row[4]! + numbers(i + 1, 1, 1)[0]![0]!);
const labels = y.map((value) => (value > 2 ? 'up' : value < 1 ? 'down' : 'even'));

const classes = { DecisionTreeClassifierModel, DecisionTreeRegressorModel };
const many = { nEstimators: 40, seed: 0 };
const tree = new DecisionTreeClassifier({ seed: 0 });
const numberTree = new DecisionTreeRegressor({ seed: 0 });
const two = { shallow: new DecisionTreeClassifier({ maxDepth: 3 }), tree };
const twoOfNumbers = { shallow: new DecisionTreeRegressor({ maxDepth: 3 }), numberTree };
const hist = { maxIter: 40, categoricalFeatures: [4], seed: 0 };

interface Fitted {
  predict(x: number[][]): ArrayLike<number | string>;
}

it.each<[name: string, least: number, fit: () => Fitted]>([
  ['RandomForestClassifier', 1e5, () => new RandomForestClassifier({ ...many, oobScore: true }).fit(x, labels)],
  ['RandomForestRegressor', 1e5, () => new RandomForestRegressor({ ...many, oobScore: true }).fit(x, y)],
  ['ExtraTreesClassifier', 1e5, () => new ExtraTreesClassifier(many).fit(filled, labels)],
  ['ExtraTreesRegressor', 1e5, () => new ExtraTreesRegressor(many).fit(filled, y)],
  [
    'GradientBoostingClassifier',
    1e5,
    () => new GradientBoostingClassifier({ ...many, maxDepth: 6 }).fit(filled, labels),
  ],
  ['GradientBoostingRegressor', 1e5, () => new GradientBoostingRegressor({ ...many, maxDepth: 8 }).fit(filled, y)],
  ['HistGradientBoostingClassifier', 1e5, () => new HistGradientBoostingClassifier(hist).fit(x, labels)],
  ['HistGradientBoostingRegressor', 3e4, () => new HistGradientBoostingRegressor(hist).fit(x, y)],
  ['AdaBoostClassifier', 1e4, () => new AdaBoostClassifier(two.shallow, many).fit(filled, labels)],
  ['AdaBoostRegressor', 1e5, () => new AdaBoostRegressor(numberTree, many).fit(filled, y)],
  ['BaggingClassifier', 1e5, () => new BaggingClassifier(tree, { ...many, maxFeatures: 4 }).fit(x, labels)],
  ['BaggingRegressor', 1e5, () => new BaggingRegressor(numberTree, many).fit(x, y)],
  ['VotingClassifier', 1e4, () => new VotingClassifier(two).fit(x, labels)],
  ['VotingRegressor', 3e4, () => new VotingRegressor(twoOfNumbers).fit(x, y)],
  ['StackingClassifier', 2e4, () => new StackingClassifier(two, tree).fit(x, labels)],
  ['StackingRegressor', 3e4, () => new StackingRegressor(twoOfNumbers, numberTree).fit(x, y)],
  ['IsolationForest', 5e4, () => new IsolationForest({ ...many, contamination: 0.1 }).fit(filled)],
])('%s of thousands of nodes is the same after saving and loading', (_, least, fit) => {
  const model = fit();
  expect(toBytes(model).length).toBeGreaterThan(least);
  expectSavable(model, models, (loaded: Fitted) => Array.from(loaded.predict(filled)), { classes });
});
