import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  ElasticNet,
  Lasso,
  LassoCV,
  LinearRegression,
  LogisticRegression,
  Perceptron,
  Ridge,
  RidgeCV,
  SGDClassifier,
  SGDRegressor,
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
  coef: { data: ArrayLike<number> } | ArrayLike<number>;
  predict(x: number[][]): ArrayLike<number | string>;
  converged?: boolean;
  warning?: string;
  rank?: number;
}

const estimators: [name: string, labels: boolean, fit: (x: number[][], y: never[]) => Fitted][] = [
  ['LinearRegression', false, (x, y) => new LinearRegression().fit(x, y)],
  ['LinearRegression positive', false, (x, y) => new LinearRegression({ positive: true }).fit(x, y)],
  ['Ridge', false, (x, y) => new Ridge().fit(x, y)],
  ['Ridge alpha 0', false, (x, y) => new Ridge({ alpha: 0 }).fit(x, y)],
  ['RidgeCV', false, (x, y) => new RidgeCV().fit(x, y)],
  ['Lasso', false, (x, y) => new Lasso({ alpha: 0.1 }).fit(x, y)],
  ['ElasticNet', false, (x, y) => new ElasticNet({ alpha: 0.1 }).fit(x, y)],
  ['LassoCV', false, (x, y) => new LassoCV({ cv: 3, nAlphas: 20 }).fit(x, y)],
  ['SGDRegressor', false, (x, y) => new SGDRegressor({ seed: 0 }).fit(x, y)],
  ['LogisticRegression', true, (x, y) => new LogisticRegression().fit(x, y)],
  ['LogisticRegression l1', true, (x, y) => new LogisticRegression({ penalty: 'l1' }).fit(x, y)],
  ['LogisticRegression penalty null', true, (x, y) => new LogisticRegression({ penalty: null }).fit(x, y)],
  [
    'LogisticRegression penalty null lbfgs',
    true,
    (x, y) => new LogisticRegression({ penalty: null, solver: 'lbfgs' }).fit(x, y),
  ],
  ['SGDClassifier', true, (x, y) => new SGDClassifier({ seed: 0 }).fit(x, y)],
  ['Perceptron', true, (x, y) => new Perceptron({ seed: 0 }).fit(x, y)],
];

/** What there is to say about the model. */
function described(model: Fitted, x: number[][]): string {
  const coef = Array.from('data' in model.coef ? model.coef.data : model.coef);
  expect(coef.every(Number.isFinite), `coefficients must be finite: ${model} ${coef}`).toBe(true);
  for (const value of Array.from(model.predict(x)))
    expect(typeof value === 'string' || Number.isFinite(value)).toBe(true);
  expectSavable(model, models, (loaded: Fitted) => Array.from(loaded.predict(x)));
  const words = ['a model'];
  if (model.rank !== undefined && model.rank < coef.length) words.push(`of rank ${model.rank}: the shortest solution`);
  if (model.warning) words.push(`with the warning "${model.warning}"`);
  else if (model.converged === false) words.push('that has not converged');
  return words.join(' ');
}

it('every input by every estimator: an error, a warning or a finite model, as the table says', () => {
  const about =
    'A model here always has finite coefficients and predictions, and is the same after saving and loading.';
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
