import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import {
  KNeighborsClassifier,
  KNeighborsRegressor,
  NearestNeighbors,
  RadiusNeighborsClassifier,
  RadiusNeighborsRegressor,
} from '../src/index.ts';

const random = new Random(1);
const few = Array.from({ length: 12 }, () => Array.from({ length: 3 }, () => random.normal()));
const line = (rows: number[][]) => rows.map((row) => row[0]! - 2 * (row[1] ?? 0) + 1);
const thirds = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
const withOne = (value: number) => few.map((row, i) => (i === 2 ? [1, value, 3] : row));

interface Input {
  name: string;
  x: number[][];
  numbers: number[];
  labels: string[];
  /** The rows that are asked, those that were fitted by default. */
  asked: number[][];
}

const input = (name: string, x: number[][], more: Partial<Input> = {}): Input => ({
  ...{ name, x, numbers: line(x), labels: thirds(x.length), asked: x, ...more },
});
const times = (factor: number) => few.map((row) => row.map((value) => value * factor));

const inputs: Input[] = [
  input('0 rows', []),
  input('1 row', few.slice(0, 1)),
  input('2 rows, fewer than neighbors', few.slice(0, 2)),
  input(
    '1 column',
    few.map(([a]) => [a!]),
  ),
  input(
    'a constant column',
    few.map(([a, b]) => [a!, b!, 5]),
  ),
  input(
    'all columns equal',
    few.map(([a]) => [a!, a!, a!]),
  ),
  input('more columns than rows', [few.flat().slice(0, 9), few.flat().slice(9, 18), few.flat().slice(18, 27)]),
  input(
    'all rows equal',
    few.map(() => [1, 2, 3]),
    { numbers: line(few) },
  ),
  input(
    'all rows 0',
    few.map(() => [0, 0, 0]),
    { numbers: line(few) },
  ),
  input('y constant, one class', few, { numbers: few.map(() => 3), labels: few.map(() => 'a') }),
  input('as many classes as rows', few, { labels: few.map((_, i) => `class ${i}`) }),
  input('a NaN', withOne(Number.NaN)),
  input('an infinity', withOne(Number.NEGATIVE_INFINITY)),
  input('x up to 1e308', times(5e307), { numbers: line(few) }),
  input('x about 1e-200', times(1e-200), { numbers: line(few) }),
  input(
    'x far from 0',
    few.map((row) => row.map((value) => value + 1e9)),
    { numbers: line(few) },
  ),
  input('y up to 1e308', few, { numbers: line(few).map((value) => value * 2e307) }),
  input('a row far from all others asked', few, { asked: [[1e6, 0, 0]] }),
  input('a row of 1e308 asked', few, { asked: [[1e308, -1e308, 1e308]] }),
  input('a row of 0 asked', few, { asked: [[0, 0, 0]] }),
];

interface Fitted {
  predict?(x: number[][]): ArrayLike<number | string>;
  kneighbors?(x: number[][]): { distances: { data: ArrayLike<number> } };
}

type Fit = (x: number[][], y: never[]) => Fitted;
const three = { nNeighbors: 3 };
const estimators: [name: string, wants: 'labels' | 'numbers' | 'nothing', fit: Fit][] = [
  ['KNeighborsClassifier', 'labels', (x, y) => new KNeighborsClassifier(three).fit(x, y)],
  [
    'KNeighborsClassifier brute distance',
    'labels',
    (x, y) => {
      return new KNeighborsClassifier({ ...three, algorithm: 'brute', weights: 'distance' }).fit(x, y);
    },
  ],
  [
    'KNeighborsClassifier cosine',
    'labels',
    (x, y) => new KNeighborsClassifier({ ...three, metric: 'cosine' }).fit(x, y),
  ],
  ['KNeighborsRegressor', 'numbers', (x, y) => new KNeighborsRegressor(three).fit(x, y)],
  [
    'KNeighborsRegressor ballTree distance',
    'numbers',
    (x, y) => {
      return new KNeighborsRegressor({ ...three, algorithm: 'ballTree', weights: 'distance' }).fit(x, y);
    },
  ],
  ['RadiusNeighborsClassifier', 'labels', (x, y) => new RadiusNeighborsClassifier().fit(x, y)],
  [
    'RadiusNeighborsClassifier outlierLabel',
    'labels',
    (x, y) => {
      return new RadiusNeighborsClassifier({ outlierLabel: 'none' }).fit(x, y);
    },
  ],
  ['RadiusNeighborsRegressor', 'numbers', (x, y) => new RadiusNeighborsRegressor().fit(x, y)],
  ['NearestNeighbors', 'nothing', (x) => new NearestNeighbors(three).fit(x)],
  ['NearestNeighbors manhattan', 'nothing', (x) => new NearestNeighbors({ ...three, metric: 'manhattan' }).fit(x)],
];

/** What there is to say about the model, and what it says of the rows asked. */
function described(model: Fitted, { x, asked }: Input): string {
  const said = (fitted: Fitted) => Array.from<number | string>(fitted.predict?.(asked) ?? []);
  const distances = (fitted: Fitted) => Array.from(fitted.kneighbors?.(asked).distances.data ?? []);
  for (const value of said(model)) expect(typeof value === 'string' || Number.isFinite(value), `${value}`).toBe(true);
  for (const value of distances(model)) expect(value >= 0 && value < Number.POSITIVE_INFINITY, `${value}`).toBe(true);
  expectSavable(model, models, (loaded: Fitted) => [said(loaded), distances(loaded)]);
  const vanish = new Set(x.map(String)).size > 1 && distances(model).every((value) => value === 0);
  // Squares of differences below 1e-162 are 0, in scikit-learn too.
  if (vanish && distances(model).length > 0 && Math.abs(x[0]![0]!) < 1e-162) {
    return 'a model; squares of differences vanish, so that all distances are 0 and the first rows are the nearest';
  }
  const words = said(model).map((value) => (typeof value === 'string' ? value : Number(value.toPrecision(3))));
  return asked === x || words.length === 0 ? 'a model' : `a model, which says ${words.join(' and ')}`;
}

it('every input by every estimator: an error or finite answers, as the table says', () => {
  const about = 'A model here always has finite answers, and is the same after saving and loading.';
  const cells = inputs.flatMap((given) =>
    estimators
      .filter(([, wants]) => wants === 'numbers' || !given.name.startsWith('y up to'))
      .map(([name, wants, fit]): [string, string, () => string] => {
        const y = (wants === 'numbers' ? given.numbers : given.labels) as never[];
        return [given.name, name, () => described(fit(given.x, y), given)];
      }),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells);
  expect(page).toBe(made);
});
