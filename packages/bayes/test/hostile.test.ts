import { Random } from '@maru-ml/base';
import { expectSavable, hostileTable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import { BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB } from '../src/index.ts';

const random = new Random(1);
const counts = Array.from({ length: 12 }, () => Array.from({ length: 3 }, () => random.integer(4)));
const thirds = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
const million = { data: Float64Array.from({ length: 1_000_000 }, (_, i) => i), shape: [1_000_000, 1] };

type Rows = number[][] | { data: Float64Array; shape: number[] };

interface Input {
  name: string;
  x: Rows;
  labels: string[];
  /** The rows that are predicted, those that were fitted by default. */
  asked: number[][];
  /** What they are compared with, where they are scored instead. */
  scored?: string[];
}

const input = (name: string, x: number[][], more: Partial<Input> = {}): Input => ({
  ...{ name, x, labels: thirds(x.length), asked: x, ...more },
});
/** The counts with another number in a place. */
const withOne = (value: number) => counts.map((row, i) => (i === 2 ? [value, 0, 1] : row));

const inputs: Input[] = [
  input('0 rows', []),
  input('1 row, one class', [[1, 2, 3]]),
  input('one class', counts, { labels: counts.map(() => 'a') }),
  input('a class with one member', counts, { labels: counts.map((_, i) => (i === 5 ? 'a' : 'b')) }),
  input(
    'a constant column',
    counts.map(([a, b]) => [a!, b!, 1]),
  ),
  input(
    'all columns equal',
    counts.map(([a]) => [a!, a!, a!]),
  ),
  input(
    'all rows equal',
    counts.map(() => [1, 0, 1]),
  ),
  input(
    'all numbers 0',
    counts.map(() => [0, 0, 0]),
  ),
  input('more columns than rows', [counts.flat().slice(0, 18), counts.flat().slice(18)]),
  input('a negative number', withOne(-1)),
  input('a fraction', withOne(0.5)),
  input('a NaN', withOne(Number.NaN)),
  input('an infinity', withOne(Number.POSITIVE_INFINITY)),
  input(
    'x up to 1e308',
    counts.map((row) => row.map((value) => value * 5e307)),
  ),
  input(
    'x about 1e-200',
    counts.map((row) => row.map((value) => value * 1e-200)),
  ),
  {
    ...input('a million numbers, which are categories too', []),
    x: million,
    labels: thirds(1e6),
    asked: [[0], [999_999]],
  },
  input('an unseen category', counts, { asked: [[7, 0, 0]] }),
  input('a negative number asked', counts, { asked: [[-1, 0, 0]] }),
  input('a row of zeros asked', counts, { asked: [[0, 0, 0]] }),
  input('a row of 1e308 asked', counts, { asked: [[1e308, 1e308, 1e308]] }),
  input('an unseen label scored', counts.slice(0, 4), { scored: ['a', 'b', 'c', 'd'] }),
];

interface Fitted {
  predict(x: number[][]): string[];
  predictProba(x: number[][]): { data: ArrayLike<number> };
  predictLogProba(x: number[][]): { data: ArrayLike<number> };
  score(x: number[][], y: string[]): number;
}

const estimators: [name: string, fit: (x: Rows, y: string[]) => Fitted][] = [
  ['GaussianNB', (x, y) => new GaussianNB().fit(x, y)],
  ['MultinomialNB', (x, y) => new MultinomialNB().fit(x, y)],
  ['MultinomialNB alpha 0', (x, y) => new MultinomialNB({ alpha: 0 }).fit(x, y)],
  ['ComplementNB', (x, y) => new ComplementNB().fit(x, y)],
  ['BernoulliNB', (x, y) => new BernoulliNB().fit(x, y)],
  ['CategoricalNB', (x, y) => new CategoricalNB().fit(x, y)],
];

/** What there is to say about the model, and what it says of the rows asked. */
function described(model: Fitted, { x, asked, scored }: Input): string {
  if (scored !== undefined) return `a model, which scores ${model.score(asked, scored)}`;
  for (const value of Array.from(model.predictProba(asked).data))
    expect(value >= 0 && value <= 1, `${value}`).toBe(true);
  for (const value of Array.from(model.predictLogProba(asked).data)) expect(value <= 0, `${value}`).toBe(true);
  // A million categories take long to save; those of saving.test.ts are enough.
  if (Array.isArray(x)) expectSavable(model, models, (loaded: Fitted) => loaded.predict(asked));
  return asked === x ? 'a model' : `a model, which says ${model.predict(asked).join(' and ')}`;
}

it('every input by every estimator: an error or a model with probabilities, as the table says', () => {
  const about =
    'A model here always has probabilities from 0 to 1, logarithms of at most 0, and is the same after saving and loading.';
  const cells = inputs.flatMap((given) =>
    estimators.map(([name, fit]): [string, string, () => string] => {
      return [given.name, name, () => described(fit(given.x, given.labels), given)];
    }),
  );
  const { page, made } = hostileTable(new URL(import.meta.url), about, cells);
  expect(page).toBe(made);
});
