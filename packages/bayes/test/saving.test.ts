import { Random } from '@maru-ml/base';
import { toBytes } from '@maru-ml/tensor';
import { expectSavable } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import * as models from '../src/index.ts';
import { BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB } from '../src/index.ts';

const random = new Random(1);
const x = Array.from({ length: 20 }, () => Array.from({ length: 20_000 }, () => random.integer(3)));
const labels = x.map((_, i) => (i % 3 === 0 ? 'a' : i % 3 === 1 ? 'b' : 'c'));
const categories = [[0], [99_999], [3]];

interface Fitted {
  predict(x: number[][]): string[];
}

it.each<[name: string, rows: number[][], fit: () => Fitted]>([
  ['GaussianNB of 20,000 columns', x, () => new GaussianNB().fit(x, labels)],
  ['MultinomialNB of 20,000 columns', x, () => new MultinomialNB().fit(x, labels)],
  ['ComplementNB of 20,000 columns', x, () => new ComplementNB().fit(x, labels)],
  ['BernoulliNB of 20,000 columns', x, () => new BernoulliNB({ binarize: 1 }).fit(x, labels)],
  ['CategoricalNB of 100,000 categories', categories, () => new CategoricalNB().fit(categories, ['a', 'b', 'b'])],
])('%s is the same after saving and loading', (_, rows, fit) => {
  const model = fit();
  expect(toBytes(model).length).toBeGreaterThan(4e5);
  expectSavable(model, models, (loaded: Fitted) => loaded.predict(rows));
});
