import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import { DecisionTreeClassifier, DecisionTreeRegressor } from '../src/index.ts';

const random = new Random(1);
const few = Array.from({ length: 12 }, () => Array.from({ length: 3 }, () => random.normal()));
const sum = (rows: number[][]) => rows.map((row) => row.reduce((total, value) => total + (value || 0), 0));
const halves = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
const million = { data: Float64Array.from({ length: 1_000_000 }, (_, i) => i), shape: [1_000_000, 1] };
const chain = Array.from({ length: 1000 }, (_, i) => [i]);

type Rows = number[][] | { data: Float64Array; shape: number[] };

interface Input {
  name: string;
  x: Rows;
  /** What numbers and what labels are to be told. */
  numbers: number[];
  labels: (string | number)[];
  options?: object;
  sampleWeight?: number[];
  /** Other rows that are predicted. */
  asked?: number[][];
}

/** Up to so many rows. */
const first = (x: Rows, most: number): number[][] =>
  Array.isArray(x) ? x.slice(0, most) : Array.from(x.data.subarray(0, most), (value) => [value]);

const input = (name: string, x: Rows, more: Partial<Input> = {}): Input => ({
  ...{ name, x, numbers: sum(first(x, 1e6)).map(Math.abs), labels: halves(first(x, 1e6).length) },
  ...more,
});

const inputs: Input[] = [
  input('0 rows', []),
  input('1 row', [[1, 2, 3]]),
  input(
    'a constant column',
    few.map(([a, b]) => [a!, b!, 5]),
  ),
  input(
    'all columns equal',
    few.map(([a]) => [a!, a!, a!]),
  ),
  input(
    'all rows equal, y not',
    few.map(() => [1, 2, 3]),
    { numbers: sum(few).map(Math.abs) },
  ),
  input('y constant, one class', few, { numbers: few.map(() => 3), labels: few.map(() => 'a') }),
  input('a class with one member', few, { labels: few.map((_, i) => (i === 5 ? 'a' : 'b')) }),
  input('as many classes as rows', few, { labels: few.map((_, i) => i) }),
  input('more columns than rows', [few[0]!.concat(few[1]!), few[2]!.concat(few[3]!)]),
  input(
    'all missing',
    few.map(() => [Number.NaN, Number.NaN]),
  ),
  input(
    'a column all missing',
    few.map(([a]) => [a!, Number.NaN]),
  ),
  input(
    'one number there, the others missing',
    few.map((_, i) => [i === 4 ? 1 : Number.NaN]),
  ),
  input(
    'an infinite number',
    few.map((row, i) => (i === 2 ? [Number.POSITIVE_INFINITY, 0, 0] : row)),
  ),
  input(
    'x up to 1e308',
    few.map((row) => row.map((value) => value * 5e307)),
    { numbers: sum(few).map(Math.abs) },
  ),
  input(
    'x about 1e-310',
    few.map((row) => row.map((value) => value * 1e-310)),
    { numbers: sum(few).map(Math.abs) },
  ),
  input(
    'numbers of x that are neighbors',
    few.map((_, i) => [1 + i * 2 ** -52]),
  ),
  input('y up to 1e308', few, { numbers: sum(few).map((value) => Math.abs(value) * 1e307) }),
  input('y about 1e-200', few, { numbers: sum(few).map((value) => Math.abs(value) * 1e-200) }),
  input('y 1e9 and a little', few, { numbers: sum(few).map((value) => 1e9 + value * 1e-3) }),
  input('negative y', few, { numbers: sum(few).map((value) => -Math.abs(value)) }),
  input('y all 0', few, { numbers: few.map(() => 0) }),
  input('weights of 1e300', few, { sampleWeight: few.map(() => 1e300) }),
  input('weights of 1e-300', few, { sampleWeight: few.map(() => 1e-300) }),
  input('one row that weighs something', few, { sampleWeight: few.map((_, i) => (i === 3 ? 2 : 0)) }),
  input('y that turns at every row of 1,000', chain, {
    numbers: chain.map((_, i) => i % 2),
    labels: chain.map((_, i) => i % 2),
  }),
  input('a million numbers, depth 1', million, { options: { maxDepth: 1 } }),
  input('a million categories, depth 1', million, { options: { maxDepth: 1, categoricalFeatures: [0] } }),
  input(
    'an unseen category',
    few.map(([a], i) => [a!, i % 3]),
    {
      options: { categoricalFeatures: [1] },
      asked: [
        [0, 7],
        [0, -1],
      ],
    },
  ),
  input(
    'categories that are no whole numbers',
    few.map(([a]) => [a!]),
    { options: { categoricalFeatures: [0] } },
  ),
  input('a category in a column that is not there', few, { options: { categoricalFeatures: [3] } }),
  input('more columns to draw than there are', few, { options: { maxFeatures: 4 } }),
];

interface Fitted {
  readonly nLeaves: number;
  readonly depth: number;
  readonly featureImportances: Float64Array;
  predict(x: number[][]): ArrayLike<number | string>;
}

type Fit = (x: Rows, y: never[], options: object, fit: object) => Fitted;

const estimators: [name: string, labels: boolean, fit: Fit][] = [
  ['DecisionTreeClassifier', true, (x, y, o, f) => new DecisionTreeClassifier(o).fit(x, y, f)],
  [
    'DecisionTreeClassifier entropy',
    true,
    (x, y, o, f) => new DecisionTreeClassifier({ criterion: 'entropy', ...o }).fit(x, y, f),
  ],
  [
    'DecisionTreeClassifier random',
    true,
    (x, y, o, f) => new DecisionTreeClassifier({ splitter: 'random', seed: 0, ...o }).fit(x, y, f),
  ],
  [
    'DecisionTreeClassifier maxLeafNodes 4',
    true,
    (x, y, o, f) => new DecisionTreeClassifier({ maxLeafNodes: 4, ...o }).fit(x, y, f),
  ],
  ['DecisionTreeRegressor', false, (x, y, o, f) => new DecisionTreeRegressor(o).fit(x, y, f)],
  [
    'DecisionTreeRegressor absoluteError',
    false,
    (x, y, o, f) => new DecisionTreeRegressor({ criterion: 'absoluteError', ...o }).fit(x, y, f),
  ],
  [
    'DecisionTreeRegressor poisson',
    false,
    (x, y, o, f) => new DecisionTreeRegressor({ criterion: 'poisson', ...o }).fit(x, y, f),
  ],
  [
    'DecisionTreeRegressor random',
    false,
    (x, y, o, f) => new DecisionTreeRegressor({ splitter: 'random', seed: 0, ...o }).fit(x, y, f),
  ],
];

/** The size of the tree, and what it says of the rows asked. */
function described(model: Fitted, { x, asked }: Input): string {
  expect(model.featureImportances.every((value) => value >= 0 && value <= 1)).toBe(true);
  const answers = (tree: Fitted) => Array.from<number | string>(tree.predict(first(x, 5000)));
  for (const value of answers(model))
    expect(typeof value === 'string' || Number.isFinite(value), `${value}`).toBe(true);
  // A million categories take seconds to save, so one test for them is enough (in serving.test.ts).
  if (Array.isArray(x)) expectSavable(model, models, answers);
  const size = model.nLeaves === 1 ? 'a single leaf' : `${model.nLeaves} leaves, depth ${model.depth}`;
  if (asked === undefined) return size;
  const said = Array.from(model.predict(asked), (value) => (typeof value === 'string' ? value : value.toFixed(3)));
  return `${size}, predicts ${said.join(', ')}`;
}

it('every input by every estimator: an error or a tree with finite answers, as the table says', {
  timeout: 60_000,
}, () => {
  const about =
    'A tree here always has finite predictions, and importances from 0 to 1, and is the same after saving and loading.';
  const cells = inputs.flatMap((given) => {
    const ofNumbers = /^(y|negative y)/.test(given.name) && !/one class|turns/.test(given.name);
    return estimators
      .filter(([, wantsLabels]) => !(wantsLabels && ofNumbers))
      .map(([name, wantsLabels, fit]): [string, string, () => string] => {
        const { x, numbers, labels, options = {}, sampleWeight } = given;
        const y = (wantsLabels ? labels : numbers) as never[];
        return [given.name, name, () => described(fit(x, y, options, sampleWeight ? { sampleWeight } : {}), given)];
      });
  });
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells);
  expect(page).toBe(made);
});
